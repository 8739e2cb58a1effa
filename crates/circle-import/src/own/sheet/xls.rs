//! Workbooks of Excel 97 to 2003 (`.xls`): records of [MS-XLS] in a container of [MS-CFB]. Read here and not by calamine,
//! which believes what such a file says of its size.

mod container;
mod texts;

use super::books::{Named, choose};
use super::error::{SheetError, read_bytes};
use super::table::{Extra, Table, letters};
use super::xlsx::iso;
use super::{MOST_COLUMNS, Row, Sheet, SheetOptions, write_number};
use calamine::{ExcelDateTime, ExcelDateTimeType};
use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};
use std::path::Path;
use texts::Segments;

/// Sheets of 65,536 rows and some dozen columns have less.
const MOST_BYTES: usize = 128 << 20;
/// A sheet has no more.
const MOST_CELLS: usize = 1 << 24;
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"PK") {
        return super::xlsx::read(path, options);
    }
    read_bytes_of(path, &bytes, options)
}

/// Reads a container, whatever its file is called.
pub(super) fn read_bytes_of(path: &Path, bytes: &[u8], options: &SheetOptions) -> Result<Sheet, SheetError> {
    if bytes.len() > MOST_BYTES {
        let what =
            format!("{} bytes are more than the {MOST_BYTES} that are read of an old workbook", bytes.len());
        return Err(SheetError::TooLarge { path: path.to_owned(), what });
    }
    if !bytes.starts_with(MAGIC) {
        let what =
            "a text or a web page under the ending of one; open it in Excel or WPS and save it as .xlsx";
        return Err(damaged(path, what));
    }
    let stream = container::workbook(bytes).map_err(|what| damaged(path, what))?;
    let book = Book::of(&stream).map_err(|what| damaged(path, what))?;
    let sheets: Vec<Named> = book.sheets.iter().map(|sheet| (sheet.name.clone(), sheet.shown)).collect();
    choose(path, &sheets, options, &mut |at| book.read_table(path, &book.sheets[at], options))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a workbook", reason)
}

/// What is common to all sheets.
struct Book<'a> {
    stream: &'a [u8],
    sheets: Vec<Place>,
    texts: Vec<String>,
    /// Whether numbers of each format are dates, by the format's number in cells.
    dates: Vec<bool>,
    from_1904: bool,
    form: Form,
}

/// Where a sheet begins.
struct Place {
    name: String,
    shown: bool,
    begin: usize,
}

/// How texts are written.
#[derive(Clone, Copy)]
struct Form {
    /// Excel 97 and later: UTF-16, or its lower halves.
    wide: bool,
    encoding: &'static Encoding,
}

/// A record: its kind, and what it holds.
type Record<'a> = (u16, &'a [u8]);

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;

/// The records from some byte on.
fn records(stream: &[u8], begin: usize) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream.get(begin..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, u16_at(rest, 2)? as usize);
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, data))
    })
}

impl<'a> Book<'a> {
    fn of(stream: &'a [u8]) -> Result<Self, String> {
        let mut book = Self {
            stream,
            sheets: Vec::new(),
            texts: Vec::new(),
            dates: Vec::new(),
            from_1904: false,
            form: Form { wide: true, encoding: GB18030 },
        };
        let mut date_formats = std::collections::HashMap::new();
        let mut formats = Vec::new();
        // The texts go on in the records that follow theirs.
        let mut segments: Vec<&[u8]> = Vec::new();
        let mut is_in_texts = false;
        for (kind, data) in records(stream, 0) {
            is_in_texts &= kind == CONTINUE;
            match kind {
                BEGIN => match u16_at(data, 0) {
                    Some(0x0600) => book.form.wide = true,
                    Some(0x0500) => book.form.wide = false,
                    _ => return Err("it is of a version before Excel 5; save it as .xlsx".to_owned()),
                },
                0x002F if u16_at(data, 0).is_some() => {
                    return Err("it is under a password; save it without one".to_owned());
                }
                0x0042 => book.form.encoding = code_page(u16_at(data, 0).unwrap_or_default()),
                0x0022 => book.from_1904 = u16_at(data, 0) == Some(1),
                0x041E => {
                    let words = data.get(2..).and_then(|text| book.form.long(text)).unwrap_or_default();
                    date_formats.insert(u16_at(data, 0).unwrap_or_default(), is_date(&words));
                }
                0x00E0 => formats.push(u16_at(data, 2).unwrap_or_default()),
                // Sheets of cells; charts are none.
                0x0085 if data.get(5) == Some(&0) => {
                    let begin = u32_at(data, 0).unwrap_or(u32::MAX) as usize;
                    let name = data.get(6..).and_then(|text| book.form.short(text)).unwrap_or_default();
                    book.sheets.push(Place { name, shown: data[4].trailing_zeros() >= 6, begin });
                }
                0x00FC => {
                    segments.push(data);
                    is_in_texts = true;
                }
                CONTINUE if is_in_texts => segments.push(data),
                END => break,
                _ => {}
            }
        }
        book.texts = Segments::new(segments).texts();
        let is_date_format =
            |format: u16| date_formats.get(&format).copied().unwrap_or_else(|| is_built_in_date(format));
        book.dates = formats.into_iter().map(is_date_format).collect();
        Ok(book)
    }

