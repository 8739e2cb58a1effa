//! The names of a compound and its gate on a board.

use std::collections::BTreeMap;

/// The names of compound and gate on a board, where the board file has them.
#[derive(Debug, Default)]
pub(crate) struct BoardNames {
    pub(crate) compound: Option<String>,
    pub(crate) compound_en: Option<String>,
    pub(crate) gate: Option<String>,
    pub(crate) gate_en: Option<String>,
    pub(crate) other: BTreeMap<String, String>,
}
