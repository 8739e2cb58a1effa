//! Searches run on threads of their own, one a core. A thread that has answered takes the next search itself: what it
//! keeps of the last one is still warm. Those that take long keep nobody waiting: as many threads again take over.

use crate::problem::{Problem, panic_message};
use circle_reach::{Wanted, while_wanted};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Less than a request may take, so that one given up for its time has begun.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A search that has run for so long counts no more among those that others wait for.
const LONG: Duration = Duration::from_secs(2);

/// Bounds how many searches run and how many wait.
#[derive(Debug)]
pub(crate) struct Work(Arc<Queue>);

#[derive(Debug)]
struct Queue {
    /// So many run at a time, besides as many again that take long.
    threads: usize,
    most_waiting: usize,
    long: Duration,
    jobs: Mutex<Jobs>,
    /// Told of a job, and of the end.
    news: Condvar,
}

#[derive(Default)]
struct Jobs {
    /// In the order they came, by number.
    waiting: VecDeque<(u64, Job)>,
    numbers: u64,
    /// When each that runs began, by number.
    running: Vec<(u64, Instant)>,
    /// A thread waits for one of these to take long.
    watched: bool,
    ended: bool,
}

/// Gives what tells the asker, who is told when the job no longer counts as running.
type Job = Box<dyn FnOnce() -> Tell + Send>;
type Tell = Box<dyn FnOnce() + Send>;

impl Work {
    /// At most `running` at a time and `waiting` in the queue.
    pub(crate) fn new(running: usize, waiting: usize) -> Self {
        Self::where_long_is(LONG, running, waiting)
    }

    fn where_long_is(long: Duration, running: usize, waiting: usize) -> Self {
        let queue = Arc::new(Queue {
            threads: running,
            most_waiting: waiting,
            long,
            jobs: Mutex::default(),
            news: Condvar::new(),
        });
        for _ in 0..2 * running {
            let queue = queue.clone();
            let thread = std::thread::Builder::new().name("search".to_owned());
            if let Err(error) = thread.spawn(move || queue.work()) {
                tracing::error!(%error, "a thread for searches could not be started");
            }
        }
        Self(queue)
    }

    /// Searches running at the moment.
    pub(crate) fn running(&self) -> usize {
        self.0.jobs().running.len()
    }

    /// Runs `job` on one of the threads. When nobody waits for the answer any more, a job in the queue never runs and one
    /// that has begun ends where it asks [`circle_reach::wanted`]; it counts as running until it has ended.
    ///
    /// # Errors
    /// [`Problem::Busy`] when the queue is full or does not move, [`Problem::Internal`] when the job panics.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let asker = Arc::new(());
        let asks = Arc::downgrade(&asker);
        let wanted: Wanted = Arc::new(move || asks.strong_count() > 0);
        let span = tracing::Span::current();
        let (tell, mut told) = oneshot::channel();
        let place = self.0.add(Box::new(move || {
            let run = AssertUnwindSafe(|| while_wanted(wanted, job));
            let result = span.in_scope(|| catch_unwind(run));
            Box::new(move || {
                // Who has left is told nothing.
                let _ = tell.send(result);
            })
        }))?;
        let result = match tokio::time::timeout(LONGEST_WAIT, &mut told).await {
            Ok(result) => result,
            Err(_) if place.leave() => return Err(Problem::Busy),
            Err(_) => told.await,
        };
        drop(asker);
        match result {
            Ok(Ok(Some(result))) => Ok(result),
            Ok(Err(payload)) => {
                tracing::error!(message = panic_message(&*payload), "a search panicked");
                Err(Problem::Internal)
            }
            // Nobody is there to be told that it was given up.
            Ok(Ok(None)) | Err(_) => Err(Problem::Internal),
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.jobs().ended = true;
        self.0.news.notify_all();
    }
}

