//! The contents of a file of coverage, for commands and the API.

use circle_export::{
    CoverageReport, CoverageSelection, CoverageTable, CoverageTables, FileFormat, TypedTable,
    roll_up_geojson, write_coverage_csv, write_coverage_geojson,
};
use circle_plan::Level;
use std::io::{self, Write};

/// The tables of a file.
#[derive(Debug, Clone, Copy)]
pub enum ChosenTables<'a> {
    /// One table; a ledger is split into sheets where the format holds several tables.
    One(CoverageTable),
    /// The verdicts of a selection.
    Verdicts(CoverageSelection),
    /// The units of a level, with all lines of the rule set or only this one.
    Units(Level, Option<&'a str>),
    /// All tables that the format has room for.
    All,
}

impl ChosenTables<'_> {
    /// The contents of a file of this format.
    pub fn contents(self, tables: &CoverageTables<'_>, format: FileFormat) -> FileContents {
        FileContents::Tables(match self {
            Self::Units(level, line) if format == FileFormat::Geojson => {
                return FileContents::Features(roll_up_geojson(tables, level, line));
            }
            Self::Units(level, Some(line)) => vec![tables.of_level(level).only("category", line)],
            Self::Units(level, None) => vec![tables.of_level(level)],
            Self::One(CoverageTable::Ledger) if format.holds_several() => tables.ledgers(),
            Self::One(table) => vec![tables.table(table)],
            Self::Verdicts(selection) => vec![tables.coverage_of(selection)],
            Self::All => tables.of_file(format),
        })
    }
}

/// The contents of a file.
#[derive(Debug)]
pub enum FileContents {
    /// The bytes of a `GeoJSON` file: a feature per unit.
    Features(Vec<u8>),
    /// Tables, which have yet to be encoded.
    Tables(Vec<TypedTable>),
}

/// A format in which verdicts are written row by row: their table may be larger than memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// Comma-separated.
    Csv,
    /// `GeoJSON`.
    Geojson,
}

impl RowFormat {
    /// The format as one of rows; `None` for formats that are encoded as a whole.
    pub const fn of(format: FileFormat) -> Option<Self> {
        match format {
            FileFormat::Csv => Some(Self::Csv),
            FileFormat::Geojson => Some(Self::Geojson),
            FileFormat::Xlsx | FileFormat::Gpkg | FileFormat::Parquet => None,
        }
    }

    /// Writes the verdicts of a selection.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write(
        self,
        report: &CoverageReport<'_>,
        selection: CoverageSelection,
        out: impl Write,
    ) -> io::Result<()> {
        match self {
            Self::Csv => write_coverage_csv(report, selection, out),
            Self::Geojson => write_coverage_geojson(report, selection, out),
        }
    }
}
