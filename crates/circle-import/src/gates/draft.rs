//! A gate before it is written.

use circle_model::city::GateProvenance;
use circle_model::{CompoundId, Point};

/// A gate of a compound.
#[derive(Debug)]
pub(crate) struct DraftGate {
    pub(crate) compound: CompoundId,
    pub(crate) point: Point,
    pub(crate) provenance: GateProvenance,
    /// Its key, unless it is that of its node.
    pub(crate) key: Option<String>,
    pub(crate) name: Option<Box<str>>,
    /// OSM id of its node; 0 without one.
    pub(crate) node: i64,
    pub(crate) locked: bool,
    /// Number of its own file, from 1; 0 for the map.
    pub(crate) source: u32,
    /// Its row there.
    pub(crate) row: u32,
    /// Opening hours in its own file.
    pub(crate) hours: Option<Box<str>>,
}
