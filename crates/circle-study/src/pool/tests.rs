use super::*;
use circle_model::NodeId;
use circle_model::city::{CityTables, Edge, Meta, Node, Span, Zone};
use circle_model::{City, Point, Profiles};
use circle_reach::{Form, Network, Origin, isochrones};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use tokio::task::JoinHandle;
use zerocopy::FromZeros;

fn waiting(pool: &Pool) -> usize {
    pool.figures(Lane::Cheap).waiting
}

fn running(pool: &Pool) -> usize {
    pool.figures(Lane::Cheap).running
}

fn small_pool() -> Pool {
    Pool::new(1, 1, None)
}

/// A running job that returns 1 when it is released.
async fn held(pool: &Arc<Pool>) -> (mpsc::Sender<()>, JoinHandle<Result<u32, StudyError>>) {
    held_by(pool, Client::UNKNOWN).await
}

async fn held_by(
    pool: &Arc<Pool>,
    client: Client,
) -> (mpsc::Sender<()>, JoinHandle<Result<u32, StudyError>>) {
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let pool = pool.clone();
    let job = move |_: &Cancel| {
        started.send(()).unwrap();
        released.recv().unwrap();
        Ok(1)
    };
    let held = tokio::spawn(client.asking(async move { pool.run(Lane::Cheap, job).await }));
    has_started.await.unwrap();
    (release, held)
}

#[tokio::test]
async fn a_full_queue_rejects_and_a_freed_one_accepts() {
    let pool = Arc::new(small_pool());
    let (release, first) = held(&pool).await;
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(Lane::Cheap, |_| Ok(2)).await }
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.run(Lane::Cheap, |_| Ok(3)).await, Err(StudyError::Busy));
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(1));
    assert_eq!(second.await.unwrap(), Ok(2));
    assert_eq!(pool.run(Lane::Cheap, |_| Ok(4)).await, Ok(4));
}

#[tokio::test]
async fn a_panicking_job_returns_an_error_and_frees_its_place() {
    let pool = small_pool();
    assert_eq!(
        pool.run(Lane::Cheap, |_| -> Result<(), StudyError> { panic!("on purpose") }).await,
        Err(StudyError::Failed)
    );
    assert_eq!(pool.run(Lane::Cheap, |_| Ok(5)).await, Ok(5));
}

