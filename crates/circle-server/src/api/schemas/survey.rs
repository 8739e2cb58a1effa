//! The answer of `/api/survey`.

use super::geojson::{CollectionType, FeatureType, PointGeometry};
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The gates to survey, those that decide most people's verdicts first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GateSurvey {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    pub(crate) features: Vec<SurveyedGate>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// An inferred gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyedGate {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: PointGeometry,
    pub(crate) properties: SurveyedGateProperties,
}

/// What depends on the place of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurveyedGateProperties {
    /// Its key.
    pub(crate) id: String,
    /// Key of its compound.
    pub(crate) compound_id: String,
    pub(crate) compound_name: String,
    pub(crate) side: CompoundSide,
    /// Residents whose verdicts it decides; `null` if they are not known.
    pub(crate) people: Option<u32>,
    /// Categories and lines whose verdict differs between the gates of the compound.
    pub(crate) lines: Vec<String>,
}

/// A side of a compound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CompoundSide {
    North,
    Northeast,
    East,
    Southeast,
    South,
    Southwest,
    West,
    Northwest,
}
