//! Tables: which row is the header, and the rows below it.

use super::error::SheetError;
use super::{Builder, MERGED_NUMBERS, MOST_COLUMNS, Row, Sheet, SheetOptions};
use crate::own::columns::Known;
use crate::own::number::parse_number;
use std::collections::BTreeMap;
use std::path::Path;

/// So far down the header is looked for.
const MOST_WAITING: usize = 30;
/// A header has at most so many rows.
const MOST_HEADINGS: usize = 3;
/// Rows that wait hold at most so many bytes: thirty rows of long cells would be gigabytes.
const MOST_HELD: usize = 4 << 20;
/// No heading is longer; what is longer is text, of which the beginning tells as much.
const LONGEST_HEADING: usize = 100;
/// A sheet has no more cells that are merged over several rows.
const MOST_MERGED: usize = 100_000;

/// A table whose rows come one by one.
pub(super) struct Table<'a> {
    path: &'a Path,
    /// What it is called when it is empty, such as the name of the sheet.
    what: String,
    header_row: Option<u32>,
    known: Option<Known<'a>>,
    extra: Extra,
    builder: Builder<'a>,
    /// Rows before it is known which is the header.
    waiting: Vec<Row>,
    /// Bytes of these.
    held: usize,
    has_header: bool,
    blank: usize,
    /// Cells merged over several rows, by the first of these: the column and the last row.
    merged: BTreeMap<u32, Vec<(usize, u32)>>,
    merged_count: usize,
    /// Those that reach to the row at hand, by column: the last row and the text of the cell; `None` for a number.
    open: BTreeMap<usize, (u32, Option<String>)>,
}

/// What cells beyond the header mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    /// The cells of the row are out of step with the header: the row is wrong.
    Shift,
    /// They are notes beside the table: each cell has its own address.
    Notes,
}

impl<'a> Table<'a> {
    pub(super) fn new(path: &'a Path, what: String, options: &SheetOptions<'a>, extra: Extra) -> Self {
        Self {
            path,
            what,
            header_row: options.header_row,
            known: options.known,
            extra,
            builder: Builder::new(path),
            waiting: Vec::new(),
            held: 0,
            has_header: false,
            blank: 0,
            merged: BTreeMap::new(),
            merged_count: 0,
            open: BTreeMap::new(),
        }
    }

    /// Notes a cell that is merged over several rows, by their numbers; its first row is still to come.
    pub(super) fn merge(&mut self, column: usize, first: u32, last: u32) {
        if first < last && column < MOST_COLUMNS && self.merged_count < MOST_MERGED {
            self.merged_count += 1;
            self.merged.entry(first).or_default().push((column, last));
        }
    }

    pub(super) fn say(&mut self, remark: impl Into<String>) {
        self.builder.say(remark);
    }

    pub(super) fn say_of_row(&mut self, remark: &'static str) {
        self.builder.say_of_row(remark);
    }

    /// A cell holds a formula and no value.
    pub(super) fn say_hollow(&mut self, row: u32, column: usize) {
        self.builder.say_hollow(row, column);
    }

    /// Counts rows that hold nothing, which are not counted at the end of a sheet.
    pub(super) fn pass_over_rows(&mut self, rows: u32) {
        // A sheet of LibreOffice ends with a million empty rows.
        if rows < 1_000 {
            self.blank += rows as usize;
        }
    }

    /// Counts lines that hold nothing at all.
    pub(super) fn pass_over(&mut self, rows: usize) {
        self.blank += rows;
    }

    pub(super) fn rows(&self) -> usize {
        self.builder.rows()
    }

    /// Whether nothing at all was in it so far.
    pub(super) fn is_empty(&self) -> bool {
        !self.has_header && self.waiting.is_empty()
    }

