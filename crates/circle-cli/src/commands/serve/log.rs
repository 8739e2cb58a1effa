//! The log of the server, on standard error.
//!
//! Logging never blocks and never fails: lines wait in a bounded queue for a thread that writes them. A line
//! that finds no room or cannot be written is counted as lost. Repeated errors are summed up.

mod repeats;

use self::repeats::Repeats;
use crate::args;
use circle_server::AccessLines;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Most lines that wait to be written.
const MOST_WAITING: usize = 16_384;
/// Longest wait for the last lines at the end of the process.
const LONGEST_FLUSH: Duration = Duration::from_millis(900);

/// Starts the log of the process. It is written to its end when the returned value is dropped.
pub(crate) fn start(form: args::Log) -> LogQueue {
    let queue = LogQueue::new(io::stderr(), MOST_WAITING);
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(queue.lines.clone())
        .with_ansi(is_coloured())
        // They would be printed with `eprintln!`, which panics if standard error cannot be written.
        .log_internal_errors(false);
    let repeats = queue.repeats.clone();
    match form {
        args::Log::Text => log.finish().with(repeats).init(),
        args::Log::Json => log.json().finish().with(repeats).init(),
    }
    queue
}

/// The requests that get a line in the log.
pub(crate) fn access_lines(choice: args::AccessLog) -> AccessLines {
    match choice {
        args::AccessLog::Off => AccessLines::Off,
        args::AccessLog::Problems => AccessLines::Problems,
        args::AccessLog::All => AccessLines::All,
    }
}

/// Whether standard error shows colours; see <https://no-color.org>.
fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The lines that wait to be written. Dropping it waits until they are, but for less than a second.
pub(crate) struct LogQueue {
    lines: NonBlocking,
    repeats: Repeats,
    /// Lines whose write failed.
    failed: Arc<AtomicU64>,
    /// Receives when the writer takes an empty line.
    flushed: Receiver<()>,
}

impl LogQueue {
    fn new(writer: impl Write + Send + 'static, most_waiting: usize) -> Self {
        let failed = Arc::<AtomicU64>::default();
        let (sender, flushed) = mpsc::channel();
        let builder = NonBlockingBuilder::default().buffered_lines_limit(most_waiting).lossy(true);
        let writer = CountingWriter { writer, failed: failed.clone(), flushed: sender };
        let (lines, guard) = builder.thread_name("log").finish(writer);
        // Its drop waits for over a second if the log is not read, and prints to standard output.
        std::mem::forget(guard);
        Self { lines, repeats: Repeats::default(), failed, flushed }
    }

    /// Returns the number of lines that were lost so far.
    pub(crate) fn lost_lines(&self) -> impl Fn() -> u64 + Send + Sync + use<> + 'static {
        let (failed, dropped) = (self.failed.clone(), self.lines.error_counter());
        move || failed.load(Ordering::Relaxed) + dropped.dropped_lines() as u64
    }

    /// Waits until all lines are written, for `longest` at most. Returns whether they are.
    fn flush(&self, longest: Duration) -> bool {
        // An empty line marks the end of the queue.
        self.lines.clone().write_all(&[]).is_ok() && self.flushed.recv_timeout(longest).is_ok()
    }
}

impl Drop for LogQueue {
    fn drop(&mut self) {
        self.repeats.end_period();
        self.flush(LONGEST_FLUSH);
    }
}

/// A writer that counts the lines that it cannot write.
struct CountingWriter<W> {
    writer: W,
    failed: Arc<AtomicU64>,
    flushed: Sender<()>,
}

impl<W: Write> Write for CountingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Writes a line, in one call of the thread of the queue.
    fn write_all(&mut self, line: &[u8]) -> io::Result<()> {
        if line.is_empty() {
            // Fails if the receiver is gone.
            let _ = self.flushed.send(());
        } else if self.writer.write_all(line).is_err() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::sync::Mutex;

    /// A writer whose writes do not return before the other end of the channel is dropped.
    struct Blocked(Receiver<()>);

    impl Write for Blocked {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A full disk.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A writer that collects the log.
    #[derive(Clone, Default)]
    pub(super) struct Memory(pub(super) Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn write(queue: &LogQueue, lines: usize) {
        for line in 0..lines {
            queue.lines.clone().write_all(format!("line {line}\n").as_bytes()).unwrap();
        }
    }

    #[test]
    fn a_blocked_writer_blocks_no_caller_and_lost_lines_are_counted() {
        let (release, blocked) = mpsc::channel();
        let queue = LogQueue::new(Blocked(blocked), 4);
        write(&queue, 100);
        // Four lines wait, and the writer may have taken one.
        let lost = queue.lost_lines()();
        assert!((95..=96).contains(&lost), "{lost}");
        assert!(!queue.flush(Duration::ZERO), "nothing is written");
        // Its drop would wait for the writer.
        std::mem::forget(queue);
        drop(release);
    }

    #[test]
    fn a_line_that_cannot_be_written_is_lost() {
        let queue = LogQueue::new(Full, 100);
        write(&queue, 3);
        assert!(queue.flush(Duration::MAX), "the writer goes on");
        assert_eq!(queue.lost_lines()(), 3);
    }

    #[test]
    fn lines_are_written_in_order() {
        let memory = Memory::default();
        let queue = LogQueue::new(memory.clone(), 100);
        write(&queue, 3);
        drop(queue);
        assert_eq!(memory.0.lock().unwrap().as_slice(), b"line 0\nline 1\nline 2\n");
    }
}
