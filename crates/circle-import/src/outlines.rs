//! Which compounds or units hold a place.

use crate::compounds::DraftCompound;
use circle_model::Point;
use circle_model::coordinates::Bounds;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// The boxes of outlines in a tree.
#[derive(Debug)]
pub(crate) struct Boxes(RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>);

impl Boxes {
    pub(crate) fn new(compounds: &[DraftCompound]) -> Self {
        Self::of(compounds.iter().map(|compound| compound.bounds))
    }

    pub(crate) fn of(bounds: impl Iterator<Item = Bounds>) -> Self {
        let boxes = bounds.zip(0u32..).filter(|(bounds, _)| !bounds.is_empty()).map(|(bounds, number)| {
            let corner = |lon: i32, lat: i32| [f64::from(lon), f64::from(lat)];
            let rectangle =
                Rectangle::from_corners(corner(bounds.west, bounds.south), corner(bounds.east, bounds.north));
            GeomWithData::new(rectangle, number)
        });
        Self(RTree::bulk_load(boxes.collect()))
    }

    /// Numbers of the boxes that hold `point`, ascending.
    pub(crate) fn at(&self, point: Point) -> Vec<u32> {
        let here = AABB::from_point([f64::from(point.lon), f64::from(point.lat)]);
        let mut found: Vec<u32> =
            self.0.locate_in_envelope_intersecting(&here).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }

    /// Whether more than so many boxes hold a point.
    pub(crate) fn more_than(&self, most: usize, point: Point) -> bool {
        let here = AABB::from_point([f64::from(point.lon), f64::from(point.lat)]);
        self.0.locate_in_envelope_intersecting(&here).nth(most).is_some()
    }

    /// As [`Boxes::meeting`], but no more than so many of them.
    pub(crate) fn some_meeting(&self, bounds: &Bounds, most: usize) -> Vec<u32> {
        let here = AABB::from_corners(
            [f64::from(bounds.west), f64::from(bounds.south)],
            [f64::from(bounds.east), f64::from(bounds.north)],
        );
        let meeting = self.0.locate_in_envelope_intersecting(&here);
        let mut found: Vec<u32> = meeting.take(most).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }

    /// Numbers of the boxes that meet another, ascending.
    pub(crate) fn meeting(&self, bounds: &Bounds) -> Vec<u32> {
        let here = AABB::from_corners(
            [f64::from(bounds.west), f64::from(bounds.south)],
            [f64::from(bounds.east), f64::from(bounds.north)],
        );
        let mut found: Vec<u32> =
            self.0.locate_in_envelope_intersecting(&here).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }

    /// Compounds whose outline holds `point`, ascending.
    pub(crate) fn containing(&self, compounds: &[DraftCompound], point: Point) -> Vec<u32> {
        let mut found = self.at(point);
        found.retain(|number| compounds[*number as usize].contains(point));
        found
    }
}
