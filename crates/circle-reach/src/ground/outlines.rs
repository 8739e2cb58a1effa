//! The outlines of compounds, in a grid that finds those around a place.

use circle_model::city::Compound;
use circle_model::coordinates::Bounds;
use circle_model::grid::SegmentGrid;
use circle_model::{City, CompoundId, Point};

/// Side of a cell of the grid.
const CELL_METRES: f64 = 300.0;

/// The bounding boxes of all compounds with an outline.
#[derive(Debug)]
pub(crate) struct Outlines {
    /// Each box as its diagonal.
    boxes: SegmentGrid,
    /// The compound of each box.
    compounds: Vec<CompoundId>,
}

impl Outlines {
    pub(crate) fn build(city: &City) -> Self {
        let outlined = (0u32..).zip(city.compounds()).filter(|(_, compound)| compound.rings.len > 0);
        let compounds: Vec<CompoundId> = outlined.map(|(row, _)| CompoundId(row)).collect();
        let boxes: Vec<(Point, Point)> = compounds
            .iter()
            .map(|id| city.rings_bounds(city.compounds()[id.index()].rings).diagonal())
            .collect();
        Self { boxes: SegmentGrid::build(boxes.iter().copied(), CELL_METRES), compounds }
    }

    /// The smallest compound that `accepts` returns `true` for and whose outline contains a place.
    pub(crate) fn smallest_at(
        &self,
        city: &City,
        point: Point,
        accepts: impl Fn(&Compound) -> bool,
    ) -> Option<CompoundId> {
        let mut best: Option<(f32, CompoundId)> = None;
        self.boxes.visit(&Bounds::of([point]), |entry| {
            let id = self.compounds[entry.id as usize];
            let compound = &city.compounds()[id.index()];
            let smaller = best.is_none_or(|(area, other)| (compound.area_square_metres, id) < (area, other));
            if smaller && accepts(compound) && city.rings_contain(compound.rings, point) {
                best = Some((compound.area_square_metres, id));
            }
            true
        });
        best.map(|(_, id)| id)
    }

    /// Whether the bounding box of any compound meets an area.
    pub(crate) fn any_near(&self, area: &Bounds) -> bool {
        let mut any = false;
        self.boxes.visit(area, |_| {
            any = true;
            false
        });
        any
    }
}
