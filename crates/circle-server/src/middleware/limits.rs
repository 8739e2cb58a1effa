//! Limits on the length of an address and the time of a request.

use super::problem::Problem;
use crate::http::connections::Connection;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use circle_study::Client;
use std::time::Duration;
use tracing::Instrument;

/// Most bytes of path and query.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Time limit of a request.
const LONGEST_REQUEST: Duration = Duration::from_secs(30);
/// How long the work of a request continues after its time limit.
const LONGEST_AFTER: Duration = Duration::from_secs(30);

/// The paths for the operator.
const OPERATOR: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Rejects long addresses, and other paths than the operator's on a connection of the reserve.
///
/// Answers 503 at the time limit of a request. The work of the request continues for a while, so that a
/// repeated request finds its result or joins it. A request that the client cancels stops at once.
pub(crate) async fn limits(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > LONGEST_ADDRESS {
        return Problem::LongAddress(LONGEST_ADDRESS).into_response();
    }
    let is_reserved = request.extensions().get::<Connection>().is_some_and(Connection::is_reserved);
    if is_reserved && !OPERATOR.contains(&request.uri().path()) {
        return Problem::TooManyConnections.into_response();
    }
    // Searches of the request are queued as its client's.
    let client = request.extensions().get::<Client>().copied().unwrap_or(Client::UNKNOWN);
    let mut answer = Box::pin(client.asking(next.run(request)).in_current_span());
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

    #[tokio::test]
    async fn on_the_reserve_only_the_operator_is_answered() {
        let router = axum::Router::new()
            .route("/healthz", axum::routing::get(|| async { "ok" }))
            .route("/api", axum::routing::get(|| async { "ok" }))
            .layer(axum::middleware::from_fn(limits));
        let connections = crate::http::connections::Connections::new(1, 1);
        let client = |number: u8| Client::new([192, 0, 2, number].into());
        let full = connections.admit(client(1), |_| false);
        let _request = full.connection.begin();
        let reserved = connections.admit(client(2), |_| false);
        assert!(reserved.connection.is_reserved());
        for (admitted, path, status) in
            [(&full, "/api", 200), (&reserved, "/healthz", 200), (&reserved, "/api", 503)]
        {
            let mut request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
            request.extensions_mut().insert(admitted.connection.clone());
            let answer = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers().contains_key("connection"), status == 503);
        }
    }
}
