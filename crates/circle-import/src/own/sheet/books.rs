//! Which sheet of a workbook is read.

use super::error::SheetError;
use super::table::Table;
use super::{Sheet, SheetOptions};
use std::path::Path;

/// So many sheets are looked at for one that is not empty.
const MOST_SHEETS: usize = 20;

/// A sheet by its name, and whether it is shown.
pub(super) type Named = (String, bool);

/// Reads the sheet that is asked for, else the first that is shown and has columns that are known, else the first that
/// holds anything: instructions often come first.
pub(super) fn choose<'a>(
    path: &'a Path,
    sheets: &[Named],
    options: &SheetOptions<'a>,
    read: &mut dyn FnMut(usize) -> Result<Table<'a>, SheetError>,
) -> Result<Sheet, SheetError> {
    if let Some(wanted) = options.layer {
        let Some(at) = sheets.iter().position(|(name, _)| name.trim() == wanted.trim()) else {
            let (kind, wanted) = ("sheet", wanted.to_owned());
            let present = sheets.iter().map(|(name, _)| name.clone()).collect();
            return Err(SheetError::NoLayer { path: path.to_owned(), kind, wanted, present });
        };
        let mut sheet = read(at)?.finish()?;
        sheet.name.clone_from(&sheets[at].0);
        return Ok(sheet);
    }
    let mut first: Option<(usize, Result<Sheet, SheetError>)> = None;
    let shown = (0..sheets.len()).filter(|at| sheets[*at].1).take(MOST_SHEETS);
    for at in shown {
        let table = match read(at) {
            Ok(table) if table.is_empty() => continue,
            Ok(table) => table.finish(),
            Err(error) => Err(error),
        };
        let fits = match (&table, options.known) {
            (Ok(sheet), Some(known)) => known.suffices(sheet),
            (Ok(_), None) => true,
            (Err(_), _) => false,
        };
        if fits {
            let mut sheet = said(table?, sheets, at, first.is_some());
            sheet.unread = unread(&sheet, sheets, at, read);
            return Ok(sheet);
        }
        first.get_or_insert((at, table));
    }
    match first {
        Some((at, table)) => table.map(|sheet| said(sheet, sheets, at, false)),
        None => {
            Err(SheetError::Empty { path: path.to_owned(), what: "each sheet that is not hidden".to_owned() })
        }
    }
}

/// Sheets behind one that have its header and so hold rows of the same list, each with how many.
fn unread<'a>(
    sheet: &Sheet,
    sheets: &[Named],
    at: usize,
    read: &mut dyn FnMut(usize) -> Result<Table<'a>, SheetError>,
) -> Vec<(String, usize)> {
    let mut unread = Vec::new();
    for other in (at + 1..sheets.len()).filter(|other| sheets[*other].1).take(MOST_SHEETS) {
        // What cannot be read as a table is no part of the list.
        let Some(that) = read(other).ok().and_then(|table| table.finish().ok()) else { continue };
        if that.columns == sheet.columns {
            unread.push((sheets[other].0.clone(), that.len() + that.rejected.len()));
        }
    }
    unread
}

fn said(mut sheet: Sheet, sheets: &[Named], at: usize, passed: bool) -> Sheet {
    sheet.name.clone_from(&sheets[at].0);
    if sheets.len() > 1 {
        let others: Vec<&str> =
            (0..sheets.len()).filter(|other| *other != at).map(|other| sheets[other].0.as_str()).collect();
        let why = if passed { ", the first with columns that are known" } else { "" };
        let name = &sheets[at].0;
        sheet.said.push(format!("sheet `{name}` was read{why}; there is also `{}`", others.join("`, `")));
    }
    sheet
}
