//! Walkable ways, cut where they meet and where they cross the outline of a compound.

use super::outline_crossings::{OutlineCrossing, Outlines, lies_on, number_crossings};
use super::passages::passages;
use crate::compounds::DraftCompound;
use crate::geometry::crossing_share;
use crate::scan::{Located, NOWHERE, Passage, Vertex, Walk, Way};
use circle_model::Point;
use circle_model::city::NodeFlags;
use circle_model::coordinates::{Bounds, line_metres};
use petgraph::unionfind::UnionFind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::HashMap;
use std::ops::Range;

/// All walkable runs with their vertices and junctions.
#[derive(Debug, Default)]
pub(crate) struct Streets {
    pub(crate) runs: Vec<Run>,
    pub(crate) vertices: Vec<Vertex>,
    /// The point of each vertex: nodes of the scan first, then crossings with outlines.
    pub(crate) points: Vec<Point>,
    /// Count of runs at each vertex, up to 255: 2 for a run that ends, 1 for a run that passes. 2 or more
    /// make a junction.
    pub(crate) uses: Vec<u8>,
    /// Where walkable ways cross outlines, by compound and vertex.
    pub(crate) crossings: Vec<OutlineCrossing>,
    /// Crossings and barriers at junctions.
    pub(crate) passages: HashMap<Vertex, Passage>,
    /// Count of tunnels too long to walk.
    pub(crate) long_tunnels: u64,
}

/// A run of a walkable way.
#[derive(Debug)]
pub(crate) struct Run {
    /// Position in the ways of the scan.
    pub(crate) way: usize,
    pub(crate) walk: Walk,
    /// In [`Streets::vertices`].
    pub(crate) vertices: Range<usize>,
}

/// Tunnels of class tertiary or above are walked up to this length unless their tags allow more.
const LONG_TUNNEL_METRES: f64 = 400.0;

impl Streets {
    pub(crate) fn point(&self, vertex: Vertex) -> Point {
        self.points[vertex as usize]
    }

    /// Adds a crossing, the next one along the way.
    fn cross(&mut self, compound: u32, vertex: Vertex, way: i64) {
        let (compound, order) = (compound as usize, self.crossings.len() as u32);
        self.crossings.push(OutlineCrossing { compound, vertex, way, order });
    }
}

/// Lays out the streets, crosses them with the outlines of compounds, and finds their junctions.
pub(crate) fn lay_out(located: &Located, compounds: &[DraftCompound], extract: Bounds) -> Streets {
    let outlines = Outlines::new(compounds);
    let long_tunnels = long_tunnels(located);
    let mut streets = Streets { points: located.scan.points.clone(), ..Streets::default() };
    for (number, way) in located.scan.ways.iter().enumerate() {
        let Some(walk) = way.described.as_deref().and_then(|described| described.walk) else { continue };
        if long_tunnels.contains(&number) {
            streets.long_tunnels += 1;
            continue;
        }
        add_way(&mut streets, located, number, walk, &outlines);
    }
    // The outlines of pedestrian areas that are multipolygons are walkable, too.
    for relation in &located.scan.relations {
        let Some(walk) = relation.described.walk.filter(|_| relation.described.plaza) else { continue };
        for (id, _) in &relation.members {
            let Ok(number) = located.scan.ways.binary_search_by_key(id, |way| way.id) else { continue };
            let way = &located.scan.ways[number];
            if way.described.as_deref().is_none_or(|described| described.walk.is_none()) {
                add_way(&mut streets, located, number, walk, &outlines);
            }
        }
    }
    number_crossings(&mut streets.crossings, &streets.points);
    count_uses(&mut streets);
    let mut passages = passages(located);
    for vertex in cut_ends(located, &streets, extract) {
        passages.entry(vertex).or_default().flags |= NodeFlags::CUT;
    }
    make_junctions(&mut streets, passages.keys());
    Streets { passages, ..streets }
}

fn add_way(streets: &mut Streets, located: &Located, number: usize, walk: Walk, outlines: &Outlines<'_>) {
    let way = &located.scan.ways[number];
    for run in located.runs(way) {
        let start = streets.vertices.len();
        add_run(streets, way.id, run, outlines);
        streets.runs.push(Run { way: number, walk, vertices: start..streets.vertices.len() });
    }
}

fn add_run(streets: &mut Streets, way: i64, run: &[Vertex], outlines: &Outlines<'_>) {
    if outlines.are_empty() {
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
            let neighbours = neighbours.map(|it| it.map(|vertex| streets.point(vertex)));
            for &compound in holders {
                if outlines.is_entered(compound, here, neighbours) {
                    streets.cross(compound, *vertex, way);
                }
            }
        }
        let Some(next) = run.get(at + 1).map(|next| streets.point(*next)) else { break };
        cuts.clear();
        on_sides.clear();
        outlines.grid.visit(&Bounds::of([here, next]), |segment| {
            if let Some((share, point)) = crossing_share(here, next, segment.a, segment.b) {
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
        let beyond = run.get(at + 2).map(|vertex| streets.point(*vertex));
        for compound in &on_sides {
            if outlines.is_entered(*compound, next, [Some(here), beyond]) {
                streets.cross(*compound, run[at + 1], way);
            }
        }
    }
}

/// Ways of tunnels too long to walk. Consecutive ways are one tunnel.
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

fn count_uses(streets: &mut Streets) {
    streets.uses = vec![0; streets.points.len()];
    for run in &streets.runs {
        let vertices = &streets.vertices[run.vertices.clone()];
        for (at, vertex) in vertices.iter().enumerate() {
            let uses = &mut streets.uses[*vertex as usize];
            *uses = uses.saturating_add(if at == 0 || at + 1 == vertices.len() { 2 } else { 1 });
        }
    }
    for OutlineCrossing { vertex, .. } in &streets.crossings {
        streets.uses[*vertex as usize] = streets.uses[*vertex as usize].saturating_add(2);
    }
}

/// Vertices where walkable ways leave the data: beside a node that is missing in the extract, or outside the
/// extract's bounding box, where other ways are missing.
fn cut_ends(located: &Located, streets: &Streets, extract: Bounds) -> FxHashSet<Vertex> {
    let known = |vertex: Vertex| located.scan.points[vertex as usize] != NOWHERE;
    let mut cut = FxHashSet::default();
    // The runs of a way are consecutive, and its references are read once.
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
    // A way with one node in the extract has no run and no junction.
    cut.retain(|vertex| streets.uses[*vertex as usize] > 1);
    cut
}

/// Makes vertices on streets junctions.
fn make_junctions<'a>(streets: &mut Streets, vertices: impl Iterator<Item = &'a Vertex>) {
    for vertex in vertices {
        if let Some(uses) = streets.uses.get_mut(*vertex as usize).filter(|uses| **uses > 0) {
            *uses = uses.saturating_add(2);
        }
    }
}
