//! The graph that is searched: compressed rows, one arc for each direction that may be walked.
//!
//! Zones are compiled into it. A junction has one node for the public network and, for every zone that
//! touches it, one for walks that enter the zone and one for walks that leave it. Arcs lead from the public
//! node to the entering one and from the leaving one to the public node, never back: so a walk may leave the
//! zone it starts in and end in another, and cannot pass through one, whatever algorithm runs on the graph.
//! Where one zone lies inside another, as a compound on a private drive does, arcs lead out through both, in
//! through both, and from the outer one to the inner.

use crate::reached_tiles::LONG_METRES;
use crate::search::UNREACHED;
use circle_model::city::{Edge, EdgeEndFlags, EdgeFlags, Node, NodeFlags, Zone};
use circle_model::{City, EdgeId, NodeId, Pace, ZoneId};
use petgraph::visit::{
    Data, EdgeRef, GraphBase, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNodeIdentifiers, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};

/// A node of the graph; not a junction, of which several nodes are copies.
pub type GraphNode = u32;

/// Arcs in compressed rows.
#[derive(Debug, Default)]
pub struct Graph {
    /// Where each node's arcs begin, one more at the end.
    starts: Vec<u32>,
    arcs: Vec<Arc>,
    /// Nodes at the two ends of each edge, for walks that end in its zone.
    entering: Vec<[GraphNode; 2]>,
    /// The same for walks that start in its zone; equal to `entering` on public edges.
    leaving: Vec<[GraphNode; 2]>,
    /// The junction of each node.
    junctions: Vec<u32>,
    /// Nodes with an arc longer than the stride of those who look along it.
    far: Vec<bool>,
}

/// One direction of an edge, or a step between copies of a junction.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    /// The node it leads to.
    pub to: GraphNode,
    /// The edge, or [`Arc::NO_EDGE`].
    pub edge: u32,
    /// Walked from the edge's `to` end.
    pub against: bool,
}

impl Arc {
    /// A step between copies of a junction, of no length.
    pub const NO_EDGE: u32 = u32::MAX;
}

/// Copies of one junction.
#[derive(Default)]
struct Copies {
    public: Option<GraphNode>,
    zones: Vec<ZoneCopies>,
    /// At a restricted gate every public edge ends for itself.
    ends: Vec<(u32, GraphNode)>,
    /// At a shut one every edge does.
    shut: Vec<(u32, GraphNode, GraphNode)>,
}

/// The copies of a junction for one zone.
struct ZoneCopies {
    zone: ZoneId,
    entering: GraphNode,
    leaving: GraphNode,
}

/// Whether who is in `inner` is in `outer` as well: a compound inside a larger one, or on a private drive.
fn lies_around(city: &City, outer: ZoneId, inner: ZoneId) -> bool {
    let zones = city.zones();
    let level = |zone: ZoneId| zones[zone.index()].level;
    level(outer) > level(inner) || ancestors(zones, inner).any(|parent| parent == outer)
}

/// The zones that a zone lies inside, the smallest first.
pub(crate) fn ancestors(zones: &[Zone], zone: ZoneId) -> impl Iterator<Item = ZoneId> {
    let parent = |zone: &ZoneId| Some(zones[zone.index()].parent).filter(|parent| !parent.is_public());
    // A chain as long as the table is a ring: never written, but the file is not trusted.
    std::iter::successors(parent(&zone), parent).take(zones.len())
}

