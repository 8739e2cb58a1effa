//! Writes parts of PBF files for the tests.

/// A blob of raw contents with its header.
pub(super) fn blob(kind: &str, contents: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    bytes(&mut message, 1, contents);
    framed(kind, &message)
}

/// A blob from its message.
pub(super) fn framed(kind: &str, message: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    field(&mut header, 3, message.len() as u64);
    [&(header.len() as u32).to_be_bytes()[..], &header, message].concat()
}

/// Appends a field with a number.
pub(super) fn field(message: &mut Vec<u8>, number: u64, value: u64) {
    varint(message, number << 3);
    varint(message, value);
}

/// Appends a field with bytes.
pub(super) fn bytes(message: &mut Vec<u8>, number: u64, value: &[u8]) {
    varint(message, number << 3 | 2);
    varint(message, value.len() as u64);
    message.extend_from_slice(value);
}

/// Appends a field with packed numbers.
pub(super) fn packed(message: &mut Vec<u8>, number: u64, values: impl IntoIterator<Item = u64>) {
    let mut all = Vec::new();
    values.into_iter().for_each(|value| varint(&mut all, value));
    bytes(message, number, &all);
}

/// Each number as its difference from the one before, encoded for [`packed`].
pub(super) fn deltas(values: &[i64]) -> Vec<u64> {
    let before = std::iter::once(&0).chain(values);
    values.iter().zip(before).map(|(value, before)| zigzag(value.wrapping_sub(*before))).collect()
}

/// Encodes a signed number.
pub(super) fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

fn varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}
