//! What the table comes to, as typed tables: coverage in long form, units, compounds, gaps to close, assumptions,
//! supply, and the rule set itself.

mod assumptions;
mod carried;
mod compounds;
mod ledger;
mod long;
mod map;
mod rules;
mod sources;
mod supply;
mod survey;
mod units;

pub(super) use ledger::asked;
pub use units::roll_up_geojson;

use super::rows::{AS_MAPPED, basis};
use super::{CoverageReport, CoverageSelection};
use crate::statement::Statement;
use crate::table_file::FileFormat;
use crate::typed::{Cell, Column, Kind, TypedTable};
use crate::words::in_chinese;
use circle_model::city::Population;
use circle_model::{CompoundId, Profile};
use circle_plan::{Level, RollUp, Supply, Walkers};

/// A table of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageTable {
    /// A row per compound and category, or, by a level, per unit and line.
    Coverage,
    /// Every level in one table.
    Units,
    /// A row per compound, the worst-served first.
    Compounds,
    /// A row per gap, to be worked off 问题台账.
    Ledger,
    /// How many verdicts hang on assumptions.
    Assumptions,
    /// Capacity for every 1,000 residents of each compound.
    Supply,
    /// Who shares each facility whose capacity is known.
    Catchments,
    /// How complete the data is, by line or category and area.
    Sources,
    /// Lines that a list of one's own would settle.
    Bring,
    /// Compounds where knowing the gate decides most people's verdicts.
    Survey,
    /// The lines of the rule set with their sources.
    Rules,
}

/// All that the tables are written from.
#[derive(Debug, Clone)]
pub struct CoverageTables<'a> {
    /// The verdicts.
    pub report: CoverageReport<'a>,
    /// The same as the elderly and children walk.
    pub walkers: Walkers<'a>,
    /// Levels that the city has units of, and the city itself.
    pub levels: Vec<RollUp>,
    /// Supply where capacities are given.
    pub supply: &'a Supply,
    /// The profiles of the elderly and of children.
    pub other_profiles: &'a [&'a Profile],
    /// The units that a workbook has a ledger for each of; one ledger in all when `None`.
    pub ledger_by: Option<Level>,
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

    /// Adds the column `basis` where the map was taken for complete, and writes words of programs in Chinese.
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

    /// The ledger as the sheets of a workbook: one for each unit where that is asked for; then what an earlier one had
    /// that is no gap any more, or that nothing fits.
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
            let titled = |(said, table): (Vec<String>, TypedTable)| {
                let unit = said.last().filter(|unit| !unit.is_empty());
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

    /// The long form of some lines.
    pub fn coverage_of(&self, selection: CoverageSelection) -> TypedTable {
        self.finish(long::table(&self.report, selection))
    }

    /// The units of one level.
    pub fn of_level(&self, level: Level) -> TypedTable {
        let levels: Vec<&RollUp> = self.levels.iter().filter(|it| it.level == level).collect();
        self.finish(units::table(self, &levels))
    }

    /// What was assumed, the other profiles and the counts of people included.
    pub fn statement(&self) -> Statement {
        self.report.statement().and_walked_as(self.other_profiles).counting_people(self.report.city)
    }

    /// The levels of administration as layers of a map.
    pub fn layers(&self) -> Vec<TypedTable> {
        let levels = self.levels.iter().filter(|it| it.level != Level::City && !it.groups.is_empty());
        levels.map(|roll_up| self.finish(map::units(self, roll_up))).collect()
    }

    /// All tables that have something to say: what is long in full comes after what sums it up.
    pub fn all(&self) -> Vec<TypedTable> {
        let mut wanted = vec![CoverageTable::Survey, CoverageTable::Compounds];
        if self.report.sensitivity.is_some() {
            wanted.push(CoverageTable::Assumptions);
        }
        if !self.supply.columns.is_empty() {
            wanted.extend([CoverageTable::Supply, CoverageTable::Catchments]);
        }
        wanted.extend([CoverageTable::Rules, CoverageTable::Coverage]);
        let first = [CoverageTable::Bring, CoverageTable::Sources, CoverageTable::Units];
        let mut tables = vec![self.summary()];
        tables.extend(first.map(|table| self.table(table)));
        tables.extend(self.ledgers());
        tables.extend(wanted.into_iter().map(|table| self.table(table)));
        tables
    }

    /// All that a file of some format holds: every table, or the coverage where there is room for one.
    pub fn of_file(&self, format: FileFormat) -> Vec<TypedTable> {
        match format {
            FileFormat::Xlsx => self.all(),
            // A map shows one thing in one place: tables with several rows of a compound or unit have no places.
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

/// The columns of [`unit_names`].
fn unit_columns() -> [Column; 4] {
    let columns = [
        ("district", "区 district"),
        ("subdistrict", "街道 subdistrict"),
        ("community", "社区 community"),
        ("grid", "网格 grid"),
    ];
    columns.map(|(key, heading)| Column::new(key, heading, Kind::Text))
}

/// The names of the units that hold a compound, 区 to 网格.
fn unit_names(table: &mut TypedTable, report: &CoverageReport<'_>, compound: CompoundId) -> [Cell; 4] {
    let city = report.city;
    city.compounds()[compound.index()].units().map(|unit| {
        let name = unit.and_then(|unit| city.text_or_none(city.units()[unit.index()].name));
        name.map_or(Cell::None, |name| table.text(name))
    })
}

/// A count of people, where it is known.
fn people(count: u32) -> Cell {
    if count == Population::UNKNOWN { Cell::None } else { count.into() }
}

/// Seconds as minutes with one decimal, up: nobody is told a shorter walk than there is.
fn minutes_up(seconds: f64) -> f64 {
    (seconds / 6.0).ceil() / 10.0
}
