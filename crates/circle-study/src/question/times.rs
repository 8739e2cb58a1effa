//! The question of walking times between two lists of places.

use crate::refusal::Refusal;
use circle_model::{Milliseconds, Point, Profile};
use circle_reach::Origin;

/// Most pairs of one question: a table of about 1 GB.
const MOST_PAIRS: usize = 10_000_000;

/// The walking times from each of some places to each of some others.
#[derive(Debug, Clone)]
pub struct TimesQuestion<'a> {
    /// Ids of the places where walks start.
    pub(crate) from_ids: &'a [String],
    /// Where walks start, in the same order.
    pub(crate) from: &'a [Origin],
    /// Ids of the places where walks end.
    pub(crate) to_ids: &'a [String],
    /// Where walks end, in the same order.
    pub(crate) to: &'a [Point],
    /// The walking profile.
    pub(crate) profile: &'a Profile,
    /// Walks that take longer have the status `beyond`.
    pub(crate) limit: Milliseconds,
}

impl<'a> TimesQuestion<'a> {
    /// The times of all walks of at most `minutes` from `from` to `to`, lists of ids and places.
    ///
    /// # Errors
    /// As [`check_pairs`].
    pub fn new(
        from: (&'a [String], &'a [Origin]),
        to: (&'a [String], &'a [Point]),
        profile: &'a Profile,
        minutes: u32,
    ) -> Result<Self, Refusal> {
        let ((from_ids, from), (to_ids, to)) = (from, to);
        check_pairs(from.len(), to.len())?;
        Ok(Self { from_ids, from, to_ids, to, profile, limit: Milliseconds::from_minutes(minutes) })
    }
}

/// Checks the number of pairs of a question.
///
/// # Errors
/// [`Refusal::TooMuch`] when there are more than 10 million pairs.
pub fn check_pairs(starts: usize, ends: usize) -> Result<(), Refusal> {
    let pairs = starts.saturating_mul(ends);
    if pairs <= MOST_PAIRS {
        return Ok(());
    }
    Err(Refusal::TooMuch(format!(
        "{starts} × {ends} places are {pairs} pairs; one run answers at most {MOST_PAIRS}, so split the lists"
    )))
}
