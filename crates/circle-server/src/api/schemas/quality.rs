//! The answer of `/api/quality`.

use super::geojson::{CollectionType, FeatureType, PointGeometry};
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is missing or doubtful of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quality {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    /// Own files first; errors, then warnings, then notes.
    pub(crate) features: Vec<FindingFeature>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// A finding; without a geometry if it has no place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingFeature {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    pub(crate) geometry: Option<PointGeometry>,
    pub(crate) properties: FindingProperties,
}

/// A finding 数据问题.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindingProperties {
    pub(crate) severity: Severity,
    pub(crate) kind: String,
    /// Key or row of what it is about; may be empty.
    pub(crate) id: String,
    /// Its name; may be empty.
    pub(crate) name: String,
    /// Details.
    pub(crate) message: String,
    pub(crate) district: Option<String>,
    pub(crate) subdistrict: Option<String>,
    /// What the kind means, in Chinese.
    pub(crate) message_zh: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    Error,
    Warning,
    Info,
}
