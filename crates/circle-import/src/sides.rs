//! Where an outline comes nearest to a walkable way on each of its sides.

use crate::streets::Streets;
use circle_model::city::Edge;
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
const FARTHEST_METRES: f64 = 100.0;
/// Distance between the places of an outline that are tried.
const STEP_METRES: f64 = 25.0;
/// Cosine of the turn from which a corner is a sharp one: 30°.
const TURN_COSINE: f64 = 0.866;

impl<'a> StreetGrid<'a> {
    pub(crate) fn new(streets: &'a Streets) -> Self {
        let mut stretches = Vec::with_capacity(streets.vertices.len() / (STRETCH - 1));
        for run in streets.runs.iter().filter(|run| run.walk.flags & (Edge::BRIDGE | Edge::TUNNEL) == 0) {
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
        Self { grid: SegmentGrid::build(boxes.iter().copied(), 100.0), streets, stretches }
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
        for reach in [farthest / 4.0, farthest] {
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

    /// At most one place of the outline for each of its four sides: the one nearest to a way.
    pub(crate) fn sides<'r>(&self, rings: impl Iterator<Item = &'r Vec<Point>>, centre: Point) -> Vec<Point> {
        self.sides_of(rings, centre, |_, _| true)
    }

    /// The same by the segments that `counts` says yes to.
    pub(crate) fn sides_of<'r>(
        &self,
        rings: impl Iterator<Item = &'r Vec<Point>>,
        centre: Point,
        counts: impl Fn(Point, Point) -> bool,
    ) -> Vec<Point> {
        let around = Frame::at(centre);
        let mut best: [Option<(f64, Point)>; 4] = [None; 4];
        for ring in rings {
            for place in places(ring) {
                let [x, y] = around.local(place);
                let side = match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
                    (true, true, _) => 0,
                    (true, false, _) => 1,
                    (false, _, true) => 2,
                    (false, _, false) => 3,
                };
                let least = best[side].map_or(FARTHEST_METRES, |(distance, _)| distance);
                if let Some((distance, _)) = self.nearest_of(place, least, &counts)
                    && distance < least
                {
                    best[side] = Some((distance, place));
                }
            }
        }
        best.into_iter().flatten().map(|(_, place)| place).collect()
    }
}

impl StreetGrid<'_> {
    /// Adds to `kept` places of outlines that lie within `metres` of a way and `apart` metres from all others: sharp
    /// corners first, to which who walks along the street comes first, then slight ones, then places between them.
    pub(crate) fn add_beside_ways<'r>(
        &self,
        rings: impl Iterator<Item = &'r Vec<Point>>,
        metres: f64,
        apart: f64,
        kept: &mut Vec<Point>,
    ) {
        let mut places: [Vec<Point>; 3] = Default::default();
        for ring in rings {
            let sharp = sharp(ring);
            for (side, place, at_corner) in sided_places(ring) {
                places[if at_corner { usize::from(!sharp[side]) } else { 2 }].push(place);
            }
        }
        let Some(first) = places.iter().flatten().next() else { return };
        let frame = Frame::at(*first);
        let mut taken: Vec<[f64; 2]> = kept.iter().map(|place| frame.local(*place)).collect();
        for place in places.concat() {
            let [x, y] = frame.local(place);
            let near = |other: &[f64; 2]| (other[0] - x).powi(2) + (other[1] - y).powi(2) < apart * apart;
            if !taken.iter().any(near) && self.nearest(place, metres).is_some() {
                taken.push([x, y]);
                kept.push(place);
            }
        }
    }
}

/// Which corners of a ring turn by more than 30°, by the sides that they begin.
fn sharp(ring: &[Point]) -> Vec<bool> {
    let sides = ring.len().saturating_sub(1);
    let along = |side: usize| Frame::at(ring[side]).local(ring[side + 1]);
    (0..sides)
        .map(|side| {
            let (before, after) = (along((side + sides - 1) % sides), along(side));
            let cosine = (before[0] * after[0] + before[1] * after[1])
                / (plane::norm(before) * plane::norm(after)).max(f64::MIN_POSITIVE);
            cosine < TURN_COSINE
        })
        .collect()
}

/// Corners of a ring, and places between them where a side is long.
fn places(ring: &[Point]) -> impl Iterator<Item = Point> {
    sided_places(ring).map(|(_, place, _)| place)
}

/// The same, each with its side and whether it is the corner that begins it.
fn sided_places(ring: &[Point]) -> impl Iterator<Item = (usize, Point, bool)> {
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
    let mut places = places.into_iter().peekable();
    let Some(first) = places.peek() else { return Vec::new() };
    let frame = Frame::at(*first);
    let mut kept: Vec<(Point, [f64; 2])> = Vec::new();
    for place in places {
        let [x, y] = frame.local(place);
        let near = |other: &[f64; 2]| (other[0] - x).powi(2) + (other[1] - y).powi(2) < metres * metres;
        if !kept.iter().any(|(_, other)| near(other)) {
            kept.push((place, [x, y]));
        }
    }
    kept.into_iter().map(|(place, _)| place).collect()
}
