//! Rejects large answers while too many bytes wait to be read.

use super::problem::Problem;
use crate::http::answer_budget::AnswerBudget;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Sends an answer that fits into the budget, else 503 with `Retry-After`.
pub(crate) async fn budget(State(budget): State<AnswerBudget>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    budget.reserve(response).unwrap_or_else(|| Problem::Busy.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn unread_answers_use_up_the_budget() {
        let router = Router::new()
            .route("/large", get(|| async { vec![0_u8; 600 << 10] }))
            .route("/small", get(|| async { "small" }))
            .layer(from_fn_with_state(AnswerBudget::of(1024), budget));
        let ask = |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            router.clone().oneshot(request)
        };
        let first = ask("/large").await.unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let second = ask("/large").await.unwrap();
        assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask("/small").await.unwrap().status(), StatusCode::OK);
        drop(first);
        assert_eq!(ask("/large").await.unwrap().status(), StatusCode::OK);
    }
}
