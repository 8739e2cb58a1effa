//! Workbooks of Excel 97 to 2003 (`.xls`): records of [MS-XLS] in a container of [MS-CFB]. Not read by
//! calamine, which trusts the sizes that such a file declares.

mod bytes;
mod container;
mod texts;
mod values;

use crate::build::builder::MAX_COLUMNS;
use crate::build::cell::{column_letters, iso_time, write_number};
use crate::build::row::RowBuffer;
use crate::build::table::{SurplusCells, TableBuilder};
use crate::build::workbook::{SheetEntry, choose};
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::Sheet;
use bytes::{f64_at, u16_at, u32_at};
use calamine::{ExcelDateTime, ExcelDateTimeType};
use encoding_rs::GB18030;
use std::path::Path;
use texts::SharedTexts;
use values::{
    TextFormat, XlsCell, XlsValue, decode_rk, encoding_of_page, error_name, is_built_in_date, is_date,
};

/// Limit of bytes; above the size of sheets of 65,536 rows and some dozen columns.
const MAX_BYTES: usize = 128 << 20;
/// Limit of cells: a sheet of 65,536 rows and 256 columns.
const MAX_CELLS: usize = 1 << 24;
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads a workbook in the bytes of its file.
pub(crate) fn parse(path: &Path, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    if bytes.len() > MAX_BYTES {
        let what = format!("it has {} bytes; the limit for .xls is {MAX_BYTES}", bytes.len());
        return Err(SheetError::TooLarge { path: path.to_owned(), what });
    }
    if !bytes.starts_with(MAGIC) {
        let what = "a text or a web page with the extension of a workbook; open it in Excel or WPS and save it as .xlsx";
        return Err(damaged(path, what));
    }
    let stream = container::workbook(bytes).map_err(|what| damaged(path, what))?;
    let book = XlsBook::parse(&stream).map_err(|what| damaged(path, what))?;
    choose(path, &book.sheets, options, &mut |at| book.read_table(path, at, options))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a workbook", reason)
}

/// The records that all sheets share.
struct XlsBook<'a> {
    stream: &'a [u8],
    sheets: Vec<SheetEntry>,
    /// Position of each sheet in the stream.
    begins: Vec<usize>,
    texts: Vec<String>,
    /// Whether a cell format is a date, by its index in cells.
    is_date_format: Vec<bool>,
    /// Whether days count from 1904, as on old Macintoshes.
    from_1904: bool,
    text_format: TextFormat,
}

/// The type and content of a record.
type Record<'a> = (u16, &'a [u8]);

// Types of records, as [MS-XLS] numbers them.
const FORMULA: u16 = 0x0006;
const END: u16 = 0x000A;
const DATE_MODE: u16 = 0x0022;
const FILE_PASSWORD: u16 = 0x002F;
const CONTINUE: u16 = 0x003C;
const CODE_PAGE: u16 = 0x0042;
const SHEET: u16 = 0x0085;
const PACKED_NUMBERS: u16 = 0x00BD;
const RICH_TEXT: u16 = 0x00D6;
const CELL_FORMAT: u16 = 0x00E0;
const MERGED_CELLS: u16 = 0x00E5;
const SHARED_TEXTS: u16 = 0x00FC;
const SHARED_TEXT: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const TEXT: u16 = 0x0204;
const BOOL_OR_ERROR: u16 = 0x0205;
const FORMULA_TEXT: u16 = 0x0207;
const PACKED_NUMBER: u16 = 0x027E;
const NUMBER_FORMAT: u16 = 0x041E;
const BEGIN: u16 = 0x0809;

/// The records from a position on.
fn records(stream: &[u8], begin: usize) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream.get(begin..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, u16_at(rest, 2)? as usize);
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, data))
    })
}

