//! `/healthz` and `/readyz`, for the operator of the server.

use crate::middleware::etag;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// Liveness.
#[utoipa::path(
    get,
    path = "/healthz",
    operation_id = "healthz",
    tag = "Operator",
    summary = "Liveness",
    responses((status = 200, description = "Done", body = String, content_type = "text/plain")),
)]
pub(crate) async fn alive() -> Response {
    etag::of_text("ok", "ok".into_response())
}

/// Longest wait for the answer that shows that the server is ready.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);

/// Readiness, with the date of the data: a search past all caches was answered within 5 s, now or in the last
/// second.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "Operator",
    summary = "Readiness, with the data date",
    responses((status = 200, description = "Done", body = String, content_type = "text/plain")),
)]
pub(crate) async fn ready(Pinned(state): Pinned) -> Response {
    let answer = tokio::time::timeout(LONGEST_ANSWER, state.study.answer_now());
    if !state.readiness.confirm(async { matches!(answer.await, Ok(Ok(()))) }).await {
        return Problem::NotReady.into_response();
    }
    let text = format!("ready {}\n", state.city().meta().data_date.as_deref().unwrap_or("unknown"));
    etag::of_text(&text, text.clone().into_response())
}
