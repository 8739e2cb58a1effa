//! Numbers as text, with their significant digits only.

use circle_model::{Millimetres, Milliseconds};
use serde::{Serialize, Serializer};
use std::fmt;

/// A count of thousandths: seconds stored as milliseconds, metres stored as millimetres.
///
/// Written with at most three decimals, without trailing zeros: `12`, `12.5`, `0.001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thousandths(pub(crate) u32);

impl From<Milliseconds> for Thousandths {
    fn from(time: Milliseconds) -> Self {
        Self(time.0)
    }
}

impl From<Millimetres> for Thousandths {
    fn from(length: Millimetres) -> Self {
        Self(length.0)
    }
}

/// A number with its noun, in the plural unless it is one: `1 error`, `0 errors`, `2 facilities`.
pub fn counted(number: usize, word: &str) -> String {
    match (number, word.strip_suffix("ty")) {
        (1, _) => format!("{number} {word}"),
        (_, Some(stem)) => format!("{number} {stem}ties"),
        (_, None) => format!("{number} {word}s"),
    }
}

impl Thousandths {
    /// Appends its digits. Tables have millions of numbers, for which `core::fmt` is too slow.
    pub(crate) fn write(self, out: &mut Vec<u8>) {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        write_whole(whole, out);
        if rest > 0 {
            let digits = [rest / 100, rest / 10 % 10, rest % 10].map(|digit| b'0' + digit as u8);
            let kept = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
            out.push(b'.');
            out.extend_from_slice(&digits[..kept]);
        }
    }
}

/// Appends the digits of a whole number.
pub(crate) fn write_whole(number: u32, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends degrees that are stored in 10⁻⁷, without trailing zeros.
pub(crate) fn write_degrees(stored: i32, out: &mut Vec<u8>) {
    if stored < 0 {
        out.push(b'-');
    }
    let size = stored.unsigned_abs();
    write_whole(size / 10_000_000, out);
    let mut decimals = [b'0'; 7];
    let mut rest = size % 10_000_000;
    for digit in decimals.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    if let Some(last) = decimals.iter().rposition(|digit| *digit != b'0') {
        out.push(b'.');
        out.extend_from_slice(&decimals[..=last]);
    }
}

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = Vec::with_capacity(12);
        self.write(&mut digits);
        f.write_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1000) {
            serializer.serialize_u32(self.0 / 1000)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 1000.0)
        }
    }
}

/// Rounds to whole square metres; areas are not known more precisely.
pub(crate) fn whole_square_metres(area: f64) -> i64 {
    area.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_keep_their_decimals() {
        for (stored, text) in [
            (1_266_433_001, "126.6433001"),
            (-5, "-0.0000005"),
            (0, "0"),
            (1_266_400_000, "126.64"),
            (i32::MIN, "-214.7483648"),
        ] {
            let mut out = Vec::new();
            write_degrees(stored, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }

    #[test]
    fn thousandths_have_no_trailing_zeros() {
        for (thousandths, text) in [
            (0, "0"),
            (1, "0.001"),
            (10, "0.01"),
            (100, "0.1"),
            (12_000, "12"),
            (12_345, "12.345"),
            (u32::MAX, "4294967.295"),
        ] {
            assert_eq!(Thousandths(thousandths).to_string(), text);
            assert_eq!(serde_json::to_string(&Thousandths(thousandths)).unwrap(), text);
        }
    }
}
