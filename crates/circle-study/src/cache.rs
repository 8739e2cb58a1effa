//! A single-flight cache: a value is computed once for all callers that wait, then stored within a bound of
//! bytes.
//!
//! `quick_cache` stores and evicts. This module adds cancellation: a computation continues when its first
//! caller leaves, and is cancelled when the last caller leaves.

use crate::client::Client;
use crate::error::StudyError;
use crate::flight::Flight;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use quick_cache::sync::DefaultLifecycle;
use quick_cache::{DefaultHashBuilder, OptionsBuilder};
use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Computations of other callers that a caller joins, one after the other, if their turns are refused.
const MOST_JOINED: usize = 3;
/// Bytes of an entry beside its value: key, hash table slot, list node. An estimate.
const OVERHEAD: usize = 512;

/// A single-flight cache, bounded by the bytes of its values.
///
/// Values that were not requested again since their insertion are evicted first (CLOCK-Pro, as in
/// `quick_cache`). A value larger than 97 % of the bound is not stored and evicts nothing.
pub(crate) struct Cache<K, V>(Arc<Inner<K, V>>);

/// The figures of a cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Bytes of all entries.
    pub bytes: u64,
    /// Number of entries.
    pub entries: u64,
    /// Look-ups that found a value, stored or being computed.
    pub hits: u64,
    /// Look-ups that began a computation.
    pub misses: u64,
}

struct Inner<K, V> {
    hits: AtomicU64,
    misses: AtomicU64,
    stored: quick_cache::sync::Cache<K, V, Weight<V>>,
    /// Values that are being computed.
    in_flight: Mutex<HashMap<K, InFlight<V>>>,
}

/// Every caller that waits holds a clone of the shared future and drives it. The cache holds a weak one, so
/// dropping the last clone drops the computation.
type Computation<V> = BoxFuture<'static, Result<V, StudyError>>;

struct InFlight<V> {
    computation: WeakShared<Computation<V>>,
    flight: Arc<Flight>,
}

enum Found<V, C> {
    Stored(V),
    /// A new computation.
    Begun(Shared<Computation<V>>),
    /// The computation of another caller, and the caller's own, which was not needed.
    Joined(Shared<Computation<V>>, C),
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
        Self(Arc::new(Inner {
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            stored,
            in_flight: Mutex::default(),
        }))
    }

    /// The figures since the start.
    pub(crate) fn figures(&self) -> CacheFigures {
        CacheFigures {
            bytes: self.0.stored.weight(),
            entries: self.0.stored.len() as u64,
            hits: self.0.hits.load(Ordering::Relaxed),
            misses: self.0.misses.load(Ordering::Relaxed),
        }
    }

    /// The value of `key`, computed if it is not cached. A failed computation stores nothing; the next call
    /// with the same key repeats it.
    ///
    /// # Errors
    /// The error of `compute`, for all callers that wait; [`StudyError::Failed`] when it panics.
    pub(crate) async fn get_or_compute(
        &self,
        key: K,
        compute: impl Future<Output = Result<V, StudyError>> + Send + 'static,
    ) -> Result<V, StudyError> {
        let mut compute = compute.boxed();
        for _ in 0..MOST_JOINED {
            match self.find(&key, compute) {
                Found::Stored(value) => return Ok(value),
                Found::Begun(computation) => return computation.await,
                Found::Joined(computation, own) => match computation.await {
                    // The other caller's turn was refused, not this one's.
                    Err(StudyError::Busy | StudyError::OverBudget(_)) => compute = own,
                    result => return result,
                },
            }
        }
        Err(StudyError::Busy)
    }

    fn find<C>(&self, key: &K, compute: C) -> Found<V, C>
    where
        C: Future<Output = Result<V, StudyError>> + Send + 'static,
    {
        if let Some(value) = self.0.stored.get(key) {
            self.0.hits.fetch_add(1, Ordering::Relaxed);
            return Found::Stored(value);
        }
        let mut in_flight = self.0.in_flight();
        // A computation may have ended before the lock was taken.
        if let Some(value) = self.0.stored.get(key) {
            self.0.hits.fetch_add(1, Ordering::Relaxed);
            return Found::Stored(value);
        }
        let known = in_flight.get(key).and_then(|it| Some((it.computation.upgrade()?, it.flight.clone())));
        if let Some((computation, flight)) = known {
            drop(in_flight);
            self.0.hits.fetch_add(1, Ordering::Relaxed);
            flight.join(Client::current());
            wait_for(&flight);
            return Found::Joined(computation, compute);
        }
        self.0.misses.fetch_add(1, Ordering::Relaxed);
        in_flight.retain(|_, it| it.computation.upgrade().is_some());
        let flight = Arc::new(Flight::default());
        let computation = computation(self.0.clone(), key.clone(), flight.clone().carrying(compute));
        if let Some(weak) = computation.downgrade() {
            in_flight.insert(key.clone(), InFlight { computation: weak, flight: flight.clone() });
        }
        drop(in_flight);
        wait_for(&flight);
        Found::Begun(computation)
    }
}

/// The computation that runs now, if there is one, waits for `flight`: its callers join that as well.
fn wait_for(flight: &Arc<Flight>) {
    let flight = flight.clone();
    Flight::waits_for(move |client| flight.join(client));
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
    // Another caller may poll it, but its searches are the first caller's.
    let compute = Client::current().asking(compute);
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
    fn in_flight(&self) -> MutexGuard<'_, HashMap<K, InFlight<V>>> {
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
