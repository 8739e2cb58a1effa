//! `/metrics`: counters of answers and response times, in Prometheus' text format.

use super::etag;
use crate::served::{Pinned, Served};
use axum::extract::{Request, State as Shared};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Instant;

/// Counts an answer, with the time until its headers are ready.
pub(crate) async fn count(Shared(served): Shared<Served>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let response = next.run(request).await;
    served.now().counters.count(response.status().as_u16(), start.elapsed());
    response
}

/// The counters since the server started.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "Operator",
    summary = "Figures for Prometheus",
    responses((status = 200, description = "Done", body = String, content_type = "text/plain")),
)]
pub(crate) async fn metrics(Pinned(state): Pinned) -> Response {
    let text = state.counters.text(state.study.pool().running());
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    etag::of_text(&text, (kind, text.clone()).into_response())
}
