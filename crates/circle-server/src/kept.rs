//! The last few of what is costly to make, each made once.

use crate::problem::Problem;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Who may wait for one value while it is made; more are turned away.
const MOST_WAITING: usize = 256;
/// Of each who waits: one that is waited on, one to know it by afterwards.
const HANDLES: usize = 2;

/// Values by key, the last asked for first; the oldest go when there are too many, or too many bytes.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    most: usize,
    most_bytes: usize,
    bytes: fn(&V) -> usize,
    slots: Mutex<Vec<Slot<K, V>>>,
}

#[derive(Debug)]
struct Slot<K, V> {
    key: K,
    value: Value<V>,
}

/// All who wait for a value make it together: whoever leaves, it goes on as long as one of them is there.
type Making<V> = Shared<BoxFuture<'static, Result<V, Problem>>>;

#[derive(Debug)]
enum Value<V> {
    Making(WeakShared<BoxFuture<'static, Result<V, Problem>>>),
    Made { value: V, bytes: usize },
}

impl<V: Clone> Value<V> {
    fn is_given_up(&self) -> bool {
        matches!(self, Self::Making(making) if making.upgrade().is_none())
    }

    fn is_made_by(&self, other: &Making<V>) -> bool {
        matches!(self, Self::Making(making) if making.upgrade().is_some_and(|making| making.ptr_eq(other)))
    }
}

impl<K: PartialEq + Clone, V: Clone> Kept<K, V> {
    /// At most so many values, and of `most_bytes` together.
    pub(crate) fn new(most: usize, most_bytes: usize, bytes: fn(&V) -> usize) -> Self {
        Self { most, most_bytes, bytes, slots: Mutex::default() }
    }

    /// The value of `key`, made where it is not kept. What cannot be made displaces nothing, and is tried again when it
    /// is asked for again.
    ///
    /// # Errors
    /// As `make`; [`Problem::Busy`] where too many wait for it.
    pub(crate) async fn get_or_make(
        &self,
        key: &K,
        make: impl Future<Output = Result<V, Problem>> + Send + 'static,
    ) -> Result<V, Problem> {
        let making = match self.find(key, make)? {
            Ok(value) => return Ok(value),
            Err(making) => making,
        };
        let made = making.clone().await;
        self.keep(&making, made.as_ref().ok());
        made
    }

    /// The value, or what makes it.
    fn find(
        &self,
        key: &K,
        make: impl Future<Output = Result<V, Problem>> + Send + 'static,
    ) -> Result<Result<V, Making<V>>, Problem> {
        let mut slots = lock(&self.slots);
        slots.retain(|slot| !slot.value.is_given_up());
        let Some(position) = slots.iter().position(|slot| slot.key == *key) else {
            let making = make.boxed().shared();
            if let Some(value) = making.downgrade().map(Value::Making) {
                slots.insert(0, Slot { key: key.clone(), value });
            }
            return Ok(Err(making));
        };
        slots[..=position].rotate_right(1);
        let found = match &slots[0].value {
            Value::Made { value, .. } => Ok(value.clone()),
            Value::Making(making) => Err(making.upgrade()),
        };
        drop(slots);
        match found {
            Ok(value) => Ok(Ok(value)),
            Err(Some(making))
                if making.strong_count().is_none_or(|handles| handles <= HANDLES * MOST_WAITING) =>
            {
                Ok(Err(making))
            }
            Err(_) => Err(Problem::Busy),
        }
    }

