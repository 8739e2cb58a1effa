//! Errors as problem JSON (RFC 9457). Only this module builds error answers.

use crate::http::end_cause::Cause;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use circle_study::{Refusal, StudyError, panic_message};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Why a request has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Problem {
    /// A rejected question.
    #[error(transparent)]
    Refused(Refusal),
    /// A former key; holds path and query with the present key.
    #[error("this key is a former one; the thing is at {0}")]
    Moved(String),
    /// A key of an earlier edition whose thing no longer exists.
    #[error("{detail}")]
    Gone {
        /// A sentence that names the key and the nearest thing.
        detail: String,
        /// The nearest thing of its kind.
        nearest: Option<Nearest>,
    },
    /// An edition that is not served.
    #[error("edition `{asked}` is not served, `{served}` is: the data is new; begin again at {first}")]
    Replaced {
        /// The requested edition.
        asked: String,
        /// The served edition.
        served: String,
        /// The address of the same question about the served edition, at its first page.
        first: String,
    },
    /// All threads are busy and the queue is full.
    #[error("too many searches at once; try again in a moment")]
    Busy,
    /// The request has reached its time limit.
    #[error("the request took too long; its search continues, and a repeated request may find the answer")]
    TooSlow,
    /// A client address sends too many requests.
    #[error(
        "more than {per_second} requests a second came from this address; come back in {} s",
        whole_seconds(*.wait)
    )]
    TooOften {
        /// Time until the next request is accepted.
        wait: Duration,
        /// The limit, in requests per second.
        per_second: u32,
    },
    /// The searches of a client have used up its budget.
    #[error("the searches of this address have used up their time; come back in {} s", whole_seconds(*.0))]
    OverBudget(Duration),
    /// Too many bytes of answers wait for their clients, of all clients or of this one.
    #[error("too many answers wait to be read; read those under way, or try again in a moment")]
    Full,
    /// The folder for temporary files is full.
    #[error("the server has no room on its disk for this file now; a table as CSV or GeoJSON needs none")]
    NoRoom,
    /// Searches are not answered.
    #[error("searches are not answered now")]
    NotReady,
    /// The connection is one of the reserve for the operator.
    #[error("too many connections are open; try again in a moment")]
    TooManyConnections,
    /// The address is too long.
    #[error("the address is longer than {0} bytes")]
    LongAddress(usize),
    /// No `Host`, several, or an invalid one (RFC 9112, 3.2).
    #[error("a request names its host once, as a name or an address and perhaps a port")]
    NoHost,
    /// A bug in the program.
    #[error("the program failed on this request; the server's log says more")]
    Internal,
    /// An error of the framework.
    #[error("{}", status_sentence(*.0))]
    Status(StatusCode),
}

