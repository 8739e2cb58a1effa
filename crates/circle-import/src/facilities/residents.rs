//! Whom a facility serves: a park inside a closed compound is there for its residents.

use super::Place;
use super::kinds::Kinds;
use crate::compounds::DraftCompound;
use crate::outlines::Boxes;
use crate::zones::Closed;
use circle_model::{Frame, Point, plane};

/// What reaches no farther out of a compound than this lies inside: outlines are not drawn more exactly.
const BEYOND_METRES: f64 = 10.0;

/// Compounds and whether they are closed.
pub(crate) struct Compounds<'a> {
    compounds: &'a [DraftCompound],
    closed: &'a [Closed],
    boxes: Boxes,
}

impl<'a> Compounds<'a> {
    pub(crate) fn new(compounds: &'a [DraftCompound], closed: &'a [Closed]) -> Self {
        Self { compounds, closed, boxes: Boxes::new(compounds) }
    }

    /// Row, counted from 1, of the smallest closed compound that a place lies in with all of its outline, where its kind
    /// serves residents alone; 0 where it serves everybody.
    pub(super) fn only_for(&self, place: &Place, kinds: &Kinds) -> u32 {
        let residents = |category: &u8| kinds.for_residents[usize::from(*category)];
        if place.public || !place.classified.categories.iter().any(residents) {
            return 0;
        }
        let around = self.boxes.containing(self.compounds, place.point);
        let size = |row: &u32| self.compounds[*row as usize].square_metres;
        let closed = around.into_iter().filter(|row| self.closed[*row as usize].closed);
        let holds = |row: &u32| place.area.corners().all(|corner| self.holds(*row, corner));
        closed
            .filter(holds)
            .min_by(|a, b| size(a).total_cmp(&size(b)).then(a.cmp(b)))
            .map_or(0, |row| row + 1)
    }

    fn holds(&self, row: u32, point: Point) -> bool {
        let compound = &self.compounds[row as usize];
        if compound.contains(point) {
            return true;
        }
        let frame = Frame::at(point);
        let mut sides = compound.rings().flat_map(|ring| ring.windows(2));
        sides.any(|side| plane::distance(frame.local(side[0]), frame.local(side[1])) <= BEYOND_METRES)
    }
}
