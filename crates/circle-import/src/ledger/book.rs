//! What a workbook says beside its cells: where each sheet's headings may be, what is hidden, which cells are merged and
//! which hold formulas without values.

use super::TopRow;
use crate::own::{OwnError, sheet_tops};
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A sheet, looked over before it is read.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) is_hidden: bool,
    /// Whether any cell of it holds anything.
    pub(super) has_rows: bool,
    /// The texts of its first rows.
    pub(super) top: Vec<TopRow>,
    /// Cells that hold a formula and no value: row, as people count, and column, from 0.
    pub(super) hollow: Vec<(u32, usize)>,
    /// By column, then by row.
    merges: Vec<Merge>,
}

/// A cell that is merged over several rows, which count from 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    column: usize,
    pub(super) first: u32,
    last: u32,
}

/// Rows in which headings are looked for.
pub(super) const ROWS_OF_A_TOP: u32 = 40;
/// No file is larger; see the reader of own files.
const MOST_BYTES: u64 = 1 << 31;
/// Cells that cannot be read; the reader of tables says them.
const MOST_FAULTS: usize = 1_000;
/// Cells without values that are remembered.
const MOST_HOLLOW: usize = 100_000;

impl Page {
    /// The merged cell that a cell is part of.
    pub(super) fn merge_at(&self, column: usize, row: u32) -> Option<Merge> {
        let after = self.merges.partition_point(|merge| (merge.column, merge.first) <= (column, row));
        let merge = self.merges[after.checked_sub(1)?];
        (merge.column == column && row <= merge.last).then_some(merge)
    }
}

/// The sheets of a workbook, hidden ones too.
///
/// # Errors
/// When it cannot be read.
pub(super) fn pages(path: &Path) -> Result<Vec<Page>, OwnError> {
    // What is damaged, or unpacks to more than is ever read, is refused here.
    sheet_tops(path)?;
    let failed = |what: String| OwnError::File { path: path.to_owned(), what };
    let bytes =
        circle_model::files::read_whole(path, MOST_BYTES).map_err(|error| failed(error.to_string()))?;
    // The reader of workbooks is not proof against each damage.
    let looked = catch_unwind(AssertUnwindSafe(|| look(&bytes)));
    looked.unwrap_or_else(|_| Err("it is damaged; open it and save it again".to_owned())).map_err(failed)
}

fn look(bytes: &[u8]) -> Result<Vec<Page>, String> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<(String, bool)> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect();
    Ok(sheets.into_iter().map(|(name, is_hidden)| look_over(&mut book, name, is_hidden)).collect())
}

fn look_over(book: &mut Xlsx<Cursor<&[u8]>>, name: String, is_hidden: bool) -> Page {
    let mut page = Page { name, is_hidden, ..Page::default() };
    let merged = book.merge_cells_by_sheet_name(&page.name).unwrap_or_default();
    page.merges = merged.iter().filter_map(tall).collect();
    page.merges.sort_unstable_by_key(|merge| (merge.column, merge.first));
    // Of sheets that are shown, what cannot be opened was refused before.
    let Ok(mut cells) = book.worksheet_cells_reader(&page.name) else { return page };
    let mut faults = 0;
    loop {
        let cell = match cells.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Err(_) if faults < MOST_FAULTS => {
                faults += 1;
                continue;
            }
            Ok(None) | Err(_) => break,
        };
        let (number, column) = (cell.pos.0.saturating_add(1), cell.pos.1 as usize);
        let is_empty = cell.value == DataRef::Empty;
        if cell.formula.is_some() && is_empty && page.hollow.len() < MOST_HOLLOW {
            page.hollow.push((number, column));
        }
        page.has_rows |= !is_empty;
        let text = match &cell.value {
            DataRef::String(text) => text.as_str(),
            DataRef::SharedString(text) => *text,
            _ => continue,
        };
        if number > ROWS_OF_A_TOP || text.trim().is_empty() {
            continue;
        }
        let text = text.trim().to_owned();
        match page.top.last_mut() {
            Some(row) if row.number == number => row.cells.push(text),
            _ => page.top.push(TopRow { number, cells: vec![text] }),
        }
    }
    page
}

/// A merged cell, where it is of several rows.
fn tall(merged: &Dimensions) -> Option<Merge> {
    let (first, last) = (merged.start.0.saturating_add(1), merged.end.0.saturating_add(1));
    (last > first).then_some(Merge { column: merged.start.1 as usize, first, last })
}
