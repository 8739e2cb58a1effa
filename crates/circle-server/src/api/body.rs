//! The body of a request, if it has a type that the path takes.
//!
//! A page of another site can send a form or plain text without asking the browser, but not JSON.

use super::answer::JSON;
use crate::middleware::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

/// Media types of a board file.
const TEXT: [&str; 2] = ["application/toml", "text/plain"];

/// A body of JSON, not parsed.
#[derive(Debug)]
pub(crate) struct JsonBody(pub(crate) Bytes);

/// A body of text.
#[derive(Debug)]
pub(crate) struct TextBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        body(request, state, &[JSON]).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for TextBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        body(request, state, &TEXT).await.map(Self)
    }
}

/// The body of a request with one of these types.
///
/// # Errors
/// When it has another type, or is too large.
async fn body<S: Send + Sync>(request: Request, state: &S, kinds: &[&str]) -> Result<Bytes, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !kinds.iter().any(|known| known.eq_ignore_ascii_case(kind)) {
        return Err(Problem::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    Bytes::from_request(request, state).await.map_err(|rejection| Problem::Status(rejection.status()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn read(kind: &str) -> Result<Bytes, Problem> {
        let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from("{}")).unwrap();
        JsonBody::from_request(request, &()).await.map(|body| body.0)
    }

    #[tokio::test]
    async fn json_is_read_and_what_a_form_sends_is_refused() {
        for kind in ["application/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(read(kind).await.unwrap(), "{}", "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"] {
            assert!(
                matches!(read(kind).await, Err(Problem::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE))),
                "{kind}"
            );
        }
    }
}
