//! Typed tables as a file of any format.

use crate::{ExportError, Statement, TypedTable, geopackage, geoparquet, typed_csv, typed_geojson, workbook};
use circle_reach::Cancel;

/// The file format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Comma-separated, one table.
    Csv,
    /// `GeoJSON`, one table.
    Geojson,
    /// A workbook.
    Xlsx,
    /// A `GeoPackage`, with styles for QGIS.
    Gpkg,
    /// GeoParquet, one table.
    Parquet,
}

impl FileFormat {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Geojson, Self::Csv, Self::Xlsx, Self::Gpkg, Self::Parquet];

    /// Its word, which is also the file extension.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Geojson => "geojson",
            Self::Xlsx => "xlsx",
            Self::Gpkg => "gpkg",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type, as registered with IANA.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Geojson => "application/geo+json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Gpkg => "application/geopackage+sqlite3",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Whether a file can hold several tables.
    pub const fn holds_several(self) -> bool {
        matches!(self, Self::Xlsx | Self::Gpkg)
    }
}

/// Writes tables as one file. Formats of a single table get the first.
///
/// # Errors
///
/// When the library of the format fails, or `cancel` is cancelled within a workbook.
pub fn table_file(
    tables: &[TypedTable],
    format: FileFormat,
    statement: &Statement,
    cancel: &Cancel,
) -> Result<Vec<u8>, ExportError> {
    let first = tables.first().ok_or(ExportError::NoTable)?;
    let lines = statement.lines();
    Ok(match format {
        FileFormat::Csv => typed_csv(first),
        FileFormat::Geojson => typed_geojson(first, statement),
        FileFormat::Xlsx => workbook(tables, &lines, cancel)?,
        FileFormat::Gpkg => geopackage(tables, &lines)?,
        FileFormat::Parquet => geoparquet(first, &lines)?,
    })
}
