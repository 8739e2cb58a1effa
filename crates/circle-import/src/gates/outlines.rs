//! The sides of all outlines, to find the compounds near a point.

use crate::compounds::DraftCompound;
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};

/// A gate in a row that names no compound belongs to an outline within this distance …
pub(super) const OWN_METRES: f64 = 60.0;
/// … and one that names a compound is within this distance of it.
pub(super) const NAMED_METRES: f64 = 150.0;

/// The sides of all outlines in a grid.
pub(super) struct OutlineSides {
    pub(super) grid: SegmentGrid,
    /// Position of the compound of each side.
    pub(super) owner: Vec<u32>,
}

impl OutlineSides {
    pub(super) fn of(compounds: &[DraftCompound]) -> Self {
        let (mut owner, mut sides) = (Vec::new(), Vec::new());
        for (number, compound) in (0u32..).zip(compounds) {
            for side in compound.rings().flat_map(|ring| ring.windows(2)) {
                sides.push((side[0], side[1]));
                owner.push(number);
            }
        }
        Self { grid: SegmentGrid::build(sides.iter().copied(), 100.0), owner }
    }

    /// Whether a point is near enough to be a gate of a compound: to its outline, or to its point if it has
    /// none.
    pub(super) fn is_near(&self, number: usize, compound: &DraftCompound, at: Point) -> bool {
        if !compound.has_outline() {
            return compound.point.distance_metres(at) <= NAMED_METRES;
        }
        let frame = Frame::at(at);
        let mut near = false;
        self.grid.visit_near(at, at, NAMED_METRES, |side| {
            near |= self.owner[side.id as usize] as usize == number
                && plane::distance(frame.local(side.a), frame.local(side.b)) <= NAMED_METRES;
            !near
        });
        near
    }

    /// The compound with the nearest outline within [`OWN_METRES`].
    pub(super) fn nearest(&self, at: Point) -> Option<u32> {
        let frame = Frame::at(at);
        let mut best: Option<(f64, u32)> = None;
        self.grid.visit_near(at, at, OWN_METRES, |side| {
            let metres = plane::distance(frame.local(side.a), frame.local(side.b));
            let owner = self.owner[side.id as usize];
            if metres <= OWN_METRES && best.is_none_or(|best| (metres, owner) < best) {
                best = Some((metres, owner));
            }
            true
        });
        best.map(|(_, owner)| owner)
    }
}
