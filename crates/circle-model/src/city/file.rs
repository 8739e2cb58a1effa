//! The city file `.circle`: header, meta as JSON, then the tables as they lie in memory.
//!
//! ```text
//! 0   magic "CIRCLE\r\n"      8 bytes
//! 8   version, sections       2 × u32
//! 16  checksum of all after   u64 (XXH3)
//! 24  length of the file      u64
//! 32  (offset, length) of meta and of every table, 2 × u64 each
//! …   meta and tables, one behind the other, each at a multiple of 8
//! ```
//! Little endian. A file of another version is refused; it is rebuilt from its extract in a second.
//!
//! An open city never depends on its file: up to [`MOST_IN_MEMORY`] the file is read into memory, a larger one is copied
//! to an unnamed file that is mapped. So a file that is truncated or overwritten while it is served cannot end the
//! process (SIGBUS). Its tables are checked once (`check.rs`).

use super::check::BadRow;
use super::columns::{City, CityTables, Sections};
use super::edition::Conditions;
use super::meta::Meta;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
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
    /// A row that no build writes.
    #[error("{}: damaged city file ({row}); build it again with `circle build`", path.display())]
    BadRow {
        /// The file.
        path: PathBuf,
        /// The row.
        row: BadRow,
    },
    /// Another process was writing to it.
    #[error("{}: the city file changed while it was read; try again when it is complete, and replace city files by renaming", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
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

/// Larger files are copied and mapped rather than read into memory: pages of a mapping can be dropped when memory is
/// short.
const MOST_IN_MEMORY: u64 = 1 << 30;

/// The bytes of a city, on the heap or mapped from a copy that nobody else writes to. Both are 8-byte aligned.
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
        let meta_json = serde_json::to_vec(meta).map_err(|_| {
            let path = PathBuf::from("the city in memory");
            CityFileError::Damaged { path, what: "its summary cannot be written" }
        })?;
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

    /// Reads a city file and checks all of it: checksum, layout, and every row ([`City::check`]).
    ///
    /// # Errors
    /// When the file cannot be read, is not a city file, is of another version, truncated, altered, or holds a row that
    /// no build writes.
    pub fn open(path: &Path) -> Result<Self, CityFileError> {
        Self::open_with(path, MOST_IN_MEMORY)
    }

    /// As [`City::open`]; files of more bytes than `most_in_memory` are copied and mapped.
    fn open_with(path: &Path, most_in_memory: u64) -> Result<Self, CityFileError> {
        let io = |reason| CityFileError::Io { path: path.to_owned(), reason };
        let not_a_city = || CityFileError::NotACity { path: path.to_owned() };
        // Opening a pipe would wait for its writer.
        if !std::fs::metadata(path).map_err(io)?.is_file() {
            return Err(not_a_city());
        }
        let mut file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        if length < size_of::<Header>() as u64 {
            return Err(not_a_city());
        }
        let mut head = [0; size_of::<Header>()];
        file.read_exact(&mut head).map_err(io)?;
        // Before all of a large file is read that is none.
        header(&head, length, path)?;
        file.rewind().map_err(io)?;
        let image = if length <= most_in_memory {
            read_whole(&mut file, length).map_err(io)?.map(|words| Image::Heap(Arc::new(words)))
        } else {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            map_copy(&mut file, length, folder.unwrap_or(Path::new("."))).map_err(io)?
        };
        let same_length = file.metadata().map_err(io)?.len() == length;
        let changed = || CityFileError::Changed { path: path.to_owned() };
        let image = image.filter(|_| same_length).ok_or_else(changed)?;
        let (header, _) = header(image.bytes(), length, path)?;
        if checksum(&image.bytes()[CHECKED_FROM..], length) != header.checksum {
            let what = "its checksum does not fit";
            return Err(CityFileError::Damaged { path: path.to_owned(), what });
        }
        let city = Self::from_image(image, path)?;
        city.check().map_err(|row| CityFileError::BadRow { path: path.to_owned(), row })?;
        Ok(city)
    }

    /// Of an image whose checksum fits.
    fn from_image(image: Image, path: &Path) -> Result<Self, CityFileError> {
        let damaged = |what| CityFileError::Damaged { path: path.to_owned(), what };
        let bytes = image.bytes();
        let (header, rest) = header(bytes, bytes.len() as u64, path)?;
        let (sections, _) = <[Section]>::ref_from_prefix_with_elems(rest, header.sections as usize)
            .map_err(|_| damaged("its table of contents is cut"))?;
        if !lies_in_order(sections, header.file_length) {
            return Err(damaged("its table of contents is not the one it was written with"));
        }
        let (meta, tables) = sections.split_first().ok_or_else(|| damaged("it has no tables"))?;
        let meta = serde_json::from_slice(image.section(*meta))
            .map_err(|_| damaged("its summary is not readable"))?;
        let sections = Sections::of(tables, &image).ok_or_else(|| damaged("its tables do not fit"))?;
        Ok(Self {
            image,
            overlay: None,
            changes: 0,
            sections,
            meta: Arc::new(meta),
            conditions: Conditions::default(),
            shut: Arc::default(),
        })
    }

    /// The city file, byte for byte, without what [`City::changed`] laid over it ([`City::written`] has that too);
    /// [`write_atomically`] puts it on disk.
    pub fn as_bytes(&self) -> &[u8] {
        self.image.bytes()
    }

    /// Changes with the facts: the image's checksum.
    pub(super) fn facts(&self) -> u64 {
        Header::read_from_prefix(self.image.bytes()).map_or(0, |(header, _)| header.checksum)
    }
}

