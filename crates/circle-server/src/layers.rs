//! What holds for every request: limits, and headers that keep browsers safe.

use crate::problem::Problem;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tracing::Instrument;

/// Bytes of path and query that are read.
const LONGEST_ADDRESS: usize = 8 * 1024;
const LONGEST_REQUEST: Duration = Duration::from_secs(30);
/// What nobody waits for any more is made for so long.
const LONGEST_AFTER: Duration = Duration::from_secs(30);

/// Only what the server itself sends is run and shown; the map's worker and its images are made in the page.
const CONTENT_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Adds the headers that every answer has.
pub(crate) async fn safe_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Refuses addresses that nobody needs, and gives up on what takes too long. That goes on for a while all the same, so
/// that asking again finds it ready, or further on; what a client gives up does not.
pub(crate) async fn limits(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > LONGEST_ADDRESS {
        return Problem::LongAddress(LONGEST_ADDRESS).into_response();
    }
    let mut answer = Box::pin(next.run(request).in_current_span());
    if let Ok(answer) = tokio::time::timeout(LONGEST_REQUEST, &mut answer).await {
        return answer;
    }
    tokio::spawn(tokio::time::timeout(LONGEST_AFTER, answer));
    Problem::TooSlow.into_response()
}

/// Refuses who names no host, several, or what cannot be one (RFC 9112, 3.2).
pub(crate) async fn host(request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => host.is_empty() || host.to_str().is_ok_and(is_host),
        _ => false,
    };
    if named { next.run(request).await } else { Problem::NoHost.into_response() }
}

fn is_host(host: &str) -> bool {
    !host.contains('@') && Authority::from_str(host).is_ok()
}

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// An answer that takes longer is told of.
const SLOW: Duration = Duration::from_secs(1);

/// Gives a request its id, which every line of the log about it and the answer carry, and tells how it went: faults of
/// the program and slow answers always, others where the log is that talkative.
pub(crate) async fn told(request: Request, next: Next) -> Response {
    let id = request_id(request.headers());
    let path: String = request.uri().path().chars().take(200).collect();
    let span = tracing::error_span!("request", %id, method = %request.method(), path);
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let milliseconds = took.as_millis() as u64;
    span.in_scope(|| {
        if status >= 500 || took > SLOW {
            tracing::warn!(status, milliseconds, "answered");
        } else {
            tracing::debug!(status, milliseconds, "answered");
        }
    });
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The client's own id where it is a sane one, else one that was not given before.
fn request_id(headers: &HeaderMap) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let own = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let sane = |id: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=64).contains(&id.len()) && id.bytes().all(plain)
    };
    if let Some(id) = own.filter(sane) {
        return id.to_owned();
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_micros(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_another_is_not() {
        let with =
            |id: &str| request_id(&HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())]));
        assert_eq!(with("abc-1.2_3"), "abc-1.2_3");
        for id in ["", "a b", "<script>", "x".repeat(65).as_str()] {
            assert_ne!(with(id), id);
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }

    /// Asks for what takes so long, and says whether it came to its end.
    async fn ends(takes: Duration) -> bool {
        let (ended, end) = tokio::sync::oneshot::channel();
        let ended = std::sync::Arc::new(std::sync::Mutex::new(Some(ended)));
        let slow = move || async move {
            let ended = ended.lock().unwrap().take().unwrap();
            tokio::time::sleep(takes).await;
            ended.send(()).unwrap();
        };
        let router =
            axum::Router::new().route("/", axum::routing::get(slow)).layer(axum::middleware::from_fn(limits));
        let began = tokio::time::Instant::now();
        let request = Request::get("/").header(header::HOST, "x").body(axum::body::Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
        assert_eq!((response.status().as_u16(), began.elapsed()), (503, LONGEST_REQUEST));
        assert!(response.headers().contains_key(header::RETRY_AFTER));
        end.await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_given_up_and_goes_on_for_a_while() {
        assert!(ends(LONGEST_REQUEST + LONGEST_AFTER / 2).await);
        assert!(!ends(LONGEST_REQUEST + 2 * LONGEST_AFTER).await);
    }
}
