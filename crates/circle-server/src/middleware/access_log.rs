//! Counts each request at its end, and logs it in one line.
//!
//! A request ends when the body of its answer has been passed to the connection, or is dropped because the
//! client left or the server closed the connection. A request whose future is dropped ends without an answer.

mod line;
mod repeats;

use self::line::{LONGEST_METHOD, RequestLine, Shown};
use self::repeats::{Repeats, Sink};
use super::client::{self, Forwarding};
use super::request_id::{REQUEST_ID, request_id};
use crate::http::connections::Connection;
use crate::http::counters::{Counters, End, Route};
use crate::http::end_cause::Cause;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use circle_study::Client;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tracing::Instrument;

/// Answers that begin later than this are problems.
const SLOW: Duration = Duration::from_secs(1);
/// Most characters of a path in the span of a request.
const LONGEST_PATH: usize = 200;

/// The requests that get a line in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AccessLines {
    /// No request.
    Off,
    /// Requests with status 5xx or 429, those that ended before all of their answer was passed to the
    /// connection, and those whose answer began after more than a second. Repeated lines are summed up.
    #[default]
    Problems,
    /// Every request, in a line of its own.
    All,
}

/// Counts requests and writes their lines.
pub(crate) struct AccessLog {
    /// How clients are identified; `None` if requests name their clients already.
    forwarding: Option<Forwarding>,
    lines: AccessLines,
    counters: Arc<Counters>,
    out: Arc<Repeats>,
}

impl AccessLog {
    /// An access log that writes to the log of the process.
    pub(crate) fn new(forwarding: Forwarding, lines: AccessLines, counters: Arc<Counters>) -> Arc<Self> {
        Self::with_sink(Some(forwarding), lines, counters, Box::new(line::log))
    }

    fn with_sink(
        forwarding: Option<Forwarding>,
        lines: AccessLines,
        counters: Arc<Counters>,
        sink: Sink,
    ) -> Arc<Self> {
        Arc::new(Self { forwarding, lines, counters, out: Arc::new(Repeats::new(sink)) })
    }

    fn end(&self, route: &Route, line: &RequestLine) {
        let took = line.to_headers.unwrap_or(line.in_all);
        let end = End { status: line.status, cause: line.cause, took, bytes: line.bytes };
        self.counters.count(route, end);
        match self.lines {
            AccessLines::All => self.out.write(line),
            AccessLines::Problems if is_problem(end) => self.out.write_or_count(line),
            AccessLines::Problems | AccessLines::Off => {}
        }
    }
}

fn is_problem(end: End) -> bool {
    let is_abandoned =
        matches!(end.cause, Cause::ClientLeft | Cause::TooSlow | Cause::Evicted | Cause::Shutdown);
    let is_failed = |status: StatusCode| status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    is_abandoned || end.status.is_some_and(is_failed) || end.took > SLOW
}

