//! The end of a command: one line on standard error and the exit status.

use circle_model::files::clean;
use circle_study::Refusal;
use std::io::{ErrorKind, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the data is at fault: exit status 1.
    Data(anyhow::Error),
    /// The command was called wrongly: exit status 2.
    Usage(String),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Data(error.into())
    }
}

impl Failure {
    /// The failure of a rejected question. Its parameters are flags here.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Parameter { name, message } => Self::Usage(format!("--{name}: {message}")),
            Refusal::Outside { name, message } => Self::Data(anyhow::anyhow!("--{name}: {message}")),
            Refusal::NoSuch { .. } | Refusal::Word { .. } | Refusal::TooMuch(_) => {
                Self::Usage(refusal.to_string())
            }
            other => Self::Data(other.into()),
        }
    }
}

/// The result of every command.
pub(crate) type Outcome = Result<(), Failure>;

/// Runs a command. A panic, which is a bug in the program, becomes one line with exit status 70.
pub(crate) fn guard(command: impl FnOnce() -> Outcome) -> ExitCode {
    // Silent, because damaged blocks of an extract make the decoder panic, and the import turns that into an
    // error.
    std::panic::set_hook(Box::new(|_| {}));
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(Failure::Data(error))) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(Failure::Data(error))) => fail(&format!("{error:#}"), 1),
        Ok(Err(Failure::Usage(message))) => fail(&message, 2),
        Err(panic) => {
            let what = panic.downcast_ref::<&str>().map(ToString::to_string);
            let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            fail(&format!("internal error, please report it with the input: {what}"), 70)
        }
    }
}

/// Prints a help text, the version or a message about wrong usage, and returns the exit status: 1 if a text
/// that was asked for cannot be printed, as to a full disk.
pub(crate) fn print_clap_error(message: &clap::Error) -> ExitCode {
    let printed = message.print().and_then(|()| std::io::stdout().flush());
    match printed {
        Err(error) if message.exit_code() == 0 && error.kind() != ErrorKind::BrokenPipe => {
            fail(&format!("standard output: {error}"), 1)
        }
        _ => ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2)),
    }
}

/// Longest message, in characters: files may put anything into one.
const LONGEST: usize = 2_000;

fn fail(message: &str, status: u8) -> ExitCode {
    notify(&format!("circle: {}\n", clean(message, LONGEST)));
    ExitCode::from(status)
}

/// Prints to standard error. A failed print does not fail the command.
pub(crate) fn notify(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// `--quiet`; set once, by `main`.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Suppresses progress and summaries, for `--quiet`.
pub(crate) fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether progress and summaries are suppressed.
pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Prints a summary to standard error, unless `--quiet` is set.
pub(crate) fn summarize(text: &str) {
    if !is_quiet() {
        notify(text);
    }
}

/// Whether the reader of the output has closed the pipe.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
