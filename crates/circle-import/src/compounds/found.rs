//! The compounds that the first stage finds.

use super::draft::DraftCompound;
use super::mapped::SkippedCompounds;

/// All compounds: those of the map by OSM kind and id, then those of own files alone.
#[derive(Debug)]
pub(crate) struct Compounds {
    pub(crate) list: Vec<DraftCompound>,
    /// Their keys, without repeats. Corrections do not change them: if one of two compounds with a suffix is closed, the
    /// other keeps its suffix.
    pub(crate) keys: Vec<String>,
    pub(crate) skipped: SkippedCompounds,
}