    /// Takes the next row, whatever it is.
    pub(super) fn take(&mut self, row: &mut Row) -> Result<(), SheetError> {
        if row.is_blank() {
            self.blank += 1;
            return Ok(());
        }
        if self.has_header {
            return self.add(row);
        }
        self.held += row.bytes();
        let is_full = self.held > MOST_HELD;
        if is_full && self.header_row.is_some_and(|number| row.number < number) {
            // The header is still to come; what is above it is of no use.
            self.waiting.clear();
            self.held = 0;
            return Ok(());
        }
        self.waiting.push(row.clone());
        let settled = match self.header_row {
            _ if is_full => true,
            // A row of a header of several may follow.
            Some(number) => row.number >= number.saturating_add(MOST_HEADINGS as u32),
            None if self.known.is_some() => self.waiting.len() == MOST_WAITING,
            None => texts(row) >= 2 || self.waiting.len() == MOST_WAITING,
        };
        if settled { self.settle() } else { Ok(()) }
    }

    /// Settles the header of a table that has no further rows.
    pub(super) fn close(&mut self) -> Result<(), SheetError> {
        if self.is_empty() || self.has_header { Ok(()) } else { self.settle() }
    }

    pub(super) fn finish(mut self) -> Result<Sheet, SheetError> {
        self.close()?;
        if self.blank > 0 && self.has_header {
            self.builder.say(format!("{} empty rows were passed over", self.blank));
        }
        self.builder.finish(&self.what)
    }

    /// Decides which of the waiting rows are the header; those after them are the first rows.
    fn settle(&mut self) -> Result<(), SheetError> {
        let waiting = std::mem::take(&mut self.waiting);
        let no_header = || SheetError::NoHeader { path: self.path.to_owned(), what: self.what.clone() };
        let (at, depth) = self.header_of(&waiting).ok_or_else(no_header)?;
        let header = &waiting[at..at + depth];
        let filled = header.iter().map(Row::filled).max().unwrap_or(0);
        if filled == 0 {
            return Err(no_header());
        }
        if filled > MOST_COLUMNS {
            let what = format!("{filled} columns are more than the {MOST_COLUMNS} that are read");
            return Err(SheetError::TooLarge { path: self.path.to_owned(), what });
        }
        for (column, (group, lower)) in headings(header).into_iter().enumerate() {
            match (depth, lower.is_empty()) {
                (1, true) => self.builder.add_column(&format!("column {}", letters(column)))?,
                (_, true) => self.builder.add_headed("", &format!("column {}", letters(column)))?,
                (1, false) => self.builder.add_column(&lower)?,
                (_, false) => self.builder.add_headed(&group, &lower)?,
            }
        }
        let (first, last) = (header[0].number, header[depth - 1].number);
        let above = if at > 0 { "; what is above was passed over" } else { "" };
        if depth > 1 {
            self.builder.say(format!("rows {first} to {last} are the header{above}"));
        } else if at > 0 && self.header_row.is_none() {
            self.builder.say(format!("row {first} is the header; what is above it was passed over"));
        }
        self.has_header = true;
        waiting.into_iter().skip(at + depth).try_for_each(|mut row| self.add(&mut row))
    }

    /// Where the header begins, and how many rows it has.
    ///
    /// Sheets of offices begin with a title, one cell over the whole width. The header is the first row with
    /// two texts in it, unless a row before it is as full: `小区,2020` is a header although 2020 is no text. Rows of
    /// which more cells are known as names of columns go before it.
    fn header_of(&self, waiting: &[Row]) -> Option<(usize, usize)> {
        let cells = |row: &Row| row.cells().filter(|cell| !cell.is_empty()).count();
        let usual = if let Some(number) = self.header_row {
            waiting.iter().position(|row| row.number == number)?
        } else {
            let full = waiting.iter().find(|row| texts(row) >= 2).map_or(2, cells);
            waiting.iter().position(|row| cells(row) >= full).unwrap_or(0)
        };
        let Some(known) = self.known else { return Some((usual, 1)) };
        let score = |at: usize, depth: usize| {
            let headings = headings(&waiting[at..at + depth]);
            known.score(headings.iter().map(|(group, lower)| (group.as_str(), lower.as_str())))
        };
        let mut best = ((usual, 1), score(usual, 1));
        for at in 0..waiting.len() {
            // Further down there may be another table, whose header is none of this one.
            if best.1.suffices && best.0.0 < at {
                break;
            }
            for depth in 1..=deepest(&waiting[at..]) {
                // A row that is named is a row of the header.
                let named = self.header_row.is_none_or(|_| (at..at + depth).contains(&usual) && depth > 1);
                if !named || waiting[at].filled() > MOST_COLUMNS {
                    continue;
                }
                let score = score(at, depth);
                let before = score.suffices && best.1.suffices && at + depth <= best.0.0;
                if before || score > best.1 && (score.roles >= 2 || score.named > 0) {
                    best = ((at, depth), score);
                }
            }
        }
        // A title right above the header is no part of it.
        let ((mut at, mut depth), best) = best;
        while depth > 1 && (self.header_row.is_none() || at < usual) && score(at + 1, depth - 1) >= best {
            (at, depth) = (at + 1, depth - 1);
        }
        Some((at, depth))
    }

