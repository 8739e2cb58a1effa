//! Streets in a grid: the way nearest to a point, and the points of an outline nearest to ways.

use super::streets::Streets;
use circle_model::city::EdgeFlags;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{Frame, Point, plane};
use std::ops::Range;

/// The streets in a grid of stretches, each of a few segments with one bounding box, which is faster to build
/// than a grid of segments.
#[derive(Debug)]
pub(crate) struct StreetGrid<'a> {
    grid: SegmentGrid,
    streets: &'a Streets,
    /// The vertices of every stretch.
    stretches: Vec<Range<u32>>,
}

/// Limit of vertices of a stretch.
const STRETCH: usize = 6;
/// Legs lead at most this far from an outline.
pub(super) const FARTHEST_METRES: f64 = 100.0;
/// A search up to this radius is not preceded by a search of a smaller radius.
const CLOSE_METRES: f64 = 8.0;
/// Distance between the tested points of an outline.
const STEP_METRES: f64 = 25.0;

impl<'a> StreetGrid<'a> {
    pub(crate) fn new(streets: &'a Streets) -> Self {
        let mut stretches = Vec::with_capacity(streets.vertices.len() / (STRETCH - 1));
        for run in streets
            .runs
            .iter()
            .filter(|run| !run.walk.flags.intersects(EdgeFlags::BRIDGE | EdgeFlags::TUNNEL))
        {
            // Consecutive stretches share a vertex.
            for start in run.vertices.clone().step_by(STRETCH - 1) {
                let end = (start + STRETCH).min(run.vertices.end);
                if end > start + 1 {
                    stretches.push(start as u32..end as u32);
                }
            }
        }
        let boxes: Vec<(Point, Point)> = stretches
            .iter()
            .map(|stretch| {
                let vertices = &streets.vertices[stretch.start as usize..stretch.end as usize];
                Bounds::of(vertices.iter().map(|vertex| streets.point(*vertex))).diagonal()
            })
            .collect();
        Self { grid: SegmentGrid::build(boxes.iter().copied(), 200.0), streets, stretches }
    }

    /// The nearest point on a way, and its distance in metres.
    pub(crate) fn nearest(&self, point: Point, farthest: f64) -> Option<(f64, Point)> {
        self.nearest_of(point, farthest, |_, _| true)
    }

    /// As [`StreetGrid::nearest`], of the segments that `counts` accepts.
    pub(crate) fn nearest_of(
        &self,
        point: Point,
        farthest: f64,
        counts: impl Fn(Point, Point) -> bool,
    ) -> Option<(f64, Point)> {
        let frame = Frame::at(point);
        let mut best: Option<(f64, Point)> = None;
        // Most outlines lie beside a street, so a smaller radius is searched first.
        let close_by = Some(farthest / 4.0).filter(|close_by| *close_by > CLOSE_METRES);
        for reach in close_by.into_iter().chain([farthest]) {
            self.visit(&widened(&Bounds::of([point]), reach), |a, b| {
                if !counts(a, b) {
                    return;
                }
                let (a, b) = (frame.local(a), frame.local(b));
                let foot = plane::along(a, b, plane::foot(a, b));
                let distance = plane::norm(foot);
                if distance <= reach && best.is_none_or(|(least, _)| distance < least) {
                    best = Some((distance, frame.point(foot)));
                }
            });
            if best.is_some() {
                break;
            }
        }
        best
    }

    /// Visits the segments of ways that meet a box.
    pub(crate) fn visit(&self, area: &Bounds, visit: impl FnMut(Point, Point)) {
        let mut visit = visit;
        self.grid.visit(area, |entry| {
            let stretch = &self.stretches[entry.id as usize];
            for pair in self.streets.vertices[stretch.start as usize..stretch.end as usize].windows(2) {
                let (a, b) = (self.streets.point(pair[0]), self.streets.point(pair[1]));
                if Bounds::of([a, b]).intersects(area) {
                    visit(a, b);
                }
            }
            true
        });
    }

    /// At most one point of the outline for each of its four sides. Distances to a way are compared in steps
    /// of `step` metres; the point in the nearest step that is closest to the middle of the side is taken.
    /// Only segments that `counts` accepts are considered.
    pub(crate) fn sides<'r>(
        &self,
        rings: impl Iterator<Item = &'r Vec<Point>>,
        centre: Point,
        step: f64,
        counts: impl Fn(Point, Point) -> bool,
    ) -> Vec<Point> {
        let around = Frame::at(centre);
        let mut best: [Option<(f64, f64, Point)>; 4] = [None; 4];
        for ring in rings {
            for place in places(ring) {
                let (side, aside) = side_of(around.local(place));
                // A point farther from the middle must be in a nearer step.
                let farthest = match best[side] {
                    Some((steps, least, _)) => step * (steps + f64::from(u8::from(aside < least))),
                    None => FARTHEST_METRES,
                };
                if farthest > 0.0
                    && let Some((distance, _)) = self.nearest_of(place, farthest, &counts)
                    && distance < farthest
                {
                    best[side] = Some(((distance / step).floor(), aside, place));
                }
            }
        }
        best.into_iter().flatten().map(|(.., place)| place).collect()
    }
}

/// The side that a point lies on, seen from the centre (0 east, 1 west, 2 north, 3 south), and its distance
/// from the middle of that side.
pub(crate) fn side_of([x, y]: [f64; 2]) -> (usize, f64) {
    match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => (0, y.abs()),
        (true, false, _) => (1, y.abs()),
        (false, _, true) => (2, x.abs()),
        (false, _, false) => (3, x.abs()),
    }
}

/// Corners of a ring, and points between them on long sides.
fn places(ring: &[Point]) -> impl Iterator<Item = Point> {
    sided_places(ring).map(|(_, place, _)| place)
}

/// As [`places`], each with its side and whether it is the corner that begins the side.
pub(super) fn sided_places(ring: &[Point]) -> impl Iterator<Item = (usize, Point, bool)> {
    ring.windows(2).enumerate().flat_map(|(side, pair)| {
        let frame = Frame::at(pair[0]);
        let end = frame.local(pair[1]);
        let steps = (plane::norm(end) / STEP_METRES).ceil().clamp(1.0, 200.0);
        (0..steps as u32).map(move |step| {
            let place = frame.point(plane::along([0.0, 0.0], end, f64::from(step) / steps));
            (side, place, step == 0)
        })
    })
}