impl Queue {
    /// # Errors
    /// [`Problem::Busy`] when it is full.
    fn add(&self, job: Job) -> Result<Place<'_>, Problem> {
        let mut jobs = self.jobs();
        if self.quick(&jobs).count() + jobs.waiting.len() >= self.threads + self.most_waiting {
            return Err(Problem::Busy);
        }
        jobs.numbers += 1;
        let number = jobs.numbers;
        jobs.waiting.push_back((number, job));
        self.wake(&jobs);
        Ok(Place { queue: self, number })
    }

    /// What each thread does until the end.
    fn work(&self) {
        let mut jobs = self.jobs();
        while !jobs.ended {
            if jobs.waiting.is_empty() {
                jobs = self.news.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            if self.quick(&jobs).count() >= self.threads {
                // Who of these has ended takes the next itself; one thread waits for one to take long.
                if jobs.watched {
                    jobs = self.news.wait(jobs).unwrap_or_else(PoisonError::into_inner);
                } else {
                    let next = self.quick(&jobs).min().unwrap_or_default();
                    jobs.watched = true;
                    jobs = self.news.wait_timeout(jobs, next).unwrap_or_else(PoisonError::into_inner).0;
                    jobs.watched = false;
                }
                continue;
            }
            let Some((number, job)) = jobs.waiting.pop_front() else { continue };
            jobs.running.push((number, Instant::now()));
            self.wake(&jobs);
            drop(jobs);
            // A job answers for its own panics; whatever else there may be must not cost a thread.
            let tell = catch_unwind(AssertUnwindSafe(job));
            self.jobs().running.retain(|(other, _)| *other != number);
            if let Ok(tell) = tell {
                let _ = catch_unwind(AssertUnwindSafe(tell));
            }
            jobs = self.jobs();
        }
    }

    /// Wakes a thread where there is something for it: a search to take, or those that run to be watched.
    fn wake(&self, jobs: &Jobs) {
        if !jobs.waiting.is_empty() && (!jobs.watched || self.quick(jobs).count() < self.threads) {
            self.news.notify_one();
        }
    }

    /// How long it takes until each of those that run, and do not take long yet, does.
    fn quick<'a>(&self, jobs: &'a Jobs) -> impl Iterator<Item = Duration> + use<'a> {
        let long = self.long;
        let left = move |(_, since): &(u64, Instant)| long.checked_sub(since.elapsed());
        jobs.running.iter().filter_map(left).filter(|left| !left.is_zero())
    }

    /// No job runs under the lock, so that none leaves it poisoned.
    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job's place in the queue, which it leaves with who asked.
struct Place<'a> {
    queue: &'a Queue,
    number: u64,
}

impl Place<'_> {
    /// Whether the job was still waiting; it never runs then.
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
mod tests {
    use super::*;
    use circle_model::NodeId;
    use circle_model::city::{CityTables, Edge, Meta, Node, Span, Zone};
    use circle_model::{City, Point, Profiles};
    use circle_reach::{Form, Network, Origin, isochrones, wanted};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use tokio::task::JoinHandle;
    use zerocopy::FromZeros;

