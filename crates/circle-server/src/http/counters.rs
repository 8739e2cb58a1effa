//! Counters of answers, by status and by response time.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Classes of status codes, by their first digit.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper ends of the histogram's buckets, in seconds; the last bucket has none.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Counts since the server started.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Answers by status class, as in [`CLASSES`].
    answers: [AtomicU64; CLASSES.len()],
    /// Answers by histogram bucket of their response time.
    times: [AtomicU64; BUCKETS.len() + 1],
    /// Sum of all response times.
    microseconds: AtomicU64,
}

impl Counters {
    /// Counts an answer, with the time until its headers were ready.
    pub(crate) fn count(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        let bucket = BUCKETS.partition_point(|end| *end < took.as_secs_f64());
        self.answers[class].fetch_add(1, Relaxed);
        self.times[bucket].fetch_add(1, Relaxed);
        self.microseconds.fetch_add(took.as_micros() as u64, Relaxed);
    }

    /// The counts in Prometheus' text format, with the number of running searches.
    pub(crate) fn text(&self, running: usize) -> String {
        let mut text = String::from(
            "# HELP circle_answers_total Answers by status.\n# TYPE circle_answers_total counter\n",
        );
        for (class, answers) in CLASSES.iter().zip(&self.answers) {
            let _ = writeln!(text, "circle_answers_total{{status=\"{class}\"}} {}", answers.load(Relaxed));
        }
        text.push_str(
            "# HELP circle_answer_seconds Time to an answer.\n# TYPE circle_answer_seconds histogram\n",
        );
        let ends = BUCKETS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
        let mut count = 0;
        for (end, times) in ends.zip(&self.times) {
            count += times.load(Relaxed);
            let _ = writeln!(text, "circle_answer_seconds_bucket{{le=\"{end}\"}} {count}");
        }
        let seconds = self.microseconds.load(Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "circle_answer_seconds_sum {seconds}\ncircle_answer_seconds_count {count}");
        text.push_str(
            "# HELP circle_searches_running Searches running.\n# TYPE circle_searches_running gauge\n",
        );
        let _ = writeln!(text, "circle_searches_running {running}");
        text
    }
}
