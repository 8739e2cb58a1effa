//! Numbers of graph nodes: the copies that a junction gets, by the zones that touch it.

use circle_model::city::{Edge, Node, NodeFlags};
use circle_model::{EdgeId, NodeId, ZoneId};

/// A node of the graph: one of the copies of a junction. It is not a row of the city and therefore has its
/// own type; edges, junctions and zones are rows, with the ids of circle-model ([`EdgeId`], [`NodeId`],
/// [`ZoneId`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct NodeIndex(pub u32);

impl NodeIndex {
    /// The node as an index.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The copies of one junction.
#[derive(Default)]
pub(super) struct Copies {
    pub(super) public: Option<NodeIndex>,
    pub(super) zones: Vec<ZoneCopies>,
    /// At a restricted gate every public edge has an end of its own.
    pub(super) ends: Vec<(EdgeId, NodeIndex)>,
    /// At a shut gate every edge has ends of its own, to enter and to leave its zone.
    shut: Vec<(EdgeId, NodeIndex, NodeIndex)>,
}

/// The copies of a junction for one zone.
pub(super) struct ZoneCopies {
    pub(super) zone: ZoneId,
    /// For walks that end in the zone.
    pub(super) entering: NodeIndex,
    /// For walks that start in the zone.
    pub(super) leaving: NodeIndex,
}

impl Copies {
    /// Numbers the copies of a junction by appending it to `junctions`, once for each copy. No walk passes a
    /// junction that `is_shut`; `incident` are the edges that meet there.
    pub(super) fn number(
        junctions: &mut Vec<NodeId>,
        junction: NodeId,
        (node, is_shut): (&Node, bool),
        incident: &[EdgeId],
        edges: &[Edge],
    ) -> Self {
        let mut copies = Self::default();
        let mut make = || {
            junctions.push(junction);
            NodeIndex(junctions.len() as u32 - 1)
        };
        if is_shut {
            copies.shut = incident.iter().map(|edge| (*edge, make(), make())).collect();
            return copies;
        }
        let zone = |edge: EdgeId| edges[edge.index()].zone;
        let public: Vec<EdgeId> = incident.iter().copied().filter(|edge| zone(*edge).is_public()).collect();
        let mut zones: Vec<ZoneId> =
            incident.iter().map(|edge| zone(*edge)).filter(|zone| !zone.is_public()).collect();
        zones.sort_unstable();
        zones.dedup();
        if node.flags.contains(NodeFlags::RESTRICTED) {
            copies.ends = public.iter().map(|edge| (*edge, make())).collect();
            // A walk from one zone into another passes the gate.
            copies.public = (zones.len() > 1).then(&mut make);
        } else if !public.is_empty() || zones.len() > 1 {
            copies.public = Some(make());
        }
        copies.zones =
            zones.into_iter().map(|zone| ZoneCopies { zone, entering: make(), leaving: make() }).collect();
        copies
    }

    /// The copies that an edge of a zone ends at: for walks that end in the zone, and for walks that start in
    /// it.
    pub(super) fn of(&self, edge: EdgeId, zone: ZoneId) -> (NodeIndex, NodeIndex) {
        if let Some((_, entering, leaving)) = self.shut.iter().find(|(other, ..)| *other == edge) {
            // A public edge has one node for both.
            return (*entering, if zone.is_public() { *entering } else { *leaving });
        }
        if !zone.is_public() {
            let found = self.zones.iter().find(|copies| copies.zone == zone);
            return found.map_or_else(Default::default, |copies| (copies.entering, copies.leaving));
        }
        let end = self.ends.iter().find(|(other, _)| *other == edge).map(|(_, node)| *node);
        let node = end.or(self.public).unwrap_or_default();
        (node, node)
    }
}
