//! Changes of single values in the tables of city files. Random bit flips rarely hit the few relevant bytes.

/// Values that are likely to reveal faults.
const EDGE_VALUES: [u32; 10] = [
    0,
    1,
    2,
    255,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    // Not a number, and 180° east.
    0x7fc0_0000,
    1_800_000_000,
];

/// Changes one value of one table except the summary, and describes the change. `below` returns a random
/// number below its argument. `None`, without a change, if the bytes are not a city file or its tables are
/// empty. The checksum is invalid afterwards.
pub(crate) fn change(bytes: &mut [u8], mut below: impl FnMut(usize) -> usize) -> Option<String> {
    let tables = tables(bytes);
    let (number, (start, length)) = *tables.get(below(tables.len().max(1)))?;
    if length < 4 || below(4) == 0 {
        let at = start + below(length);
        let before = bytes[at];
        bytes[at] =
            if below(2) == 0 { EDGE_VALUES[below(EDGE_VALUES.len())] as u8 } else { below(256) as u8 };
        return Some(format!("table {number}, byte {}: {before} became {}", at - start, bytes[at]));
    }
    let word = |at: usize| start + at * 4;
    let (at, other) = (word(below(length / 4)), word(below(length / 4)));
    let read = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
    };
    let before = read(bytes, at);
    let after = match below(6) {
        0 => EDGE_VALUES[below(EDGE_VALUES.len())],
        1 => before.wrapping_add(1 + below(3) as u32),
        2 => before.wrapping_sub(1 + below(3) as u32),
        3 => before ^ (1 << below(32)),
        // A value of another row or field.
        4 => read(bytes, other),
        _ => below(2_000) as u32,
    };
    bytes.get_mut(at..at + 4)?.copy_from_slice(&after.to_le_bytes());
    Some(format!("table {number}, byte {}: {before} became {after}", at - start))
}

/// Number, offset and length of every table that has rows and lies within the bytes, except the summary,
/// which is table 0.
fn tables(bytes: &[u8]) -> Vec<(usize, (usize, usize))> {
    let word = |at: usize| {
        let word: Option<[u8; 8]> = bytes.get(at..at + 8)?.try_into().ok();
        usize::try_from(u64::from_le_bytes(word?)).ok()
    };
    let count = word(8).map_or(0, |versions| versions >> 32).min(64);
    let table = |number: usize| {
        let (offset, length) = (word(32 + 16 * number)?, word(40 + 16 * number)?);
        let fits = length > 0 && offset.checked_add(length)? <= bytes.len();
        fits.then_some((number, (offset, length)))
    };
    (1..count).filter_map(table).collect()
}
