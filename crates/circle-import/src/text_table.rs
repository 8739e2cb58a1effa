//! A table that somebody filled in, as text.

use crate::own::{OwnError, ROWS_OF_A_TOP, SheetOptions, read_sheet, sheet_tops};
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
    /// Sheets of a workbook that were looked at for the columns and lack them.
    pub without: Vec<String>,
    /// Whether cells hold formulas without values, which are empty here.
    pub hollow: bool,
}

/// Reads a table with as much care as the planner's own files. Rows without any cell are left out.
///
/// It is the first table with columns whose headings end with the words `needed`: on whichever sheet that is shown, and
/// below whatever title. Where there is none, it is the one that would be read of an own file.
///
/// # Errors
/// When the file cannot be read or holds no table.
pub fn read_text_table(path: &Path, needed: &[&str]) -> Result<TextTable, OwnError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let mut without = Vec::new();
    if matches!(ending.as_deref(), Some("xlsx" | "xlsm")) {
        // A file that is no workbook in spite of its ending is refused by the reader below.
        for top in sheet_tops(path).unwrap_or_default().into_iter().filter(|top| !top.is_hidden) {
            if let Some(header) = top.rows.iter().find(|row| has(&row.cells, needed)) {
                let header_row = Some(header.number);
                return read(
                    path,
                    &SheetOptions { layer: Some(&top.name), header_row, ..SheetOptions::default() },
                );
            }
            without.push(top.name);
        }
    } else {
        let rows = std::iter::once(None).chain((1..=ROWS_OF_A_TOP).map(Some));
        let mut tables = rows.filter_map(|header_row| {
            read(path, &SheetOptions { header_row, ..SheetOptions::default() }).ok()
        });
        if let Some(table) = tables.find(|table| has(&table.columns, needed)) {
            return Ok(table);
        }
    }
    Ok(TextTable { without, ..read(path, &SheetOptions::default())? })
}

fn has(headings: &[String], needed: &[&str]) -> bool {
    let is = |heading: &String, word: &str| heading.split_whitespace().last() == Some(word);
    needed.iter().all(|word| headings.iter().any(|heading| is(heading, word)))
}

fn read(path: &Path, options: &SheetOptions<'_>) -> Result<TextTable, OwnError> {
    let sheet = read_sheet(path, options)?;
    let cells =
        |row: usize| (0..sheet.columns.len()).map(|column| sheet.cell(row, column).to_owned()).collect();
    Ok(TextTable {
        rows: (0..sheet.len()).map(|row| (sheet.number(row), cells(row))).collect(),
        rejected: sheet.rejected.iter().map(|it| (it.row, format!("{}: {}", it.field, it.what))).collect(),
        without: Vec::new(),
        hollow: sheet.hollow,
        columns: sheet.columns,
    })
}
