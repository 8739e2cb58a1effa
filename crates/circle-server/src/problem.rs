//! Everything that can go wrong, as problem JSON (RFC 9457). The only place that makes error answers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Why a request has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Problem {
    /// A parameter has a value that cannot be.
    #[error("`{name}`: {message}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// What it takes.
        message: String,
    },
    /// A parameter that this path does not have.
    #[error("there is no parameter `{name}` here; there are: {}", choices.join(", "))]
    UnknownParameter {
        /// What was given.
        name: String,
        /// The parameters that exist.
        choices: Vec<String>,
    },
    /// A profile, rule set, category, … that does not exist.
    #[error("there is no {what} `{asked}`; there are: {}", choices.join(", "))]
    NoSuch {
        /// What kind of thing.
        what: &'static str,
        /// What was asked for.
        asked: String,
        /// Those that exist.
        choices: Vec<String>,
    },
    /// A word that a parameter does not take.
    #[error("`{name}` takes {}, not `{asked}`", choices.join(", "))]
    Word {
        /// The parameter.
        name: &'static str,
        /// What was given.
        asked: String,
        /// What it takes.
        choices: Vec<String>,
    },
    /// A name that fits several compounds.
    #[error("`{asked}` fits {} compounds; ask for one of them by its id", compounds.len())]
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// The compounds of that name.
        compounds: Vec<Candidate>,
    },
    /// A board that cannot be made of the gate, page or names asked for.
    #[error("{0}")]
    Board(String),
    /// A thing or a path that does not exist.
    #[error("{0}")]
    NotFound(String),
    /// A former key: where the thing is under its present one, from the path on.
    #[error("this key is a former one; the thing is at {0}")]
    Moved(String),
    /// A key of what an earlier edition had.
    #[error("the {what} `{asked}` is gone{}", nearest_sentence(.nearest.as_ref()))]
    Gone {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        asked: String,
        /// The nearest thing of its kind.
        nearest: Option<Nearest>,
    },
    /// An edition that is not served.
    #[error("edition `{asked}` is not served, `{served}` is: the data is new; begin again at {first}")]
    Replaced {
        /// What was asked for.
        asked: String,
        /// The one that is served.
        served: String,
        /// The same question of the edition that is served, from its first page on.
        first: String,
    },
    /// All threads are busy and the queue is full.
    #[error("too many searches at once; try again in a moment")]
    Busy,
    /// The time for one request is over.
    #[error("this took too long and was given up; asking again may find it ready")]
    TooSlow,
    /// One address sends more requests than it may.
    #[error("more than {per_second} requests a second came from this address; come back in {} s", whole_seconds(*.wait))]
    TooOften {
        /// Until there is another.
        wait: Duration,
        /// What is allowed.
        per_second: u32,
    },
    /// The address is too long.
    #[error("the address is longer than {0} bytes")]
    LongAddress(usize),
    /// No `Host`, several, or one that is none (RFC 9112, 3.2).
    #[error("a request names its host once, as a name or an address and perhaps a port")]
    NoHost,
    /// A fault of the program.
    #[error("the program failed on this request; the server's log says more")]
    Internal,
    /// What the framework refused.
    #[error("{}", status_sentence(*.0))]
    Refused(StatusCode),
}

/// The thing of a kind that is nearest to where one was.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Nearest {
    /// Its key.
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    /// Between the two.
    pub(crate) metres: u64,
    /// The address of its item.
    pub(crate) href: String,
}

/// One of several compounds of a name.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
}

