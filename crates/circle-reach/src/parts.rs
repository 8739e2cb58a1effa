//! The parts of the network that a compound or facility hangs on, and whether walks lead there at all.

use crate::access::Legs;
use crate::entrances::{arrivals, departures};
use crate::graph::{Graph, GraphNode};
use crate::network::Network;
use circle_model::city::Edge;
use circle_model::{CompoundId, FacilityId};
use petgraph::unionfind::UnionFind;

impl Network {
    /// The parts of the network that a compound's gates lead to, ascending, as in
    /// [`component_metres`](circle_model::City::component_metres); none where no way leads to it.
    pub fn compound_parts(&self, compound: CompoundId) -> Vec<u32> {
        let gates = self.city().compounds()[compound.index()].gates.range();
        self.parts(gates.map(|gate| self.gate_legs(gate)))
    }

    /// The same of a facility's access points. Those closed at the time asked for lead nowhere.
    pub fn facility_parts(&self, facility: FacilityId) -> Vec<u32> {
        let access = self.city().facilities()[facility.index()].access.range();
        self.parts(self.entrances().legs[access].iter())
    }

    fn parts<'a>(&self, legs: impl Iterator<Item = &'a Legs>) -> Vec<u32> {
        let edges = legs.flat_map(|legs| &legs.legs).map(|leg| leg.edge);
        let mut parts: Vec<u32> = edges.map(|edge| self.component(edge)).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Where walks lead from and to the streets that most of the city shares: the public ways that hang together
    /// with most metres of each other.
    pub fn shared_streets(&self) -> SharedStreets {
        let shared = self.shared_nodes();
        SharedStreets { from: visited(self.graph(), &shared), to: visited(self.reversed(), &shared) }
    }

    fn shared_nodes(&self) -> Vec<GraphNode> {
        let edges = self.city().edges();
        let mut together = UnionFind::<u32>::new(self.city().nodes().len());
        let is_public = |edge: &Edge| edge.zone == 0;
        for edge in edges.iter().filter(|edge| is_public(edge)) {
            together.union(edge.from, edge.to);
        }
        let labels = together.into_labeling();
        let mut metres = vec![0u64; labels.len()];
        for edge in edges.iter().filter(|edge| is_public(edge)) {
            metres[labels[edge.from as usize] as usize] += u64::from(edge.length_mm);
        }
        let Some(largest) = (0..metres.len()).max_by_key(|label| metres[*label]) else { return Vec::new() };
        let of_largest = (0u32..)
            .zip(edges)
            .filter(|(_, edge)| is_public(edge) && labels[edge.from as usize] as usize == largest);
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
        let mut legs = self.open_gates(compound).flat_map(|gate| &self.gate_legs(gate).legs);
        legs.any(|leg| departures(self, leg).into_iter().flatten().any(|node| shared.to[node as usize]))
    }
}

/// Which nodes of the graph walks from the shared streets come to, and from which they lead there.
#[derive(Debug)]
pub struct SharedStreets {
    from: Vec<bool>,
    to: Vec<bool>,
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
