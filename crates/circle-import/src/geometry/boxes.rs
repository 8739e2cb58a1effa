//! Bounding boxes in a tree, to find those that contain a point or meet another box.

use circle_model::Point;
use circle_model::coordinates::Bounds;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// An R-tree of numbered bounding boxes.
#[derive(Debug)]
pub(crate) struct Boxes(RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>);

impl Boxes {
    /// Numbers the boxes from 0 in their order. Empty boxes are never found.
    pub(crate) fn new(bounds: impl Iterator<Item = Bounds>) -> Self {
        let boxes = bounds.zip(0u32..).filter(|(bounds, _)| !bounds.is_empty()).map(|(bounds, number)| {
            let corner = |lon: i32, lat: i32| [f64::from(lon), f64::from(lat)];
            let rectangle =
                Rectangle::from_corners(corner(bounds.west, bounds.south), corner(bounds.east, bounds.north));
            GeomWithData::new(rectangle, number)
        });
        Self(RTree::bulk_load(boxes.collect()))
    }

    /// Numbers of the boxes that contain `point`, ascending.
    pub(crate) fn at(&self, point: Point) -> Vec<u32> {
        let here = AABB::from_point([f64::from(point.lon), f64::from(point.lat)]);
        let mut found: Vec<u32> =
            self.0.locate_in_envelope_intersecting(&here).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }

    /// Whether more than `limit` boxes contain `point`.
    pub(crate) fn more_than(&self, limit: usize, point: Point) -> bool {
        let here = AABB::from_point([f64::from(point.lon), f64::from(point.lat)]);
        self.0.locate_in_envelope_intersecting(&here).nth(limit).is_some()
    }

    /// Numbers of the boxes that meet `bounds`, ascending.
    pub(crate) fn meeting(&self, bounds: &Bounds) -> Vec<u32> {
        self.some_meeting(bounds, usize::MAX)
    }

    /// As [`Boxes::meeting`], but at most `limit` boxes.
    pub(crate) fn some_meeting(&self, bounds: &Bounds, limit: usize) -> Vec<u32> {
        let here = AABB::from_corners(
            [f64::from(bounds.west), f64::from(bounds.south)],
            [f64::from(bounds.east), f64::from(bounds.north)],
        );
        let meeting = self.0.locate_in_envelope_intersecting(&here);
        let mut found: Vec<u32> = meeting.take(limit).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }
}
