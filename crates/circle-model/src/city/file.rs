//! The city file `.circle`: header, meta as JSON, then the tables as they lie in memory.
//!
//! ```text
//! 0   magic "CIRCLE\r\n"      8 bytes
//! 8   version, sections       2 × u32
//! 16  checksum of all after   u64 (XXH3)
//! 24  length of the file      u64
//! 32  (offset, length) of meta and of every table, 2 × u64 each
//! …   meta and tables, each at a multiple of 8
//! ```
//! Little endian. A file of another version is refused; it is rebuilt from its extract in a second.

use super::columns::{City, CityTables, Sections};
use super::meta::Meta;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

const MAGIC: [u8; 8] = *b"CIRCLE\r\n";
const VERSION: u32 = 9;

/// Why a city file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CityFileError {
    /// The file system said no.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// It does not begin as a city file does.
    #[error("{}: not a city file (.circle)", path.display())]
    NotACity {
        /// The file.
        path: PathBuf,
    },
    /// Made by another version.
    #[error("{}: city file of version {found}, this program reads version {VERSION}; build it again with `circle build`", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// Truncated or altered.
    #[error("{}: damaged city file ({what}); build it again with `circle build`", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        what: &'static str,
    },
    /// More than the format can hold.
    #[error("the city is too large for one file ({what} above 2^32 rows); split the extract")]
    TooLarge {
        /// Which table.
        what: &'static str,
    },
}

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: u32,
    sections: u32,
    checksum: u64,
    file_length: u64,
}

/// Where a table lies, in bytes.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Section {
    offset: u64,
    length: u64,
}

impl Section {
    pub(super) const fn new(offset: usize, length: usize) -> Self {
        Self { offset: offset as u64, length: length as u64 }
    }
}

/// The bytes of a city, on the heap or mapped. Both are 8-byte aligned.
#[derive(Debug, Clone)]
pub(super) enum Image {
    Heap(Arc<Vec<u64>>),
    Mapped(Arc<memmap2::Mmap>),
}

impl Image {
    #[inline]
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Heap(words) => words.as_bytes(),
            Self::Mapped(map) => map,
        }
    }

    #[inline]
    pub(super) fn section(&self, section: Section) -> &[u8] {
        usize::try_from(section.offset)
            .ok()
            .zip(usize::try_from(section.length).ok())
            .and_then(|(offset, length)| self.bytes().get(offset..offset.checked_add(length)?))
            .unwrap_or_default()
    }
}

impl City {
    /// Lays the tables out as a city image in memory.
    ///
    /// # Errors
    /// When a table has more rows than 32 bits can number.
    pub fn from_tables(tables: CityTables, meta: &Meta) -> Result<Self, CityFileError> {
        if u32::try_from(tables.points.len()).is_err() || u32::try_from(tables.texts.len()).is_err() {
            return Err(CityFileError::TooLarge { what: "points or names" });
        }
        let meta_json = serde_json::to_vec(meta).unwrap_or_default();
        let mut parts = vec![meta_json.as_slice()];
        parts.extend(tables.columns());
        let mut at = size_of::<Header>() + parts.len() * size_of::<Section>();
        let mut sections = Vec::with_capacity(parts.len());
        for part in &parts {
            sections.push(Section { offset: at as u64, length: part.len() as u64 });
            at = (at + part.len()).next_multiple_of(8);
        }
        let mut words = vec![0u64; at / 8];
        let bytes = words.as_mut_bytes();
        bytes[size_of::<Header>()..][..sections.as_bytes().len()].copy_from_slice(sections.as_bytes());
        for (section, part) in sections.iter().zip(&parts) {
            bytes[section.offset as usize..][..part.len()].copy_from_slice(part);
        }
        let header = Header {
            magic: MAGIC,
            version: VERSION,
            sections: sections.len() as u32,
            checksum: checksum(&bytes[CHECKED_FROM..], at as u64),
            file_length: at as u64,
        };
        bytes[..size_of::<Header>()].copy_from_slice(header.as_bytes());
        drop(tables);
        Self::from_image(Image::Heap(Arc::new(words)), Path::new("the city in memory"))
    }

