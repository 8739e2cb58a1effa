//! The common form of all files: cells as text, shapes in the file's own coordinates, and what went wrong by row.

mod books;
mod csv;
mod dbf;
mod encoding;
mod error;
mod geojson;
mod geopackage;
#[cfg(test)]
mod hostile;
mod kml;
mod ods;
mod parts;
mod shapefile;
mod table;
mod xls;
mod xlsx;
mod xml;

pub(crate) use error::SheetError;
pub(crate) use xlsx::{ROWS_OF_A_TOP, SheetTop, TopRow, tops};

use super::columns::{Known, joined};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Reads a file of the kind that its ending says.
pub(crate) fn read_sheet(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "csv" | "tsv" | "txt" => csv::read(path, options),
        "xlsx" | "xlsm" => xlsx::read(path, options),
        "xls" | "et" => xls::read(path, options),
        "ods" => ods::read(path, options),
        "kml" | "kmz" => kml::read(path, options),
        "geojson" | "json" | "geojsonl" | "ndjson" => geojson::read(path, options),
        "gpkg" => geopackage::read(path, options),
        "shp" => shapefile::read(path, options),
        _ => Err(SheetError::Ending { path: path.to_owned(), ending }),
    }
}

/// A file as read: cells as text, geometry in the file's own coordinates.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) columns: Vec<String>,
    /// The heading above each column and its own, where the header has several rows.
    heads: Vec<[String; 2]>,
    /// One for each row; none at all in tables.
    pub(crate) shapes: Vec<Shape>,
    /// Rows that could not be read. Every row of the file is here or among those that [`len`](Self::len) counts.
    pub(crate) rejected: Vec<Rejected>,
    /// What the file says its coordinates are; nothing in tables and in GeoJSON as of RFC 7946.
    pub(crate) declared_crs: Option<Declared>,
    /// Whether cells hold formulas without values, as programs write them that cannot reckon.
    pub(crate) hollow: bool,
    /// Which these are, by row number and column, ascending; of many the first.
    hollow_cells: Vec<(u32, u32)>,
    /// The sheet of a workbook that was read; empty in other files.
    pub(crate) name: String,
    /// Sheets of the same workbook with the same header that were not read, each with its rows.
    pub(crate) unread: Vec<(String, usize)>,
    /// Those of the remarks that say what of the file is lost.
    pub(crate) lost: Vec<String>,
    /// Remarks of one line each: an encoding that was assumed, a layer that was taken of several.
    pub(crate) said: Vec<String>,
    numbers: Vec<u32>,
    /// All cells one after the other, row by row.
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    /// Where each row ends in `ends`; rows end with their last cell that holds anything.
    row_ends: Vec<u32>,
}

impl Sheet {
    /// A file without rows, and why it has none.
    pub(crate) fn empty(said: String) -> Self {
        Self { said: vec![said], ..Self::default() }
    }

    /// Rows that were read.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Where a person finds the row: its line or its row in the spreadsheet, the header counted;
    /// in files of features the how-manieth it is, from 1.
    pub(crate) fn number(&self, row: usize) -> u32 {
        self.numbers[row]
    }

    /// A cell without the blanks around it; empty where there is none.
    pub(crate) fn cell(&self, row: usize, column: usize) -> &str {
        let first = if row == 0 { 0 } else { self.row_ends[row - 1] as usize };
        let at = first + column;
        if at >= self.row_ends[row] as usize {
            return "";
        }
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    /// The heading above a column, if there is one, and its own.
    pub(crate) fn head(&self, column: usize) -> (&str, &str) {
        let only = ("", self.columns[column].as_str());
        self.heads.get(column).map_or(only, |[group, lower]| (group.as_str(), lower.as_str()))
    }

    /// All cells of a row in one number.
    pub(crate) fn row_hash(&self, row: usize) -> u64 {
        let first = if row == 0 { 0 } else { self.row_ends[row - 1] as usize };
        let mut hasher = rustc_hash::FxHasher::default();
        for column in 0..self.row_ends[row] as usize - first {
            std::hash::Hash::hash(self.cell(row, column), &mut hasher);
        }
        std::hash::Hasher::finish(&hasher)
    }

    /// Whether a cell holds a formula without a value.
    pub(crate) fn is_hollow(&self, row: usize, column: usize) -> bool {
        self.hollow_cells.binary_search(&(self.number(row), column as u32)).is_ok()
    }

    pub(crate) fn shape(&self, row: usize) -> &Shape {
        self.shapes.get(row).unwrap_or(&Shape::None)
    }
}

/// A shape as the file has it: x before y, which is longitude before latitude in most; heights dropped.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Shape {
    #[default]
    None,
    Point([f64; 2]),
    Lines(Vec<Vec<[f64; 2]>>),
    /// Polygons of an outer ring and its holes. Rings end where they begin; nothing else about them is certain.
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
}

