//! File formats, by command.

use circle_export::FileFormat;
use circle_print::Format;
use clap::ValueEnum;

/// Formats of boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BoardFormat {
    /// For printing: vectors, with embedded fonts
    Pdf,
    /// For further editing: vectors, without fonts
    Svg,
    /// Raster image
    Png,
}

impl From<BoardFormat> for Format {
    fn from(format: BoardFormat) -> Self {
        match format {
            BoardFormat::Pdf => Self::Pdf,
            BoardFormat::Svg => Self::Svg,
            BoardFormat::Png => Self::Png,
        }
    }
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
    /// GeoParquet, one table
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

impl From<ReportFormat> for FileFormat {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Csv => Self::Csv,
            ReportFormat::Xlsx => Self::Xlsx,
            ReportFormat::Geojson => Self::Geojson,
        }
    }
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
