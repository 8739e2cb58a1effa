//! Walkable ways, cut where they meet and where they cross a compound's outline.

use crate::compounds::DraftCompound;
use crate::located::{Located, Vertex};
use crate::scan::{NOWHERE, Way};
use crate::tags::Walk;
use circle_model::Point;
use circle_model::coordinates::{Bounds, line_metres};
use circle_model::grid::SegmentGrid;
use petgraph::unionfind::UnionFind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashSet;
use std::ops::Range;

/// A run of a walkable way.
#[derive(Debug)]
pub(crate) struct Run {
    /// Position in the scan's ways.
    pub(crate) way: usize,
    pub(crate) walk: Walk,
    /// In [`Streets::vertices`].
    pub(crate) vertices: Range<usize>,
}

/// A place where a walkable way crosses an outline; of several ways the one with the lowest id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossing {
    /// Position of the compound.
    pub(crate) compound: usize,
    pub(crate) vertex: Vertex,
    /// OSM id of the way.
    pub(crate) way: i64,
    /// Number of the crossing among those of this way and outline, from 1, in the direction in which the way is drawn.
    pub(crate) order: u32,
}

/// All walkable runs with their vertices.
#[derive(Debug, Default)]
pub(crate) struct Streets {
    pub(crate) runs: Vec<Run>,
    pub(crate) vertices: Vec<Vertex>,
    /// Where each vertex is: the scan's nodes first, then the crossings with outlines.
    pub(crate) points: Vec<Point>,
    /// Per vertex: how many runs end or pass there (capped), so that two make a junction.
    pub(crate) uses: Vec<u8>,
    /// Where walkable ways cross an outline, by compound and vertex.
    pub(crate) crossings: Vec<Crossing>,
    /// Tunnels too long to walk.
    pub(crate) long_tunnels: u64,
}

/// Tunnels of class tertiary or above are walked up to this length unless their tags say more.
const LONG_TUNNEL_METRES: f64 = 400.0;

impl Streets {
    pub(crate) fn point(&self, vertex: Vertex) -> Point {
        self.points[vertex as usize]
    }

    /// Notes a crossing, the next one along the way.
    fn cross(&mut self, compound: u32, vertex: Vertex, way: i64) {
        let (compound, order) = (compound as usize, self.crossings.len() as u32);
        self.crossings.push(Crossing { compound, vertex, way, order });
    }
}

/// Lays out the streets and crosses them with the outlines.
pub(crate) fn lay_out(located: &Located, compounds: &[DraftCompound]) -> Streets {
    let outlines = Outlines::new(compounds);
    let long_tunnels = long_tunnels(located);
    let mut streets = Streets { points: located.scan.points.clone(), ..Streets::default() };
    for (number, way) in located.scan.ways.iter().enumerate() {
        let Some(walk) = way.described.as_deref().and_then(|described| described.walk) else { continue };
        if long_tunnels.contains(&number) {
            streets.long_tunnels += 1;
            continue;
        }
        for run in located.runs(way) {
            let start = streets.vertices.len();
            add_run(&mut streets, way.id, run, &outlines, compounds);
            streets.runs.push(Run { way: number, walk, vertices: start..streets.vertices.len() });
        }
    }
    // Outlines of walkable areas given as multipolygons are walked along.
    for relation in &located.scan.relations {
        let Some(walk) = relation.described.walk.filter(|_| relation.described.plaza) else { continue };
        for (id, _) in &relation.members {
            let Ok(number) = located.scan.ways.binary_search_by_key(id, |way| way.id) else { continue };
            if located.scan.ways[number]
                .described
                .as_deref()
                .is_some_and(|described| described.walk.is_some())
            {
                continue;
            }
            for run in located.runs(&located.scan.ways[number]) {
                let start = streets.vertices.len();
                add_run(&mut streets, *id, run, &outlines, compounds);
                streets.runs.push(Run { way: number, walk, vertices: start..streets.vertices.len() });
            }
        }
    }
    number_crossings(&mut streets);
    count_uses(&mut streets);
    streets
}

