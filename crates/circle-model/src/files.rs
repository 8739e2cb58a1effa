//! Reads user files, and cleans their texts for display.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Maximum size in bytes of a file that people write by hand: lists, profiles, limits.
const MOST_WRITTEN: u64 = 16 << 20;

/// Reads a regular file of at most `most` bytes. Devices and pipes, which have no end, are rejected.
///
/// # Errors
///
/// When the file system fails, or the path is no such file.
pub fn read_whole(path: &Path, most: u64) -> Result<Vec<u8>> {
    let there = std::fs::metadata(path)?;
    if !there.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is no file but a folder, device or pipe"));
    }
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let what = format!("it is larger than the {} MiB that are read", most >> 20);
        return Err(Error::new(ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

/// Reads a text file that people write by hand, as [`read_whole`].
///
/// # Errors
///
/// As [`read_whole`], and when the text is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = read_whole(path, MOST_WRITTEN)?;
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::InvalidData, "it is not in UTF-8"))
}

/// Cleans a text for display on one line: control characters and marks that change the reading direction
/// become spaces, and at most `most` characters are kept.
pub fn clean(text: &str, most: usize) -> String {
    let clean = |c: char| if c.is_control() || turns(c) { ' ' } else { c };
    text.chars().take(most).map(clean).collect()
}

/// Whether [`clean`] would leave a text unchanged, except for its length.
pub fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || turns(c))
}

/// Whether a character changes the reading direction, or breaks a line without being a control character.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_folders_and_large_files_are_rejected() {
        assert!(read_whole(Path::new("/dev/zero"), 10).unwrap_err().to_string().contains("device"));
        assert!(read_text(&std::env::temp_dir()).unwrap_err().to_string().contains("folder"));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), [b'x'; 11]).unwrap();
        assert!(read_whole(file.path(), 10).is_err() && read_whole(file.path(), 11).is_ok());
    }

    #[test]
    fn escapes_and_direction_marks_are_removed() {
        assert_eq!(clean("a\u{1b}[31m\u{202e}b\nc", 100), "a [31m b c");
        assert_eq!(clean("诊所诊所", 2), "诊所");
    }
}
