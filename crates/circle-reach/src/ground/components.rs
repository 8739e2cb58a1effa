//! Connected components of the network, and its main streets.

use crate::ground::graph::Graph;
use crate::ground::numbering::NodeIndex;
use circle_model::City;
use circle_model::city::Edge;
use petgraph::unionfind::UnionFind;

/// The nodes of the graph that are connected with the main streets. The main streets are the longest
/// connected component of the public ways.
#[derive(Debug)]
pub(crate) struct MainStreets {
    reached_from: Vec<bool>,
    leading_to: Vec<bool>,
}

impl MainStreets {
    /// `reversed` is `graph` with every arc reversed.
    pub(crate) fn find(city: &City, graph: &Graph, reversed: &Graph) -> Self {
        let nodes = nodes_of_main_streets(city, graph);
        Self { reached_from: visited(graph, &nodes), leading_to: visited(reversed, &nodes) }
    }

    /// Whether a walk from the main streets can reach a node.
    pub(crate) fn lead_to(&self, node: NodeIndex) -> bool {
        self.reached_from[node.index()]
    }

    /// Whether a walk from a node can reach the main streets.
    pub(crate) fn are_reached_from(&self, node: NodeIndex) -> bool {
        self.leading_to[node.index()]
    }
}

fn nodes_of_main_streets(city: &City, graph: &Graph) -> Vec<NodeIndex> {
    let edges = city.edges();
    let mut joined = UnionFind::<u32>::new(city.nodes().len());
    let is_public = |edge: &Edge| edge.zone.is_public();
    for edge in edges.iter().filter(|edge| is_public(edge)) {
        joined.union(edge.from.0, edge.to.0);
    }
    let labels = joined.into_labeling();
    let mut metres = vec![0u64; labels.len()];
    for edge in edges.iter().filter(|edge| is_public(edge)) {
        metres[labels[edge.from.index()] as usize] += u64::from(edge.length_mm);
    }
    let Some(largest) = (0..metres.len()).max_by_key(|label| metres[*label]) else { return Vec::new() };
    let of_largest = (0u32..)
        .map(circle_model::EdgeId)
        .zip(edges)
        .filter(|(_, edge)| is_public(edge) && labels[edge.from.index()] as usize == largest);
    of_largest.flat_map(|(id, _)| graph.entering(id)).collect()
}

/// Marks the nodes that walks from any of `starts` can reach.
fn visited(graph: &Graph, starts: &[NodeIndex]) -> Vec<bool> {
    let mut seen = vec![false; graph.len()];
    let mut open: Vec<NodeIndex> = Vec::new();
    let mut see = |node: NodeIndex, open: &mut Vec<NodeIndex>| {
        if !std::mem::replace(&mut seen[node.index()], true) {
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
