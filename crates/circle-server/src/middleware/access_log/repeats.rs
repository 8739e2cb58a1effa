//! Sums up repeated lines of requests.

use super::line::{Kind, Line, RequestLine};
use crate::repeats::{PERIOD, RepeatCounts};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Most kinds that are counted separately; all others share one count.
const MOST_KINDS: usize = 4096;

/// Writes lines.
pub(super) type Sink = Box<dyn Fn(&Line<'_>) + Send + Sync>;

/// Writes the first lines of each kind in a period, and one summary of the others at its end.
pub(super) struct Repeats {
    sink: Sink,
    counts: RepeatCounts<Kind>,
}

impl Repeats {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink, counts: RepeatCounts::new(MOST_KINDS) }
    }

    /// Writes a line, however often it is repeated.
    pub(super) fn write(&self, request: &RequestLine) {
        (self.sink)(&Line::Request(request));
    }

    /// Writes a line, or counts it for the summary.
    pub(super) fn write_or_count(self: &Arc<Self>, request: &RequestLine) {
        if self.counts.is_written(request.kind(), || self.begin_period()) {
            self.write(request);
        }
    }

    /// Begins a period; `false` outside the runtime, where no timer could end it.
    fn begin_period(self: &Arc<Self>) -> bool {
        let Ok(runtime) = Handle::try_current() else { return false };
        let repeats = Arc::downgrade(self);
        runtime.spawn(async move {
            tokio::time::sleep(PERIOD).await;
            if let Some(repeats) = repeats.upgrade() {
                repeats.end_period();
            }
        });
        true
    }

    fn end_period(&self) {
        for (kind, more) in self.counts.end_period() {
            (self.sink)(&Line::More(kind.as_ref(), more));
        }
    }
}

/// The server ends within a period: its summaries are written.
impl Drop for Repeats {
    fn drop(&mut self) {
        self.end_period();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::end_cause::Cause;
    use crate::repeats::MOST_LINES;
    use axum::http::{Method, StatusCode, Uri};
    use circle_study::Client;
    use std::net::Ipv4Addr;
    use std::sync::Mutex;
    use std::time::Duration;

    /// Collects the lines: the clients of requests, and the number of further ones.
    fn collecting() -> (Arc<Repeats>, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let collected = lines.clone();
        let sink = move |line: &Line<'_>| {
            lines.lock().unwrap().push(match line {
                Line::Request(request) => format!("{:?}", request.client),
                Line::More(kind, more) => format!("{more} more of {}", kind.map_or("others", |_| "a kind")),
            });
        };
        (Arc::new(Repeats::new(Box::new(sink))), collected)
    }

    fn busy(client: u32) -> RequestLine {
        RequestLine {
            id: "1".into(),
            client: Some(Client::new(Ipv4Addr::from_bits(client).into())),
            method: Method::GET,
            route: "/api/reach".into(),
            uri: Uri::from_static("/api/reach?at=1,2"),
            status: Some(StatusCode::SERVICE_UNAVAILABLE),
            bytes: 7,
            to_headers: None,
            in_all: Duration::ZERO,
            cause: Cause::Busy,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn repeated_lines_are_summed_up_at_the_end_of_a_period() {
        let (repeats, lines) = collecting();
        let taken = || std::mem::take(&mut *lines.lock().unwrap());
        for _ in 0..105 {
            repeats.write_or_count(&busy(1));
        }
        repeats.write_or_count(&busy(2));
        repeats.write_or_count(&RequestLine { cause: Cause::TimeLimit, ..busy(1) });
        assert_eq!(taken().len(), 5 + 1 + 1);
        tokio::time::sleep(PERIOD + Duration::from_millis(1)).await;
        assert_eq!(taken(), ["100 more of a kind"]);
        repeats.write_or_count(&busy(1));
        assert_eq!(taken().len(), 1, "a new period begins");
        tokio::time::sleep(PERIOD + Duration::from_millis(1)).await;
        assert!(taken().is_empty(), "nothing to sum up");
    }

    #[tokio::test]
    async fn memory_is_bounded_and_the_last_summary_is_written() {
        let (repeats, lines) = collecting();
        for client in 0..MOST_KINDS as u32 + 100 {
            repeats.write_or_count(&busy(client));
        }
        drop(repeats);
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), MOST_KINDS + MOST_LINES as usize + 1);
        assert_eq!(lines.last().unwrap(), "95 more of others");
    }

    #[test]
    fn every_line_is_written_where_no_timer_runs() {
        let (repeats, lines) = collecting();
        for _ in 0..20 {
            repeats.write_or_count(&busy(1));
        }
        assert_eq!(lines.lock().unwrap().len(), 20);
    }
}
