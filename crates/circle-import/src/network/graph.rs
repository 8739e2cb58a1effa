//! Junctions and edges of the pedestrian network.

use super::base_map::BaseMap;
use super::components::{Link, components};
use super::draft::{DraftEdge, DraftNode};
use super::hilbert::hilbert;
use super::plazas::cross_plazas;
use super::streets::Streets;
use crate::scan::{Located, Lock, Vertex};
use circle_model::city::{EdgeFlags, NodeFlags, Span};
use circle_model::coordinates::{Bounds, line_metres};
use circle_model::units::Millimetres;
use circle_model::{ComponentId, FeatureId, NodeId, Point};
use std::ops::Range;

/// The network.
#[derive(Debug, Default)]
pub(crate) struct Network {
    /// Sorted along a Hilbert curve, so that neighbours are close in memory.
    pub(crate) nodes: Vec<DraftNode>,
    /// Sorted by the node that they begin at.
    pub(crate) edges: Vec<DraftEdge>,
    /// Lines across pedestrian areas. They follow the points of the base map.
    pub(crate) plaza_points: Vec<Point>,
    /// Length of every connected component, the longest first.
    pub(crate) component_metres: Vec<u32>,
    /// Count of pedestrian areas with too many entries to be crossed.
    pub(crate) crowded_plazas: u64,
}

impl Network {
    /// The points of an edge, both junctions included.
    pub(crate) fn line<'a>(&'a self, map: &'a BaseMap<'_>, edge: &DraftEdge) -> &'a [Point] {
        let drawn = &map.shapes.points;
        let Range { start, end } = edge.line.range();
        match start.checked_sub(drawn.len()) {
            None => &drawn[start..end],
            Some(at) => &self.plaza_points[at..at + (end - start)],
        }
    }

    /// The connected component of an edge.
    pub(crate) fn component(&self, edge: &DraftEdge) -> ComponentId {
        self.nodes[edge.from.index()].component
    }
}

/// Cuts the streets at their junctions.
pub(crate) fn build(located: &Located, streets: &Streets, map: &BaseMap<'_>) -> Network {
    let (mut nodes, node_of) = number_junctions(located, streets);
    let plazas = cross_plazas(located, streets, map, &node_of);
    let starts = pieces(streets).filter_map(|piece| node_of[piece.from as usize]);
    let starts = starts.chain(plazas.edges.iter().map(|edge| edge.from));
    let unsorted = edges_of_pieces(streets, map, &node_of).chain(plazas.edges.iter().copied());
    let edges = sort_edges(nodes.len(), starts, unsorted);
    let locked = streets.passages.iter().filter(|(_, passage)| passage.lock != Lock::None);
    let locked: Vec<NodeId> = locked.filter_map(|(vertex, _)| node_of[*vertex as usize]).collect();
    keep_roads_open(&mut nodes, &edges, &locked);
    let links = edges.iter().map(|edge| Link {
        from: edge.from,
        to: edge.to,
        metres: if edge.has(EdgeFlags::AREA) { 0.0 } else { edge.metres() },
    });
    let (component_of, component_metres) = components(nodes.len(), links);
    nodes.iter_mut().zip(component_of).for_each(|(node, component)| node.component = component);
    Network { nodes, edges, plaza_points: plazas.points, component_metres, crowded_plazas: plazas.crowded }
}

/// Sorts `edges` by the node that they begin at, then by `to`, `way` and position of the line. `starts` are
/// the nodes that they begin at, in any order: a counting sort, so that each edge is written once.
fn sort_edges(
    nodes: usize,
    starts: impl Iterator<Item = NodeId>,
    unsorted: impl Iterator<Item = DraftEdge>,
) -> Vec<DraftEdge> {
    let mut rows = vec![0u32; nodes + 1];
    starts.for_each(|node| rows[node.index() + 1] += 1);
    for node in 1..rows.len() {
        rows[node] += rows[node - 1];
    }
    let nothing = DraftEdge {
        from: NodeId(0),
        to: NodeId(0),
        length: Millimetres(0),
        way: FeatureId::default(),
        flags: EdgeFlags::empty(),
        line: Span { start: 0, len: 0 },
    };
    let mut edges = vec![nothing; rows.last().map_or(0, |count| *count as usize)];
    let mut next = rows.clone();
    for edge in unsorted {
        let place = &mut next[edge.from.index()];
        edges[*place as usize] = edge;
        *place += 1;
    }
    for row in rows.windows(2) {
        edges[row[0] as usize..row[1] as usize]
            .sort_unstable_by_key(|edge| (edge.to, edge.way, edge.line.start));
    }
    edges
}

