//! `/api` and `/api/conformance`: where GIS programs begin.

use super::tile_matrix_sets::SCHEMES;
use super::tilesets::TILESETS;
use super::{JSON, OPENAPI, typed};
use crate::links::Base;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_export::Statement;
use serde_json::json;

/// What of OGC API Features, Tiles and Common is kept. Their `oas30` is not: the description is `OpenAPI` 3.1, and there
/// is no class for that yet.
const CONFORMS_TO: [&str; 12] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
];
/// Common's relation, where Features has a shorter one.
const CONFORMANCE: &str = "http://www.opengis.net/def/rel/ogc/1.0/conformance";

/// The landing page.
pub(crate) async fn landing(
    Pinned(state): Pinned,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let document = json!({
        "title": "生活圈 Living Circle",
        "description": "步行15分钟便民生活圈:小区、出入口、设施与等时圈。\
            What is within a 15-minute walk: compounds, gates, facilities, isochrones.",
        "attribution": Statement::ATTRIBUTION,
        "edition": state.edition.to_string(),
        "links": [
            base.link("self", JSON, "/api", "This document"),
            base.link("service-desc", OPENAPI, "/api/openapi.json", "OpenAPI 3.1 description"),
            base.link("conformance", JSON, "/api/conformance", "Conformance classes"),
            base.link(CONFORMANCE, JSON, "/api/conformance", "Conformance classes"),
            base.link("data", JSON, "/api/collections", "Collections"),
            base.link(TILESETS, JSON, "/api/tiles", "Vector tiles of the base map"),
            base.link(SCHEMES, JSON, "/api/tileMatrixSets", "Tiling schemes"),
            base.link("describedby", JSON, "/api/settings", "Profiles, categories, rule sets"),
            base.link("service", "text/html", "/", "Map page"),
        ],
        "statement": Statement::of(state.city()),
    });
    Ok(typed(JSON, document.to_string()))
}

/// The conformance classes.
pub(crate) async fn conformance(parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    Ok(typed(JSON, json!({ "conformsTo": CONFORMS_TO }).to_string()))
}
