//! The pool of threads that searches run on: a lane for cheap searches, and one for dear ones.
//!
//! A lane runs few searches at a time. A worker that finishes takes the next job itself, so the search state that
//! it holds is still in the processor's cache. A search that runs for long no longer counts towards the limit: the
//! lane has twice as many threads, and a spare thread takes the next job.
//!
//! Both lanes are fair: the next job is that of the client whose searches have taken the least time
//! (see `fair.rs`). Dear searches run in threads of low priority, each with its own pool for parallel loops, so
//! that they get the processors that cheap ones leave. Between two parts of a dear search ([`Cancel::pause`]), it lets the dear
//! search of another client run.

mod budget;
mod fair;
mod lane;

pub use budget::Budget;
pub use lane::LaneFigures;

use crate::client::Client;
use crate::error::StudyError;
use crate::flight::Flight;
use circle_reach::Cancel;
use lane::{Reply, Turn};
use rayon::ThreadPool;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Longest wait in the queue. It is shorter than the time limit of a request (30 s), so that the search of a
/// request that timed out has begun, and a repeated request finds its result.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// Jobs that may wait in the queue of a lane.
const WAITING: usize = 256;
/// A cheap search that has run for this long no longer counts towards the limit of its lane.
const LONG: Duration = Duration::from_millis(100);
/// Most dear searches at a time.
const MOST_DEAR: usize = 4;
/// Niceness of the threads for dear searches: they get the processors that the others leave.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// The cost of a search, by which it gets its threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Some milliseconds: a tile, a walk, an isochrone.
    Cheap,
    /// From a tenth of a second to many seconds: a table of all compounds, a workbook, a board.
    Dear,
}

/// Longest band of a cheap search. The area, and the cost with it, grows with the square of the minutes.
const CHEAP_MINUTES: u32 = 30;

impl Lane {
    /// The lane of a search within some minutes.
    pub(crate) fn within(minutes: &[u32]) -> Self {
        if minutes.iter().any(|minutes| *minutes > CHEAP_MINUTES) { Self::Dear } else { Self::Cheap }
    }
}

/// Bounds how many searches run and how many wait. Its threads start with the first search of a lane.
#[derive(Debug)]
pub struct Pool {
    cheap: StartedLane,
    dear: StartedLane,
    budget: Option<Arc<Budget>>,
}

#[derive(Debug)]
struct StartedLane {
    lane: Arc<lane::LaneQueue>,
    /// Threads that were started.
    threads: Mutex<usize>,
}

impl Default for Pool {
    /// One cheap search per core and up to four dear ones, with 256 of each in the queues.
    fn default() -> Self {
        Self::new(cores(), WAITING, None)
    }
}

impl Pool {
    /// The default pool with a budget by client.
    pub fn with_budget(budget: Budget) -> Self {
        Self::new(cores(), WAITING, Some(Arc::new(budget)))
    }

    /// For `cores` cores, with `waiting` jobs in the queue of each lane.
    fn new(cores: usize, waiting: usize, budget: Option<Arc<Budget>>) -> Self {
        Self::with_long(LONG, cores, waiting, budget)
    }

    fn with_long(long: Duration, cores: usize, waiting: usize, budget: Option<Arc<Budget>>) -> Self {
        let lane = |limit: usize, most_of_one, long| {
            let lane = lane::LaneQueue::new(limit, waiting, most_of_one, long, budget.clone());
            StartedLane { lane: Arc::new(lane), threads: Mutex::new(0) }
        };
        let dear = cores.min(MOST_DEAR);
        // A dear search uses all cores in its parallel loops.
        Self { cheap: lane(cores, cores, long), dear: lane(dear, dear.div_ceil(2), Duration::MAX), budget }
    }

    /// The figures of a lane.
    pub fn figures(&self, lane: Lane) -> LaneFigures {
        self.lane(lane).lane.figures()
    }