/// The header of a file of so many bytes, and what of it follows in `bytes`.
fn header<'a>(bytes: &'a [u8], length: u64, path: &Path) -> Result<(Header, &'a [u8]), CityFileError> {
    let not_a_city = || CityFileError::NotACity { path: path.to_owned() };
    let (header, rest) = Header::read_from_prefix(bytes).map_err(|_| not_a_city())?;
    if header.magic != MAGIC {
        return Err(not_a_city());
    }
    if header.version != VERSION {
        return Err(CityFileError::Version { path: path.to_owned(), found: header.version });
    }
    if header.file_length != length {
        let what = "its length is not the one it was written with";
        return Err(CityFileError::Damaged { path: path.to_owned(), what });
    }
    Ok((header, rest))
}

/// Whether the sections follow the table of contents and each other, as [`City::from_tables`] lays them out.
fn lies_in_order(sections: &[Section], file_length: u64) -> bool {
    let first = (size_of::<Header>() + size_of_val(sections)) as u64;
    let end = sections.iter().try_fold(first, |at, section| {
        let end = section.offset.checked_add(section.length)?.checked_next_multiple_of(8)?;
        (section.offset == at).then_some(end)
    });
    end == Some(file_length)
}

/// Reads all `length` bytes; `None` where there are fewer or more by now.
fn read_whole(file: &mut impl Read, length: u64) -> std::io::Result<Option<Vec<u64>>> {
    let Ok(length) = usize::try_from(length) else { return Ok(None) };
    let mut words = vec![0u64; length.div_ceil(8)];
    match file.read_exact(&mut words.as_mut_bytes()[..length]) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    Ok((file.read(&mut [0])? == 0).then_some(words))
}

/// Copies all `length` bytes to a file without a name, in `folder` or else where temporary files are, and maps the
/// copy; `None` where there are fewer or more bytes by now. On some file systems the copy shares its blocks.
fn map_copy(file: &mut File, length: u64, folder: &Path) -> std::io::Result<Option<Image>> {
    let mut copy = tempfile::tempfile_in(folder).or_else(|_| tempfile::tempfile())?;
    if std::io::copy(&mut file.take(length.saturating_add(1)), &mut copy)? != length {
        return Ok(None);
    }
    #[expect(
        unsafe_code,
        reason = "the one mapping, of a copy without a name that only this process has open"
    )]
    // SAFETY: the map is read only, and the file behind it has no name: nobody can open it to write or truncate it.
    let map = unsafe { memmap2::Mmap::map(&copy) }?;
    Ok(Some(Image::Mapped(Arc::new(map))))
}

