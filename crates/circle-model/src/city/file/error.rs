//! The error of city files.

use crate::city::check::BadRow;
use crate::city::image::VERSION;
use std::path::PathBuf;

/// Why a city file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CityFileError {
    /// The file system failed.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The file does not begin like a city file.
    #[error("{}: not a city file (.circle)", path.display())]
    NotACity {
        /// The file.
        path: PathBuf,
    },
    /// Written by another version.
    #[error("{}: city file of version {found}, this program reads version {VERSION}; build it again with `circle build`", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Version of the file.
        found: u32,
    },
    /// Truncated or altered.
    #[error("{}: damaged city file ({what}); build it again with `circle build`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
    /// A row that no build writes.
    #[error("{}: damaged city file ({row}); build it again with `circle build`", path.display())]
    BadRow {
        /// The file.
        path: PathBuf,
        /// The row.
        row: BadRow,
    },
    /// Another process was writing to it.
    #[error("{}: the city file changed while it was read; try again when it is complete, and replace city files by renaming", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The data exceeds the limits of the format.
    #[error("the city is too large for one file ({what} above 2^32 rows); split the extract")]
    TooLarge {
        /// The table.
        what: &'static str,
    },
}
