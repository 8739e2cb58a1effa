//! Junctions and edges of the pedestrian network.

use crate::areas::Area;
use crate::features::RunPlaces;
use crate::located::{Located, Vertex};
use crate::shapes::Draft;
use crate::streets::{Streets, cross};
use crate::tags::{Lock, Passage, Walk};
use circle_model::city::{Edge, EdgeEndFlags, EdgeFlags, Node, NodeFlags, ring_contains};
use circle_model::coordinates::{Bounds, line_metres};
use circle_model::units::Millimetres;
use circle_model::{ComponentId, FeatureId, NodeId, Point, ZoneId, city::Span};
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::ops::Range;

/// An area with more entries than this is walked along its outline only.
const MOST_ENTRIES: usize = 64;

/// What the network was made of besides its tables.
#[derive(Debug, Default)]
pub(crate) struct Made {
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
    let node_of = number_junctions(draft, located, streets, passages);
    let across = cross_areas(draft, located, streets, places, &node_of, &mut made);

    // Edges lie in the order of the nodes they begin at: counted first, so that each is written once.
    let mut rows = vec![0u32; draft.tables.nodes.len() + 1];
    for piece in pieces(streets) {
        rows[node_of[piece.from as usize] as usize + 1] += 1;
    }
    across.iter().for_each(|edge| rows[edge.from.index() + 1] += 1);
    for node in 1..rows.len() {
        rows[node] += rows[node - 1];
    }
    let nothing = Edge {
        from: NodeId(0),
        to: NodeId(0),
        length_mm: 0,
        way: FeatureId::default(),
        zone: ZoneId::PUBLIC,
        flags: EdgeFlags::empty(),
        ends: [EdgeEndFlags::empty(); 2],
        line: Span { start: 0, len: 0 },
    };
    let mut edges = vec![nothing; rows.last().map_or(0, |count| *count as usize)];
    let mut next = rows.clone();
    let mut write = |edge: Edge| {
        let place = &mut next[edge.from.index()];
        edges[*place as usize] = edge;
        *place += 1;
    };
    for piece in pieces(streets) {
        let run = &streets.runs[piece.run];
        let line = Span {
            start: places.run_lines[piece.run].start + piece.vertices.start,
            len: piece.vertices.end - piece.vertices.start,
        };
        write(Edge {
            from: NodeId(node_of[piece.from as usize]),
            to: NodeId(node_of[piece.to as usize]),
            length_mm: Millimetres::from_metres(line_metres(&draft.tables.points[line.range()])).0,
            way: places.run_features[piece.run],
            zone: ZoneId::PUBLIC,
            flags: run.walk.flags | EdgeFlags::INTERIOR.when(run.walk.interior),
            ends: [EdgeEndFlags::empty(); 2],
            line,
        });
    }
    across.into_iter().for_each(write);
    for row in rows.windows(2) {
        edges[row[0] as usize..row[1] as usize]
            .sort_unstable_by_key(|edge| (edge.to, edge.way, edge.line.start));
    }
    draft.tables.edges = edges;
    let locked = passages.iter().filter(|(_, passage)| passage.lock != Lock::None);
    let locked: Vec<u32> = locked.map(|(vertex, _)| node_of[*vertex as usize]).collect();
    keep_roads_open(&mut draft.tables.nodes, &draft.tables.edges, &locked);
    join_components(draft);
    made
}

/// A gate in the middle of a way of class tertiary or above is that of an outline drawn over it: only a lock shuts
/// such a way.
fn keep_roads_open(nodes: &mut [Node], edges: &[Edge], locked: &[u32]) {
    let mut minor = vec![false; nodes.len()];
    for edge in edges.iter().filter(|edge| !edge.has(EdgeFlags::MAJOR)) {
        minor[edge.from.index()] = true;
        minor[edge.to.index()] = true;
    }
    for (number, node) in (0u32..).zip(nodes.iter_mut()) {
        if !minor[number as usize] && !locked.contains(&number) {
            node.flags.remove(NodeFlags::RESTRICTED);
        }
    }
}

/// A run from one junction to the next.
struct Piece {
    run: usize,
    from: Vertex,
    to: Vertex,
    /// Counted from the beginning of the run.
    vertices: Range<u32>,
}

