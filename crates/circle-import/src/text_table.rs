//! A table that somebody filled in, as text.

use crate::own::{OwnError, SheetOptions, read_sheet};
use std::path::Path;

/// A table (CSV, XLSX, …) as text.
#[derive(Debug, Clone, Default)]
pub struct TextTable {
    /// Headings, in order.
    pub columns: Vec<String>,
    /// Rows with the number that a person finds them by; cells without the blanks around them.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Rows that could not be read, and why.
    pub rejected: Vec<(u32, String)>,
}

/// Reads a table with as much care as the planner's own files. Rows without any cell are left out.
///
/// # Errors
/// When the file cannot be read or holds no table.
pub fn read_text_table(path: &Path) -> Result<TextTable, OwnError> {
    let sheet = read_sheet(path, &SheetOptions::default())?;
    let cells =
        |row: usize| (0..sheet.columns.len()).map(|column| sheet.cell(row, column).to_owned()).collect();
    Ok(TextTable {
        rows: (0..sheet.len()).map(|row| (sheet.number(row), cells(row))).collect(),
        rejected: sheet.rejected.iter().map(|it| (it.row, format!("{}: {}", it.field, it.what))).collect(),
        columns: sheet.columns,
    })
}