    /// Rows below the first of a merged cell hold its text. Of numbers nobody can say whether each row has as many.
    fn fill_merged(&mut self, row: &mut Row) {
        if self.merged.is_empty() && self.open.is_empty() {
            return;
        }
        let number = row.number;
        self.open.retain(|_, (last, _)| *last >= number);
        let (mut texts, mut has_number) = (Vec::new(), false);
        let empty: Vec<bool> = row.cells().map(str::is_empty).collect();
        for (column, (_, text)) in &self.open {
            match text {
                _ if !empty.get(*column).copied().unwrap_or(true) => {}
                Some(text) => texts.push((*column, text.clone())),
                None => has_number = true,
            }
        }
        for (column, last) in self.merged.remove(&number).unwrap_or_default() {
            let text = row.cells().nth(column).unwrap_or_default();
            if !text.is_empty() {
                let words = parse_number(text).is_none().then(|| text.to_owned());
                self.open.insert(column, (last, words));
            }
        }
        if has_number {
            self.builder.say_of_row(MERGED_NUMBERS);
        }
        if !texts.is_empty() {
            self.builder.say_of_row("texts in cells merged over several rows were read in each of them");
            row.fill(&texts);
        }
    }

    fn add(&mut self, row: &mut Row) -> Result<(), SheetError> {
        self.fill_merged(row);
        let columns = self.builder.columns().len();
        let filled = row.filled();
        if self.extra == Extra::Notes {
            row.trouble.take_if(|trouble| trouble.column.is_some_and(|column| column >= columns));
        }
        if filled > columns && row.trouble.is_none() {
            match self.extra {
                Extra::Shift => {
                    let what = format!("{} cells, where the header has {columns}", row.len());
                    row.fail(None, what);
                }
                Extra::Notes => {
                    self.builder.say_of_row("cells beside the table, below no header, were passed over");
                    row.cut(columns);
                    if row.is_blank() {
                        return Ok(());
                    }
                }
            }
        }
        self.builder.add(row, None)
    }
}

/// How many of some rows can be one header: below the first stand texts alone, and only where the row above leaves
/// room for them, under a merged cell or an empty one.
fn deepest(rows: &[Row]) -> usize {
    let mut depth = 1;
    while depth < MOST_HEADINGS && depth < rows.len() {
        let (above, below) = (&rows[depth - 1], &rows[depth]);
        let upper: Vec<&str> = above.cells().collect();
        let is_empty = |column: usize| upper.get(column).is_none_or(|cell| cell.is_empty());
        let fits = |(column, cell): (usize, &str)| {
            cell.is_empty()
                || (is_empty(column) || is_empty(column + 1) || upper[column] == cell)
                    && cell.parse::<f64>().is_err()
        };
        let adjacent = below.number == above.number + 1 && below.trouble.is_none();
        if !adjacent || below.is_blank() || !below.cells().enumerate().all(fits) {
            break;
        }
        depth += 1;
    }
    depth
}

