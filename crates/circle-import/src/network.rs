//! Junctions and edges of the pedestrian network.

use crate::areas::Area;
use crate::features::RunPlaces;
use crate::located::{Located, Vertex};
use crate::shapes::Draft;
use crate::streets::{Streets, cross};
use crate::tags::Passage;
use circle_model::city::{Edge, Node, ring_contains};
use circle_model::coordinates::line_metres;
use circle_model::units::Millimetres;
use circle_model::{Point, city::Span};
use petgraph::unionfind::UnionFind;
use std::collections::HashMap;

/// An area with more entries than this is walked along its outline only.
const MOST_ENTRIES: usize = 64;

/// What the network was made of besides its tables.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// Whether each edge may belong to a compound alone (class and name), in the order of the tables.
    pub(crate) interior: Vec<bool>,
    /// Areas with too many entries.
    pub(crate) crowded_areas: u64,
}

/// Cuts the streets at their junctions and fills the tables of nodes and edges.
pub(crate) fn build(
    draft: &mut Draft,
    located: &Located,
    streets: &Streets,
    places: &RunPlaces,
    passages: &HashMap<Vertex, Passage>,
) -> Made {
    let mut made = Made::default();
    let mut nodes = Junctions { of: vec![u32::MAX; streets.points.len()], vertices: Vec::new() };
    let mut edges: Vec<(Edge, bool)> = Vec::new();
    for (number, run) in streets.runs.iter().enumerate() {
        let vertices = &streets.vertices[run.vertices.clone()];
        let mut start = 0;
        for at in 1..vertices.len() {
            if streets.uses[vertices[at] as usize] < 2 && at + 1 < vertices.len() {
                continue;
            }
            let line =
                Span { start: places.run_lines[number].start + start as u32, len: (at - start + 1) as u32 };
            let length = line_metres(&draft.tables.points[line.range()]);
            let edge = Edge {
                from: nodes.at(vertices[start]),
                to: nodes.at(vertices[at]),
                length_mm: Millimetres::from_metres(length).0,
                way: places.run_features[number],
                zone: 0,
                flags: run.walk.flags,
                line,
            };
            edges.push((edge, run.walk.interior));
            start = at;
        }
    }
    cross_areas(draft, located, streets, places, &mut nodes, &mut edges, &mut made);
    order(draft, located, streets, passages, &nodes, edges, &mut made);
    join_components(draft);
    made
}

struct Junctions {
    /// Node of each vertex, `u32::MAX` for none.
    of: Vec<u32>,
    vertices: Vec<Vertex>,
}

impl Junctions {
    fn at(&mut self, vertex: Vertex) -> u32 {
        let node = &mut self.of[vertex as usize];
        if *node == u32::MAX {
            *node = self.vertices.len() as u32;
            self.vertices.push(vertex);
        }
        *node
    }
}

/// Straight lines across pedestrian areas, from entry to entry where they stay inside.
fn cross_areas(
    draft: &mut Draft,
    located: &Located,
    streets: &Streets,
    places: &RunPlaces,
    nodes: &mut Junctions,
    edges: &mut Vec<(Edge, bool)>,
    made: &mut Made,
) {
    let mut runs_of: HashMap<i64, Vec<usize>> = HashMap::new();
    for (number, run) in streets.runs.iter().enumerate() {
        runs_of.entry(located.scan.ways[run.way].id).or_default().push(number);
    }
    let ways = located.scan.ways.iter().filter_map(|way| {
        let walk = way.described.as_deref().filter(|described| described.plaza)?.walk?;
        Some((vec![way.id], walk, located.way_area(way)))
    });
    let relations =
        located.scan.relations.iter().filter(|relation| relation.described.plaza).filter_map(|relation| {
            let ids = relation.members.iter().map(|(id, _)| *id).collect();
            Some((ids, relation.described.walk?, located.relation_area(relation).0))
        });
    for (ids, walk, area) in ways.chain(relations) {
        let runs: Vec<usize> = ids.iter().filter_map(|id| runs_of.get(id)).flatten().copied().collect();
        let Some(feature) = runs.first().map(|run| places.run_features[*run]) else { continue };
        let mut entries: Vec<Vertex> = runs
            .iter()
            .flat_map(|run| &streets.vertices[streets.runs[*run].vertices.clone()])
            .copied()
            .filter(|vertex| nodes.of[*vertex as usize] != u32::MAX)
            .collect();
        entries.sort_unstable();
        entries.dedup();
        if entries.len() > MOST_ENTRIES {
            made.crowded_areas += 1;
            continue;
        }
        for (number, from) in entries.iter().enumerate() {
            for to in &entries[number + 1..] {
                let ends = [streets.point(*from), streets.point(*to)];
                if ends[0] == ends[1] || !stays_inside(&area, ends[0], ends[1]) {
                    continue;
                }
                let line = draft.line(&ends);
                let edge = Edge {
                    from: nodes.at(*from),
                    to: nodes.at(*to),
                    length_mm: Millimetres::from_metres(ends[0].distance_metres(ends[1])).0,
                    way: feature,
                    zone: 0,
                    flags: walk.flags | Edge::AREA,
                    line,
                };
                edges.push((edge, walk.interior));
            }
        }
    }
}

