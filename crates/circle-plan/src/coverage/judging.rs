//! The parameters of coverage.

use crate::evidence::Evidence;
use circle_model::{Catalogue, Profile, RuleSet};

/// The parameters of coverage.
#[derive(Debug, Clone, Copy)]
pub struct Judging<'a> {
    /// The catalogue of the city's facilities.
    pub catalogue: &'a Catalogue,
    /// The walking profile.
    pub profile: &'a Profile,
    /// The rule set.
    pub rules: &'a RuleSet,
    /// The bands in which facilities are counted, in minutes, ascending.
    pub minutes: &'a [u32],
    /// The evidence that a gap needs.
    pub evidence: Evidence,
}
