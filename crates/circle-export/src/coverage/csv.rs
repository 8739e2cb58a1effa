//! The long form as CSV.

use super::rows::{Cells, OfLine, columns, row};
use super::{CoverageReport, CoverageSelection};
use crate::number::{Thousandths, write_degrees, write_whole};
use crate::table::text_cell;
use crate::typed::Column;
use std::io::{self, Write};

/// The table `compound_id, compound_name, category, tier, nearest_facility_id, nearest_facility_name,
/// gate_id, walk_seconds, walk_metres, count_…min, verdict, reason, …`, by compound, then category.
///
/// The counts are named after the bands. Cells are empty where there is nothing to say.
pub fn coverage_csv(report: &CoverageReport<'_>, selection: CoverageSelection) -> Vec<u8> {
    let mut out = Vec::new();
    let written = write_coverage_csv(report, selection, &mut out);
    debug_assert!(written.is_ok(), "writing to memory: {written:?}");
    out
}

/// As [`coverage_csv`], to a file or stream.
///
/// # Errors
/// As `out` says.
pub fn write_coverage_csv(
    report: &CoverageReport<'_>,
    selection: CoverageSelection,
    out: impl Write,
) -> io::Result<()> {
    let mut line = Line { out: csv::Writer::from_writer(out), number: Vec::new(), failed: Ok(()) };
    for column in columns(report) {
        line.field(column.key.as_bytes());
    }
    line.end()?;
    let selected: Vec<(usize, OfLine<'_>)> = selection
        .columns(report.coverage)
        .into_iter()
        .map(|column| (column, OfLine::of(report.rules, report.coverage.columns[column].line)))
        .collect();
    for compound in report.selected(selection) {
        for (column, of_line) in &selected {
            row(report, of_line, compound, *column, &mut line);
            line.end()?;
        }
    }
    line.out.flush()
}

/// What the columns of [`coverage_csv`] are called and hold.
pub fn coverage_columns(report: &CoverageReport<'_>) -> Vec<Column> {
    columns(report)
}

/// A line of the file. A hundred thousand of them are usual, so no cell is made a text of its own first.
struct Line<W: Write> {
    out: csv::Writer<W>,
    number: Vec<u8>,
    failed: csv::Result<()>,
}

impl<W: Write> Line<W> {
    fn field(&mut self, field: &[u8]) {
        if self.failed.is_ok() {
            self.failed = self.out.write_field(field);
        }
    }

    fn end(&mut self) -> io::Result<()> {
        let written =
            std::mem::replace(&mut self.failed, Ok(())).and_then(|()| self.out.write_record(None::<&[u8]>));
        // Whoever reads a pipe may have seen enough: that is told by the kind, which the usual conversion loses.
        written.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        })
    }

    fn digits<N>(&mut self, value: Option<N>, write: impl FnOnce(N, &mut Vec<u8>)) {
        self.number.clear();
        if let Some(value) = value {
            write(value, &mut self.number);
        }
        if self.failed.is_ok() {
            self.failed = self.out.write_field(&self.number);
        }
    }
}

impl<W: Write> Cells for Line<W> {
    fn text(&mut self, text: &str) {
        self.field(text_cell(text).as_bytes());
    }

    fn word(&mut self, word: &'static str) {
        self.field(word.as_bytes());
    }

    fn id(&mut self, id: Option<u32>) {
        self.digits(id, write_whole);
    }

    fn whole(&mut self, number: Option<u32>) {
        self.digits(number, write_whole);
    }

    fn number(&mut self, number: Option<Thousandths>) {
        self.digits(number, Thousandths::write);
    }

    fn degrees(&mut self, degrees: Option<i32>) {
        self.digits(degrees, write_degrees);
    }
}
