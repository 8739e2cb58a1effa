//! Crossings and barriers at the ends of every edge: crossings with and without signals, footbridges, kerbs,
//! gates, lifts (`walking.md`, "Length and time": delays by class of the road crossed, once for each
//! junction).
//!
//! Half of a road is crossed on the edge before it and half on the edge after it. A walk across therefore
//! waits once, a turn into the road waits half, a walk along it does not wait, and the search needs no turns.

use super::draft::DraftEdge;
use super::graph::Network;
use circle_model::city::{EdgeEndFlags, EdgeFlags, NodeFlags};
use petgraph::unionfind::UnionFind;

/// Crossings connected by an edge of at most this length belong to one junction.
const JUNCTION_METRES: u32 = 40;
/// Signals on a road stand at most this far from their junction.
const SIGNALS_METRES: u32 = 30;

/// Crossings and barriers at `from` and `to` of every edge.
pub(crate) fn edge_ends(network: &Network) -> Vec<[EdgeEndFlags; 2]> {
    let edges_at = EdgesAt::new(network);
    let nodes: Vec<u32> =
        (0..network.nodes.len() as u32).filter(|node| edges_at.are_relevant(network, *node)).collect();
    let signals = signals(network, &edges_at, &nodes);
    let mut marks: Vec<(u32, usize, EdgeEndFlags)> = Vec::new();
    let mut crossings = vec![false; network.nodes.len()];
    for node in &nodes {
        let flags = network.nodes[*node as usize].flags;
        let ends = edges_at.of(*node);
        let edge = |number: &u32| &network.edges[*number as usize];
        let has_signals = signals[*node as usize];
        let crossed = if has_signals { EdgeFlags::ROAD } else { EdgeFlags::MAJOR };
        let of_road = |number: &&u32| edge(number).has(crossed) && on_ground(edge(number));
        let what = if has_signals { EdgeEndFlags::SIGNALS } else { EdgeEndFlags::CROSSING };
        let roads = ends.iter().filter(of_road).count();
        let every_way_is_crossed =
            roads == ends.len() && roads > 2 && (has_signals || flags.contains(NodeFlags::CROSSING));
        let obstacles = EdgeEndFlags::RAISED_KERB.when(flags.contains(NodeFlags::RAISED_KERB))
            | EdgeEndFlags::NARROW.when(flags.contains(NodeFlags::NARROW))
            | EdgeEndFlags::GATE.when(flags.contains(NodeFlags::OPENED))
            | EdgeEndFlags::LIFT.when(flags.contains(NodeFlags::LIFT));
        for number in ends {
            let crosses = roads > 1 && (every_way_is_crossed || !of_road(&number)) && on_ground(edge(number));
            if crosses {
                crossings[*node as usize] = true;
            }
            let climbs = !edge(number).has(EdgeFlags::FOOTBRIDGE)
                || ends.iter().all(|other| {
                    edge(other).has(EdgeFlags::FOOTBRIDGE) || !edge(other).has(EdgeFlags::STEPS)
                });
            let passed = what.when(crosses) | EdgeEndFlags::UP_TO_BRIDGE.when(!climbs) | obstacles;
            if !passed.is_empty() {
                marks.push((*number, *node as usize, passed));
            }
        }
    }
    let mut junctions = UnionFind::<u32>::new(network.nodes.len());
    for edge in &network.edges {
        if edge.length.0 <= JUNCTION_METRES * 1000
            && crossings[edge.from.index()]
            && crossings[edge.to.index()]
        {
            junctions.union(edge.from.0, edge.to.0);
        }
    }
    let mut ends_of = vec![[EdgeEndFlags::empty(); 2]; network.edges.len()];
    for (number, node, passed) in marks {
        let edge = &network.edges[number as usize];
        // There is no second wait between two crossings of one junction.
        let within = edge.from != edge.to
            && crossings[edge.from.index()]
            && crossings[edge.to.index()]
            && junctions.equiv(edge.from.0, edge.to.0);
        let passed = if within { passed - (EdgeEndFlags::SIGNALS | EdgeEndFlags::CROSSING) } else { passed };
        for end in [0, 1] {
            if [edge.from, edge.to][end].index() == node {
                ends_of[number as usize][end] |= passed;
            }
        }
    }
    ends_of
}

fn on_ground(edge: &DraftEdge) -> bool {
    !edge.has(EdgeFlags::BRIDGE) && !edge.has(EdgeFlags::TUNNEL)
}

/// Marks junctions with signals: their own, or those of a node close by on a road that is not a junction
/// itself.
fn signals(network: &Network, edges_at: &EdgesAt, nodes: &[u32]) -> Vec<bool> {
    let own = |node: u32| network.nodes[node as usize].flags.contains(NodeFlags::SIGNALS);
    let mut signals: Vec<bool> = (0..network.nodes.len() as u32).map(own).collect();
    for node in nodes.iter().filter(|node| own(**node) && edges_at.of(**node).len() == 2) {
        for number in edges_at.of(*node) {
            let edge = &network.edges[*number as usize];
            let other = if edge.from.0 == *node { edge.to } else { edge.from };
            if edge.has(EdgeFlags::ROAD)
                && edge.length.0 <= SIGNALS_METRES * 1000
                && edges_at.of(other.0).len() > 2
            {
                signals[other.index()] = true;
            }
        }
    }
    signals
}

/// The edges at every node (CSR adjacency). A loop counts once.
struct EdgesAt {
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl EdgesAt {
    fn new(network: &Network) -> Self {
        let ends = |edge: &DraftEdge| {
            [Some(edge.from), (edge.to != edge.from).then_some(edge.to)].into_iter().flatten()
        };
        let mut starts = vec![0u32; network.nodes.len() + 1];
        for node in network.edges.iter().flat_map(ends) {
            starts[node.index() + 1] += 1;
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; starts.last().map_or(0, |count| *count as usize)];
        for (number, edge) in (0u32..).zip(&network.edges) {
            for node in ends(edge) {
                let place = &mut next[node.index()];
                edges[*place as usize] = number;
                *place += 1;
            }
        }
        Self { starts, edges }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.edges[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// Whether a node may be a crossing or barrier: by its own flags, a road that is crossed, or the end of a
    /// bridge.
    fn are_relevant(&self, network: &Network, node: u32) -> bool {
        let own = NodeFlags::CROSSING
            | NodeFlags::SIGNALS
            | NodeFlags::RAISED_KERB
            | NodeFlags::NARROW
            | NodeFlags::OPENED
            | NodeFlags::LIFT;
        let edges = || self.of(node).iter().map(|number| &network.edges[*number as usize]);
        network.nodes[node as usize].flags.intersects(own)
            || edges().any(|edge| edge.has(EdgeFlags::FOOTBRIDGE))
            || (edges().any(|edge| edge.has(EdgeFlags::MAJOR))
                && edges().any(|edge| !edge.has(EdgeFlags::MAJOR)))
    }
}