    /// Runs `job` on one of the threads of a lane.
    ///
    /// When the returned future is dropped, a queued job never runs, and a running job is cancelled through
    /// its token. A cancelled job counts as running until it returns.
    ///
    /// # Errors
    /// The error of `job`; [`StudyError::OverBudget`] when the client has used up its budget;
    /// [`StudyError::Busy`] when the queue is full, or the job has waited in it for 20 s;
    /// [`StudyError::Failed`] when the job panics.
    pub async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce(&Cancel) -> Result<T, StudyError> + Send + 'static,
    ) -> Result<T, StudyError> {
        let caller = Arc::new(());
        let calls = Arc::downgrade(&caller);
        let span = tracing::Span::current();
        let (sender, mut receiver) = oneshot::channel();
        let budget = self.budget.clone();
        let job = move |turn: &Turn| -> Reply {
            let (asked, turn) = (calls.clone(), turn.clone());
            let client = turn.client();
            let has_left = move || calls.strong_count() == 0;
            let cancel = Cancel::when(has_left).pausing(move || turn.pause(|| asked.strong_count() == 0));
            let run = AssertUnwindSafe(|| {
                cancel.check()?;
                // Other searches of the client may have used it up meanwhile.
                check_budget(budget.as_deref(), client)?;
                job(&cancel)
            });
            let result = span.in_scope(|| {
                catch_unwind(run).unwrap_or_else(|payload| Err(StudyError::panicked(&*payload)))
            });
            Box::new(move || {
                // Fails if the caller has left.
                let _ = sender.send(result);
            })
        };
        let nice = lane == Lane::Dear;
        let (lane, client) = (self.lane(lane), Client::current());
        check_budget(self.budget.as_deref(), client)?;
        lane.start(nice);
        let place = lane.lane.add(client, Box::new(job))?;
        let (queue, number) = (lane.lane.clone(), place.number());
        Flight::waits_for(move |client| queue.offer(number, client));
        let result = match tokio::time::timeout(LONGEST_WAIT, &mut receiver).await {
            Ok(result) => result,
            Err(_) if place.leave() => return Err(StudyError::Busy),
            Err(_) => receiver.await,
        };
        drop(caller);
        // The sender is dropped unsent when the job has lost its place in the queue.
        result.unwrap_or(Err(StudyError::Busy))
    }

    const fn lane(&self, lane: Lane) -> &StartedLane {
        match lane {
            Lane::Cheap => &self.cheap,
            Lane::Dear => &self.dear,
        }
    }
}

/// Whether a client may search.
fn check_budget(budget: Option<&Budget>, client: Client) -> Result<(), StudyError> {
    budget.map_or(Ok(()), |budget| budget.check(client, Instant::now()).map_err(StudyError::OverBudget))
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.cheap.lane.shut_down();
        self.dear.lane.shut_down();
    }
}

impl StartedLane {
    /// Starts the threads that do not run yet. With `nice`, they have low priority, and each has a pool of its own
    /// for parallel loops.
    fn start(&self, nice: bool) {
        let mut started = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        while *started < self.lane.threads() {
            let lane = self.lane.clone();
            let thread = std::thread::Builder::new().name("search".to_owned());
            let work = move || if nice { work_nicely(&lane) } else { work(&lane) };
            if let Err(error) = thread.spawn(work) {
                // The next search tries again.
                tracing::error!(%error, "a thread for searches could not be started");
                return;
            }
            *started += 1;
        }
    }
}

fn work(lane: &Arc<lane::LaneQueue>) {
    let began = Instant::now();
    lane.work(|| began.elapsed(), |job, turn| job(turn));
}

/// Works with low priority. Loops of a dear search must not wait for, or delay, those of a cheap one, so they have
/// a pool of their own. It starts with the first job.
fn work_nicely(lane: &Arc<lane::LaneQueue>) {
    let loops = std::cell::OnceCell::new();
    let cost = || loops.get().map_or(Duration::ZERO, processor_time);
    lane.work(cost, |job, turn| {
        if loops.get().is_none()
            && let Ok(pool) = nice_pool()
        {
            let _ = loops.set(pool);
        }
        match loops.get() {
            Some(loops) => loops.install(|| job(turn)),
            // Without threads for a pool the search still gets its answer.
            None => job(turn),
        }
    });
}

/// Runs `work` with low priority, and its parallel loops in a pool of their own.
pub fn run_nicely<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match nice_pool() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// A pool for parallel loops, of low priority.
///
/// # Errors
/// When its threads cannot be started.
fn nice_pool() -> Result<ThreadPool, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores()).start_handler(|_| lower_priority());
    pool.thread_name(|_| "dear search".to_owned()).build()
}

/// Processor time that the threads of a pool have taken.
#[cfg(unix)]
fn processor_time(pool: &ThreadPool) -> Duration {
    let of_thread = |_: rayon::BroadcastContext<'_>| {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(time).unwrap_or_default()
    };
    pool.broadcast(of_thread).into_iter().sum()
}

#[cfg(not(unix))]
fn processor_time(_pool: &ThreadPool) -> Duration {
    Duration::ZERO
}

#[cfg(target_os = "linux")]
fn lower_priority() {
    let thread = rustix::thread::gettid();
    // On Linux the niceness is that of a thread. Without the permission the threads share the processors evenly.
    let _ = rustix::process::setpriority_process(Some(thread), NICE);
}

#[cfg(not(target_os = "linux"))]
fn lower_priority() {}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests;
