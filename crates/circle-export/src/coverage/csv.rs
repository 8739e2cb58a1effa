//! The long form as CSV.

use super::rows::{Cells, OfLine, columns, row};
use super::{CoverageReport, CoverageSelection};
use crate::number::Thousandths;
use crate::table::text_cell;
use crate::typed::Column;

/// The table `compound_id, compound_name, category, tier, nearest_facility_id, nearest_facility_name,
/// gate_id, walk_seconds, walk_metres, count_…min, verdict, reason, …`, by compound, then category.
///
/// The counts are named after the bands. Cells are empty where there is nothing to say.
pub fn coverage_csv(report: &CoverageReport<'_>, selection: CoverageSelection) -> Vec<u8> {
    let selected: Vec<(usize, OfLine<'_>)> = selection
        .columns(report.coverage)
        .into_iter()
        .map(|column| (column, OfLine::of(report.rules, report.coverage.columns[column].line)))
        .collect();
    let compounds = selection.compounds(report.city);
    let room = compounds.size_hint().0 * selected.len() * USUAL_ROW;
    let mut line = Line { out: csv::Writer::from_writer(Vec::with_capacity(room)), number: Vec::new() };
    for column in columns(report) {
        line.field(column.key.as_bytes());
    }
    line.end();
    for compound in compounds {
        for (column, of_line) in &selected {
            row(report, of_line, compound, *column, &mut line);
            line.end();
        }
    }
    line.out.into_inner().unwrap_or_default()
}

/// What the columns of [`coverage_csv`] are called and hold.
pub fn coverage_columns(report: &CoverageReport<'_>) -> Vec<Column> {
    columns(report)
}

/// Bytes of a row, about: room that is made at once is not copied as it grows.
const USUAL_ROW: usize = 100;

/// A line of the file. A hundred thousand of them are usual, so no cell is made a text of its own first.
struct Line {
    out: csv::Writer<Vec<u8>>,
    number: Vec<u8>,
}

impl Line {
    /// Writing to memory cannot fail as long as rows are as long as the header.
    fn field(&mut self, field: &[u8]) {
        let written = self.out.write_field(field);
        debug_assert!(written.is_ok(), "{written:?}");
    }

    fn end(&mut self) {
        let written = self.out.write_record(None::<&[u8]>);
        debug_assert!(written.is_ok(), "{written:?}");
    }

    fn shown(&mut self, value: Option<impl std::fmt::Display>) {
        self.number.clear();
        if let Some(value) = value {
            let written = std::io::Write::write_fmt(&mut self.number, format_args!("{value}"));
            debug_assert!(written.is_ok(), "{written:?}");
        }
        let written = self.out.write_field(&self.number);
        debug_assert!(written.is_ok(), "{written:?}");
    }
}

impl Cells for Line {
    fn text(&mut self, text: &str) {
        self.field(text_cell(text).as_bytes());
    }

    fn word(&mut self, word: &'static str) {
        self.field(word.as_bytes());
    }

    fn id(&mut self, id: Option<u32>) {
        self.shown(id);
    }

    fn whole(&mut self, number: Option<u32>) {
        self.shown(number);
    }

    fn number(&mut self, number: Option<Thousandths>) {
        self.shown(number);
    }
}
