//! Which edition of the city answers: every answer says it, and a request that asks for another one is refused.

use crate::links::Base;
use crate::parameters::{Parameters, query_without};
use crate::problem::Problem;
use crate::served::{Pinned, Served};
use axum::extract::{FromRequestParts, Request, State as Shared};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The header that says which edition an answer is of.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("circle-edition");
/// The parameter that every path of the API takes: answers of this edition only.
pub(crate) const PARAMETER: &str = "edition";

/// Pins one state to a request, so that a swap changes nothing for it, and names its edition in every answer of the API,
/// errors included.
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

/// Refuses a request for an edition that is not served.
pub(crate) async fn asked(Pinned(state): Pinned, request: Request, next: Next) -> Response {
    if request.uri().query().is_none() {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(parameters) = Parameters::from_request_parts(&mut parts, &()).await else {
        // The handler says what is wrong with the query.
        return next.run(Request::from_parts(parts, body)).await;
    };
    let served = state.edition.to_string();
    match parameters.text(PARAMETER) {
        Some(edition) if edition != served => {
            let query = query_without(parts.uri.query().unwrap_or_default(), &[PARAMETER, "offset"]);
            let mark = if query.is_empty() { "" } else { "?" };
            let first = Base::of(&parts).href(&format!("{}{mark}{query}", parts.uri.path()));
            Problem::Replaced { asked: edition.to_owned(), served, first }.into_response()
        }
        _ => next.run(Request::from_parts(parts, body)).await,
    }
}
