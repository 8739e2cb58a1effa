//! The container of old office files: streams in chains of sectors, as a file system has them.

use super::{u16_at, u32_at};

/// Sectors from here on are none: ends of chains and other marks.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
/// Places of the table of sectors in the header.
const IN_HEADER: usize = 109;

/// The stream of the workbook.
pub(super) fn workbook(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let broken = || "it is damaged; open it and save it again".to_owned();
    let file = File::of(bytes).ok_or_else(broken)?;
    let entries = file.entries().ok_or_else(broken)?;
    let called = |name: &str| entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
    if called("EncryptedPackage").is_some() {
        return Err("it is under a password; save it without one".to_owned());
    }
    let entry = called("Workbook").or_else(|| called("Book")).ok_or("there is no workbook in it")?;
    let root = entries.first().ok_or_else(broken)?;
    file.stream(entry, root).ok_or_else(broken)
}

struct File<'a> {
    bytes: &'a [u8],
    /// As a power of two.
    sector: u32,
    /// The sector after each sector.
    next: Vec<u32>,
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> File<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector = u32::from(u16_at(bytes, 0x1E)?);
        if !matches!(sector, 9 | 12) {
            return None;
        }
        let mut file = Self { bytes, sector, next: Vec::new() };
        let mut places: Vec<u32> = (0..IN_HEADER).filter_map(|at| u32_at(bytes, 0x4C + 4 * at)).collect();
        let mut more = u32_at(bytes, 0x44)?;
        // No file has more sectors than bytes, whatever its chains say.
        for _ in 0..file.sectors() {
            if more >= FIRST_MARK {
                break;
            }
            let numbers = numbers(file.sector(more)?);
            let (next, here) = numbers.split_last()?;
            places.extend(here);
            more = *next;
        }
        places.retain(|place| *place < FIRST_MARK);
        places.truncate(file.sectors());
        for place in places {
            // A file that is cut off may still hold all that counts.
            let Some(data) = file.sector(place) else { break };
            file.next.extend(numbers(data));
        }
        Some(file)
    }

    fn sectors(&self) -> usize {
        (self.bytes.len() >> self.sector) + 1
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let begin = (number as usize + 1) << self.sector;
        let end = (begin + (1 << self.sector)).min(self.bytes.len());
        self.bytes.get(begin..end).filter(|data| !data.is_empty())
    }

    /// The sectors of a chain one after the other; nothing where it goes in a circle.
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
        // Small streams share the sectors of the root.
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
