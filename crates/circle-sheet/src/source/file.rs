//! Reads whole files of bounded size.

use crate::error::SheetError;
use std::path::Path;

/// Limit of the bytes of a file that is read into memory; the buildings of a city of 20 million take some
/// 100 MB.
const MAX_BYTES: u64 = 512 << 20;

/// The bytes of a file.
///
/// # Errors
/// If it is larger than 512 MiB, is a folder, device or pipe, or the file system returns an error.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, SheetError> {
    let failed = |reason| SheetError::Io { path: path.to_owned(), reason };
    check_size(path, std::fs::metadata(path).map_err(failed)?.len(), MAX_BYTES)?;
    circle_model::files::read_whole(path, MAX_BYTES).map_err(failed)
}

/// Checks the size of a file, both in bytes.
///
/// # Errors
/// [`SheetError::TooLarge`].
pub(crate) fn check_size(path: &Path, bytes: u64, max: u64) -> Result<(), SheetError> {
    if bytes <= max {
        return Ok(());
    }
    let what = format!("it has {} MiB; files of up to {} MiB are read", bytes.div_ceil(1 << 20), max >> 20);
    Err(SheetError::TooLarge { path: path.to_owned(), what })
}
