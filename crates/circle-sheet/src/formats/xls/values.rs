//! Values of cells, texts and number formats.

use super::bytes::u16_at;
use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

/// A cell of a sheet, with row and column from 0.
pub(super) struct XlsCell {
    pub(super) row: u16,
    pub(super) column: u16,
    pub(super) value: XlsValue,
}

/// The value of a cell.
pub(super) enum XlsValue {
    /// A number and the index of its cell format.
    Number(f64, u16),
    /// Index of a shared text.
    SharedText(u32),
    /// The text of a cell that is not shared.
    Text(String),
    Bool(bool),
    /// A code of [`error_name`].
    Error(u8),
}

/// The storage format of texts.
#[derive(Clone, Copy)]
pub(super) struct TextFormat {
    /// Excel 97 and later: UTF-16, or its lower bytes; otherwise an 8-bit encoding.
    pub(super) is_unicode: bool,
    pub(super) encoding: &'static Encoding,
}

impl TextFormat {
    /// A text with a length of two bytes.
    pub(super) fn long_text(self, data: &[u8]) -> Option<String> {
        let length = usize::from(u16_at(data, 0)?);
        self.text(length, data.get(2..)?)
    }

    /// A text with a length of one byte.
    pub(super) fn short_text(self, data: &[u8]) -> Option<String> {
        self.text(usize::from(*data.first()?), data.get(1..)?)
    }

    fn text(self, length: usize, data: &[u8]) -> Option<String> {
        if !self.is_unicode {
            let bytes = data.get(..length.min(data.len()))?;
            return Some(self.encoding.decode_without_bom_handling(bytes).0.into_owned());
        }
        let (flags, rest) = data.split_first()?;
        let units: Vec<u16> = if flags & 1 == 0 {
            rest.iter().take(length).map(|byte| u16::from(*byte)).collect()
        } else {
            rest.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
        };
        Some(String::from_utf16_lossy(&units))
    }
}

/// The encoding of a code page; GB 18030 for unknown ones.
pub(super) fn encoding_of_page(number: u16) -> &'static Encoding {
    match number {
        950 => BIG5,
        932 => SHIFT_JIS,
        1252 => WINDOWS_1252,
        _ => GB18030,
    }
}

/// The number of an RK value: an integer or the upper half of a float, divided by 100 if a flag is set.
pub(super) fn decode_rk(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed as i32 >> 2)
    };
    if packed & 1 == 0 { number } else { number / 100.0 }
}

/// The text of an error in a cell.
pub(super) fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    }
}

/// Whether a built-in number format is a date or time.
pub(super) fn is_built_in_date(format: u16) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a number format is a date or time: it contains their letters outside quotes and brackets.
pub(super) fn is_date(format: &str) -> bool {
    let mut closing = None;
    format.chars().any(|c| {
        match (closing, c) {
            (Some(end), c) if c == end => closing = None,
            (Some(_), _) => {}
            (None, '"') => closing = Some('"'),
            (None, '[') => closing = Some(']'),
            (None, c) => return matches!(c.to_ascii_lowercase(), 'y' | 'd' | 'h' | 's' | '年' | '月' | '日'),
        }
        false
    })
}
