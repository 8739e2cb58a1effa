//! The queue and the threads of one lane.

use super::budget::Budget;
use super::fair::{FairQueue, Next, Taken};
use crate::client::Client;
use crate::error::StudyError;
use circle_reach::Cancelled;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longest time that a search runs before it lets another client's search run, at its next pause.
const SLICE: Duration = Duration::from_millis(200);
/// Interval at which a paused search checks whether its caller has left.
const POLL: Duration = Duration::from_millis(100);
/// Longest wait for a job to become long, in lanes where none does.
const LONGEST_WATCH: Duration = Duration::from_hours(1);

/// One lane.
#[derive(Debug)]
pub(super) struct LaneQueue {
    /// Limit of running jobs. As many long or paused jobs may have begun beside them.
    limit: usize,
    most_waiting: usize,
    /// Jobs of one client that may have begun, so that it never holds all threads.
    most_of_one: usize,
    /// A job that has run for this long no longer counts towards the limit.
    long: Duration,
    jobs: Mutex<Jobs>,
    /// Notified of new jobs, of jobs that ended or paused, and of the shutdown.
    changed: Condvar,
    budget: Option<Arc<Budget>>,
}

#[derive(Debug, Default)]
struct Jobs {
    waiting: FairQueue<Job>,
    next_number: u64,
    running: Vec<Running>,
    /// Threads without a job.
    idle: usize,
    /// `true` while a thread waits for one of the running jobs to become long.
    watched: bool,
    shutdown: bool,
    /// Time that all jobs of the lane have taken.
    busy: Duration,
}

#[derive(Debug)]
struct Running {
    number: u64,
    client: Client,
    charged: Duration,
    since: Instant,
}

/// Runs a search and returns the closure that sends its result. The worker calls it once the job no longer
/// counts as running.
pub(super) type Job = Box<dyn FnOnce(&Turn) -> Reply + Send>;
pub(super) type Reply = Box<dyn FnOnce() + Send>;

/// The figures of a lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LaneFigures {
    /// Jobs that wait and have not begun.
    pub waiting: usize,
    /// Running jobs.
    pub running: usize,
    /// Jobs that have begun and let others run.
    pub paused: usize,
    /// Time that all jobs have taken.
    pub busy: Duration,
}

impl LaneQueue {
    pub(super) fn new(
        limit: usize,
        most_waiting: usize,
        most_of_one: usize,
        long: Duration,
        budget: Option<Arc<Budget>>,
    ) -> Self {
        Self {
            limit,
            most_waiting,
            most_of_one,
            long,
            jobs: Mutex::default(),
            changed: Condvar::new(),
            budget,
        }
    }

    /// Number of threads that call [`Self::work`].
    pub(super) const fn threads(&self) -> usize {
        2 * self.limit
    }

    pub(super) fn figures(&self) -> LaneFigures {
        let jobs = self.jobs();
        let now: Duration = jobs.running.iter().map(|running| running.since.elapsed()).sum();
        LaneFigures {
            waiting: jobs.waiting.new_jobs(),
            running: jobs.running.len(),
            paused: jobs.waiting.begun_jobs(),
            busy: jobs.busy + now,
        }
    }

