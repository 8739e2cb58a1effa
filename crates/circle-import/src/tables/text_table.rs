//! A table as text.

use crate::own::OwnError;
use circle_sheet::{PREVIEW_ROWS, ReadOptions, read_previews, read_sheet};
use std::path::Path;

/// A table (CSV, XLSX, …) as text.
#[derive(Debug, Clone, Default)]
pub struct TextTable {
    /// Headings, in order.
    pub columns: Vec<String>,
    /// Rows with their numbers, from 1; cells without surrounding blanks.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Rows that could not be read, with the reason.
    pub rejected: Vec<(u32, String)>,
    /// Sheets of a workbook without the columns.
    pub other_sheets: Vec<String>,
    /// Whether cells contain formulas without values, which are empty here.
    pub has_empty_formulas: bool,
}

/// Reads a table like a planner's own file. Rows without any cell are skipped.
///
/// The first table with columns whose headings end in the words `needed` is read, on any visible sheet and
/// below any title. Without such a table, the table is read that would be read from an own file.
///
/// # Errors
/// If the file cannot be read or contains no table.
pub fn read_text_table(path: &Path, needed: &[&str]) -> Result<TextTable, OwnError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let mut other_sheets = Vec::new();
    if matches!(ending.as_deref(), Some("xlsx" | "xlsm")) {
        // A file that is not a workbook despite its extension is rejected below.
        let previews = read_previews(path).unwrap_or_default();
        for sheet in previews.into_iter().filter(|sheet| !sheet.is_hidden) {
            if let Some(header) = sheet.rows.iter().find(|row| has(&row.cells, needed)) {
                let (name, header_row) = (Some(sheet.name.as_str()), Some(header.number));
                return read(path, &ReadOptions { sheet: name, header_row, ..ReadOptions::default() });
            }
            other_sheets.push(sheet.name);
        }
    } else {
        let rows = std::iter::once(None).chain((1..=PREVIEW_ROWS).map(Some));
        let mut tables = rows
            .filter_map(|header_row| read(path, &ReadOptions { header_row, ..ReadOptions::default() }).ok());
        if let Some(table) = tables.find(|table| has(&table.columns, needed)) {
            return Ok(table);
        }
    }
    Ok(TextTable { other_sheets, ..read(path, &ReadOptions::default())? })
}

fn has(headings: &[String], needed: &[&str]) -> bool {
    let is = |heading: &String, word: &str| heading.split_whitespace().last() == Some(word);
    needed.iter().all(|word| headings.iter().any(|heading| is(heading, word)))
}

fn read(path: &Path, options: &ReadOptions<'_>) -> Result<TextTable, OwnError> {
    let sheet = read_sheet(path, options)?;
    let cells =
        |row: usize| (0..sheet.columns.len()).map(|column| sheet.cell(row, column).to_owned()).collect();
    Ok(TextTable {
        rows: (0..sheet.len()).map(|row| (sheet.number(row), cells(row))).collect(),
        rejected: sheet.rejected.iter().map(|it| (it.row, format!("{}: {}", it.field, it.reason))).collect(),
        other_sheets: Vec::new(),
        has_empty_formulas: sheet.has_empty_formulas,
        columns: sheet.columns,
    })
}
