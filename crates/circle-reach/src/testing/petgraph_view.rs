//! petgraph's view of the graph: all algorithms of petgraph run on it.

use crate::ground::graph::{Graph, GraphArc};
use crate::ground::numbering::NodeIndex;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNodeIdentifiers, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};

/// An arc as petgraph sees it.
#[derive(Debug, Clone, Copy)]
pub struct ArcReference<'a> {
    graph: &'a Graph,
    from: NodeIndex,
    position: usize,
}

impl GraphBase for Graph {
    type NodeId = NodeIndex;
    type EdgeId = usize;
}

impl Data for Graph {
    type NodeWeight = ();
    type EdgeWeight = GraphArc;
}

impl<'a> EdgeRef for ArcReference<'a> {
    type NodeId = NodeIndex;
    type EdgeId = usize;
    type Weight = GraphArc;

    fn source(&self) -> NodeIndex {
        self.from
    }

    fn target(&self) -> NodeIndex {
        self.graph.arc(self.position).to
    }

    fn weight(&self) -> &'a GraphArc {
        &self.graph.arcs()[self.position]
    }

    fn id(&self) -> usize {
        self.position
    }
}

impl<'a> IntoNeighbors for &'a Graph {
    type Neighbors = std::iter::Map<std::slice::Iter<'a, GraphArc>, fn(&GraphArc) -> NodeIndex>;

    fn neighbors(self, node: NodeIndex) -> Self::Neighbors {
        self.arcs()[self.row(node)].iter().map(|arc| arc.to)
    }
}

impl<'a> IntoEdgeReferences for &'a Graph {
    type EdgeRef = ArcReference<'a>;
    type EdgeReferences = Box<dyn Iterator<Item = ArcReference<'a>> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.nodes().flat_map(move |node| self.edges(node)))
    }
}

impl<'a> IntoEdges for &'a Graph {
    type Edges = Box<dyn Iterator<Item = ArcReference<'a>> + 'a>;

    fn edges(self, node: NodeIndex) -> Self::Edges {
        Box::new(self.row(node).map(move |position| ArcReference { graph: self, from: node, position }))
    }
}

impl IntoNodeIdentifiers for &Graph {
    type NodeIdentifiers = std::iter::Map<std::ops::Range<u32>, fn(u32) -> NodeIndex>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.len() as u32).map(NodeIndex)
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

    fn to_index(&self, node: NodeIndex) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> NodeIndex {
        NodeIndex(index as u32)
    }
}

/// The nodes that petgraph has visited.
#[derive(Debug, Clone, Default)]
pub struct Visited(Vec<bool>);

impl VisitMap<NodeIndex> for Visited {
    fn visit(&mut self, node: NodeIndex) -> bool {
        !std::mem::replace(&mut self.0[node.index()], true)
    }

    fn is_visited(&self, node: &NodeIndex) -> bool {
        self.0[node.index()]
    }

    fn unvisit(&mut self, node: NodeIndex) -> bool {
        std::mem::replace(&mut self.0[node.index()], false)
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
