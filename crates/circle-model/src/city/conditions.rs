//! The conditions of a city, in addition to its facts.

use crate::hours::WeekTime;
use crate::legs::LegLimits;
use xxhash_rust::xxh3::Xxh3;

/// The conditions of a city, in addition to its facts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Conditions {
    /// The requested time; `None` if opening hours are ignored.
    pub at_time: Option<WeekTime>,
    /// Limits of access legs.
    pub legs: LegLimits,
}

/// The things that are shut by opening hours, by row; rows beyond the end of a list are open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shut {
    /// Junctions that nobody can pass.
    pub nodes: Vec<bool>,
    /// Gates that nobody can pass.
    pub gates: Vec<bool>,
    /// Facilities that are closed.
    pub facilities: Vec<bool>,
}

impl Shut {
    /// Adds the lists to a hash.
    pub(super) fn hash_into(&self, hasher: &mut Xxh3) {
        for rows in [&self.nodes, &self.gates, &self.facilities] {
            hasher.update(&(rows.len() as u64).to_le_bytes());
            rows.iter().for_each(|shut| hasher.update(&[u8::from(*shut)]));
        }
    }
}