fn pieces(streets: &Streets) -> impl Iterator<Item = Piece> {
    streets.runs.iter().enumerate().flat_map(move |(number, run)| {
        let vertices = &streets.vertices[run.vertices.clone()];
        let mut start = 0;
        (1..vertices.len()).filter_map(move |at| {
            if streets.uses[vertices[at] as usize] < 2 && at + 1 < vertices.len() {
                return None;
            }
            let vertices_of_piece = start as u32..at as u32 + 1;
            let piece =
                Piece { run: number, from: vertices[start], to: vertices[at], vertices: vertices_of_piece };
            start = at;
            Some(piece)
        })
    })
}

/// Fills the table of nodes along a Hilbert curve, so that neighbours lie close together in memory. The result
/// holds the node of each vertex, `u32::MAX` for none.
fn number_junctions(
    draft: &mut Draft,
    located: &Located,
    streets: &Streets,
    passages: &HashMap<Vertex, Passage>,
) -> Vec<u32> {
    let junctions = || (0u32..).zip(&streets.uses).filter(|(_, uses)| **uses > 1).map(|(vertex, _)| vertex);
    let bounds = Bounds::of(junctions().map(|vertex| streets.point(vertex)));
    let mut along: Vec<u64> = junctions()
        .map(|vertex| u64::from(hilbert(&bounds, streets.point(vertex))) << 32 | u64::from(vertex))
        .collect();
    along.sort_unstable();
    let mut node_of = vec![u32::MAX; streets.points.len()];
    draft.tables.nodes.reserve_exact(along.len());
    for (vertex, node) in along.into_iter().map(|key| key as Vertex).zip(0u32..) {
        node_of[vertex as usize] = node;
        draft.tables.nodes.push(Node {
            point: streets.point(vertex),
            osm_id: located.scan.wanted.get(vertex as usize).copied().unwrap_or(0),
            flags: passages.get(&vertex).map(|passage| passage.flags).unwrap_or_default(),
            component: ComponentId::default(),
        });
    }
    node_of
}

/// Straight lines across pedestrian areas, from entry to entry where they stay inside.
fn cross_areas(
    draft: &mut Draft,
    located: &Located,
    streets: &Streets,
    places: &RunPlaces,
    node_of: &[u32],
    made: &mut Made,
) -> Vec<Edge> {
    let mut edges = Vec::new();
    let plazas_of_ways = located.scan.ways.iter().filter_map(|way| {
        let walk = way.described.as_deref().filter(|described| described.plaza)?.walk?;
        Some((vec![way.id], walk, located.way_area(way)))
    });
    let plazas_of_relations =
        located.scan.relations.iter().filter(|relation| relation.described.plaza).filter_map(|relation| {
            let ids = relation.members.iter().map(|(id, _)| *id).collect();
            Some((ids, relation.described.walk?, located.relation_area(relation).0))
        });
    let plazas: Vec<(Vec<i64>, Walk, Area)> = plazas_of_ways.chain(plazas_of_relations).collect();
    let mut runs_of: FxHashMap<i64, Vec<usize>> =
        plazas.iter().flat_map(|(ids, ..)| ids).map(|id| (*id, Vec::new())).collect();
    for (number, run) in streets.runs.iter().enumerate() {
        if let Some(runs) = runs_of.get_mut(&located.scan.ways[run.way].id) {
            runs.push(number);
        }
    }
    for (ids, walk, area) in plazas {
        let runs: Vec<usize> = ids.iter().filter_map(|id| runs_of.get(id)).flatten().copied().collect();
        let Some(feature) = runs.first().map(|run| places.run_features[*run]) else { continue };
        let mut entries: Vec<Vertex> = runs
            .iter()
            .flat_map(|run| &streets.vertices[streets.runs[*run].vertices.clone()])
            .copied()
            .filter(|vertex| node_of[*vertex as usize] != u32::MAX)
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
                edges.push(Edge {
                    from: NodeId(node_of[*from as usize]),
                    to: NodeId(node_of[*to as usize]),
                    length_mm: Millimetres::from_metres(ends[0].distance_metres(ends[1])).0,
                    way: feature,
                    zone: ZoneId::PUBLIC,
                    flags: walk.flags | EdgeFlags::AREA | EdgeFlags::INTERIOR.when(walk.interior),
                    ends: [EdgeEndFlags::empty(); 2],
                    line,
                });
            }
        }
    }
    edges
}

