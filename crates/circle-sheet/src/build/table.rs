//! Builds a sheet from the rows of a table: finds the header, repeats merged texts, checks the cell count.

use super::builder::{MAX_COLUMNS, MERGED_NUMBERS, SheetBuilder};
use super::cell::column_letters;
use super::header::{MAX_HEADER_ROWS, find_header, join_rows, text_cells};
use super::row::RowBuffer;
use crate::columns::ExpectedColumns;
use crate::error::SheetError;
use crate::number::parse_number;
use crate::options::ReadOptions;
use crate::sheet::Sheet;
use std::collections::BTreeMap;
use std::path::Path;

/// Count of rows among which the header is searched.
const MAX_PENDING_ROWS: usize = 30;
/// Limit of the bytes of the rows before the header is known: 30 rows of the longest cells would take
/// gigabytes.
const MAX_PENDING_BYTES: usize = 4 << 20;
/// Limit of merged cells that are evaluated.
const MAX_MERGED: usize = 100_000;
/// A run of at least this many blank rows is the unused end of a sheet and is not counted.
const MIN_UNUSED_ROWS: u32 = 1_000;

/// A table whose rows arrive one by one.
pub(crate) struct TableBuilder<'a> {
    path: &'a Path,
    /// The name of the table in errors, such as the name of the sheet.
    what: String,
    header_row: Option<u32>,
    expected: Option<ExpectedColumns<'a>>,
    surplus: SurplusCells,
    builder: SheetBuilder<'a>,
    /// Rows read before the header is known.
    pending: Vec<RowBuffer>,
    pending_bytes: usize,
    has_header: bool,
    blank_rows: usize,
    /// Cells merged over several rows, by their first row: column and last row.
    merged: BTreeMap<u32, Vec<(usize, u32)>>,
    merged_count: usize,
    /// Merged cells that cover the current row, by column: last row and text; `None` for a number.
    open: BTreeMap<usize, (u32, Option<String>)>,
}

/// The treatment of cells to the right of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SurplusCells {
    /// Rejects the row: in text files its cells are shifted against the header.
    Reject,
    /// Ignores the cells: in spreadsheets each cell has its own address, so they are notes beside the table.
    Ignore,
}

impl<'a> TableBuilder<'a> {
    pub(crate) fn new(
        path: &'a Path,
        what: String,
        options: &ReadOptions<'a>,
        surplus: SurplusCells,
    ) -> Self {
        Self {
            path,
            what,
            header_row: options.header_row,
            expected: options.expected,
            surplus,
            builder: SheetBuilder::new(path),
            pending: Vec::new(),
            pending_bytes: 0,
            has_header: false,
            blank_rows: 0,
            merged: BTreeMap::new(),
            merged_count: 0,
            open: BTreeMap::new(),
        }
    }

