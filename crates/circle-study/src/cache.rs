//! A single-flight cache: a value is computed once for all callers that wait, then stored within a bound of
//! bytes.
//!
//! `quick_cache` stores and evicts. This module adds cancellation: a computation continues when its first
//! caller leaves, and is cancelled when the last caller leaves.

use crate::error::StudyError;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use quick_cache::sync::DefaultLifecycle;
use quick_cache::{DefaultHashBuilder, OptionsBuilder};
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most callers that may wait for one value; further callers are rejected.
const MOST_WAITING: usize = 256;
/// Bytes of an entry beside its value: key, hash table slot, list node. An estimate.
const OVERHEAD: usize = 512;

/// A single-flight cache, bounded by the bytes of its values.
///
/// Values that were not requested again since their insertion are evicted first (CLOCK-Pro, as in
/// `quick_cache`). A value larger than 97 % of the bound is not stored and evicts nothing.
pub(crate) struct Cache<K, V>(Arc<Inner<K, V>>);

struct Inner<K, V> {
    stored: quick_cache::sync::Cache<K, V, Weight<V>>,
    /// Values that are being computed.
    in_flight: Mutex<HashMap<K, WeakShared<Computation<V>>>>,
}

/// Every caller that waits holds a clone of the shared future and drives it. The cache holds a weak one, so
/// dropping the last clone drops the computation.
type Computation<V> = BoxFuture<'static, Result<V, StudyError>>;

enum Found<V> {
    Stored(V),
    Computing(Shared<Computation<V>>),
}

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A cache of at most `most_bytes` bytes, sized for about `entries` values. `bytes` returns the size of a
    /// value.
    pub(crate) fn new(most_bytes: usize, entries: usize, bytes: fn(&V) -> usize) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity(entries)
            .weight_capacity(most_bytes as u64)
            // Several shards would divide the bound, and a large value would fit in none of them.
            .shards(1)
            .build()
            .expect("both capacities are given");
        let stored = quick_cache::sync::Cache::with_options(
            options,
            Weight(bytes),
            DefaultHashBuilder::default(),
            DefaultLifecycle::default(),
        );
        Self(Arc::new(Inner { stored, in_flight: Mutex::default() }))
    }

    /// The value of `key`, computed if it is not cached. A failed computation stores nothing; the next call
    /// with the same key repeats it.
    ///
    /// # Errors
    /// The error of `compute`, for all callers that wait; [`StudyError::Failed`] when it panics;
    /// [`StudyError::Busy`] when [`MOST_WAITING`] callers already wait.
    pub(crate) async fn get_or_compute(
        &self,
        key: K,
        compute: impl Future<Output = Result<V, StudyError>> + Send + 'static,
    ) -> Result<V, StudyError> {
        match self.find(key, compute)? {
            Found::Stored(value) => Ok(value),
            Found::Computing(computation) => computation.await,
        }
    }

    fn find(
        &self,
        key: K,
        compute: impl Future<Output = Result<V, StudyError>> + Send + 'static,
    ) -> Result<Found<V>, StudyError> {
        if let Some(value) = self.0.stored.get(&key) {
            return Ok(Found::Stored(value));
        }
        let mut in_flight = self.0.in_flight();
        // A computation may have ended before the lock was taken.
        if let Some(value) = self.0.stored.get(&key) {
            return Ok(Found::Stored(value));
        }
        let known = in_flight.get(&key).and_then(WeakShared::upgrade);
        if let Some(computation) = known {
            drop(in_flight);
            let fits = computation.strong_count().is_none_or(|waiting| waiting <= MOST_WAITING);
            return if fits { Ok(Found::Computing(computation)) } else { Err(StudyError::Busy) };
        }
        in_flight.retain(|_, computation| computation.upgrade().is_some());
        let computation = computation(self.0.clone(), key.clone(), compute);
        if let Some(weak) = computation.downgrade() {
            in_flight.insert(key, weak);
        }
        Ok(Found::Computing(computation))
    }
}

/// Computes a value and stores it.
fn computation<K, V>(
    cache: Arc<Inner<K, V>>,
    key: K,
    compute: impl Future<Output = Result<V, StudyError>> + Send + 'static,
) -> Shared<Computation<V>>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    let computation = async move {
        let computed = AssertUnwindSafe(compute).catch_unwind().await;
        let computed = computed.unwrap_or_else(|payload| Err(StudyError::panicked(&*payload)));
        if let Ok(value) = &computed {
            cache.stored.insert(key.clone(), value.clone());
        }
        cache.in_flight().remove(&key);
        computed
    };
    computation.boxed().shared()
}

impl<K, V> Inner<K, V> {
    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn in_flight(&self) -> MutexGuard<'_, HashMap<K, WeakShared<Computation<V>>>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Weighs values in bytes.
struct Weight<V>(fn(&V) -> usize);

impl<V> Clone for Weight<V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<K, V> quick_cache::Weighter<K, V> for Weight<V> {
    fn weight(&self, _: &K, value: &V) -> u64 {
        (self.0(value) + OVERHEAD) as u64
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
