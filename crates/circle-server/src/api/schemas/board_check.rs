//! Whether a board can be printed.

use super::geojson::Position;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What stands against printing a board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardCheck {
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) gate: BoardGate,
    /// The gates of the compound that can have a board, the most certain first.
    pub(crate) gates: Vec<BoardGateChoice>,
    pub(crate) findings: Vec<BoardFindingItem>,
    /// Whether there is no error. A board with errors is marked 样张.
    pub(crate) may_be_printed: bool,
    /// The bands, the nearest first.
    pub(crate) bands: Vec<BoardBand>,
}

/// The gate of a board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardGate {
    /// Its key.
    pub(crate) id: String,
    /// Its name; its side of the compound if it has none.
    pub(crate) name: String,
    pub(crate) at: Position,
    /// Source of the gate 出入口来源: `own`, `mapped`, `crossing` or `inferred`.
    pub(crate) provenance: String,
}

/// A gate that a board may be made for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardGateChoice {
    /// Its key.
    pub(crate) id: String,
    /// Its name; its side of the compound if it has none.
    pub(crate) name: String,
    pub(crate) at: Position,
    /// Source of the gate 出入口来源: `own`, `mapped`, `crossing` or `inferred`.
    pub(crate) provenance: String,
    /// Whether it is the gate of the board.
    pub(crate) selected: bool,
}

/// A thing that stands against printing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardFindingItem {
    /// The kind of finding.
    pub(crate) kind: String,
    pub(crate) severity: BoardSeverityWord,
    /// In Chinese.
    pub(crate) message: String,
    /// In English.
    pub(crate) message_en: String,
}

/// How much a finding stands against printing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BoardSeverityWord {
    /// The board is not printed as it is.
    Error,
    /// Somebody should look at it.
    Warning,
}

/// A band of a board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardBand {
    /// Its upper limit.
    pub(crate) minutes: u32,
    /// Places that are listed in it.
    pub(crate) places: u32,
}
