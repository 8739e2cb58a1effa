//! Junctions and edges before they are written.

use circle_model::city::{EdgeFlags, NodeFlags, Span, ZonedEdge, ZonedNode};
use circle_model::units::Millimetres;
use circle_model::{ComponentId, FeatureId, NodeId, Point};

/// A junction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftNode {
    pub(crate) point: Point,
    /// 0 for a crossing of an outline without a node.
    pub(crate) osm_id: i64,
    pub(crate) flags: NodeFlags,
    pub(crate) component: ComponentId,
}

/// A stretch of way between two junctions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftEdge {
    pub(crate) from: NodeId,
    pub(crate) to: NodeId,
    pub(crate) length: Millimetres,
    /// The feature of the base map that it is part of.
    pub(crate) way: FeatureId,
    pub(crate) flags: EdgeFlags,
    /// In the points of the base map and the plaza points after them
    /// ([`Network::line`](super::graph::Network::line)).
    pub(crate) line: Span,
}

impl DraftEdge {
    /// Whether any of these flags is set.
    pub(crate) const fn has(&self, flags: EdgeFlags) -> bool {
        self.flags.intersects(flags)
    }

    pub(crate) fn metres(&self) -> f64 {
        f64::from(self.length.0) / 1000.0
    }
}

impl ZonedNode for DraftNode {
    fn flags(&self) -> NodeFlags {
        self.flags
    }

    fn component(&self) -> ComponentId {
        self.component
    }
}

impl ZonedEdge for DraftEdge {
    fn nodes(&self) -> [NodeId; 2] {
        [self.from, self.to]
    }

    fn flags(&self) -> EdgeFlags {
        self.flags
    }

    fn length(&self) -> Millimetres {
        self.length
    }
}