    fn read_table<'b>(
        &self,
        path: &'b Path,
        sheet: &Place,
        options: &SheetOptions<'b>,
    ) -> Result<Table<'b>, SheetError> {
        let mut table = Table::new(path, format!("sheet `{}`", sheet.name), options, Extra::Notes);
        for (column, first, last) in self.merged(sheet.begin) {
            table.merge(usize::from(column), u32::from(first) + 1, u32::from(last) + 1);
        }
        let mut cells = self.cells(sheet.begin);
        // In the order of the file where a cell is there twice: the last counts.
        cells.sort_by_key(|cell| (cell.row, cell.column));
        let mut row = Row::default();
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
            if column >= MOST_COLUMNS {
                table.say_of_row("cells beyond column 1000 were passed over");
                continue;
            }
            while row.len() < column {
                row.push("");
            }
            scratch.clear();
            let text = match &cell.value {
                Value::Number(number, format) => {
                    self.write(*number, *format, &mut scratch);
                    scratch.as_str()
                }
                Value::Text(at) => self.texts.get(*at as usize).map(String::as_str).unwrap_or_default(),
                Value::Own(text) => text.as_str(),
                Value::Bool(true) => "true",
                Value::Bool(false) => "false",
                Value::Error(code) => {
                    let error = error_word(*code);
                    let what =
                        format!("cell {}{number} is the error {error}; repair its formula", letters(column));
                    row.fail(Some(column), what);
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

    fn cells(&self, begin: usize) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut depth = 0usize;
        // The formula whose text the next record holds.
        let mut waits: Option<(u16, u16)> = None;
        for (kind, data) in records(self.stream, begin) {
            if cells.len() > MOST_CELLS {
                break;
            }
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                // A chart within the sheet.
                _ if depth > 1 => {}
                0x0207 => {
                    if let (Some((row, column)), Some(text)) = (waits.take(), self.form.long(data)) {
                        cells.push(Cell { row, column, value: Value::Own(text) });
                    }
                }
                _ => {
                    if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                        waits =
                            self.cell(kind, data, row, column, &mut cells).then_some((row, column)).or(waits);
                    }
                }
            }
        }
        cells
    }

    /// Cells that are merged over several rows: the column, the first row and the last.
    fn merged(&self, begin: usize) -> Vec<(u16, u16, u16)> {
        let mut merged = Vec::new();
        let mut depth = 0usize;
        for (kind, data) in records(self.stream, begin) {
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                0x00E5 if depth == 1 => {
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

    /// Takes the cells of a record; true where the next record holds the text of it.
    fn cell(&self, kind: u16, data: &[u8], row: u16, column: u16, cells: &mut Vec<Cell>) -> bool {
        let format = u16_at(data, 4).unwrap_or_default();
        let value = match kind {
            0x0203 => f64_at(data, 6).map(|number| Value::Number(number, format)),
            0x027E => u32_at(data, 6).map(|packed| Value::Number(unpacked(packed), format)),
            0x00FD => u32_at(data, 6).map(Value::Text),
            0x0204 | 0x00D6 => data.get(6..).and_then(|text| self.form.long(text)).map(Value::Own),
            0x0205 => match data.get(6..8) {
                Some([value, 0]) => Some(Value::Bool(*value != 0)),
                Some([code, _]) => Some(Value::Error(*code)),
                _ => None,
            },
            0x00BD => {
                let packed = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (at, pair) in packed.chunks_exact(6).enumerate() {
                    let column = column.saturating_add(at as u16);
                    let value = Value::Number(
                        unpacked(u32_at(pair, 2).unwrap_or_default()),
                        u16_at(pair, 0).unwrap_or_default(),
                    );
                    cells.push(Cell { row, column, value });
                }
                None
            }
            0x0006 => match data.get(6..14) {
                Some([0, _, _, _, _, _, 0xFF, 0xFF]) => return true,
                Some([1, _, value, _, _, _, 0xFF, 0xFF]) => Some(Value::Bool(*value != 0)),
                Some([2, _, code, _, _, _, 0xFF, 0xFF]) => Some(Value::Error(*code)),
                Some([_, _, _, _, _, _, 0xFF, 0xFF]) => None,
                _ => f64_at(data, 6).map(|number| Value::Number(number, format)),
            },
            _ => None,
        };
        cells.extend(value.map(|value| Cell { row, column, value }));
        false
    }

    fn write(&self, number: f64, format: u16, text: &mut String) {
        if self.dates.get(usize::from(format)).copied().unwrap_or(false)
            && (0.0..2_958_466.0).contains(&number)
        {
            let time = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, self.from_1904);
            text.push_str(&iso(&time));
        } else {
            write_number(number, text);
        }
    }
}

struct Cell {
    row: u16,
    column: u16,
    value: Value,
}

enum Value {
    /// A number, and its format.
    Number(f64, u16),
    /// One of the texts that all sheets share.
    Text(u32),
    Own(String),
    Bool(bool),
    Error(u8),
}

impl Form {
    /// A text whose length is two bytes.
    fn long(self, data: &[u8]) -> Option<String> {
        let length = usize::from(u16_at(data, 0)?);
        self.text(length, data.get(2..)?)
    }

    /// A text whose length is one byte.
    fn short(self, data: &[u8]) -> Option<String> {
        self.text(usize::from(*data.first()?), data.get(1..)?)
    }

    fn text(self, length: usize, data: &[u8]) -> Option<String> {
        if !self.wide {
            let bytes = data.get(..length.min(data.len()))?;
            return Some(self.encoding.decode_without_bom_handling(bytes).0.into_owned());
        }
        let (flags, rest) = data.split_first()?;
        let units: Vec<u16> = if flags & 1 == 0 {
            rest.iter().take(length).map(|byte| u16::from(*byte)).collect()
        } else {
            rest.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
        };
        Some(String::from_utf16_lossy(&units))
    }
}

fn code_page(number: u16) -> &'static Encoding {
    match number {
        950 => BIG5,
        932 => SHIFT_JIS,
        1252 => WINDOWS_1252,
        _ => GB18030,
    }
}

/// A number in four bytes: a whole one or the upper half of a float, perhaps a hundredfold.
fn unpacked(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed as i32 >> 2)
    };
    if packed & 1 == 0 { number } else { number / 100.0 }
}

fn error_word(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

fn is_built_in_date(format: u16) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format is of a date or time: it has letters for them outside of quotes and brackets.
fn is_date(format: &str) -> bool {
    let mut inside = None;
    format.chars().any(|c| {
        match (inside, c) {
            (Some(end), c) if c == end => inside = None,
            (Some(_), _) => {}
            (None, '"') => inside = Some('"'),
            (None, '[') => inside = Some(']'),
            (None, c) => return matches!(c.to_ascii_lowercase(), 'y' | 'd' | 'h' | 's' | '年' | '月' | '日'),
        }
        false
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?)).filter(|number| number.is_finite())
}

#[cfg(test)]
pub(super) mod tests;
