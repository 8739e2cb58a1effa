//! The answer of `/api/isochrones`.

use super::geojson::{CollectionType, FeatureType, Position};
use super::origin::WalkOrigin;
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The shapes reached within each band 等时圈; no feature if the origin is off the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Isochrones {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    /// A feature for each band, ascending.
    pub(crate) features: Vec<IsochroneFeature>,
    pub(crate) origin: WalkOrigin,
    /// Ground that ways beyond the edge of the data may lead to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) unknown: Option<UnknownGround>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// Ground that may or may not be within a band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnknownGround {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<IsochroneFeature>,
}

/// The shape of one band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IsochroneFeature {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    pub(crate) properties: IsochroneProperties,
    pub(crate) geometry: IsochroneGeometry,
}

/// A band and its area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IsochroneProperties {
    /// Key of the compound or gate, or the coordinates of the origin.
    pub(crate) origin_id: String,
    /// The band: its upper limit in minutes.
    pub(crate) minutes: u32,
    /// Its lower limit in minutes; 0 for discs.
    pub(crate) from_minutes: u32,
    /// Id of the profile.
    pub(crate) profile: String,
    pub(crate) area_square_metres: u64,
    /// For lines: seconds at every point of every line, in the order of the coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) line_walk_seconds: Option<Vec<Vec<f64>>>,
}

/// `MultiLineString` for lines, `MultiPolygon` for discs and rings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", deny_unknown_fields)]
pub(crate) enum IsochroneGeometry {
    /// Ground.
    MultiPolygon { coordinates: Vec<Vec<Vec<Position>>> },
    /// Ways.
    MultiLineString { coordinates: Vec<Vec<Position>> },
}
