//! Limits on the length of an address and the time of a request.

use super::problem::Problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tracing::Instrument;

/// Most bytes of path and query.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Time limit of a request.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);
/// How long the work of a request continues after its time limit.
const LONGEST_AFTER: Duration = Duration::from_secs(30);

/// Rejects long addresses, and answers 503 at the time limit of a request. The work of the request continues
/// for a while, so that a repeated request finds its result or joins it. A request that the client cancels
/// stops at once.
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    /// Sends a request that takes this long; `true` if its work was completed.
    async fn completes(takes: Duration) -> bool {
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
    async fn a_request_over_its_time_limit_gets_503_and_its_work_continues_for_a_while() {
        assert!(completes(LONGEST_REQUEST + LONGEST_AFTER / 2).await);
        assert!(!completes(LONGEST_REQUEST + 2 * LONGEST_AFTER).await);
    }
}
