//! The answer of `/api/explain`.

use super::geojson::{CollectionType, FeatureType, LineGeometry, Position};
use super::origin::{OriginGate, WalkStatus};
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One walk: a feature for each leg and way, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Explanation {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<WalkPart>,
    pub(crate) walk: WalkSummary,
    /// What bars a shorter walk; absent with `barred=false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) barred: Option<Vec<BarrierOnTheWay>>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// The whole walk. Figures are `null` unless `status` is `ok`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkSummary {
    pub(crate) status: WalkStatus,
    pub(crate) walk_seconds: Option<f64>,
    pub(crate) walk_metres: Option<f64>,
    /// The straight leg from the origin to the network.
    pub(crate) from_access_metres: Option<f64>,
    /// The straight leg from the network to the end.
    pub(crate) to_access_metres: Option<f64>,
    /// Waits, which are part of `walk_seconds`.
    pub(crate) wait_seconds: Option<f64>,
    /// Whether buildings hide every way from the origin, so that they were ignored.
    pub(crate) from_through_buildings: bool,
    /// The same at the end.
    pub(crate) to_through_buildings: bool,
    /// The gate where a walk from a compound begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) gate: Option<OriginGate>,
    /// The access point where a walk to a facility ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) entered_at: Option<Position>,
}

/// A leg or way of the walk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkPart {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    pub(crate) geometry: LineGeometry,
    pub(crate) properties: WalkPartProperties,
}

/// A leg or way, and the waits on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkPartProperties {
    /// Its position in the walk, from 1.
    pub(crate) number: u32,
    pub(crate) kind: WalkPartKind,
    /// Name of the way.
    pub(crate) name: Option<String>,
    /// Class of the way in OpenStreetMap, such as `footway`.
    pub(crate) class: Option<String>,
    /// Type and id of the way in OpenStreetMap.
    pub(crate) osm_id: Option<String>,
    /// Whether it is steps.
    pub(crate) steps: bool,
    pub(crate) walk_seconds: f64,
    pub(crate) walk_metres: f64,
    pub(crate) waits: Vec<WaitOnTheWay>,
}

/// What a part of a walk is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WalkPartKind {
    /// A straight leg between a place and the network.
    Leg,
    /// A straight line between two places near each other.
    Straight,
    /// A way of the network.
    Way,
}

/// A delay at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaitOnTheWay {
    pub(crate) r#for: WaitReason,
    pub(crate) seconds: f64,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
}

/// What a walk waits for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitReason {
    Signals,
    Crossing,
    Lift,
    Gate,
    Footbridge,
}

/// What bars a shorter walk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BarrierOnTheWay {
    pub(crate) reason: BarrierKind,
    pub(crate) name: Option<String>,
    /// Key of the closed compound.
    pub(crate) compound_id: Option<String>,
    /// Type and id in OpenStreetMap.
    pub(crate) osm_id: Option<String>,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
    /// Walking time without the barriers.
    pub(crate) walk_seconds_without: f64,
}

/// The kind of a barrier.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BarrierKind {
    ClosedCompound,
    RestrictedWay,
    Wall,
    LockedGate,
}
