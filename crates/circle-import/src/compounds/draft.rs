//! A compound before its gates and zone are known.

use crate::geometry::{Area, Boxes};
use crate::own::DraftOrigin;
use circle_model::city::Population;
use circle_model::coordinates::Bounds;
use circle_model::{CompoundId, Point};

/// A compound of the map, of own files, or of both.
#[derive(Debug)]
pub(crate) struct DraftCompound {
    /// The records it is made from, the primary record first.
    pub(crate) origins: Vec<DraftOrigin>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    /// Empty if only a point is known.
    pub(crate) area: Area,
    pub(crate) bounds: Bounds,
    /// Inside the outline if there is one.
    pub(crate) point: Point,
    pub(crate) square_metres: f64,
    /// Whether it is closed, if its tags or its own file state it.
    pub(crate) closed: Option<bool>,
    /// Counts in files of compounds.
    pub(crate) population: Population,
}

impl DraftCompound {
    pub(crate) fn has_outline(&self) -> bool {
        !self.area.polygons.is_empty()
    }

    pub(crate) fn contains(&self, point: Point) -> bool {
        self.bounds.contains(point) && self.area.contains(point)
    }

    pub(crate) fn rings(&self) -> impl Iterator<Item = &Vec<Point>> {
        self.area.polygons.iter().flatten()
    }
}

/// Fills counts that are unknown.
pub(crate) fn fill_counts(counts: &mut Population, more: Population) {
    let fill = |count: &mut u32, more: u32| {
        if *count == Population::UNKNOWN {
            *count = more;
        }
    };
    fill(&mut counts.households, more.households);
    fill(&mut counts.residents, more.residents);
    fill(&mut counts.elderly, more.elderly);
    fill(&mut counts.children, more.children);
}

/// Compounds by their outlines.
#[derive(Debug)]
pub(crate) struct CompoundIndex<'a> {
    compounds: &'a [DraftCompound],
    boxes: Boxes,
}

impl<'a> CompoundIndex<'a> {
    pub(crate) fn new(compounds: &'a [DraftCompound]) -> Self {
        Self { compounds, boxes: Boxes::new(compounds.iter().map(|compound| compound.bounds)) }
    }

    /// Compounds whose outline contains `point`, ascending.
    pub(crate) fn containing(&self, point: Point) -> Vec<CompoundId> {
        let held = self.boxes.at(point).into_iter().map(CompoundId);
        held.filter(|id| self.compounds[id.index()].contains(point)).collect()
    }

    /// Compounds whose bounding box meets `bounds`, ascending.
    pub(crate) fn meeting(&self, bounds: &Bounds) -> Vec<CompoundId> {
        self.boxes.meeting(bounds).into_iter().map(CompoundId).collect()
    }

    /// The smallest of some compounds; of equal ones the first.
    pub(crate) fn smallest(&self, of: impl IntoIterator<Item = CompoundId>) -> Option<CompoundId> {
        let size = |id: &CompoundId| self.compounds[id.index()].square_metres;
        of.into_iter().min_by(|a, b| size(a).total_cmp(&size(b)).then(a.cmp(b)))
    }

    /// The smallest compound whose outline contains `point`.
    pub(crate) fn smallest_containing(&self, point: Point) -> Option<CompoundId> {
        self.smallest(self.containing(point))
    }
}
