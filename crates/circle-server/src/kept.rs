//! The last few of what is costly to make, each made once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

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
    /// `None` while it is made.
    bytes: Option<usize>,
    /// Whoever comes while it is made waits for it.
    value: Arc<AsyncMutex<Option<V>>>,
}

impl<K: PartialEq + Clone, V: Clone> Kept<K, V> {
    /// At most so many values, and of `most_bytes` together.
    pub(crate) fn new(most: usize, most_bytes: usize, bytes: fn(&V) -> usize) -> Self {
        Self { most, most_bytes, bytes, slots: Mutex::default() }
    }

    /// The value of `key`, made where it is not kept. What cannot be made, or is given up, displaces nothing; the next who
    /// waits for it makes it.
    pub(crate) async fn get_or_make<E>(
        &self,
        key: &K,
        make: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        loop {
            let slot = self.slot(key);
            let mut value = slot.lock().await;
            if let Some(value) = &*value {
                return Ok(value.clone());
            }
            if !self.holds(&slot) {
                continue;
            }
            let unmade = Unmade { kept: self, slot: &slot };
            let made = make.await?;
            std::mem::forget(unmade);
            *value = Some(made.clone());
            drop(value);
            self.weigh(&slot, (self.bytes)(&made));
            return Ok(made);
        }
    }

    fn slot(&self, key: &K) -> Arc<AsyncMutex<Option<V>>> {
        let mut slots = lock(&self.slots);
        let slot = match slots.iter().position(|slot| slot.key == *key) {
            Some(position) => slots.remove(position),
            None => Slot { key: key.clone(), bytes: None, value: Arc::default() },
        };
        let value = slot.value.clone();
        slots.insert(0, slot);
        value
    }

    fn holds(&self, value: &Arc<AsyncMutex<Option<V>>>) -> bool {
        lock(&self.slots).iter().any(|slot| Arc::ptr_eq(&slot.value, value))
    }

    fn weigh(&self, value: &Arc<AsyncMutex<Option<V>>>, bytes: usize) {
        let mut slots = lock(&self.slots);
        if let Some(slot) = slots.iter_mut().find(|slot| Arc::ptr_eq(&slot.value, value)) {
            slot.bytes = Some(bytes);
        }
        let (mut sum, mut count) = (0, 0);
        slots.retain(|slot| {
            let Some(bytes) = slot.bytes else { return true };
            let fits = bytes <= self.most_bytes - sum && count < self.most;
            if fits {
                sum += bytes;
                count += 1;
            }
            fits
        });
    }
}

/// Takes a slot away when it is dropped. The value's lock is held by who makes it, so only the list is locked here.
struct Unmade<'a, K, V> {
    kept: &'a Kept<K, V>,
    slot: &'a Arc<AsyncMutex<Option<V>>>,
}

impl<K, V> Drop for Unmade<'_, K, V> {
    fn drop(&mut self) {
        lock(&self.kept.slots).retain(|kept| !Arc::ptr_eq(&kept.value, self.slot));
    }
}

/// Nothing panics under the lock of the list.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    async fn ask(kept: &Kept<u32, usize>, key: u32, value: usize, made: &mut u32) -> usize {
        let make = async {
            *made += 1;
            Ok::<_, Infallible>(value)
        };
        kept.get_or_make(&key, make).await.unwrap()
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
        assert_eq!(kept.get_or_make(&1, async { Err("not now") }).await, Err("not now"));
        assert_eq!(kept.get_or_make(&1, async { Ok::<_, &str>(7) }).await, Ok(7));
        for key in 2..20 {
            assert_eq!(kept.get_or_make(&key, async { Err("never") }).await, Err("never"));
        }
        assert_eq!(kept.get_or_make(&1, async { Err("made already") }).await, Ok(7));
        assert_eq!(lock(&kept.slots).len(), 1);
    }

    /// Who makes it leaves; of those who wait one makes it, and the others have it from there.
    #[tokio::test]
    async fn what_is_given_up_is_made_by_the_next_and_kept() {
        let kept: Arc<Kept<u32, usize>> = Arc::new(Kept::new(2, 100, |_| 1));
        let (started, has_started) = tokio::sync::oneshot::channel();
        let leaver = tokio::spawn({
            let kept = kept.clone();
            async move {
                let never = async {
                    started.send(()).unwrap();
                    std::future::pending::<Result<usize, Infallible>>().await
                };
                kept.get_or_make(&1, never).await
            }
        });
        has_started.await.unwrap();
        let mut made = [0; 2];
        let [first, second] = &mut made;
        let leave = async {
            tokio::task::yield_now().await;
            leaver.abort();
        };
        let answers = tokio::join!(ask(&kept, 1, 7, first), ask(&kept, 1, 7, second), leave);
        assert_eq!((answers.0, answers.1, made.iter().sum::<u32>()), (7, 7, 1));
        assert_eq!(kept.get_or_make(&1, async { Err("made already") }).await, Ok(7));
        assert_eq!(lock(&kept.slots).len(), 1);
    }
}
