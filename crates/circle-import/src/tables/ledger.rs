//! A ledger of problems 问题台账 that an office has filled in.

mod date;
mod fates;
mod headings;
mod remarks;
mod rows;
#[cfg(test)]
mod tests;

pub use rows::LedgerRow;

use crate::own::OwnError;
use circle_sheet::{PREVIEW_ROWS, PreviewRow, ReadOptions, read_previews, read_sheet};
use headings::{SheetHeading, find_header};
use remarks::Remarks;
use rows::read_rows;
use std::path::Path;

/// The contents of a ledger.
#[derive(Debug, Clone, Default)]
pub struct FilledLedger {
    /// Its rows, sheet by sheet.
    pub rows: Vec<LedgerRow>,
    /// Remarks on skipped or changed parts: sheets first, then rows, then deadlines that are not dates.
    pub remarks: Vec<String>,
}

/// Reads a ledger: a workbook (`.xlsx`, `.xlsm`), whose ledger may be on several sheets, or a CSV file.
/// Columns are found by their headings, in any order, and other columns are ignored. Remarks name sheets that
/// were not read.
///
/// # Errors
/// If the file cannot be read, or contains no ledger.
pub fn read_ledger(path: &Path) -> Result<FilledLedger, OwnError> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let mut remarks = Remarks::default();
    let found = match extension.as_deref() {
        Some("xlsx" | "xlsm") => read_workbook(path, &mut remarks)?,
        Some("csv") => read_csv(path, &mut remarks)?,
        _ => {
            // Only one sheet of other workbooks would be read.
            let what = "a ledger is read from .xlsx, .xlsm and .csv; open the file in Excel or WPS and save it as .xlsx";
            return Err(OwnError::File { path: path.to_owned(), what: what.to_owned() });
        }
    };
    let why = match found {
        Ok(rows) => return Ok(FilledLedger { rows, remarks: remarks.lines() }),
        Err(why) => why,
    };
    let what = format!(
        "no ledger in it: it needs the columns 小区 (compound_name) or 小区编号 (compound_id), 缺口条目 (line) and one of \
         整改措施 (measure), 责任人 (responsible), 完成时限 (deadline), 进展 (status); {}",
        if why.is_empty() { "it is empty" } else { &why }
    );
    Err(OwnError::File { path: path.to_owned(), what })
}

/// Reads every visible sheet with the headings of a ledger; or the reason why there is none.
fn read_workbook(path: &Path, remarks: &mut Remarks) -> Result<Result<Vec<LedgerRow>, String>, OwnError> {
    let mut rows = Vec::new();
    let mut found = false;
    for preview in read_previews(path)? {
        match find_header(&preview.rows) {
            _ if preview.is_empty => {}
            Ok(_) if preview.is_hidden => {
                let why =
                    "it is hidden; show it in Excel or WPS and save the file, if its rows are to be read";
                remarks.skip_sheet(preview.name, why.to_owned());
            }
            Ok(number) => {
                found = true;
                let heading = SheetHeading { sheet: Some(&preview.name), header_row: Some(number) };
                read_rows(path, heading, &mut rows, remarks)?;
            }
            Err(why) => remarks.skip_sheet(preview.name, why),
        }
    }
    Ok(if found { Ok(rows) } else { Err(remarks.reasons()) })
}

fn read_csv(path: &Path, remarks: &mut Remarks) -> Result<Result<Vec<LedgerRow>, String>, OwnError> {
    let header_row = match header_of_csv(path)? {
        Ok(header_row) => header_row,
        Err(why) => return Ok(Err(why)),
    };
    let mut rows = Vec::new();
    read_rows(path, SheetHeading { sheet: None, header_row }, &mut rows, remarks)?;
    Ok(Ok(rows))
}

/// The row of the headings in a CSV file, `None` for the row that the reader finds; or the reason why there
/// is none.
fn header_of_csv(path: &Path) -> Result<Result<Option<u32>, String>, OwnError> {
    let table = read_sheet(path, &ReadOptions::default())?;
    let rejected = table.rejected.iter().map(|rejected| rejected.row);
    let rows = (0..table.len()).take_while(|row| table.number(*row) <= PREVIEW_ROWS);
    let first = rejected.clone().chain(rows.clone().map(|row| table.number(row))).min();
    // The reader does not return the row of the header, which is above all rows.
    let number = first.unwrap_or(0).saturating_sub(1);
    let mut top = vec![PreviewRow { number, cells: table.columns.clone() }];
    top.extend(rows.map(|row| PreviewRow {
        number: table.number(row),
        cells: (0..table.columns.len()).map(|column| table.cell(row, column).to_owned()).collect(),
    }));
    let why = match find_header(&top) {
        Ok(found) => return Ok(Ok((found != number).then_some(found))),
        Err(why) => why,
    };
    // If a shorter row is above it, the header and all rows of its length were rejected.
    for number in rejected.filter(|number| *number <= PREVIEW_ROWS) {
        let options = ReadOptions { header_row: Some(number), ..ReadOptions::default() };
        if let Ok(table) = read_sheet(path, &options)
            && find_header(&[PreviewRow { number, cells: table.columns.clone() }]).is_ok()
        {
            return Ok(Ok(Some(number)));
        }
    }
    Ok(Err(why))
}
