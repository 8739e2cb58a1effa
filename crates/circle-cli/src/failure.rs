//! How a command ends: one clear line and the right exit status.

use circle_model::files::clean;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the data is at fault.
    Data(anyhow::Error),
    /// The command was called wrongly.
    Usage(String),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Data(error.into())
    }
}

/// What every command returns.
pub(crate) type Outcome = Result<(), Failure>;

/// Runs a command. A panic, which would be a fault of ours, becomes one line as well.
pub(crate) fn guard(command: impl FnOnce() -> Outcome) -> ExitCode {
    // Damaged blocks of an extract make their decoder panic; the import turns that into an error of its own.
    std::panic::set_hook(Box::new(|_| {}));
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(Failure::Data(error))) if closed_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(Failure::Data(error))) => say(&format!("{error:#}"), 1),
        Ok(Err(Failure::Usage(message))) => say(&message, 2),
        Err(panic) => {
            let what = panic.downcast_ref::<&str>().map(ToString::to_string);
            let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            say(&format!("internal error, please report it with the input: {what}"), 70)
        }
    }
}

/// Files may put anything into a message.
const LONGEST: usize = 2_000;

fn say(message: &str, status: u8) -> ExitCode {
    tell(&format!("circle: {}\n", clean(message, LONGEST)));
    ExitCode::from(status)
}

/// Says something on standard error. That nobody can be told is no failure of what was done.
pub(crate) fn tell(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Whether nothing but what went wrong is said; set once, from the command line.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Keeps progress and summaries back, where `--quiet` asks for it.
pub(crate) fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether progress and summaries are kept back.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Says how it went on standard error, unless `--quiet` was asked for.
pub(crate) fn summarize(text: &str) {
    if !is_quiet() {
        tell(text);
    }
}

/// Whoever read our output has seen enough.
fn closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