/// A row that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// As [`Sheet::number`].
    pub(crate) row: u32,
    /// The column at fault, for spreadsheets with its cell; `geometry` for shapes.
    pub(crate) field: String,
    pub(crate) what: String,
}

/// What a file says its coordinates are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Declared {
    Epsg(u32),
    /// Well-known text, as in a `.prj`.
    Wkt(String),
}

/// What a file cannot say about itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SheetOptions<'a> {
    /// The sheet of a workbook or the layer of a GeoPackage; the first that holds anything if not given.
    pub(crate) layer: Option<&'a str>,
    /// By its usual name, such as `gb18030`; found out if not given.
    pub(crate) encoding: Option<&'a str>,
    /// The row that names the columns, as a person counts; found out if not given.
    pub(crate) header_row: Option<u32>,
    /// What the columns may be called, to tell the header and the sheet that is meant.
    pub(crate) known: Option<Known<'a>>,
}

/// More than any city has of anything.
const MOST_ROWS: usize = 5_000_000;
pub(super) const MOST_COLUMNS: usize = 1_000;
const MOST_CELLS: usize = 100_000_000;
const MOST_TEXT: usize = 256 << 20;

/// Cells that only a spreadsheet program can fill.
pub(crate) const HOLLOW: &str =
    "cells hold formulas without values: open the file in Excel or WPS and save it";

/// Numbers in cells that are merged over several rows: whether each row has as many, or all have together, is not said.
pub(super) const MERGED_NUMBERS: &str = "a number in a cell merged over several rows was read in its first row alone; write it in each row that it is of";

/// No more cells with formulas without values are kept by their place.
const MOST_HOLLOW: usize = 1_000_000;
/// Characters of a column's name that are kept.
const LONGEST_COLUMN: usize = 100;
/// More than a cell of a spreadsheet can hold (32,767 characters of at most four bytes).
pub(super) const LONGEST_CELL: usize = 131_068;

/// Cells on their way into a sheet, reused from row to row.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    pub(super) number: u32,
    /// What forbids the row: a column, and what is wrong there.
    pub(super) trouble: Option<Trouble>,
    text: String,
    ends: Vec<u32>,
}

/// Why a row is rejected.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) column: Option<usize>,
    pub(super) what: String,
}

impl Row {
    pub(super) fn start(&mut self, number: u32) {
        self.number = number;
        self.trouble = None;
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn push(&mut self, cell: &str) {
        let cell = cell.trim();
        if cell.len() > LONGEST_CELL {
            self.fail(Some(self.ends.len()), "a cell holds more text than a spreadsheet's can");
        } else {
            self.text.push_str(cell);
        }
        self.ends.push(self.text.len() as u32);
    }

    /// Notes what is wrong; the first trouble of a row is the one that is told.
    pub(super) fn fail(&mut self, column: Option<usize>, what: impl Into<String>) {
        if self.trouble.is_none() {
            self.trouble = Some(Trouble { column, what: what.into() });
        }
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start as usize..*end as usize])
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Cells up to the last that holds anything.
    pub(super) fn filled(&self) -> usize {
        let end = self.text.len() as u32;
        if end == 0 { 0 } else { self.ends.partition_point(|it| *it < end) + 1 }
    }

    /// Drops all cells but the first few.
    pub(super) fn cut(&mut self, cells: usize) {
        self.ends.truncate(cells);
        self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// Puts texts into columns that hold nothing.
    pub(super) fn fill(&mut self, texts: &[(usize, String)]) {
        let mut cells: Vec<String> = self.cells().map(str::to_owned).collect();
        for (column, text) in texts {
            if cells.len() <= *column {
                cells.resize(*column + 1, String::new());
            }
            if cells[*column].is_empty() {
                cells[*column].clone_from(text);
            }
        }
        self.text.clear();
        self.ends.clear();
        for cell in &cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len() as u32);
        }
    }

    /// What it takes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.ends.as_slice()) + size_of::<Self>()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty() && self.trouble.is_none()
    }
}