/// The thing nearest to one of the same kind that no longer exists.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Nearest {
    /// Its key.
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    /// Straight-line distance between the two, in metres.
    pub(crate) metres: u64,
    /// The address of its item.
    pub(crate) href: String,
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StudyError> for Problem {
    fn from(error: StudyError) -> Self {
        match error {
            StudyError::Refused(refusal) => Self::Refused(refusal),
            StudyError::Busy => Self::Busy,
            StudyError::OverBudget(wait) => Self::OverBudget(wait),
            StudyError::NoRoom => Self::NoRoom,
            // The client of a cancelled search has left.
            StudyError::Cancelled | StudyError::Failed => Self::Internal,
        }
    }
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) => match refusal {
                Refusal::Board(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Refusal::NotFound(_) => StatusCode::NOT_FOUND,
                Refusal::Moved { .. } => StatusCode::PERMANENT_REDIRECT,
                Refusal::Gone { .. } => StatusCode::GONE,
                _ => StatusCode::BAD_REQUEST,
            },
            Self::NoHost => StatusCode::BAD_REQUEST,
            Self::Moved(_) => StatusCode::PERMANENT_REDIRECT,
            Self::Gone { .. } => StatusCode::GONE,
            Self::Replaced { .. } => StatusCode::CONFLICT,
            Self::Busy
            | Self::Full
            | Self::NoRoom
            | Self::NotReady
            | Self::TooManyConnections
            | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooOften { .. } | Self::OverBudget(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::LongAddress(_) => StatusCode::URI_TOO_LONG,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Status(status) => *status,
        }
    }

    /// Why the request ends with this problem; `None` for a redirect.
    fn cause(&self) -> Option<Cause> {
        match self {
            Self::Busy | Self::Full | Self::NotReady | Self::TooManyConnections => Some(Cause::Busy),
            Self::NoRoom => Some(Cause::NoRoom),
            Self::TooSlow => Some(Cause::TimeLimit),
            Self::TooOften { .. } | Self::OverBudget(_) => Some(Cause::RateLimit),
            _ if self.status().is_server_error() => Some(Cause::Failed),
            _ if self.status().is_client_error() => Some(Cause::Refused),
            _ => None,
        }
    }

    /// Seconds after which another attempt may succeed.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy | Self::TooSlow | Self::TooManyConnections => Some(1),
            Self::Full | Self::NotReady => Some(2),
            Self::NoRoom => Some(60),
            Self::TooOften { wait, .. } | Self::OverBudget(wait) => Some(whole_seconds(*wait).max(1)),
            _ => None,
        }
    }

    /// Machine-readable members beside `detail`.
    fn extensions(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Refused(
                Refusal::UnknownParameter { choices, .. }
                | Refusal::NoSuch { choices, .. }
                | Refusal::Word { choices, .. },
            ) => vec![("choices", json!(choices))],
            Self::Refused(Refusal::Ambiguous { compounds, .. }) => vec![("compounds", json!(compounds))],
            Self::Gone { nearest, .. } => vec![("nearest", json!(nearest))],
            Self::Replaced { served, first, .. } => vec![("edition", json!(served)), ("first", json!(first))],
            _ => Vec::new(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Moved(address) = &self
            && let Ok(address) = HeaderValue::try_from(address)
        {
            // Not cached: a later edition may use the key again.
            let headers =
                [(header::LOCATION, address), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            return (self.status(), headers).into_response();
        }
        let (status, retry_after, cause) = (self.status(), self.retry_after(), self.cause());
        let mut body = Map::new();
        body.insert("type".into(), "about:blank".into());
        body.insert("title".into(), status.canonical_reason().unwrap_or("Error").into());
        body.insert("status".into(), status.as_u16().into());
        body.insert("detail".into(), self.to_string().into());
        for (name, value) in self.extensions() {
            body.insert(name.into(), value);
        }
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        let mut response = (status, headers, Value::from(body).to_string()).into_response();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        }
        if matches!(self, Self::TooManyConnections) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(cause) = cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil() as u64
}

const CONTENT_TYPE: &str = "application/problem+json";

/// Turns errors of axum (405, 413, …) into problems, with their header `Allow`.
pub(crate) async fn unify(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    if !is_error || content_type.is_some_and(|value| value == CONTENT_TYPE) {
        return response;
    }
    let mut problem = Problem::Status(status).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

/// The answer of a handler that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the layer passes the payload by value")]
pub(crate) fn panicked(payload: Box<dyn std::any::Any + Send>) -> Response<Body> {
    tracing::error!(message = panic_message(&*payload), "a handler panicked");
    Problem::Internal.into_response()
}

fn status_sentence(status: StatusCode) -> String {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => "this path answers GET and HEAD only".into(),
        StatusCode::PAYLOAD_TOO_LARGE => {
            "the request has a body that is too large; requests need none".into()
        }
        StatusCode::BAD_REQUEST => "the address is not text in UTF-8, percent-encoded".into(),
        _ => status.canonical_reason().unwrap_or("the request was refused").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> Value {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_problem_lists_the_choices() {
        let response = Problem::from(Refusal::no_such("profile", "x", ["a", "b"])).into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = body(response).await;
        assert_eq!(body["choices"], json!(["a", "b"]));
        assert_eq!(body["detail"], "there is no profile `x`; there are: a, b");
        assert_eq!((&body["status"], &body["title"]), (&400.into(), &"Bad Request".into()));
    }

    #[tokio::test]
    async fn a_former_key_is_a_redirect_without_a_body() {
        let response = Problem::Moved("/api/x?compound=w2".into()).into_response();
        assert_eq!(response.status(), 308);
        assert_eq!(response.headers()[header::LOCATION], "/api/x?compound=w2");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        assert!(bytes.is_empty());
    }

    #[tokio::test]
    async fn a_key_that_is_gone_names_the_nearest_thing() {
        let nearest =
            Nearest { id: "w2".into(), name: Some("乙小区".into()), metres: 40, href: "/x".into() };
        let sentence = "the compound `w1` is gone; the nearest to where it was is `w2` 乙小区, 40 m away";
        let gone = |nearest| Problem::Gone { detail: sentence.into(), nearest }.into_response();
        let response = gone(Some(nearest));
        assert_eq!(response.status(), 410);
        let body = body(response).await;
        assert_eq!(body["nearest"], json!({ "id": "w2", "name": "乙小区", "metres": 40, "href": "/x" }));
        assert_eq!(body["detail"], sentence);
        assert_eq!(self::body(gone(None)).await["nearest"], Value::Null);
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_message() {
        let response = panicked(Box::new("secret"));
        assert_eq!(response.status(), 500);
        assert!(!body(response).await.to_string().contains("secret"));
    }

    #[test]
    fn answers_of_one_status_are_told_apart_by_their_cause() {
        let cause = |problem: Problem| problem.into_response().extensions().get::<Cause>().copied();
        assert_eq!(cause(Problem::Busy), Some(Cause::Busy));
        assert_eq!(cause(Problem::TooSlow), Some(Cause::TimeLimit));
        assert_eq!(cause(Problem::NoRoom), Some(Cause::NoRoom));
        assert_eq!(cause(Problem::Internal), Some(Cause::Failed));
        assert_eq!(cause(Problem::Moved("/x".into())), None);
    }

    #[tokio::test]
    async fn a_rejected_client_gets_retry_after() {
        let after = |problem: Problem| problem.into_response().headers()[header::RETRY_AFTER].clone();
        assert_eq!(after(Problem::Busy), "1");
        assert_eq!(after(Problem::TooOften { wait: Duration::from_millis(1200), per_second: 1 }), "2");
    }
}