impl Graph {
    /// Compiles the network and its zones.
    pub(crate) fn build(city: &City) -> Self {
        let (nodes, edges) = (city.nodes(), city.edges());
        let mut incident: Vec<Vec<u32>> = vec![Vec::new(); nodes.len()];
        for (number, edge) in (0u32..).zip(edges) {
            incident[edge.from.index()].push(number);
            if edge.to != edge.from {
                incident[edge.to.index()].push(number);
            }
        }
        let mut graph = Self {
            entering: vec![[0; 2]; edges.len()],
            leaving: vec![[0; 2]; edges.len()],
            ..Self::default()
        };
        let mut steps: Vec<(GraphNode, Arc)> = Vec::new();
        for (junction, incident) in (0u32..).zip(&incident) {
            let node = (&nodes[junction as usize], city.node_is_shut(NodeId(junction)));
            let copies = graph.copy(junction, node, incident, edges);
            let gates: Vec<GraphNode> =
                copies.public.into_iter().chain(copies.ends.iter().map(|(_, node)| *node)).collect();
            let mut step = |from: GraphNode, to: GraphNode| {
                steps.push((from, Arc { to, edge: Arc::NO_EDGE, against: false }));
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
            for number in incident {
                let edge = &edges[*number as usize];
                for (end, node) in [edge.from, edge.to].into_iter().enumerate() {
                    if node.0 == junction {
                        let (entering, leaving) = copies.of(*number, edge.zone);
                        graph.entering[*number as usize][end] = entering;
                        graph.leaving[*number as usize][end] = leaving;
                    }
                }
            }
        }
        graph.fill(edges, steps);
        let is_long = |arc: &Arc| {
            edges.get(arc.edge as usize).is_some_and(|edge| f64::from(edge.length_mm) >= LONG_METRES * 1000.0)
        };
        graph.far =
            (0..graph.len() as u32).map(|node| graph.arcs[graph.row(node)].iter().any(is_long)).collect();
        graph
    }

    fn copy(
        &mut self,
        junction: u32,
        (node, shut): (&Node, bool),
        incident: &[u32],
        edges: &[Edge],
    ) -> Copies {
        let mut copies = Copies::default();
        let mut make = || {
            self.junctions.push(junction);
            self.junctions.len() as u32 - 1
        };
        if shut {
            copies.shut = incident.iter().map(|edge| (*edge, make(), make())).collect();
            return copies;
        }
        let public: Vec<u32> =
            incident.iter().copied().filter(|edge| edges[*edge as usize].zone.is_public()).collect();
        let mut zones: Vec<ZoneId> =
            incident.iter().map(|edge| edges[*edge as usize].zone).filter(|zone| !zone.is_public()).collect();
        zones.sort_unstable();
        zones.dedup();
        if node.flags.contains(NodeFlags::RESTRICTED) {
            copies.ends = public.iter().map(|edge| (*edge, make())).collect();
            // Who lives on one side and visits the other passes.
            copies.public = (zones.len() > 1).then(&mut make);
        } else if !public.is_empty() || zones.len() > 1 {
            copies.public = Some(make());
        }
        copies.zones =
            zones.into_iter().map(|zone| ZoneCopies { zone, entering: make(), leaving: make() }).collect();
        copies
    }

    fn fill(&mut self, edges: &[Edge], steps: Vec<(GraphNode, Arc)>) {
        let mut arcs = steps;
        for (number, edge) in (0u32..).zip(edges) {
            let mut add = |ends: [GraphNode; 2]| {
                if !edge.has(EdgeFlags::NOT_FORWARD) {
                    arcs.push((ends[0], Arc { to: ends[1], edge: number, against: false }));
                }
                if !edge.has(EdgeFlags::NOT_BACKWARD) {
                    arcs.push((ends[1], Arc { to: ends[0], edge: number, against: true }));
                }
            };
            add(self.entering[number as usize]);
            if !edge.zone.is_public() {
                add(self.leaving[number as usize]);
            }
        }
        self.sort_in(arcs);
    }

    fn sort_in(&mut self, mut arcs: Vec<(GraphNode, Arc)>) {
        arcs.sort_unstable_by_key(|(from, arc)| (*from, arc.to, arc.edge, arc.against));
        self.starts = vec![0; self.junctions.len() + 1];
        for (from, _) in &arcs {
            self.starts[*from as usize + 1] += 1;
        }
        for node in 1..self.starts.len() {
            self.starts[node] += self.starts[node - 1];
        }
        self.arcs = arcs.into_iter().map(|(_, arc)| arc).collect();
    }

    /// The same graph with every arc turned round.
    pub(crate) fn reversed(&self) -> Self {
        let mut arcs: Vec<(GraphNode, Arc)> = Vec::with_capacity(self.arcs.len());
        for node in 0..self.len() as u32 {
            arcs.extend(self.row(node).map(|at| (self.arcs[at].to, Arc { to: node, ..self.arcs[at] })));
        }
        let mut reversed = Self { junctions: self.junctions.clone(), ..Self::default() };
        reversed.sort_in(arcs);
        reversed
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.junctions.len()
    }

    /// Whether there is nothing to walk on.
    pub fn is_empty(&self) -> bool {
        self.junctions.is_empty()
    }

    /// Positions of a node's arcs.
    #[inline]
    pub fn row(&self, node: GraphNode) -> std::ops::Range<usize> {
        self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize
    }

    /// The arc at a position.
    #[inline]
    pub fn arc(&self, position: usize) -> Arc {
        self.arcs[position]
    }

    /// Number of arcs.
    pub fn arc_count(&self) -> usize {
        self.arcs.len()
    }

    /// Nodes at the ends of an edge for walks that end in its zone.
    #[inline]
    pub fn entering(&self, edge: u32) -> [GraphNode; 2] {
        self.entering[edge as usize]
    }

    /// Nodes at the ends of an edge for walks that start in its zone; those of a public edge are the same.
    #[inline]
    pub fn leaving(&self, edge: u32) -> [GraphNode; 2] {
        self.leaving[edge as usize]
    }

    /// Whether an arc from a node leads farther than [`LONG_METRES`].
    #[inline]
    pub(crate) fn leads_far(&self, node: GraphNode) -> bool {
        self.far[node as usize]
    }

    /// The junction that a node is a copy of.
    #[inline]
    pub fn junction(&self, node: GraphNode) -> u32 {
        self.junctions[node as usize]
    }
}

impl Copies {
    fn of(&self, edge: u32, zone: ZoneId) -> (GraphNode, GraphNode) {
        if let Some((_, entering, leaving)) = self.shut.iter().find(|(other, ..)| *other == edge) {
            // Those of a public edge are the same.
            return (*entering, if zone.is_public() { *entering } else { *leaving });
        }
        if !zone.is_public() {
            let found = self.zones.iter().find(|copies| copies.zone == zone);
            return found.map_or((0, 0), |copies| (copies.entering, copies.leaving));
        }
        let end = self.ends.iter().find(|(other, _)| *other == edge).map(|(_, node)| *node);
        let node = end.or(self.public);
        (node.unwrap_or(0), node.unwrap_or(0))
    }
}

/// Times and lengths of a graph's arcs under a pace, each rounded once, in the order of the arcs.
#[derive(Debug)]
pub struct Weights(Vec<Step>);

/// An arc as a search sees it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The node it leads to.
    pub to: GraphNode,
    /// Milliseconds; [`UNREACHED`] where it cannot be passed.
    pub time: u32,
    /// Millimetres.
    pub length: u32,
}

