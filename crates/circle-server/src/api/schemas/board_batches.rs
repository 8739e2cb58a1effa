//! Boards of many compounds, and the board file of a district.

use super::query::HeadingsOf;
use super::query::values::{
    BoardCategoryId, BoardMinutes, BoardTextValue, Direction, JsonSwitch, LanguageList, LogoUri, PageSize,
    ProfileId, WebAddress,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The boards of a unit, or of some compounds. Give either `unit` or `compounds`.
#[derive(Debug, ToSchema)]
pub(crate) struct BoardBatch {
    /// Key or exact name of a unit: its named compounds.
    #[schema(nullable = false)]
    unit: Option<String>,
    /// Keys or exact names of compounds.
    #[schema(nullable = false)]
    compounds: Option<Vec<String>>,
    /// Format of the files; `pdf` if it is not given.
    #[schema(nullable = false)]
    format: Option<BoardBatchFormat>,
    #[schema(nullable = false)]
    settings: Option<BoardBatchSettings>,
}

/// Format of the files of a batch.
#[derive(Debug, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BoardBatchFormat {
    Pdf,
    Svg,
}

/// The parameters of one board, but for its gate. Lists and numbers may be written as in an address.
#[derive(Debug, ToSchema)]
pub(crate) struct BoardBatchSettings {
    #[schema(nullable = false)]
    size: Option<PageSize>,
    #[schema(nullable = false)]
    landscape: Option<JsonSwitch>,
    #[schema(nullable = false)]
    bleed: Option<JsonSwitch>,
    #[schema(nullable = false)]
    crop_marks: Option<JsonSwitch>,
    #[schema(nullable = false)]
    categories: Option<Vec<BoardCategoryId>>,
    #[schema(nullable = false)]
    group_by: Option<HeadingsOf>,
    #[schema(nullable = false)]
    minutes: Option<BoardMinutes>,
    #[schema(nullable = false)]
    profile: Option<ProfileId>,
    #[schema(nullable = false)]
    faces: Option<Direction>,
    #[schema(nullable = false)]
    north_up: Option<JsonSwitch>,
    #[schema(nullable = false)]
    inferred: Option<JsonSwitch>,
    #[schema(nullable = false)]
    address: Option<WebAddress>,
    #[schema(nullable = false)]
    title: Option<BoardTextValue>,
    #[schema(nullable = false)]
    issuer: Option<BoardTextValue>,
    #[schema(nullable = false)]
    hotline: Option<BoardTextValue>,
    #[schema(nullable = false)]
    approval_number: Option<BoardTextValue>,
    #[schema(nullable = false)]
    note: Option<BoardTextValue>,
    #[schema(nullable = false)]
    languages: Option<LanguageList>,
    #[schema(nullable = false)]
    logo: Option<LogoUri>,
    #[schema(nullable = false)]
    sample: Option<JsonSwitch>,
}

/// A board file as the parameters of its boards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardFileSettings {
    /// The edition that is served.
    pub(crate) edition: String,
    /// Values by name, as in the address of a board.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Members of the file that only the board file of the server can set.
    pub(crate) left_out: Vec<String>,
}