/// The headings of each column: what stands above it, over one or several columns, and its own.
fn headings(rows: &[Row]) -> Vec<(String, String)> {
    let filled = rows.iter().map(Row::filled).max().unwrap_or(0).min(MOST_COLUMNS + 1);
    let cells: Vec<Vec<&str>> =
        rows.iter().map(|row| row.cells().take(filled).map(beginning).collect()).collect();
    let cell = |row: usize, column: usize| cells[row].get(column).copied().unwrap_or_default();
    let mut headings = Vec::with_capacity(filled);
    // What each row but the last says of the columns from here on.
    let mut above = vec![""; rows.len()];
    for column in 0..filled {
        let lowest = (0..rows.len()).rev().find(|row| !cell(*row, column).is_empty());
        for row in 0..rows.len() {
            if !cell(row, column).is_empty() {
                above[row] = cell(row, column);
                above[row + 1..].fill("");
            }
        }
        let lower = lowest.map_or("", |row| cell(row, column));
        let over = above[..lowest.unwrap_or(0)].iter().filter(|over| !over.is_empty() && **over != lower);
        headings.push((over.copied().collect::<Vec<_>>().join("/"), lower.to_owned()));
    }
    headings
}

/// A cell as far as it can be a heading.
fn beginning(cell: &str) -> &str {
    cell.char_indices().nth(LONGEST_HEADING).map_or(cell, |(end, _)| &cell[..end])
}

/// Cells that are neither empty nor numbers.
fn texts(row: &Row) -> usize {
    row.cells().filter(|cell| !cell.is_empty() && cell.parse::<f64>().is_err()).count()
}

