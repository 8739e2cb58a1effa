//! Errors of whole own files.

use std::path::PathBuf;

/// The reason why a whole own file cannot be used. Single rows are reported and left out instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnError {
    /// The list itself.
    #[error("{}: {what}", path.display())]
    List {
        /// `OWN.toml`.
        path: PathBuf,
        /// The fault, and what to do.
        what: String,
    },
    /// The file system reported an error.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// A file that cannot be read.
    #[error(transparent)]
    Sheet(#[from] circle_sheet::SheetError),
    /// A file that lacks data that its layer needs.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is missing, and what to do.
        what: String,
    },
}
