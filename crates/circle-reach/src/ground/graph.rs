//! The graph that is searched: a compressed sparse row (CSR) adjacency with one arc for each direction that
//! may be walked.
//!
//! Zones are compiled into it. A junction has one node for the public network and, for every zone that
//! touches it, one for walks that enter the zone and one for walks that leave it. Arcs lead from the public
//! node to the entering one and from the leaving one to the public node, never back: so a walk may leave the
//! zone it starts in and end in another, and cannot pass through one, whatever algorithm runs on the graph.
//! Where one zone lies inside another, as a compound on a private drive does, arcs lead out through both, in
//! through both, and from the outer one to the inner.

use crate::ground::numbering::{Copies, NodeIndex};
use crate::ground::zones::lies_around;
use circle_model::city::{Edge, EdgeFlags};
use circle_model::{City, EdgeId, NodeId};

/// Edges of at least this length are long ([`Graph::leads_far`]).
pub(crate) const LONG_METRES: f64 = 150.0;

/// The pedestrian network as a graph.
#[derive(Debug, Default)]
pub struct Graph {
    /// Position of each node's first arc in `arcs`; the last entry is the count of arcs.
    starts: Vec<u32>,
    arcs: Vec<GraphArc>,
    /// Nodes at the two ends of each edge, for walks that end in its zone.
    entering: Vec<[NodeIndex; 2]>,
    /// The same for walks that start in its zone; equal to `entering` on public edges.
    leaving: Vec<[NodeIndex; 2]>,
    /// The junction of each node.
    junctions: Vec<NodeId>,
    /// `true` for a node with an arc of at least [`LONG_METRES`].
    leads_far: Vec<bool>,
}

/// One direction of an edge, or a step of no length between two copies of a junction.
#[derive(Debug, Clone, Copy)]
pub struct GraphArc {
    /// The node that it leads to.
    pub to: NodeIndex,
    /// Row of the edge, or [`NO_EDGE`].
    edge: u32,
    /// `true` if the edge is walked from its `to` end to its `from` end.
    pub against: bool,
}

/// Marks a step between copies of a junction.
const NO_EDGE: u32 = u32::MAX;

impl GraphArc {
    /// The edge; `None` for a step between copies of a junction.
    #[inline]
    pub fn edge(&self) -> Option<EdgeId> {
        (self.edge != NO_EDGE).then_some(EdgeId(self.edge))
    }
}

impl Graph {
    /// Compiles the network of a city and its zones.
    pub(crate) fn build(city: &City) -> Self {
        let (nodes, edges) = (city.nodes(), city.edges());
        let mut incident: Vec<Vec<EdgeId>> = vec![Vec::new(); nodes.len()];
        for (id, edge) in (0u32..).map(EdgeId).zip(edges) {
            incident[edge.from.index()].push(id);
            if edge.to != edge.from {
                incident[edge.to.index()].push(id);
            }
        }
        let mut graph = Self {
            entering: vec![[NodeIndex(0); 2]; edges.len()],
            leaving: vec![[NodeIndex(0); 2]; edges.len()],
            ..Self::default()
        };
        let mut steps: Vec<(NodeIndex, GraphArc)> = Vec::new();
        for (junction, incident) in (0u32..).map(NodeId).zip(&incident) {
            let node = (&nodes[junction.index()], city.node_is_shut(junction));
            let copies = Copies::number(&mut graph.junctions, junction, node, incident, edges);
            let gates: Vec<NodeIndex> =
                copies.public.into_iter().chain(copies.ends.iter().map(|(_, node)| *node)).collect();
            let mut step = |from: NodeIndex, to: NodeIndex| {
                steps.push((from, GraphArc { to, edge: NO_EDGE, against: false }));
            };
            for inner in &copies.zones {
                for gate in &gates {
                    step(*gate, inner.entering);
                    step(inner.leaving, *gate);
                }
                for outer in copies.zones.iter().filter(|outer| lies_around(city, outer.zone, inner.zone)) {
                    step(inner.leaving, outer.leaving);
                    step(outer.entering, inner.entering);
                    step(outer.leaving, inner.entering);
                }
            }
            for id in incident {
                let edge = &edges[id.index()];
                for (end, node) in [edge.from, edge.to].into_iter().enumerate() {
                    if node == junction {
                        let (entering, leaving) = copies.of(*id, edge.zone);
                        graph.entering[id.index()][end] = entering;
                        graph.leaving[id.index()][end] = leaving;
                    }
                }
            }
        }
        graph.add_edges(edges, steps);
        let is_long = |arc: &GraphArc| {
            let edge = arc.edge().map(|id| &edges[id.index()]);
            edge.is_some_and(|edge| f64::from(edge.length_mm) >= LONG_METRES * 1000.0)
        };
        graph.leads_far = graph.nodes().map(|node| graph.arcs[graph.row(node)].iter().any(is_long)).collect();
        graph
    }

