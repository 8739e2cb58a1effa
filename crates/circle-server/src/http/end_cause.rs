//! Why a request ended: decided by the layer that answers it, or by the connection that is closed under it.

use std::sync::atomic::{AtomicU8, Ordering};

/// Why a request ended. An extension of every answer that is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    /// The whole answer was passed to the connection.
    Complete,
    /// The client left before the end of the answer.
    ClientLeft,
    /// The server closed the connection: the client read the answer too slowly.
    TooSlow,
    /// The server closed the connection to make room for others.
    Evicted,
    /// The request reached its time limit.
    TimeLimit,
    /// The server was busy.
    Busy,
    /// The folder for temporary files had no room.
    NoRoom,
    /// The client sent too many requests.
    RateLimit,
    /// The request was at fault.
    Refused,
    /// The program was at fault.
    Failed,
    /// The server shut down.
    Shutdown,
}

impl Cause {
    /// All causes, in order of declaration.
    const ALL: [Self; 11] = [
        Self::Complete,
        Self::ClientLeft,
        Self::TooSlow,
        Self::Evicted,
        Self::TimeLimit,
        Self::Busy,
        Self::NoRoom,
        Self::RateLimit,
        Self::Refused,
        Self::Failed,
        Self::Shutdown,
    ];

    /// The name in the log and in `/metrics`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::ClientLeft => "client_left",
            Self::TooSlow => "too_slow",
            Self::Evicted => "evicted",
            Self::TimeLimit => "time_limit",
            Self::Busy => "busy",
            Self::NoRoom => "no_room",
            Self::RateLimit => "rate_limit",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Shutdown => "shutdown",
        }
    }
}

/// Why the server closes a connection.
///
/// The server sets it right before it closes the connection. The access log reads it when the answer is
/// dropped.
#[derive(Debug, Default)]
pub(crate) struct EndCause(AtomicU8);

impl EndCause {
    /// Sets the cause. The first one stands.
    pub(crate) fn set(&self, cause: Cause) {
        // Zero means that no cause is set.
        let _ = self.0.compare_exchange(0, cause as u8 + 1, Ordering::Release, Ordering::Relaxed);
    }

    /// The cause, if one is set.
    pub(crate) fn get(&self) -> Option<Cause> {
        let place = usize::from(self.0.load(Ordering::Acquire)).checked_sub(1)?;
        Cause::ALL.get(place).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_read_as_it_was_set_and_the_first_one_stands() {
        assert_eq!(EndCause::default().get(), None);
        for cause in Cause::ALL {
            let end = EndCause::default();
            end.set(cause);
            end.set(Cause::Shutdown);
            assert_eq!(end.get(), Some(cause));
        }
    }
}
