//! Counts repeated lines of a log: a flood of requests must not become a flood of lines.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lines of one kind are counted over this time. The text of the summaries states it.
pub const PERIOD: Duration = Duration::from_secs(10);
/// Lines of one kind in a period that are written; further ones are only counted.
pub const MOST_LINES: u64 = 5;

/// The number of lines of each kind in a period.
#[derive(Debug)]
pub struct RepeatCounts<K> {
    /// Most kinds that are counted separately; all others share one count.
    most_kinds: usize,
    /// `None` is the count of all further kinds.
    seen: Mutex<HashMap<Option<K>, u64>>,
}

impl<K: Eq + Hash> RepeatCounts<K> {
    /// No line so far.
    pub fn new(most_kinds: usize) -> Self {
        Self { most_kinds, seen: Mutex::default() }
    }

    /// Counts a line. Returns whether it is to be written. The first line of a period calls `begin_period`, which
    /// returns whether [`Self::end_period`] will be called after [`PERIOD`]; if not, every line is written.
    pub fn is_written(&self, kind: K, begin_period: impl FnOnce() -> bool) -> bool {
        let mut seen = self.seen();
        if seen.is_empty() && !begin_period() {
            return true;
        }
        let kind = Some(kind);
        let kind = if seen.len() < self.most_kinds || seen.contains_key(&kind) { kind } else { None };
        let lines = seen.entry(kind).or_default();
        *lines += 1;
        *lines <= MOST_LINES
    }

    /// Ends the period. Returns the number of lines of each kind that were not written; `None` are all further kinds.
    pub fn end_period(&self) -> impl Iterator<Item = (Option<K>, u64)> + use<K> {
        let seen = std::mem::take(&mut *self.seen());
        let more = |(kind, lines): (Option<K>, u64)| Some((kind, lines.checked_sub(MOST_LINES)?));
        seen.into_iter().filter_map(more).filter(|(_, more)| *more > 0)
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn seen(&self) -> MutexGuard<'_, HashMap<Option<K>, u64>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_of_a_kind_are_written_and_the_others_counted() {
        let counts = RepeatCounts::new(2);
        let written = |kind: u32| (0..20).filter(|_| counts.is_written(kind, || true)).count();
        assert_eq!([written(1), written(2), written(3), written(4)], [5, 5, 5, 0]);
        let mut more: Vec<_> = counts.end_period().collect();
        more.sort_unstable();
        assert_eq!(more, [(None, 35), (Some(1), 15), (Some(2), 15)]);
        assert!(counts.is_written(1, || true), "a new period begins");
        assert_eq!(counts.end_period().count(), 0, "nothing to sum up");
    }

    #[test]
    fn every_line_is_written_where_nothing_ends_the_period() {
        let counts = RepeatCounts::new(2);
        assert!((0..20).all(|_| counts.is_written(1, || false)));
    }
}
