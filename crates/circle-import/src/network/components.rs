//! Connected components of the network.

use circle_model::{ComponentId, NodeId};
use petgraph::unionfind::UnionFind;

/// The fields of an edge that components depend on.
pub(super) struct Link {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// 0 for lines across pedestrian areas, which do not count as ways.
    pub(super) metres: f64,
}

/// The connected component of every node, and the length of every component in metres. The longest comes
/// first.
pub(super) fn components(
    nodes: usize,
    links: impl Iterator<Item = Link> + Clone,
) -> (Vec<ComponentId>, Vec<u32>) {
    let mut union = UnionFind::<u32>::new(nodes);
    for link in links.clone() {
        union.union(link.from.0, link.to.0);
    }
    let labels = union.into_labeling();
    let mut metres = vec![0f64; nodes];
    for link in links {
        metres[labels[link.from.index()] as usize] += link.metres;
    }
    let mut roots: Vec<u32> =
        (0..labels.len() as u32).filter(|node| labels[*node as usize] == *node).collect();
    roots.sort_by(|a, b| metres[*b as usize].total_cmp(&metres[*a as usize]).then(a.cmp(b)));
    let mut component_of = vec![ComponentId::default(); labels.len()];
    for (root, component) in roots.iter().zip((0u32..).map(ComponentId)) {
        component_of[*root as usize] = component;
    }
    let of_nodes = labels.iter().map(|root| component_of[*root as usize]).collect();
    (of_nodes, roots.iter().map(|root| metres[*root as usize].round() as u32).collect())
}
