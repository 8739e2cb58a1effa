//! `/api` and `/api/conformance`: the entry points of GIS programs.

use super::tile_matrix_sets::SCHEMES;
use super::tilesets::TILESETS;
use crate::api::answer::{JSON, OPENAPI, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::ogc::{Conformance, Landing};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_export::Statement;
use serde_json::json;

/// The conformance classes of OGC API Common, Features and Tiles that hold. Their class `oas30` does not: the description
/// is OpenAPI 3.1, for which there is no class yet.
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
/// The relation of Common; Features has a shorter one.
const CONFORMANCE: &str = "http://www.opengis.net/def/rel/ogc/1.0/conformance";

/// The landing page.
#[utoipa::path(
    get,
    path = "/api",
    operation_id = "landing",
    tag = "OGC API",
    summary = "Landing page",
    responses((status = 200, description = "Done", body = Landing, content_type = "application/json")),
)]
pub(crate) async fn landing(
    Pinned(state): Pinned,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
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
#[utoipa::path(
    get,
    path = "/api/conformance",
    operation_id = "conformance",
    tag = "OGC API",
    summary = "Conformance classes",
    responses((status = 200, description = "Done", body = Conformance, content_type = "application/json")),
)]
pub(crate) async fn conformance(parameters: RequestParameters) -> Result<Response, Problem> {
    parameters.expect_none()?;
    Ok(typed(JSON, json!({ "conformsTo": CONFORMS_TO }).to_string()))
}