impl Step {
    /// Both at once.
    #[inline]
    pub(crate) const fn walked(&self) -> u64 {
        crate::search::walked(self.time, self.length)
    }
}

impl Weights {
    pub(crate) fn new(city: &City, graph: &Graph, pace: &Pace) -> Self {
        let step = |arc: &Arc| {
            let Some(edge) = city.edges().get(arc.edge as usize) else {
                return Step { to: arc.to, time: 0, length: 0 };
            };
            let ends = [0, 1].map(|end| edge_end_milliseconds(edge, end, pace));
            let time = edge_milliseconds(city, arc.edge, arc.against, edge.length_mm, pace)
                .saturating_add(ends[0].saturating_add(ends[1]));
            Step { to: arc.to, time, length: edge.length_mm }
        };
        Self(graph.arcs.iter().map(step).collect())
    }

    /// The steps at positions of arcs.
    #[inline]
    pub fn steps(&self, positions: std::ops::Range<usize>) -> &[Step] {
        &self.0[positions]
    }
}

/// Time for a part of an edge, walked along or `against` it, without what is passed at its ends.
#[inline]
pub(crate) fn edge_milliseconds(city: &City, edge: u32, against: bool, length_mm: u32, pace: &Pace) -> u32 {
    let factor = flat_factor(city, edge, against, pace);
    if factor.is_infinite() {
        return UNREACHED;
    }
    crate::walks::rounded(f64::from(length_mm) * factor / pace.speed.value())
}

/// How many times as long as on the flat an edge takes; infinite where it cannot be passed. Steps take the profile's
/// factor, whatever their slope.
#[inline]
fn flat_factor(city: &City, edge: u32, against: bool, pace: &Pace) -> f64 {
    if city.edges()[edge as usize].has(EdgeFlags::STEPS) {
        return pace.stairs_factor;
    }
    let slope = city.slope(EdgeId(edge));
    if slope.steepest() > pace.max_grade { f64::INFINITY } else { slope.time_factor(against) }
}

