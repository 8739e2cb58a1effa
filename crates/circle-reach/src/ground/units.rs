//! Arithmetic of times and lengths along the network.

use circle_model::{Millimetres, Milliseconds};

/// Time of an impassable arc or an unreached place. Sums saturate, so any sum with it equals it.
pub(crate) const IMPASSABLE: Milliseconds = Milliseconds(u32::MAX);

/// The longest time that a search can be limited to: everything that can be reached at all is within it.
pub const NO_LIMIT: Milliseconds = Milliseconds(u32::MAX - 1);

/// Rounds a non-negative number of milliseconds or millimetres. The result is at most a quarter of
/// [`IMPASSABLE`].
///
/// Faster than `f64::round`, which is a call into the C library on plain x86-64.
#[inline]
pub(crate) fn rounded(value: f64) -> u32 {
    (value + 0.5).min(f64::from(IMPASSABLE.0 / 4)) as u32
}

/// Time and length as one number: the smaller one is the better walk, and one addition adds both.
#[inline]
pub(crate) const fn packed(time: Milliseconds, length: Millimetres) -> u64 {
    (time.0 as u64) << 32 | length.0 as u64
}
