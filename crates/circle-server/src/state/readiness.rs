//! The last time at which a search was answered, for `/readyz`.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A good answer is reused for this long, so that a flood of requests is not a flood of searches.
const REUSED: Duration = Duration::from_secs(1);

/// The time of the last good answer.
#[derive(Debug, Default)]
pub(crate) struct Readiness(Mutex<Option<Instant>>);

impl Readiness {
    /// Whether `answer` is good. It is not awaited within a second after a good one.
    pub(crate) async fn confirm(&self, answer: impl Future<Output = bool>) -> bool {
        if self.last().is_some_and(|last| last.elapsed() < REUSED) {
            return true;
        }
        let is_good = answer.await;
        if is_good {
            *self.last() = Some(Instant::now());
        }
        is_good
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test(start_paused = true)]
    async fn a_good_answer_is_reused_for_a_second_and_a_bad_one_is_not() {
        let (readiness, asked) = (Readiness::default(), Cell::new(0));
        let confirm = async |is_good: bool| {
            let answer = async {
                asked.set(asked.get() + 1);
                is_good
            };
            (readiness.confirm(answer).await, asked.get())
        };
        assert_eq!([confirm(false).await, confirm(false).await], [(false, 1), (false, 2)]);
        assert_eq!([confirm(true).await, confirm(false).await], [(true, 3), (true, 3)]);
        tokio::time::advance(REUSED).await;
        assert_eq!(confirm(false).await, (false, 4));
    }
}