    fn add_edges(&mut self, edges: &[Edge], steps: Vec<(NodeIndex, GraphArc)>) {
        let mut arcs = steps;
        for (row, edge) in (0u32..).zip(edges) {
            let mut add = |ends: [NodeIndex; 2]| {
                if !edge.has(EdgeFlags::NOT_FORWARD) {
                    arcs.push((ends[0], GraphArc { to: ends[1], edge: row, against: false }));
                }
                if !edge.has(EdgeFlags::NOT_BACKWARD) {
                    arcs.push((ends[1], GraphArc { to: ends[0], edge: row, against: true }));
                }
            };
            add(self.entering[row as usize]);
            if !edge.zone.is_public() {
                add(self.leaving[row as usize]);
            }
        }
        self.compress(arcs);
    }

    /// Sorts the arcs into rows, one for each node.
    fn compress(&mut self, mut arcs: Vec<(NodeIndex, GraphArc)>) {
        arcs.sort_unstable_by_key(|(from, arc)| (*from, arc.to, arc.edge, arc.against));
        self.starts = vec![0; self.junctions.len() + 1];
        for (from, _) in &arcs {
            self.starts[from.index() + 1] += 1;
        }
        for node in 1..self.starts.len() {
            self.starts[node] += self.starts[node - 1];
        }
        self.arcs = arcs.into_iter().map(|(_, arc)| arc).collect();
    }

    /// The same graph with every arc reversed. It does not store the nodes at the ends of edges
    /// ([`Graph::entering`], [`Graph::leaving`]).
    pub(crate) fn reversed(&self) -> Self {
        let mut arcs: Vec<(NodeIndex, GraphArc)> = Vec::with_capacity(self.arcs.len());
        for node in self.nodes() {
            arcs.extend(self.row(node).map(|at| (self.arcs[at].to, GraphArc { to: node, ..self.arcs[at] })));
        }
        let mut reversed = Self { junctions: self.junctions.clone(), ..Self::default() };
        reversed.compress(arcs);
        reversed
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.junctions.len()
    }

    /// Whether the graph has no nodes.
    pub fn is_empty(&self) -> bool {
        self.junctions.is_empty()
    }

    /// All nodes, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIndex> + use<> {
        (0..self.len() as u32).map(NodeIndex)
    }

    /// Positions of a node's arcs.
    #[inline]
    pub fn row(&self, node: NodeIndex) -> std::ops::Range<usize> {
        self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize
    }

    /// The arc at a position.
    #[inline]
    pub fn arc(&self, position: usize) -> GraphArc {
        self.arcs[position]
    }

    /// All arcs, in the order of their positions.
    pub fn arcs(&self) -> &[GraphArc] {
        &self.arcs
    }

    /// Nodes at the ends of an edge, for walks that end in its zone.
    #[inline]
    pub fn entering(&self, edge: EdgeId) -> [NodeIndex; 2] {
        self.entering[edge.index()]
    }

    /// Nodes at the ends of an edge, for walks that start in its zone; those of a public edge are the same.
    #[inline]
    pub fn leaving(&self, edge: EdgeId) -> [NodeIndex; 2] {
        self.leaving[edge.index()]
    }

    /// Whether a node has an arc of at least [`LONG_METRES`].
    #[inline]
    pub(crate) fn leads_far(&self, node: NodeIndex) -> bool {
        self.leads_far[node.index()]
    }

    /// The junction that a node is a copy of.
    #[inline]
    pub fn junction(&self, node: NodeIndex) -> NodeId {
        self.junctions[node.index()]
    }
}