/// Time for passing an end of an edge: half of what is passed there, the edge beyond has the other half.
#[inline]
pub(crate) fn edge_end_milliseconds(edge: &Edge, end: usize, pace: &Pace) -> u32 {
    passing_milliseconds(edge.end(end), pace)
}

/// The same for what is passed.
#[inline]
pub(crate) fn passing_milliseconds(passed: EdgeEndFlags, pace: &Pace) -> u32 {
    if passed.is_empty() {
        return 0;
    }
    if passed.intersects(pace.impassable) {
        return UNREACHED;
    }
    let crossing = if passed.contains(EdgeEndFlags::SIGNALS) {
        pace.signal.0
    } else if passed.contains(EdgeEndFlags::CROSSING) {
        pace.unsignalised.0
    } else {
        0
    };
    let bridge = if passed.contains(EdgeEndFlags::UP_TO_BRIDGE) { pace.footbridge_extra.0 } else { 0 };
    let gate = if passed.contains(EdgeEndFlags::GATE) { pace.gate.0 } else { 0 };
    let lift = if passed.contains(EdgeEndFlags::LIFT) { pace.lift.0 } else { 0 };
    crossing / 2 + bridge / 2 + gate / 2 + lift / 2
}

// Petgraph's view of the graph: any of its algorithms runs on it.

/// An arc as petgraph sees it.
#[derive(Debug, Clone, Copy)]
pub struct ArcReference<'a> {
    graph: &'a Graph,
    from: GraphNode,
    position: usize,
}

impl GraphBase for Graph {
    type NodeId = GraphNode;
    type EdgeId = usize;
}

impl Data for Graph {
    type NodeWeight = ();
    type EdgeWeight = Arc;
}

impl<'a> EdgeRef for ArcReference<'a> {
    type NodeId = GraphNode;
    type EdgeId = usize;
    type Weight = Arc;

    fn source(&self) -> GraphNode {
        self.from
    }

    fn target(&self) -> GraphNode {
        self.graph.arcs[self.position].to
    }

    fn weight(&self) -> &'a Arc {
        &self.graph.arcs[self.position]
    }

    fn id(&self) -> usize {
        self.position
    }
}

impl<'a> IntoNeighbors for &'a Graph {
    type Neighbors = std::iter::Map<std::slice::Iter<'a, Arc>, fn(&Arc) -> GraphNode>;

    fn neighbors(self, node: GraphNode) -> Self::Neighbors {
        self.arcs[self.row(node)].iter().map(|arc| arc.to)
    }
}

impl<'a> IntoEdgeReferences for &'a Graph {
    type EdgeRef = ArcReference<'a>;
    type EdgeReferences = Box<dyn Iterator<Item = ArcReference<'a>> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new((0..self.len() as u32).flat_map(move |node| self.edges(node)))
    }
}

impl<'a> IntoEdges for &'a Graph {
    type Edges = Box<dyn Iterator<Item = ArcReference<'a>> + 'a>;

    fn edges(self, node: GraphNode) -> Self::Edges {
        Box::new(self.row(node).map(move |position| ArcReference { graph: self, from: node, position }))
    }
}

impl IntoNodeIdentifiers for &Graph {
    type NodeIdentifiers = std::ops::Range<GraphNode>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.len() as u32
    }
}

impl NodeCount for Graph {
    fn node_count(&self) -> usize {
        self.len()
    }
}

impl NodeIndexable for Graph {
    fn node_bound(&self) -> usize {
        self.len()
    }

    fn to_index(&self, node: GraphNode) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> GraphNode {
        index as GraphNode
    }
}

/// Which nodes petgraph has visited.
#[derive(Debug, Clone, Default)]
pub struct Visited(Vec<bool>);

impl VisitMap<GraphNode> for Visited {
    fn visit(&mut self, node: GraphNode) -> bool {
        !std::mem::replace(&mut self.0[node as usize], true)
    }

    fn is_visited(&self, node: &GraphNode) -> bool {
        self.0[*node as usize]
    }

    fn unvisit(&mut self, node: GraphNode) -> bool {
        std::mem::replace(&mut self.0[node as usize], false)
    }
}

impl Visitable for Graph {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.len()])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.len(), false);
    }
}
