//! An extract as a list of blocks, which can be decoded in any order and on any thread.

use crate::error::ImportError;
use osmpbf::{BlobDecode, BlobReader, BlobType, PrimitiveBlock};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::File;
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The blocks of one extract.
#[derive(Debug)]
pub(crate) struct Extract {
    path: PathBuf,
    file: File,
    blocks: Vec<Block>,
    /// West, south, east and north in the header, in degrees.
    pub(crate) bounds: Option<[f64; 4]>,
    /// The date of the data in the header, in seconds since 1970.
    pub(crate) timestamp: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    offset: u64,
    length: u64,
}

/// Rejects XML extracts, compressed or not, and change files, with the command that converts them.
fn reject_xml(path: &Path, file: &File) -> Result<(), ImportError> {
    let mut begin = [0; 1024];
    // A read error here occurs again below, where it is reported.
    let length = std::os::unix::fs::FileExt::read_at(file, &mut begin, 0).unwrap_or(0);
    let begin = &begin[..length];
    let packed = begin.starts_with(b"\x1f\x8b") || begin.starts_with(b"BZh");
    let begin = String::from_utf8_lossy(begin);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let endings = [".gz", ".bz2", ".osm", ".osc", ".xml"];
    let bare = endings.iter().fold(name.as_str(), |name, ending| name.strip_suffix(ending).unwrap_or(name));
    let bare = if bare.is_empty() { "out" } else { bare };
    let is_xml = begin.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    let changes = begin.contains("<osmChange") || name.to_lowercase().contains(".osc");
    if (is_xml || packed) && changes {
        return Err(ImportError::Changes { path: path.to_owned(), name });
    }
    let what = if packed {
        "a packed file"
    } else if begin.contains("<osm") {
        "an extract in XML"
    } else if is_xml {
        "XML"
    } else {
        return Ok(());
    };
    Err(ImportError::Xml { path: path.to_owned(), what, to: bare.to_owned(), name })
}

impl Extract {
    /// Opens all of `paths`.
    ///
    /// # Errors
    /// As [`Extract::open`].
    pub(crate) fn open_all(paths: &[&Path]) -> Result<Vec<Self>, ImportError> {
        paths.iter().map(|path| Self::open(path)).collect()
    }

    /// Reads the block headers, not the blocks.
    ///
    /// # Errors
    /// If the file cannot be read, or is not an extract in PBF form.
    pub(crate) fn open(path: &Path) -> Result<Self, ImportError> {
        let io = |reason| ImportError::Io { path: path.to_owned(), reason };
        let file = File::open(path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        if !meta.is_file() {
            let reason = if meta.is_dir() { "it is a folder" } else { "it is a pipe or device, not a file" };
            return Err(ImportError::NotPbf { path: path.to_owned(), reason: reason.into() });
        }
        if meta.len() == 0 {
            return Err(ImportError::Empty { path: path.to_owned() });
        }
        reject_xml(path, &file)?;
        let mut extract =
            Self { path: path.to_owned(), file, blocks: Vec::new(), bounds: None, timestamp: None };
        extract.index(meta.len())?;
        Ok(extract)
    }

    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// SHA-256 of the whole file, in hex.
    pub(crate) fn sha256(&self) -> Result<String, ImportError> {
        let io = |reason| ImportError::Io { path: self.path.clone(), reason };
        let mut file = File::open(&self.path).map_err(io)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer).map_err(io)? {
                0 => break,
                n => hasher.update(&buffer[..n]),
            }
        }
        let mut hex = String::with_capacity(64);
        for byte in hasher.finalize() {
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(hex)
    }

    /// Passes the decoded block to `visit`.
    ///
    /// # Errors
    /// If the block cannot be read, or the decoder fails or panics on it.
    pub(crate) fn decode<T>(
        &self,
        number: usize,
        visit: impl FnOnce(&PrimitiveBlock) -> T,
    ) -> Result<T, ImportError> {
        let block = self.blocks[number];
        let mut bytes = vec![0; usize::try_from(block.length).unwrap_or(0)];
        std::os::unix::fs::FileExt::read_exact_at(&self.file, &mut bytes, block.offset)
            .map_err(|error| self.damaged(number, error.to_string()))?;
        let decoded = catch_unwind(AssertUnwindSafe(|| {
            let blob = BlobReader::new(bytes.as_slice()).next().transpose()?;
            match blob.as_ref().map(osmpbf::Blob::decode).transpose()? {
                Some(BlobDecode::OsmData(block)) => Ok(Some(visit(&block))),
                _ => Ok::<_, osmpbf::Error>(None),
            }
        }));
        match decoded {
            Ok(Ok(Some(value))) => Ok(value),
            Ok(Ok(None)) => Err(self.damaged(number, "no map data in it".into())),
            Ok(Err(error)) => Err(self.block_error(number, &error, &bytes)),
            Err(_) => Err(self.damaged(number, "its contents contradict themselves".into())),
        }
    }

