//! Collects rows into a sheet within fixed bounds.

use super::row::{RowBuffer, RowFault};
use crate::columns::join_headings;
use crate::error::SheetError;
use crate::sheet::{DeclaredCrs, FORMULAS_WITHOUT_VALUES, RejectedRow, Shape, Sheet};
use circle_model::files::clean;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Limit of rows, rejected ones included; above the count of any kind of place in a city.
const MAX_ROWS: usize = 5_000_000;
/// Limit of columns; cells beyond it are ignored or reject the file.
pub(crate) const MAX_COLUMNS: usize = 1_000;
/// Limit of cells of a sheet.
const MAX_CELLS: usize = 100_000_000;
/// Limit of the bytes of all cells, and of all reasons of rejected rows.
const MAX_TEXT_BYTES: usize = 256 << 20;
/// Limit of points of all shapes: several times those of the buildings of a city of 20 million.
const MAX_POINTS: usize = 40_000_000;
/// Limit of formulas without values whose cell is stored.
const MAX_EMPTY_FORMULAS: usize = 1_000_000;
/// Limit of characters of a heading, because the message of every rejected row repeats it.
pub(crate) const MAX_HEADING_CHARS: usize = 100;

/// The remark on numbers in merged cells: a number may be that of each row or that of all rows together.
pub(crate) const MERGED_NUMBERS: &str = "a number in a cell merged over several rows was read in its first row only; write it in each row that it applies to";

/// A sheet under construction.
pub(crate) struct SheetBuilder<'a> {
    path: &'a Path,
    sheet: Sheet,
    column_by_name: HashMap<String, usize>,
    /// Bytes of the fields and reasons of all rejected rows.
    rejected_bytes: usize,
    /// Points of all shapes, as [`points_of`] counts them.
    points: usize,
    /// Remarks that many rows share, each with the count of rows.
    shared_remarks: Vec<(&'static str, usize)>,
}

impl<'a> SheetBuilder<'a> {
    pub(crate) fn new(path: &'a Path) -> Self {
        Self {
            path,
            sheet: Sheet::default(),
            column_by_name: HashMap::new(),
            rejected_bytes: 0,
            points: 0,
            shared_remarks: Vec::new(),
        }
    }

    /// Adds a column. A name that exists already gets a number.
    pub(crate) fn add_column(&mut self, name: &str) -> Result<(), SheetError> {
        let name = &clean(name, MAX_HEADING_CHARS);
        let mut unique = name.to_owned();
        for number in 2.. {
            if !self.column_by_name.contains_key(&unique) {
                break;
            }
            unique = format!("{name} ({number})");
        }
        if self.sheet.columns.len() == MAX_COLUMNS {
            return Err(self.too_large(format!("it has more than {MAX_COLUMNS} columns")));
        }
        self.column_by_name.insert(unique.clone(), self.sheet.columns.len());
        self.sheet.columns.push(unique);
        Ok(())
    }

    /// Adds a column below an upper heading.
    pub(crate) fn add_column_below(&mut self, upper: &str, lower: &str) -> Result<(), SheetError> {
        self.add_column(&join_headings(upper, lower))?;
        self.sheet.headings.push([upper, lower].map(|heading| clean(heading, MAX_HEADING_CHARS)));
        Ok(())
    }

    /// The column of a name; adds it if it does not exist.
    pub(crate) fn column_of(&mut self, name: &str) -> Result<usize, SheetError> {
        if let Some(column) = self.column_by_name.get(name) {
            return Ok(*column);
        }
        // Columns are stored under their clean names.
        let name = &clean(name, MAX_HEADING_CHARS);
        if let Some(column) = self.column_by_name.get(name) {
            return Ok(*column);
        }
        self.add_column(name)?;
        Ok(self.sheet.columns.len() - 1)
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.sheet.columns
    }

    /// Adds a row, or rejects it for its fault.
    pub(crate) fn add(&mut self, row: &RowBuffer, shape: Option<Shape>) -> Result<(), SheetError> {
        if let Some(RowFault { column, reason }) = &row.fault {
            let name = column.and_then(|column| self.sheet.columns.get(column)).cloned();
            return self.reject(row.number, name.unwrap_or_default(), reason.clone());
        }
        self.points += shape.as_ref().map_or(0, points_of);
        if self.points > MAX_POINTS {
            return Err(self.too_large(format!("its shapes have more than {MAX_POINTS} points")));
        }
        let cells = row.filled();
        let sheet = &mut self.sheet;
        if sheet.text.len() + row.text.len() > MAX_TEXT_BYTES || sheet.cell_ends.len() + cells > MAX_CELLS {
            let what = format!("it has more than {} MiB of text or {MAX_CELLS} cells", MAX_TEXT_BYTES >> 20);
            return Err(self.too_large(what));
        }
        let before = sheet.text.len() as u32;
        sheet.text.push_str(&row.text);
        sheet.cell_ends.extend(row.ends[..cells].iter().map(|end| before + end));
        sheet.row_ends.push(sheet.cell_ends.len() as u32);
        sheet.numbers.push(row.number);
        sheet.shapes.extend(shape);
        self.check_rows()
    }

