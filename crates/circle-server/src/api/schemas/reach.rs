//! The answer of `/api/reach`.

use super::geojson::{CollectionType, FeatureType, PointGeometry};
use super::origin::WalkOrigin;
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The facilities within reach, nearest first; none if the origin is off the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reach {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<ReachedFacility>,
    pub(crate) origin: WalkOrigin,
    /// Known facilities of the city ÷ expected ones, by category; `null` if the expected number is unknown.
    pub(crate) completeness: BTreeMap<String, Option<f64>>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// A facility within reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachedFacility {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: PointGeometry,
    pub(crate) properties: ReachedFacilityProperties,
}

/// The facility and the least walk to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachedFacilityProperties {
    /// Its key.
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    /// Its name in English.
    pub(crate) name_en: Option<String>,
    /// Its main category.
    pub(crate) category: Option<String>,
    /// All its categories.
    pub(crate) categories: Vec<String>,
    /// The group of its main category.
    pub(crate) group: Option<String>,
    /// The shortest band that contains the walk.
    pub(crate) band_minutes: Option<u32>,
    pub(crate) walk_seconds: f64,
    pub(crate) walk_metres: f64,
    /// Straight legs over open ground at both ends.
    pub(crate) access_metres: f64,
    /// Whether buildings hide every way, so that they were ignored.
    pub(crate) through_buildings: bool,
    /// Bearing from the gate where the walk begins, else from the origin: clockwise from north.
    pub(crate) direction_degrees: f64,
    /// Key of the gate where the walk begins.
    pub(crate) gate_id: Option<String>,
}
