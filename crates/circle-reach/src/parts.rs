//! The parts of the network that a compound or facility hangs on, and whether walks lead there at all.

use crate::access::Legs;
use crate::entrances::{arrivals, departures};
use crate::graph::{Graph, GraphNode};
use crate::network::Network;
use circle_model::city::Edge;
use circle_model::{ComponentId, CompoundId, FacilityId, GateId};
use petgraph::unionfind::UnionFind;

impl Network {
    /// The parts of the network that a compound's gates lead to, ascending; none where no way leads to it.
    pub fn compound_parts(&self, compound: CompoundId) -> Vec<ComponentId> {
        let gates = self.city().compounds()[compound.index()].gates.range();
        self.parts(gates.map(|gate| self.gate_legs(gate)))
    }

    /// The same of a facility's access points. Those closed at the time asked for lead nowhere.
    pub fn facility_parts(&self, facility: FacilityId) -> Vec<ComponentId> {
        let access = self.city().facilities()[facility.index()].access.range();
        self.parts(self.entrances().legs[access].iter())
    }

    fn parts<'a>(&self, legs: impl Iterator<Item = &'a Legs>) -> Vec<ComponentId> {
        let edges = legs.flat_map(|legs| &legs.legs).map(|leg| leg.edge);
        let mut parts: Vec<ComponentId> = edges.map(|edge| self.component(edge)).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    fn shared_nodes(&self) -> Vec<GraphNode> {
        let edges = self.city().edges();
        let mut together = UnionFind::<u32>::new(self.city().nodes().len());
        let is_public = |edge: &Edge| edge.zone.is_public();
        for edge in edges.iter().filter(|edge| is_public(edge)) {
            together.union(edge.from.0, edge.to.0);
        }
        let labels = together.into_labeling();
        let mut metres = vec![0u64; labels.len()];
        for edge in edges.iter().filter(|edge| is_public(edge)) {
            metres[labels[edge.from.index()] as usize] += u64::from(edge.length_mm);
        }
        let Some(largest) = (0..metres.len()).max_by_key(|label| metres[*label]) else { return Vec::new() };
        let of_largest = (0u32..)
            .zip(edges)
            .filter(|(_, edge)| is_public(edge) && labels[edge.from.index()] as usize == largest);
        of_largest.flat_map(|(number, _)| self.graph().entering(number)).collect()
    }

    /// Whether somebody on the shared streets can walk to a facility.
    pub fn is_walked_to(&self, facility: FacilityId, shared: &SharedStreets) -> bool {
        let access = self.city().facilities()[facility.index()].access.range();
        let mut legs = self.entrances().legs[access].iter().flat_map(|legs| &legs.legs);
        legs.any(|leg| arrivals(self, leg).into_iter().flatten().any(|node| shared.from[node as usize]))
    }

    /// Whether the residents of a compound can walk to the shared streets.
    pub fn is_left(&self, compound: CompoundId, shared: &SharedStreets) -> bool {
        self.open_gates(compound).any(|gate| self.leads_out(self.gate_legs(gate), shared))
    }

    /// The gates of a compound that lead to the shared streets; all that are open where none does.
    pub fn gates_out(&self, compound: CompoundId) -> Vec<GateId> {
        let shared = self.shared_streets();
        let open: Vec<usize> = self.open_gates(compound).collect();
        let out = |gate: &&usize| self.leads_out(self.gate_legs(**gate), shared);
        let out: Vec<usize> = open.iter().filter(out).copied().collect();
        let gates = if out.is_empty() { open } else { out };
        gates.into_iter().map(|gate| GateId(gate as u32)).collect()
    }

    pub(crate) fn leads_out(&self, legs: &Legs, shared: &SharedStreets) -> bool {
        let mut nodes = legs.legs.iter().flat_map(|leg| departures(self, leg)).flatten();
        nodes.any(|node| shared.to[node as usize])
    }
}

/// Which nodes of the graph walks from the shared streets come to, and from which they lead there.
#[derive(Debug)]
pub struct SharedStreets {
    from: Vec<bool>,
    to: Vec<bool>,
}

impl SharedStreets {
    pub(crate) fn of(network: &Network) -> Self {
        let shared = network.shared_nodes();
        Self { from: visited(network.graph(), &shared), to: visited(network.reversed(), &shared) }
    }
}

/// The nodes that walks from any of `starts` come to.
fn visited(graph: &Graph, starts: &[GraphNode]) -> Vec<bool> {
    let mut seen = vec![false; graph.len()];
    let mut open: Vec<GraphNode> = Vec::new();
    let mut see = |node: GraphNode, open: &mut Vec<GraphNode>| {
        if !std::mem::replace(&mut seen[node as usize], true) {
            open.push(node);
        }
    };
    starts.iter().for_each(|node| see(*node, &mut open));
    while let Some(node) = open.pop() {
        for at in graph.row(node) {
            see(graph.arc(at).to, &mut open);
        }
    }
    seen
}
