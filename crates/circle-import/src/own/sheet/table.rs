//! Tables: which row is the header, and the rows below it.

use super::error::SheetError;
use super::{Builder, MOST_COLUMNS, Row, Sheet};
use std::path::Path;

/// So far down the header is looked for.
const MOST_WAITING: usize = 20;

/// A table whose rows come one by one.
pub(super) struct Table<'a> {
    path: &'a Path,
    /// What it is called when it is empty, such as the name of the sheet.
    what: String,
    header_row: Option<u32>,
    extra: Extra,
    builder: Builder<'a>,
    /// Rows before it is known which is the header.
    waiting: Vec<Row>,
    has_header: bool,
    blank: usize,
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
    pub(super) fn new(path: &'a Path, what: String, header_row: Option<u32>, extra: Extra) -> Self {
        Self {
            path,
            what,
            header_row,
            extra,
            builder: Builder::new(path),
            waiting: Vec::new(),
            has_header: false,
            blank: 0,
        }
    }

    pub(super) fn say(&mut self, remark: impl Into<String>) {
        self.builder.say(remark);
    }

    pub(super) fn say_of_row(&mut self, remark: &'static str) {
        self.builder.say_of_row(remark);
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
        self.waiting.push(row.clone());
        let settled = match self.header_row {
            Some(number) => row.number >= number,
            None => texts(row) >= 2 || self.waiting.len() == MOST_WAITING,
        };
        if settled { self.settle() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> Result<Sheet, SheetError> {
        if !self.has_header && !self.waiting.is_empty() {
            self.settle()?;
        }
        if self.blank > 0 && self.has_header {
            self.builder.say(format!("{} empty rows were passed over", self.blank));
        }
        self.builder.finish(&self.what)
    }

    /// Decides which of the waiting rows is the header; those after it are the first rows.
    ///
    /// Sheets of offices begin with a title, one cell over the whole width. The header is the first row with
    /// two texts in it, unless a row before it is as full: `小区,2020` is a header although 2020 is no text.
    fn settle(&mut self) -> Result<(), SheetError> {
        let waiting = std::mem::take(&mut self.waiting);
        let cells = |row: &Row| row.cells().filter(|cell| !cell.is_empty()).count();
        let at = if let Some(number) = self.header_row {
            waiting.iter().position(|row| row.number == number)
        } else {
            let full = waiting.iter().find(|row| texts(row) >= 2).map_or(2, cells);
            Some(waiting.iter().position(|row| cells(row) >= full).unwrap_or(0))
        };
        let no_header = || SheetError::NoHeader { path: self.path.to_owned(), what: self.what.clone() };
        let at = at.ok_or_else(no_header)?;
        let header = &waiting[at];
        if header.filled() == 0 {
            return Err(no_header());
        }
        if header.filled() > MOST_COLUMNS {
            let what = format!("{} columns are more than the {MOST_COLUMNS} that are read", header.filled());
            return Err(SheetError::TooLarge { path: self.path.to_owned(), what });
        }
        for (column, name) in header.cells().take(header.filled()).enumerate() {
            if name.is_empty() {
                self.builder.add_column(&format!("column {}", letters(column)))?;
            } else {
                self.builder.add_column(name)?;
            }
        }
        if at > 0 && self.header_row.is_none() {
            self.builder
                .say(format!("row {} is the header; what is above it was passed over", header.number));
        }
        self.has_header = true;
        waiting[at + 1..].iter().try_for_each(|row| self.add(&mut row.clone()))
    }

    fn add(&mut self, row: &mut Row) -> Result<(), SheetError> {
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

    fn table(extra: Extra, header_row: Option<u32>, rows: &[&[&str]]) -> Result<Sheet, SheetError> {
        let mut table = Table::new(Path::new("x"), "it".to_owned(), header_row, extra);
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
    fn a_header_alone_is_an_empty_table() {
        assert!(matches!(table(Extra::Shift, None, &[&["a", "b"]]), Err(SheetError::Empty { .. })));
        assert!(matches!(table(Extra::Shift, None, &[]), Err(SheetError::Empty { .. })));
    }

    #[test]
    fn columns_are_lettered_as_in_spreadsheets() {
        assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
    }
}
