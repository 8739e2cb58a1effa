//! The city file `.circle`: header, summary as JSON, then the tables as they are in memory.
//!
//! ```text
//! 0   magic "CIRCLE\r\n"      8 bytes
//! 8   version, sections       2 × u32
//! 16  checksum of all after   u64 (XXH3)
//! 24  length of the file      u64
//! 32  (offset, length) of meta and of every table, 2 × u64 each
//! …   meta and tables, one behind the other, each at a multiple of 8
//! ```
//!
//! Numbers are little-endian. A file of another version is rejected; rebuilding it from its extract takes
//! seconds.
//!
//! An open city never depends on its file: up to [`MOST_IN_MEMORY`] the file is read into memory, a larger
//! one is copied to an unnamed file that is mapped. So a file that is truncated or overwritten while it is
//! served cannot end the process by a SIGBUS. All rows are checked once (`check.rs`).

mod atomic;
mod error;

pub use atomic::write_atomically;
pub use error::CityFileError;

use super::columns::{City, CityTables, Sections};
use super::conditions::Conditions;
use super::image::{Image, Section, VERSION};
use super::meta::Meta;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

const MAGIC: [u8; 8] = *b"CIRCLE\r\n";

#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    version: u32,
    sections: u32,
    checksum: u64,
    file_length: u64,
}

/// Maximum size of a file that is read into memory. Larger files are copied and mapped, because the system
/// can drop pages of a mapping when memory is short.
const MOST_IN_MEMORY: u64 = 1 << 30;

impl City {
    /// Lays the tables out as a city image in memory.
    ///
    /// # Errors
    ///
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

    /// Opens a city file and checks all of it: checksum, layout, and every row ([`City::check`]).
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no city file, is of another version, truncated or altered, or has a
    /// row that no build writes.
    pub fn open(path: &Path) -> Result<Self, CityFileError> {
        Self::open_with(path, MOST_IN_MEMORY)
    }

    /// As [`City::open`]; files larger than `most_in_memory` bytes are copied and mapped.
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
        // A large file is rejected by its header before all of it is read.
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

    /// Opens an image with a valid checksum.
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

    /// The bytes of the city file, without the tables that [`City::changed`] replaced ([`City::written`]
    /// includes them). [`write_atomically`] writes them to disk.
    pub fn as_bytes(&self) -> &[u8] {
        self.image.bytes()
    }

    /// Lays the city out as one image with its changed tables, to be written; conditions are not a part of
    /// it.
    ///
    /// # Errors
    ///
    /// When a table has more rows than 32 bits can number.
    pub fn written(&self) -> Result<Self, CityFileError> {
        if self.changes == 0 {
            return Ok(self.clone());
        }
        Self::from_tables(self.tables(), &self.meta)
    }

    /// Lays the city out as one image with another summary.
    ///
    /// # Errors
    ///
    /// As [`City::written`].
    pub fn with_meta(&self, meta: &Meta) -> Result<Self, CityFileError> {
        Self::from_tables(self.tables(), meta)
    }

    /// The hash of the facts: the image's checksum.
    pub(super) fn facts(&self) -> u64 {
        Header::read_from_prefix(self.image.bytes()).map_or(0, |(header, _)| header.checksum)
    }
}

/// Parses the header of a file of `length` bytes; returns it with the bytes after it.
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

/// Reads `length` bytes; `None` if the file now has fewer or more.
fn read_whole(file: &mut impl Read, length: u64) -> std::io::Result<Option<Vec<u64>>> {
    let Ok(length) = usize::try_from(length) else { return Ok(None) };
    let mut words = vec![0u64; length.div_ceil(8)];
    match file.read_exact(&mut words.as_mut_bytes()[..length]) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    Ok((file.read(&mut [0])? == 0).then_some(words))
}

/// Copies `length` bytes to an unnamed file in `folder`, or else in the folder of temporary files, and maps
/// the copy; `None` if the file now has fewer or more bytes. Some file systems share the blocks of the copy.
fn map_copy(file: &mut File, length: u64, folder: &Path) -> std::io::Result<Option<Image>> {
    let mut copy = tempfile::tempfile_in(folder).or_else(|_| tempfile::tempfile())?;
    if std::io::copy(&mut file.take(length.saturating_add(1)), &mut copy)? != length {
        return Ok(None);
    }
    #[expect(
        unsafe_code,
        reason = "the one mapping, of a copy without a name that only this process has open"
    )]
    // SAFETY: the map is read-only, and its file has no name, so no other process can open it to write or
    // truncate it.
    let map = unsafe { memmap2::Mmap::map(&copy) }?;
    Ok(Some(Image::Mapped(Arc::new(map))))
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

    /// The bytes with a valid checksum.
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
            // In place, with the same inode, as `cp` does it.
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
            assert_eq!(open.as_bytes(), city.as_bytes());
            std::fs::write(&path, vec![0xff; city.as_bytes().len()]).unwrap();
            assert_eq!(open.as_bytes(), city.as_bytes());
            assert_eq!(open.texts(), "名字".as_bytes());
            assert!(matches!(City::open_with(&path, most_in_memory), Err(CityFileError::NotACity { .. })));
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_rejected() {
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
    fn an_invalid_table_of_contents_is_rejected() {
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
            // Texts at the position of the summary, of the header, or beyond the file.
            &[(texts, read(meta)), (texts + 8, read(meta + 8))],
            &[(texts, 0), (texts + 8, 8)],
            &[(texts, bytes.len() as u64)],
            &[(texts, u64::MAX)],
            // Longer than the rest of the file, and not at a multiple of 8.
            &[(texts + 8, u64::MAX)],
            &[(texts, read(texts) + 1), (texts + 8, 1)],
        ];
        for changes in others {
            let error = refused(changes).unwrap();
            assert!(error.contains("table of contents"), "{changes:?}: {error}");
        }
    }

    #[test]
    fn the_error_of_a_bad_row_names_it_and_says_what_to_do() {
        let tables = CityTables { component_metres: vec![u32::MAX; 2], ..CityTables::default() };
        let bytes = City::from_tables(tables, &Meta::default()).unwrap().as_bytes().to_vec();
        let (_folder, path) = written(&bytes);
        let error = City::open(&path).unwrap_err().to_string();
        for words in ["city.circle: damaged city file", "table `component_metres`", "`circle build`"] {
            assert!(error.contains(words), "{error}");
        }
    }
}
