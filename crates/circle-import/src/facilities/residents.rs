//! Facilities that serve only residents: a park inside a closed compound.

use super::draft::DraftFacility;
use super::kinds::Kinds;
use crate::compounds::{CompoundIndex, DraftCompound};
use crate::zones::Judged;
use circle_model::{CompoundId, Frame, Point, plane};

/// An outline that reaches at most this far out of a compound lies inside, given the accuracy of outlines.
const BEYOND_METRES: f64 = 10.0;

/// Closed compounds by their outlines.
pub(super) struct ClosedCompounds<'a> {
    compounds: &'a [DraftCompound],
    judged: &'a [Judged],
    index: CompoundIndex<'a>,
}

impl<'a> ClosedCompounds<'a> {
    pub(super) fn new(compounds: &'a [DraftCompound], judged: &'a [Judged]) -> Self {
        Self { compounds, judged, index: CompoundIndex::new(compounds) }
    }

    /// The smallest closed compound that contains the whole outline of a facility, if its category serves
    /// only residents; `None` if it serves everybody.
    pub(super) fn only_for(&self, place: &DraftFacility, kinds: &Kinds) -> Option<CompoundId> {
        let residents = |category: &u8| kinds.for_residents[usize::from(*category)];
        if place.public || !place.classified.categories.iter().any(residents) {
            return None;
        }
        let around = self.index.containing(place.point).into_iter();
        let closed = around.filter(|id| self.judged[id.index()].closed);
        let holds = |id: &CompoundId| place.area.corners().all(|corner| self.holds(*id, corner));
        self.index.smallest(closed.filter(holds))
    }

    fn holds(&self, id: CompoundId, point: Point) -> bool {
        let compound = &self.compounds[id.index()];
        if compound.contains(point) {
            return true;
        }
        let frame = Frame::at(point);
        let mut sides = compound.rings().flat_map(|ring| ring.windows(2));
        sides.any(|side| plane::distance(frame.local(side[0]), frame.local(side[1])) <= BEYOND_METRES)
    }
}
