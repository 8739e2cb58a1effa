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
/// Places are as near to a way as each other within steps of this.
const AS_NEAR_METRES: f64 = 10.0;
/// A way ends before a place that is nearer to it by so much than those beside it.
const NEARER_METRES: f64 = 3.0;
/// A look as far as this costs little more than a nearer one.
const CLOSE_METRES: f64 = 8.0;
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
    /// 10 m, and of these the one in the middle of the side, from which the others are not far.
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
        let mut best: [Option<(f64, f64, Point)>; 4] = [None; 4];
        for ring in rings {
            for place in places(ring) {
                let (side, aside) = side_of(around.local(place));
                // What lies farther from the middle has to be nearer to a way.
                let farthest = match best[side] {
                    Some((step, least, _)) => AS_NEAR_METRES * (step + f64::from(u8::from(aside < least))),
                    None => FARTHEST_METRES,
                };
                if farthest > 0.0
                    && let Some((distance, _)) = self.nearest_of(place, farthest, &counts)
                    && distance < farthest
                {
                    best[side] = Some(((distance / AS_NEAR_METRES).floor(), aside, place));
                }
            }
        }
        best.into_iter().flatten().map(|(.., place)| place).collect()
    }
}

/// Whence an outline is looked at for ways, and how far the nearest is.
struct Looked {
    place: Point,
    metres: f64,
    /// It comes before the others when some are left out.
    rank: Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A way ends before it, or it is the nearest to a way of its side.
    Nearest,
    /// Who walks along the street comes to a sharp corner first.
    SharpCorner,
    Corner,
    Between,
}

impl StreetGrid<'_> {
    /// Adds to `kept` the places of outlines where a way is nearest, on each side at least one, and places within `metres`
    /// of a way and `apart` metres from all others.
    pub(crate) fn add_beside_ways<'r>(
        &self,
        rings: impl Iterator<Item = &'r Vec<Point>>,
        centre: Point,
        metres: f64,
        apart: f64,
        kept: &mut Vec<Point>,
    ) {
        let frame = Frame::at(centre);
        let mut looked: Vec<Looked> = rings.flat_map(|ring| self.look_round(ring)).collect();
        let mut nearest: [Option<usize>; 4] = [None; 4];
        for (number, it) in looked.iter().enumerate() {
            let side = &mut nearest[side_of(frame.local(it.place)).0];
            if it.metres <= FARTHEST_METRES && side.is_none_or(|other| it.metres < looked[other].metres) {
                *side = Some(number);
            }
        }
        let nearest: Vec<usize> = nearest.into_iter().flatten().collect();
        nearest.iter().for_each(|number| looked[*number].rank = Rank::Nearest);
        let mut taken: Vec<[f64; 2]> = kept.iter().map(|place| frame.local(*place)).collect();
        let mut numbers: Vec<usize> = (0..looked.len()).collect();
        numbers.sort_by_key(|number| looked[*number].rank);
        for number in numbers {
            let Looked { place, metres: to_way, rank } = looked[number];
            let [x, y] = frame.local(place);
            let apart = if rank == Rank::Nearest { AS_NEAR_METRES } else { apart };
            let near = |other: &[f64; 2]| (other[0] - x).powi(2) + (other[1] - y).powi(2) < apart * apart;
            if (to_way <= metres || nearest.contains(&number)) && !taken.iter().any(near) {
                taken.push([x, y]);
                kept.push(place);
            }
        }
    }

    /// All places of a ring, in its order.
    fn look_round(&self, ring: &[Point]) -> Vec<Looked> {
        let sharp = sharp(ring);
        let mut last: Option<Point> = None;
        // A curve has many corners.
        let is_apart = |(side, place, at_corner): &(usize, Point, bool)| {
            let is_apart = last.is_none_or(|last| last.distance_metres(*place) > AS_NEAR_METRES);
            let kept = is_apart || (*at_corner && sharp[*side]);
            if kept {
                last = Some(*place);
            }
            kept
        };
        let mut looked: Vec<Looked> = sided_places(ring)
            .filter(is_apart)
            .map(|(side, place, at_corner)| Looked {
                place,
                metres: self.nearest(place, FARTHEST_METRES).map_or(f64::INFINITY, |(metres, _)| metres),
                rank: match (at_corner, sharp[side]) {
                    (true, true) => Rank::SharpCorner,
                    (true, false) => Rank::Corner,
                    (false, _) => Rank::Between,
                },
            })
            .collect();
        let metres: Vec<f64> = looked.iter().map(|it| it.metres).collect();
        for (number, it) in looked.iter_mut().enumerate() {
            let beside = [(number + metres.len() - 1) % metres.len(), (number + 1) % metres.len()];
            let [before, after] = beside.map(|other| metres[other] - it.metres);
            if before >= 0.0 && after >= 0.0 && before.max(after) > NEARER_METRES {
                it.rank = Rank::Nearest;
            }
        }
        looked
    }
}

/// Which of the four sides a place lies on, seen from the middle, and how far from the middle of that side.
fn side_of([x, y]: [f64; 2]) -> (usize, f64) {
    match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => (0, y.abs()),
        (true, false, _) => (1, y.abs()),
        (false, _, true) => (2, x.abs()),
        (false, _, false) => (3, x.abs()),
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