/// A sheet in the making.
pub(super) struct Builder<'a> {
    path: &'a Path,
    sheet: Sheet,
    by_name: HashMap<String, usize>,
    /// Bytes of what is said of rejected rows.
    told: usize,
    /// Remarks that many rows share, with how many.
    shared: Vec<(&'static str, usize)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        Self { path, sheet: Sheet::default(), by_name: HashMap::new(), told: 0, shared: Vec::new() }
    }

    /// Adds a column. Names that are there already are told apart by a number.
    pub(super) fn add_column(&mut self, name: &str) -> Result<(), SheetError> {
        // Names stand in messages, one for each row that is wrong.
        let name = &circle_model::files::clean(name, LONGEST_COLUMN);
        let mut unique = name.to_owned();
        for number in 2.. {
            if !self.by_name.contains_key(&unique) {
                break;
            }
            unique = format!("{name} ({number})");
        }
        if self.sheet.columns.len() == MOST_COLUMNS {
            return Err(self.too_large(format!("it has more than {MOST_COLUMNS} columns")));
        }
        self.by_name.insert(unique.clone(), self.sheet.columns.len());
        self.sheet.columns.push(unique);
        Ok(())
    }

    /// Adds a column below another heading.
    pub(super) fn add_headed(&mut self, group: &str, lower: &str) -> Result<(), SheetError> {
        self.add_column(&joined(group, lower))?;
        self.sheet.heads.push([group, lower].map(|head| circle_model::files::clean(head, LONGEST_COLUMN)));
        Ok(())
    }

    /// The column of a name, added where it is new.
    pub(super) fn column_of(&mut self, name: &str) -> Result<usize, SheetError> {
        if let Some(column) = self.by_name.get(name) {
            return Ok(*column);
        }
        // Columns are kept under their clean names.
        let name = &circle_model::files::clean(name, LONGEST_COLUMN);
        if let Some(column) = self.by_name.get(name) {
            return Ok(*column);
        }
        self.add_column(name)?;
        Ok(self.sheet.columns.len() - 1)
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.sheet.columns
    }

    /// Takes a row, or rejects it for its trouble.
    pub(super) fn add(&mut self, row: &Row, shape: Option<Shape>) -> Result<(), SheetError> {
        if let Some(Trouble { column, what }) = &row.trouble {
            let name = column.and_then(|column| self.sheet.columns.get(column)).cloned();
            return self.reject(row.number, name.unwrap_or_default(), what.clone());
        }
        let cells = row.filled();
        let sheet = &mut self.sheet;
        if sheet.text.len() + row.text.len() > MOST_TEXT || sheet.ends.len() + cells > MOST_CELLS {
            return Err(self.too_large("it holds more text than is ever read".to_owned()));
        }
        let before = sheet.text.len() as u32;
        sheet.text.push_str(&row.text);
        sheet.ends.extend(row.ends[..cells].iter().map(|end| before + end));
        sheet.row_ends.push(sheet.ends.len() as u32);
        sheet.numbers.push(row.number);
        sheet.shapes.extend(shape);
        self.check_rows()
    }

    pub(super) fn reject(
        &mut self,
        row: u32,
        field: impl Into<String>,
        what: impl Into<String>,
    ) -> Result<(), SheetError> {
        let rejected = Rejected { row, field: field.into(), what: what.into() };
        // A row may be repeated a million times, and its fault with it.
        self.told += rejected.field.len() + rejected.what.len();
        self.sheet.rejected.push(rejected);
        if self.told > MOST_TEXT {
            return Err(self.too_large("more is wrong with its rows than is ever told".to_owned()));
        }
        self.check_rows()
    }

    fn check_rows(&self) -> Result<(), SheetError> {
        if self.rows() > MOST_ROWS {
            return Err(self.too_large(format!("it has more than {MOST_ROWS} rows")));
        }
        Ok(())
    }

    /// Rows read and rejected.
    pub(super) fn rows(&self) -> usize {
        self.sheet.numbers.len() + self.sheet.rejected.len()
    }

    pub(super) fn declare(&mut self, crs: Option<Declared>) {
        self.sheet.declared_crs = crs;
    }

    pub(super) fn say(&mut self, remark: impl Into<String>) {
        self.sheet.said.push(remark.into());
    }

    /// Says one thing once, however many rows it is true of.
    pub(super) fn say_of_row(&mut self, remark: &'static str) {
        match self.shared.iter_mut().find(|(shared, _)| *shared == remark) {
            Some((_, rows)) => *rows += 1,
            None => self.shared.push((remark, 1)),
        }
    }

    pub(super) fn say_hollow(&mut self, row: u32, column: usize) {
        self.sheet.hollow = true;
        if self.sheet.hollow_cells.len() < MOST_HOLLOW {
            self.sheet.hollow_cells.push((row, column as u32));
        }
        self.say_of_row(HOLLOW);
    }

    /// The sheet, unless nothing at all is in it.
    pub(super) fn finish(mut self, what: &str) -> Result<Sheet, SheetError> {
        if self.rows() == 0 {
            return Err(SheetError::Empty { path: self.path.to_owned(), what: what.to_owned() });
        }
        for (remark, rows) in std::mem::take(&mut self.shared) {
            let unit = if remark == HOLLOW { "cells" } else { "rows" };
            let remark_of_rows = format!("{remark} ({rows} {unit})");
            if remark == HOLLOW || remark == MERGED_NUMBERS {
                self.sheet.lost.push(remark_of_rows.clone());
            }
            self.say(remark_of_rows);
        }
        Ok(self.sheet)
    }

    fn too_large(&self, what: String) -> SheetError {
        SheetError::TooLarge { path: PathBuf::from(self.path), what }
    }
}