/// Writes a file whole or not at all: a temporary file beside it, synced, then renamed. A link is followed, so that
/// what it points to is replaced; a device or pipe is written to as it is. `write` puts the content into it, so that it
/// need not be in memory whole.
///
/// # Errors
/// As the file system and `write` say; then nothing is left behind.
pub fn write_atomically(
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

#[cfg(test)]
mod tests {
    use super::*;

    fn city() -> City {
        let tables = CityTables { texts: "名字".as_bytes().to_vec(), ..CityTables::default() };
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("city.circle");
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    /// The bytes with a checksum that fits.
    fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
        let sum = checksum(&bytes[CHECKED_FROM..], bytes.len() as u64);
        bytes[16..24].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    #[test]
    fn an_open_city_does_not_depend_on_its_file() {
        let city = city();
        for most_in_memory in [0, MOST_IN_MEMORY] {
            let (folder, path) = written(city.as_bytes());
            let open = City::open_with(&path, most_in_memory).unwrap();
            assert_eq!(matches!(open.image, Image::Mapped(_)), most_in_memory == 0);
            let names = || std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(names(), 1, "a copy has no name");
            // In place: the same inode, as `cp` does it.
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
            assert_eq!(open.as_bytes(), city.as_bytes());
            std::fs::write(&path, vec![0xff; city.as_bytes().len()]).unwrap();
            assert_eq!(open.as_bytes(), city.as_bytes());
            assert_eq!(open.texts(), "名字".as_bytes());
            assert!(matches!(City::open_with(&path, most_in_memory), Err(CityFileError::NotACity { .. })));
        }
    }

    #[test]
    fn a_file_that_grows_or_shrinks_while_it_is_read_is_refused() {
        let bytes = city().as_bytes().to_vec();
        let read = |there: usize| read_whole(&mut &bytes[..there], 64).unwrap();
        assert_eq!(read(64).unwrap().as_bytes(), &bytes[..64]);
        assert!(read(63).is_none() && read(65).is_none() && read(0).is_none());
        let (folder, path) = written(&bytes);
        let length = bytes.len() as u64;
        for (expected, is_same) in [(length, true), (length - 1, false), (length + 1, false)] {
            let mut file = File::open(&path).unwrap();
            let copied = map_copy(&mut file, expected, folder.path()).unwrap();
            assert_eq!(copied.is_some_and(|image| image.bytes() == bytes), is_same, "{expected}");
        }
        let changed = CityFileError::Changed { path };
        assert!(changed.to_string().contains("city.circle: the city file changed while it was read"));
    }

    #[test]
    fn a_table_of_contents_that_points_elsewhere_is_refused() {
        let bytes = city().as_bytes().to_vec();
        let read = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let (meta, texts) = (size_of::<Header>(), size_of::<Header>() + size_of::<Section>());
        let refused = |changes: &[(usize, u64)]| {
            let mut bytes = bytes.clone();
            for (at, value) in changes {
                bytes[*at..*at + 8].copy_from_slice(&value.to_le_bytes());
            }
            let (_folder, path) = written(&signed(bytes));
            City::open(&path).err().map(|error| error.to_string())
        };
        assert_eq!(refused(&[]), None);
        let others: [&[(usize, u64)]; 6] = [
            // The texts are those of the summary, of the header, or behind the file.
            &[(texts, read(meta)), (texts + 8, read(meta + 8))],
            &[(texts, 0), (texts + 8, 8)],
            &[(texts, bytes.len() as u64)],
            &[(texts, u64::MAX)],
            // Longer than the rest of the file, not at a multiple of 8.
            &[(texts + 8, u64::MAX)],
            &[(texts, read(texts) + 1), (texts + 8, 1)],
        ];
        for changes in others {
            let error = refused(changes).unwrap();
            assert!(error.contains("table of contents"), "{changes:?}: {error}");
        }
    }

    #[test]
    fn a_bad_row_is_named_with_what_to_do() {
        let tables = CityTables { component_metres: vec![u32::MAX; 2], ..CityTables::default() };
        let bytes = City::from_tables(tables, &Meta::default()).unwrap().as_bytes().to_vec();
        let (_folder, path) = written(&bytes);
        let error = City::open(&path).unwrap_err().to_string();
        for words in ["city.circle: damaged city file", "table `component_metres`", "`circle build`"] {
            assert!(error.contains(words), "{error}");
        }
    }
}
