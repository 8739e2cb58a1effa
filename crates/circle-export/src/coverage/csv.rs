//! Writes the long form of coverage as CSV.

use super::rows::{Cells, OfCompound, OfLine, columns, row};
use super::{CoverageReport, CoverageSelection};
use crate::number::{Thousandths, write_degrees, write_whole};
use crate::table::text_cell;
use crate::typed::TableColumn;
use crate::written::written;
use std::io::{self, Write};

/// Writes the table `compound_id, compound_name, category, tier, nearest_facility_id, nearest_facility_name,
/// gate_id, walk_seconds, walk_metres, count_…min, verdict, reason, …`, by compound, then category.
///
/// The counts are named after the bands. Cells without a value are empty.
///
/// ```
/// use circle_export::{CoverageReport, CoverageSelection, coverage_csv};
/// use circle_model::city::{Meta, Span};
/// use circle_model::{Catalogue, City, RuleSet};
/// use circle_plan::{Evidence, Judging, coverage};
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Network};
///
/// // A compound with its gate at `G`, and a clinic at `P`, 410 m along the street.
/// let map = Map::draw(10.0, "
///  a  d
///
///  b  c
///  G----------------------------------------P")
///     .compound(0, "abcd", "G")
///     .facility("P");
/// let catalogue = Catalogue::built_in();
/// let mut tables = map.town.tables();
/// tables.facility_categories = vec![catalogue.index_of("clinic").unwrap() as u8];
/// tables.facilities[0].categories = Span { start: 0, len: 1 };
/// let network = Network::build(&City::from_tables(tables, &Meta::default())?);
///
/// let (profile, rules) = (profile("planning"), RuleSet::built_in().remove(0));
/// let judging = Judging {
///     catalogue: &catalogue,
///     profile: &profile,
///     rules: &rules,
///     minutes: &[5, 10, 15],
///     evidence: Evidence::AS_MAPPED,
/// };
/// let coverage = coverage(&network, &judging, &Cancel::never())?;
/// let report = CoverageReport {
///     city: network.city(),
///     catalogue: &catalogue,
///     profile: &profile,
///     rules: &rules,
///     coverage: &coverage,
///     sensitivity: None,
///     within: None,
///     carried: None,
/// };
/// let line = coverage.columns.iter().position(|column| column.name == "卫生室");
/// let selection = CoverageSelection { column: line, ..CoverageSelection::default() };
/// let csv = String::from_utf8(coverage_csv(&report, selection))?;
/// assert!(csv.starts_with("compound_id,compound_name,category,"));
/// // The header, and the row of the compound.
/// assert_eq!(csv.lines().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage_csv(report: &CoverageReport<'_>, selection: CoverageSelection) -> Vec<u8> {
    let mut out = Vec::new();
    written(write_coverage_csv(report, selection, &mut out));
    out
}

/// As [`coverage_csv`], to a file or stream.
///
/// # Errors
///
/// When `out` fails.
pub fn write_coverage_csv(
    report: &CoverageReport<'_>,
    selection: CoverageSelection,
    out: impl Write,
) -> io::Result<()> {
    let mut line = Line::new(out);
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
        let of_compound = OfCompound::of(report.city, compound);
        for (column, of_line) in &selected {
            row(report, of_line, &of_compound, *column, &mut line);
            line.end()?;
        }
    }
    line.finish()
}

/// The columns of [`coverage_csv`].
pub fn coverage_columns(report: &CoverageReport<'_>) -> Vec<TableColumn> {
    columns(report)
}

/// Writes the lines of the file. A city has 100,000 lines with 40 cells, for which the csv crate takes 2.5
/// times as many instructions (callgrind, Harbin, 2026-11-30). A test compares this writer with that crate.
struct Line<W: Write> {
    out: W,
    buffer: Vec<u8>,
    begun: bool,
}

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 16;

impl<W: Write> Line<W> {
    fn new(out: W) -> Self {
        Self { out, buffer: Vec::with_capacity(BUFFER + (BUFFER >> 2)), begun: false }
    }

    /// Begins a cell: writes a comma, unless the cell is the first of its line.
    #[inline]
    fn cell(&mut self) -> &mut Vec<u8> {
        if self.begun {
            self.buffer.push(b',');
        }
        self.begun = true;
        &mut self.buffer
    }

    /// Writes a cell of any bytes, quoted where needed (RFC 4180).
    fn field(&mut self, field: &[u8]) {
        let out = self.cell();
        if memchr::memchr3(b',', b'"', b'\n', field).is_some() || field.contains(&b'\r') {
            out.push(b'"');
            for part in field.split_inclusive(|byte| *byte == b'"') {
                out.extend_from_slice(part);
                if part.ends_with(b"\"") {
                    out.push(b'"');
                }
            }
            out.push(b'"');
        } else {
            out.extend_from_slice(field);
        }
    }

    fn digits<N>(&mut self, value: Option<N>, write: impl FnOnce(N, &mut Vec<u8>)) {
        let out = self.cell();
        if let Some(value) = value {
            write(value, out);
        }
    }

    fn end(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        self.begun = false;
        if self.buffer.len() >= BUFFER { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.write()?;
        self.out.flush()
    }
}

impl<W: Write> Cells for Line<W> {
    fn text(&mut self, text: &str) {
        self.field(text_cell(text).as_bytes());
    }

    fn word(&mut self, word: &'static str) {
        // Words need no quotes.
        self.cell().extend_from_slice(word.as_bytes());
    }

    fn id(&mut self, key: Option<&str>) {
        self.text(key.unwrap_or_default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_equal_those_of_the_csv_crate() {
        let cells = [
            "",
            "plain",
            "a,b",
            "\"",
            "\"\"x",
            "x\"",
            "line\nbreak",
            "\r",
            "博南口腔(拉薇公园店)",
            " ",
            "'=1",
            "a\"b,c\"\n",
        ];
        let mut expected = csv::Writer::from_writer(Vec::new());
        let mut line = Line::new(Vec::new());
        for first in cells {
            expected.write_record(std::iter::once(first).chain(cells)).unwrap();
            std::iter::once(first).chain(cells).for_each(|cell| line.field(cell.as_bytes()));
            line.end().unwrap();
        }
        line.write().unwrap();
        assert_eq!(String::from_utf8(line.out), String::from_utf8(expected.into_inner().unwrap()));
    }

    #[test]
    fn a_full_buffer_is_written_completely() {
        let mut line = Line::new(Vec::new());
        for number in 0..20_000 {
            line.whole(Some(number));
            line.number(Some(Thousandths(number)));
            line.end().unwrap();
        }
        assert!(line.out.len() > BUFFER, "nothing was written on the way");
        line.write().unwrap();
        let text = String::from_utf8(line.out).unwrap();
        assert_eq!(text.lines().count(), 20_000);
        assert!(text.ends_with("19999,19.999\n"));
    }
}
