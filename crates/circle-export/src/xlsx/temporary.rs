//! Failures of the temporary files of workbooks.
//!
//! The library writes rows to a temporary file, and panics where it cannot.

use crate::error::ExportError;
use rust_xlsxwriter::XlsxError;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Runs `write`. A temporary file that cannot be written, such as on a full disk, becomes
/// [`ExportError::TemporaryFolder`].
pub(super) fn with_temporary_files<T>(
    write: impl FnOnce() -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let folder = std::env::temp_dir;
    match catch_unwind(AssertUnwindSafe(write)) {
        Ok(Err(ExportError::Workbook(XlsxError::TempFileError(folder, reason)))) => {
            Err(ExportError::TemporaryFolder { folder, reason: reason.to_string() })
        }
        // The workbook itself is made in memory.
        Ok(Err(ExportError::Workbook(XlsxError::IoError(reason)))) => {
            Err(ExportError::TemporaryFolder { folder: folder(), reason: reason.to_string() })
        }
        Ok(written) => written,
        Err(panic) => match system_error(&*panic) {
            Some(reason) => Err(ExportError::TemporaryFolder { folder: folder(), reason }),
            None => resume_unwind(panic),
        },
    }
}

/// The message of the operating system's error in that of a panic, which ends with it:
/// `Os { code: 28, kind: StorageFull, message: "No space left on device" }`.
fn system_error(panic: &(dyn Any + Send)) -> Option<String> {
    let message = panic.downcast_ref::<String>()?;
    let (_, error) = message.split_once("Os { code: ")?;
    let (_, reason) = error.split_once("message: \"")?;
    Some(reason.trim_end_matches([' ', '}', '"']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    const STORAGE_FULL: i32 = 28;

    #[test]
    fn a_panic_for_a_full_disk_is_an_error_that_names_the_folder() {
        let full = || Err::<(), _>(io::Error::from_raw_os_error(STORAGE_FULL));
        // The two ways in which the library ends.
        let panics: [fn(io::Result<()>); 2] =
            [|full| full.expect("Couldn't write to xml file"), |full| full.unwrap()];
        for panic in panics {
            let failed = with_temporary_files(|| {
                panic(full());
                Ok(())
            });
            let Err(ExportError::TemporaryFolder { folder, reason }) = failed else {
                panic!("{failed:?}");
            };
            assert_eq!((folder, reason.as_str()), (std::env::temp_dir(), "No space left on device"));
        }
    }

    #[test]
    fn an_error_of_a_temporary_file_names_the_folder_and_what_to_do() {
        let error = XlsxError::TempFileError("/full".into(), io::Error::from_raw_os_error(STORAGE_FULL));
        let failed = with_temporary_files(|| Err::<(), _>(error.into())).unwrap_err().to_string();
        for words in ["/full", "No space left on device", "TMPDIR"] {
            assert!(failed.contains(words), "{failed}");
        }
    }

    #[test]
    fn other_panics_go_on() {
        let panicked = std::panic::catch_unwind(|| {
            with_temporary_files(|| -> Result<(), ExportError> {
                panic!("a bug in row {}", std::hint::black_box(7))
            })
        });
        let payload = panicked.unwrap_err();
        assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("a bug in row 7"));
    }
}
