//! Access points of an outline without mapped entrances: points beside the ways around it.

use super::street_grid::{FARTHEST_METRES, StreetGrid, side_of, sided_places};
use circle_model::{Frame, Point, plane};

/// A point is a local minimum if it is nearer to a way than its neighbours by this much.
const NEARER_METRES: f64 = 3.0;
/// Local minima and the nearest points of sides may be this close to other points.
const CLOSE_METRES: f64 = 10.0;
/// Cosine of 30°: a corner that turns by more is sharp.
const TURN_COSINE: f64 = 0.866;
/// Distance between candidate points along a curve.
const CURVE_METRES: f64 = 25.0;

/// A candidate point of an outline.
struct Candidate {
    point: Point,
    /// Distance to the nearest way; infinite if none is within reach.
    metres: f64,
    rank: Rank,
}

/// The priority of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A local minimum, or the nearest point of its side.
    Nearest,
    /// A corner, where a walk along the street first meets the outline.
    Corner,
    Between,
}

/// Adds to `points` the points of outlines where a way comes nearest, at least one on each of the four sides,
/// and points within `metres` of a way and at least `apart` metres from all others.
pub(crate) fn add_beside_ways<'r>(
    grid: &StreetGrid<'_>,
    rings: impl Iterator<Item = &'r Vec<Point>>,
    centre: Point,
    [metres, apart]: [f64; 2],
    points: &mut Vec<Point>,
) {
    let frame = Frame::at(centre);
    let mut candidates: Vec<Candidate> = rings.flat_map(|ring| candidates_of(grid, ring, metres)).collect();
    for side in 0..4 {
        if let Some(nearest) = nearest_of_side(grid, &candidates, &frame, side) {
            candidates[nearest].rank = Rank::Nearest;
        }
    }
    candidates.sort_by_key(|it| it.rank);
    let mut taken: Vec<[f64; 2]> = points.iter().map(|point| frame.local(*point)).collect();
    for Candidate { point, metres: to_way, rank } in candidates {
        let apart = if rank == Rank::Nearest { CLOSE_METRES } else { apart };
        let here = frame.local(point);
        let near = |other: &[f64; 2]| plane::norm([other[0] - here[0], other[1] - here[1]]) < apart;
        if (to_way <= metres || rank == Rank::Nearest) && !taken.iter().any(near) {
            taken.push(here);
            points.push(point);
        }
    }
}

/// The candidate on a side that is nearest to a way.
fn nearest_of_side(
    grid: &StreetGrid<'_>,
    candidates: &[Candidate],
    frame: &Frame,
    side: usize,
) -> Option<usize> {
    let of_side = || (0..candidates.len()).filter(|it| side_of(frame.local(candidates[*it].point)).0 == side);
    let near = of_side().filter(|it| candidates[*it].metres.is_finite());
    let near = near.min_by(|a, b| candidates[*a].metres.total_cmp(&candidates[*b].metres));
    near.or_else(|| {
        let mut best = (FARTHEST_METRES, None);
        for it in of_side() {
            if let Some((metres, _)) = grid.nearest(candidates[it].point, best.0)
                && metres < best.0
            {
                best = (metres, Some(it));
            }
        }
        best.1
    })
}

/// Candidates of a ring, in its order, with their distances to ways within `metres`.
fn candidates_of(grid: &StreetGrid<'_>, ring: &[Point], metres: f64) -> Vec<Candidate> {
    let sharp = sharp(ring);
    let mut last: Option<Point> = None;
    let mut candidates = Vec::new();
    for (side, point, at_corner) in sided_places(ring) {
        let is_corner = at_corner && sharp[side];
        if is_corner || last.is_none_or(|last| last.distance_metres(point) >= CURVE_METRES) {
            last = Some(point);
            let metres = grid.nearest(point, metres).map_or(f64::INFINITY, |(metres, _)| metres);
            let rank = if is_corner { Rank::Corner } else { Rank::Between };
            candidates.push(Candidate { point, metres, rank });
        }
    }
    let metres: Vec<f64> = candidates.iter().map(|it| it.metres).collect();
    for (number, it) in candidates.iter_mut().enumerate() {
        let beside = [(number + metres.len() - 1) % metres.len(), (number + 1) % metres.len()];
        let [before, after] = beside.map(|other| metres[other] - it.metres);
        if before >= 0.0 && after >= 0.0 && before.max(after) > NEARER_METRES {
            it.rank = Rank::Nearest;
        }
    }
    candidates
}

/// Whether corners of a ring turn by more than 30°, by the sides that they begin.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Streets;

    #[test]
    fn corners_that_turn_by_more_than_30_degrees_are_sharp() {
        let at = |x: f64, y: f64| Frame::at(Point { lon: 1_266_000_000, lat: 457_000_000 }).point([x, y]);
        // A square with a bend of 11° in its lower side.
        let ring =
            [at(0.0, 0.0), at(50.0, -5.0), at(100.0, 0.0), at(100.0, 100.0), at(0.0, 100.0), at(0.0, 0.0)];
        assert_eq!(sharp(&ring), [true, false, true, true, true]);
    }

    #[test]
    fn nothing_is_added_without_ways() {
        let streets = Streets::default();
        let grid = StreetGrid::new(&streets);
        let at = |x: f64, y: f64| Frame::at(Point { lon: 1_266_000_000, lat: 457_000_000 }).point([x, y]);
        let ring = vec![at(0.0, 0.0), at(100.0, 0.0), at(100.0, 100.0), at(0.0, 0.0)];
        let mut points = Vec::new();
        add_beside_ways(&grid, std::iter::once(&ring), at(50.0, 50.0), [40.0, 75.0], &mut points);
        add_beside_ways(&grid, std::iter::once(&Vec::new()), at(50.0, 50.0), [40.0, 75.0], &mut points);
        assert!(points.is_empty());
    }
}
