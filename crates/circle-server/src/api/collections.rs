//! `/api/collections`: what the collections are.

use super::{GEOJSON, JSON, typed};
use crate::api::settings::bounds;
use crate::links::Base;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::state::State;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use circle_export::Collection;
use circle_model::City;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// All collections.
pub(crate) async fn collections(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let collections: Vec<Value> =
        Collection::ALL.into_iter().map(|collection| describe(state.city(), &base, collection)).collect();
    let document = json!({
        "links": [base.link("self", JSON, "/api/collections", "This document")],
        "collections": collections,
    });
    Ok(typed(JSON, document.to_string()))
}

/// One collection.
pub(crate) async fn collection(
    Shared(state): Shared<Arc<State>>,
    base: Base,
    Path(id): Path<String>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let collection = find(&id)?;
    Ok(typed(JSON, describe(state.city(), &base, collection).to_string()))
}

/// The collection of that id.
///
/// # Errors
/// When there is none.
pub(crate) fn find(id: &str) -> Result<Collection, Problem> {
    Collection::find(id).ok_or_else(|| {
        let ids = Collection::ALL.map(Collection::id).join(", ");
        Problem::NotFound(format!("there is no collection `{id}`; there are: {ids}"))
    })
}

fn describe(city: &City, base: &Base, collection: Collection) -> Value {
    let (id, title) = (collection.id(), collection.title());
    let path = format!("/api/collections/{id}");
    json!({
        "id": id,
        "title": title,
        "itemType": "feature",
        "numberOfItems": collection.len(city),
        "extent": { "spatial": { "bbox": [bounds(city)], "crs": CRS84 } },
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": [
            base.link("self", JSON, &path, title),
            base.link("items", GEOJSON, &format!("{path}/items"), title),
        ],
    })
}
