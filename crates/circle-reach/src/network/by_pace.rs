//! A cache of values by the pace of a profile, which evicts the oldest value.

use circle_model::Pace;
use std::sync::{Arc, RwLock};

/// The values that were computed last (first in, first out).
#[derive(Debug)]
pub(crate) struct ByPace<T> {
    /// Capacity, in values.
    most: usize,
    /// The newest first.
    values: RwLock<Vec<(Pace, Arc<T>)>>,
}

impl<T> ByPace<T> {
    pub(crate) const fn new(most: usize) -> Self {
        Self { most, values: RwLock::new(Vec::new()) }
    }

    /// The value of a pace. It is computed outside the lock: two threads may compute it at the same time.
    pub(crate) fn get_or_make(&self, pace: &Pace, make: impl FnOnce() -> T) -> Arc<T> {
        let find = |known: &[(Pace, Arc<T>)]| {
            known.iter().find(|(other, _)| other == pace).map(|(_, value)| value.clone())
        };
        if let Some(known) = self.values.read().ok().and_then(|known| find(&known)) {
            return known;
        }
        let made = Arc::new(make());
        if let Ok(mut known) = self.values.write() {
            known.truncate(self.most - 1);
            known.insert(0, (*pace, made.clone()));
        }
        made
    }
}