fn stays_inside(area: &Area, a: Point, b: Point) -> bool {
    let middle = Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    };
    let rings = || area.polygons.iter().flatten();
    let inside = rings().filter(|ring| ring_contains(ring, middle)).count() % 2 == 1;
    inside
        && rings().flat_map(|ring| ring.windows(2)).all(|side| {
            let touches = [a, b].iter().any(|end| *end == side[0] || *end == side[1]);
            touches || cross(a, b, side[0], side[1]).is_none()
        })
}

/// Numbers the junctions along a Hilbert curve, so that neighbours lie close together in memory.
fn order(
    draft: &mut Draft,
    located: &Located,
    streets: &Streets,
    passages: &HashMap<Vertex, Passage>,
    junctions: &Junctions,
    mut edges: Vec<(Edge, bool)>,
    made: &mut Made,
) {
    let mut along: Vec<(u64, Vertex, u32)> = junctions
        .vertices
        .iter()
        .zip(0u32..)
        .map(|(vertex, node)| (hilbert(streets.point(*vertex)), *vertex, node))
        .collect();
    along.sort_unstable();
    let mut renumbered = vec![0u32; along.len()];
    for ((_, vertex, old), new) in along.iter().zip(0u32..) {
        renumbered[*old as usize] = new;
        draft.tables.nodes.push(Node {
            point: streets.point(*vertex),
            osm_id: located.scan.wanted.get(*vertex as usize).copied().unwrap_or(0),
            flags: passages.get(vertex).map_or(0, |passage| passage.flags),
            component: 0,
        });
    }
    for (edge, _) in &mut edges {
        edge.from = renumbered[edge.from as usize];
        edge.to = renumbered[edge.to as usize];
    }
    edges.sort_unstable_by_key(|(edge, _)| (edge.from, edge.to, edge.way, edge.line.start));
    made.interior = edges.iter().map(|(_, interior)| *interior).collect();
    draft.tables.edges = edges.into_iter().map(|(edge, _)| edge).collect();
}

/// Position along a Hilbert curve over the globe, 32 bits a side.
fn hilbert(point: Point) -> u64 {
    let mut x = (i64::from(point.lon) + 1_800_000_000) as u64;
    let mut y = (i64::from(point.lat) + 1_800_000_000) as u64;
    let mut result = 0;
    let mut side = 1u64 << 31;
    while side > 0 {
        let (right, up) = (u64::from(x & side > 0), u64::from(y & side > 0));
        result = result << 2 | (3 * right) ^ up;
        if up == 0 {
            if right == 1 {
                x = !x & 0xffff_ffff;
                y = !y & 0xffff_ffff;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side >>= 1;
    }
    result
}

/// Numbers the parts of the network that hang together, the longest first.
fn join_components(draft: &mut Draft) {
    let tables = &mut draft.tables;
    let mut union = UnionFind::<u32>::new(tables.nodes.len());
    for edge in &tables.edges {
        union.union(edge.from, edge.to);
    }
    let labels = union.into_labeling();
    let mut metres = vec![0f64; tables.nodes.len()];
    for edge in tables.edges.iter().filter(|edge| !edge.has(Edge::AREA)) {
        metres[labels[edge.from as usize] as usize] += f64::from(edge.length_mm) / 1000.0;
    }
    let mut roots: Vec<u32> =
        (0..labels.len() as u32).filter(|node| labels[*node as usize] == *node).collect();
    roots.sort_by(|a, b| metres[*b as usize].total_cmp(&metres[*a as usize]).then(a.cmp(b)));
    let mut number_of = vec![0; labels.len()];
    for (root, number) in roots.iter().zip(0u32..) {
        number_of[*root as usize] = number;
    }
    for (node, root) in tables.nodes.iter_mut().zip(&labels) {
        node.component = number_of[*root as usize];
    }
    tables.component_metres = roots.iter().map(|root| metres[*root as usize].round() as u32).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hilbert_curve_steps_to_neighbours() {
        let side = 16i32;
        let mut cells: Vec<(u64, i32, i32)> = (0..side * side)
            .map(|i| (i % side, i / side))
            .map(|(x, y)| (hilbert(Point { lon: x, lat: y }), x, y))
            .collect();
        cells.sort_unstable();
        assert!(
            cells.windows(2).all(|pair| (pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs() == 1)
        );
    }
}