/// Ways of tunnels too long to walk; ways that follow each other are one tunnel.
fn long_tunnels(located: &Located) -> FxHashSet<usize> {
    let short_only = |way: &Way| way.described.as_deref()?.walk.filter(|walk| walk.short_only);
    let tunnels: Vec<(usize, &Way)> =
        located.scan.ways.iter().enumerate().filter(|(_, way)| short_only(way).is_some()).collect();
    let mut union = UnionFind::<usize>::new(tunnels.len());
    let mut first_at: FxHashMap<Vertex, usize> = FxHashMap::default();
    for (tunnel, (_, way)) in tunnels.iter().enumerate() {
        let ends = located.runs(way).flat_map(|run| [run[0], run[run.len() - 1]]);
        ends.for_each(|end| {
            union.union(*first_at.entry(end).or_insert(tunnel), tunnel);
        });
    }
    let mut metres = vec![0.0; tunnels.len()];
    for (tunnel, (_, way)) in tunnels.iter().enumerate() {
        let length: f64 = located.runs(way).map(|run| line_metres(&located.points(run))).sum();
        metres[union.find(tunnel)] += length;
    }
    let long = |tunnel: &usize| metres[union.find(*tunnel)] > LONG_TUNNEL_METRES;
    (0..tunnels.len()).filter(long).map(|tunnel| tunnels[tunnel].0).collect()
}

/// Numbers the crossings of every way with every outline, and keeps one for each outline and vertex. Until then `order`
/// is the position in which it was found: along the way.
fn number_crossings(streets: &mut Streets) {
    let Streets { crossings, points, .. } = streets;
    let point = |crossing: &Crossing| points[crossing.vertex as usize];
    // A place that a way meets twice, as a corner or as a border of two plazas, is one crossing.
    crossings.sort_unstable_by_key(|it| (it.compound, it.way, point(it), it.order));
    let same =
        |a: &Crossing, b: &Crossing| (a.compound, a.way) == (b.compound, b.way) && point(a) == point(b);
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

fn count_uses(streets: &mut Streets) {
    streets.uses = vec![0; streets.points.len()];
    for run in &streets.runs {
        let vertices = &streets.vertices[run.vertices.clone()];
        for (at, vertex) in vertices.iter().enumerate() {
            let uses = &mut streets.uses[*vertex as usize];
            *uses = uses.saturating_add(if at == 0 || at + 1 == vertices.len() { 2 } else { 1 });
        }
    }
    for Crossing { vertex, .. } in &streets.crossings {
        streets.uses[*vertex as usize] = streets.uses[*vertex as usize].saturating_add(2);
    }
}

/// The outlines of all compounds, to be asked what crosses them.
struct Outlines {
    grid: SegmentGrid,
    /// The compound of every segment.
    compound: Vec<u32>,
    corners: FxHashMap<Point, Vec<u32>>,
}

impl Outlines {
    fn new(compounds: &[DraftCompound]) -> Self {
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
        Self { grid: SegmentGrid::build(segments.iter().copied(), 100.0), compound, corners }
    }
}

fn add_run(
    streets: &mut Streets,
    way: i64,
    run: &[Vertex],
    outlines: &Outlines,
    compounds: &[DraftCompound],
) {
    if compounds.is_empty() {
        streets.vertices.extend_from_slice(run);
        return;
    }
    let mut cuts: Vec<(f64, u32, Point)> = Vec::new();
    let mut on_sides: Vec<u32> = Vec::new();
    for (at, vertex) in run.iter().enumerate() {
        let here = streets.point(*vertex);
        streets.vertices.push(*vertex);
        if let Some(holders) = outlines.corners.get(&here) {
            let neighbours = [at.checked_sub(1).map(|i| run[i]), run.get(at + 1).copied()];
            for &compound in holders {
                if leads_through(streets, &compounds[compound as usize], outlines, compound, here, neighbours)
                {
                    streets.cross(compound, *vertex, way);
                }
            }
        }
        let Some(next) = run.get(at + 1).map(|next| streets.point(*next)) else { break };
        cuts.clear();
        on_sides.clear();
        outlines.grid.visit(&Bounds::of([here, next]), |segment| {
            if let Some((share, point)) = cross(here, next, segment.a, segment.b) {
                cuts.push((share, outlines.compound[segment.id as usize], point));
            } else if lies_on(next, segment.a, segment.b) {
                on_sides.push(outlines.compound[segment.id as usize]);
            }
            true
        });
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, compound, point) in &cuts {
            let known = streets.vertices.last().copied().filter(|last| streets.point(*last) == *point);
            let vertex = known.unwrap_or_else(|| {
                let vertex = streets.points.len() as Vertex;
                streets.points.push(*point);
                streets.vertices.push(vertex);
                vertex
            });
            streets.cross(*compound, vertex, way);
        }
        let beyond = [Some(*vertex), run.get(at + 2).copied()];
        for compound in &on_sides {
            let draft = &compounds[*compound as usize];
            let there = streets.point(run[at + 1]);
            if leads_through(streets, draft, outlines, *compound, there, beyond) {
                streets.cross(*compound, run[at + 1], way);
            }
        }
    }
}