#[tokio::test]
async fn a_queued_job_whose_caller_left_never_runs() {
    let pool = Arc::new(small_pool());
    let (release, first) = held(&pool).await;
    let ran = Arc::new(AtomicBool::new(false));
    let second = tokio::spawn({
        let (pool, ran) = (pool.clone(), ran.clone());
        async move {
            let job = move |_: &Cancel| {
                ran.store(true, Ordering::SeqCst);
                Ok(())
            };
            pool.run(Lane::Cheap, job).await
        }
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    assert_eq!(waiting(&pool), 0, "its place in the queue is free");
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(1));
    pool.run(Lane::Cheap, |_| Ok(())).await.unwrap();
    assert!(!ran.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_running_job_is_cancelled_when_its_caller_leaves() {
    let pool = Arc::new(small_pool());
    let (started, has_started) = oneshot::channel();
    let (ended, end) = oneshot::channel();
    let caller = tokio::spawn({
        let pool = pool.clone();
        async move {
            let job = move |cancel: &Cancel| {
                started.send(cancel.is_cancelled()).unwrap();
                let hangs = Instant::now() + Duration::from_secs(10);
                while !cancel.is_cancelled() && Instant::now() < hangs {
                    std::thread::yield_now();
                }
                ended.send(cancel.is_cancelled()).unwrap();
                Ok(())
            };
            pool.run(Lane::Cheap, job).await
        }
    });
    assert!(!has_started.await.unwrap());
    caller.abort();
    assert!(end.await.unwrap(), "the job was not cancelled");
    while running(&pool) > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        pool.run(Lane::Cheap, |cancel| Ok(cancel.is_cancelled())).await,
        Ok(false),
        "the next one has a caller"
    );
    assert!(!Cancel::never().is_cancelled(), "outside of jobs nothing is cancelled");
}

/// A street of a kilometre.
fn street() -> Network {
    let points =
        vec![Point { lon: 1_266_400_000, lat: 457_500_000 }, Point { lon: 1_266_528_500, lat: 457_500_000 }];
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

/// The engine itself reads the token.
#[tokio::test]
async fn a_search_stops_when_its_caller_leaves() {
    let pool = Arc::new(small_pool());
    let (started, has_started) = oneshot::channel();
    let (ended, end) = oneshot::channel::<()>();
    let caller = tokio::spawn({
        let pool = pool.clone();
        async move {
            let job = move |cancel: &Cancel| {
                let network = street();
                let origin = Origin::Place(Point { lon: 1_266_450_000, lat: 457_500_000 });
                let adult = Profiles::built_in().find(Profiles::DEFAULT).unwrap().clone();
                let search = || isochrones(&network, &adult, origin, &[5], Form::Discs, cancel);
                assert_eq!(search()?.shapes.len(), 1);
                started.send(()).unwrap();
                let hangs = Instant::now() + Duration::from_secs(10);
                while Instant::now() < hangs {
                    std::hint::black_box(search()?);
                }
                ended.send(()).unwrap();
                Ok(())
            };
            pool.run(Lane::Cheap, job).await
        }
    });
    has_started.await.unwrap();
    caller.abort();
    assert!(end.await.is_err(), "the search went on to its end");
}

#[tokio::test]
async fn a_long_search_does_not_block_short_ones() {
    let pool = Arc::new(Pool::with_long(Duration::ZERO, 1, 1, None));
    let (release, long) = held(&pool).await;
    assert_eq!(client(1).asking(pool.run(Lane::Cheap, |_| Ok(2))).await, Ok(2));
    let (release_other, other) = held_by(&pool, client(1)).await;
    let third = tokio::spawn({
        let pool = pool.clone();
        client(2).asking(async move { pool.run(Lane::Cheap, |_| Ok(3)).await })
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(running(&pool), 2, "no more than two threads");
    release.send(()).unwrap();
    assert_eq!(long.await.unwrap(), Ok(1));
    assert_eq!(third.await.unwrap(), Ok(3));
    release_other.send(()).unwrap();
    assert_eq!(other.await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_does_not_move_rejects() {
    let pool = small_pool();
    // Blocks this thread until the job has begun: the paused clock advances as soon as the runtime is idle.
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel();
    pool.cheap.start(false);
    let _place = pool.cheap.lane.add(
        Client::UNKNOWN,
        Box::new(move |_| {
            started.send(()).unwrap();
            let _ = released.recv();
            Box::new(|| ())
        }),
    );
    has_started.recv().unwrap();
    let rejected = tokio::time::timeout(2 * LONGEST_WAIT, pool.run(Lane::Cheap, |_| Ok(()))).await;
    assert!(matches!(rejected, Ok(Err(StudyError::Busy))));
    assert_eq!(waiting(&pool), 0);
    drop(release);
}

fn client(number: u8) -> Client {
    Client::new([192, 0, 2, number].into())
}

/// Jobs that are queued while another one runs, and write down their order.
async fn order_of(
    pool: Arc<Pool>,
    lane: Lane,
    jobs: Vec<(Client, &'static str, Duration)>,
) -> Vec<&'static str> {
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let first = tokio::spawn({
        let pool = pool.clone();
        let job = move |_: &Cancel| {
            started.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        };
        async move { pool.run(lane, job).await }
    });
    has_started.await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut queued = Vec::new();
    for (number, (client, name, takes)) in jobs.into_iter().enumerate() {
        let (pool, order) = (pool.clone(), order.clone());
        let figures = pool.clone();
        queued.push(tokio::spawn(client.asking(async move {
            let job = move |_: &Cancel| {
                order.lock().unwrap().push(name);
                let end = Instant::now() + takes;
                while Instant::now() < end {
                    std::thread::yield_now();
                }
                Ok(())
            };
            pool.run(lane, job).await
        })));
        while figures.figures(lane).waiting <= number {
            tokio::task::yield_now().await;
        }
    }
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    for job in queued {
        job.await.unwrap().unwrap();
    }
    Arc::into_inner(order).unwrap().into_inner().unwrap()
}

#[tokio::test]
async fn a_client_with_many_jobs_does_not_hold_up_another_one() {
    let none = Duration::ZERO;
    let mut jobs: Vec<_> = (0..5).map(|_| (client(1), "many", none)).collect();
    jobs.push((client(2), "one", none));
    let order = order_of(Arc::new(Pool::new(1, 9, None)), Lane::Cheap, jobs).await;
    assert!(order[..2].contains(&"one"), "{order:?}");
}

#[tokio::test]
async fn jobs_are_weighed_by_the_time_that_they_take() {
    let dear = Duration::from_millis(20);
    let mut jobs: Vec<_> = (0..3).map(|_| (client(1), "dear", dear)).collect();
    jobs.extend((0..5).map(|_| (client(2), "cheap", Duration::ZERO)));
    let order = order_of(Arc::new(Pool::new(1, 9, None)), Lane::Cheap, jobs).await;
    let last = order.iter().rposition(|name| *name == "cheap").unwrap();
    assert_eq!(order[..last].iter().filter(|name| **name == "dear").count(), 1, "{order:?}");
}

#[tokio::test]
async fn a_full_queue_drops_the_last_job_of_the_client_with_the_most() {
    let pool = Arc::new(Pool::new(1, 2, None));
    let (release, first) = held(&pool).await;
    let mut many = Vec::new();
    for number in 0..2 {
        let run = pool.clone();
        many.push(tokio::spawn(
            client(1).asking(async move { run.run(Lane::Cheap, move |_| Ok(number)).await }),
        ));
        while waiting(&pool) <= number {
            tokio::task::yield_now().await;
        }
    }
    let run = pool.clone();
    let one = tokio::spawn(client(2).asking(async move { run.run(Lane::Cheap, |_| Ok(7)).await }));
    assert_eq!(many.pop().unwrap().await.unwrap(), Err(StudyError::Busy));
    release.send(()).unwrap();
    assert_eq!((one.await.unwrap(), many.pop().unwrap().await.unwrap()), (Ok(7), Ok(0)));
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn dear_jobs_do_not_hold_up_cheap_ones() {
    let pool = Arc::new(Pool::new(1, 1, None));
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let run = pool.clone();
    let dear = tokio::spawn(async move {
        let job = move |_: &Cancel| {
            started.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        };
        run.run(Lane::Dear, job).await
    });
    has_started.await.unwrap();
    assert_eq!(pool.run(Lane::Cheap, |_| Ok(1)).await, Ok(1));
    release.send(()).unwrap();
    dear.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_long_dear_job_lets_those_of_others_run_between_its_parts() {
    let pool = Arc::new(Pool::new(1, 9, None));
    let (ended, has_ended) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let run = pool.clone();
    let long = tokio::spawn(client(1).asking(async move {
        let job = move |cancel: &Cancel| {
            started.send(()).unwrap();
            // Without pauses that let the other job run, it would not end.
            while has_ended.try_recv().is_err() {
                cancel.pause()?;
                std::thread::yield_now();
            }
            Ok("long")
        };
        run.run(Lane::Dear, job).await
    }));
    has_started.await.unwrap();
    let short = client(2).asking(pool.run(Lane::Dear, move |_| {
        ended.send(()).unwrap();
        Ok("short")
    }));
    assert_eq!(short.await, Ok("short"));
    assert_eq!(long.await.unwrap(), Ok("long"));
    assert_eq!((pool.figures(Lane::Dear).paused, pool.figures(Lane::Dear).running), (0, 0));
}

#[tokio::test]
async fn a_paused_job_whose_caller_left_ends() {
    let pool = Arc::new(Pool::new(1, 9, None));
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let (ended, end) = oneshot::channel();
    let run = pool.clone();
    let long = tokio::spawn(client(1).asking(async move {
        let job = move |cancel: &Cancel| {
            started.send(()).unwrap();
            while cancel.pause().is_ok() {
                std::thread::yield_now();
            }
            ended.send(()).unwrap();
            Ok(())
        };
        run.run(Lane::Dear, job).await
    }));
    has_started.await.unwrap();
    let run = pool.clone();
    let other = tokio::spawn(client(2).asking(async move {
        let job = move |_: &Cancel| {
            released.recv().unwrap();
            Ok(())
        };
        run.run(Lane::Dear, job).await
    }));
    while pool.figures(Lane::Dear).paused == 0 {
        tokio::task::yield_now().await;
    }
    long.abort();
    end.await.unwrap();
    release.send(()).unwrap();
    other.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_over_its_budget_is_told_when_to_come_back() {
    let pool = Pool::new(1, 1, Some(Arc::new(Budget::new(Duration::from_millis(1)))));
    let busy = |_: &Cancel| {
        let end = Instant::now() + Duration::from_millis(5);
        while Instant::now() < end {
            std::thread::yield_now();
        }
        Ok(())
    };
    client(1).asking(pool.run(Lane::Cheap, busy)).await.unwrap();
    let again = client(1).asking(pool.run(Lane::Cheap, |_| Ok(()))).await;
    assert!(matches!(again, Err(StudyError::OverBudget(wait)) if wait > Duration::from_mins(1)), "{again:?}");
    client(2).asking(pool.run(Lane::Cheap, |_| Ok(()))).await.unwrap();
}

#[tokio::test]
async fn the_long_searches_of_one_client_leave_threads_to_others() {
    let pool = Arc::new(Pool::with_long(Duration::ZERO, 1, 9, None));
    let (release, long) = held(&pool).await;
    let own = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(Lane::Cheap, |_| Ok(2)).await }
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client(1).asking(pool.run(Lane::Cheap, |_| Ok(3))).await, Ok(3));
    assert_eq!(waiting(&pool), 1, "it may not begin another one");
    release.send(()).unwrap();
    assert_eq!((long.await.unwrap(), own.await.unwrap()), (Ok(1), Ok(2)));
}

#[tokio::test]
async fn a_question_that_another_client_asked_before_does_not_wait_at_its_place() {
    let pool = Arc::new(Pool::new(1, 99, None));
    let cache = Arc::new(crate::cache::Cache::<usize, usize>::new(1 << 20, 99, |_| 1));
    let (release, first) = held_by(&pool, client(1)).await;
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let ask = |number: usize, of: Client| {
        let (pool, cache, order) = (pool.clone(), cache.clone(), order.clone());
        let search = async move {
            let job = move |_: &Cancel| {
                order.lock().unwrap().push(number);
                Ok(number)
            };
            pool.run(Lane::Cheap, job).await
        };
        tokio::spawn(of.asking(async move { cache.get_or_compute(number, search).await }))
    };
    let mut asked = Vec::new();
    for number in 0..50 {
        asked.push(ask(number, client(1)));
        while waiting(&pool) <= number {
            tokio::task::yield_now().await;
        }
    }
    asked.push(ask(49, client(2)));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting(&pool), 50, "it is asked once");
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    for asked in asked {
        asked.await.unwrap().unwrap();
    }
    assert!(order.lock().unwrap()[..2].contains(&49), "{order:?}");
}

#[tokio::test]
async fn a_queued_search_is_refused_when_others_have_used_up_the_budget_meanwhile() {
    let pool = Arc::new(Pool::new(1, 9, Some(Arc::new(Budget::new(Duration::from_nanos(1))))));
    let (release, first) = held_by(&pool, client(1)).await;
    let run = pool.clone();
    let queued = tokio::spawn(client(1).asking(async move { run.run(Lane::Cheap, |_| Ok(2)).await }));
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    assert!(matches!(queued.await.unwrap(), Err(StudyError::OverBudget(_))));
}

#[test]
fn a_dear_search_costs_the_processor_time_of_its_pool() {
    let pool = nice_pool().unwrap();
    let before = processor_time(&pool);
    pool.broadcast(|_| {
        let end = Instant::now() + Duration::from_millis(20);
        while Instant::now() < end {
            std::hint::spin_loop();
        }
    });
    let spun = processor_time(&pool).saturating_sub(before);
    pool.install(|| std::thread::sleep(Duration::from_millis(20)));
    let slept = processor_time(&pool).saturating_sub(before + spun);
    assert!(spun > Duration::ZERO && slept < spun + Duration::from_millis(10), "{spun:?} {slept:?}");
}
