//! The answer of `/api/names`.

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