/// Opens roads with a gate. A gate in the middle of a way of class tertiary or above belongs to an outline
/// drawn over the road; only a lock closes such a way.
fn keep_roads_open(nodes: &mut [DraftNode], edges: &[DraftEdge], locked: &[NodeId]) {
    let mut minor = vec![false; nodes.len()];
    for edge in edges.iter().filter(|edge| !edge.has(EdgeFlags::MAJOR)) {
        minor[edge.from.index()] = true;
        minor[edge.to.index()] = true;
    }
    for (id, node) in (0u32..).map(NodeId).zip(nodes.iter_mut()) {
        if !minor[id.index()] && !locked.contains(&id) {
            node.flags.remove(NodeFlags::RESTRICTED);
        }
    }
}

/// The part of a run from one junction to the next.
struct Piece {
    run: usize,
    from: Vertex,
    to: Vertex,
    /// Positions in the run.
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

fn edges_of_pieces(
    streets: &Streets,
    map: &BaseMap<'_>,
    node_of: &[Option<NodeId>],
) -> impl Iterator<Item = DraftEdge> {
    pieces(streets).filter_map(move |piece| {
        let run = &streets.runs[piece.run];
        let line = Span {
            start: map.run_lines[piece.run].start + piece.vertices.start,
            len: piece.vertices.end - piece.vertices.start,
        };
        Some(DraftEdge {
            from: node_of[piece.from as usize]?,
            to: node_of[piece.to as usize]?,
            length: Millimetres::from_metres(line_metres(&map.shapes.points[line.range()])),
            way: map.run_features[piece.run],
            flags: run.walk.flags | EdgeFlags::INTERIOR.when(run.walk.interior),
            line,
        })
    })
}

/// Numbers the junctions along a Hilbert curve. Returns also the node of each vertex.
fn number_junctions(located: &Located, streets: &Streets) -> (Vec<DraftNode>, Vec<Option<NodeId>>) {
    let junctions = || (0u32..).zip(&streets.uses).filter(|(_, uses)| **uses > 1).map(|(vertex, _)| vertex);
    let bounds = Bounds::of(junctions().map(|vertex| streets.point(vertex)));
    let mut along: Vec<u64> = junctions()
        .map(|vertex| u64::from(hilbert(&bounds, streets.point(vertex))) << 32 | u64::from(vertex))
        .collect();
    along.sort_unstable();
    let mut node_of = vec![None; streets.points.len()];
    let mut nodes = Vec::with_capacity(along.len());
    for (vertex, node) in along.into_iter().map(|key| key as Vertex).zip((0u32..).map(NodeId)) {
        node_of[vertex as usize] = Some(node);
        nodes.push(DraftNode {
            point: streets.point(vertex),
            osm_id: located.scan.node_ids.get(vertex as usize).copied().unwrap_or(0),
            flags: streets.passages.get(&vertex).map(|passage| passage.flags).unwrap_or_default(),
            component: ComponentId::default(),
        });
    }
    (nodes, node_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_in_the_middle_of_a_road_closes_it_only_if_locked() {
        let gate = DraftNode {
            point: Point::default(),
            osm_id: 0,
            flags: NodeFlags::GATE | NodeFlags::RESTRICTED,
            component: ComponentId::default(),
        };
        let edge = |from, to, flags| DraftEdge {
            from: NodeId(from),
            to: NodeId(to),
            length: Millimetres(1000),
            way: FeatureId::default(),
            flags,
            line: Span { start: 0, len: 0 },
        };
        let mut nodes = [gate; 4];
        let edges =
            [edge(0, 1, EdgeFlags::MAJOR), edge(1, 2, EdgeFlags::MAJOR), edge(2, 3, EdgeFlags::empty())];
        keep_roads_open(&mut nodes, &edges, &[NodeId(0)]);
        let closed = nodes.map(|node| node.flags.contains(NodeFlags::RESTRICTED));
        assert_eq!(closed, [true, false, true, true]);
    }
}
