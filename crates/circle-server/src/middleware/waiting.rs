//! Rejects answers while too many bytes wait to be read.

use super::problem::Problem;
use crate::http::connections::Connection;
use crate::http::waiting::Waiting;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use circle_study::Client;

/// Routes whose answers can be large and take much work.
const LARGE: [&str; 5] = [
    "/api/boards/{board}",
    "/api/collections/{collection}/items",
    "/api/coverage",
    "/api/quality",
    "/api/verdicts",
];

/// Counts an answer until it is sent. Without room, the answer is 503 with `Retry-After`: before the work if
/// the room is used up already and the answer can be large, and after it if the answer turns out too large.
pub(crate) async fn hold(State(waiting): State<Waiting>, request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<Connection>().cloned();
    let client = request.extensions().get::<Client>().copied().unwrap_or(Client::UNKNOWN);
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if LARGE.contains(&route) && !waiting.has_room(client) {
        return Problem::Full.into_response();
    }
    let answer = next.run(request).await;
    waiting.hold(client, connection, answer).unwrap_or_else(|| Problem::Full.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tower::ServiceExt;

    #[tokio::test]
    async fn unread_answers_use_up_the_room_and_further_ones_are_rejected_before_the_work() {
        let asked = Arc::<AtomicUsize>::default();
        let counted = asked.clone();
        let large = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::ready(vec![0_u8; 3 << 20])
        };
        let router = Router::new()
            .route("/api/coverage", get(large))
            .layer(from_fn_with_state(Waiting::new(4 << 20), hold));
        let ask = async |client: u8| {
            let mut request = Request::builder().uri("/api/coverage").body(Body::empty()).unwrap();
            request.extensions_mut().insert(Client::new([192, 0, 2, client].into()));
            router.clone().oneshot(request).await.unwrap()
        };
        let first = ask(1).await;
        assert_eq!(first.status(), StatusCode::OK);
        let again = ask(1).await;
        assert_eq!(again.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(again.headers().contains_key("retry-after"));
        assert_eq!(asked.load(Ordering::Relaxed), 1, "rejected before the work");
        assert_eq!(ask(2).await.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(asked.load(Ordering::Relaxed), 2);
        drop(first);
        assert_eq!(ask(1).await.status(), StatusCode::OK);
    }
}
