//! The answer of `/api/verdicts`.

use super::statement::Statement;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The verdicts of a rule set by line. Lists by compound are in the order of `compound_ids`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verdicts {
    /// The edition of this answer.
    pub(crate) edition: String,
    /// Number of compounds.
    pub(crate) compounds: u32,
    /// Keys of the compounds.
    pub(crate) compound_ids: Vec<String>,
    /// The bands.
    pub(crate) minutes: Vec<u32>,
    /// Whether the map was taken as complete 按地图所示.
    pub(crate) as_mapped: bool,
    /// The least completeness for a gap.
    pub(crate) least_completeness: f64,
    /// The areas that completeness is computed for, the whole city first.
    pub(crate) areas: Vec<VerdictArea>,
    /// Position in `areas`, by compound.
    pub(crate) area_of: Vec<u32>,
    /// Whether all gates are inferred, by compound.
    pub(crate) gates_guessed: Vec<bool>,
    /// By category, in the whole city.
    pub(crate) categories: BTreeMap<String, Completeness>,
    /// Lines that an own file would decide, the most residents first.
    pub(crate) bring: Vec<ListToBring>,
    pub(crate) lines: Vec<VerdictLine>,
    /// Names of the nearest facilities, by key.
    pub(crate) facilities: BTreeMap<String, Option<String>>,
    pub(crate) statement: Statement,
}

/// An area that completeness is computed for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictArea {
    /// `null` for the whole city.
    pub(crate) unit_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) residents: Option<f64>,
}

/// How complete the data on a category is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Completeness {
    /// Known ÷ expected, at most 1; `null` if the expected number is unknown.
    pub(crate) completeness: Option<f64>,
    pub(crate) known: u32,
    pub(crate) expected: Option<f64>,
}

/// A line whose verdicts an own file would decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListToBring {
    pub(crate) category: String,
    /// The categories that the file should list.
    pub(crate) categories: Vec<String>,
    pub(crate) compounds: u32,
    pub(crate) residents: u64,
}

/// One line of the rule set. Every list except `completeness` is by compound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictLine {
    /// Its position in the rule set.
    pub(crate) line: u32,
    pub(crate) category: String,
    /// Whether the whole city's data is complete enough for a gap.
    pub(crate) has_source: bool,
    /// By area.
    pub(crate) completeness: Vec<Completeness>,
    /// A letter for each compound: `c` covered, `g` gap, `u` unknown.
    pub(crate) verdicts: String,
    /// Why a verdict is a gap or unknown; else empty.
    pub(crate) reasons: Vec<String>,
    pub(crate) nearest_facility_ids: Vec<Option<String>>,
    pub(crate) walk_seconds: Vec<Option<f64>>,
    pub(crate) walk_metres: Vec<Option<f64>>,
    /// From the worst of the candidate gates.
    pub(crate) seconds_worst: Vec<Option<f64>>,
    /// Facilities that are named beside the line and do not meet it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) beside: Option<BesideTheLine>,
    /// Number of facilities within the longest band.
    pub(crate) counts: Vec<u32>,
}

/// The nearest facility that is named beside a line, by compound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BesideTheLine {
    pub(crate) names: Vec<Option<String>>,
    pub(crate) walk_seconds: Vec<Option<f64>>,
}
