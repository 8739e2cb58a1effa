use super::*;
use futures_util::FutureExt;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn ask(cache: &Cache<u32, usize>, key: u32, value: usize, computed: &mut u32) -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let compute = async move {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(value)
    };
    let answer = cache.get_or_compute(key, compute).await.unwrap();
    *computed += count.load(Ordering::SeqCst) as u32;
    answer
}

/// A cache with room for two values of size 0.
fn cache_of_two() -> Cache<u32, usize> {
    Cache::new(2 * OVERHEAD, 2, |_| 0)
}

#[tokio::test]
async fn cached_values_are_not_computed_again() {
    let cache = cache_of_two();
    let mut computed = 0;
    for (key, expected) in [(1, 1), (2, 2), (1, 2), (3, 3), (1, 3), (2, 4)] {
        ask(&cache, key, 0, &mut computed).await;
        assert_eq!(computed, expected, "after {key}");
    }
}

#[tokio::test]
async fn the_bytes_of_all_values_are_bounded() {
    // Unit of the sizes below. The overhead of an entry is small beside it.
    const UNIT: usize = 1000 * OVERHEAD;
    let cache = Cache::new(100 * UNIT + 3 * OVERHEAD, 9, |value| value * UNIT);
    let mut computed = 0;
    for (key, size, expected) in [(1, 60, 1), (2, 40, 2), (1, 60, 2), (3, 30, 3), (1, 60, 3), (2, 40, 4)] {
        assert_eq!(ask(&cache, key, size, &mut computed).await, size);
        assert_eq!(computed, expected, "after {key}");
        assert!(cache.0.stored.weight() <= cache.0.stored.capacity());
    }
    assert_eq!(
        (ask(&cache, 4, 101, &mut computed).await, computed),
        (101, 5),
        "a value above the bound is computed …"
    );
    assert_eq!((ask(&cache, 4, 101, &mut computed).await, computed), (101, 6), "… and not stored");
    assert_eq!((ask(&cache, 2, 40, &mut computed).await, computed), (40, 6), "… and evicts nothing");
}

#[tokio::test]
async fn a_cache_for_many_values_stores_a_large_one() {
    let cache = Cache::new(4096 * OVERHEAD, 4096, |value| *value);
    let mut computed = 0;
    for _ in 0..2 {
        ask(&cache, 1, 2048 * OVERHEAD, &mut computed).await;
    }
    assert_eq!(computed, 1);
}

#[tokio::test]
async fn values_of_size_zero_count_with_their_overhead() {
    let cache = cache_of_two();
    let mut computed = 0;
    for key in [1, 2, 3, 2] {
        ask(&cache, key, 0, &mut computed).await;
    }
    assert_eq!((computed, cache.0.stored.len()), (4, 2));
}

#[tokio::test]
async fn a_failed_computation_is_repeated() {
    let cache = cache_of_two();
    let fail = async |key: u32| cache.get_or_compute(key, async { Err(StudyError::Failed) }).await;
    assert!(fail(1).await.is_err());
    assert_eq!(cache.get_or_compute(1, async { Ok(7) }).await, Ok(7));
    for key in 2..20 {
        assert!(fail(key).await.is_err());
    }
    assert_eq!(fail(1).await, Ok(7), "it is stored");
    assert_eq!((cache.0.stored.len(), cache.0.in_flight().len()), (1, 0));
}

/// Callers of one value, whose computation ends when `go` is sent.
async fn callers(
    cache: &Arc<Cache<u32, usize>>,
    count: usize,
    computed: &Arc<AtomicUsize>,
    end: impl Future<Output = Result<usize, StudyError>> + Clone + Send + 'static,
) -> Vec<tokio::task::JoinHandle<Result<usize, StudyError>>> {
    let call = |_| {
        let (cache, computed, end) = (cache.clone(), computed.clone(), end.clone());
        tokio::spawn(async move {
            let compute = async move {
                computed.fetch_add(1, Ordering::SeqCst);
                end.await
            };
            cache.get_or_compute(1, compute).await
        })
    };
    let callers = (0..count).map(call).collect();
    let waiting = || {
        let known = cache.0.in_flight().get(&1).and_then(|it| it.computation.upgrade());
        // Without the clone that counts.
        known.and_then(|computation| computation.strong_count()).unwrap_or(1) - 1
    };
    while waiting() < count || computed.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    callers
}

#[tokio::test]
async fn a_computation_continues_when_its_first_caller_leaves() {
    let cache = Arc::new(cache_of_two());
    let computed = Arc::default();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let end = async move {
        gone.await.unwrap();
        Ok(7)
    };
    let mut callers = callers(&cache, 3, &computed, end.boxed().shared()).await;
    let first = callers.remove(0);
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok(7));
    }
    assert_eq!(cache.get_or_compute(1, async { Ok(8) }).await, Ok(7), "it is stored");
    assert_eq!(computed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_panic_reaches_all_callers_as_an_error() {
    let cache = Arc::new(cache_of_two());
    let computed = Arc::default();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let end: BoxFuture<'static, Result<usize, StudyError>> = async move {
        gone.await.unwrap();
        panic!("on purpose")
    }
    .boxed();
    let callers = callers(&cache, 3, &computed, end.shared()).await;
    go.send(()).unwrap();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Err(StudyError::Failed));
    }
    assert_eq!(computed.load(Ordering::SeqCst), 1);
    assert_eq!(cache.get_or_compute(1, async { Ok(7) }).await, Ok(7));
}

#[tokio::test]
async fn a_computation_is_cancelled_when_the_last_caller_leaves() {
    let cache = cache_of_two();
    let (held, dropped) = tokio::sync::oneshot::channel::<()>();
    let never = async move {
        let _held = held;
        std::future::pending().await
    };
    let asked = tokio::time::timeout(std::time::Duration::ZERO, cache.get_or_compute(1, never)).await;
    assert!(asked.is_err());
    assert!(dropped.await.is_err(), "it goes on");
    assert_eq!(cache.get_or_compute(1, async { Ok(7) }).await, Ok(7));
    assert_eq!(cache.0.stored.len(), 1);
    assert!(cache.0.in_flight().is_empty());
}

#[tokio::test]
async fn any_number_of_callers_wait_for_one_computation() {
    let cache = Arc::new(cache_of_two());
    let computed = Arc::default();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let end = async move {
        gone.await.unwrap();
        Ok(7)
    };
    let callers = callers(&cache, 1000, &computed, end.boxed().shared()).await;
    go.send(()).unwrap();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Ok(7));
    }
    assert_eq!(computed.load(Ordering::SeqCst), 1);
    let figures = cache.figures();
    assert_eq!((figures.hits, figures.misses, figures.entries), (999, 1, 1));
}

#[tokio::test]
async fn the_refusal_of_the_first_caller_is_not_that_of_the_others() {
    let cache = Arc::new(cache_of_two());
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let refused = {
        let cache = cache.clone();
        let busy = async move {
            gone.await.unwrap();
            Err(StudyError::Busy)
        };
        tokio::spawn(async move { cache.get_or_compute(1, busy).await })
    };
    while cache.0.in_flight().is_empty() {
        tokio::task::yield_now().await;
    }
    let mut joined = Box::pin(cache.get_or_compute(1, async { Ok(7) }));
    assert!((&mut joined).now_or_never().is_none());
    go.send(()).unwrap();
    assert_eq!((joined.await, refused.await.unwrap()), (Ok(7), Err(StudyError::Busy)));
}
