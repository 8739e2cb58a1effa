//! `/api/collections`: the collections, described.

use crate::api::answer::{GEOJSON, JSON, SCHEMA, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::ogc::{Collection as CollectionDescription, Collections, JsonSchema};
use crate::api::schemas::query::CollectionPath;
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use crate::settings::bounds;
use axum::extract::Path;
use axum::response::Response;
use circle_export::Collection;
use circle_model::City;
use circle_study::Refusal;
use serde_json::{Value, json};

/// The relation of a collection to the schema of its properties (Features, Part 5).
const SCHEMA_RELATION: &str = "http://www.opengis.net/def/rel/ogc/1.0/schema";
/// The relation of a collection to the schema of its `GeoJSON`; GDAL knows this spelling alone.
const DESCRIBED_BY: &str = "describedBy";
pub(super) const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// All collections.
#[utoipa::path(
    get,
    path = "/api/collections",
    operation_id = "collections",
    tag = "OGC API",
    summary = "All collections",
    responses((status = 200, description = "Done", body = Collections, content_type = "application/json")),
)]
pub(crate) async fn collections(
    Pinned(state): Pinned,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let collections: Vec<Value> =
        Collection::ALL.into_iter().map(|collection| describe(state.city(), &base, collection)).collect();
    let document = json!({
        "edition": state.edition.to_string(),
        "links": [base.link("self", JSON, "/api/collections", "This document")],
        "collections": collections,
    });
    Ok(typed(JSON, document.to_string()))
}

/// One collection.
#[utoipa::path(
    get,
    path = "/api/collections/{collection}",
    operation_id = "describe",
    tag = "OGC API",
    summary = "One collection",
    params(CollectionPath),
    responses((status = 200, description = "Done", body = CollectionDescription, content_type = "application/json")),
)]
pub(crate) async fn collection(
    Pinned(state): Pinned,
    base: Base,
    Path(id): Path<String>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let collection = find(&id)?;
    Ok(typed(JSON, describe(state.city(), &base, collection).to_string()))
}

/// The schema of the properties of a collection.
#[utoipa::path(
    get,
    path = "/api/collections/{collection}/schema",
    operation_id = "schema",
    tag = "OGC API",
    summary = "Schema of the properties: types, titles, units",
    params(CollectionPath),
    responses((status = 200, description = "Done", body = JsonSchema, content_type = "application/schema+json")),
)]
pub(crate) async fn schema(
    base: Base,
    Path(id): Path<String>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let collection = find(&id)?;
    let mut schema = collection.schema_json();
    schema.insert("$id".into(), base.href(&format!("/api/collections/{id}/schema")).into());
    Ok(typed(SCHEMA, Value::Object(schema).to_string()))
}

/// The schema of the features of a collection as `GeoJSON`.
#[utoipa::path(
    get,
    path = "/api/collections/{collection}/schema/feature",
    operation_id = "schema.feature",
    tag = "OGC API",
    summary = "JSON Schema of the features as GeoJSON",
    params(CollectionPath),
    responses((status = 200, description = "Done", body = JsonSchema, content_type = "application/schema+json")),
)]
pub(crate) async fn feature_schema(
    base: Base,
    Path(id): Path<String>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let collection = find(&id)?;
    let mut schema = collection.feature_schema_json();
    schema.insert("$id".into(), base.href(&format!("/api/collections/{id}/schema/feature")).into());
    Ok(typed(SCHEMA, Value::Object(schema).to_string()))
}

/// The collection of an id.
///
/// # Errors
/// When there is none.
pub(crate) fn find(id: &str) -> Result<Collection, Problem> {
    Collection::find(id).ok_or_else(|| {
        let ids = Collection::ALL.map(Collection::id).join(", ");
        Refusal::NotFound(format!("there is no collection `{id}`; there are: {ids}")).into()
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
            base.link(SCHEMA_RELATION, SCHEMA, &format!("{path}/schema"), "Schema of the properties"),
            base.link(DESCRIBED_BY, SCHEMA, &format!("{path}/schema/feature"), "Schema of the features"),
        ],
    })
}
