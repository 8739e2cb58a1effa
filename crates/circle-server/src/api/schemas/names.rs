//! The answers of `/api/names` and `/api/search`.

use super::geojson::{BoxInDegrees, Position};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The names of all named compounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) compounds: Vec<CompoundName>,
}

/// A name with its pinyin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompoundName {
    /// Key of the compound.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) name_en: Option<String>,
    /// The readings of each character without tones, separated by spaces; several readings of one character by `/`.
    pub(crate) pinyin: String,
}

/// What has a name, the best match first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameSearch {
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) results: Vec<NameResult>,
}

/// A thing with the name. What has no value is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameResult {
    pub(crate) kind: NamedThing,
    /// Its key; a street has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) name_en: Option<String>,
    /// The main category of a facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) category: Option<String>,
    /// Name of the 街道, or else the 区, that it lies in; of a unit, the next larger one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) unit: Option<String>,
    /// Name of the nearest street, which tells namesakes apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) street: Option<String>,
    pub(crate) at: Position,
    /// Of a thing with an extent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) bounds: Option<BoxInDegrees>,
    pub(crate) r#match: NameMatchKind,
}

/// Kinds of things that are found by name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NamedThing {
    Compound,
    Unit,
    /// Connected ways of one name.
    Street,
    Facility,
}

/// What of a name matches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NameMatchKind {
    /// The Chinese or English name.
    Name,
    Pinyin,
    Initials,
}