/// Digits that spreadsheets show of a number.
const DIGITS: usize = 15;

/// A number as a person would write it: `310106` and `126.63`, with no more digits than a spreadsheet shows.
pub(super) fn write_number(number: f64, text: &mut String) {
    use std::fmt::Write;
    let written = text.len();
    // Writing to a string does not fail.
    let _ = if number.fract() == 0.0 && number.abs() < 1e15 {
        write!(text, "{}", number as i64)
    } else {
        write!(text, "{number}")
    };
    if text.len() - written > DIGITS + 2 && number.is_finite() && number.abs() < 1e15 {
        // 126.63000000000001 is 126.63 after some arithmetic.
        if let Ok(rounded) = format!("{number:.*e}", DIGITS - 1).parse::<f64>() {
            text.truncate(written);
            let _ = write!(text, "{rounded}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> Row {
        let mut row = Row::default();
        row.start(number);
        cells.iter().for_each(|cell| row.push(cell));
        row
    }

    #[test]
    fn rows_of_any_length_are_read_by_column() {
        let mut builder = Builder::new(Path::new("x"));
        for name in ["名称", "lon", "名称", "名称 (2)"] {
            builder.add_column(name).unwrap();
        }
        builder.add(&row(2, &[" 和平里\u{3000}", "116.4"]), None).unwrap();
        builder.add(&row(3, &[]), None).unwrap();
        builder.add(&row(5, &["", "1", "", ""]), None).unwrap();
        builder.reject(6, "lon", "no").unwrap();
        let sheet = builder.finish("x").unwrap();
        assert_eq!(sheet.columns, ["名称", "lon", "名称 (2)", "名称 (2) (2)"]);
        assert_eq!((sheet.len(), sheet.number(2)), (3, 5));
        assert_eq!([sheet.cell(0, 0), sheet.cell(0, 1), sheet.cell(0, 2)], ["和平里", "116.4", ""]);
        assert_eq!(
            [sheet.cell(1, 0), sheet.cell(2, 0), sheet.cell(2, 1), sheet.cell(2, 9)],
            ["", "", "1", ""]
        );
        assert_eq!(sheet.shape(1), &Shape::None);
    }

    #[test]
    fn numbers_are_written_as_people_do() {
        let written = |number: f64| {
            let mut text = String::new();
            write_number(number, &mut text);
            text
        };
        let all =
            [126.63, 310_106.0, 0.1 + 0.2, 126.630_000_000_000_01, -0.0, 1e15, 1e-7, 123_456_789.123_456];
        assert_eq!(
            all.map(written),
            ["126.63", "310106", "0.3", "126.63", "0", "1000000000000000", "0.0000001", "123456789.123456"]
        );
    }

    #[test]
    fn names_that_are_not_clean_have_one_column() {
        let mut builder = Builder::new(Path::new("x"));
        let long = "很".repeat(LONGEST_COLUMN + 1);
        for (name, column) in [("a\nb", 0), (long.as_str(), 1), ("a\nb", 0), (long.as_str(), 1), ("a b", 0)] {
            assert_eq!(builder.column_of(name).unwrap(), column, "{name:?}");
        }
        assert_eq!(builder.columns().len(), 2);
    }

    #[test]
    fn too_many_columns_are_refused() {
        let mut builder = Builder::new(Path::new("x"));
        (0..MOST_COLUMNS).for_each(|at| builder.add_column(&at.to_string()).unwrap());
        assert!(matches!(builder.add_column("one more"), Err(SheetError::TooLarge { .. })));
    }
}
