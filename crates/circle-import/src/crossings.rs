//! What is passed at the ends of every edge: crossings with and without signals, footbridges, kerbs, gates, lifts
//! (`walking.md`, "Length and time": delays by class of the road crossed, once for each junction).
//!
//! Half of a road is crossed on the edge before it and half on the edge behind it. So who crosses waits once in all,
//! who turns into the road waits half, who walks along it does not wait; and no turns need to be searched.

use circle_model::city::{CityTables, Edge, EdgeEndFlags, EdgeFlags, NodeFlags};
use petgraph::unionfind::UnionFind;

/// Crossings that an edge of at most this length joins are of one junction.
const JUNCTION_METRES: u32 = 40;
/// Signals on a road stand at most this far from the junction they are for.
const SIGNALS_METRES: u32 = 30;

/// Marks the ends of all edges.
pub(crate) fn mark(tables: &mut CityTables) {
    let edges_at = EdgesAt::new(tables);
    let nodes: Vec<u32> =
        (0..tables.nodes.len() as u32).filter(|node| edges_at.matters(tables, *node)).collect();
    let signals = signals(tables, &edges_at, &nodes);
    let mut marks: Vec<(u32, usize, EdgeEndFlags)> = Vec::new();
    let mut crossings = vec![false; tables.nodes.len()];
    for node in &nodes {
        let flags = tables.nodes[*node as usize].flags;
        let ends = edges_at.of(*node);
        let edge = |number: &u32| &tables.edges[*number as usize];
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
    let mut junctions = UnionFind::<u32>::new(tables.nodes.len());
    for edge in &tables.edges {
        if edge.length_mm <= JUNCTION_METRES * 1000
            && crossings[edge.from.index()]
            && crossings[edge.to.index()]
        {
            junctions.union(edge.from.0, edge.to.0);
        }
    }
    for (number, node, passed) in marks {
        let edge = &mut tables.edges[number as usize];
        // Between two crossings of one junction nobody waits again.
        let within = edge.from != edge.to
            && crossings[edge.from.index()]
            && crossings[edge.to.index()]
            && junctions.equiv(edge.from.0, edge.to.0);
        let passed = if within { passed - (EdgeEndFlags::SIGNALS | EdgeEndFlags::CROSSING) } else { passed };
        for end in [0, 1] {
            if [edge.from, edge.to][end].index() == node {
                edge.ends[end] |= passed;
            }
        }
    }
}

fn on_ground(edge: &Edge) -> bool {
    !edge.has(EdgeFlags::BRIDGE) && !edge.has(EdgeFlags::TUNNEL)
}

/// Junctions that have signals: their own, or those of a node on a road close by that is no junction itself.
fn signals(tables: &CityTables, edges_at: &EdgesAt, nodes: &[u32]) -> Vec<bool> {
    let own = |node: u32| tables.nodes[node as usize].flags.contains(NodeFlags::SIGNALS);
    let mut signals: Vec<bool> = (0..tables.nodes.len() as u32).map(own).collect();
    for node in nodes.iter().filter(|node| own(**node) && edges_at.of(**node).len() == 2) {
        for number in edges_at.of(*node) {
            let edge = &tables.edges[*number as usize];
            let other = if edge.from.0 == *node { edge.to } else { edge.from };
            if edge.has(EdgeFlags::ROAD)
                && edge.length_mm <= SIGNALS_METRES * 1000
                && edges_at.of(other.0).len() > 2
            {
                signals[other.index()] = true;
            }
        }
    }
    signals
}

/// The edges at every node, in compressed rows. A loop comes once.
struct EdgesAt {
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl EdgesAt {
    fn new(tables: &CityTables) -> Self {
        let ends =
            |edge: &Edge| [Some(edge.from), (edge.to != edge.from).then_some(edge.to)].into_iter().flatten();
        let mut starts = vec![0u32; tables.nodes.len() + 1];
        for node in tables.edges.iter().flat_map(ends) {
            starts[node.index() + 1] += 1;
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut next = starts.clone();
        let mut edges = vec![0; starts.last().map_or(0, |count| *count as usize)];
        for (number, edge) in (0u32..).zip(&tables.edges) {
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

    /// Something may be passed there: a road is crossed, a bridge begins, or the node says so.
    fn matters(&self, tables: &CityTables, node: u32) -> bool {
        let own = NodeFlags::CROSSING
            | NodeFlags::SIGNALS
            | NodeFlags::RAISED_KERB
            | NodeFlags::NARROW
            | NodeFlags::OPENED
            | NodeFlags::LIFT;
        let edges = || self.of(node).iter().map(|number| &tables.edges[*number as usize]);
        tables.nodes[node as usize].flags.intersects(own)
            || edges().any(|edge| edge.has(EdgeFlags::FOOTBRIDGE))
            || (edges().any(|edge| edge.has(EdgeFlags::MAJOR))
                && edges().any(|edge| !edge.has(EdgeFlags::MAJOR)))
    }
}
