//! `/metrics`: counts of requests and what is in use, for Prometheus.

use super::etag;
use super::problem::Problem;
use crate::served::Pinned;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::{prometheus_text, text as open_metrics};

/// The media type that Prometheus accepts.
const OPEN_METRICS: &str = "application/openmetrics-text";
/// The media type of such an answer.
const OPEN_METRICS_ANSWER: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The counters since the server started.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "Operator",
    summary = "Figures for Prometheus",
    responses((status = 200, description = "Done", body = String, content_type = "text/plain")),
)]
pub(crate) async fn metrics(Pinned(state): Pinned, headers: HeaderMap) -> Response {
    // Prometheus accepts OpenMetrics; people read plain text.
    let registry = state.counters.registry(&state.saturation());
    let mut text = String::new();
    let (kind, written) = if accepts_open_metrics(&headers) {
        (OPEN_METRICS_ANSWER, open_metrics::encode(&mut text, &registry))
    } else {
        (prometheus_text::CONTENT_TYPE, prometheus_text::encode(&mut text, &registry))
    };
    if written.is_err() {
        return Problem::Internal.into_response();
    }
    etag::of_text(&text, ([(header::CONTENT_TYPE, kind)], text.clone()).into_response())
}

fn accepts_open_metrics(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    accepted.any(|accept| accept.contains(OPEN_METRICS))
}
