//! Which path goes where, and what lies between.

use crate::served::Served;
use crate::state::State;
use crate::{api, etag, layers, metrics, page, problem};
use axum::Router;
use axum::extract::State as Shared;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, DefaultPredicate};
use tower_http::cors::{Any, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;

const LARGEST_BODY: usize = 64 * 1024;
/// Smaller answers fit one or two packets as they are.
const SMALLEST_COMPRESSED: u64 = 2 * 1024;

/// The page and the API for one city.
///
/// Every good answer has an `ETag`; every error, those of unknown paths and methods included,
/// is problem JSON.
pub fn router(served: impl Into<Served>) -> Router {
    let served: Served = served.into();
    let api = Router::new()
        .route("/api", get(api::landing::landing))
        .route("/api/", get(api::landing::landing))
        .route("/api/conformance", get(api::landing::conformance))
        .route("/api/openapi.json", get(api::openapi::openapi))
        .route("/api/collections", get(api::collections::collections))
        .route("/api/collections/{collection}", get(api::collections::collection))
        .route("/api/collections/{collection}/items", get(api::items::items))
        .route("/api/collections/{collection}/items/{id}", get(api::items::item))
        .route("/api/isochrones", get(api::isochrones::isochrones))
        .route("/api/explain", get(api::explain::explain))
        .route("/api/reach", get(api::reach::reach))
        .route("/api/coverage", get(api::coverage::coverage))
        .route("/api/verdicts", get(api::verdicts::verdicts))
        .route("/api/names", get(api::names::names))
        .route("/api/quality", get(api::quality::quality))
        .route("/api/boards/{file}", get(api::boards::board))
        .route("/api/settings", get(api::settings::settings))
        .route("/api/tiles", get(api::tilesets::tilesets))
        .route("/api/tiles/WebMercatorQuad", get(api::tilesets::tileset))
        .route("/api/tiles/WebMercatorQuad/{matrix}/{row}/{column}", get(api::tilesets::tile))
        .route("/api/tiles/{z}/{x}/{y}", get(api::tiles::tile))
        .route("/api/tileMatrixSets", get(api::tile_matrix_sets::tile_matrix_sets))
        .route("/api/tileMatrixSets/WebMercatorQuad", get(api::tile_matrix_sets::tile_matrix_set))
        .layer(from_fn_with_state(served.clone(), etag::etag));
    let compression = CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(DefaultPredicate::new().and(SizeAbove::new(SMALLEST_COMPRESSED)));
    let everywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::ACCEPT, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG]);
    // The last layer is the outermost.
    api.route("/healthz", get(|| async { etag::of_text("ok", "ok".into_response()) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::metrics))
        .fallback(page::page)
        .layer(compression)
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(from_fn(layers::limits))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(map_response(problem::dress))
        .layer(from_fn_with_state(served.clone(), metrics::count))
        .layer(everywhere)
        .layer(map_response(layers::safe_headers))
        .layer(from_fn(layers::told))
        .with_state(served)
}

/// Whether there is a city to answer for, and of when.
async fn ready(Shared(state): Shared<Arc<State>>) -> Response {
    let text = format!("ready {}\n", state.city().meta().data_date.as_deref().unwrap_or("unknown"));
    etag::of_text(&text, text.clone().into_response())
}
