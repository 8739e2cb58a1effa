//! Field corrections, and what they would change.

use super::coverage::Verdict;
use super::query::values::{JsonCell, Minutes, ProfileId, RuleSetId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Corrections, and how compounds are judged.
#[derive(Debug, ToSchema)]
pub(crate) struct FieldCorrections {
    /// Each builds on those before it.
    #[schema(max_items = 500)]
    corrections: Vec<FieldCorrectionRow>,
    #[schema(nullable = false)]
    profile: Option<ProfileId>,
    #[schema(nullable = false)]
    rules: Option<RuleSetId>,
    #[schema(nullable = false)]
    minutes: Option<Minutes>,
}

/// A row of a file of corrections. Places are in degrees, WGS 84.
#[derive(Debug, ToSchema)]
pub(crate) struct FieldCorrectionRow {
    /// `closed`, `moved`, `new_gate`, `new_facility`, `renamed` or `wrong_category`, or the same in Chinese.
    #[schema(nullable = false)]
    action: Option<JsonCell>,
    /// `facility`, `gate` or `compound`; by the action if it is not given.
    #[schema(nullable = false)]
    of: Option<JsonCell>,
    /// Key of the corrected thing.
    #[schema(nullable = false)]
    target: Option<JsonCell>,
    /// Its name.
    #[schema(nullable = false)]
    name: Option<JsonCell>,
    /// Key or name of the compound of a gate.
    #[schema(nullable = false)]
    compound: Option<JsonCell>,
    #[schema(nullable = false)]
    lon: Option<JsonCell>,
    #[schema(nullable = false)]
    lat: Option<JsonCell>,
    #[schema(nullable = false)]
    new_name: Option<JsonCell>,
    /// Id or name of a category.
    #[schema(nullable = false)]
    new_category: Option<JsonCell>,
    #[schema(nullable = false)]
    new_lon: Option<JsonCell>,
    #[schema(nullable = false)]
    new_lat: Option<JsonCell>,
    #[schema(nullable = false)]
    author: Option<JsonCell>,
    #[schema(nullable = false)]
    date: Option<JsonCell>,
    #[schema(nullable = false)]
    note: Option<JsonCell>,
}

/// What corrections would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionsEffect {
    /// The edition of this answer, which the corrections were compared with.
    pub(crate) edition: String,
    /// Every line of a compound whose verdict or nearest walk changes.
    pub(crate) compounds: Vec<ChangedCompoundLine>,
    pub(crate) counts: EffectCounts,
    /// The corrections that cannot be applied.
    pub(crate) refused: Vec<RefusedCorrection>,
}

/// A line of a compound before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedCompoundLine {
    /// Key of the compound.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Id of a category, or name of a line, as in `line` of `/api/coverage`.
    pub(crate) line: String,
    pub(crate) verdict_before: Option<Verdict>,
    pub(crate) verdict_after: Option<Verdict>,
    /// Walk to the nearest facility.
    pub(crate) seconds_before: Option<f64>,
    pub(crate) seconds_after: Option<f64>,
}

/// Numbers of compounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EffectCounts {
    /// With a line that becomes covered.
    pub(crate) gained: u64,
    /// With a line that is no longer covered.
    pub(crate) lost: u64,
    /// With a line whose verdict or nearest walk changes.
    pub(crate) changed: u64,
}

/// A correction that cannot be applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusedCorrection {
    /// Its position, from 1.
    pub(crate) row: u64,
    /// Why, and what to do.
    pub(crate) message: String,
}
