//! The answer of `/api/coverage` about units.

use super::geojson::{CollectionType, FeatureType, PlaceGeometry};
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Verdicts summed over units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitsCoverage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<UnitCoverage>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// The sums of a unit; without a geometry for the whole city and for what is outside of all units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitCoverage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    pub(crate) geometry: Option<PlaceGeometry>,
    pub(crate) properties: UnitCoverageProperties,
    /// Its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) id: Option<String>,
}

/// The unit, and its lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitCoverageProperties {
    /// Id of the level.
    pub(crate) level: String,
    /// The level in Chinese.
    pub(crate) level_zh: String,
    /// Key of the unit.
    pub(crate) unit_id: Option<String>,
    pub(crate) unit_name: Option<String>,
    pub(crate) unit_code: Option<String>,
    /// Name of the unit above.
    pub(crate) parent_name: Option<String>,
    /// Whether a part of it is outside of the data.
    pub(crate) partial: bool,
    /// `as_mapped`, where the map was taken as complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) basis: Option<String>,
    /// By line.
    pub(crate) coverage: BTreeMap<String, UnitLine>,
}

/// The sums of one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnitLine {
    /// Id of the category or name of the line.
    pub(crate) category: String,
    /// Title of the line.
    pub(crate) line: String,
    /// Whether the whole city's data is complete enough for a gap.
    pub(crate) has_source: bool,
    /// Known ÷ expected facilities in the area of the unit; `null` for several lines together.
    pub(crate) completeness: Option<f64>,
    /// Compounds: covered.
    pub(crate) compounds_covered: u64,
    /// Compounds: gap.
    pub(crate) compounds_gap: u64,
    /// Compounds: unknown.
    pub(crate) compounds_unknown: u64,
    /// Covered ÷ all.
    pub(crate) compounds_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) compounds_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) compounds_share: Option<f64>,
    /// Households: covered.
    pub(crate) households_covered: Option<u64>,
    /// Households: gap.
    pub(crate) households_gap: Option<u64>,
    /// Households: unknown.
    pub(crate) households_unknown: Option<u64>,
    /// Covered ÷ all.
    pub(crate) households_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) households_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) households_share: Option<f64>,
    /// Compounds whose number is unknown.
    pub(crate) compounds_without_households: u64,
    /// Residents: covered.
    pub(crate) residents_covered: Option<u64>,
    /// Residents: gap.
    pub(crate) residents_gap: Option<u64>,
    /// Residents: unknown.
    pub(crate) residents_unknown: Option<u64>,
    /// Covered ÷ all.
    pub(crate) residents_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) residents_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) residents_share: Option<f64>,
    /// Compounds whose number is unknown.
    pub(crate) compounds_without_residents: u64,
    /// Compounds, walked as the elderly: covered.
    pub(crate) elderly_compounds_covered: u64,
    /// Compounds, walked as the elderly: gap.
    pub(crate) elderly_compounds_gap: u64,
    /// Compounds, walked as the elderly: unknown.
    pub(crate) elderly_compounds_unknown: u64,
    /// Covered ÷ all.
    pub(crate) elderly_compounds_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) elderly_compounds_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) elderly_compounds_share: Option<f64>,
    /// The elderly: covered.
    pub(crate) elderly_covered: Option<u64>,
    /// The elderly: gap.
    pub(crate) elderly_gap: Option<u64>,
    /// The elderly: unknown.
    pub(crate) elderly_unknown: Option<u64>,
    /// Covered ÷ all.
    pub(crate) elderly_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) elderly_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) elderly_share: Option<f64>,
    /// Compounds whose number is unknown.
    pub(crate) compounds_without_elderly: u64,
    /// Compounds, walked as with children: covered.
    pub(crate) children_compounds_covered: u64,
    /// Compounds, walked as with children: gap.
    pub(crate) children_compounds_gap: u64,
    /// Compounds, walked as with children: unknown.
    pub(crate) children_compounds_unknown: u64,
    /// Covered ÷ all.
    pub(crate) children_compounds_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) children_compounds_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) children_compounds_share: Option<f64>,
    /// Children: covered.
    pub(crate) children_covered: Option<u64>,
    /// Children: gap.
    pub(crate) children_gap: Option<u64>,
    /// Children: unknown.
    pub(crate) children_unknown: Option<u64>,
    /// Covered ÷ all.
    pub(crate) children_share_proven: Option<f64>,
    /// Covered and unknown ÷ all.
    pub(crate) children_share_possible: Option<f64>,
    /// The share if less than 5 % are unknown.
    pub(crate) children_share: Option<f64>,
    /// Compounds whose number is unknown.
    pub(crate) compounds_without_children: u64,
    /// Residents whose number is estimated.
    pub(crate) residents_estimated: u64,
    /// The least of the residents with a gap.
    pub(crate) residents_gap_low: u64,
    /// The most.
    pub(crate) residents_gap_high: u64,
    /// Compounds by straight-line distance: covered.
    pub(crate) straight_covered: Option<u64>,
    /// The same: gap.
    pub(crate) straight_gap: Option<u64>,
    /// The same: unknown.
    pub(crate) straight_unknown: Option<u64>,
    /// Compounds with a walk.
    pub(crate) compounds_walked: Option<u64>,
    /// Median of the walks to the nearest facility.
    pub(crate) median_seconds: Option<f64>,
    /// Ninth decile of the walks.
    pub(crate) p90_seconds: Option<f64>,
    /// Gini coefficient of the walks.
    pub(crate) gini: Option<f64>,
}