impl Problem {
    pub(crate) fn parameter(name: &'static str, message: impl Into<String>) -> Self {
        Self::Parameter { name, message: message.into() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Parameter { .. }
            | Self::UnknownParameter { .. }
            | Self::NoSuch { .. }
            | Self::Word { .. }
            | Self::Ambiguous { .. }
            | Self::NoHost => StatusCode::BAD_REQUEST,
            Self::Board(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Moved(_) => StatusCode::PERMANENT_REDIRECT,
            Self::Gone { .. } => StatusCode::GONE,
            Self::Replaced { .. } => StatusCode::CONFLICT,
            Self::Busy | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::LongAddress(_) => StatusCode::URI_TOO_LONG,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(status) => *status,
        }
    }

    /// Seconds after which asking again may go better.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Busy | Self::TooSlow => Some(1),
            Self::TooOften { wait, .. } => Some(whole_seconds(*wait)),
            _ => None,
        }
    }

    /// What a program can use beside the sentence.
    fn extensions(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::UnknownParameter { choices, .. }
            | Self::NoSuch { choices, .. }
            | Self::Word { choices, .. } => vec![("choices", json!(choices))],
            Self::Ambiguous { compounds, .. } => vec![("compounds", json!(compounds))],
            Self::Gone { nearest, .. } => vec![("nearest", json!(nearest))],
            Self::Replaced { served, first, .. } => vec![("edition", json!(served)), ("first", json!(first))],
            _ => Vec::new(),
        }
    }

    /// An answer that could not be written; the log says why.
    pub(crate) fn unwritten(what: &str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "{what} could not be written");
        Self::Internal
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::Moved(address) = &self
            && let Ok(address) = HeaderValue::try_from(address)
        {
            // Not cached: the key may return.
            let headers =
                [(header::LOCATION, address), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            return (self.status(), headers).into_response();
        }
        let (status, retry_after) = (self.status(), self.retry_after());
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
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn nearest_sentence(nearest: Option<&Nearest>) -> String {
    nearest.map_or_else(String::new, |Nearest { id, name, metres, .. }| {
        let name = name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        format!("; the nearest to where it was is `{id}`{name}, {metres} m away")
    })
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil() as u64
}

const CONTENT_TYPE: &str = "application/problem+json";

/// Turns errors that the framework made (405, 413, …) into problems; keeps headers such as `Allow`.
pub(crate) async fn dress(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    if !is_error || content_type.is_some_and(|value| value == CONTENT_TYPE) {
        return response;
    }
    let mut problem = Problem::Refused(status).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

/// The answer for a handler that panicked.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands the payload over")]
pub(crate) fn panicked(payload: Box<dyn std::any::Any + Send>) -> Response<Body> {
    tracing::error!(message = panic_message(&*payload), "a handler panicked");
    Problem::Internal.into_response()
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> &str {
    let message = payload.downcast_ref::<String>().map(String::as_str);
    message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
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
    async fn a_problem_says_what_exists() {
        let problem =
            Problem::NoSuch { what: "profile", asked: "x".into(), choices: vec!["a".into(), "b".into()] };
        let response = problem.into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = body(response).await;
        assert_eq!(body["choices"], json!(["a", "b"]));
        assert_eq!(body["detail"], "there is no profile `x`; there are: a, b");
        assert_eq!((&body["status"], &body["title"]), (&400.into(), &"Bad Request".into()));
    }

    #[tokio::test]
    async fn what_moved_is_a_redirect_without_a_body() {
        let response = Problem::Moved("/api/x?compound=w2".into()).into_response();
        assert_eq!(response.status(), 308);
        assert_eq!(response.headers()[header::LOCATION], "/api/x?compound=w2");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        assert!(bytes.is_empty());
    }

    #[tokio::test]
    async fn what_is_gone_names_the_nearest() {
        let nearest =
            Nearest { id: "w2".into(), name: Some("乙小区".into()), metres: 40, href: "/x".into() };
        let gone = |nearest| Problem::Gone { what: "compound", asked: "w1".into(), nearest }.into_response();
        let response = gone(Some(nearest));
        assert_eq!(response.status(), 410);
        let body = body(response).await;
        assert_eq!(body["nearest"], json!({ "id": "w2", "name": "乙小区", "metres": 40, "href": "/x" }));
        let sentence = "the compound `w1` is gone; the nearest to where it was is `w2` 乙小区, 40 m away";
        assert_eq!(body["detail"], sentence);
        let alone = self::body(gone(None)).await;
        assert_eq!(
            (&alone["nearest"], &alone["detail"]),
            (&Value::Null, &"the compound `w1` is gone".into())
        );
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing_of_the_inside() {
        let response = panicked(Box::new("secret"));
        assert_eq!(response.status(), 500);
        assert!(!body(response).await.to_string().contains("secret"));
    }

    #[tokio::test]
    async fn who_is_turned_away_is_told_when_to_come_back() {
        let after = |problem: Problem| problem.into_response().headers()[header::RETRY_AFTER].clone();
        assert_eq!(after(Problem::Busy), "1");
        assert_eq!(after(Problem::TooOften { wait: Duration::from_millis(1200), per_second: 1 }), "2");
    }
}