    /// Adds a job. If the queue is full, the client with the most waiting jobs loses its last one, which is dropped.
    ///
    /// # Errors
    /// [`StudyError::Busy`] when the queue is full and no client has more waiting jobs than this one.
    pub(super) fn add(&self, client: Client, job: Job) -> Result<QueuedJob<'_>, StudyError> {
        let mut jobs = self.jobs();
        let mut dropped = None;
        if self.until_long(&jobs).count() + jobs.waiting.new_jobs() >= self.limit + self.most_waiting {
            let (longest, last) = jobs.waiting.longest_but(client).ok_or(StudyError::Busy)?;
            dropped = jobs.waiting.remove_new(longest, last);
        }
        jobs.next_number += 1;
        let number = jobs.next_number;
        jobs.waiting.push(client, number, job);
        self.wake(&jobs);
        drop(jobs);
        // Its caller is woken; not under the lock.
        drop(dropped);
        Ok(QueuedJob { lane: self, number })
    }

    /// Moves a job that has not begun to a client whose turn comes earlier.
    pub(super) fn offer(&self, number: u64, client: Client) {
        let mut jobs = self.jobs();
        jobs.waiting.offer(number, client);
        self.wake(&jobs);
    }

    /// The loop of each thread, until the shutdown. `run` runs a job, and `cost` is what all jobs of the thread have
    /// cost, which a job's client pays from its budget when the job ends.
    pub(super) fn work(self: &Arc<Self>, cost: impl Fn() -> Duration, run: impl Fn(Job, &Turn) -> Reply) {
        let mut jobs = self.jobs();
        while !jobs.shutdown {
            let next = jobs.waiting.peek(true, self.most_of_one).filter(|_| self.has_room(&jobs));
            // The thread of a job that has begun continues it itself.
            let Some(Next { client, number, .. }) = next.filter(|next| !next.has_begun) else {
                jobs.idle += 1;
                jobs = self.wait(jobs);
                jobs.idle -= 1;
                continue;
            };
            let Some(Taken { job: Some(job), charged }) = jobs.waiting.take(client, number) else { continue };
            jobs.running.push(Running { number, client, charged, since: Instant::now() });
            self.wake(&jobs);
            drop(jobs);
            let turn = Turn { lane: self.clone(), client, number };
            let before = cost();
            // A job catches the panics of its search. Any other panic must not cost a thread.
            let reply = catch_unwind(AssertUnwindSafe(|| run(job, &turn)));
            if let Some(budget) = &self.budget {
                budget.charge(client, cost().saturating_sub(before), Instant::now());
            }
            self.end(&mut self.jobs(), number);
            if let Ok(reply) = reply {
                let _ = catch_unwind(AssertUnwindSafe(reply));
            }
            jobs = self.jobs();
        }
    }

    /// Ends the threads.
    pub(super) fn shut_down(&self) {
        self.jobs().shutdown = true;
        self.changed.notify_all();
    }

    /// Waits for a change. If jobs wait for a running job to become long, one thread wakes up then.
    fn wait<'a>(&self, mut jobs: MutexGuard<'a, Jobs>) -> MutexGuard<'a, Jobs> {
        let next = self.until_long(&jobs).min();
        let Some(next) = next.filter(|_| !jobs.watched && !jobs.waiting.is_empty() && !self.has_room(&jobs))
        else {
            return self.changed.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        };
        jobs.watched = true;
        let next = next.min(LONGEST_WATCH);
        let mut jobs = self.changed.wait_timeout(jobs, next).unwrap_or_else(PoisonError::into_inner).0;
        jobs.watched = false;
        self.wake(&jobs);
        jobs
    }

    /// Ends the turn of a running job, and charges its client.
    fn end(&self, jobs: &mut Jobs, number: u64) {
        let Some(position) = jobs.running.iter().position(|running| running.number == number) else { return };
        let Running { client, charged, since, .. } = jobs.running.swap_remove(position);
        let took = since.elapsed();
        jobs.busy += took;
        jobs.waiting.end(client, charged, took);
        self.wake(jobs);
    }

    /// Wakes threads if there is a job to take, or if no thread watches the running jobs.
    fn wake(&self, jobs: &Jobs) {
        if jobs.waiting.is_empty() || (jobs.watched && !self.has_room(jobs)) {
            return;
        }
        if jobs.waiting.begun_jobs() == 0 {
            self.changed.notify_one();
        } else {
            self.changed.notify_all();
        }
    }

    fn has_room(&self, jobs: &Jobs) -> bool {
        self.until_long(jobs).count() < self.limit
    }

    /// The time until each running job becomes long, for those that are not long yet.
    fn until_long<'a>(&self, jobs: &'a Jobs) -> impl Iterator<Item = Duration> + use<'a> {
        let long = self.long;
        let left = move |running: &Running| long.checked_sub(running.since.elapsed());
        jobs.running.iter().filter_map(left).filter(|left| !left.is_zero())
    }

    /// No job runs under the lock, so none poisons it.
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of a running job.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    lane: Arc<LaneQueue>,
    client: Client,
    number: u64,
}

impl Turn {
    /// The client whose turn it is.
    pub(super) const fn client(&self) -> Client {
        self.client
    }

    /// Lets a job of another client run if this one has run for a slice and the other one has taken no more time.
    /// Returns when it is this job's turn again.
    ///
    /// # Errors
    /// [`Cancelled`] if the caller has left meanwhile.
    pub(super) fn pause(&self, is_cancelled: impl Fn() -> bool) -> Result<(), Cancelled> {
        let Self { lane, client, number } = self;
        let mut jobs = lane.jobs();
        let since =
            jobs.running.iter().find(|running| running.number == *number).map(|running| running.since);
        let took = since.map(|since| since.elapsed()).unwrap_or_default();
        if took < SLICE || !jobs.waiting.is_anothers_turn(*client, took) {
            return Ok(());
        }
        jobs.waiting.push_again(*client, *number);
        lane.end(&mut jobs, *number);
        let result = loop {
            // A new job needs a thread.
            let can_begin = jobs.idle > 0;
            let next = jobs.waiting.peek(can_begin, lane.most_of_one);
            if lane.has_room(&jobs) && next.is_some_and(|next| next.number == *number) {
                break Ok(());
            }
            if is_cancelled() {
                break Err(Cancelled);
            }
            jobs = lane.changed.wait_timeout(jobs, POLL).unwrap_or_else(PoisonError::into_inner).0;
        };
        match result {
            Ok(()) => {
                let charged = jobs.waiting.take(*client, *number).map(|taken| taken.charged);
                let charged = charged.unwrap_or_default();
                jobs.running.push(Running {
                    number: *number,
                    client: *client,
                    charged,
                    since: Instant::now(),
                });
            }
            Err(Cancelled) => jobs.waiting.remove_begun(*client, *number),
        }
        lane.wake(&jobs);
        result
    }
}

/// A job's place in the queue. Dropping the place removes the job from the queue.
pub(super) struct QueuedJob<'a> {
    lane: &'a LaneQueue,
    number: u64,
}

impl QueuedJob<'_> {
    /// The job's number in its lane.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Removes the job from the queue. `true` if it was still queued; such a job never runs.
    pub(super) fn leave(&self) -> bool {
        // Dropped after the lock is released.
        let left = self.lane.jobs().waiting.remove_new_of_anybody(self.number);
        left.is_some()
    }
}

impl Drop for QueuedJob<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
