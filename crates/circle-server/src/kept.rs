//! The last few of what is costly to make, each made once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Values by key, the last asked for first; the oldest go.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    most: usize,
    slots: Mutex<Vec<(K, Slot<V>)>>,
}

/// Filled once; whoever comes meanwhile waits for it.
type Slot<V> = Arc<OnceLock<V>>;

impl<K: PartialEq, V: Clone> Kept<K, V> {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, slots: Mutex::default() }
    }

    /// The value of `key`, made where it is not kept.
    pub(crate) fn get_or_make(&self, key: K, make: impl FnOnce() -> V) -> V {
        let slot = self.slot(key);
        slot.get_or_init(make).clone()
    }

    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = match slots.iter().position(|(other, _)| *other == key) {
            Some(position) => slots.remove(position),
            None => (key, Slot::default()),
        };
        let slot = entry.1.clone();
        slots.insert(0, entry);
        slots.truncate(self.most);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_asked_for_are_kept_and_made_once() {
        let kept = Kept::new(2);
        let mut made = 0;
        for (key, expected) in [(1, 1), (2, 2), (1, 2), (3, 3), (1, 3), (2, 4)] {
            kept.get_or_make(key, || made += 1);
            assert_eq!(made, expected, "after {key}");
        }
    }
}
