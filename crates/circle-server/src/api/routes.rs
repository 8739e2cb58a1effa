//! Every path with its handler; a handler brings its own description.

use super::ogc::{collections, items, landing, tile_matrix_sets, tiles, tilesets};
use super::openapi::{self, Described, Shared, document};
use super::{boards, coverage, explain, isochrones, names, operator, quality, reach, settings, verdicts};
use crate::middleware::metrics;
use crate::served::Served;
use axum::routing::get;
use axum::{Extension, Router};
use circle_study::Choices;
use serde_json::Value;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The paths of the API.
pub(crate) fn api() -> Router<Served> {
    let (router, _) = described_api().split_for_parts();
    router.route("/api/", get(landing::landing)).layer(Extension(Described(Arc::new(described()))))
}

/// The paths for the operator.
pub(crate) fn operator() -> Router<Served> {
    described_operator().split_for_parts().0
}

/// The description of all paths. Without `choices` it lists what is built in.
///
/// # Errors
/// When it cannot be written.
pub fn openapi_document(choices: Option<&Choices>) -> serde_json::Result<Value> {
    document(&described(), choices, "")
}

fn described() -> utoipa::openapi::OpenApi {
    let mut described = Shared::openapi();
    for part in [described_api(), described_operator()] {
        described.merge(part.into_openapi());
    }
    described
}

fn described_api() -> OpenApiRouter<Served> {
    OpenApiRouter::new()
        .routes(routes!(landing::landing))
        .routes(routes!(landing::conformance))
        .routes(routes!(openapi::openapi))
        .routes(routes!(collections::collections))
        .routes(routes!(collections::collection))
        .routes(routes!(collections::schema))
        .routes(routes!(collections::feature_schema))
        .routes(routes!(items::items))
        .routes(routes!(items::item))
        .routes(routes!(isochrones::isochrones))
        .routes(routes!(explain::explain))
        .routes(routes!(reach::reach))
        .routes(routes!(coverage::coverage))
        .routes(routes!(verdicts::verdicts))
        .routes(routes!(names::names))
        .routes(routes!(quality::quality))
        .routes(routes!(boards::board))
        .routes(routes!(settings::settings))
        .routes(routes!(tilesets::tilesets))
        .routes(routes!(tilesets::tileset))
        .routes(routes!(tilesets::tile))
        .routes(routes!(tiles::tile))
        .routes(routes!(tile_matrix_sets::tile_matrix_sets))
        .routes(routes!(tile_matrix_sets::tile_matrix_set))
}

fn described_operator() -> OpenApiRouter<Served> {
    OpenApiRouter::new()
        .routes(routes!(operator::alive))
        .routes(routes!(operator::ready))
        .routes(routes!(metrics::metrics))
}