    fn index(&mut self, file_length: u64) -> Result<(), ImportError> {
        let io = |reason| ImportError::Io { path: self.path.clone(), reason };
        let reader = File::open(&self.path).map_err(io)?;
        let mut reader = BlobReader::new_seekable(BufReader::with_capacity(512, reader))
            .map_err(|error| self.not_pbf(error.to_string()))?;
        let mut starts: Vec<(u64, bool)> = Vec::new();
        let mut end = 0;
        while let Some(header) = reader.next_header_skip_blob() {
            match header {
                Ok((header, Some(offset))) => {
                    if header.get_blob_size() < 0 {
                        return Err(self.damaged(starts.len(), "its length is below zero".into()));
                    }
                    starts.push((offset.0, header.blob_type() == BlobType::OsmData));
                    end = reader.seek_raw(std::io::SeekFrom::Current(0)).unwrap_or(u64::MAX);
                }
                Ok((_, None)) => return Err(self.damaged(starts.len(), "its place is not known".into())),
                Err(error) if starts.is_empty() => return Err(self.not_pbf(error.to_string())),
                Err(error) => return Err(self.damaged(starts.len(), error.to_string())),
            }
        }
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([file_length]);
        let blocks = starts.iter().zip(ends).map(|((start, data), end)| {
            (Block { offset: *start, length: end.saturating_sub(*start) }, *data)
        });
        let (header, data): (Vec<_>, Vec<_>) = blocks.enumerate().partition(|(_, (_, data))| !data);
        if header.first().is_none_or(|(number, _)| *number != 0) {
            return Err(self.not_pbf("it does not begin with a header block".into()));
        }
        self.blocks = vec![header[0].1.0];
        self.read_header()?;
        self.blocks = data.into_iter().map(|(_, (block, _))| block).collect();
        // The reader does not report a file that ends inside the length of a block.
        if end != file_length {
            let last = self.blocks.len().saturating_sub(1);
            let what =
                if end > file_length { "the file ends inside it" } else { "bytes follow that are no block" };
            return Err(self.damaged(last, what.into()));
        }
        Ok(())
    }

    fn read_header(&mut self) -> Result<(), ImportError> {
        let mut bytes = vec![0; usize::try_from(self.blocks[0].length).unwrap_or(0).min(1 << 26)];
        std::os::unix::fs::FileExt::read_exact_at(&self.file, &mut bytes, 0)
            .map_err(|error| self.not_pbf(error.to_string()))?;
        let blob = BlobReader::new(bytes.as_slice()).next().transpose();
        let header = match blob.and_then(|blob| blob.map(|blob| blob.to_headerblock()).transpose()) {
            Ok(Some(header)) => header,
            Ok(None) => return Err(self.not_pbf("it ends inside its header".into())),
            Err(error) => {
                return Err(match self.block_error(0, &error, &bytes) {
                    ImportError::Damaged { reason, .. } => self.not_pbf(reason),
                    other => other,
                });
            }
        };
        for feature in header.required_features() {
            match feature.as_str() {
                "OsmSchema-V0.6" | "DenseNodes" | "LocationsOnWays" => {}
                "HistoricalInformation" => {
                    return Err(ImportError::History { path: self.path.clone(), name: self.name() });
                }
                _ => return Err(ImportError::Feature { path: self.path.clone(), feature: feature.clone() }),
            }
        }
        self.bounds = header.bbox().map(|b| [b.left, b.bottom, b.right, b.top]);
        self.timestamp = header.osmosis_replication_timestamp();
        Ok(())
    }

    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn not_pbf(&self, reason: String) -> ImportError {
        ImportError::NotPbf { path: self.path.clone(), reason }
    }

    fn damaged(&self, block: usize, reason: String) -> ImportError {
        let offset = self.blocks.get(block).map_or(0, |block| block.offset);
        ImportError::Damaged { path: self.path.clone(), block, offset, reason }
    }

    /// The reader supports raw and zlib data and reports other methods as empty; the field number identifies
    /// the method.
    fn block_error(&self, block: usize, error: &osmpbf::Error, bytes: &[u8]) -> ImportError {
        if matches!(error.kind(), osmpbf::ErrorKind::Blob(osmpbf::BlobError::Empty)) {
            let method = match compression_field(bytes) {
                Some(4) => "LZMA",
                Some(5) => "bzip2",
                Some(6) => "LZ4",
                Some(7) => "zstd",
                _ => return self.damaged(block, "it contains no data".into()),
            };
            return ImportError::Compression { path: self.path.clone(), name: self.name(), block, method };
        }
        self.damaged(block, error.to_string())
    }
}

/// Field number of the first data field of a `Blob` message, which follows its header.
fn compression_field(bytes: &[u8]) -> Option<u8> {
    let header = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let mut rest = bytes.get(4 + header..)?;
    loop {
        let (&key, after) = rest.split_first()?;
        match (key >> 3, key & 7) {
            (2, 0) => {
                let skip = after.iter().position(|byte| byte & 0x80 == 0)? + 1;
                rest = after.get(skip..)?;
            }
            (field, 2) => return Some(field),
            _ => return None,
        }
    }
}
