//! Checks the host of a request.

use super::problem::Problem;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::str::FromStr;

/// Rejects a request without `Host`, with several, or with an invalid one (RFC 9112, 3.2).
pub(crate) async fn host(request: Request, next: Next) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let valid = match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => host.is_empty() || host.to_str().is_ok_and(is_host),
        _ => false,
    };
    if valid { next.run(request).await } else { Problem::NoHost.into_response() }
}

fn is_host(host: &str) -> bool {
    !host.contains('@') && Authority::from_str(host).is_ok()
}
