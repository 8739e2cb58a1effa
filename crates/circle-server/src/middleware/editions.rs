//! The edition of the city: every answer names it, and a request for another edition is rejected.

use super::problem::Problem;
use crate::http::base::Base;
use crate::http::query::{pairs, query_without};
use crate::served::{Pinned, Served};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use circle_study::parameters::EDITION;

/// The header that names the edition of an answer.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("circle-edition");

/// Pins the current state to a request, so that all its layers answer from one city, and names the edition in
/// every answer of the API, errors included.
pub(crate) async fn pin(Shared(served): Shared<Served>, mut request: Request, next: Next) -> Response {
    let state = served.now();
    let path = request.uri().path();
    let edition = (path == "/api" || path.starts_with("/api/"))
        .then(|| HeaderValue::try_from(state.edition.to_string()).ok())
        .flatten();
    request.extensions_mut().insert(Pinned(state));
    let mut response = next.run(request).await;
    if let Some(edition) = edition {
        response.headers_mut().insert(HEADER, edition);
    }
    response
}

/// Rejects a request for an edition that is not served.
pub(crate) async fn check(Pinned(state): Pinned, request: Request, next: Next) -> Response {
    let Some(query) = request.uri().query() else { return next.run(request).await };
    // The handler rejects a query that cannot be decoded.
    let asked = pairs(request.uri())
        .ok()
        .and_then(|pairs| pairs.into_iter().find(|(name, _)| name == EDITION).map(|(_, edition)| edition));
    let served = state.edition.to_string();
    match asked {
        Some(asked) if asked != served => {
            let query = query_without(query, &[EDITION, "offset"]);
            let mark = if query.is_empty() { "" } else { "?" };
            let path = format!("{}{mark}{query}", request.uri().path());
            let (parts, _) = request.into_parts();
            let first = Base::of(&parts).href(&path);
            Problem::Replaced { asked, served, first }.into_response()
        }
        _ => next.run(request).await,
    }
}
