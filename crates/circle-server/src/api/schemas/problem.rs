//! Bodies of errors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An error (RFC 9457): what is wrong, and what exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) r#type: String,
    /// Reason phrase of the status.
    pub(crate) title: String,
    pub(crate) status: u16,
    /// What is wrong.
    pub(crate) detail: String,
    /// What exists, where something else was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) choices: Option<Vec<String>>,
    /// The compounds of an ambiguous name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) compounds: Option<Vec<NamesakeCompound>>,
}

/// One of several compounds of a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NamesakeCompound {
    /// Its key.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
}

/// The thing of this key no longer exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoneProblem {
    pub(crate) r#type: String,
    /// Reason phrase of the status.
    pub(crate) title: String,
    pub(crate) status: u16,
    /// What is wrong.
    pub(crate) detail: String,
    /// The thing of its kind that is nearest to where it was.
    pub(crate) nearest: Option<NearestThing>,
}

/// The nearest thing of a kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NearestThing {
    /// Its key.
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    /// Straight-line distance.
    pub(crate) metres: u64,
    /// Address of its item.
    pub(crate) href: String,
}

/// Another edition is served than the one asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplacedProblem {
    pub(crate) r#type: String,
    /// Reason phrase of the status.
    pub(crate) title: String,
    pub(crate) status: u16,
    /// What is wrong.
    pub(crate) detail: String,
    /// The edition that is served.
    pub(crate) edition: String,
    /// The address to begin again at.
    pub(crate) first: String,
}
