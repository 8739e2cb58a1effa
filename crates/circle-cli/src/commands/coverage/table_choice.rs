//! The tables that the command line selects.

use crate::args::{self, CoverageFormat, Table};
use crate::failure::Failure;
use anyhow::anyhow;
use circle_export::CoverageTable;
use circle_model::City;
use circle_plan::{Level, Resolution};
use circle_study::coverage::{ChosenTables, all_levels};
use circle_study::question::{level_named, no_compounds};

/// The tables to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableChoice {
    One(CoverageTable),
    Level(Level),
    All,
}

impl TableChoice {
    /// The table of `--table` or `--by`, else the tables that the format has room for.
    pub(super) fn of(asked: &args::Coverage, format: CoverageFormat) -> Result<Self, Failure> {
        let level = level(asked)?;
        let has_assumptions =
            level.is_none() && matches!(asked.table, None | Some(Table::Coverage | Table::Assumptions));
        if asked.sensitivity && !has_assumptions {
            return Err(Failure::Usage(
                "--sensitivity applies to the tables coverage (by compound) and assumptions".to_owned(),
            ));
        }
        match (level, asked.table) {
            (Some(_), Some(_)) => Err(Failure::Usage(
                "--by and --table select two tables; leave one out (`--table units` has all levels)"
                    .to_owned(),
            )),
            (Some(level), None) => Ok(Self::Level(level)),
            (None, Some(table)) => {
                let table = CoverageTable::from(table);
                if format == CoverageFormat::Geojson && table != CoverageTable::Coverage {
                    return Err(Failure::Usage(
                        "only coverage, by compound or by a level, can be written as GeoJSON; write this table as \
                         .gpkg, .parquet or .csv"
                            .to_owned(),
                    ));
                }
                Ok(Self::One(table))
            }
            (None, None) => Ok(match format {
                CoverageFormat::Xlsx | CoverageFormat::Gpkg => Self::All,
                CoverageFormat::Csv | CoverageFormat::Geojson | CoverageFormat::Parquet => {
                    Self::One(CoverageTable::Coverage)
                }
            }),
        }
    }

    /// The choice as the tables of a file.
    pub(super) const fn chosen(self) -> ChosenTables<'static> {
        match self {
            Self::One(table) => ChosenTables::One(table),
            Self::Level(level) => ChosenTables::Units(level, None),
            Self::All => ChosenTables::All,
        }
    }

    /// The level of the ledger sheets; only workbooks have room for several.
    pub(super) fn ledger_by(
        self,
        asked: &args::Coverage,
        format: CoverageFormat,
    ) -> Result<Option<Level>, Failure> {
        let has_ledger = matches!(self, Self::All | Self::One(CoverageTable::Ledger));
        if asked.ledger.is_some() && !has_ledger {
            return Err(Failure::Usage(
                "--ledger needs a ledger to carry rows over to: write a workbook (-o FILE.xlsx), or use --table ledger"
                    .to_owned(),
            ));
        }
        let Some(by) = asked.sheets_by else { return Ok(None) };
        if format != CoverageFormat::Xlsx || !has_ledger {
            return Err(Failure::Usage(
                "--sheets-by splits the ledger of a workbook: write -o FILE.xlsx, all tables or --table ledger"
                    .to_owned(),
            ));
        }
        Ok(Some(by.into()))
    }

    /// Whether the tables have columns for the elderly and for children.
    pub(super) const fn counts_people(self) -> bool {
        matches!(
            self,
            Self::All | Self::Level(_) | Self::One(CoverageTable::Units | CoverageTable::Compounds)
        )
    }

    /// Whether the tables show supply.
    pub(super) const fn shows_supply(self) -> bool {
        matches!(self, Self::All | Self::One(CoverageTable::Supply | CoverageTable::Catchments))
    }

    /// The levels of the roll-ups.
    pub(super) fn levels(self) -> Vec<Level> {
        match self {
            Self::Level(level) => vec![level],
            Self::One(CoverageTable::Units) | Self::All => all_levels(),
            Self::One(_) => Vec::new(),
        }
    }

    /// Rejects a level without units before anything is computed.
    pub(super) fn check_city(self, city: &City) -> anyhow::Result<()> {
        let Self::Level(level) = self else { return Ok(()) };
        if !level.groups(city).is_empty() {
            return Ok(());
        }
        if city.compounds().is_empty() {
            return Err(anyhow!(no_compounds(city).unwrap_or_default()));
        }
        let there = Level::UNITS.into_iter().filter(|level| !level.groups(city).is_empty());
        let there: Vec<&str> = there.map(Level::word).chain(["city", "h3"]).collect();
        Err(anyhow!(
            "no {} ({}) of this city holds a compound; there are: {}. Units of your own: `circle build --own`, layer \
             `units`",
            level.word(),
            level.zh(),
            there.join(", ")
        ))
    }
}

/// The level of `--by`; `None` for single compounds.
fn level(asked: &args::Coverage) -> Result<Option<Level>, Failure> {
    let Some(resolution) = asked.h3 else { return Ok(level_named(asked.by.word())) };
    if asked.by != args::Level::H3 {
        return Err(Failure::Usage("--h3 is the size of the hexagons of `--by h3`".to_owned()));
    }
    let resolution = Resolution::try_from(resolution).map_err(|error| anyhow!(error))?;
    Ok(Some(Level::H3(resolution)))
}