fn stays_inside(area: &Area, a: Point, b: Point) -> bool {
    let middle = Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    };
    let rings = || area.polygons.iter().flatten();
    let inside = rings().filter(|ring| ring_contains(ring, middle)).count() % 2 == 1;
    // Which side of the line a corner lies on; only where that changes a side of the area may cross it.
    let [bx, by] = [f64::from(b.lon) - f64::from(a.lon), f64::from(b.lat) - f64::from(a.lat)];
    let side_of =
        |p: Point| bx * (f64::from(p.lat) - f64::from(a.lat)) - by * (f64::from(p.lon) - f64::from(a.lon));
    inside
        && rings().all(|ring| {
            let mut last = side_of(ring[0]);
            ring.windows(2).all(|side| {
                let before = std::mem::replace(&mut last, side_of(side[1]));
                let apart = before * last > 0.0;
                let touches = || [a, b].iter().any(|end| *end == side[0] || *end == side[1]);
                apart || touches() || cross(a, b, side[0], side[1]).is_none()
            })
        })
}

/// Position along a Hilbert curve over a box, 16 bits a side: half a metre in a city.
fn hilbert(bounds: &Bounds, point: Point) -> u32 {
    let widest = (i64::from(bounds.east) - i64::from(bounds.west))
        .max(i64::from(bounds.north) - i64::from(bounds.south)) as u64;
    let shift = u64::BITS.saturating_sub(widest.leading_zeros()).saturating_sub(16);
    let mut x = ((i64::from(point.lon) - i64::from(bounds.west)) >> shift) as u32;
    let mut y = ((i64::from(point.lat) - i64::from(bounds.south)) >> shift) as u32;
    let mut result = 0;
    let mut side = 1u32 << 15;
    while side > 0 {
        let (right, up) = (u32::from(x & side > 0), u32::from(y & side > 0));
        result = result << 2 | (3 * right) ^ up;
        if up == 0 {
            if right == 1 {
                x = !x & 0xffff;
                y = !y & 0xffff;
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
        union.union(edge.from.0, edge.to.0);
    }
    let labels = union.into_labeling();
    let mut metres = vec![0f64; tables.nodes.len()];
    for edge in tables.edges.iter().filter(|edge| !edge.has(EdgeFlags::AREA)) {
        metres[labels[edge.from.index()] as usize] += f64::from(edge.length_mm) / 1000.0;
    }
    let mut roots: Vec<u32> =
        (0..labels.len() as u32).filter(|node| labels[*node as usize] == *node).collect();
    roots.sort_by(|a, b| metres[*b as usize].total_cmp(&metres[*a as usize]).then(a.cmp(b)));
    let mut number_of = vec![ComponentId::default(); labels.len()];
    for (root, number) in roots.iter().zip((0u32..).map(ComponentId)) {
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
    fn a_gate_in_the_middle_of_a_road_shuts_nothing_unless_locked() {
        let gate = Node {
            point: Point::default(),
            osm_id: 0,
            flags: NodeFlags::GATE | NodeFlags::RESTRICTED,
            component: ComponentId::default(),
        };
        let edge = |from, to, flags| Edge {
            from: NodeId(from),
            to: NodeId(to),
            length_mm: 1000,
            way: FeatureId::default(),
            zone: ZoneId::PUBLIC,
            flags,
            ends: [EdgeEndFlags::empty(); 2],
            line: Span { start: 0, len: 0 },
        };
        let mut nodes = [gate; 4];
        let edges =
            [edge(0, 1, EdgeFlags::MAJOR), edge(1, 2, EdgeFlags::MAJOR), edge(2, 3, EdgeFlags::empty())];
        keep_roads_open(&mut nodes, &edges, &[0]);
        let shut = nodes.map(|node| node.flags.contains(NodeFlags::RESTRICTED));
        assert_eq!(shut, [true, false, true, true]);
    }

    #[test]
    fn the_hilbert_curve_steps_to_neighbours() {
        let side = 16i32;
        let bounds = Bounds { west: 0, south: 0, east: side - 1, north: side - 1 };
        let mut cells: Vec<(u32, i32, i32)> = (0..side * side)
            .map(|i| (i % side, i / side))
            .map(|(x, y)| (hilbert(&bounds, Point { lon: x, lat: y }), x, y))
            .collect();
        cells.sort_unstable();
        assert!(
            cells.windows(2).all(|pair| (pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs() == 1)
        );
    }
}
