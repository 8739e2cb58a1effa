//! Reads whole files of bounded size.

use crate::error::SheetError;
use std::path::Path;

/// Limit of bytes; the buildings of a city of 20 million take some 100 MB.
const MAX_BYTES: u64 = 1 << 31;

/// The bytes of a file.
///
/// # Errors
/// If it is larger than 2 GiB, or the file system returns an error.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, SheetError> {
    let failed = |reason| SheetError::Io { path: path.to_owned(), reason };
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    if bytes > MAX_BYTES {
        let what = format!("it has {bytes} bytes; the limit is {MAX_BYTES}");
        return Err(SheetError::TooLarge { path: path.to_owned(), what });
    }
    circle_model::files::read_whole(path, MAX_BYTES).map_err(failed)
}
