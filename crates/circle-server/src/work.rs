//! Searches run on threads of their own, as many at a time as there are cores.

use crate::problem::Problem;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Bounds how many searches run and how many wait.
#[derive(Debug)]
pub(crate) struct Work {
    /// How many may run.
    most: usize,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Work {
    /// At most `running` at a time and `waiting` in the queue.
    pub(crate) fn new(running: usize, waiting: usize) -> Self {
        Self {
            most: running,
            running: Arc::new(Semaphore::new(running)),
            waiting: Arc::new(Semaphore::new(waiting)),
        }
    }

    /// Searches running at the moment.
    pub(crate) fn running(&self) -> usize {
        self.most.saturating_sub(self.running.available_permits())
    }

    /// Runs `job` off the async threads. A job that has begun is finished even when nobody waits for it
    /// any more, and counts as running until then.
    ///
    /// # Errors
    /// [`Problem::Busy`] when the queue is full, [`Problem::Internal`] when the job panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = if let Ok(permit) = self.running.clone().try_acquire_owned() {
            permit
        } else {
            let _place = self.waiting.try_acquire().map_err(|_| Problem::Busy)?;
            self.running.clone().acquire_owned().await.map_err(|_| Problem::Internal)?
        };
        let job = move || {
            let result = job();
            drop(permit);
            result
        };
        tokio::task::spawn_blocking(job).await.map_err(|error| {
            tracing::error!(%error, "a search failed");
            Problem::Internal
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn a_full_queue_turns_away_and_a_freed_one_takes_in() {
        let work = Arc::new(Work::new(1, 1));
        let (release, released) = mpsc::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let first = tokio::spawn({
            let work = work.clone();
            async move {
                work.run(move || {
                    started.send(()).unwrap();
                    released.recv().unwrap();
                    1
                })
                .await
            }
        });
        has_started.await.unwrap();
        let second = tokio::spawn({
            let work = work.clone();
            async move { work.run(|| 2).await }
        });
        while work.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(work.run(|| 3).await, Err(Problem::Busy)));
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 1);
        assert_eq!(second.await.unwrap().unwrap(), 2);
        assert_eq!(work.run(|| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_panicking_job_is_a_problem_and_frees_its_place() {
        let work = Work::new(1, 0);
        assert!(matches!(work.run(|| panic!("on purpose")).await, Err::<(), _>(Problem::Internal)));
        assert_eq!(work.run(|| 5).await.unwrap(), 5);
    }
}
