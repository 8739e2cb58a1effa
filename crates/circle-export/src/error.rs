//! The error type of this crate.

use circle_reach::Cancelled;
use std::path::PathBuf;

/// A table that a format cannot hold. Values never fail: those that a format lacks are written as text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The caller has left.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The list of tables is empty.
    #[error("no table to write")]
    NoTable,
    /// The workbook.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The folder for temporary files, to which the rows of a workbook are written.
    #[error(
        "the rows of the workbook cannot be written to the folder for temporary files {}: {reason}; free space there, \
         or set TMPDIR to another folder",
        folder.display()
    )]
    TemporaryFolder {
        /// The folder.
        folder: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The `GeoPackage`.
    #[error("the GeoPackage cannot be written: {0}")]
    GeoPackage(#[from] rusqlite::Error),
    /// The Parquet file.
    #[error("the Parquet file cannot be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
}
