//! A cache of values by the edition of a city, which evicts the least recently used value.

use circle_model::city::Edition;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The values of the editions used last.
#[derive(Debug)]
pub(crate) struct ByEdition<T> {
    /// Capacity, in values.
    most: usize,
    /// The most recently used value first.
    values: Mutex<Vec<(Edition, Arc<T>)>>,
    /// Held while a value is built.
    building: Mutex<()>,
}

impl<T> ByEdition<T> {
    pub(crate) const fn new(most: usize) -> Self {
        Self { most, values: Mutex::new(Vec::new()), building: Mutex::new(()) }
    }

    /// The value of an edition; `edition` returns `None` while the edition is not known. `build` returns the
    /// edition with the value.
    ///
    /// Threads outside of rayon's pool wait for one another, so a value is built once. A thread of the pool
    /// does not wait, because the building thread may need it: two of them may build the same value.
    pub(crate) fn get_or_build(
        &self,
        edition: impl Fn() -> Option<Edition>,
        build: impl FnOnce() -> (Edition, T),
    ) -> Arc<T> {
        let find = || self.find(edition()?);
        if let Some(known) = find() {
            return known;
        }
        let _turn = rayon::current_thread_index().is_none().then(|| lock(&self.building));
        if let Some(known) = find() {
            return known;
        }
        let (edition, value) = build();
        self.insert(edition, Arc::new(value))
    }

    fn find(&self, edition: Edition) -> Option<Arc<T>> {
        let mut values = lock(&self.values);
        let at = values.iter().position(|(other, _)| *other == edition)?;
        let found = values.remove(at);
        values.insert(0, found.clone());
        Some(found.1)
    }

    /// Returns the value that another thread inserted meanwhile, if there is one.
    fn insert(&self, edition: Edition, value: Arc<T>) -> Arc<T> {
        let mut values = lock(&self.values);
        if let Some((_, known)) = values.iter().find(|(other, _)| *other == edition) {
            return known.clone();
        }
        values.insert(0, (edition, value.clone()));
        values.truncate(self.most);
        value
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
