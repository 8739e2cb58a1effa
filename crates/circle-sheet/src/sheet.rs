//! The common form of all formats: cells as text, shapes in the file's own coordinates, rejected rows.

/// A planner's file as read: cells as text, shapes in the file's own coordinates.
///
/// All cells lie in one string, so a sheet of a million rows is a handful of allocations.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Headings, each different. A heading below another is `upper/lower`.
    pub columns: Vec<String>,
    /// One shape for each row; empty for tables without geometry.
    pub shapes: Vec<Shape>,
    /// Rows that could not be read. Every row of the file is here or among the [`len`](Self::len) rows.
    pub rejected: Vec<RejectedRow>,
    /// The coordinate reference system that the file declares. Tables and `GeoJSON` by RFC 7946 declare none.
    pub declared_crs: Option<DeclaredCrs>,
    /// Whether cells contain formulas without values, because the program that wrote the file did not compute
    /// them.
    pub has_empty_formulas: bool,
    /// The sheet of a workbook that was read; empty for other formats.
    pub name: String,
    /// Further sheets of the workbook with the same header, which were not read.
    pub unread_sheets: Vec<UnreadSheet>,
    /// The remarks that report lost data; also among `remarks`.
    pub losses: Vec<String>,
    /// Remarks on the whole file, each of one line, such as an assumed encoding or a layer chosen among
    /// several.
    pub remarks: Vec<String>,
    /// The upper heading of each column and its own, if the header has several rows.
    pub(crate) headings: Vec<[String; 2]>,
    /// Row number and column of formulas without values, ascending; the builder limits their count.
    pub(crate) empty_formulas: Vec<(u32, u32)>,
    /// The number of each row, as [`number`](Self::number).
    pub(crate) numbers: Vec<u32>,
    /// All cells one after the other, row by row.
    pub(crate) text: String,
    /// End of each cell in `text`, in bytes.
    pub(crate) cell_ends: Vec<u32>,
    /// End of each row in `cell_ends`. A row ends with its last filled cell.
    pub(crate) row_ends: Vec<u32>,
}

impl Sheet {
    /// A sheet without rows, with the reason as a remark.
    pub fn empty(remark: String) -> Self {
        Self { remarks: vec![remark], ..Self::default() }
    }

    /// A sheet of records in memory, numbered from 1. The cells of each are in the order of `columns`, whose
    /// headings must differ.
    ///
    /// ```
    /// let sheet = circle_sheet::Sheet::from_records(&["name", "lon"], [vec!["东门".to_owned(),
    /// "126.63".to_owned()]]); assert_eq!((sheet.len(), sheet.number(0), sheet.cell(0, 1)), (1, 1,
    /// "126.63"));
    /// ```
    pub fn from_records(columns: &[&str], records: impl IntoIterator<Item = Vec<String>>) -> Self {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        let mut sheet = Self { columns, ..Self::default() };
        for (number, cells) in (1u32..).zip(records) {
            let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
            for cell in &cells[..filled] {
                sheet.text.push_str(cell.trim());
                sheet.cell_ends.push(sheet.text.len() as u32);
            }
            sheet.row_ends.push(sheet.cell_ends.len() as u32);
            sheet.numbers.push(number);
        }
        sheet
    }

    /// Count of rows that were read.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether no row was read.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of the row in messages, from 1: its line or its row in the spreadsheet, including the
    /// header; in files of features its position.
    ///
    /// # Panics
    /// If `row` is not below [`len`](Self::len).
    pub fn number(&self, row: usize) -> u32 {
        self.numbers[row]
    }

    /// A cell without surrounding blanks; empty if the row has none in this column.
    ///
    /// # Panics
    /// If `row` is not below [`len`](Self::len).
    pub fn cell(&self, row: usize, column: usize) -> &str {
        let first = if row == 0 { 0 } else { self.row_ends[row - 1] as usize };
        let at = first + column;
        if at >= self.row_ends[row] as usize {
            return "";
        }
        let start = if at == 0 { 0 } else { self.cell_ends[at - 1] as usize };
        &self.text[start..self.cell_ends[at] as usize]
    }

    /// A hash of all cells of a row: rows with equal cells have equal hashes.
    ///
    /// # Panics
    /// If `row` is not below [`len`](Self::len).
    pub fn row_hash(&self, row: usize) -> u64 {
        let first = if row == 0 { 0 } else { self.row_ends[row - 1] as usize };
        let mut hasher = rustc_hash::FxHasher::default();
        for column in 0..self.row_ends[row] as usize - first {
            std::hash::Hash::hash(self.cell(row, column), &mut hasher);
        }
        std::hash::Hasher::finish(&hasher)
    }

    /// Whether a cell contains a formula without a value.
    ///
    /// # Panics
    /// If `row` is not below [`len`](Self::len).
    pub fn is_empty_formula(&self, row: usize, column: usize) -> bool {
        self.empty_formulas.binary_search(&(self.number(row), column as u32)).is_ok()
    }

    /// The shape of a row; [`Shape::None`] in tables without geometry.
    pub fn shape(&self, row: usize) -> &Shape {
        self.shapes.get(row).unwrap_or(&Shape::None)
    }

    /// The heading above a column, which may be empty, and the column's own.
    pub(crate) fn heading(&self, column: usize) -> (&str, &str) {
        let only = ("", self.columns[column].as_str());
        self.headings.get(column).map_or(only, |[upper, lower]| (upper.as_str(), lower.as_str()))
    }
}

/// A shape in the coordinates of its file: x before y, which is longitude before latitude in most. Heights
/// are dropped.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Shape {
    /// The row has no geometry.
    #[default]
    None,
    /// A point.
    Point([f64; 2]),
    /// One or several lines.
    Lines(Vec<Vec<[f64; 2]>>),
    /// Polygons of an outer ring and its holes. Rings are closed; nothing else about them is checked.
    Polygons(Vec<Vec<Vec<[f64; 2]>>>),
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row}: {field}: {reason}")]
pub struct RejectedRow {
    /// As [`Sheet::number`].
    pub row: u32,
    /// The column at fault, `geometry` for shapes; empty if the whole row is at fault.
    pub field: String,
    /// What is wrong, in spreadsheets with the address of the cell.
    pub reason: String,
}

/// The coordinate reference system that a file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeclaredCrs {
    /// An EPSG code.
    Epsg(u32),
    /// Well-known text, as in a `.prj`.
    Wkt(String),
}

/// A sheet of a workbook that has the same header as the one that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadSheet {
    /// Its name.
    pub name: String,
    /// Count of its rows.
    pub rows: usize,
}

/// The remark on formulas without values, which only a spreadsheet program can compute.
pub const FORMULAS_WITHOUT_VALUES: &str =
    "cells hold formulas without values: open the file in Excel or WPS and save it";
