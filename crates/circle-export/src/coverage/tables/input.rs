//! The input of all tables.

use crate::coverage::CoverageReport;
use circle_model::Profile;
use circle_plan::{Level, RollUp, Supply, Walkers};

/// The input of all tables.
#[derive(Debug, Clone)]
pub struct CoverageTables<'a> {
    /// The verdicts.
    pub report: CoverageReport<'a>,
    /// The coverage by the profiles of the elderly and of children.
    pub walkers: Walkers<'a>,
    /// The roll-ups of the levels that the city has units of, and of the city itself.
    pub levels: Vec<RollUp>,
    /// Supply; empty without known capacities.
    pub supply: &'a Supply,
    /// The profiles of the elderly and of children.
    pub other_profiles: &'a [&'a Profile],
    /// The level of units for which a workbook has a ledger each; one ledger for all if `None`.
    pub ledger_by: Option<Level>,
}