/// Whether a way that shares a corner with an outline goes in or ends there, rather than along it or past it.
fn leads_through(
    streets: &Streets,
    compound: &DraftCompound,
    outlines: &Outlines,
    number: u32,
    here: Point,
    neighbours: [Option<Vertex>; 2],
) -> bool {
    let side = |vertex: Option<Vertex>| {
        let there = streets.point(vertex?);
        if outlines.corners.get(&there).is_some_and(|holders| holders.contains(&number)) {
            return None;
        }
        let middle = Point {
            lon: i64::midpoint(here.lon.into(), there.lon.into()) as i32,
            lat: i64::midpoint(here.lat.into(), there.lat.into()) as i32,
        };
        Some(compound.contains(middle))
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

/// Whether a place lies on the inside of segment `c`–`d`, to the last digit.
fn lies_on(place: Point, c: Point, d: Point) -> bool {
    let [x, y] = [i128::from(place.lon) - i128::from(c.lon), i128::from(place.lat) - i128::from(c.lat)];
    let [dx, dy] = [i128::from(d.lon) - i128::from(c.lon), i128::from(d.lat) - i128::from(c.lat)];
    place != c && place != d && x * dy == y * dx && Bounds::of([c, d]).contains(place)
}

/// Where the inside of segment `a`–`b` crosses `c`–`d`: the share of the way from `a`, and the place.
pub(crate) fn cross(a: Point, b: Point, c: Point, d: Point) -> Option<(f64, Point)> {
    let at = |p: Point| [f64::from(p.lon) - f64::from(a.lon), f64::from(p.lat) - f64::from(a.lat)];
    let ([bx, by], [cx, cy], [dx, dy]) = (at(b), at(c), at(d));
    let denominator = bx * (dy - cy) - by * (dx - cx);
    if denominator == 0.0 {
        return None;
    }
    let share = (cx * (dy - cy) - cy * (dx - cx)) / denominator;
    let along = (cx * by - cy * bx) / denominator;
    if !(share > 0.0 && share < 1.0 && (0.0..=1.0).contains(&along)) {
        return None;
    }
    let point = Point {
        lon: (f64::from(a.lon) + share * bx).round() as i32,
        lat: (f64::from(a.lat) + share * by).round() as i32,
    };
    (point != a && point != b).then_some((share, point))
}

/// Where walkable ways leave the data: beside a node that the extract lacks, or beyond its box, where other ways are
/// missing.
pub(crate) fn cut_ends(located: &Located, streets: &Streets, extract: Bounds) -> FxHashSet<Vertex> {
    let known = |vertex: Vertex| located.scan.points[vertex as usize] != NOWHERE;
    let mut cut = FxHashSet::default();
    // The runs of a way follow each other; its references are looked at once.
    for runs in streets.runs.chunk_by(|a, b| a.way == b.way) {
        let refs = &located.scan.vertices[located.scan.ways[runs[0].way].refs.clone()];
        for pair in refs.windows(2) {
            match (known(pair[0]), known(pair[1])) {
                (true, false) => cut.insert(pair[0]),
                (false, true) => cut.insert(pair[1]),
                _ => false,
            };
        }
    }
    for run in &streets.runs {
        let beyond = |vertex: &Vertex| !extract.contains(streets.point(*vertex));
        cut.extend(streets.vertices[run.vertices.clone()].iter().copied().filter(beyond));
    }
    // A way of one node that is there has no run, and no junction.
    cut.retain(|vertex| streets.uses[*vertex as usize] > 1);
    cut
}

/// The vertices of passages, by vertex.
pub(crate) fn junction_marks(streets: &mut Streets, vertices: &HashSet<Vertex>) {
    for vertex in vertices {
        if let Some(uses) = streets.uses.get_mut(*vertex as usize).filter(|uses| **uses > 0) {
            *uses = uses.saturating_add(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_numbered_by_way_and_outline_and_places_met_twice_count_once() {
        let at = |lon: i32| Point { lon, lat: 0 };
        let points = vec![at(0), at(1), at(2), at(2)];
        let mut streets = Streets { points, ..Streets::default() };
        // Way 7 comes back to vertex 1, and is walked again as the border of another plaza, where vertex 3 is at the
        // place of vertex 2.
        for (vertex, way) in [(1, 7), (0, 7), (1, 7), (2, 7), (0, 5), (3, 7)] {
            streets.cross(0, vertex, way);
        }
        streets.cross(1, 0, 7);
        number_crossings(&mut streets);
        let found: Vec<(usize, Vertex, i64, u32)> =
            streets.crossings.iter().map(|it| (it.compound, it.vertex, it.way, it.order)).collect();
        // Vertex 0 is one of both ways: the lowest one names it.
        assert_eq!(found, [(0, 0, 5, 1), (0, 1, 7, 1), (0, 2, 7, 3), (0, 3, 7, 3), (1, 0, 7, 1)]);
    }
}
