//! Where an outline comes nearest to a walkable way on each of its sides.

use crate::streets::Streets;
use circle_model::city::EdgeFlags;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{Frame, Point, plane};
use std::ops::Range;

/// The streets in cells: stretches of a few segments by their boxes, which is quicker to build than segment by
/// segment, and nothing but outlines is looked up in it.
#[derive(Debug)]
pub(crate) struct StreetGrid<'a> {
    grid: SegmentGrid,
    streets: &'a Streets,
    /// The vertices of every stretch.
    stretches: Vec<Range<u32>>,
}

/// Vertices of a stretch.
const STRETCH: usize = 6;
/// No leg leads farther from an outline.
pub(crate) const FARTHEST_METRES: f64 = 100.0;
/// A look as far as this costs little more than a nearer one.
const CLOSE_METRES: f64 = 8.0;
/// Distance between the places of an outline that are tried.
const STEP_METRES: f64 = 25.0;

impl<'a> StreetGrid<'a> {
    pub(crate) fn new(streets: &'a Streets) -> Self {
        let mut stretches = Vec::with_capacity(streets.vertices.len() / (STRETCH - 1));
        for run in streets
            .runs
            .iter()
            .filter(|run| !run.walk.flags.intersects(EdgeFlags::BRIDGE | EdgeFlags::TUNNEL))
        {
            // Stretches share their ends.
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

    /// The nearest place on a way, and its distance in metres.
    pub(crate) fn nearest(&self, point: Point, farthest: f64) -> Option<(f64, Point)> {
        self.nearest_of(point, farthest, |_, _| true)
    }

    /// The same of the segments that `counts` says yes to.
    pub(crate) fn nearest_of(
        &self,
        point: Point,
        farthest: f64,
        counts: impl Fn(Point, Point) -> bool,
    ) -> Option<(f64, Point)> {
        let frame = Frame::at(point);
        let mut best: Option<(f64, Point)> = None;
        // Most outlines lie beside a street: look close by first.
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

    /// Segments of ways that meet a box.
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

    /// At most one place of the outline for each of its four sides: one that is as near to a way as any, give or take
    /// `as_near` metres, and of these the one in the middle of the side, from which the others are not far. By the
    /// segments that `counts` says yes to.
    pub(crate) fn sides<'r>(
        &self,
        rings: impl Iterator<Item = &'r Vec<Point>>,
        centre: Point,
        as_near: f64,
        counts: impl Fn(Point, Point) -> bool,
    ) -> Vec<Point> {
        let around = Frame::at(centre);
        let mut best: [Option<(f64, f64, Point)>; 4] = [None; 4];
        for ring in rings {
            for place in places(ring) {
                let (side, aside) = side_of(around.local(place));
                // What lies farther from the middle has to be nearer to a way.
                let farthest = match best[side] {
                    Some((step, least, _)) => as_near * (step + f64::from(u8::from(aside < least))),
                    None => FARTHEST_METRES,
                };
                if farthest > 0.0
                    && let Some((distance, _)) = self.nearest_of(place, farthest, &counts)
                    && distance < farthest
                {
                    best[side] = Some(((distance / as_near).floor(), aside, place));
                }
            }
        }
        best.into_iter().flatten().map(|(.., place)| place).collect()
    }
}

/// Which of the four sides a place lies on, seen from the middle, and how far from the middle of that side.
pub(crate) fn side_of([x, y]: [f64; 2]) -> (usize, f64) {
    match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => (0, y.abs()),
        (true, false, _) => (1, y.abs()),
        (false, _, true) => (2, x.abs()),
        (false, _, false) => (3, x.abs()),
    }
}

/// Corners of a ring, and places between them where a side is long.
fn places(ring: &[Point]) -> impl Iterator<Item = Point> {
    sided_places(ring).map(|(_, place, _)| place)
}

/// The same, each with its side and whether it is the corner that begins it.
pub(crate) fn sided_places(ring: &[Point]) -> impl Iterator<Item = (usize, Point, bool)> {
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

/// Keeps the first of all places that lie within `metres` of each other.
pub(crate) fn cluster(places: impl IntoIterator<Item = Point>, metres: f64) -> Vec<Point> {
    cluster_by(places, metres, |place| *place)
}

/// As [`cluster`], of things that have a place.
pub(crate) fn cluster_by<T>(
    things: impl IntoIterator<Item = T>,
    metres: f64,
    place_of: impl Fn(&T) -> Point,
) -> Vec<T> {
    let mut things = things.into_iter().peekable();
    let Some(first) = things.peek() else { return Vec::new() };
    let frame = Frame::at(place_of(first));
    let mut kept: Vec<(T, [f64; 2])> = Vec::new();
    for thing in things {
        let [x, y] = frame.local(place_of(&thing));
        let near = |other: &[f64; 2]| (other[0] - x).powi(2) + (other[1] - y).powi(2) < metres * metres;
        if !kept.iter().any(|(_, other)| near(other)) {
            kept.push((thing, [x, y]));
        }
    }
    kept.into_iter().map(|(thing, _)| thing).collect()
}
