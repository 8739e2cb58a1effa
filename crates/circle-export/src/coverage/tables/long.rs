//! The long form of coverage as a typed table.

use crate::coverage::rows::{Cells, OfCompound, OfLine, columns, row};
use crate::coverage::{CoverageReport, CoverageSelection};
use crate::number::Thousandths;
use crate::typed::{Cell, TableGeometry, TypedTable};

/// A row for each compound and category, at the compound's point.
pub(super) fn table(report: &CoverageReport<'_>, selection: CoverageSelection) -> TypedTable {
    let mut table = TypedTable::new("coverage", "达标明细 coverage", columns(report)).with_places();
    let selected: Vec<(usize, OfLine<'_>)> = selection
        .columns(report.coverage)
        .into_iter()
        .map(|column| (column, OfLine::of(report.rules, report.coverage.columns[column].line)))
        .collect();
    let compounds = report.compounds();
    table.reserve(compounds.len() * selected.len());
    for id in compounds {
        let compound = &report.city.compounds()[id.index()];
        // Outlines of compounds are in the table of compounds; repeated in 60 columns they would fill the
        // file.
        let place = TableGeometry::Point(compound.point);
        let of_compound = OfCompound::of(report.city, id);
        for (column, of_line) in &selected {
            let mut line = Line { cells: Vec::with_capacity(table.columns().len()), table: &mut table };
            row(report, of_line, &of_compound, *column, &mut line);
            let cells = line.cells;
            table.push_at(place.clone(), &cells);
        }
    }
    table
}

struct Line<'a> {
    cells: Vec<Cell>,
    table: &'a mut TypedTable,
}

impl Cells for Line<'_> {
    fn text(&mut self, text: &str) {
        let cell = if text.is_empty() { Cell::None } else { self.table.text(text) };
        self.cells.push(cell);
    }

    fn word(&mut self, word: &'static str) {
        self.text(word);
    }

    fn id(&mut self, key: Option<&str>) {
        let cell = key.map_or(Cell::None, |key| self.table.text(key));
        self.cells.push(cell);
    }

    fn whole(&mut self, number: Option<u32>) {
        self.cells.push(number.into());
    }

    fn number(&mut self, number: Option<Thousandths>) {
        self.cells.push(number.map(|number| f64::from(number.0) / 1000.0).into());
    }

    fn degrees(&mut self, degrees: Option<i32>) {
        self.cells.push(degrees.map(|stored| f64::from(stored) / 1e7).into());
    }
}