impl<'a> XlsBook<'a> {
    /// Parses the records before the first sheet.
    fn parse(stream: &'a [u8]) -> Result<Self, String> {
        let mut book = Self {
            stream,
            sheets: Vec::new(),
            begins: Vec::new(),
            texts: Vec::new(),
            is_date_format: Vec::new(),
            from_1904: false,
            text_format: TextFormat { is_unicode: true, encoding: GB18030 },
        };
        let mut date_formats = std::collections::HashMap::new();
        let mut formats = Vec::new();
        // The record of shared texts continues in the records that follow.
        let mut segments: Vec<&[u8]> = Vec::new();
        let mut is_in_texts = false;
        for (kind, data) in records(stream, 0) {
            is_in_texts &= kind == CONTINUE;
            match kind {
                BEGIN => match u16_at(data, 0) {
                    Some(0x0600) => book.text_format.is_unicode = true,
                    Some(0x0500) => book.text_format.is_unicode = false,
                    _ => return Err("it is of a version before Excel 5; save it as .xlsx".to_owned()),
                },
                FILE_PASSWORD if u16_at(data, 0).is_some() => {
                    return Err("it has a password; save it without one".to_owned());
                }
                CODE_PAGE => {
                    book.text_format.encoding = encoding_of_page(u16_at(data, 0).unwrap_or_default());
                }
                DATE_MODE => book.from_1904 = u16_at(data, 0) == Some(1),
                NUMBER_FORMAT => {
                    let format = data.get(2..).and_then(|text| book.text_format.long_text(text));
                    let is_date = is_date(&format.unwrap_or_default());
                    date_formats.insert(u16_at(data, 0).unwrap_or_default(), is_date);
                }
                CELL_FORMAT => formats.push(u16_at(data, 2).unwrap_or_default()),
                // Sheets of cells, not charts.
                SHEET if data.get(5) == Some(&0) => {
                    let name = data.get(6..).and_then(|text| book.text_format.short_text(text));
                    let is_visible = data[4].trailing_zeros() >= 6;
                    book.sheets.push(SheetEntry { name: name.unwrap_or_default(), is_visible });
                    book.begins.push(u32_at(data, 0).unwrap_or(u32::MAX) as usize);
                }
                SHARED_TEXTS => {
                    segments.push(data);
                    is_in_texts = true;
                }
                CONTINUE if is_in_texts => segments.push(data),
                END => break,
                _ => {}
            }
        }
        book.texts = SharedTexts::new(segments).collect_all();
        let is_date_format =
            |format: u16| date_formats.get(&format).copied().unwrap_or_else(|| is_built_in_date(format));
        book.is_date_format = formats.into_iter().map(is_date_format).collect();
        Ok(book)
    }

