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
    pool.queue.jobs().waiting.len()
}

/// A running job that returns 1 when it is released.
async fn held(pool: &Arc<Pool>) -> (mpsc::Sender<()>, JoinHandle<Result<u32, StudyError>>) {
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let pool = pool.clone();
    let job = move |_: &Cancel| {
        started.send(()).unwrap();
        released.recv().unwrap();
        Ok(1)
    };
    let held = tokio::spawn(async move { pool.run(job).await });
    has_started.await.unwrap();
    (release, held)
}

#[tokio::test]
async fn a_full_queue_rejects_and_a_freed_one_accepts() {
    let pool = Arc::new(Pool::new(1, 1));
    let (release, first) = held(&pool).await;
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(|_| Ok(2)).await }
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.run(|_| Ok(3)).await, Err(StudyError::Busy));
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(1));
    assert_eq!(second.await.unwrap(), Ok(2));
    assert_eq!(pool.run(|_| Ok(4)).await, Ok(4));
}

#[tokio::test]
async fn a_panicking_job_returns_an_error_and_frees_its_place() {
    let pool = Pool::new(1, 1);
    assert_eq!(
        pool.run(|_| -> Result<(), StudyError> { panic!("on purpose") }).await,
        Err(StudyError::Failed)
    );
    assert_eq!(pool.run(|_| Ok(5)).await, Ok(5));
}

#[tokio::test]
async fn a_queued_job_whose_caller_left_never_runs() {
    let pool = Arc::new(Pool::new(1, 1));
    let (release, first) = held(&pool).await;
    let ran = Arc::new(AtomicBool::new(false));
    let second = tokio::spawn({
        let (pool, ran) = (pool.clone(), ran.clone());
        async move {
            let job = move |_: &Cancel| {
                ran.store(true, Ordering::SeqCst);
                Ok(())
            };
            pool.run(job).await
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
    pool.run(|_| Ok(())).await.unwrap();
    assert!(!ran.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_running_job_is_cancelled_when_its_caller_leaves() {
    let pool = Arc::new(Pool::new(1, 1));
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
            pool.run(job).await
        }
    });
    assert!(!has_started.await.unwrap());
    caller.abort();
    assert!(end.await.unwrap(), "the job was not cancelled");
    while pool.running() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.run(|cancel| Ok(cancel.is_cancelled())).await, Ok(false), "the next one has a caller");
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
    let pool = Arc::new(Pool::new(1, 1));
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
            pool.run(job).await
        }
    });
    has_started.await.unwrap();
    caller.abort();
    assert!(end.await.is_err(), "the search went on to its end");
}

#[tokio::test]
async fn a_long_search_does_not_block_short_ones() {
    let pool = Arc::new(Pool::with_long(Duration::ZERO, 1, 1));
    let (release, long) = held(&pool).await;
    assert_eq!(pool.run(|_| Ok(2)).await, Ok(2));
    let (release_other, other) = held(&pool).await;
    let third = tokio::spawn({
        let pool = pool.clone();
        async move { pool.run(|_| Ok(3)).await }
    });
    while waiting(&pool) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.running(), 2, "no more than two threads");
    release.send(()).unwrap();
    assert_eq!(long.await.unwrap(), Ok(1));
    assert_eq!(third.await.unwrap(), Ok(3));
    release_other.send(()).unwrap();
    assert_eq!(other.await.unwrap(), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_does_not_move_rejects() {
    let pool = Pool::new(1, 1);
    // Blocks this thread until the job has begun: the paused clock advances as soon as the runtime is idle.
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel();
    let _place = pool.add(Box::new(move || {
        started.send(()).unwrap();
        let _ = released.recv();
        Box::new(|| ())
    }));
    has_started.recv().unwrap();
    let rejected = tokio::time::timeout(2 * LONGEST_WAIT, pool.run(|_| Ok(()))).await;
    assert!(matches!(rejected, Ok(Err(StudyError::Busy))));
    assert_eq!(waiting(&pool), 0);
    drop(release);
}
