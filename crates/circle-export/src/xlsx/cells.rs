//! Conversion of texts, numbers and dates to the cells of a spreadsheet.

use crate::table::text_cell;
use crate::typed::{Kind, TableColumn};
use std::borrow::Cow;

/// Maximum length of a text cell, UTF-16 units.
pub(super) const UNITS_OF_A_CELL: usize = 32_767;
/// Largest whole number that a spreadsheet shows exactly.
pub(super) const EXACT: u64 = 999_999_999_999_999;
/// The day number of 1970-01-01, and the first date on which all spreadsheets agree: 1900-03-01.
pub(super) const EPOCH: i32 = 25_569;
pub(super) const FIRST_DAY: i32 = 61;

pub(super) fn number_format(column: &TableColumn) -> &'static str {
    column.shown_as.unwrap_or(match column.kind {
        Kind::Whole => "#,##0",
        Kind::Date => "yyyy-mm-dd",
        Kind::Text | Kind::Number | Kind::Flag => "General",
    })
}

pub(super) fn starts_a_formula(text: &str) -> bool {
    matches!(text_cell(text), Cow::Owned(_))
}

/// Truncates a text to the length of a cell, and protects it from being parsed as markup.
pub(super) fn safe(text: &str) -> Cow<'_, str> {
    let mut units = 0;
    let fits = |&(_, char): &(usize, char)| {
        units += char.len_utf16();
        units >= UNITS_OF_A_CELL
    };
    let text = match text.char_indices().find(fits) {
        Some((end, _)) if text.encode_utf16().count() > UNITS_OF_A_CELL => {
            Cow::Owned(format!("{}…", &text[..end]))
        }
        _ => Cow::Borrowed(text),
    };
    // The library parses a text between these tags as rich text and does not escape it.
    if text.starts_with("<r>") && text.ends_with("</r>") { Cow::Owned(format!("{text} ")) } else { text }
}
