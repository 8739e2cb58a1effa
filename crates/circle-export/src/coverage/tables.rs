//! All tables of the report: coverage in long form, units, compounds, gaps, assumptions, supply, and the rule
//! set itself.

mod assumptions;
mod carried;
mod cells;
mod compounds;
mod input;
mod ledger;
mod long;
mod map;
mod rules;
mod sources;
mod supply;
mod survey;
mod units;

pub use input::CoverageTables;
pub use units::roll_up_geojson;

use super::CoverageSelection;
use super::rows::basis;
use crate::statement::Statement;
use crate::table_file::FileFormat;
use crate::typed::TypedTable;
use crate::words::{AS_MAPPED, in_chinese};
use circle_plan::{Level, RollUp};

/// A table of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageTable {
    /// A row for each compound and category, or, with a level, for each unit and line.
    Coverage,
    /// All levels in one table.
    Units,
    /// A row for each compound, the worst-served first.
    Compounds,
    /// A row for each gap, to be worked off 问题台账.
    Ledger,
    /// The number of verdicts that depend on assumptions.
    Assumptions,
    /// Capacity per 1,000 residents of each compound.
    Supply,
    /// The residents that share each facility of known capacity.
    Catchments,
    /// Completeness of the data, by line or category and area.
    Sources,
    /// The lines that own files would settle.
    Bring,
    /// The compounds whose verdicts depend on unmapped gates.
    Survey,
    /// The lines of the rule set with their sources.
    Rules,
}

impl CoverageTables<'_> {
    /// One table.
    pub fn table(&self, table: CoverageTable) -> TypedTable {
        let table = match table {
            CoverageTable::Coverage => long::table(&self.report, CoverageSelection::default()),
            CoverageTable::Units => units::table(self, &self.levels.iter().collect::<Vec<_>>()),
            CoverageTable::Compounds => compounds::table(self),
            CoverageTable::Ledger => ledger::table(&self.report),
            CoverageTable::Assumptions => assumptions::table(&self.report),
            CoverageTable::Supply => supply::compounds(self),
            CoverageTable::Catchments => supply::facilities(self),
            CoverageTable::Sources => sources::table(self),
            CoverageTable::Bring => sources::bring(self),
            CoverageTable::Survey => survey::table(self),
            CoverageTable::Rules => rules::table(&self.report),
        };
        self.finish(table)
    }

    /// Adds the column `basis` if the map was taken as complete, and sets Chinese labels for words.
    fn finish(&self, table: TypedTable) -> TypedTable {
        let basis = basis();
        let has_basis = table.columns().iter().any(|column| column.key == basis.key);
        let table = if self.report.coverage.evidence.as_mapped && !has_basis {
            table.with_columns(vec![basis], |table, _| vec![table.text(AS_MAPPED)])
        } else {
            table
        };
        in_chinese(table, self.report.catalogue)
    }

    /// The ledger as sheets of a workbook, one for each unit if `ledger_by` is set; then the rows of an
    /// earlier ledger that are closed or without a match.
    pub fn ledgers(&self) -> Vec<TypedTable> {
        let ledger = self.table(CoverageTable::Ledger);
        let keys: &[&str] = match self.ledger_by {
            Some(Level::District) => &["district"],
            Some(Level::Subdistrict) => &["district", "subdistrict"],
            Some(Level::Community) => &["district", "subdistrict", "community"],
            Some(Level::City | Level::Grid | Level::H3(_)) | None => &[],
        };
        let mut tables: Vec<TypedTable> = Vec::new();
        if keys.is_empty() || ledger.is_empty() {
            tables.push(ledger);
        } else {
            let titled = |(names, table): (Vec<String>, TypedTable)| {
                let unit = names.last().filter(|unit| !unit.is_empty());
                table.with_title(unit.map_or("未知单元", String::as_str))
            };
            tables.extend(ledger.split_by(keys, "number").into_iter().map(titled));
        }
        if let Some(carried) = self.report.carried {
            let carried = carried::tables(&self.report, carried);
            tables.extend(carried.into_iter().map(|table| self.finish(table)));
        }
        tables
    }

    /// The long form for a selection.
    pub fn coverage_of(&self, selection: CoverageSelection) -> TypedTable {
        self.finish(long::table(&self.report, selection))
    }

    /// The units of one level.
    pub fn of_level(&self, level: Level) -> TypedTable {
        let levels: Vec<&RollUp> = self.levels.iter().filter(|it| it.level == level).collect();
        self.finish(units::table(self, &levels))
    }

    /// The statement, with the other profiles and the method of counting people.
    pub fn statement(&self) -> Statement {
        self.report.statement().and_walked_as(self.other_profiles).counting_people(self.report.city)
    }

    /// The administrative levels as layers of a map.
    pub fn layers(&self) -> Vec<TypedTable> {
        let levels = self.levels.iter().filter(|it| it.level != Level::City && !it.groups.is_empty());
        levels.map(|roll_up| self.finish(map::units(self, roll_up))).collect()
    }

    /// All tables that are not empty. Summaries come before long tables.
    pub fn all(&self) -> Vec<TypedTable> {
        let mut kinds = vec![CoverageTable::Survey, CoverageTable::Compounds];
        if self.report.sensitivity.is_some() {
            kinds.push(CoverageTable::Assumptions);
        }
        if !self.supply.columns.is_empty() {
            kinds.extend([CoverageTable::Supply, CoverageTable::Catchments]);
        }
        kinds.extend([CoverageTable::Rules, CoverageTable::Coverage]);
        let first = [CoverageTable::Bring, CoverageTable::Sources, CoverageTable::Units];
        let mut tables = vec![self.summary()];
        tables.extend(first.map(|table| self.table(table)));
        tables.extend(self.ledgers());
        tables.extend(kinds.into_iter().map(|table| self.table(table)));
        tables
    }

    /// The tables that a file of a format holds: all, or the coverage if the format has room for one.
    pub fn of_file(&self, format: FileFormat) -> Vec<TypedTable> {
        match format {
            FileFormat::Xlsx => self.all(),
            // A map shows one row at one place, so tables with several rows for a compound or unit have no
            // geometries.
            FileFormat::Gpkg => {
                let report = &self.report;
                let maps = [self.finish(map::compounds(self))].into_iter().chain(self.layers());
                let places = [map::facilities(report), map::gates(report)].map(|table| self.finish(table));
                let tables = self.all().into_iter().filter(|table| table.name() != "compounds");
                maps.chain(places).chain(tables.map(TypedTable::without_places)).collect()
            }
            FileFormat::Csv | FileFormat::Geojson | FileFormat::Parquet => {
                vec![self.table(CoverageTable::Coverage)]
            }
        }
    }

    /// The city alone: what a workbook opens with.
    fn summary(&self) -> TypedTable {
        self.finish(units::summary(self))
    }
}
