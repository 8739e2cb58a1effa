//! The rows of one sheet of a ledger.

use super::date::parse_date;
use super::fates::LedgerRowFate;
use super::headings::{COLUMNS, FIRST_FILLED_IN, SheetHeading, is_named, unnumbered};
use super::remarks::Remarks;
use crate::own::OwnError;
use circle_model::files::clean;
use circle_model::ranges::in_ranges;
use circle_sheet::{ReadOptions, Sheet, read_sheet};
use jiff::civil::Date;
use std::path::Path;

/// A row of a ledger as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerRow {
    /// Sheet and row, for messages.
    pub place: String,
    /// Key of the compound, in the edition of the ledger.
    pub compound_id: String,
    /// Name of the compound.
    pub compound_name: String,
    /// Its 街道; empty if the ledger has none.
    pub subdistrict: String,
    /// Name of the line.
    pub line: String,
    /// The requirement of the line, in words.
    pub asked: String,
    /// 整改措施; a deadline that is not a date is appended.
    pub measure: String,
    /// 责任人.
    pub responsible: String,
    /// 完成时限.
    pub deadline: Option<Date>,
    /// 进展.
    pub status: String,
}

/// Limit of a cell, in characters.
pub(super) const LONGEST: usize = 2_000;

/// Appends the rows of one sheet, or of a CSV file.
///
/// # Errors
/// If a CSV file cannot be read. A sheet that cannot be read gets a remark.
pub(super) fn read_rows(
    path: &Path,
    heading: SheetHeading<'_>,
    rows: &mut Vec<LedgerRow>,
    remarks: &mut Remarks,
) -> Result<(), OwnError> {
    let SheetHeading { sheet, header_row } = heading;
    let table = match read_sheet(path, &ReadOptions { sheet, header_row, ..ReadOptions::default() }) {
        Ok(table) => table,
        // For example a sheet without any cell.
        Err(error) if sheet.is_some() => {
            remarks.many.push(error.to_string());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let part = LedgerSheet::of(&table, heading);
    part.remark_reading(remarks);
    part.remark_repeated_columns(remarks);
    part.remark_empty_formulas(remarks);
    part.read(rows, remarks);
    Ok(())
}

/// A sheet with its columns.
struct LedgerSheet<'a> {
    table: &'a Sheet,
    sheet: Option<&'a str>,
    /// Positions of [`COLUMNS`].
    columns: [Option<usize>; COLUMNS.len()],
    /// Whether the first row of the table is a second row of headings.
    has_second_header: bool,
}

impl<'a> LedgerSheet<'a> {
    fn of(table: &'a Sheet, SheetHeading { sheet, header_row }: SheetHeading<'a>) -> Self {
        let mut columns = COLUMNS.map(|names| table.columns.iter().position(|it| is_named(it, names)));
        // A heading over several columns may be followed by a row of headings of these columns.
        let second = 0;
        let lower = if !table.is_empty() && header_row.is_none_or(|row| table.number(second) == row + 1) {
            let all = 0..table.columns.len();
            COLUMNS.map(|names| all.clone().find(|column| is_named(table.cell(second, *column), names)))
        } else {
            [None; COLUMNS.len()]
        };
        let is_heading =
            |column: usize| table.cell(second, column).is_empty() || lower.contains(&Some(column));
        let has_second_header =
            columns.iter().zip(&lower).any(|(upper, lower)| upper.is_none() && lower.is_some())
                && [columns[0], columns[1], columns[3]].into_iter().flatten().all(is_heading);
        if has_second_header {
            columns.iter_mut().zip(lower).for_each(|(column, lower)| *column = column.or(lower));
        }
        Self { table, sheet, columns, has_second_header }
    }

    /// Rows below the headings.
    fn rows(&self) -> std::ops::Range<usize> {
        usize::from(self.has_second_header)..self.table.len()
    }

    fn heading(&self, column: usize) -> String {
        let below = if self.has_second_header { self.table.cell(0, column) } else { "" };
        clean(if below.is_empty() { &self.table.columns[column] } else { below }, 50)
    }

    /// The name of rows in remarks.
    fn place(&self, rows: &[u32]) -> String {
        match self.sheet {
            Some(sheet) => format!("sheet `{sheet}` {}", listed(rows)),
            None => listed(rows),
        }
    }

    /// The name of the sheet in remarks.
    fn whole(&self) -> String {
        self.sheet.map_or_else(|| "the table".to_owned(), |sheet| format!("sheet `{sheet}`"))
    }

    /// Adds remarks on rows that could not be read, and on cells without a heading.
    fn remark_reading(&self, remarks: &mut Remarks) {
        for rejected in &self.table.rejected {
            let place = self.place(&[rejected.row]);
            remarks.rows.push(format!("{place}: {}: {}", rejected.field, rejected.reason));
        }
        for remark in self.table.remarks.iter().filter(|remark| remark.starts_with("cells be")) {
            remarks.many.push(format!("{}: {remark}", self.whole()));
        }
    }

    /// Adds remarks on columns that were not read because another column has the same heading.
    fn remark_repeated_columns(&self, remarks: &mut Remarks) {
        for (names, read) in COLUMNS.iter().zip(self.columns).skip(FIRST_FILLED_IN) {
            let Some(read) = read else { continue };
            let is_repeated =
                |column: &usize| *column != read && is_named(unnumbered(&self.table.columns[*column]), names);
            for repeated in (0..self.table.columns.len()).filter(is_repeated) {
                if self.rows().any(|row| !self.table.cell(row, repeated).is_empty()) {
                    let (repeated, read) = (self.heading(repeated), self.heading(read));
                    remarks.many.push(format!(
                        "{}: column `{repeated}`: left out, since `{read}` was read for the same; put both into one",
                        self.whole()
                    ));
                }
            }
        }
    }

    fn remark_empty_formulas(&self, remarks: &mut Remarks) {
        let cells = |column: &usize| {
            let rows = self.rows().filter(|row| self.table.is_empty_formula(*row, *column));
            let rows: Vec<u32> = rows.map(|row| self.table.number(row)).collect();
            (!rows.is_empty()).then(|| format!("{} {}", self.heading(*column), listed(&rows)))
        };
        let cells: Vec<String> = self.columns.iter().flatten().filter_map(cells).collect();
        if !cells.is_empty() {
            remarks.many.push(format!(
                "{}: {}: the cells hold formulas without values and were read as empty; open the file in Excel or WPS, \
                 save it and give it again",
                self.whole(),
                cells.join(", ")
            ));
        }
    }

    fn read(&self, rows: &mut Vec<LedgerRow>, remarks: &mut Remarks) {
        let (mut nameless, mut lineless) = (Vec::new(), Vec::new());
        for row in self.rows() {
            let (fate, ledger_row) = self.row(row);
            match fate {
                LedgerRowFate::Read => rows.push(self.finish(row, ledger_row, remarks)),
                LedgerRowFate::Blank => {}
                LedgerRowFate::WithoutCompound => nameless.push(self.table.number(row)),
                LedgerRowFate::WithoutLine => lineless.push(self.table.number(row)),
            }
        }
        if !nameless.is_empty() {
            remarks.many.push(format!(
                "{}: no compound (小区) is named, so what is filled in there is left out; where its cell is merged, or \
                 stands for the rows below, write the name into each row",
                self.place(&nameless)
            ));
        }
        if !lineless.is_empty() {
            remarks.many.push(format!(
                "{}: no line (缺口条目) is named, so what is filled in there is left out; write it into each row of a gap",
                self.place(&lineless)
            ));
        }
    }

    fn cell(&self, row: usize, column: Option<usize>) -> &'a str {
        column.map_or("", |column| unquoted(self.table.cell(row, column)))
    }

    /// The fate of a row, and its cells with the deadline in words.
    fn row(&self, row: usize) -> (LedgerRowFate, (LedgerRow, String)) {
        let cells = self.columns.map(|column| clean(self.cell(row, column), LONGEST));
        let [compound_id, compound_name, subdistrict, line, asked, measure, responsible, deadline, status] =
            cells;
        let has_compound = !(compound_id.is_empty() && compound_name.is_empty());
        let filled_in = [&measure, &responsible, &deadline, &status];
        let is_filled_in = filled_in.into_iter().any(|cell| !cell.is_empty());
        let fate = LedgerRowFate::of(has_compound, !line.is_empty(), is_filled_in);
        let ledger_row = LedgerRow {
            place: self.place(&[self.table.number(row)]),
            compound_id,
            compound_name,
            subdistrict,
            line,
            asked,
            measure,
            responsible,
            deadline: None,
            status,
        };
        (fate, (ledger_row, deadline))
    }

    /// Adds the deadline to a row, and remarks on cut cells and on a deadline that is not a date.
    fn finish(
        &self,
        row: usize,
        (mut found, deadline): (LedgerRow, String),
        remarks: &mut Remarks,
    ) -> LedgerRow {
        let is_cut = |column: &usize| unquoted(self.table.cell(row, *column)).chars().nth(LONGEST).is_some();
        for column in self.columns.iter().flatten().copied().filter(is_cut) {
            let (place, heading) = (&found.place, self.heading(column));
            remarks.changed.push(format!("{place}: {heading}: the text was cut at {LONGEST} characters"));
        }
        found.deadline = parse_date(&deadline);
        if found.deadline.is_none() && !deadline.is_empty() {
            let place = &found.place;
            remarks
                .changed
                .push(format!("{place}: deadline `{deadline}` is not a date; it is stored with the measure"));
            let separator = if found.measure.is_empty() { "" } else { "；" };
            found.measure = format!("{}{separator}完成时限：{deadline}", found.measure);
        }
        found
    }
}

/// `row 5`, or `rows 3, 5 to 8`; rows ascend.
pub(super) fn listed(rows: &[u32]) -> String {
    let word = if rows.len() == 1 { "row" } else { "rows" };
    format!("{word} {}", in_ranges(rows).join(", "))
}

/// A cell without the `'` before text that looks like a formula.
fn unquoted(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| !text.is_empty()).unwrap_or(cell)
}
