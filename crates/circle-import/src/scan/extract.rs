//! An extract as a list of blocks, which can be decoded in any order and on any thread.

use crate::error::ImportError;
use crate::pbf::{Blob, BlobHeader, BlobKind, DataBlock, FileHeader, PbfFault, header_length};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::FileExt;
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
    /// Bytes of the whole block, with its header.
    length: u64,
}

/// Rejects XML extracts, compressed or not, and change files, with the command that converts them.
fn reject_xml(path: &Path, file: &File) -> Result<(), ImportError> {
    let mut begin = [0; 1024];
    // A read error here occurs again below, where it is reported.
    let length = file.read_at(&mut begin, 0).unwrap_or(0);
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

/// Rejects folders, pipes and devices.
fn check_regular(path: &Path, there: &Metadata) -> Result<(), ImportError> {
    if there.is_file() {
        return Ok(());
    }
    let reason = if there.is_dir() { "it is a folder" } else { "it is a pipe or device, not a file" };
    Err(ImportError::NotPbf { path: path.to_owned(), reason: reason.into() })
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
        // Before it is opened, because opening a pipe blocks until it has a writer.
        check_regular(path, &std::fs::metadata(path).map_err(io)?)?;
        let file = File::open(path).map_err(io)?;
        let meta = file.metadata().map_err(io)?;
        check_regular(path, &meta)?;
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
    /// If the block cannot be read or decoded.
    pub(crate) fn decode<T>(
        &self,
        number: usize,
        visit: impl FnOnce(&DataBlock<'_>) -> T,
    ) -> Result<T, ImportError> {
        let bytes = self.read(self.blocks[number]).map_err(|reason| self.damaged(number, reason))?;
        let fault = |fault| self.block_error(number, fault);
        let (blob, _) = Blob::read(&bytes).map_err(fault)?;
        let contents = blob.contents().map_err(fault)?;
        DataBlock::decode(&contents).map(|block| visit(&block)).map_err(fault)
    }

    fn index(&mut self, file_length: u64) -> Result<(), ImportError> {
        let mut blocks: Vec<(Block, BlobKind)> = Vec::new();
        let mut at = 0;
        while at + 4 <= file_length {
            match self.header_at(at) {
                Ok((block, kind)) => {
                    at += block.length;
                    blocks.push((block, kind));
                }
                Err(reason) if blocks.is_empty() => return Err(self.not_pbf(reason)),
                Err(reason) => return Err(self.damaged_at(blocks.len(), at, reason)),
            }
        }
        let Some((header, BlobKind::Header)) = blocks.first().copied() else {
            return Err(self.not_pbf("it does not begin with a header block".into()));
        };
        if header.length > file_length {
            return Err(self.not_pbf("it ends inside its header".into()));
        }
        self.read_header(header)?;
        self.blocks =
            blocks.into_iter().filter(|(_, kind)| *kind == BlobKind::Data).map(|(block, _)| block).collect();
        if at != file_length {
            let last = self.blocks.len().saturating_sub(1);
            let what =
                if at > file_length { "the file ends inside it" } else { "bytes follow that are no block" };
            return Err(self.damaged(last, what.into()));
        }
        Ok(())
    }

    /// The block at `offset`, whose end may lie beyond the end of the file.
    ///
    /// # Errors
    /// The reason why there is none.
    fn header_at(&self, offset: u64) -> Result<(Block, BlobKind), String> {
        let mut length = [0; 4];
        self.file.read_exact_at(&mut length, offset).map_err(|error| error.to_string())?;
        let mut bytes = vec![0; header_length(length).map_err(|fault| fault.to_string())?];
        self.file.read_exact_at(&mut bytes, offset + 4).map_err(|_| "the file ends inside its header")?;
        let header = BlobHeader::decode(&bytes).map_err(|fault| fault.to_string())?;
        Ok((Block { offset, length: 4 + bytes.len() as u64 + header.length }, header.kind))
    }

    fn read(&self, block: Block) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; usize::try_from(block.length).map_err(|error| error.to_string())?];
        self.file.read_exact_at(&mut bytes, block.offset).map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn read_header(&mut self, block: Block) -> Result<(), ImportError> {
        let bytes = self.read(block).map_err(|reason| self.not_pbf(reason))?;
        let contents = Blob::read(&bytes).and_then(|(blob, _)| blob.contents());
        let header = match contents.and_then(|contents| FileHeader::decode(&contents)) {
            Ok(header) => header,
            Err(PbfFault::Compressed(method)) => return Err(self.compressed(0, method)),
            Err(fault) => return Err(self.not_pbf(fault.to_string())),
        };
        for feature in header.required_features {
            match feature.as_str() {
                "OsmSchema-V0.6" | "DenseNodes" | "LocationsOnWays" => {}
                "HistoricalInformation" => {
                    return Err(ImportError::History { path: self.path.clone(), name: self.name() });
                }
                _ => return Err(ImportError::Feature { path: self.path.clone(), feature }),
            }
        }
        self.bounds = header.bounds;
        self.timestamp = header.timestamp;
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
        self.damaged_at(block, offset, reason)
    }

    fn damaged_at(&self, block: usize, offset: u64, reason: String) -> ImportError {
        ImportError::Damaged { path: self.path.clone(), block, offset, reason }
    }

    fn compressed(&self, block: usize, method: &'static str) -> ImportError {
        ImportError::Compression { path: self.path.clone(), name: self.name(), block, method }
    }

    fn block_error(&self, block: usize, fault: PbfFault) -> ImportError {
        match fault {
            PbfFault::Compressed(method) => self.compressed(block, method),
            fault => self.damaged(block, fault.to_string()),
        }
    }
}
