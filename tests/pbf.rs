//! Writes the parts of PBF files: protobuf fields, blobs.

/// A blob of uncompressed data with its header, of kind `OSMHeader` or `OSMData`.
pub(crate) fn blob(kind: &str, data: &[u8]) -> Vec<u8> {
    let mut blob = Vec::new();
    bytes(&mut blob, 1, data);
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    field(&mut header, 3, blob.len() as u64);
    [&(header.len() as u32).to_be_bytes()[..], &header, &blob].concat()
}

/// Appends a field with a whole number.
pub(crate) fn field(message: &mut Vec<u8>, number: u64, value: u64) {
    varint(message, number << 3);
    varint(message, value);
}

/// Appends a field with bytes: a text, a message or packed numbers.
pub(crate) fn bytes(message: &mut Vec<u8>, number: u64, value: &[u8]) {
    varint(message, number << 3 | 2);
    varint(message, value.len() as u64);
    message.extend_from_slice(value);
}

pub(crate) fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

/// Encodes a signed number for [`varint`].
pub(crate) fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}
