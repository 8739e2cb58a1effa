//! Checks zip archives before a reader unpacks them.

use crate::error::SheetError;
use std::io::{Cursor, Read};
use std::path::Path;

/// Limit of unpacked bytes; a million rows of twenty columns unpack to some 600 MB.
const MAX_UNPACKED: u64 = 1 << 30;
/// Limit of unpacked bytes for each packed byte, above [`SMALL_UNPACKED`]. Tables shrink to a tenth, hardly
/// ever to a fiftieth.
const MAX_RATIO: u64 = 60;
/// Limit of the unpacked bytes of the part with shared texts, of which the shortest take five times as much
/// memory. A sheet holds as many bytes of texts.
const MAX_TEXTS: u64 = 256 << 20;
/// Count of unpacked bytes that is accepted at any ratio.
const SMALL_UNPACKED: u64 = 64 << 20;

/// Checks the unpacked size of an archive and its counts of shared texts, for which readers of workbooks
/// allocate memory.
///
/// # Errors
/// If it unpacks to more than [`MAX_UNPACKED`], [`MAX_RATIO`] or [`MAX_TEXTS`] allow, or a count exceeds the
/// bytes of its part.
pub(crate) fn check_unpacked(path: &Path, bytes: &[u8]) -> Result<(), SheetError> {
    let unzip = |error: zip::result::ZipError| damaged(path, error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unzip)?;
    let max = MAX_UNPACKED.min(SMALL_UNPACKED + MAX_RATIO * bytes.len() as u64);
    let mut left = max;
    let mut buffer = vec![0; 1 << 16];
    for number in 0..archive.len() {
        let file = archive.by_index(number).map_err(unzip)?;
        let has_texts =
            String::from_utf8_lossy(file.name_raw()).to_lowercase().ends_with("sharedstrings.xml");
        let most = if has_texts { left.min(MAX_TEXTS) } else { left };
        let mut file = file.take(most + 1);
        let (mut size, mut declared) = (0, 0);
        let mut window = Vec::new();
        loop {
            let length = file.read(&mut buffer).map_err(|error| damaged(path, error.to_string()))?;
            if length == 0 {
                break;
            }
            size += length as u64;
            if has_texts {
                // In UTF-16 every second byte of ASCII is zero.
                window.extend(buffer[..length].iter().filter(|byte| **byte != 0));
                declared = declared.max(declared_texts(&window));
                window.drain(..window.len().saturating_sub(OVERLAP));
            }
        }
        if declared > size {
            return Err(damaged(path, "it declares more texts than it contains"));
        }
        if size > most {
            let (what, most) = if most < left { ("its texts unpack", most) } else { ("it unpacks", max) };
            let what = format!("{what} to more than {} MiB", most >> 20);
            return Err(SheetError::TooLarge { path: path.to_owned(), what });
        }
        left -= size;
    }
    Ok(())
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a workbook", reason)
}

/// The attribute with the count of shared texts.
const COUNT_ATTRIBUTE: &[u8] = b"uniqueCount";
/// Count of bytes that are searched again together with the following bytes.
const OVERLAP: usize = 64;

/// The largest declared count of texts; `u64::MAX` if no number follows the attribute.
fn declared_texts(bytes: &[u8]) -> u64 {
    let windows = bytes.windows(COUNT_ATTRIBUTE.len()).enumerate();
    let counts = windows.filter(|(_, window)| *window == COUNT_ATTRIBUTE).map(|(at, _)| {
        let rest = &bytes[at + COUNT_ATTRIBUTE.len()..];
        // Without an equals sign it is a word in a cell.
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { return 0 };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
        let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let count = std::str::from_utf8(&value[..digits]).ok().and_then(|digits| digits.parse().ok());
        // At the end of the window the number may be cut; the next window contains it again.
        if rest.len() < OVERLAP / 2 { count.unwrap_or(0) } else { count.unwrap_or(u64::MAX) }
    });
    counts.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn archives_that_unpack_to_a_gigabyte_are_rejected() {
        let page = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(1 << 20));
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/bomb", zip::write::SimpleFileOptions::default()).unwrap();
        (0..=1024).for_each(|_| zip.write_all(page.as_bytes()).unwrap());
        let bytes = zip.finish().unwrap().into_inner();
        let error = check_unpacked(Path::new("own.xlsx"), &bytes).unwrap_err();
        assert!(matches!(error, SheetError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn shared_texts_of_over_256_mib_are_rejected() {
        let options = zip::write::SimpleFileOptions::default;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        // A picture that is not compressed, so that the archive may unpack to more.
        let stored = options().compression_method(zip::CompressionMethod::Stored);
        zip.start_file("picture", stored).unwrap();
        zip.write_all(&vec![0; 8 << 20]).unwrap();
        zip.start_file("xl/sharedStrings.xml", options()).unwrap();
        let texts = "<si/>".repeat(1 << 20);
        (0..52).for_each(|_| zip.write_all(texts.as_bytes()).unwrap());
        let bytes = zip.finish().unwrap().into_inner();
        let error = check_unpacked(Path::new("own.xlsx"), &bytes).unwrap_err().to_string();
        assert!(error.contains("its texts unpack to more than 256 MiB"), "{error}");
    }
}
