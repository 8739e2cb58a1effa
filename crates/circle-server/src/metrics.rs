//! `/metrics`: what was answered and how fast, as Prometheus text.

use crate::etag;
use crate::served::{Pinned, Served};
use axum::extract::{Request, State as Shared};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper ends of the histogram's buckets, in seconds; the last bucket has none.
const BUCKETS: [f64; 11] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Counts since the server started.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Answers, by [`CLASSES`].
    answers: [AtomicU64; CLASSES.len()],
    /// Answers, by the bucket their time falls in.
    times: [AtomicU64; BUCKETS.len() + 1],
    microseconds: AtomicU64,
}

/// Counts an answer and its time until the body begins.
pub(crate) async fn count(Shared(served): Shared<Served>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let response = next.run(request).await;
    let (state, took) = (served.now(), start.elapsed());
    let metrics = &state.metrics;
    let class = usize::from(response.status().as_u16() / 100).clamp(1, CLASSES.len()) - 1;
    let bucket = BUCKETS.partition_point(|end| *end < took.as_secs_f64());
    metrics.answers[class].fetch_add(1, Relaxed);
    metrics.times[bucket].fetch_add(1, Relaxed);
    metrics.microseconds.fetch_add(took.as_micros() as u64, Relaxed);
    response
}

/// The counts in Prometheus' text format.
pub(crate) async fn metrics(Pinned(state): Pinned) -> Response {
    let text = text(&state.metrics, state.work.running());
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    etag::of_text(&text, (kind, text.clone()).into_response())
}

fn text(metrics: &Metrics, running: usize) -> String {
    let mut text =
        String::from("# HELP circle_answers_total Answers by status.\n# TYPE circle_answers_total counter\n");
    for (class, answers) in CLASSES.iter().zip(&metrics.answers) {
        let _ = writeln!(text, "circle_answers_total{{status=\"{class}\"}} {}", answers.load(Relaxed));
    }
    text.push_str(
        "# HELP circle_answer_seconds Time to an answer.\n# TYPE circle_answer_seconds histogram\n",
    );
    let ends = BUCKETS.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
    let mut count = 0;
    for (end, times) in ends.zip(&metrics.times) {
        count += times.load(Relaxed);
        let _ = writeln!(text, "circle_answer_seconds_bucket{{le=\"{end}\"}} {count}");
    }
    let seconds = metrics.microseconds.load(Relaxed) as f64 / 1e6;
    let _ = writeln!(text, "circle_answer_seconds_sum {seconds}\ncircle_answer_seconds_count {count}");
    text.push_str("# HELP circle_searches_running Searches running.\n# TYPE circle_searches_running gauge\n");
    let _ = writeln!(text, "circle_searches_running {running}");
    text
}
