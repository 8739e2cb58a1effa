//! The routes, and the layers between them and the sockets.

use crate::middleware::access_log::{self, AccessLines, AccessLog};
use crate::middleware::client::Forwarding;
use crate::middleware::rate_limit::{self, RateLimit};
use crate::middleware::{editions, etag, headers, host, limits, problem, request_id, waiting};
use crate::served::Served;
use crate::{api, page};
use axum::Router;
use axum::http::{Method, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use circle_export::FileFormat;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, DefaultPredicate};
use tower_http::cors::{Any, CorsLayer};
use tower_http::limit::RequestBodyLimitLayer;

const LARGEST_BODY: usize = 64 * 1024;
/// Smaller answers fit into one or two packets uncompressed.
const SMALLEST_COMPRESSED: u64 = 2 * 1024;

/// The page and the API for one city.
///
/// Every successful answer has an `ETag`. Every error is problem JSON, including unknown paths and methods.
pub fn router(served: impl Into<Served>) -> Router {
    router_with(served, RouterOptions::default())
}

/// How requests are treated before they are answered.
#[derive(Debug, Clone)]
pub struct RouterOptions {
    /// A limit on the requests per second of one client.
    pub rate: Option<RateLimit>,
    /// Who the client of a request is.
    pub forwarding: Forwarding,
    /// The requests that get a line in the log.
    pub lines: AccessLines,
}

impl Default for RouterOptions {
    fn default() -> Self {
        Self { rate: None, forwarding: Forwarding::None, lines: AccessLines::default() }
    }
}

/// As [`router`], with options.
pub fn router_with(served: impl Into<Served>, options: RouterOptions) -> Router {
    let served: Served = served.into();
    let api = api::routes::api()
        .layer(from_fn_with_state(served.clone(), etag::etag))
        .layer(from_fn_with_state(served.clone(), editions::check));
    with_layers(api, served, options)
}

/// Adds the page, the paths for the operator and the layers of every request to `api`.
fn with_layers(api: Router<Served>, served: Served, options: RouterOptions) -> Router {
    let RouterOptions { rate, forwarding, lines } = options;
    let log = AccessLog::new(forwarding, lines, served.now().counters.clone());
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        DefaultPredicate::new()
            .and(SizeAbove::new(SMALLEST_COMPRESSED))
            // Formats that are compressed themselves.
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
            request_id::REQUEST_ID,
            api::coverage::STATEMENT,
        ]);
    // The last layer is the outermost.
    api.merge(api::routes::operator())
        .fallback(page::page)
        .layer(from_fn_with_state(served.now().traffic.waiting.clone(), waiting::hold))
        .layer(compression)
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(from_fn(limits::limits))
        .layer(from_fn_with_state(rate, rate_limit::limit))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(map_response(problem::unify))
        .layer(everywhere)
        .layer(from_fn(host::host))
        .layer(from_fn_with_state(served.clone(), editions::pin))
        .layer(map_response(headers::safe_headers))
        // It counts every request, and every byte that is sent.
        .layer(from_fn_with_state(log, access_log::log))
        .with_state(served)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::served::Pinned;
    use axum::body::{Body, to_bytes};
    use axum::extract::State as Shared;
    use axum::http::Request;
    use axum::middleware::Next;
    use axum::response::Response;
    use axum::routing::get;
    use circle_model::City;
    use circle_model::city::{CityTables, Meta};
    use circle_study::{Choices, Lane, Study, StudyError};
    use std::io;
    use std::sync::{Arc, Mutex, PoisonError};
    use tower::ServiceExt;

    /// A writer that collects the log.
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

    fn study(data_date: &str) -> Study {
        let meta = Meta { data_date: Some(data_date.into()), ..Meta::default() };
        Study::new(Choices::built_in(City::from_tables(CityTables::default(), &meta).unwrap()))
    }

    fn served() -> Served {
        study("2026-11-01").into()
    }

    #[tokio::test]
    async fn a_request_is_answered_from_one_edition_when_the_city_is_replaced() {
        async fn swap(Shared(served): Shared<Served>, request: Request<Body>, next: Next) -> Response {
            served.replace(study("2026-12-01"));
            next.run(request).await
        }
        let served = served();
        let before = served.now().edition.to_string();
        let api = Router::new()
            .route("/api/edition", get(async |Pinned(state): Pinned| state.edition.to_string()))
            .layer(from_fn_with_state(served.clone(), etag::etag))
            .layer(from_fn_with_state(served.clone(), swap));
        let router = with_layers(api, served.clone(), RouterOptions::default());
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
        // Global: tracing disables a callsite that another test's thread reaches before a subscriber is set.
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let api =
            Router::new().route("/handler", get(async || -> () { panic!("the handler's fault") })).route(
                "/search",
                get(async |Pinned(state): Pinned| {
                    let search =
                        |_: &Study, _: &_| -> Result<(), StudyError> { panic!("the search's fault") };
                    state.study.search(Lane::Cheap, search).await.map_err(problem::Problem::from)
                }),
            );
        let router = with_layers(api, served(), RouterOptions::default());
        let ask = async |path: &str, id: &str| {
            let request = Request::get(format!("{path}?a=b"))
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
            let is_logged = |line: &str| line.contains("ERROR") && line.contains(id) && line.contains(fault);
            assert!(lines.lines().any(is_logged), "{lines}");
            let access = lines.lines().find(|line| line.contains(" access: ") && line.contains(id)).unwrap();
            let address = format!("route=\"{path}\" address={path}?a=b status=500 ");
            assert!(access.contains(&address) && access.ends_with("cause=\"failed\""), "{access}");
        }
        assert_eq!(ask("/healthz", "id-3").await.1, "ok");
    }
}
