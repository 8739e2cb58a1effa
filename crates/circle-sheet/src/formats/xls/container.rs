//! The container of old office files, [MS-CFB]: streams in chains of sectors, as in a file system.

use super::bytes::{u16_at, u32_at};

/// Sector numbers from this one are marks, such as the end of a chain.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// Count of sectors of the allocation table in the header.
const LISTED_IN_HEADER: usize = 109;

/// The stream of the workbook.
///
/// # Errors
/// If the container is damaged, encrypted or contains no workbook.
pub(super) fn workbook(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let broken = || "it is damaged; open it and save it again".to_owned();
    let file = Container::parse(bytes).ok_or_else(broken)?;
    let entries = file.entries().ok_or_else(broken)?;
    let entry_of = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    if entry_of("EncryptedPackage").is_some() {
        return Err("it has a password; save it without one".to_owned());
    }
    let entry = entry_of("Workbook").or_else(|| entry_of("Book")).ok_or("it contains no workbook")?;
    let root = entries.first().ok_or_else(broken)?;
    file.stream(entry, root).ok_or_else(broken)
}

/// A container with its parsed allocation table.
struct Container<'a> {
    bytes: &'a [u8],
    /// Binary logarithm of the bytes of a sector.
    sector_bits: u32,
    /// The sector that follows each sector in its chain.
    next: Vec<u32>,
}

/// An entry of the directory: a stream.
struct Entry {
    name: String,
    /// Number of its first sector.
    start: u32,
    /// In bytes.
    length: usize,
}

impl<'a> Container<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let sector_bits = u32::from(u16_at(bytes, 0x1E)?);
        if !matches!(sector_bits, 9 | 12) {
            return None;
        }
        let mut file = Self { bytes, sector_bits, next: Vec::new() };
        let mut table_sectors: Vec<u32> =
            (0..LISTED_IN_HEADER).filter_map(|at| u32_at(bytes, 0x4C + 4 * at)).collect();
        let mut more = u32_at(bytes, 0x44)?;
        // Bounded by the count of sectors: a damaged chain may be a cycle.
        for _ in 0..file.sectors() {
            if more >= FIRST_MARK {
                break;
            }
            let numbers = numbers(file.sector(more)?);
            let (next, here) = numbers.split_last()?;
            table_sectors.extend(here);
            more = *next;
        }
        table_sectors.retain(|sector| *sector < FIRST_MARK);
        table_sectors.truncate(file.sectors());
        for sector in table_sectors {
            // A truncated file may still contain the workbook.
            let Some(data) = file.sector(sector) else { break };
            file.next.extend(numbers(data));
        }
        Some(file)
    }

    fn sectors(&self) -> usize {
        (self.bytes.len() >> self.sector_bits) + 1
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let begin = (number as usize + 1) << self.sector_bits;
        let end = (begin + (1 << self.sector_bits)).min(self.bytes.len());
        self.bytes.get(begin..end).filter(|data| !data.is_empty())
    }

    /// The bytes of a chain; `None` if it is a cycle or leaves the file.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        let mut number = start;
        for _ in 0..=self.sectors() {
            if number >= FIRST_MARK {
                return Some(data);
            }
            data.extend_from_slice(self.sector(number)?);
            number = *self.next.get(number as usize)?;
        }
        None
    }

    fn entries(&self) -> Option<Vec<Entry>> {
        let directory = self.chain(u32_at(self.bytes, 0x30)?)?;
        let entry = |data: &[u8]| {
            let length = usize::from(u16_at(data, 64)?).saturating_sub(2).min(64);
            let name: Vec<u16> = data[..length].chunks_exact(2).filter_map(|pair| u16_at(pair, 0)).collect();
            Some(Entry {
                name: String::from_utf16_lossy(&name),
                start: u32_at(data, 116)?,
                length: u32_at(data, 120)? as usize,
            })
        };
        directory.chunks_exact(128).map(entry).collect()
    }

    fn stream(&self, entry: &Entry, root: &Entry) -> Option<Vec<u8>> {
        let smallest = u32_at(self.bytes, 0x38)? as usize;
        if entry.length >= smallest {
            let mut data = self.chain(entry.start)?;
            data.truncate(entry.length);
            return Some(data);
        }
        // Streams below this size lie in sectors of 64 bytes in the chain of the root.
        let (small, next) = (self.chain(root.start)?, numbers(&self.chain(u32_at(self.bytes, 0x3C)?)?));
        let mut data = Vec::new();
        let mut number = entry.start;
        for _ in 0..=next.len() {
            if number >= FIRST_MARK {
                data.truncate(entry.length);
                return Some(data);
            }
            let begin = (number as usize) << 6;
            data.extend_from_slice(small.get(begin..(begin + 64).min(small.len()))?);
            number = *next.get(number as usize)?;
        }
        None
    }
}

fn numbers(data: &[u8]) -> Vec<u32> {
    data.chunks_exact(4).filter_map(|four| u32_at(four, 0)).collect()
}
