//! Counts of requests since the server started, in Prometheus' conventions.

use super::end_cause::Cause;
use super::saturation::Saturation;
use axum::http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// Upper ends of the histogram's buckets, in seconds; the last bucket has none.
const BUCKETS: [f64; 15] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
/// The route of all paths without one.
const OTHER: &str = "other";

/// Counts since the server started.
pub(crate) struct Counters {
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabel, Histogram>,
    bytes: Family<RouteLabel, Counter>,
    /// Every route that was requested, by its name.
    routes: RwLock<HashMap<Box<str>, Arc<Route>>>,
    lost_lines: OnceLock<LostLines>,
}

/// Returns the number of lines of the log that were lost so far.
type LostLines = Box<dyn Fn() -> u64 + Send + Sync>;

/// A route with its counters.
pub(crate) struct Route {
    /// The matched path, such as `/api/tiles/{z}/{x}/{y}`.
    pub(crate) name: Arc<str>,
    seconds: Histogram,
    bytes: Counter,
}

/// A request that has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    /// `None` for a request without an answer.
    pub(crate) status: Option<StatusCode>,
    pub(crate) cause: Cause,
    /// Time to the headers of the answer, or to the end of a request without one.
    pub(crate) took: Duration,
    /// Bytes of the body that were passed to the connection.
    pub(crate) bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: Arc<str>,
    code: Code,
    cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: Arc<str>,
}

/// The status code of an answer; `none` for a request without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Code(Option<StatusCode>);

impl EncodeLabelValue for Code {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        match self.0 {
            Some(status) => EncodeLabelValue::encode(&status.as_u16(), encoder),
            None => EncodeLabelValue::encode(&"none", encoder),
        }
    }
}

impl EncodeLabelValue for Cause {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        EncodeLabelValue::encode(&self.name(), encoder)
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            requests: Family::default(),
            seconds: Family::<RouteLabel, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS)),
            bytes: Family::default(),
            routes: RwLock::default(),
            lost_lines: OnceLock::new(),
        }
    }
}

impl Counters {
    /// The counters of a matched path, or of all paths without a route.
    pub(crate) fn route(&self, matched: Option<&str>) -> Arc<Route> {
        let name = matched.unwrap_or(OTHER);
        if let Some(route) = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return route.clone();
        }
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.entry(name.into()).or_insert_with(|| Arc::new(self.new_route(name))).clone()
    }

    fn new_route(&self, name: &str) -> Route {
        let name: Arc<str> = name.into();
        let label = RouteLabel { route: name.clone() };
        let seconds = self.seconds.get_or_create_owned(&label);
        Route { name, seconds, bytes: self.bytes.get_or_create_owned(&label) }
    }

    /// Counts a request of this route.
    pub(crate) fn count(&self, route: &Route, end: End) {
        let labels = RequestLabels { route: route.name.clone(), code: Code(end.status), cause: end.cause };
        self.requests.get_or_create(&labels).inc();
        route.seconds.observe(end.took.as_secs_f64());
        route.bytes.inc_by(end.bytes);
    }

    /// Shows the number that `lost_lines` returns as the lost lines of the log. The first call stands.
    pub(crate) fn show_lost_lines(&self, lost_lines: impl Fn() -> u64 + Send + Sync + 'static) {
        let _ = self.lost_lines.set(Box::new(lost_lines));
    }

    /// All counts, and what is in use now.
    pub(crate) fn registry(&self, now: &Saturation) -> Registry {
        let mut all = Registry::default();
        let help = "Requests by route, by code of the answer and by the cause of their end";
        all.register("circle_http_requests", help, self.requests.clone());
        let help = "Time to the headers of an answer, or to the end of a request without one";
        all.register_with_unit("circle_http_request", help, Unit::Seconds, self.seconds.clone());
        let help = "Bytes of bodies that were passed to connections";
        all.register_with_unit("circle_http_response", help, Unit::Bytes, self.bytes.clone());
        let lost = Counter::<u64>::default();
        lost.inc_by(self.lost_lines.get().map_or(0, |lost_lines| lost_lines()));
        let help = "Lines of the log that were lost: too many waited, or they could not be written";
        all.register("circle_log_lines_lost", help, lost);
        now.register(&mut all);
        all
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Counters").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::{prometheus_text, text};

    fn end(code: u16, cause: Cause) -> End {
        End { status: StatusCode::from_u16(code).ok(), cause, took: Duration::from_millis(300), bytes: 7 }
    }

    #[test]
    fn codes_causes_and_routes_are_told_apart() {
        let counters = Counters::default();
        counters.show_lost_lines(|| 3);
        let reach = counters.route(Some("/api/reach"));
        for (code, cause) in [
            (200, Cause::Complete),
            (200, Cause::ClientLeft),
            (404, Cause::Refused),
            (429, Cause::RateLimit),
            (500, Cause::Failed),
            (503, Cause::Busy),
            (503, Cause::TimeLimit),
        ] {
            counters.count(&reach, end(code, cause));
        }
        counters.count(&counters.route(Some("/api/reach")), end(503, Cause::Busy));
        counters.count(&counters.route(None), End { status: None, ..end(0, Cause::ClientLeft) });
        let mut open_metrics = String::new();
        text::encode(&mut open_metrics, &counters.registry(&Saturation::default())).unwrap();
        for line in [
            "# TYPE circle_http_requests counter",
            "circle_http_requests_total{route=\"/api/reach\",code=\"200\",cause=\"complete\"} 1",
            "circle_http_requests_total{route=\"/api/reach\",code=\"200\",cause=\"client_left\"} 1",
            "circle_http_requests_total{route=\"/api/reach\",code=\"404\",cause=\"refused\"} 1",
            "circle_http_requests_total{route=\"/api/reach\",code=\"429\",cause=\"rate_limit\"} 1",
            "circle_http_requests_total{route=\"/api/reach\",code=\"500\",cause=\"failed\"} 1",
            "circle_http_requests_total{route=\"/api/reach\",code=\"503\",cause=\"busy\"} 2",
            "circle_http_requests_total{route=\"/api/reach\",code=\"503\",cause=\"time_limit\"} 1",
            "circle_http_requests_total{route=\"other\",code=\"none\",cause=\"client_left\"} 1",
            "# TYPE circle_http_request_seconds histogram",
            "# UNIT circle_http_request_seconds seconds",
            "circle_http_request_seconds_bucket{le=\"0.25\",route=\"/api/reach\"} 0",
            "circle_http_request_seconds_bucket{le=\"0.5\",route=\"/api/reach\"} 8",
            "circle_http_request_seconds_bucket{le=\"+Inf\",route=\"/api/reach\"} 8",
            "circle_http_request_seconds_count{route=\"/api/reach\"} 8",
            "circle_http_response_bytes_total{route=\"/api/reach\"} 56",
            "circle_log_lines_lost_total 3",
            "# EOF",
        ] {
            assert!(open_metrics.lines().any(|other| other == line), "{line}\n{open_metrics}");
        }
        let mut plain = String::new();
        prometheus_text::encode(&mut plain, &counters.registry(&Saturation::default())).unwrap();
        assert!(plain.contains("# TYPE circle_http_requests_total counter"), "{plain}");
    }
}
