//! The id of a request, and its log line.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tracing::Instrument;

/// The header with the id of a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Answers that take longer are logged as warnings.
const SLOW: Duration = Duration::from_secs(1);

/// Assigns an id to a request and logs its answer. Every log line about the request and the answer carry the
/// id. Server errors and slow answers are logged as warnings, all others at level `debug`.
pub(crate) async fn log(request: Request, next: Next) -> Response {
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

/// The id that the client sent, if it is safe to log, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let own = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let is_safe = |id: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=64).contains(&id.len()) && id.bytes().all(plain)
    };
    if let Some(id) = own.filter(is_safe) {
        return id.to_owned();
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{:x}-{:x}", now.as_micros(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_safe_id_is_used_and_any_other_is_replaced() {
        let with =
            |id: &str| request_id(&HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_str(id).unwrap())]));
        assert_eq!(with("abc-1.2_3"), "abc-1.2_3");
        for id in ["", "a b", "<script>", "x".repeat(65).as_str()] {
            assert_ne!(with(id), id);
        }
        assert_ne!(request_id(&HeaderMap::new()), request_id(&HeaderMap::new()));
    }
}
