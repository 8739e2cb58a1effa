//! Which path goes where, and what lies between.

use crate::in_flight::{Room, in_flight};
use crate::rate_limit::{self, RateLimit};
use crate::served::{Pinned, Served};
use crate::{api, editions, etag, layers, metrics, page, problem};
use axum::Router;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use circle_export::FileFormat;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
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
    limited_router(served, None)
}

/// The same, for so many requests a second from one address.
pub fn limited_router(served: impl Into<Served>, rate: Option<RateLimit>) -> Router {
    let served: Served = served.into();
    let api = Router::new()
        .route("/api", get(api::landing::landing))
        .route("/api/", get(api::landing::landing))
        .route("/api/conformance", get(api::landing::conformance))
        .route("/api/openapi.json", get(api::openapi::openapi))
        .route("/api/collections", get(api::collections::collections))
        .route("/api/collections/{collection}", get(api::collections::collection))
        .route("/api/collections/{collection}/schema", get(api::collections::schema))
        .route("/api/collections/{collection}/schema/feature", get(api::collections::feature_schema))
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
        .layer(from_fn_with_state(served.clone(), etag::etag))
        .layer(from_fn_with_state(served.clone(), editions::asked))
        .layer(from_fn_with_state(Room::default(), in_flight));
    dressed(api, served, rate)
}

/// The paths of `api`, the page and the life signs, with all that holds for every request.
fn dressed(api: Router<Served>, served: Served, rate: Option<RateLimit>) -> Router {
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        DefaultPredicate::new()
            .and(SizeAbove::new(SMALLEST_COMPRESSED))
            // Packed already.
            .and(NotForContentType::const_new(FileFormat::Xlsx.media_type()))
            .and(NotForContentType::const_new(FileFormat::Parquet.media_type())),
    );
    let everywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::ACCEPT, header::CONTENT_TYPE, header::IF_NONE_MATCH])
        .expose_headers([
            header::ETAG,
            header::CONTENT_DISPOSITION,
            header::RETRY_AFTER,
            editions::HEADER,
            layers::REQUEST_ID,
            api::coverage::STATEMENT,
        ]);
    // The last layer is the outermost.
    api.route("/healthz", get(|| async { etag::of_text("ok", "ok".into_response()) }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::metrics))
        .fallback(page::page)
        .layer(compression)
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(from_fn(layers::limits))
        .layer(from_fn_with_state(rate, rate_limit::limit))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(map_response(problem::dress))
        .layer(everywhere)
        .layer(from_fn(layers::host))
        .layer(from_fn_with_state(served.clone(), editions::pin))
        .layer(from_fn_with_state(served.clone(), metrics::count))
        .layer(map_response(layers::safe_headers))
        .layer(from_fn(layers::told))
        .with_state(served)
}

/// Whether there is a city to answer for, and of when.
async fn ready(Pinned(state): Pinned) -> Response {
    let text = format!("ready {}\n", state.city().meta().data_date.as_deref().unwrap_or("unknown"));
    etag::of_text(&text, text.clone().into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;
    use axum::body::{Body, to_bytes};
    use axum::extract::State as Shared;
    use axum::http::Request;
    use axum::middleware::Next;
    use circle_model::city::{CityTables, Meta};
    use circle_model::{Catalogue, City, Profiles, RuleSet};
    use circle_reach::Network;
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};
    use tower::ServiceExt;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn state(data_date: &str) -> State {
        let meta = Meta { data_date: Some(data_date.into()), ..Meta::default() };
        let city = City::from_tables(CityTables::default(), &meta).unwrap();
        let network = Arc::new(Network::build(&city));
        let (catalogue, profiles, rules) = (Catalogue::built_in(), Profiles::built_in(), RuleSet::built_in());
        State::new(network, catalogue, profiles, rules)
    }

    fn served() -> Served {
        Arc::new(state("2026-11-01")).into()
    }

    #[tokio::test]
    async fn a_request_is_answered_from_one_edition_though_another_city_comes() {
        async fn swap(Shared(served): Shared<Served>, request: Request<Body>, next: Next) -> Response {
            served.replace(state("2026-12-01"));
            next.run(request).await
        }
        let served = served();
        let before = served.now().edition.to_string();
        let api = Router::new()
            .route("/api/edition", get(async |Pinned(state): Pinned| state.edition.to_string()))
            .layer(from_fn_with_state(served.clone(), etag::etag))
            .layer(from_fn_with_state(served.clone(), swap));
        let router = dressed(api, served.clone(), None);
        let ask = async || {
            let request = Request::get("/api/edition").header("host", "x").body(Body::empty()).unwrap();
            let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, 1 << 16).await.unwrap();
            let header = |name: &str| parts.headers[name].to_str().unwrap().to_owned();
            (String::from_utf8(body.to_vec()).unwrap(), header("circle-edition"), header("etag"))
        };
        let (body, header, tag) = ask().await;
        assert_eq!((&body, &header), (&before, &before));
        assert!(tag.contains(&before), "{tag}");
        let after = served.now().edition.to_string();
        assert_ne!(after, before);
        let (body, header, tag) = ask().await;
        assert!(body == after && header == after && tag.contains(&after), "{body} {header} {tag}");
    }

    #[tokio::test]
    async fn a_panic_ends_one_request_and_is_logged_with_its_id() {
        let log = Log::default();
        let writer = log.clone();
        let subscriber =
            tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
        // For all threads: a line that another test's thread comes to first would be switched off otherwise.
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let api =
            Router::new().route("/handler", get(async || -> () { panic!("the handler's fault") })).route(
                "/search",
                get(async |Pinned(state): Pinned| {
                    state.search(|_| -> () { panic!("the search's fault") }).await
                }),
            );
        let router = dressed(api, served(), None);
        let ask = async |path: &str, id: &str| {
            let request = Request::get(path)
                .header("host", "x")
                .header("x-request-id", id)
                .body(Body::empty())
                .unwrap();
            let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
            let body = to_bytes(body, 1 << 16).await.unwrap();
            (parts, String::from_utf8_lossy(&body).into_owned())
        };
        for (path, id, fault) in
            [("/handler", "id-1", "the handler's fault"), ("/search", "id-2", "the search's fault")]
        {
            let (parts, body) = ask(path, id).await;
            assert_eq!((parts.status.as_u16(), &parts.headers["x-request-id"]), (500, &id.parse().unwrap()));
            assert_eq!(parts.headers[header::CONTENT_TYPE], "application/problem+json");
            assert!(body.contains("the server's log says more") && !body.contains(fault), "{body}");
            let log = log.0.lock().unwrap();
            let lines = String::from_utf8_lossy(&log);
            let told = |line: &str| line.contains("ERROR") && line.contains(id) && line.contains(fault);
            assert!(lines.lines().any(told), "{lines}");
        }
        assert_eq!(ask("/healthz", "id-3").await.1, "ok");
    }
}
