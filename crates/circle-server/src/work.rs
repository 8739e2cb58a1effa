//! Searches run on threads of their own, as many at a time as there are cores.

use crate::problem::{Problem, panic_message};
use std::cell::RefCell;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Less than a request may take, so that one given up for its time has begun.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

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

    /// Runs `job` off the async threads. When nobody waits for the answer any more, a job in the queue never runs and
    /// one that has begun is told by [`Wanted`]; it counts as running until it has ended.
    ///
    /// # Errors
    /// [`Problem::Busy`] when the queue is full or does not move, [`Problem::Internal`] when the job panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = if let Ok(permit) = self.running.clone().try_acquire_owned() {
            permit
        } else {
            let _place = self.waiting.try_acquire().map_err(|_| Problem::Busy)?;
            let turn = tokio::time::timeout(LONGEST_WAIT, self.running.clone().acquire_owned());
            turn.await.map_err(|_| Problem::Busy)?.map_err(|_| Problem::Internal)?
        };
        let asker = Arc::new(());
        let wanted = Wanted(Some(Arc::downgrade(&asker)));
        let span = tracing::Span::current();
        let job = move || {
            let result = span.in_scope(|| wanted.while_running(job));
            drop(permit);
            result
        };
        let result = tokio::task::spawn_blocking(job).await;
        drop(asker);
        result.map_err(|error| {
            match error.try_into_panic() {
                Ok(payload) => tracing::error!(message = panic_message(&*payload), "a search panicked"),
                Err(error) => tracing::error!(%error, "a search failed"),
            }
            Problem::Internal
        })
    }
}

/// Whether somebody waits for what is computed. Outside [`Work::run`] somebody always does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted(Option<Weak<()>>);

thread_local! {
    static RUNNING: RefCell<Wanted> = RefCell::default();
}

impl Wanted {
    /// Of the job that runs on this thread.
    pub(crate) fn here() -> Self {
        RUNNING.with_borrow(Clone::clone)
    }

    pub(crate) fn still(&self) -> bool {
        self.0.as_ref().is_none_or(|asker| asker.strong_count() > 0)
    }

    /// Ends the job that runs on this thread, without a line in the log.
    pub(crate) fn give_up() -> ! {
        std::panic::resume_unwind(Box::new("nobody waits for it any more"))
    }

    fn while_running<T>(self, job: impl FnOnce() -> T) -> T {
        struct Ended;
        impl Drop for Ended {
            fn drop(&mut self) {
                RUNNING.take();
            }
        }
        if !self.still() {
            Self::give_up();
        }
        RUNNING.set(self);
        let _ended = Ended;
        job()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::time::Instant;
    use tokio::task::JoinHandle;

    /// A job that has begun and ends with 1 when it is released.
    async fn held(work: &Arc<Work>) -> (mpsc::Sender<()>, JoinHandle<Result<u32, Problem>>) {
        let (release, released) = mpsc::channel::<()>();
        let (started, has_started) = tokio::sync::oneshot::channel();
        let work = work.clone();
        let job = move || {
            started.send(()).unwrap();
            released.recv().unwrap();
            1
        };
        let held = tokio::spawn(async move { work.run(job).await });
        has_started.await.unwrap();
        (release, held)
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_and_a_freed_one_takes_in() {
        let work = Arc::new(Work::new(1, 1));
        let (release, first) = held(&work).await;
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

    #[tokio::test]
    async fn a_job_whose_asker_left_does_not_run_from_the_queue() {
        let work = Arc::new(Work::new(1, 1));
        let (release, first) = held(&work).await;
        let ran = Arc::new(AtomicBool::new(false));
        let second = tokio::spawn({
            let (work, ran) = (work.clone(), ran.clone());
            async move { work.run(move || ran.store(true, Ordering::SeqCst)).await }
        });
        while work.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        second.abort();
        assert!(second.await.unwrap_err().is_cancelled());
        assert_eq!(work.waiting.available_permits(), 1, "its place in the queue is free");
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 1);
        work.run(|| ()).await.unwrap();
        assert!(!ran.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_job_that_has_begun_is_told_that_its_asker_left() {
        let work = Arc::new(Work::new(1, 0));
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (ended, end) = tokio::sync::oneshot::channel();
        let asker = tokio::spawn({
            let work = work.clone();
            async move {
                work.run(move || {
                    let wanted = Wanted::here();
                    started.send(wanted.still()).unwrap();
                    let hangs = Instant::now() + Duration::from_secs(10);
                    while wanted.still() && Instant::now() < hangs {
                        std::thread::yield_now();
                    }
                    ended.send(wanted.still()).unwrap();
                })
                .await
            }
        });
        assert!(has_started.await.unwrap());
        asker.abort();
        assert!(!end.await.unwrap(), "the job was not told");
        while work.running() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(work.run(|| Wanted::here().still()).await.unwrap(), "the next one is wanted");
        assert!(Wanted::here().still(), "outside of jobs somebody always waits");
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_does_not_move_turns_away() {
        let work = Arc::new(Work::new(1, 1));
        let _held = work.running.clone().acquire_owned().await.unwrap();
        let turned_away = tokio::time::timeout(2 * LONGEST_WAIT, work.run(|| ())).await;
        assert!(matches!(turned_away, Ok(Err(Problem::Busy))));
        assert_eq!(work.waiting.available_permits(), 1);
    }
}
