//! The answer of `/api/coverage` about compounds.

use super::geojson::{CollectionType, FeatureType, PlaceGeometry};
use super::statement::Statement;
use super::units::UnitsCoverage;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::schema::{AnyOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// How every compound stands in every category or line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompoundsCoverage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<CompoundCoverage>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// How a compound stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompoundCoverage {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: PlaceGeometry,
    pub(crate) properties: CompoundCoverageProperties,
}

/// The compound, and its entries by category or line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompoundCoverageProperties {
    pub(crate) compound_id: String,
    pub(crate) compound_name: String,
    pub(crate) compound_name_en: Option<String>,
    /// Whether the program made up the name.
    pub(crate) generated_name: bool,
    /// Whether strangers do not walk through.
    pub(crate) closed: bool,
    /// Number of gates.
    pub(crate) gates: u32,
    /// By id of a category or name of a line.
    pub(crate) coverage: BTreeMap<String, CoverageEntry>,
}

/// How a compound stands in one category or line. `count_5min` and so on are numbers of facilities within each band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct CoverageEntry {
    /// Id of the category or name of the line.
    pub(crate) category: String,
    /// The limit in minutes.
    pub(crate) tier: Option<u32>,
    pub(crate) nearest_facility_id: Option<String>,
    pub(crate) nearest_facility_name: Option<String>,
    /// Key of the gate where the walk begins.
    pub(crate) gate_id: Option<String>,
    pub(crate) walk_seconds: Option<f64>,
    pub(crate) walk_metres: Option<f64>,
    /// `null` if the rule set does not require the category.
    pub(crate) verdict: Option<Verdict>,
    /// Why the verdict is a gap or unknown.
    pub(crate) reason: Option<String>,
    /// Seconds beyond the limit.
    pub(crate) beyond_seconds: Option<f64>,
    /// Service radius 服务半径.
    pub(crate) radius_metres: Option<u32>,
    /// Straight-line distance to the nearest facility.
    pub(crate) straight_metres: Option<f64>,
    /// The verdict by straight-line distance.
    pub(crate) straight_verdict: Option<Verdict>,
    /// The line of the rule set.
    pub(crate) line: Option<String>,
    /// How strictly it is required 要求.
    pub(crate) need: Option<String>,
    /// Where the line was read 出处.
    pub(crate) source: Option<String>,
    /// The certainty of its figures 可信度.
    pub(crate) confidence: Option<String>,
    /// `待核` if its figures have not been checked.
    pub(crate) to_check: Option<String>,
    /// Known ÷ expected facilities in the compound's area, at most 1; `null` if the expected number is unknown.
    pub(crate) completeness: Option<f64>,
    pub(crate) known: u32,
    pub(crate) expected: Option<f64>,
    /// From the best of the candidate gates.
    pub(crate) seconds_best: Option<f64>,
    /// From the worst of the candidate gates.
    pub(crate) seconds_worst: Option<f64>,
    /// Source of the gate 出入口来源.
    pub(crate) gate_provenance: Option<String>,
    /// A facility that is named beside the line and does not meet it.
    pub(crate) beside_name: Option<String>,
    /// The walk to it.
    pub(crate) beside_seconds: Option<f64>,
    /// `as_mapped` if the map was taken as complete.
    pub(crate) basis: Option<String>,
    pub(crate) district: Option<String>,
    pub(crate) subdistrict: Option<String>,
    pub(crate) community: Option<String>,
    pub(crate) grid: Option<String>,
    pub(crate) compound_lon: Option<f64>,
    pub(crate) compound_lat: Option<f64>,
    pub(crate) gate_lon: Option<f64>,
    pub(crate) gate_lat: Option<f64>,
    pub(crate) facility_lon: Option<f64>,
    pub(crate) facility_lat: Option<f64>,
    pub(crate) facility_district: Option<String>,
    pub(crate) facility_subdistrict: Option<String>,
    /// Numbers of facilities within each band: `count_5min` and so on.
    #[serde(flatten)]
    #[schema(ignore)]
    pub(crate) counts: BTreeMap<String, u32>,
}

/// The names of the members of [`CoverageEntry`] that depend on the bands, as a pattern.
pub(crate) const COUNTS: &str = "^count_[0-9]+min$";

/// A verdict 结论.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// 达标
    Covered,
    /// 缺口
    Gap,
    /// 未知
    Unknown,
}

/// The coverage table: compounds, or sums by unit.
#[derive(Debug)]
pub(crate) struct CoverageTable;

/// `anyOf`: a table without features is both.
impl PartialSchema for CoverageTable {
    fn schema() -> RefOr<Schema> {
        AnyOfBuilder::new()
            .item(Ref::from_schema_name(CompoundsCoverage::name()))
            .item(Ref::from_schema_name(UnitsCoverage::name()))
            .into()
    }
}

impl ToSchema for CoverageTable {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((CompoundsCoverage::name().into_owned(), CompoundsCoverage::schema()));
        CompoundsCoverage::schemas(schemas);
        schemas.push((UnitsCoverage::name().into_owned(), UnitsCoverage::schema()));
        UnitsCoverage::schemas(schemas);
    }
}