    /// Maps a city file and checks it.
    ///
    /// # Errors
    /// When the file cannot be read, is not a city file, is of another version, truncated or altered.
    pub fn open(path: &Path) -> Result<Self, CityFileError> {
        let io = |reason| CityFileError::Io { path: path.to_owned(), reason };
        // To open a pipe would wait for who writes to it.
        if !std::fs::metadata(path).map_err(io)?.is_file() {
            return Err(CityFileError::NotACity { path: path.to_owned() });
        }
        let file = std::fs::File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.len() < size_of::<Header>() as u64 {
            return Err(CityFileError::NotACity { path: path.to_owned() });
        }
        #[expect(
            unsafe_code,
            reason = "the one mapping: files are replaced by rename, never written in place"
        )]
        // SAFETY: the map is read only. Writers replace a city file by renaming over it, so its bytes stay as they are.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(io)?;
        Self::from_image(Image::Mapped(Arc::new(map)), path)
    }

    fn from_image(image: Image, path: &Path) -> Result<Self, CityFileError> {
        let damaged = |what| CityFileError::Damaged { path: path.to_owned(), what };
        let bytes = image.bytes();
        let (header, rest) =
            Header::read_from_prefix(bytes).map_err(|_| CityFileError::NotACity { path: path.to_owned() })?;
        if header.magic != MAGIC {
            return Err(CityFileError::NotACity { path: path.to_owned() });
        }
        if header.version != VERSION {
            return Err(CityFileError::Version { path: path.to_owned(), found: header.version });
        }
        if header.file_length != bytes.len() as u64 {
            return Err(damaged("its length is not the one it was written with"));
        }
        if checksum(&bytes[CHECKED_FROM..], header.file_length) != header.checksum {
            return Err(damaged("its checksum does not fit"));
        }
        let (sections, _) = <[Section]>::ref_from_prefix_with_elems(rest, header.sections as usize)
            .map_err(|_| damaged("its table of contents is cut"))?;
        let (meta, tables) = sections.split_first().ok_or_else(|| damaged("it has no tables"))?;
        let meta = serde_json::from_slice(image.section(*meta))
            .map_err(|_| damaged("its summary is not readable"))?;
        let sections = Sections::of(tables, &image).ok_or_else(|| damaged("its tables do not fit"))?;
        Ok(Self { image, overlay: None, sections, meta: Arc::new(meta) })
    }

    /// The city file, byte for byte; [`write_atomically`] puts it on disk.
    pub fn as_bytes(&self) -> &[u8] {
        self.image.bytes()
    }

    /// Changes with the data: the image's checksum.
    pub fn fingerprint(&self) -> u64 {
        Header::read_from_prefix(self.image.bytes()).map_or(0, |(header, _)| header.checksum)
    }
}

/// Writes a file whole or not at all: a temporary file beside it, synced, then renamed. A link is followed, so that
/// what it points to is replaced; a device or pipe is written to as it is.
///
/// # Errors
/// As the file system says.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_atomically_with(path, |file| file.write_all(bytes))
}

/// As [`write_atomically`], of what `write` puts into the file, so that it need not be in memory whole.
///
/// # Errors
/// As the file system and `write` say; then nothing is left behind.
pub fn write_atomically_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let there = path.metadata().ok();
    if there.as_ref().is_some_and(|there| !there.is_file() && !there.is_dir()) {
        let mut file = BufWriter::new(std::fs::OpenOptions::new().write(true).open(path)?);
        write(&mut file)?;
        return file.flush();
    }
    let permissions = there.filter(std::fs::Metadata::is_file).map(|there| there.permissions());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut named = tempfile::Builder::new();
    named.prefix(".circle-").permissions(new_file());
    let (file, name) = if let Some(file) = unnamed_in(folder) {
        (file, None)
    } else {
        let (file, name) = named.tempfile_in(folder)?.into_parts();
        (file, Some(name))
    };
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    let mut buffered = BufWriter::with_capacity(1 << 16, &file);
    write(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.sync_all()?;
    let name = match name {
        Some(name) => name,
        None => named.make_in(folder, |name| link(&file, name))?.into_temp_path(),
    };
    name.persist(path).map_err(|error| error.error)
}

/// A file without a name, of which nothing is left however the process ends; `None` where there is no such thing.
#[cfg(target_os = "linux")]
fn unnamed_in(folder: &Path) -> Option<std::fs::File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)).ok().map(std::fs::File::from)
}

/// Gives an unnamed file its name.
#[cfg(target_os = "linux")]
fn link(file: &std::fs::File, name: &Path) -> std::io::Result<()> {
    use rustix::fs::{AtFlags, CWD};
    use std::os::fd::AsRawFd;
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, unnamed, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn unnamed_in(_folder: &Path) -> Option<std::fs::File> {
    None
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &std::fs::File, _name: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// What a new file gets before the umask, not the owner-only mode of temporary files.
#[cfg(unix)]
fn new_file() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o666)
}

const CHECKED_FROM: usize = size_of::<Header>();

fn checksum(bytes: &[u8], length: u64) -> u64 {
    let mut hasher = Xxh3::with_seed(length);
    hasher.update(bytes);
    hasher.digest()
}
