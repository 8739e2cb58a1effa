//! The pool of threads that searches run on.
//!
//! One search runs per core. A worker that finishes takes the next job itself, so the search state that it
//! holds is still in the processor's cache. A search that runs for longer than 2 s no longer counts towards
//! the limit: the pool has twice as many threads as cores, and a spare thread takes the next job.

use crate::error::StudyError;
use circle_reach::Cancel;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Longest wait in the queue. It is shorter than the time limit of a request (30 s), so that the search of a
/// request that timed out has begun, and a repeated request finds its result.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// A search that has run for this long no longer counts towards the limit of running searches.
const LONG: Duration = Duration::from_secs(2);
/// Jobs that may wait in the queue of the default pool.
const WAITING: usize = 256;

/// Bounds how many searches run and how many wait. Its threads start with the first search.
#[derive(Debug)]
pub struct Pool {
    queue: Arc<Queue>,
    threads: Once,
}

#[derive(Debug)]
struct Queue {
    /// Limit of running searches. As many long searches may run beside them.
    threads: usize,
    most_waiting: usize,
    long: Duration,
    jobs: Mutex<Jobs>,
    /// Notified of new jobs and of the shutdown.
    changed: Condvar,
}

#[derive(Default)]
struct Jobs {
    /// Numbered jobs, in order of arrival.
    waiting: VecDeque<(u64, Job)>,
    next_number: u64,
    /// Number and start time of each running job.
    running: Vec<(u64, Instant)>,
    /// `true` while a thread waits for one of the running jobs to become long.
    watched: bool,
    shutdown: bool,
}

/// Runs a search and returns the closure that sends its result. The worker calls it once the job no longer
/// counts as running.
type Job = Box<dyn FnOnce() -> Reply + Send>;
type Reply = Box<dyn FnOnce() + Send>;

impl Default for Pool {
    /// One running search per core, and 256 in the queue.
    fn default() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get), WAITING)
    }
}

impl Pool {
    /// At most `running` searches at a time and `waiting` in the queue.
    pub fn new(running: usize, waiting: usize) -> Self {
        Self::with_long(LONG, running, waiting)
    }

    fn with_long(long: Duration, running: usize, waiting: usize) -> Self {
        let queue = Queue {
            threads: running,
            most_waiting: waiting,
            long,
            jobs: Mutex::default(),
            changed: Condvar::new(),
        };
        Self { queue: Arc::new(queue), threads: Once::new() }
    }

    /// Number of running searches.
    pub fn running(&self) -> usize {
        self.queue.jobs().running.len()
    }

    /// Runs `job` on one of the threads.
    ///
    /// When the returned future is dropped, a queued job never runs, and a running job is cancelled through
    /// its token. A cancelled job counts as running until it returns.
    ///
    /// # Errors
    /// The error of `job`; [`StudyError::Busy`] when the queue is full, or the job has waited in it for 20 s;
    /// [`StudyError::Failed`] when the job panics.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Cancel) -> Result<T, StudyError> + Send + 'static,
    ) -> Result<T, StudyError> {
        let caller = Arc::new(());
        let calls = Arc::downgrade(&caller);
        let cancel = Cancel::when(move || calls.strong_count() == 0);
        let span = tracing::Span::current();
        let (sender, mut receiver) = oneshot::channel();
        let place = self.add(Box::new(move || {
            let run = AssertUnwindSafe(|| {
                cancel.check()?;
                job(&cancel)
            });
            let result = span.in_scope(|| {
                catch_unwind(run).unwrap_or_else(|payload| Err(StudyError::panicked(&*payload)))
            });
            Box::new(move || {
                // Fails if the caller has left.
                let _ = sender.send(result);
            })
        }))?;
        let result = match tokio::time::timeout(LONGEST_WAIT, &mut receiver).await {
            Ok(result) => result,
            Err(_) if place.leave() => return Err(StudyError::Busy),
            Err(_) => receiver.await,
        };
        drop(caller);
        result.unwrap_or(Err(StudyError::Failed))
    }

    /// # Errors
    /// [`StudyError::Busy`] when the queue is full.
    fn add(&self, job: Job) -> Result<Place<'_>, StudyError> {
        self.threads.call_once(|| {
            for _ in 0..2 * self.queue.threads {
                let queue = self.queue.clone();
                let thread = std::thread::Builder::new().name("search".to_owned());
                if let Err(error) = thread.spawn(move || queue.work()) {
                    tracing::error!(%error, "a thread for searches could not be started");
                }
            }
        });
        self.queue.add(job)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.jobs().shutdown = true;
        self.queue.changed.notify_all();
    }
}

impl Queue {
    /// # Errors
    /// [`StudyError::Busy`] when it is full.
    fn add(&self, job: Job) -> Result<Place<'_>, StudyError> {
        let mut jobs = self.jobs();
        if self.until_long(&jobs).count() + jobs.waiting.len() >= self.threads + self.most_waiting {
            return Err(StudyError::Busy);
        }
        jobs.next_number += 1;
        let number = jobs.next_number;
        jobs.waiting.push_back((number, job));
        self.wake(&jobs);
        Ok(Place { queue: self, number })
    }

    /// The loop of each thread, until the shutdown.
    fn work(&self) {
        let mut jobs = self.jobs();
        while !jobs.shutdown {
            if jobs.waiting.is_empty() {
                jobs = self.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            if self.until_long(&jobs).count() >= self.threads {
                // A worker that finishes takes the next job itself; one thread waits for a job to become
                // long.
                if jobs.watched {
                    jobs = self.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                } else {
                    let next = self.until_long(&jobs).min().unwrap_or_default();
                    jobs.watched = true;
                    jobs = self.changed.wait_timeout(jobs, next).unwrap_or_else(PoisonError::into_inner).0;
                    jobs.watched = false;
                }
                continue;
            }
            let Some((number, job)) = jobs.waiting.pop_front() else { continue };
            jobs.running.push((number, Instant::now()));
            self.wake(&jobs);
            drop(jobs);
            // A job catches the panics of its search. Any other panic must not cost a thread.
            let reply = catch_unwind(AssertUnwindSafe(job));
            self.jobs().running.retain(|(other, _)| *other != number);
            if let Ok(reply) = reply {
                let _ = catch_unwind(AssertUnwindSafe(reply));
            }
            jobs = self.jobs();
        }
    }

    /// Wakes a thread if there is a job to take, or if no thread watches the running jobs.
    fn wake(&self, jobs: &Jobs) {
        if !jobs.waiting.is_empty() && (!jobs.watched || self.until_long(jobs).count() < self.threads) {
            self.changed.notify_one();
        }
    }

    /// The time until each running job becomes long, for those that are not long yet.
    fn until_long<'a>(&self, jobs: &'a Jobs) -> impl Iterator<Item = Duration> + use<'a> {
        let long = self.long;
        let left = move |(_, since): &(u64, Instant)| long.checked_sub(since.elapsed());
        jobs.running.iter().filter_map(left).filter(|left| !left.is_zero())
    }

    /// No job runs under the lock, so none poisons it.
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job's place in the queue. Dropping the place removes the job from the queue.
struct Place<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Place<'_> {
    /// Removes the job from the queue. `true` if it was still queued; such a job never runs.
    fn leave(&self) -> bool {
        let mut jobs = self.queue.jobs();
        let waits = jobs.waiting.iter().position(|(number, _)| *number == self.number);
        let left = waits.and_then(|position| jobs.waiting.remove(position));
        drop(jobs);
        left.is_some()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs")
            .field("waiting", &self.waiting.len())
            .field("running", &self.running.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
