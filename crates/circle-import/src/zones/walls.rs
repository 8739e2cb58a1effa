//! Walls and fences along the outlines of compounds.

use crate::compounds::DraftCompound;
use crate::scan::Located;
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};

/// A wall follows an outline within this distance …
const WALL_METRES: f64 = 10.0;
/// … over at least this length.
const WALL_LENGTH_METRES: f64 = 20.0;

/// By compound, whether a wall or fence follows its outline.
pub(super) fn walled(located: &Located, compounds: &[DraftCompound]) -> Vec<bool> {
    let mut walls: Vec<(Point, Point)> = Vec::new();
    for way in &located.scan.ways {
        if way.described.as_deref().is_some_and(|described| described.wall) {
            for run in located.runs(way) {
                walls.extend(located.points(run).windows(2).map(|pair| (pair[0], pair[1])));
            }
        }
    }
    if walls.is_empty() {
        return vec![false; compounds.len()];
    }
    let grid = SegmentGrid::build(walls.iter().copied(), 100.0);
    let is_walled = |compound: &DraftCompound| {
        let mut length = 0.0;
        for side in compound.rings().flat_map(|ring| ring.windows(2)) {
            grid.visit_near(side[0], side[1], WALL_METRES, |wall| {
                let frame = Frame::at(wall.a);
                let near = |point: Point| {
                    let frame = Frame::at(point);
                    plane::distance(frame.local(side[0]), frame.local(side[1])) <= WALL_METRES
                };
                if near(wall.a) && near(wall.b) {
                    length += plane::norm(frame.local(wall.b));
                }
                length < WALL_LENGTH_METRES
            });
        }
        length >= WALL_LENGTH_METRES
    };
    compounds.iter().map(is_walled).collect()
}
