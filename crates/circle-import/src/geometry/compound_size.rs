//! The size that a compound may have.

use circle_model::coordinates::Bounds;

/// Metres across of the largest compound. A new town is 5 km across; a larger outline has a stray corner.
pub(crate) const MOST_METRES_ACROSS: f64 = 20_000.0;

/// Whether an outline is too large for a compound: the whole outline would be searched for each of its gates.
pub(crate) fn is_too_large(bounds: &Bounds) -> bool {
    let (low, high) = bounds.diagonal();
    low.distance_metres(high) > MOST_METRES_ACROSS
}
