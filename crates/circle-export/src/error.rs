//! The error type of this crate.

/// A table that a format cannot hold. Values never fail: those that a format lacks are written as text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The list of tables is empty.
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
