//! City files with a valid checksum, so that the checks after the checksum are reached.

use xxhash_rust::xxh3::Xxh3;

/// The bytes with the magic, the length and the checksum of a city file; unchanged if they are shorter than
/// its header.
pub(crate) fn signed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let length = bytes.len() as u64;
    if let Some((head, rest)) = bytes.split_at_mut_checked(32) {
        let mut hasher = Xxh3::with_seed(length);
        hasher.update(rest);
        head[..8].copy_from_slice(b"CIRCLE\r\n");
        head[16..24].copy_from_slice(&hasher.digest().to_le_bytes());
        head[24..].copy_from_slice(&length.to_le_bytes());
    }
    bytes
}