    fn read_table<'b>(
        &self,
        path: &'b Path,
        sheet: usize,
        options: &ReadOptions<'b>,
    ) -> Result<TableBuilder<'b>, SheetError> {
        let what = format!("sheet `{}`", self.sheets[sheet].name);
        let mut table = TableBuilder::new(path, what, options, SurplusCells::Ignore);
        for (column, first, last) in self.merged_cells(self.begins[sheet]) {
            table.merge(usize::from(column), u32::from(first) + 1, u32::from(last) + 1);
        }
        let mut cells = self.cells(self.begins[sheet]);
        // A stable sort: of several values of one cell the last in the file is used.
        cells.sort_by_key(|cell| (cell.row, cell.column));
        let mut row = RowBuffer::default();
        let mut scratch = String::new();
        for (at, cell) in cells.iter().enumerate() {
            if cells.get(at + 1).is_some_and(|next| (next.row, next.column) == (cell.row, cell.column)) {
                continue;
            }
            let number = u32::from(cell.row) + 1;
            if number > row.number {
                if row.number > 0 {
                    table.take(&mut row)?;
                }
                row.start(number);
            }
            let column = usize::from(cell.column);
            if column >= MAX_COLUMNS {
                table.remark_on_row("cells beyond column 1000 were skipped");
                continue;
            }
            while row.len() < column {
                row.push("");
            }
            scratch.clear();
            let text = match &cell.value {
                XlsValue::Number(number, format) => {
                    self.write_number(*number, *format, &mut scratch);
                    scratch.as_str()
                }
                XlsValue::SharedText(at) => {
                    self.texts.get(*at as usize).map(String::as_str).unwrap_or_default()
                }
                XlsValue::Text(text) => text.as_str(),
                XlsValue::Bool(true) => "true",
                XlsValue::Bool(false) => "false",
                XlsValue::Error(code) => {
                    let (address, error) = (column_letters(column), error_name(*code));
                    let reason = format!("cell {address}{number} is the error {error}; repair its formula");
                    row.fail(Some(column), reason);
                    ""
                }
            };
            row.push(text);
        }
        if row.number > 0 {
            table.take(&mut row)?;
        }
        Ok(table)
    }

    /// The cells of the sheet at a position of the stream.
    fn cells(&self, begin: usize) -> Vec<XlsCell> {
        let mut cells = Vec::new();
        let mut depth = 0usize;
        // The cell of a formula whose text is in the next record.
        let mut pending: Option<(u16, u16)> = None;
        for (kind, data) in records(self.stream, begin) {
            if cells.len() > MAX_CELLS {
                break;
            }
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                // Records of a chart within the sheet.
                _ if depth > 1 => {}
                FORMULA_TEXT => {
                    let text = self.text_format.long_text(data);
                    if let (Some((row, column)), Some(text)) = (pending.take(), text) {
                        cells.push(XlsCell { row, column, value: XlsValue::Text(text) });
                    }
                }
                _ => {
                    if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                        let has_text_next = self.add_cells(kind, data, row, column, &mut cells);
                        pending = has_text_next.then_some((row, column)).or(pending);
                    }
                }
            }
        }
        cells
    }

    /// Column, first row and last row of each merged cell.
    fn merged_cells(&self, begin: usize) -> Vec<(u16, u16, u16)> {
        let mut merged = Vec::new();
        let mut depth = 0usize;
        for (kind, data) in records(self.stream, begin) {
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                MERGED_CELLS if depth == 1 => {
                    for range in data.get(2..).unwrap_or_default().chunks_exact(8) {
                        if let (Some(first), Some(last), Some(column)) =
                            (u16_at(range, 0), u16_at(range, 2), u16_at(range, 4))
                        {
                            merged.push((column, first, last));
                        }
                    }
                }
                _ => {}
            }
        }
        merged
    }

    /// Adds the cells of a record; `true` if the next record contains the text of the cell.
    fn add_cells(&self, kind: u16, data: &[u8], row: u16, column: u16, cells: &mut Vec<XlsCell>) -> bool {
        let format = u16_at(data, 4).unwrap_or_default();
        let value = match kind {
            NUMBER => f64_at(data, 6).map(|number| XlsValue::Number(number, format)),
            PACKED_NUMBER => u32_at(data, 6).map(|packed| XlsValue::Number(decode_rk(packed), format)),
            SHARED_TEXT => u32_at(data, 6).map(XlsValue::SharedText),
            TEXT | RICH_TEXT => {
                data.get(6..).and_then(|text| self.text_format.long_text(text)).map(XlsValue::Text)
            }
            BOOL_OR_ERROR => match data.get(6..8) {
                Some([value, 0]) => Some(XlsValue::Bool(*value != 0)),
                Some([code, _]) => Some(XlsValue::Error(*code)),
                _ => None,
            },
            PACKED_NUMBERS => {
                let packed = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (at, pair) in packed.chunks_exact(6).enumerate() {
                    let column = column.saturating_add(at as u16);
                    let value = XlsValue::Number(
                        decode_rk(u32_at(pair, 2).unwrap_or_default()),
                        u16_at(pair, 0).unwrap_or_default(),
                    );
                    cells.push(XlsCell { row, column, value });
                }
                None
            }
            FORMULA => match data.get(6..14) {
                Some([0, _, _, _, _, _, 0xFF, 0xFF]) => return true,
                Some([1, _, value, _, _, _, 0xFF, 0xFF]) => Some(XlsValue::Bool(*value != 0)),
                Some([2, _, code, _, _, _, 0xFF, 0xFF]) => Some(XlsValue::Error(*code)),
                Some([_, _, _, _, _, _, 0xFF, 0xFF]) => None,
                _ => f64_at(data, 6).map(|number| XlsValue::Number(number, format)),
            },
            _ => None,
        };
        cells.extend(value.map(|value| XlsCell { row, column, value }));
        false
    }

    /// Appends a number, or a date if its format is one.
    fn write_number(&self, number: f64, format: u16, text: &mut String) {
        if self.is_date_format.get(usize::from(format)).copied().unwrap_or(false)
            && (0.0..2_958_466.0).contains(&number)
        {
            let time = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, self.from_1904);
            text.push_str(&iso_time(&time));
        } else {
            write_number(number, text);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
