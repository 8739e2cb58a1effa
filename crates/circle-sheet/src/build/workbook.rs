//! Chooses the sheet of a workbook.

use super::table::TableBuilder;
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::{Sheet, UnreadSheet};
use std::path::Path;

/// Limit of sheets of a workbook that are examined.
const MAX_EXAMINED: usize = 20;

/// A sheet in the directory of a workbook.
#[derive(Debug)]
pub(crate) struct SheetEntry {
    pub(crate) name: String,
    pub(crate) is_visible: bool,
}

/// Reads the sheet that the caller names, else the first visible one with the expected columns (the first is
/// often one of instructions), else the first that is not empty. `read` reads the sheet at an index.
pub(crate) fn choose<'a>(
    path: &'a Path,
    sheets: &[SheetEntry],
    options: &ReadOptions<'a>,
    read: &mut dyn FnMut(usize) -> Result<TableBuilder<'a>, SheetError>,
) -> Result<Sheet, SheetError> {
    if let Some(requested) = options.sheet {
        let Some(at) = sheets.iter().position(|entry| entry.name.trim() == requested.trim()) else {
            return Err(SheetError::NoSheet {
                path: path.to_owned(),
                kind: "sheet",
                requested: requested.to_owned(),
                present: sheets.iter().map(|entry| entry.name.clone()).collect(),
            });
        };
        let mut sheet = read(at)?.finish()?;
        sheet.name.clone_from(&sheets[at].name);
        return Ok(sheet);
    }
    let mut first: Option<(usize, Result<Sheet, SheetError>)> = None;
    let visible = (0..sheets.len()).filter(|at| sheets[*at].is_visible).take(MAX_EXAMINED);
    for at in visible {
        let table = match read(at) {
            Ok(table) if table.is_empty() => continue,
            Ok(table) => table.finish(),
            Err(error) => Err(error),
        };
        let fits = match (&table, options.expected) {
            (Ok(sheet), Some(expected)) => expected.suffices(sheet),
            (Ok(_), None) => true,
            (Err(_), _) => false,
        };
        if fits {
            let mut sheet = with_remark(table?, sheets, at, first.is_some());
            sheet.unread_sheets = unread_sheets(&sheet, sheets, at, read);
            return Ok(sheet);
        }
        first.get_or_insert((at, table));
    }
    match first {
        Some((at, table)) => table.map(|sheet| with_remark(sheet, sheets, at, false)),
        None => Err(SheetError::Empty { path: path.to_owned(), what: "the visible sheets".to_owned() }),
    }
}

/// The sheets after the one at `at` with the same header: they contain further rows of the same list.
fn unread_sheets<'a>(
    sheet: &Sheet,
    sheets: &[SheetEntry],
    at: usize,
    read: &mut dyn FnMut(usize) -> Result<TableBuilder<'a>, SheetError>,
) -> Vec<UnreadSheet> {
    let mut unread = Vec::new();
    for other in (at + 1..sheets.len()).filter(|other| sheets[*other].is_visible).take(MAX_EXAMINED) {
        // A sheet that is not a table cannot be part of the list.
        let Some(table) = read(other).ok().and_then(|table| table.finish().ok()) else { continue };
        if table.columns == sheet.columns {
            let rows = table.len() + table.rejected.len();
            unread.push(UnreadSheet { name: sheets[other].name.clone(), rows });
        }
    }
    unread
}

/// Names the sheet that was read and, in a remark, the others.
fn with_remark(mut sheet: Sheet, sheets: &[SheetEntry], at: usize, skipped_earlier: bool) -> Sheet {
    let name = &sheets[at].name;
    sheet.name.clone_from(name);
    if sheets.len() > 1 {
        let others: Vec<&str> =
            (0..sheets.len()).filter(|other| *other != at).map(|other| sheets[other].name.as_str()).collect();
        let reason = if skipped_earlier { ", the first with known columns" } else { "" };
        sheet
            .remarks
            .push(format!("sheet `{name}` was read{reason}; there is also `{}`", others.join("`, `")));
    }
    sheet
}
