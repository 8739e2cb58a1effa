//! Arguments of the commands that judge: coverage, comparison, audit.

use super::examples;
use super::formats::CoverageFormat;
use super::walking::{CsvFiles, Judging};
use circle_export::CoverageTable;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `circle coverage`
#[derive(Debug, Args)]
#[command(after_help = examples::COVERAGE)]
pub(crate) struct Coverage {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Level of the table: single compounds, or results added up by unit
    #[arg(long, value_enum, default_value_t = Level::Compound)]
    pub(crate) by: Level,
    /// Resolution of the hexagons of `--by h3`, from 5 (250 km²) to 11 (2,000 m²); default: 8 (0.7 km²)
    #[arg(long, value_name = "RESOLUTION", value_parser = clap::value_parser!(u8).range(5..=11))]
    pub(crate) h3: Option<u8>,
    /// A single table; by default a workbook or GeoPackage has all tables
    #[arg(long, value_enum)]
    pub(crate) table: Option<Table>,
    /// Judge again with all compounds open, all closed, and without derived gates
    #[arg(long)]
    pub(crate) sensitivity: bool,
    /// Only the compounds of a unit, by name or id: a 区, 街道, 社区 or 网格. Their verdicts are those of the
    /// whole city
    #[arg(long, value_name = "UNIT")]
    pub(crate) within: Option<String>,
    /// In a workbook, a ledger sheet for each unit of this level
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) sheets_by: Option<SheetsBy>,
    /// A filled-in ledger, .xlsx or .csv: measure, responsible, deadline and status are carried over; rows
    /// that are no longer gaps are listed in a separate table
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format of a file whose name has no known ending
    #[arg(long, value_enum)]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle compare`
#[derive(Debug, Args)]
#[command(after_help = examples::COMPARE)]
pub(crate) struct Compare {
    /// City file or extract, before
    pub(crate) before: PathBuf,
    /// City file or extract, after
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format of a file whose name has no known ending
    #[arg(long, value_enum)]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle audit`
#[derive(Debug, Args)]
#[command(after_help = AUDITING)]
pub(crate) struct Audit {
    /// City file or extract
    #[arg(required_unless_present = "findings")]
    pub(crate) city: Option<PathBuf>,
    /// Number of verdicts to draw
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) sample: u32,
    /// Seed of the random draw: the same seed draws the same verdicts
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// File to write: .xlsx or .csv to fill in, .html with maps to read and print
    #[arg(short, long, value_name = "FILE", required_unless_present = "findings")]
    pub(crate) output: Option<PathBuf>,
    /// A filled-in sheet: prints the share of verdicts that stood
    #[arg(long, value_name = "FILE", conflicts_with_all = ["city", "sample", "seed", "rules", "profile", "at_time", "legs", "minutes", "as_mapped", "completeness", "output"])]
    pub(crate) findings: Option<PathBuf>,
}

const AUDITING: &str = "\
Fill in the column `finding` with stands 成立, wrong 错误 or not defensible 站不住, and read the sheet back.

Examples:
  circle audit harbin.circle --sample 60 --seed 17 -o audit.xlsx
  circle audit harbin.circle --sample 60 --seed 17 -o audit.html
  circle audit --findings audit.xlsx";

/// Levels of the table of coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// 小区
    Compound,
    /// 网格
    Grid,
    /// 社区
    Community,
    /// 街道
    Subdistrict,
    /// 区
    District,
    /// 全市
    City,
    /// Hexagons of about 0.7 km², or of the resolution `--h3`
    H3,
}

impl Level {
    /// The word of the level in [`circle_study::question::LEVELS`].
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Compound => "compound",
            Self::Grid => "grid",
            Self::Community => "community",
            Self::Subdistrict => "subdistrict",
            Self::District => "district",
            Self::City => "city",
            Self::H3 => "h3",
        }
    }
}

/// Levels of units with a ledger sheet each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetsBy {
    /// 社区
    Community,
    /// 街道
    Subdistrict,
    /// 区
    District,
}

/// Tables of coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// A row per compound and category
    Coverage,
    /// A row per unit and line of the rule set, all levels
    Units,
    /// A row per compound, the worst served first
    Compounds,
    /// 问题台账: a row per gap, with the department in charge
    Ledger,
    /// The number of verdicts that depend on each assumption
    Assumptions,
    /// Capacity per 1,000 residents (2SFCA), by compound
    Supply,
    /// Capacity per 1,000 residents (2SFCA), by facility
    Catchments,
    /// Completeness of the data, by line or category and district
    Sources,
    /// Lists that would settle unknown verdicts
    Bring,
    /// Compounds whose verdicts depend on the place of a gate, those with the most residents first
    Survey,
    /// The lines of the rule set with their sources
    Rules,
}

impl From<SheetsBy> for circle_plan::Level {
    fn from(by: SheetsBy) -> Self {
        match by {
            SheetsBy::Community => Self::Community,
            SheetsBy::Subdistrict => Self::Subdistrict,
            SheetsBy::District => Self::District,
        }
    }
}

impl From<Table> for CoverageTable {
    fn from(table: Table) -> Self {
        match table {
            Table::Coverage => Self::Coverage,
            Table::Units => Self::Units,
            Table::Compounds => Self::Compounds,
            Table::Ledger => Self::Ledger,
            Table::Assumptions => Self::Assumptions,
            Table::Supply => Self::Supply,
            Table::Catchments => Self::Catchments,
            Table::Sources => Self::Sources,
            Table::Bring => Self::Bring,
            Table::Survey => Self::Survey,
            Table::Rules => Self::Rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_study::question::LEVELS;

    #[test]
    fn the_levels_are_those_of_the_api() {
        let words: Vec<&str> = Level::value_variants().iter().map(|level| level.word()).collect();
        assert_eq!(words, LEVELS.map(|(word, _)| word));
    }
}