/// The name of a column in a spreadsheet: A, B, …, Z, AA.
pub(super) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::list::Layer;

    fn table(extra: Extra, header_row: Option<u32>, rows: &[&[&str]]) -> Result<Sheet, SheetError> {
        let options = SheetOptions { header_row, ..SheetOptions::default() };
        let mut table = Table::new(Path::new("x"), "it".to_owned(), &options, extra);
        let mut row = Row::default();
        for (at, cells) in rows.iter().enumerate() {
            row.start(at as u32 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            table.take(&mut row)?;
        }
        table.finish()
    }

    #[test]
    fn a_title_is_not_the_header() {
        let rows: &[&[&str]] =
            &[&["2024年养老设施一览表", "", ""], &["", "", ""], &["名称", "lon", "lat"], &["甲", "1", "2"]];
        let sheet = table(Extra::Shift, None, rows).unwrap();
        assert_eq!(
            (sheet.columns.as_slice(), sheet.number(0)),
            (["名称", "lon", "lat"].map(String::from).as_slice(), 4)
        );
        assert_eq!(sheet.said.len(), 2, "{:?}", sheet.said);
    }

    #[test]
    fn years_and_single_columns_are_headers_too() {
        let years =
            table(Extra::Shift, None, &[&["小区", "2020"], &["甲", "1234"], &["乙", "约 300"]]).unwrap();
        assert_eq!((years.columns[1].as_str(), years.len()), ("2020", 2));
        let single = table(Extra::Shift, None, &[&["name"], &["a"], &["b"]]).unwrap();
        assert_eq!((single.columns.len(), single.len()), (1, 2));
    }

    #[test]
    fn the_header_is_where_one_says() {
        let rows: &[&[&str]] = &[&["a", "b"], &["name", "lon"], &["甲", "1"]];
        assert_eq!(table(Extra::Shift, Some(2), rows).unwrap().columns, ["name", "lon"]);
        assert!(matches!(table(Extra::Shift, Some(9), rows), Err(SheetError::NoHeader { .. })));
    }

    fn known(rows: &[&[&str]]) -> Result<Sheet, SheetError> {
        let named = std::collections::BTreeMap::new();
        let known = Some(Known { layer: Layer::Facilities, named: &named });
        let options = SheetOptions { known, ..SheetOptions::default() };
        let mut table = Table::new(Path::new("x"), "it".to_owned(), &options, Extra::Notes);
        let mut row = Row::default();
        for (at, cells) in rows.iter().enumerate() {
            row.start(at as u32 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            table.take(&mut row)?;
        }
        table.finish()
    }

    #[test]
    fn headers_of_two_rows_are_one() {
        let sheet = known(&[
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
        assert_eq!(sheet.said, ["rows 4 to 5 are the header; what is above was passed over"]);
        assert_eq!(sheet.head(3), ("坐标位置", "纬度"));
    }

    #[test]
    fn a_second_table_below_does_not_hide_the_first() {
        let sheet = known(&[
            &["名称", "经度", "纬度", ""],
            &["甲", "1", "2", ""],
            &["序号", "名称", "经度", "纬度"],
            &["1", "乙", "1", "2"],
        ])
        .unwrap();
        assert_eq!((sheet.columns.len(), sheet.len()), (3, 3));
    }

    #[test]
    fn the_first_row_below_a_header_is_no_part_of_it() {
        for rows in [
            &[["名称", "经度", "纬度", "地址"], ["甲", "", "", "某路"]],
            &[["名称", "", "经度", "纬度"], ["甲", "乙", "", ""]],
        ] {
            let rows: Vec<&[&str]> = rows.iter().map(<[&str; 4]>::as_slice).collect();
            assert_eq!(known(&rows).unwrap().len(), 1, "{rows:?}");
        }
        // Three rows, of which the last has the columns.
        let three = known(&[
            &["名称", "位置", "", "", ""],
            &["", "高德坐标", "", "GPS坐标", ""],
            &["", "经度", "纬度", "经度", "纬度"],
            &["甲", "1", "2", "3", "4"],
        ])
        .unwrap();
        assert_eq!((three.len(), three.columns[4].as_str()), (1, "位置/GPS坐标/纬度"));
    }

    #[test]
    fn cells_beyond_the_header_are_a_shift_or_notes() {
        let rows: &[&[&str]] =
            &[&["a", "b"], &["1", "2", "", ""], &["1", "2", "3"], &["", "", "note"], &["1"]];
        let shifted = table(Extra::Shift, None, rows).unwrap();
        assert_eq!((shifted.len(), shifted.rejected.len(), shifted.rejected[0].row), (2, 2, 3));
        let noted = table(Extra::Notes, None, rows).unwrap();
        assert_eq!((noted.len(), noted.rejected.len(), noted.said.len()), (3, 0, 1));
    }

    #[test]
    fn long_cells_neither_wait_nor_become_long_headings() {
        let long = "很".repeat(40_000);
        let rows = [[long.as_str(), "经度", "纬度"]; 60];
        let header: &[&str] = &["名称", "经度", "纬度"];
        let mut all = vec![header];
        all.extend(rows.iter().map(<[&str; 3]>::as_slice));
        let sheet = known(&all).unwrap();
        assert_eq!((sheet.len(), sheet.columns[0].as_str()), (60, "名称"));
        assert_eq!(beginning(&long).chars().count(), LONGEST_HEADING);
        assert_eq!(beginning("名称"), "名称");
        // The header that is named lies below more than waits.
        let mut below = all[1..].to_vec();
        below.push(&["name", "lon", "lat"]);
        below.push(&["甲", "1", "2"]);
        assert_eq!(table(Extra::Shift, Some(61), &below).unwrap().columns, ["name", "lon", "lat"]);
    }

    #[test]
    fn texts_of_merged_cells_are_those_of_each_row_and_numbers_are_not() {
        let options = SheetOptions::default();
        let mut table = Table::new(Path::new("x"), "it".to_owned(), &options, Extra::Notes);
        table.merge(0, 1, 2);
        table.merge(0, 3, 4);
        table.merge(2, 3, 5);
        let mut row = Row::default();
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
        assert_eq!((sheet.said.len(), sheet.lost.len()), (2, 1), "{:?}", sheet.said);
        assert!(sheet.lost[0].ends_with("(2 rows)"), "{:?}", sheet.lost);
    }

    #[test]
    fn a_header_alone_is_an_empty_table() {
        assert!(matches!(table(Extra::Shift, None, &[&["a", "b"]]), Err(SheetError::Empty { .. })));
        assert!(matches!(table(Extra::Shift, None, &[]), Err(SheetError::Empty { .. })));
    }

    #[test]
    fn columns_are_lettered_as_in_spreadsheets() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