/// Identifies the client of a request, assigns an id to the request, counts the request at its end and logs
/// it. Every other line of the log about the request carries the id, and so does the answer.
pub(crate) async fn log(State(log): State<Arc<AccessLog>>, mut request: Request, next: Next) -> Response {
    if let Some(forwarding) = log.forwarding {
        client::identify(forwarding, &mut request);
    }
    let record = Record::new(log, &request);
    let id = HeaderValue::from_str(&record.line.id);
    let span = tracing::error_span!(
        "request",
        id = %record.line.id,
        method = %Shown(request.method().as_str(), LONGEST_METHOD),
        path = %Shown(request.uri().path(), LONGEST_PATH)
    );
    let response = next.run(request).instrument(span).await;
    let mut response = record.answered(response);
    if let Ok(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A request under way. It is counted and logged when it is dropped.
struct Record {
    log: Arc<AccessLog>,
    route: Arc<Route>,
    connection: Option<Connection>,
    began: Instant,
    /// The cause of the end, unless the client leaves or the server closes the connection before.
    cause: Cause,
    /// All of the answer was passed to the connection.
    is_sent: bool,
    line: RequestLine,
}

impl Record {
    fn new(log: Arc<AccessLog>, request: &Request) -> Self {
        let extensions = request.extensions();
        let route = log.counters.route(extensions.get::<MatchedPath>().map(MatchedPath::as_str));
        let line = RequestLine {
            id: request_id(request.headers()),
            client: extensions.get::<Client>().copied(),
            method: request.method().clone(),
            route: route.name.clone(),
            uri: request.uri().clone(),
            status: None,
            bytes: 0,
            to_headers: None,
            in_all: Duration::ZERO,
            cause: Cause::ClientLeft,
        };
        Self {
            log,
            route,
            connection: extensions.get::<Connection>().cloned(),
            began: Instant::now(),
            cause: Cause::Complete,
            is_sent: false,
            line,
        }
    }

    /// The answer, which ends the record with its body.
    fn answered(mut self, response: Response) -> Response {
        let status = response.status();
        self.line.status = Some(status);
        self.line.to_headers = Some(self.began.elapsed());
        self.cause = response.extensions().get::<Cause>().copied().unwrap_or_else(|| cause_of(status));
        // axum sends no body in answer to HEAD.
        if self.line.method == Method::HEAD || response.body().is_end_stream() {
            self.is_sent = true;
            return response;
        }
        let length = response.body().size_hint().exact();
        response.map(|body| Body::new(RecordedBody { body, length, record: self }))
    }
}

/// The cause of an answer that no layer gave one.
fn cause_of(status: StatusCode) -> Cause {
    if status.is_server_error() {
        Cause::Failed
    } else if status.is_client_error() {
        Cause::Refused
    } else {
        Cause::Complete
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // What was passed to a connection that the server closes may not have been sent.
        let closed = self.connection.as_ref().and_then(|connection| connection.end_cause().get());
        let ended = if self.is_sent { self.cause } else { Cause::ClientLeft };
        self.line.cause = closed.unwrap_or(ended);
        self.line.in_all = self.began.elapsed();
        self.log.end(&self.route, &self.line);
    }
}

/// A body that counts its bytes, with the record that ends with it.
struct RecordedBody {
    body: Body,
    /// Length of the body, if it is known.
    length: Option<u64>,
    record: Record,
}

impl HttpBody for RecordedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
        match &frame {
            Some(Ok(part)) => {
                this.record.line.bytes += part.data_ref().map_or(0, |bytes| bytes.len() as u64);
                // hyper does not poll a body again that has reached its length.
                let has_all = this.length == Some(this.record.line.bytes);
                this.record.is_sent = has_all || this.body.is_end_stream() || part.is_trailers();
            }
            Some(Err(_)) => (this.record.cause, this.record.is_sent) = (Cause::Failed, true),
            None => this.record.is_sent = true,
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::line::Line;
    use super::*;
    use crate::http::connections::Connections;
    use crate::http::saturation::Saturation;
    use crate::middleware::problem::Problem;
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use std::convert::Infallible;
    use std::sync::Mutex;
    use tower::ServiceExt;

    const LARGE: usize = 192 * 1024;

    /// A body of some parts of ten bytes. It never says that it has ended.
    struct Parts(u64);

    impl HttpBody for Parts {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            let left = self.0.checked_sub(1);
            self.0 = left.unwrap_or_default();
            Poll::Ready(left.map(|_| Ok(Frame::data(Bytes::from_static(&[0; 10])))))
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.0 * 10)
        }
    }

    /// A router under test.
    struct Logged {
        router: Router,
        counters: Arc<Counters>,
        /// The lines of ended requests: client, path, query, status, bytes, cause.
        lines: Arc<Mutex<Vec<String>>>,
        /// Why the connection of all requests is closed.
        connection: Connection,
    }

    impl Logged {
        fn new(lines: AccessLines) -> Self {
            let written = Arc::<Mutex<Vec<String>>>::default();
            let sink = {
                let written = written.clone();
                move |line: &Line<'_>| {
                    let Line::Request(line) = line else { return };
                    let client = line.client.unwrap();
                    let status = line.status.map_or(0, |status| status.as_u16());
                    let text = format!(
                        "{client} {} {} {status} {} {}",
                        line.route,
                        line.uri,
                        line.bytes,
                        line.cause.name()
                    );
                    written.lock().unwrap().push(text);
                }
            };
            let counters = Arc::<Counters>::default();
            let log = AccessLog::with_sink(None, lines, counters.clone(), Box::new(sink));
            let router = Router::new()
                .route("/whole/{name}", get(|| async { "0123456789" }))
                .route("/parts", get(|| async { Response::new(Body::new(Parts(3))) }))
                .route("/large", get(|| async { vec![0_u8; LARGE] }))
                .route("/never", get(|| async { std::future::pending::<()>().await }))
                .route("/busy", get(|| async { Problem::Busy }))
                .route("/often", get(|| async { Problem::TooOften { wait: SLOW, per_second: 1 } }))
                .route("/failed", get(|| async { Problem::Internal }))
                .route("/refused", get(|| async { Problem::NoHost }))
                .layer(from_fn_with_state(log, super::log));
            let connection = Connections::new(1, 1).admit(Client::UNKNOWN, |_| false).connection.clone();
            Self { router, counters, lines: written, connection }
        }

        async fn ask(&self, method: Method, path: &str) -> Response {
            let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            request.extensions_mut().insert(Client::new([192, 0, 2, 1].into()));
            request.extensions_mut().insert(self.connection.clone());
            self.router.clone().oneshot(request).await.unwrap()
        }

        /// Asks, and takes some parts of the answer.
        async fn take(&self, path: &str, parts: u32) {
            let mut body = self.ask(Method::GET, path).await.into_body();
            for _ in 0..parts {
                let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
                frame.await.unwrap().unwrap();
            }
        }

        fn lines(&self) -> Vec<String> {
            std::mem::take(&mut *self.lines.lock().unwrap())
        }

        /// Whether `/metrics` has one request of this route, code and cause.
        fn counts(&self, route: &str, code: &str, cause: &str) -> bool {
            let mut text = String::new();
            let registry = self.counters.registry(&Saturation::default());
            prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
            let labels = format!("route=\"{route}\",code=\"{code}\",cause=\"{cause}\"");
            text.contains(&format!("circle_http_requests_total{{{labels}}} 1\n"))
        }
    }

    #[tokio::test]
    async fn a_request_ends_when_its_answer_is_passed_on() {
        let logged = Logged::new(AccessLines::All);
        let answer = logged.ask(Method::GET, "/whole/a?b=c").await;
        assert!(logged.lines().is_empty(), "the body is not passed on yet");
        assert_eq!(axum::body::to_bytes(answer.into_body(), 100).await.unwrap().len(), 10);
        assert_eq!(logged.lines(), ["192.0.2.1 /whole/{name} /whole/a?b=c 200 10 complete"]);
        logged.take("/parts", 3).await;
        assert_eq!(logged.lines(), ["192.0.2.1 /parts /parts 200 30 complete"]);
        let large = logged.ask(Method::GET, "/large").await;
        assert_eq!(large.headers()["content-length"], "196608");
        let bytes = axum::body::to_bytes(large.into_body(), usize::MAX).await.unwrap();
        assert!(bytes == vec![0; LARGE]);
        assert_eq!(logged.lines(), ["192.0.2.1 /large /large 200 196608 complete"]);
        assert_eq!(logged.ask(Method::HEAD, "/whole/a").await.headers()["content-length"], "10");
        assert_eq!(logged.lines(), ["192.0.2.1 /whole/{name} /whole/a 200 0 complete"]);
        assert_eq!(logged.ask(Method::GET, "/nothing").await.status(), 404);
        assert_eq!(logged.lines(), ["192.0.2.1 other /nothing 404 0 refused"]);
        assert!(logged.counts("/parts", "200", "complete"));
    }

    #[tokio::test]
    async fn a_request_whose_client_leaves_is_counted_and_logged() {
        let logged = Logged::new(AccessLines::Problems);
        let left = tokio::time::timeout(Duration::ZERO, logged.ask(Method::GET, "/never")).await;
        assert!(left.is_err());
        assert_eq!(logged.lines(), ["192.0.2.1 /never /never 0 0 client_left"]);
        assert!(logged.counts("/never", "none", "client_left"));
        logged.take("/parts", 2).await;
        assert_eq!(logged.lines(), ["192.0.2.1 /parts /parts 200 20 client_left"]);
        assert!(logged.counts("/parts", "200", "client_left"));
    }

    #[tokio::test]
    async fn a_closed_connection_names_the_cause() {
        let logged = Logged::new(AccessLines::Problems);
        let answer = logged.ask(Method::GET, "/parts").await;
        logged.connection.close(Cause::TooSlow);
        drop(answer);
        assert_eq!(logged.lines(), ["192.0.2.1 /parts /parts 200 0 too_slow"]);
        assert!(logged.counts("/parts", "200", "too_slow"));
        logged.take("/parts", 3).await;
        assert_eq!(logged.lines(), ["192.0.2.1 /parts /parts 200 30 too_slow"], "passed on, but not sent");
    }

    #[tokio::test]
    async fn problems_are_told_apart_and_other_requests_have_no_line() {
        let logged = Logged::new(AccessLines::Problems);
        for (path, code, cause) in [
            ("/busy", "503", "busy"),
            ("/failed", "500", "failed"),
            ("/often", "429", "rate_limit"),
            ("/refused", "400", "refused"),
        ] {
            logged.take(path, 1).await;
            assert!(logged.counts(path, code, cause), "{path}");
            let is_written = logged.lines().iter().any(|line| line.contains(path) && line.ends_with(cause));
            assert_eq!(is_written, path != "/refused", "{path}");
        }
        logged.take("/parts", 3).await;
        assert!(logged.lines().is_empty());
    }

    #[tokio::test]
    async fn without_an_access_log_requests_are_counted_all_the_same() {
        let logged = Logged::new(AccessLines::Off);
        logged.take("/busy", 1).await;
        assert!(logged.lines().is_empty() && logged.counts("/busy", "503", "busy"));
    }
}
