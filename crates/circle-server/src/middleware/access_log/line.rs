//! The lines of the access log.

use crate::http::end_cause::Cause;
use axum::http::uri::PathAndQuery;
use axum::http::{Method, StatusCode, Uri};
use circle_study::Client;
use std::fmt::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// Most characters of an address in a line.
const LONGEST_ADDRESS: usize = 500;
/// Most characters of a method that are shown: clients may invent one.
pub(super) const LONGEST_METHOD: usize = 20;

/// A line of the access log.
pub(super) enum Line<'a> {
    /// An ended request.
    Request(&'a RequestLine),
    /// Lines of one kind that were not written; without a kind, those of all kinds beyond the limit.
    More(Option<&'a Kind>, u64),
}

/// What the log holds of a request.
pub(super) struct RequestLine {
    pub(super) id: String,
    /// `None` for a request that came through no connection.
    pub(super) client: Option<Client>,
    pub(super) method: Method,
    /// The matched path.
    pub(super) route: Arc<str>,
    pub(super) uri: Uri,
    /// `None` for a request without an answer.
    pub(super) status: Option<StatusCode>,
    /// Bytes of the body that were passed to the connection.
    pub(super) bytes: u64,
    /// Time to the headers of the answer.
    pub(super) to_headers: Option<Duration>,
    /// Time to the end.
    pub(super) in_all: Duration,
    pub(super) cause: Cause,
}

/// The key by which repeated lines are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    client: Option<Client>,
    route: Arc<str>,
    status: Option<StatusCode>,
    cause: Cause,
}

impl RequestLine {
    pub(super) fn kind(&self) -> Kind {
        Kind { client: self.client, route: self.route.clone(), status: self.status, cause: self.cause }
    }
}

/// Writes a line to the log of the process.
pub(super) fn log(line: &Line<'_>) {
    match line {
        Line::Request(request) => tracing::info!(
            target: "access",
            id = request.id.as_str(),
            client = request.client.map(display),
            method = %Shown(request.method.as_str(), LONGEST_METHOD),
            route = &*request.route,
            address = %Shown(request.uri.path_and_query().map_or("", PathAndQuery::as_str), LONGEST_ADDRESS),
            status = request.status.map(|status| status.as_u16()),
            bytes = request.bytes,
            milliseconds_to_headers = request.to_headers.map(milliseconds),
            milliseconds = milliseconds(request.in_all),
            cause = request.cause.name(),
            "request"
        ),
        Line::More(Some(kind), more) => tracing::info!(
            target: "access",
            client = kind.client.map(display),
            route = &*kind.route,
            status = kind.status.map(|status| status.as_u16()),
            cause = kind.cause.name(),
            more,
            "… and {more} more in the last 10 s"
        ),
        Line::More(None, more) => {
            tracing::info!(target: "access", more, "… and {more} more of other kinds in the last 10 s");
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    time.as_millis() as u64
}

/// The first characters of a text, up to a number of them, with control characters escaped.
pub(super) struct Shown<'a>(pub(super) &'a str, pub(super) usize);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text, most) = *self;
        for character in text.chars().take(most) {
            if character.is_control() {
                write!(formatter, "{}", character.escape_default())?;
            } else {
                formatter.write_char(character)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_address_is_cut_and_control_characters_are_escaped() {
        assert_eq!(Shown("/a?b=\u{1b}[31m\n公园", 11).to_string(), "/a?b=\\u{1b}[31m\\n");
        assert_eq!(Shown(&"x".repeat(900), LONGEST_ADDRESS).to_string().len(), LONGEST_ADDRESS);
    }
}
