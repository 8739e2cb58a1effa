//! The member `statement` of every answer.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What an answer rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// The label of the city, such as 演示数据. Every title names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) label: Option<String>,
    /// The edition of the city. Only answers of one edition can be joined.
    pub(crate) edition: String,
    /// Date of the newest map data, RFC 3339.
    pub(crate) data_date: Option<String>,
    /// The profile and its speed; `null` for an answer without walks.
    pub(crate) profile: Option<String>,
    /// The profiles of the columns for the elderly and for children.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) other_profiles: Option<Vec<String>>,
    /// How residents were estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) population: Option<String>,
    /// How slopes count; `null` for an answer without walks.
    pub(crate) slopes: Option<String>,
    /// The time whose opening hours apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) at_time: Option<String>,
    /// Limits of access legs that differ from the defaults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) legs: Option<BTreeMap<String, f64>>,
    /// Where compounds without evidence are taken as closed, if that differs from the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) closed_by_default: Option<String>,
    /// The rule set; `null` for an answer without verdicts.
    pub(crate) rule_set: Option<String>,
    /// The least completeness of a category for a gap, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) least_completeness: Option<f64>,
    /// `true` if the map was taken as complete 按地图所示.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) as_mapped: Option<bool>,
    /// Whether figures of the rule set have not been checked against the published text 待核.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) rules_to_check: Option<bool>,
    /// The program and its version.
    pub(crate) version: String,
    /// The files that the city was built from.
    pub(crate) inputs: Vec<InputFile>,
    /// Source and licence of the map data.
    pub(crate) attribution: String,
}

/// An input file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InputFile {
    /// File name without its folder.
    pub(crate) name: String,
    /// SHA-256 of its bytes, in hex.
    pub(crate) sha256: String,
}