    fn waiting(work: &Work) -> usize {
        work.0.jobs().waiting.len()
    }

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
        while waiting(&work) == 0 {
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
        let work = Work::new(1, 1);
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
        while waiting(&work) == 0 {
            tokio::task::yield_now().await;
        }
        second.abort();
        assert!(second.await.unwrap_err().is_cancelled());
        assert_eq!(waiting(&work), 0, "its place in the queue is free");
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 1);
        work.run(|| ()).await.unwrap();
        assert!(!ran.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn a_job_that_has_begun_is_told_that_its_asker_left() {
        let work = Arc::new(Work::new(1, 1));
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (ended, end) = tokio::sync::oneshot::channel();
        let asker = tokio::spawn({
            let work = work.clone();
            async move {
                work.run(move || {
                    let wanted = wanted();
                    started.send(wanted()).unwrap();
                    let hangs = Instant::now() + Duration::from_secs(10);
                    while wanted() && Instant::now() < hangs {
                        std::thread::yield_now();
                    }
                    ended.send(wanted()).unwrap();
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
        assert!(work.run(|| wanted()()).await.unwrap(), "the next one is wanted");
        assert!(wanted()(), "outside of jobs somebody always waits");
    }

    /// A street of a kilometre.
    fn street() -> Network {
        let points = vec![
            Point { lon: 1_266_400_000, lat: 457_500_000 },
            Point { lon: 1_266_528_500, lat: 457_500_000 },
        ];
        let nodes = points.iter().map(|point| Node { point: *point, ..Node::new_zeroed() }).collect();
        let edge = Edge {
            from: NodeId(0),
            to: NodeId(1),
            line: Span { start: 0, len: 2 },
            length_mm: 1_000_000,
            ..Edge::new_zeroed()
        };
        let zones = vec![Zone::new(None, Zone::RESTRICTED_WAYS)];
        let tables = CityTables {
            points,
            nodes,
            edges: vec![edge],
            zones,
            component_metres: vec![1000],
            ..CityTables::default()
        };
        Network::build(&City::from_tables(tables, &Meta::default()).unwrap())
    }

    /// The engine itself asks whether its answer is wanted.
    #[tokio::test]
    async fn a_search_whose_asker_left_stops() {
        let work = Arc::new(Work::new(1, 1));
        let (started, has_started) = tokio::sync::oneshot::channel();
        let (ended, end) = tokio::sync::oneshot::channel::<()>();
        let asker = tokio::spawn({
            let work = work.clone();
            async move {
                work.run(move || {
                    let network = street();
                    let origin = Origin::Place(Point { lon: 1_266_450_000, lat: 457_500_000 });
                    let adult = Profiles::built_in().find(Profiles::DEFAULT).unwrap().clone();
                    let search = || isochrones(&network, &adult, origin, &[5], Form::Discs).shapes.len();
                    assert_eq!(search(), 1);
                    started.send(()).unwrap();
                    let hangs = Instant::now() + Duration::from_secs(10);
                    while Instant::now() < hangs {
                        std::hint::black_box(search());
                    }
                    ended.send(()).unwrap();
                })
                .await
            }
        });
        has_started.await.unwrap();
        asker.abort();
        assert!(end.await.is_err(), "the search went on to its end");
    }

    #[tokio::test]
    async fn what_takes_long_keeps_nobody_waiting_who_is_quick() {
        let work = Arc::new(Work::where_long_is(Duration::ZERO, 1, 1));
        let (release, long) = held(&work).await;
        assert_eq!(work.run(|| 2).await.unwrap(), 2);
        let (release_other, other) = held(&work).await;
        let third = tokio::spawn({
            let work = work.clone();
            async move { work.run(|| 3).await }
        });
        while waiting(&work) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(work.running(), 2, "only so many at a time");
        release.send(()).unwrap();
        assert_eq!(long.await.unwrap().unwrap(), 1);
        assert_eq!(third.await.unwrap().unwrap(), 3);
        release_other.send(()).unwrap();
        assert_eq!(other.await.unwrap().unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_does_not_move_turns_away() {
        let work = Work::new(1, 1);
        // Blocks this thread until the other one is taken: the clock must not move before.
        let (release, released) = mpsc::channel::<()>();
        let (started, has_started) = mpsc::channel();
        let _place = work.0.add(Box::new(move || {
            started.send(()).unwrap();
            let _ = released.recv();
            Box::new(|| ())
        }));
        has_started.recv().unwrap();
        let turned_away = tokio::time::timeout(2 * LONGEST_WAIT, work.run(|| ())).await;
        assert!(matches!(turned_away, Ok(Err(Problem::Busy))));
        assert_eq!(waiting(&work), 0);
        drop(release);
    }
}
