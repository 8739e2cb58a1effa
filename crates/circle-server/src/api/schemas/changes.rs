//! The answers of `/api/before` and `/api/changes`.

use super::coverage::Verdict;
use super::geojson::Position;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The earlier city that the served one is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EarlierCity {
    /// The edition of the served city.
    pub(crate) edition: String,
    pub(crate) before: EarlierSummary,
}

/// The earlier city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EarlierSummary {
    pub(crate) edition: String,
    /// Date of its newest map data, RFC 3339.
    pub(crate) data_date: Option<String>,
    /// Its name and label; may be empty.
    pub(crate) title: String,
}

/// What changed on a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineChanges {
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) before: EarlierEdition,
    /// Id of a category or name of the line.
    pub(crate) line: String,
    pub(crate) counts: ChangeCounts,
    pub(crate) residents: ChangedResidents,
    /// The compounds whose verdict or walking time differs.
    pub(crate) compounds: Vec<ChangedCompound>,
}

/// The edition of the earlier city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EarlierEdition {
    pub(crate) edition: String,
    /// Date of its newest map data, RFC 3339.
    pub(crate) data_date: Option<String>,
}

/// Numbers of compounds, by the change of their verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeCounts {
    /// From gap to covered 新达标.
    pub(crate) gained: u32,
    /// From covered to gap 新缺口.
    pub(crate) lost: u32,
    /// The same verdict.
    pub(crate) unchanged: u32,
    /// Compounds that the earlier city does not have.
    pub(crate) new: u32,
    /// Compounds that the served city does not have.
    pub(crate) gone: u32,
    /// Unknown before or after.
    pub(crate) unknown: u32,
}

/// Residents of the compounds that gained and lost, as far as they are known: lower and upper estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedResidents {
    pub(crate) gained: (u64, u64),
    pub(crate) lost: (u64, u64),
}

/// A compound before and after. Keys with `before` are those of the earlier city, for `/api/explain` with `at_before`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedCompound {
    /// Its key; of one that is gone, that in the earlier city.
    pub(crate) id: String,
    pub(crate) name: String,
    /// `null` if the earlier city does not have the compound.
    pub(crate) verdict_before: Option<Verdict>,
    /// `null` if the served city does not have it.
    pub(crate) verdict_after: Option<Verdict>,
    /// The walk to the nearest facility.
    pub(crate) seconds_before: Option<f64>,
    pub(crate) seconds_after: Option<f64>,
    /// Key of the nearest facility.
    pub(crate) facility_before: Option<String>,
    pub(crate) facility_after: Option<String>,
    /// Key of the gate where the walk begins.
    pub(crate) gate_before: Option<String>,
    pub(crate) gate_after: Option<String>,
    /// Why it changed, as in the table of `circle compare`.
    pub(crate) cause: String,
    pub(crate) at: Position,
    pub(crate) facility_name_before: Option<String>,
    pub(crate) facility_name_after: Option<String>,
}
