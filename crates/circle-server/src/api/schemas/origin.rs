//! The member `origin` of answers about walks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The origin of walks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkOrigin {
    /// Degrees east; for a compound, the position of its label.
    pub(crate) lon: f64,
    /// Degrees north.
    pub(crate) lat: f64,
    /// Whether the origin is on the network.
    pub(crate) status: WalkStatus,
    /// Whether buildings hide every way from the origin, so that they were ignored.
    pub(crate) through_buildings: bool,
    /// Key of the compound, if the origin is a compound or a gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) compound_id: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) compound_name: Option<String>,
    /// Gates of the compound, or the gate that is the origin; empty for other origins.
    pub(crate) gates: Vec<OriginGate>,
}

/// A gate where a walk may begin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OriginGate {
    /// Its key.
    pub(crate) id: String,
    /// Degrees east.
    pub(crate) lon: f64,
    /// Degrees north.
    pub(crate) lat: f64,
    /// Its name or number.
    pub(crate) name: Option<String>,
    /// Source of the gate 出入口来源.
    pub(crate) provenance: String,
}

/// What became of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WalkStatus {
    /// There is a walk.
    Ok,
    /// The walk takes longer than the limit.
    Beyond,
    /// No walkable way can be reached from one of the places.
    OffNetwork,
    /// No path joins the places.
    NoPath,
}