    /// Whoever comes first of those who waited keeps the value; one that could not be made leaves no slot behind.
    fn keep(&self, making: &Making<V>, made: Option<&V>) {
        let mut slots = lock(&self.slots);
        let Some(position) = slots.iter().position(|slot| slot.value.is_made_by(making)) else { return };
        let Some(made) = made else {
            slots.remove(position);
            return;
        };
        slots[position].value = Value::Made { value: made.clone(), bytes: (self.bytes)(made) };
        let (mut sum, mut count) = (0, 0);
        slots.retain(|slot| {
            let Value::Made { bytes, .. } = slot.value else { return true };
            let fits = bytes <= self.most_bytes - sum && count < self.most;
            if fits {
                sum += bytes;
                count += 1;
            }
            fits
        });
    }
}

/// Nothing panics under the lock of the list.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    async fn ask(kept: &Kept<u32, usize>, key: u32, value: usize, made: &mut u32) -> usize {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let make = async move {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(value)
        };
        let answer = kept.get_or_make(&key, make).await.unwrap();
        *made += count.load(Ordering::SeqCst) as u32;
        answer
    }

    #[tokio::test]
    async fn the_last_asked_for_are_kept_and_made_once() {
        let kept = Kept::new(2, usize::MAX, |_| 1);
        let mut made = 0;
        for (key, expected) in [(1, 1), (2, 2), (1, 2), (3, 3), (1, 3), (2, 4)] {
            ask(&kept, key, 0, &mut made).await;
            assert_eq!(made, expected, "after {key}");
        }
    }

    #[tokio::test]
    async fn the_oldest_go_when_there_are_too_many_bytes() {
        let kept = Kept::new(9, 100, |value| *value);
        let mut made = 0;
        for (key, bytes, expected) in [(1, 60, 1), (2, 40, 2), (1, 60, 2), (3, 30, 3), (1, 60, 3), (2, 40, 4)]
        {
            assert_eq!(ask(&kept, key, bytes, &mut made).await, bytes);
            assert_eq!(made, expected, "after {key}");
        }
        assert_eq!((ask(&kept, 4, 101, &mut made).await, made), (101, 5), "one larger than all is made …");
        assert_eq!((ask(&kept, 4, 101, &mut made).await, made), (101, 6), "… and not kept");
        assert_eq!((ask(&kept, 2, 40, &mut made).await, made), (40, 6), "… and displaces nothing");
    }

    #[tokio::test]
    async fn what_weighs_nothing_is_counted_all_the_same() {
        let kept = Kept::new(2, 100, |_| 0);
        let mut made = 0;
        for key in [1, 2, 3, 1] {
            ask(&kept, key, 0, &mut made).await;
        }
        assert_eq!((made, lock(&kept.slots).len()), (4, 2));
    }

    #[tokio::test]
    async fn what_cannot_be_made_is_tried_again() {
        let kept: Kept<u32, usize> = Kept::new(2, 100, |_| 1);
        let fail = async |key: u32| kept.get_or_make(&key, async { Err(Problem::Internal) }).await;
        assert!(fail(1).await.is_err());
        assert_eq!(kept.get_or_make(&1, async { Ok(7) }).await.unwrap(), 7);
        for key in 2..20 {
            assert!(fail(key).await.is_err());
        }
        assert_eq!(fail(1).await.unwrap(), 7, "it is kept");
        assert_eq!(lock(&kept.slots).len(), 1);
    }

    /// Who began it leaves; it goes on for those who wait, and is made once.
    #[tokio::test]
    async fn what_several_wait_for_is_made_once_whoever_leaves() {
        let kept: Arc<Kept<u32, usize>> = Arc::new(Kept::new(2, 100, |_| 1));
        let made = Arc::new(AtomicUsize::new(0));
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let gone = gone.shared();
        let ask = || {
            let (kept, made, gone) = (kept.clone(), made.clone(), gone.clone());
            tokio::spawn(async move {
                let make = async move {
                    made.fetch_add(1, Ordering::SeqCst);
                    gone.await.unwrap();
                    Ok(7)
                };
                kept.get_or_make(&1, make).await
            })
        };
        let waiting = |most: usize| {
            let kept = kept.clone();
            async move {
                let count = || match &lock(&kept.slots)[0].value {
                    Value::Making(making) => making.upgrade().and_then(|it| it.strong_count()).unwrap_or(0),
                    Value::Made { .. } => 0,
                };
                while count() < most {
                    tokio::task::yield_now().await;
                }
            }
        };
        let first = ask();
        while made.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let others = [ask(), ask()];
        // Two handles for each who waits, and the one that is counted with.
        waiting(7).await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        go.send(()).unwrap();
        for other in others {
            assert_eq!(other.await.unwrap().unwrap(), 7);
        }
        assert_eq!(made.load(Ordering::SeqCst), 1);
        assert_eq!(ask().await.unwrap().unwrap(), 7);
        assert_eq!(made.load(Ordering::SeqCst), 1, "it is kept");
    }

    #[tokio::test]
    async fn what_all_have_left_is_given_up_and_made_anew() {
        let kept: Kept<u32, usize> = Kept::new(2, 100, |_| 1);
        let (held, dropped) = tokio::sync::oneshot::channel::<()>();
        let never = async move {
            let _held = held;
            std::future::pending().await
        };
        let asked = tokio::time::timeout(std::time::Duration::ZERO, kept.get_or_make(&1, never)).await;
        assert!(asked.is_err());
        assert!(dropped.await.is_err(), "it goes on");
        assert_eq!(kept.get_or_make(&1, async { Ok(7) }).await.unwrap(), 7);
        assert_eq!(lock(&kept.slots).len(), 1);
    }

    #[tokio::test]
    async fn more_than_may_wait_are_turned_away() {
        let kept: Kept<u32, usize> = Kept::new(2, 100, |_| 1);
        let Ok(Err(making)) = kept.find(&1, std::future::pending()) else { panic!("it is kept") };
        let ask = || kept.get_or_make(&1, std::future::pending());
        let mut waiting: Vec<_> = (0..MOST_WAITING).map(|_| Box::pin(ask())).collect();
        for asker in &mut waiting {
            assert!(asker.now_or_never().is_none(), "one of those who may wait");
        }
        drop(making);
        assert!(matches!(ask().now_or_never(), Some(Err(Problem::Busy))));
        waiting.pop();
        assert!(ask().now_or_never().is_none(), "there is a place again");
    }
}
