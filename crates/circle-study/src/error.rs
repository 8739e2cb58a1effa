//! The errors of the use cases.

use crate::refusal::Refusal;
use circle_export::ExportError;
use circle_reach::Cancelled;
use std::any::Any;
use std::fmt::Display;
use std::time::Duration;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StudyError {
    /// The question is wrong, or names something that does not exist.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many searches are running and queued.
    #[error("too many searches at once; try again in a moment")]
    Busy,
    /// The searches of the client have used up its budget.
    #[error("the searches of this address have used up their time; come back in {} s", whole_seconds(*.0))]
    OverBudget(Duration),
    /// The folder for temporary files is full or cannot be used; the log names it.
    #[error(
        "the server has no room for the temporary files of this answer; try another format, or try again later"
    )]
    NoRoom,
    /// Every caller left before the answer was ready.
    #[error("the search was cancelled")]
    Cancelled,
    /// A bug in the program, or a file that could not be written; the log has the details.
    #[error("the program failed on this question; the log says more")]
    Failed,
}

impl From<Cancelled> for StudyError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl StudyError {
    /// Logs that an answer could not be written, and returns [`StudyError::Failed`].
    pub fn unwritten(what: &str, error: &dyn Display) -> Self {
        tracing::error!(%error, "{what} could not be written");
        Self::Failed
    }

    /// Logs that a table could not be written in a format, and returns [`StudyError::NoRoom`] if there was no
    /// room for temporary files, else [`StudyError::Failed`].
    pub(crate) fn unencoded(error: &ExportError) -> Self {
        if matches!(error, ExportError::Cancelled(_)) {
            return Self::Cancelled;
        }
        let failed = Self::unwritten("a table", error);
        if matches!(error, ExportError::TemporaryFolder { .. }) { Self::NoRoom } else { failed }
    }

    /// Logs the message of a panic, and returns [`StudyError::Failed`].
    pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Self {
        tracing::error!(message = panic_message(payload), "a search panicked");
        Self::Failed
    }
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs_f64().ceil() as u64
}

/// The message of a panic's payload; `no message` if the payload is not text.
pub fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let message = payload.downcast_ref::<String>().map(String::as_str);
    message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message")
}
