//! The answer of `/api/settings`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What the page needs before it asks for anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Version of the program.
    pub(crate) version: String,
    /// As in the header `circle-edition`.
    pub(crate) edition: String,
    /// A note that every title has, such as 演示数据.
    pub(crate) label: Option<String>,
    /// Date of the newest map data, RFC 3339.
    pub(crate) data_date: Option<String>,
    /// West, south, east, north in degrees.
    pub(crate) bounds: (f64, f64, f64, f64),
    /// The default bands in minutes.
    pub(crate) bands: Vec<u32>,
    pub(crate) default_profile: String,
    pub(crate) default_rules: Option<String>,
    pub(crate) profiles: Vec<ProfileOffer>,
    pub(crate) groups: Vec<CategoryGroup>,
    pub(crate) categories: Vec<CategoryOffer>,
    pub(crate) rule_sets: Vec<RuleSet>,
    /// Levels that the city has units of, the smallest first.
    pub(crate) levels: Vec<LevelOffer>,
    /// Number of records by collection.
    pub(crate) counts: BTreeMap<String, u32>,
    /// Source and licence of the map data.
    pub(crate) attribution: String,
    /// What the city rests on, in a line.
    pub(crate) statement: String,
}

/// A walking profile 步行画像.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileOffer {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) speed_kmh: f64,
    /// `null` if the profile cannot pass steps.
    pub(crate) stairs_factor: Option<f64>,
    pub(crate) signal_seconds: f64,
    pub(crate) unsignalised_seconds: f64,
    pub(crate) footbridge_extra_seconds: f64,
}

/// Categories with one colour 类别组.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryGroup {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) color: String,
}

/// A category 类别.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryOffer {
    pub(crate) id: String,
    pub(crate) zh: String,
    /// Its name in a few characters.
    pub(crate) short: String,
    pub(crate) en: String,
    pub(crate) group: String,
    /// Name of the pictogram.
    pub(crate) icon: String,
    /// Whether boards list it by default.
    pub(crate) board: bool,
    /// Number of facilities.
    pub(crate) facilities: u32,
    /// Known ÷ expected facilities; `null` if the expected number is unknown.
    pub(crate) completeness: Option<f64>,
}

/// A level of units 层级.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LevelOffer {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) units: u32,
}

/// A rule set 规则集.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSet {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    /// The limit of lines without one.
    pub(crate) minutes: u32,
    pub(crate) standard: String,
    /// Where it was read.
    pub(crate) source: String,
    pub(crate) confidence: RuleMark,
    pub(crate) note: String,
    pub(crate) lines: Vec<RuleLine>,
}

/// A line of a rule set: any of its categories meets it. At most one of `minutes`, `radius_metres` and `one_per` is there; without one the minutes of the rule set apply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) id: Option<String>,
    pub(crate) zh: String,
    pub(crate) en: String,
    /// Empty if the line is not measurable.
    pub(crate) any_of: Vec<String>,
    /// Categories that may meet it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) perhaps: Option<Vec<String>>,
    /// Categories that are named beside the line and do not meet it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) beside: Option<Vec<String>>,
    /// The level of the standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) tier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) radius_metres: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) one_per: Option<OnePerUnit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) need: Option<RuleNeed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) smallest_square_metres: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) smallest_hectares: Option<f64>,
    /// 责任部门
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) department: Option<String>,
    pub(crate) source: String,
    pub(crate) confidence: RuleMark,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) note: Option<String>,
    /// `false` if no map data can decide it.
    pub(crate) measurable: bool,
}

/// How sure a figure is. Check every figure that is not `verified` before quoting it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RuleMark {
    Verified,
    Secondary,
    Derived,
    Knowledge,
}

/// The unit that one facility is required for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnePerUnit {
    Block,
    Community,
    Subdistrict,
}

/// How strictly a line is required.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RuleNeed {
    Must,
    May,
    Basic,
    Quality,
}
