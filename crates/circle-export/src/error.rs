//! Why a file could not be written.

/// What a format does not take. Values do not get here: those that a format lacks are written as text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// Nothing was asked for.
    #[error("no table to write")]
    NoTable,
    /// The workbook.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The `GeoPackage`.
    #[error("the GeoPackage cannot be written: {0}")]
    GeoPackage(#[from] rusqlite::Error),
    /// The Parquet file.
    #[error("the Parquet file cannot be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
}
