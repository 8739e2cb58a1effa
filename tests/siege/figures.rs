//! Figures that the server gives of itself: its metrics, its log and its memory.

use super::besieged::LogFile;

/// The sum of a metric over its labels; 0 if it is not in the text.
pub(crate) fn sum_of(metrics: &str, name: &str) -> u64 {
    let of_name = metrics.lines().filter_map(|line| line.strip_prefix(name));
    let values =
        of_name.filter(|rest| rest.starts_with(['{', ' '])).filter_map(|rest| rest.rsplit(' ').next());
    values.filter_map(|value| value.parse::<f64>().ok()).sum::<f64>() as u64
}

/// Resident memory in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// Before the siege.
    pub(crate) before: u64,
    /// The most in it.
    pub(crate) most: u64,
    pub(crate) allowed: u64,
}

/// Where requests were counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counts {
    /// Requests by the metrics.
    pub(crate) requests: u64,
    /// Requests with a line in the log, or summed up in one.
    pub(crate) logged: u64,
    /// Lines that were lost, by the metrics.
    pub(crate) lost: u64,
}

impl Counts {
    /// The counts of metrics and of the log behind them; `None` for a server that does not count requests.
    pub(crate) fn of(metrics: &str, log: &LogFile) -> Option<Self> {
        let counted = sum_of(metrics, "circle_http_requests_total");
        let lost = sum_of(metrics, "circle_log_lines_lost_total");
        // The request for the metrics was counted after it had been answered.
        let logged = log.lines().map(|line| requests_of(&line)).sum();
        (counted > 0).then_some(Self { requests: counted + 1, logged, lost })
    }

    /// Requests without a line.
    pub(crate) const fn missing(&self) -> u64 {
        self.requests.saturating_sub(self.logged)
    }
}

/// The number of requests that a line of the log stands for.
fn requests_of(line: &str) -> u64 {
    if !line.contains("\"target\":\"access\"") {
        return 0;
    }
    let more = line.split_once("\"more\":").map(|(_, rest)| rest);
    more.map_or(1, |rest| {
        let end = rest.find(|char: char| !char.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().unwrap_or_default()
    })
}

#[test]
fn metrics_are_summed_over_their_labels() {
    let text =
        "# TYPE a_total counter\na_total{x=\"1\",y=\"b c\"} 3\na_total{x=\"2\"} 4\na_totals 9\nb 2.0\n";
    assert_eq!([sum_of(text, "a_total"), sum_of(text, "b"), sum_of(text, "c")], [7, 2, 0]);
}

#[test]
fn a_line_stands_for_one_request_or_for_those_that_it_sums_up() {
    let line = |fields: &str, target: &str| format!("{{\"fields\":{{{fields}}},\"target\":\"{target}\"}}");
    assert_eq!(requests_of(&line("\"message\":\"request\"", "access")), 1);
    assert_eq!(
        requests_of(&line("\"message\":\"… and 12 more in the last 10 s\",\"more\":12", "access")),
        12
    );
    assert_eq!(requests_of(&line("\"message\":\"city reloaded\"", "circle")), 0);
}
