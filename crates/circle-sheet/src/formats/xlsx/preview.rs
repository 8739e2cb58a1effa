//! The first rows of every sheet of a workbook, for the choice of a sheet.

use super::{FORMAT, catch_panics, check_archive, damaged, text_of};
use crate::build::builder::MAX_COLUMNS;
use crate::error::SheetError;
use crate::source::file::read_bytes;
use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use std::io::Cursor;
use std::path::Path;

/// The first rows of a sheet of a workbook.
#[derive(Debug, Default)]
pub struct SheetPreview {
    /// The name of the sheet.
    pub name: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Whether it has no filled cell.
    pub is_empty: bool,
    /// The rows with filled cells among its first [`PREVIEW_ROWS`].
    pub rows: Vec<PreviewRow>,
}

/// The filled cells of a row, as text.
#[derive(Debug)]
pub struct PreviewRow {
    /// The row's number in the spreadsheet, from 1.
    pub number: u32,
    /// Its filled cells, without their columns.
    pub cells: Vec<String>,
}

/// Count of rows of a sheet in a preview.
pub const PREVIEW_ROWS: u32 = 40;

/// The first rows of all sheets of a workbook (`.xlsx`, `.xlsm`), hidden ones included.
///
/// # Errors
/// If the file cannot be read or is not such a workbook.
pub fn read_previews(path: &Path) -> Result<Vec<SheetPreview>, SheetError> {
    let bytes = read_bytes(path)?;
    check_archive(path, &bytes)?;
    catch_panics(path, || parse_previews(path, &bytes))
}

fn parse_previews(path: &Path, bytes: &[u8]) -> Result<Vec<SheetPreview>, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<(String, bool)> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect();
    let mut previews = Vec::new();
    let mut scratch = String::new();
    for (name, is_hidden) in sheets {
        let mut preview = SheetPreview { name, is_hidden, is_empty: true, rows: Vec::new() };
        match book.worksheet_cells_reader(&preview.name) {
            Ok(mut cells) => {
                while let Ok(Some(cell)) = cells.next_cell() {
                    let (row, column) = cell.get_position();
                    let text = text_of(cell.get_value(), &mut scratch).trim();
                    preview.is_empty &= text.is_empty();
                    if row >= PREVIEW_ROWS && !preview.is_empty {
                        break;
                    }
                    if !text.is_empty() && row < PREVIEW_ROWS && (column as usize) < MAX_COLUMNS {
                        add_cell(&mut preview.rows, row + 1, text);
                    }
                }
            }
            // A hidden sheet that is damaged is listed as empty.
            Err(_) if is_hidden => {}
            Err(error) => {
                return Err(SheetError::damaged_sheet(path, FORMAT, &preview.name, error.to_string()));
            }
        }
        previews.push(preview);
    }
    Ok(previews)
}

fn add_cell(rows: &mut Vec<PreviewRow>, number: u32, text: &str) {
    match rows.last_mut() {
        Some(row) if row.number == number => row.cells.push(text.to_owned()),
        _ => rows.push(PreviewRow { number, cells: vec![text.to_owned()] }),
    }
}
