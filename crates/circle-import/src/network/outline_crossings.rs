//! Crossings of walkable ways and the outlines of compounds.

use crate::compounds::DraftCompound;
use crate::geometry::midpoint;
use crate::scan::Vertex;
use circle_model::Point;
use circle_model::coordinates::Bounds;
use circle_model::grid::SegmentGrid;
use rustc_hash::FxHashMap;

/// A place where a walkable way crosses an outline. If several ways cross there, it is the one with the
/// lowest id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OutlineCrossing {
    /// Position of the compound.
    pub(crate) compound: usize,
    pub(crate) vertex: Vertex,
    /// OSM id of the way.
    pub(crate) way: i64,
    /// Number of the crossing among those of this way and outline, from 1, in the direction of the way.
    pub(crate) order: u32,
}

/// Numbers the crossings of every way with every outline, and keeps one for each outline and vertex. On
/// input, `order` is the position in which a crossing was found along the way.
pub(super) fn number_crossings(crossings: &mut Vec<OutlineCrossing>, points: &[Point]) {
    let point = |crossing: &OutlineCrossing| points[crossing.vertex as usize];
    // A place that a way meets twice, as a corner or as the border of two plazas, counts as one crossing.
    crossings.sort_unstable_by_key(|it| (it.compound, it.way, point(it), it.order));
    let same = |a: &OutlineCrossing, b: &OutlineCrossing| {
        (a.compound, a.way) == (b.compound, b.way) && point(a) == point(b)
    };
    for same_place in crossings.chunk_by_mut(same) {
        let first = same_place[0].order;
        same_place.iter_mut().for_each(|crossing| crossing.order = first);
    }
    crossings.sort_unstable_by_key(|it| (it.compound, it.way, it.order, it.vertex));
    for of_way in crossings.chunk_by_mut(|a, b| (a.compound, a.way) == (b.compound, b.way)) {
        let (mut order, mut found) = (0, None);
        for crossing in of_way {
            if found != Some(crossing.order) {
                found = Some(crossing.order);
                order += 1;
            }
            crossing.order = order;
        }
    }
    crossings.sort_unstable();
    crossings.dedup_by_key(|it| (it.compound, it.vertex));
}

/// The outlines of all compounds, by segments and corners.
pub(super) struct Outlines<'a> {
    compounds: &'a [DraftCompound],
    pub(super) grid: SegmentGrid,
    /// The compound of every segment.
    pub(super) compound: Vec<u32>,
    /// The compounds with a corner at a point.
    pub(super) corners: FxHashMap<Point, Vec<u32>>,
}

impl<'a> Outlines<'a> {
    pub(super) fn new(compounds: &'a [DraftCompound]) -> Self {
        let segments: Vec<(Point, Point)> = compounds
            .iter()
            .flat_map(DraftCompound::rings)
            .flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1])))
            .collect();
        let mut compound = Vec::with_capacity(segments.len());
        let mut corners: FxHashMap<Point, Vec<u32>> = FxHashMap::default();
        for (number, draft) in (0u32..).zip(compounds) {
            for ring in draft.rings() {
                compound.extend(std::iter::repeat_n(number, ring.len() - 1));
                for corner in &ring[1..] {
                    let holders = corners.entry(*corner).or_default();
                    if holders.last() != Some(&number) {
                        holders.push(number);
                    }
                }
            }
        }
        Self { compounds, grid: SegmentGrid::build(segments.iter().copied(), 100.0), compound, corners }
    }

    pub(super) fn are_empty(&self) -> bool {
        self.compounds.is_empty()
    }

    /// Whether a way that meets the outline of a compound at `here` enters it or ends there, rather than
    /// following or touching the outline. `neighbours` are the points of the way before and after.
    pub(super) fn is_entered(&self, compound: u32, here: Point, neighbours: [Option<Point>; 2]) -> bool {
        let side = |there: Option<Point>| {
            let there = there?;
            if self.corners.get(&there).is_some_and(|holders| holders.contains(&compound)) {
                return None;
            }
            Some(self.compounds[compound as usize].contains(midpoint(here, there)))
        };
        match (neighbours, side(neighbours[0]), side(neighbours[1])) {
            (_, Some(a), Some(b)) => a != b,
            // Along the outline and then inside, or an end.
            (_, Some(true), None)
            | (_, None, Some(true))
            | ([Some(_), None], Some(false), None)
            | ([None, Some(_)], None, Some(false)) => true,
            _ => false,
        }
    }
}

/// Whether a point lies exactly on segment `c`–`d`, between its ends.
pub(super) fn lies_on(point: Point, c: Point, d: Point) -> bool {
    let [x, y] = [i128::from(point.lon) - i128::from(c.lon), i128::from(point.lat) - i128::from(c.lat)];
    let [dx, dy] = [i128::from(d.lon) - i128::from(c.lon), i128::from(d.lat) - i128::from(c.lat)];
    point != c && point != d && x * dy == y * dx && Bounds::of([c, d]).contains(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_numbered_by_way_and_outline_and_repeated_places_count_once() {
        let at = |lon: i32| Point { lon, lat: 0 };
        let points = [at(0), at(1), at(2), at(2)];
        // Way 7 returns to vertex 1, and is walked again as the border of another plaza, where vertex 3 is at
        // the place of vertex 2.
        let met = [(0, 1, 7), (0, 0, 7), (0, 1, 7), (0, 2, 7), (0, 0, 5), (0, 3, 7), (1, 0, 7)];
        let mut crossings: Vec<OutlineCrossing> = (0u32..)
            .zip(met)
            .map(|(order, (compound, vertex, way))| OutlineCrossing { compound, vertex, way, order })
            .collect();
        number_crossings(&mut crossings, &points);
        let found: Vec<(usize, Vertex, i64, u32)> =
            crossings.iter().map(|it| (it.compound, it.vertex, it.way, it.order)).collect();
        // Vertex 0 lies on two ways: the way with the lowest id names it.
        assert_eq!(found, [(0, 0, 5, 1), (0, 1, 7, 1), (0, 2, 7, 3), (0, 3, 7, 3), (1, 0, 7, 1)]);
    }
}
