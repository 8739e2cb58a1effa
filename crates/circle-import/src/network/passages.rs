//! Gates, crossings, signals and kerbs on the network.

use crate::scan::{Located, Passage, Vertex};
use circle_model::city::NodeFlags;
use std::collections::HashMap;

/// Flags of passages that need a junction.
const NEEDS_JUNCTION: NodeFlags = NodeFlags::RESTRICTED
    .union(NodeFlags::CROSSING)
    .union(NodeFlags::SIGNALS)
    .union(NodeFlags::RAISED_KERB)
    .union(NodeFlags::NARROW)
    .union(NodeFlags::OPENED)
    .union(NodeFlags::LIFT);

/// Passages that need a junction, by vertex. A gate with opening hours needs one as well.
pub(super) fn passages(located: &Located) -> HashMap<Vertex, Passage> {
    let vertex = |id: i64| located.scan.node_ids.binary_search(&id).ok().map(|at| at as Vertex);
    let needs_junction = |passage: &Passage, has_hours: bool| {
        passage.flags.intersects(NEEDS_JUNCTION) || (has_hours && passage.flags.contains(NodeFlags::GATE))
    };
    let passages = located.scan.nodes.iter().filter_map(|node| {
        let passage = node.passage.filter(|passage| needs_junction(passage, node.hours.is_some()))?;
        Some((vertex(node.id)?, passage))
    });
    passages.collect()
}
