//! `ETag`s: an answer that the client has cached is not computed again.

use crate::http::base::Base;
use crate::served::Pinned;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Adds an `ETag` to every successful answer, and answers 304 before any computation to a client that has it
/// cached.
///
/// An answer depends only on the edition, the version, the address, the host (in links) and the preference
/// for CSV, so the tag is the edition and a hash of these. It is weak, because the same answer may be sent
/// compressed.
pub(crate) async fn etag(Pinned(state): Pinned, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let text = format!("{}{address} {}", Base::of(&parts).0, prefers_csv(&parts.headers));
    let tag = format!("\"{}-{:016x}\"", state.edition, xxh3_64_with_seed(text.as_bytes(), state.seed));
    if asks_for(&parts.headers, &tag) {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    let asks_for_any = parts.headers.get(header::IF_NONE_MATCH).is_some_and(|tags| tags == "*");
    let response = next.run(Request::from_parts(parts, body)).await;
    if !response.status().is_success() {
        return response;
    }
    if asks_for_any {
        return with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag);
    }
    with_tag(response, &tag)
}

/// Adds the hash of a text as `ETag` to the answer made from it.
pub(crate) fn of_text(text: &str, response: Response) -> Response {
    with_tag(response, &format!("\"{:016x}\"", xxh3_64_with_seed(text.as_bytes(), 0)))
}

/// Whether the client prefers CSV: it accepts `text/csv`, and no type of JSON has a greater weight.
pub(crate) fn prefers_csv(headers: &HeaderMap) -> bool {
    let accepted: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|accept| accept.to_str().ok()).collect();
    let weight_of = |kinds: &[&str]| {
        let ranges = accepted.iter().flat_map(|accept| accept.split(','));
        ranges.filter_map(|range| weight(range, kinds)).fold(0.0, f32::max)
    };
    let csv = weight_of(&["text/csv"]);
    csv > 0.0 && csv >= weight_of(&["application/geo+json", "application/json"])
}

/// The weight of a media range of `Accept` (RFC 9110, 12.5.1) if it names one of `kinds`.
fn weight(range: &str, kinds: &[&str]) -> Option<f32> {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next()?;
    kinds.iter().find(|known| known.eq_ignore_ascii_case(kind))?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some(weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0)))
}

/// Whether `If-None-Match`, which may be given several times, holds `tag`.
pub(crate) fn asks_for(headers: &HeaderMap, tag: &str) -> bool {
    let all = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let tags = all.flat_map(|tags| tags.split(',')).map(str::trim);
    tags.map(|other| other.strip_prefix("W/").unwrap_or(other)).any(|other| other == tag)
}

fn with_tag(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(format!("W/{tag}")) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("accept, x-forwarded-proto"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_preferred_if_it_has_the_greatest_weight() {
        let prefers = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            prefers_csv(&headers)
        };
        for accept in
            ["text/csv", "TEXT/CSV; q=0.5", "text/html, text/csv", "text/csv, application/json;q=0.9"]
        {
            assert!(prefers(accept), "{accept}");
        }
        for accept in
            ["*/*", "text/csv;q=0", "x-text/csvish", "application/geo+json, text/csv;q=0.1", "text/csv;q=x"]
        {
            assert!(!prefers(accept), "{accept}");
        }
    }
}
