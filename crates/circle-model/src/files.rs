//! Reads user files, and cleans their texts for display.

use std::fs::{File, Metadata};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Maximum size in bytes of a file that people write by hand: lists, profiles, limits.
const MOST_WRITTEN: u64 = 16 << 20;
/// Maximum length of a message of the TOML parser with its quotation, in characters.
const LONGEST_QUOTATION: usize = 600;

/// Opens a regular file for reading. Folders, devices and pipes are rejected, and before they are opened:
/// opening a pipe blocks until it has a writer.
///
/// # Errors
///
/// When the file system fails, or the path is no such file.
pub fn open_regular(path: &Path) -> Result<File> {
    check_regular(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    // Another program may have replaced it in between.
    check_regular(&file.metadata()?)?;
    Ok(file)
}

fn check_regular(there: &Metadata) -> Result<()> {
    if there.is_file() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidInput, "it is no file but a folder, device or pipe"))
}

/// Reads a regular file of at most `most` bytes. Devices and pipes, which have no end, are rejected, and so
/// is a file that is too large, before it is read.
///
/// # Errors
///
/// When the file system fails, or the path is no such file.
pub fn read_whole(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = open_regular(path)?;
    check_length(file.metadata()?.len(), most)?;
    let mut bytes = Vec::new();
    // The file may grow while it is read.
    file.take(most + 1).read_to_end(&mut bytes)?;
    check_length(bytes.len() as u64, most)?;
    Ok(bytes)
}

fn check_length(bytes: u64, most: u64) -> Result<()> {
    if bytes <= most {
        return Ok(());
    }
    let what = format!("it has {} MiB; files of up to {} MiB are read", bytes.div_ceil(1 << 20), most >> 20);
    Err(Error::new(ErrorKind::FileTooLarge, what))
}

/// Reads a text file that people write by hand, as [`read_whole`].
///
/// # Errors
///
/// As [`read_whole`], and when the text is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = read_whole(path, MOST_WRITTEN)?;
    let what = "it is not in UTF-8; save it as UTF-8 (in Notepad 记事本: Save as, with the encoding UTF-8)";
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::InvalidData, what))
}

/// The message of the TOML parser about `text`. The parser quotes the whole line at fault before the reason;
/// if the line is long, only its number is given.
pub fn toml_message(text: &str, error: &toml::de::Error) -> String {
    let whole = error.to_string();
    if whole.chars().count() <= LONGEST_QUOTATION {
        return whole.trim_end().to_owned();
    }
    let reason = clean(error.message(), LONGEST_QUOTATION);
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {reason}", 1 + before.matches('\n').count()),
        None => reason,
    }
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

    /// Opening a pipe without a writer blocks for ever.
    #[test]
    fn pipes_are_rejected_before_they_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(open_regular(&pipe).unwrap_err().to_string().contains("pipe"));
        assert!(read_whole(&pipe, 10).unwrap_err().to_string().contains("pipe"));
    }

    /// The file has a TiB of nothing.
    #[test]
    fn large_files_are_rejected_by_their_size_before_they_are_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 40).unwrap();
        let error = read_whole(file.path(), 512 << 20).unwrap_err().to_string();
        assert_eq!(error, "it has 1048576 MiB; files of up to 512 MiB are read");
    }

    #[test]
    fn a_list_in_gbk_is_rejected_with_the_advice_to_save_it_as_utf_8() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"path = '\xd5\xef\xcb\xf9.csv'\n").unwrap();
        assert!(read_text(file.path()).unwrap_err().to_string().contains("save it as UTF-8"));
    }

    #[test]
    fn the_reason_of_a_parser_is_not_lost_behind_a_long_line() {
        let message = |text: &str| toml_message(text, &toml::from_str::<toml::Table>(text).unwrap_err());
        assert!(message("a = 1\nb =").contains("line 2, column"), "{}", message("a = 1\nb ="));
        let deep = format!("a = 1\nb = {}", "[".repeat(100_000));
        let message = message(&deep);
        assert!(message.starts_with("line 2: ") && message.contains("recurs"), "{message}");
        assert!(message.chars().count() < 700, "{message}");
    }

    #[test]
    fn escapes_and_direction_marks_are_removed() {
        assert_eq!(clean("a\u{1b}[31m\u{202e}b\nc", 100), "a [31m b c");
        assert_eq!(clean("诊所诊所", 2), "诊所");
    }
}
