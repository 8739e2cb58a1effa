//! `/api/collections/{id}/items`: features by page, box and property.

use super::collections::find;
use crate::api::answer::{GEOJSON, JSON, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::query::values::Anything;
use crate::api::schemas::query::{CollectionPath, ItemPath, ItemsQuery};
use crate::http::base::Base;
use crate::http::query::query_without;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use circle_study::Lane;
use circle_study::parameters::EDITION;
use circle_study::question::{ItemsQuestion, item_row};
use serde_json::{Map, Value};

/// Most features of a page that is cheap to write.
const MOST_CHEAP: usize = 1000;
/// Most features of a collection whose properties are cheap to compare.
const MOST_COMPARED: usize = 10_000;

/// A page of features.
#[utoipa::path(
    get,
    path = "/api/collections/{collection}/items",
    operation_id = "items",
    tag = "OGC API",
    summary = "Features of the collection",
    params(CollectionPath, ItemsQuery),
    responses((status = 200, description = "Done", body = Anything, content_type = "application/geo+json")),
)]
pub(crate) async fn items(
    Pinned(state): Pinned,
    Path(id): Path<String>,
    base: Base,
    RawQuery(query): RawQuery,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let collection = find(&id)?;
    let question = parameters.question(|values| ItemsQuestion::parse(state.choices(), collection, values))?;
    let page = Page { base, query: query.unwrap_or_default(), edition: state.edition.to_string() };
    let compared = if question.filters_properties() { collection.rows(state.city()).count() } else { 0 };
    let is_dear = question.limit > MOST_CHEAP || compared > MOST_COMPARED;
    let bytes = state.study.search(if is_dear { Lane::Dear } else { Lane::Cheap }, move |study, cancel| {
        let choices = study.choices();
        let matched = question.rows(choices, cancel)?;
        let end = question.offset.saturating_add(question.limit).min(matched.len());
        let rows = &matched[question.offset.min(end)..end];
        let mut foreign = Map::new();
        foreign.insert("numberMatched".into(), matched.len().into());
        foreign.insert("numberReturned".into(), rows.len().into());
        foreign.insert("links".into(), page.links(&question, matched.len()));
        Ok(collection.features_json(&choices.city, &choices.catalogue, rows, foreign))
    });
    Ok(typed(GEOJSON, bytes.await?))
}

/// One feature.
#[utoipa::path(
    get,
    path = "/api/collections/{collection}/items/{id}",
    operation_id = "item",
    tag = "OGC API",
    summary = "One feature",
    params(ItemPath),
    responses((status = 200, description = "Done", body = Anything, content_type = "application/geo+json")),
)]
pub(crate) async fn item(
    Pinned(state): Pinned,
    Path((id, item)): Path<(String, String)>,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let collection = find(&id)?;
    parameters.expect_none()?;
    let row = parameters.question(|_| item_row(state.city(), collection, &item))?;
    let path = format!("/api/collections/{id}");
    let key = collection.key(state.city(), row);
    let links = vec![
        base.link("self", GEOJSON, &format!("{path}/items/{key}"), "This feature"),
        base.link("collection", JSON, &path, collection.title()),
    ];
    let mut foreign = Map::new();
    foreign.insert("links".into(), links.into());
    Ok(typed(GEOJSON, collection.feature_json(state.city(), &state.choices().catalogue, row, foreign)))
}

/// The address of a page.
struct Page {
    base: Base,
    /// Of the request.
    query: String,
    edition: String,
}

impl Page {
    /// Links to this page and to the ones beside it, which are of the same edition.
    fn links(&self, question: &ItemsQuestion, matched: usize) -> Value {
        let Self { base, query, edition } = self;
        let ItemsQuestion { collection, limit, offset, .. } = *question;
        let path = format!("/api/collections/{}", collection.id());
        let kept = query_without(query, &["offset", EDITION]);
        let page = |rel: &str, offset: usize, title: &str| {
            let mut parts: Vec<String> =
                Some(kept.clone()).filter(|kept| !kept.is_empty()).into_iter().collect();
            if offset > 0 {
                parts.push(format!("offset={offset}"));
            }
            if rel != "self" {
                parts.push(format!("{EDITION}={edition}"));
            }
            let mark = if parts.is_empty() { "" } else { "?" };
            base.link(rel, GEOJSON, &format!("{path}/items{mark}{}", parts.join("&")), title)
        };
        let mut links = vec![page("self", offset, "This page")];
        let next = offset.saturating_add(limit);
        if next < matched {
            links.push(page("next", next, "Next page"));
        }
        if offset > 0 && offset < matched.saturating_add(limit) {
            links.push(page("prev", offset.saturating_sub(limit), "Previous page"));
        }
        links.push(base.link("collection", JSON, &path, collection.title()));
        links.into()
    }
}
