//! `/healthz` and `/readyz`, for whoever operates the server.

use crate::middleware::etag;
use crate::served::Pinned;
use axum::response::{IntoResponse, Response};

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

/// Readiness, with the date of the data.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "readyz",
    tag = "Operator",
    summary = "Readiness, with the data date",
    responses((status = 200, description = "Done", body = String, content_type = "text/plain")),
)]
pub(crate) async fn ready(Pinned(state): Pinned) -> Response {
    let text = format!("ready {}\n", state.city().meta().data_date.as_deref().unwrap_or("unknown"));
    etag::of_text(&text, text.clone().into_response())
}
