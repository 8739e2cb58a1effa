//! Typed tables as a file of any format.

use crate::{ExportError, Statement, TypedTable, geopackage, geoparquet, typed_csv, typed_geojson, workbook};

/// What tables are written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Comma-separated, one table.
    Csv,
    /// Features, one table.
    Geojson,
    /// A workbook.
    Xlsx,
    /// A `GeoPackage`, with styles for QGIS.
    Gpkg,
    /// Parquet with places, one table.
    Parquet,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Geojson, Self::Csv, Self::Xlsx, Self::Gpkg, Self::Parquet];

    /// The word for it, which is also how its files end.
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

    /// Whether a file of it holds several tables.
    pub const fn holds_several(self) -> bool {
        matches!(self, Self::Xlsx | Self::Gpkg)
    }
}

/// Some tables as one file; formats of a single table get the first.
///
/// # Errors
/// As the format's library says.
pub fn table_file(
    tables: &[TypedTable],
    format: FileFormat,
    statement: &Statement,
) -> Result<Vec<u8>, ExportError> {
    let first = tables.first().ok_or(ExportError::NoTable)?;
    let lines = statement.lines();
    Ok(match format {
        FileFormat::Csv => typed_csv(first),
        FileFormat::Geojson => typed_geojson(first, statement),
        FileFormat::Xlsx => workbook(tables, &lines)?,
        FileFormat::Gpkg => geopackage(tables, &lines)?,
        FileFormat::Parquet => geoparquet(first, &lines)?,
    })
}
