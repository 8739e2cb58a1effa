//! Sums up repeated lines of the level ERROR, as the server does with the lines of requests.

use circle_server::repeats::{PERIOD, RepeatCounts};
use std::fmt;
use std::sync::Arc;
use std::thread;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// Most kinds that are counted separately; all others share one count.
const MOST_KINDS: usize = 64;
/// Most characters of a message that are compared.
const LONGEST_KIND: usize = 200;
/// The target of the summaries, which are not counted themselves.
const SUMMARY: &str = "circle::repeats";

/// Writes the first lines of each kind in a period, and one summary of the others at its end.
#[derive(Debug, Clone)]
pub(super) struct Repeats(Arc<RepeatCounts<String>>);

impl Default for Repeats {
    fn default() -> Self {
        Self(Arc::new(RepeatCounts::new(MOST_KINDS)))
    }
}

impl<S: Subscriber> Layer<S> for Repeats {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let is_counted = *metadata.level() == Level::ERROR && metadata.target() != SUMMARY;
        !is_counted || self.0.is_written(kind_of(event), || self.begin_period())
    }
}

impl Repeats {
    /// Writes the summaries of this period.
    pub(super) fn end_period(&self) {
        write_summaries(&self.0);
    }

    /// Begins a period; `false` if the system has no thread that could end it.
    fn begin_period(&self) -> bool {
        let counts = Arc::downgrade(&self.0);
        let end = move || {
            thread::sleep(PERIOD);
            if let Some(counts) = counts.upgrade() {
                write_summaries(&counts);
            }
        };
        thread::Builder::new().name("log repeats".to_owned()).spawn(end).is_ok()
    }
}

fn write_summaries(counts: &RepeatCounts<String>) {
    for (kind, more) in counts.end_period() {
        let of = kind.map_or_else(
            || "of other kinds in the last 10 s".to_owned(),
            |kind| format!("in the last 10 s: {kind}"),
        );
        tracing::error!(target: SUMMARY, more, "… and {more} more {of}");
    }
}

/// The kind of a line: the first line of its message. Of a panic, that is the place in the source.
fn kind_of(event: &Event<'_>) -> String {
    let mut message = Message::default();
    event.record(&mut message);
    message.first_line.unwrap_or_default()
}

#[derive(Debug, Default)]
struct Message {
    first_line: Option<String>,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // A value may have the same name; the message comes first.
        if field.name() == "message" && self.first_line.is_none() {
            let text = format!("{value:?}");
            let first = text.lines().next().unwrap_or_default();
            self.first_line = Some(first.chars().take(LONGEST_KIND).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::serve::log::tests::Memory;
    use circle_server::repeats::MOST_LINES;
    use tracing_subscriber::layer::SubscriberExt;

    /// The lines of a log to which `write` writes.
    fn logged(write: impl FnOnce(&Repeats)) -> Vec<String> {
        let (repeats, memory) = (Repeats::default(), Memory::default());
        let writer = memory.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false);
        tracing::subscriber::with_default(log.finish().with(repeats.clone()), || write(&repeats));
        let text = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn count(lines: &[String], words: &str) -> usize {
        lines.iter().filter(|line| line.contains(words)).count()
    }

    #[test]
    fn repeated_errors_are_summed_up_and_other_lines_are_written() {
        let lines = logged(|repeats| {
            for number in 0..20 {
                tracing::error!(number, "a table could not be written");
                tracing::error!("panicked at a.rs:1:2:\nindex {number}");
                tracing::info!("request");
            }
            tracing::error!("city not reloaded");
            repeats.end_period();
            tracing::error!("panicked at a.rs:1:2:\nindex 20");
        });
        assert_eq!(count(&lines, "a table could not be written"), 5 + 1);
        assert_eq!(count(&lines, "… and 15 more in the last 10 s: a table could not be written"), 1);
        assert_eq!(count(&lines, "… and 15 more in the last 10 s: panicked at a.rs:1:2:"), 1);
        assert_eq!(count(&lines, "index "), 5 + 1, "a new period begins");
        assert_eq!((count(&lines, "request"), count(&lines, "city not reloaded")), (20, 1));
    }

    #[test]
    fn errors_of_many_kinds_share_one_count() {
        let lines = logged(|repeats| {
            for number in 0..200 {
                tracing::error!("panicked at a.rs:{number}:1:");
            }
            repeats.end_period();
        });
        assert_eq!(count(&lines, "panicked at"), MOST_KINDS + MOST_LINES as usize);
        assert_eq!(count(&lines, "… and 131 more of other kinds in the last 10 s"), 1);
    }
}
