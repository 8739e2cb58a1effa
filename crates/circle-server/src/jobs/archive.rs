//! The result of a job: a ZIP file without a name on the disk.

use axum::body::Bytes;
use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A ZIP file that is being written. PDF and PNG are compressed themselves, so files are stored as they are.
#[derive(Debug)]
pub(super) struct Archive(ZipWriter<File>);

/// A finished file. The operating system frees its space when it is dropped, however the process ends.
#[derive(Debug)]
pub(crate) struct StoredFile {
    file: File,
    /// Length in bytes.
    pub(crate) length: u64,
}

impl Archive {
    /// An empty archive in the folder for temporary files.
    ///
    /// # Errors
    /// When no file can be made there.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(ZipWriter::new(tempfile::tempfile()?)))
    }

    /// Adds a file.
    ///
    /// # Errors
    /// When it cannot be written, as on a full disk, or there is a file of this name.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, stored).map_err(io::Error::other)?;
        self.0.write_all(bytes)
    }

    /// Finishes the archive.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> io::Result<StoredFile> {
        let file = self.0.finish().map_err(io::Error::other)?;
        let length = file.metadata()?.len();
        Ok(StoredFile { file, length })
    }
}

impl StoredFile {
    /// Reads at most `most` bytes from a position.
    ///
    /// # Errors
    /// When the disk cannot be read.
    pub(super) fn read(&self, from: u64, most: usize) -> io::Result<Bytes> {
        let length = usize::try_from(self.length.saturating_sub(from)).map_or(most, |left| left.min(most));
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, from)?;
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

    #[test]
    fn an_archive_holds_its_files_under_chinese_names() {
        let mut archive = Archive::new().unwrap();
        archive.add("w1-红专小区.pdf", b"one").unwrap();
        archive.add("left-out.csv", b"two").unwrap();
        assert!(archive.add("left-out.csv", b"again").is_err());
        let mut archive = Archive::new().unwrap();
        archive.add("w1-红专小区.pdf", b"one").unwrap();
        let stored = archive.finish().unwrap();
        let length = usize::try_from(stored.length).unwrap();
        let bytes = [stored.read(0, 10).unwrap(), stored.read(10, length).unwrap()].concat();
        assert_eq!(bytes.len(), length);
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name("w1-红专小区.pdf").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "one");
    }
}
