//! Where an outline that nothing tells the entrances of is entered: beside the ways around it.

use crate::sides::{FARTHEST_METRES, StreetGrid, side_of, sided_places};
use circle_model::{Frame, Point, plane};

/// A way comes near to a place that is nearer to it by so much than those before or after it.
const NEARER_METRES: f64 = 3.0;
/// Places where a way comes near, or nearest of a side, may be this close to others.
const CLOSE_METRES: f64 = 10.0;
/// Cosine of the turn from which a corner is a sharp one: 30°.
const TURN_COSINE: f64 = 0.866;
/// Places of a curve are looked at this far apart.
const CURVE_METRES: f64 = 25.0;

/// A place of an outline.
struct Looked {
    point: Point,
    /// To the nearest way; more than any for none within reach.
    metres: f64,
    rank: Rank,
}

/// Which places come before others when some are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A way comes near, or it is nearest to a way of its side.
    Nearest,
    /// A walk along the street beside an outline first meets it at a corner.
    Corner,
    Between,
}

/// Adds to `kept` the places of outlines where a way comes nearest, on each of the four sides at least one, and places
/// within `metres` of a way and `apart` metres from all others.
pub(crate) fn add_beside_ways<'r>(
    grid: &StreetGrid<'_>,
    rings: impl Iterator<Item = &'r Vec<Point>>,
    centre: Point,
    [metres, apart]: [f64; 2],
    kept: &mut Vec<Point>,
) {
    let frame = Frame::at(centre);
    let mut looked: Vec<Looked> = rings.flat_map(|ring| look_round(grid, ring, metres)).collect();
    for side in 0..4 {
        if let Some(nearest) = nearest_of_side(grid, &looked, &frame, side) {
            looked[nearest].rank = Rank::Nearest;
        }
    }
    looked.sort_by_key(|it| it.rank);
    let mut taken: Vec<[f64; 2]> = kept.iter().map(|point| frame.local(*point)).collect();
    for Looked { point, metres: to_way, rank } in looked {
        let apart = if rank == Rank::Nearest { CLOSE_METRES } else { apart };
        let here = frame.local(point);
        let near = |other: &[f64; 2]| plane::norm([other[0] - here[0], other[1] - here[1]]) < apart;
        if (to_way <= metres || rank == Rank::Nearest) && !taken.iter().any(near) {
            taken.push(here);
            kept.push(point);
        }
    }
}

/// Of the places on a side the one nearest to a way.
fn nearest_of_side(grid: &StreetGrid<'_>, looked: &[Looked], frame: &Frame, side: usize) -> Option<usize> {
    let of_side = || (0..looked.len()).filter(|it| side_of(frame.local(looked[*it].point)).0 == side);
    let near = of_side().filter(|it| looked[*it].metres.is_finite());
    let near = near.min_by(|a, b| looked[*a].metres.total_cmp(&looked[*b].metres));
    near.or_else(|| {
        let mut best = (FARTHEST_METRES, None);
        for it in of_side() {
            if let Some((metres, _)) = grid.nearest(looked[it].point, best.0)
                && metres < best.0
            {
                best = (metres, Some(it));
            }
        }
        best.1
    })
}

/// Places of a ring, in its order, and how near ways come to them within `metres`.
fn look_round(grid: &StreetGrid<'_>, ring: &[Point], metres: f64) -> Vec<Looked> {
    let sharp = sharp(ring);
    let mut last: Option<Point> = None;
    let mut looked = Vec::new();
    for (side, point, at_corner) in sided_places(ring) {
        let is_corner = at_corner && sharp[side];
        if is_corner || last.is_none_or(|last| last.distance_metres(point) >= CURVE_METRES) {
            last = Some(point);
            let metres = grid.nearest(point, metres).map_or(f64::INFINITY, |(metres, _)| metres);
            looked.push(Looked { point, metres, rank: if is_corner { Rank::Corner } else { Rank::Between } });
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streets::Streets;

    #[test]
    fn corners_turn_by_more_than_30_degrees() {
        let at = |x: f64, y: f64| Frame::at(Point { lon: 1_266_000_000, lat: 457_000_000 }).point([x, y]);
        // A square with a bend of 11° in its lower side.
        let ring =
            [at(0.0, 0.0), at(50.0, -5.0), at(100.0, 0.0), at(100.0, 100.0), at(0.0, 100.0), at(0.0, 0.0)];
        assert_eq!(sharp(&ring), [true, false, true, true, true]);
    }

    #[test]
    fn where_there_are_no_ways_nothing_is_added() {
        let streets = Streets::default();
        let grid = StreetGrid::new(&streets);
        let at = |x: f64, y: f64| Frame::at(Point { lon: 1_266_000_000, lat: 457_000_000 }).point([x, y]);
        let ring = vec![at(0.0, 0.0), at(100.0, 0.0), at(100.0, 100.0), at(0.0, 0.0)];
        let mut kept = Vec::new();
        add_beside_ways(&grid, std::iter::once(&ring), at(50.0, 50.0), [40.0, 75.0], &mut kept);
        add_beside_ways(&grid, std::iter::once(&Vec::new()), at(50.0, 50.0), [40.0, 75.0], &mut kept);
        assert!(kept.is_empty());
    }
}
