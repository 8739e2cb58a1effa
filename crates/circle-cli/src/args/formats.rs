//! Formats that files are written in, for each command those that it writes.

use circle_export::FileFormat;
use clap::ValueEnum;

/// Formats of boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BoardFormat {
    /// For the printer: vectors, fonts embedded
    Pdf,
    /// For further work: vectors, no font needed
    Svg,
    /// A picture
    Png,
}

/// Formats of coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    /// Comma-separated
    Csv,
    /// Features
    Geojson,
    /// A workbook
    Xlsx,
    /// A GeoPackage, with styles for QGIS
    Gpkg,
    /// Parquet with places, one table
    Parquet,
}

impl From<CoverageFormat> for FileFormat {
    fn from(format: CoverageFormat) -> Self {
        match format {
            CoverageFormat::Csv => Self::Csv,
            CoverageFormat::Geojson => Self::Geojson,
            CoverageFormat::Xlsx => Self::Xlsx,
            CoverageFormat::Gpkg => Self::Gpkg,
            CoverageFormat::Parquet => Self::Parquet,
        }
    }
}

/// Formats of the data-quality report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Comma-separated, a row per finding
    Csv,
    /// A workbook: counts by kind, then the findings
    Xlsx,
    /// A feature per finding
    Geojson,
}

/// Formats of walking times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimesFormat {
    /// Comma-separated, a row per pair
    Csv,
}

/// Formats of shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShapeFormat {
    /// Features
    Geojson,
}