    pub(crate) fn reject(
        &mut self,
        row: u32,
        field: impl Into<String>,
        reason: impl Into<String>,
    ) -> Result<(), SheetError> {
        let rejected = RejectedRow { row, field: field.into(), reason: reason.into() };
        // An ODS file may repeat a row, and so its reason, a million times.
        self.rejected_bytes += rejected.field.len() + rejected.reason.len();
        self.sheet.rejected.push(rejected);
        if self.rejected_bytes > MAX_TEXT_BYTES {
            let what = format!("the faults of its rows take more than {} MiB", MAX_TEXT_BYTES >> 20);
            return Err(self.too_large(what));
        }
        self.check_rows()
    }

    fn check_rows(&self) -> Result<(), SheetError> {
        if self.rows() > MAX_ROWS {
            return Err(self.too_large(format!("it has more than {MAX_ROWS} rows")));
        }
        Ok(())
    }

    /// Count of rows added and rejected.
    pub(crate) fn rows(&self) -> usize {
        self.sheet.numbers.len() + self.sheet.rejected.len()
    }

    pub(crate) fn declare_crs(&mut self, crs: Option<DeclaredCrs>) {
        self.sheet.declared_crs = crs;
    }

    /// Adds a remark on the whole file.
    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.sheet.remarks.push(remark.into());
    }

    /// Counts a row under a remark that many rows share; the file gets the remark once, with the count.
    pub(crate) fn remark_on_row(&mut self, remark: &'static str) {
        match self.shared_remarks.iter_mut().find(|(shared, _)| *shared == remark) {
            Some((_, rows)) => *rows += 1,
            None => self.shared_remarks.push((remark, 1)),
        }
    }

    /// Records a formula without a value.
    pub(crate) fn add_empty_formula(&mut self, row: u32, column: usize) {
        self.sheet.has_empty_formulas = true;
        if self.sheet.empty_formulas.len() < MAX_EMPTY_FORMULAS {
            self.sheet.empty_formulas.push((row, column as u32));
        }
        self.remark_on_row(FORMULAS_WITHOUT_VALUES);
    }

    /// The finished sheet.
    ///
    /// # Errors
    /// If the file has no row, not even a rejected one.
    pub(crate) fn finish(mut self, what: &str) -> Result<Sheet, SheetError> {
        if self.rows() == 0 {
            return Err(SheetError::Empty { path: self.path.to_owned(), what: what.to_owned() });
        }
        for (remark, count) in std::mem::take(&mut self.shared_remarks) {
            let unit = if remark == FORMULAS_WITHOUT_VALUES { "cells" } else { "rows" };
            let counted = format!("{remark} ({count} {unit})");
            if remark == FORMULAS_WITHOUT_VALUES || remark == MERGED_NUMBERS {
                self.sheet.losses.push(counted.clone());
            }
            self.remark(counted);
        }
        Ok(self.sheet)
    }

    fn too_large(&self, what: String) -> SheetError {
        SheetError::TooLarge { path: PathBuf::from(self.path), what }
    }
}

/// The points of a shape. Each line, ring and polygon counts as two more, which is what it takes in memory.
fn points_of(shape: &Shape) -> usize {
    let lines = |lines: &[Vec<[f64; 2]>]| lines.iter().map(|line| line.len() + 2).sum::<usize>();
    match shape {
        Shape::None => 0,
        Shape::Point(_) => 1,
        Shape::Lines(parts) => lines(parts),
        Shape::Polygons(polygons) => polygons.iter().map(|rings| lines(rings) + 2).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> RowBuffer {
        let mut row = RowBuffer::default();
        row.start(number);
        cells.iter().for_each(|cell| row.push(cell));
        row
    }

    #[test]
    fn rows_of_any_length_are_read_by_column() {
        let mut builder = SheetBuilder::new(Path::new("x"));
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
        assert_eq!(sheet.rejected[0].to_string(), "row 6: lon: no");
    }

    #[test]
    fn headings_that_clean_to_the_same_text_are_one_column() {
        let mut builder = SheetBuilder::new(Path::new("x"));
        let long = "很".repeat(MAX_HEADING_CHARS + 1);
        for (name, column) in [("a\nb", 0), (long.as_str(), 1), ("a\nb", 0), (long.as_str(), 1), ("a b", 0)] {
            assert_eq!(builder.column_of(name).unwrap(), column, "{name:?}");
        }
        assert_eq!(builder.columns().len(), 2);
    }

    #[test]
    fn too_many_points_reject_the_file() {
        let mut builder = SheetBuilder::new(Path::new("x"));
        builder.points = MAX_POINTS - 8;
        let square = Shape::Polygons(vec![vec![vec![[0.0; 2]; 4]]]);
        builder.add(&row(1, &[]), Some(square.clone())).unwrap();
        let error = builder.add(&row(2, &[]), Some(square)).unwrap_err();
        assert!(matches!(error, SheetError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn too_many_columns_reject_the_file() {
        let mut builder = SheetBuilder::new(Path::new("x"));
        (0..MAX_COLUMNS).for_each(|at| builder.add_column(&at.to_string()).unwrap());
        assert!(matches!(builder.add_column("one more"), Err(SheetError::TooLarge { .. })));
    }
}
