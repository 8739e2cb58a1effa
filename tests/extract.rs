//! The container format of PBF extracts: a list of blocks, each with a length, a header and a blob.

use std::ops::Range;

/// One block of an extract.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// The whole block, with its length field.
    pub(crate) whole: Range<usize>,
    /// The blob.
    pub(crate) blob: Range<usize>,
}

/// The blocks of an extract; the first is its header.
pub(crate) fn blocks(extract: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < extract.len() {
        let length = u32::from_be_bytes(extract[at..at + 4].try_into().unwrap()) as usize;
        let header = at + 4..at + 4 + length;
        // Field 3 of the block's header, the last one, is the length of the blob.
        let field = header.start + extract[header.clone()].iter().rposition(|byte| *byte == 0x18).unwrap();
        let (mut size, mut shift) = (0, 0);
        for byte in &extract[field + 1..header.end] {
            size |= usize::from(byte & 0x7f) << shift;
            shift += 7;
        }
        let blob = header.end..header.end + size;
        blocks.push(Block { whole: at..blob.end, blob: blob.clone() });
        at = blob.end;
    }
    assert_eq!(at, extract.len());
    blocks
}

/// The extract with its data blocks in reverse order: relations, ways, nodes.
pub(crate) fn reversed(extract: &[u8]) -> Vec<u8> {
    let blocks = blocks(extract);
    let order = blocks[..1].iter().chain(blocks[1..].iter().rev());
    order.flat_map(|block| extract[block.whole.clone()].to_vec()).collect()
}

/// The extract with one block declared as compressed by the method of blob field `field`.
pub(crate) fn compressed_with(extract: &[u8], block: usize, field: u8) -> Vec<u8> {
    let blob = blocks(extract)[block].blob.clone();
    let mut bytes = extract.to_vec();
    assert_eq!(bytes[blob.start], 0x10, "raw_size comes first");
    let tag = blob.start + 1 + bytes[blob.start + 1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    assert_eq!(bytes[tag], 3 << 3 | 2, "then zlib_data");
    bytes[tag] = field << 3 | 2;
    bytes
}