    /// Declares a cell that is merged over several rows, by their numbers. Must be called before its first
    /// row.
    pub(crate) fn merge(&mut self, column: usize, first: u32, last: u32) {
        if first < last && column < MAX_COLUMNS && self.merged_count < MAX_MERGED {
            self.merged_count += 1;
            self.merged.entry(first).or_default().push((column, last));
        }
    }

    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.builder.remark(remark);
    }

    pub(crate) fn remark_on_row(&mut self, remark: &'static str) {
        self.builder.remark_on_row(remark);
    }

    pub(crate) fn add_empty_formula(&mut self, row: u32, column: usize) {
        self.builder.add_empty_formula(row, column);
    }

    /// Counts a run of blank rows of a spreadsheet. Sheets of `LibreOffice` end with a million of them.
    pub(crate) fn skip_rows(&mut self, rows: u32) {
        if rows < MIN_UNUSED_ROWS {
            self.blank_rows += rows as usize;
        }
    }

    /// Counts blank lines of a text file.
    pub(crate) fn skip_lines(&mut self, lines: usize) {
        self.blank_rows += lines;
    }

    /// Count of rows added and rejected.
    pub(crate) fn rows(&self) -> usize {
        self.builder.rows()
    }

    /// Whether no filled row has arrived.
    pub(crate) fn is_empty(&self) -> bool {
        !self.has_header && self.pending.is_empty()
    }

    /// Adds the next row: title, header, data or blank.
    pub(crate) fn take(&mut self, row: &mut RowBuffer) -> Result<(), SheetError> {
        if row.is_blank() {
            self.blank_rows += 1;
            return Ok(());
        }
        if self.has_header {
            return self.add(row);
        }
        self.pending_bytes += row.bytes();
        let is_full = self.pending_bytes > MAX_PENDING_BYTES;
        if is_full && self.header_row.is_some_and(|number| row.number < number) {
            // Rows above a header that the caller names are not needed.
            self.pending.clear();
            self.pending_bytes = 0;
            return Ok(());
        }
        self.pending.push(row.clone());
        let is_settled = match self.header_row {
            _ if is_full => true,
            // The named row may be the first of several.
            Some(number) => row.number >= number.saturating_add(MAX_HEADER_ROWS as u32),
            None if self.expected.is_some() => self.pending.len() == MAX_PENDING_ROWS,
            None => text_cells(row) >= 2 || self.pending.len() == MAX_PENDING_ROWS,
        };
        if is_settled { self.settle_header() } else { Ok(()) }
    }

    /// Chooses the header of a table that has no further rows.
    pub(crate) fn close(&mut self) -> Result<(), SheetError> {
        if self.is_empty() || self.has_header { Ok(()) } else { self.settle_header() }
    }

    pub(crate) fn finish(mut self) -> Result<Sheet, SheetError> {
        self.close()?;
        if self.blank_rows > 0 && self.has_header {
            self.builder.remark(format!("{} empty rows were skipped", self.blank_rows));
        }
        self.builder.finish(&self.what)
    }

    /// Chooses the header among the pending rows and adds the rows below it.
    fn settle_header(&mut self) -> Result<(), SheetError> {
        let pending = std::mem::take(&mut self.pending);
        let no_header = || {
            let (path, what) = (self.path.to_owned(), self.what.clone());
            match self.header_row {
                Some(row) => SheetError::NoHeaderRow { path, what, row },
                None => SheetError::NoHeader { path, what },
            }
        };
        let (at, depth) = find_header(&pending, self.header_row, self.expected).ok_or_else(no_header)?;
        let header = &pending[at..at + depth];
        let filled = header.iter().map(RowBuffer::filled).max().unwrap_or(0);
        if filled == 0 {
            return Err(no_header());
        }
        if filled > MAX_COLUMNS {
            let what = format!("it has {filled} columns; the limit is {MAX_COLUMNS}");
            return Err(SheetError::TooLarge { path: self.path.to_owned(), what });
        }
        for (column, (upper, lower)) in join_rows(header).into_iter().enumerate() {
            match (depth, lower.is_empty()) {
                (1, true) => self.builder.add_column(&format!("column {}", column_letters(column)))?,
                (_, true) => {
                    self.builder.add_column_below("", &format!("column {}", column_letters(column)))?;
                }
                (1, false) => self.builder.add_column(&lower)?,
                (_, false) => self.builder.add_column_below(&upper, &lower)?,
            }
        }
        let (first, last) = (header[0].number, header[depth - 1].number);
        let above = if at > 0 { "; the rows above were skipped" } else { "" };
        if depth > 1 {
            self.builder.remark(format!("rows {first} to {last} are the header{above}"));
        } else if at > 0 && self.header_row.is_none() {
            self.builder.remark(format!("row {first} is the header; the rows above were skipped"));
        }
        self.has_header = true;
        pending.into_iter().skip(at + depth).try_for_each(|mut row| self.add(&mut row))
    }

    /// Repeats the text of a merged cell in each row that it covers. A number is not repeated: it may be that
    /// of each row or that of all rows together.
    fn fill_merged(&mut self, row: &mut RowBuffer) {
        if self.merged.is_empty() && self.open.is_empty() {
            return;
        }
        let number = row.number;
        self.open.retain(|_, (last, _)| *last >= number);
        let (mut texts, mut has_number) = (Vec::new(), false);
        let is_blank: Vec<bool> = row.cells().map(str::is_empty).collect();
        for (column, (_, text)) in &self.open {
            match text {
                _ if !is_blank.get(*column).copied().unwrap_or(true) => {}
                Some(text) => texts.push((*column, text.clone())),
                None => has_number = true,
            }
        }
        for (column, last) in self.merged.remove(&number).unwrap_or_default() {
            let text = row.cells().nth(column).unwrap_or_default();
            if !text.is_empty() {
                let repeated = parse_number(text).is_none().then(|| text.to_owned());
                self.open.insert(column, (last, repeated));
            }
        }
        if has_number {
            self.builder.remark_on_row(MERGED_NUMBERS);
        }
        if !texts.is_empty() {
            self.builder.remark_on_row("texts in cells merged over several rows were read in each of them");
            row.fill(&texts);
        }
    }

    fn add(&mut self, row: &mut RowBuffer) -> Result<(), SheetError> {
        self.fill_merged(row);
        let columns = self.builder.columns().len();
        let filled = row.filled();
        if self.surplus == SurplusCells::Ignore {
            row.fault.take_if(|fault| fault.column.is_some_and(|column| column >= columns));
        }
        if filled > columns && row.fault.is_none() {
            match self.surplus {
                SurplusCells::Reject => {
                    let reason = format!("{} cells, but the header has {columns}", row.len());
                    row.fail(None, reason);
                }
                SurplusCells::Ignore => {
                    self.builder.remark_on_row("cells beside the table, below no header, were skipped");
                    row.truncate(columns);
                    if row.is_blank() {
                        return Ok(());
                    }
                }
            }
        }
        self.builder.add(row, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::OwnLayer;

    fn table(surplus: SurplusCells, header_row: Option<u32>, rows: &[&[&str]]) -> Result<Sheet, SheetError> {
        let options = ReadOptions { header_row, ..ReadOptions::default() };
        let mut table = TableBuilder::new(Path::new("x"), "it".to_owned(), &options, surplus);
        let mut row = RowBuffer::default();
        for (at, cells) in rows.iter().enumerate() {
            row.start(at as u32 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            table.take(&mut row)?;
        }
        table.finish()
    }

    #[test]
    fn titles_above_a_table_are_not_its_header() {
        let rows: &[&[&str]] =
            &[&["2024年养老设施一览表", "", ""], &["", "", ""], &["名称", "lon", "lat"], &["甲", "1", "2"]];
        let sheet = table(SurplusCells::Reject, None, rows).unwrap();
        assert_eq!(
            (sheet.columns.as_slice(), sheet.number(0)),
            (["名称", "lon", "lat"].map(String::from).as_slice(), 4)
        );
        assert_eq!(sheet.remarks.len(), 2, "{:?}", sheet.remarks);
    }

    #[test]
    fn years_and_single_columns_can_be_headers() {
        let years =
            table(SurplusCells::Reject, None, &[&["小区", "2020"], &["甲", "1234"], &["乙", "约 300"]])
                .unwrap();
        assert_eq!((years.columns[1].as_str(), years.len()), ("2020", 2));
        let single = table(SurplusCells::Reject, None, &[&["name"], &["a"], &["b"]]).unwrap();
        assert_eq!((single.columns.len(), single.len()), (1, 2));
    }

    #[test]
    fn a_named_header_row_is_the_header() {
        let rows: &[&[&str]] = &[&["a", "b"], &["name", "lon"], &["甲", "1"]];
        assert_eq!(table(SurplusCells::Reject, Some(2), rows).unwrap().columns, ["name", "lon"]);
        for row in [9, u32::MAX] {
            let error = table(SurplusCells::Reject, Some(row), rows).unwrap_err().to_string();
            assert!(
                error.contains(&format!("no headings in row {row}, which `header_row` names")),
                "{error}"
            );
        }
    }

    fn facilities(rows: &[&[&str]]) -> Result<Sheet, SheetError> {
        let named = std::collections::BTreeMap::new();
        let expected = Some(ExpectedColumns { layer: OwnLayer::Facilities, named: &named });
        let options = ReadOptions { expected, ..ReadOptions::default() };
        let mut table = TableBuilder::new(Path::new("x"), "it".to_owned(), &options, SurplusCells::Ignore);
        let mut row = RowBuffer::default();
        for (at, cells) in rows.iter().enumerate() {
            row.start(at as u32 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            table.take(&mut row)?;
        }
        table.finish()
    }

    #[test]
    fn headings_of_two_rows_are_joined() {
        let sheet = facilities(&[
            &["社区卫生服务站一览表", "", "", "", ""],
            &["填报单位：", "某某街道", "填报日期", "2024-05-01", ""],
            &["（单位：张）", "", "", "", ""],
            &["序号", "名称", "坐标位置", "", "备注"],
            &["", "", "经度", "纬度", ""],
            &["1", "甲", "126.6", "45.7", ""],
            &["2", "乙", "126.7", "45.8", "新"],
        ])
        .unwrap();
        assert_eq!(sheet.columns, ["序号", "名称", "坐标位置/经度", "坐标位置/纬度", "备注"]);
        assert_eq!((sheet.len(), sheet.number(0), sheet.cell(0, 2)), (2, 6, "126.6"));
        assert_eq!(sheet.remarks, ["rows 4 to 5 are the header; the rows above were skipped"]);
        assert_eq!(sheet.heading(3), ("坐标位置", "纬度"));
    }

    #[test]
    fn a_second_table_below_is_not_the_header() {
        let sheet = facilities(&[
            &["名称", "经度", "纬度", ""],
            &["甲", "1", "2", ""],
            &["序号", "名称", "经度", "纬度"],
            &["1", "乙", "1", "2"],
        ])
        .unwrap();
        assert_eq!((sheet.columns.len(), sheet.len()), (3, 3));
    }

    #[test]
    fn the_first_data_row_is_not_part_of_the_header() {
        for rows in [
            &[["名称", "经度", "纬度", "地址"], ["甲", "", "", "某路"]],
            &[["名称", "", "经度", "纬度"], ["甲", "乙", "", ""]],
        ] {
            let rows: Vec<&[&str]> = rows.iter().map(<[&str; 4]>::as_slice).collect();
            assert_eq!(facilities(&rows).unwrap().len(), 1, "{rows:?}");
        }
        // A header of three rows; the last one names the columns.
        let three = facilities(&[
            &["名称", "位置", "", "", ""],
            &["", "高德坐标", "", "GPS坐标", ""],
            &["", "经度", "纬度", "经度", "纬度"],
            &["甲", "1", "2", "3", "4"],
        ])
        .unwrap();
        assert_eq!((three.len(), three.columns[4].as_str()), (1, "位置/GPS坐标/纬度"));
    }

    #[test]
    fn surplus_cells_reject_the_row_or_are_ignored() {
        let rows: &[&[&str]] =
            &[&["a", "b"], &["1", "2", "", ""], &["1", "2", "3"], &["", "", "note"], &["1"]];
        let shifted = table(SurplusCells::Reject, None, rows).unwrap();
        assert_eq!((shifted.len(), shifted.rejected.len(), shifted.rejected[0].row), (2, 2, 3));
        let noted = table(SurplusCells::Ignore, None, rows).unwrap();
        assert_eq!((noted.len(), noted.rejected.len(), noted.remarks.len()), (3, 0, 1));
    }

    #[test]
    fn long_cells_do_not_fill_the_memory_of_pending_rows() {
        let long = "很".repeat(40_000);
        let rows = [[long.as_str(), "经度", "纬度"]; 60];
        let header: &[&str] = &["名称", "经度", "纬度"];
        let mut all = vec![header];
        all.extend(rows.iter().map(<[&str; 3]>::as_slice));
        let sheet = facilities(&all).unwrap();
        assert_eq!((sheet.len(), sheet.columns[0].as_str()), (60, "名称"));
        // The named header lies below more rows than may be pending.
        let mut below = all[1..].to_vec();
        below.push(&["name", "lon", "lat"]);
        below.push(&["甲", "1", "2"]);
        assert_eq!(table(SurplusCells::Reject, Some(61), &below).unwrap().columns, ["name", "lon", "lat"]);
    }

    #[test]
    fn merged_texts_are_repeated_in_each_row_and_numbers_are_not() {
        let options = ReadOptions::default();
        let mut table = TableBuilder::new(Path::new("x"), "it".to_owned(), &options, SurplusCells::Ignore);
        table.merge(0, 1, 2);
        table.merge(0, 3, 4);
        table.merge(2, 3, 5);
        let mut row = RowBuffer::default();
        let rows: [&[&str]; 5] =
            [&["名称", "lon", "床位"], &["", "1", ""], &["甲", "2", "12"], &["", "3"], &["", "4"]];
        for (at, cells) in rows.iter().enumerate() {
            row.start(at as u32 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            table.take(&mut row).unwrap();
        }
        let sheet = table.finish().unwrap();
        let names: Vec<&str> = (0..4).map(|row| sheet.cell(row, 0)).collect();
        assert_eq!(names, ["", "甲", "甲", ""]);
        assert_eq!((sheet.cell(1, 2), sheet.cell(2, 2), sheet.cell(3, 1)), ("12", "", "4"));
        assert_eq!((sheet.remarks.len(), sheet.losses.len()), (2, 1), "{:?}", sheet.remarks);
        assert!(sheet.losses[0].ends_with("(2 rows)"), "{:?}", sheet.losses);
    }

    #[test]
    fn a_header_without_rows_is_an_empty_table() {
        assert!(matches!(table(SurplusCells::Reject, None, &[&["a", "b"]]), Err(SheetError::Empty { .. })));
        assert!(matches!(table(SurplusCells::Reject, None, &[]), Err(SheetError::Empty { .. })));
    }
}
