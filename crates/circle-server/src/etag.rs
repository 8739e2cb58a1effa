//! Answers that the client has already are not computed again.

use crate::links::Base;
use crate::state::State;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Gives every good answer an `ETag` and answers 304 to who has it, before any computing.
///
/// Answers depend on nothing but the data, the version, the address, the host (in links) and whether CSV
/// is wanted, so the tag is a hash of these. It is weak, because the same answer may come compressed.
pub(crate) async fn etag(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let text = format!("{}{address} {}", Base::of(&parts).0, wants_csv(&parts.headers));
    let tag = format!("\"{:016x}\"", xxh3_64_with_seed(text.as_bytes(), state.seed));
    let asked = parts.headers.get(header::IF_NONE_MATCH).cloned();
    if asked.as_ref().is_some_and(|asked| names(asked, &tag)) {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    let response = next.run(Request::from_parts(parts, body)).await;
    if !response.status().is_success() {
        return response;
    }
    if asked.is_some_and(|asked| asked == "*") {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    with_tag(response, &tag)
}

/// Gives an answer that is made in any case the hash of its text as `ETag`.
pub(crate) fn of_text(text: &str, response: Response) -> Response {
    with_tag(response, &format!("\"{:016x}\"", xxh3_64_with_seed(text.as_bytes(), 0)))
}

/// Whether the table is asked for as CSV.
pub(crate) fn wants_csv(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/csv")))
}

/// Whether `If-None-Match` holds `tag`.
pub(crate) fn names(if_none_match: &HeaderValue, tag: &str) -> bool {
    let Ok(tags) = if_none_match.to_str() else { return false };
    tags.split(',').map(str::trim).any(|other| other.strip_prefix("W/").unwrap_or(other) == tag)
}

fn with_tag(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(format!("W/{tag}")) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}
