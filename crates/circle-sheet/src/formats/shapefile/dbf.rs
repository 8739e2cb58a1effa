//! The table of a Shapefile (`.dbf`).
//!
//! The crate `dbase` is not used: it omits deleted rows, so that later shapes get the wrong rows; it fails at
//! an invalid number; and long numbers lose their last digits.

use crate::build::builder::SheetBuilder;
use crate::build::cell::write_number;
use crate::build::row::RowBuffer;
use crate::error::SheetError;
use crate::source::encoding::{by_name, guess, name_of};
use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8};
use std::borrow::Cow;
use std::path::Path;

/// Count of rows from which the encoding is guessed.
const GUESSED_ROWS: usize = 10_000;

/// A table in the bytes of its file.
pub(super) struct DbfTable<'a> {
    bytes: &'a [u8],
    fields: Vec<Field<'a>>,
    /// Bytes of a row, with the mark of deleted rows.
    row_bytes: usize,
    pub(super) encoding: &'static Encoding,
    /// Count of rows in the header.
    pub(super) declared_rows: usize,
    /// Count of complete rows in the file, at most the declared count.
    pub(super) rows: usize,
}

struct Field<'a> {
    name: &'a [u8],
    kind: u8,
    begin: usize,
    end: usize,
}

impl<'a> DbfTable<'a> {
    /// Parses the header. The encoding is the named one, else that of the `.cpg`, else that of the header's
    /// mark, else a guess.
    pub(super) fn parse(
        path: &Path,
        bytes: &'a [u8],
        named: Option<&str>,
        code_page: Option<&str>,
    ) -> Result<Self, SheetError> {
        let damaged = |reason: &str| SheetError::damaged(path, "the table of a Shapefile", reason);
        let (Some(header), Some(declared_rows)) =
            (bytes.first_chunk::<32>(), number::<4>(bytes, 4).map(u32::from_le_bytes))
        else {
            return Err(damaged("it is shorter than its header"));
        };
        let header_bytes = usize::from(u16::from_le_bytes([header[8], header[9]]));
        let row_bytes = usize::from(u16::from_le_bytes([header[10], header[11]]));
        let (Some(fields), Some(rows)) = (bytes.get(32..header_bytes), bytes.get(header_bytes..)) else {
            return Err(damaged("it is shorter than its header"));
        };
        let (fields, _) = fields.as_chunks::<32>();
        let mut end = 1;
        let fields = fields.iter().take_while(|field| field[0] != 0x0d).map(|field| {
            let name = field[..11].split(|byte| *byte == 0).next().unwrap_or_default();
            // The length of texts above 255 bytes continues in the byte of the decimals.
            let more = if field[11] == b'C' { usize::from(field[17]) << 8 } else { 0 };
            let begin = end;
            end += usize::from(field[16]) + more;
            Field { name, kind: field[11], begin, end }
        });
        let fields: Vec<Field> = fields.collect();
        if fields.is_empty() || fields.iter().any(|field| field.end > row_bytes) {
            return Err(damaged("its columns are wider than its rows"));
        }
        let declared_rows = declared_rows as usize;
        let mut table = Self {
            bytes: rows,
            fields,
            row_bytes,
            encoding: UTF_8,
            declared_rows,
            rows: declared_rows.min(rows.len() / row_bytes),
        };
        table.encoding = match named {
            Some(named) => by_name(named).ok_or_else(|| SheetError::UnknownEncoding {
                path: path.to_owned(),
                encoding: named.to_owned(),
            })?,
            None => match code_page.and_then(encoding_of_page).or(encoding_of_mark(header[29])) {
                Some(encoding) => encoding,
                None => table.guess_encoding().map_err(damaged)?,
            },
        };
        Ok(table)
    }

    /// Guesses the encoding from names and texts.
    fn guess_encoding(&self) -> Result<&'static Encoding, &'static str> {
        let mut texts = self.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(&b'\n');
        let rows = self.bytes.chunks_exact(self.row_bytes).take(self.rows.min(GUESSED_ROWS));
        for row in rows {
            for field in self.fields.iter().filter(|field| field.kind == b'C') {
                texts.push(b'\n');
                texts.extend(row[field.begin..field.end].trim_ascii_end());
            }
        }
        guess(&texts)
    }

    pub(super) fn add_columns(&self, builder: &mut SheetBuilder<'_>) -> Result<(), SheetError> {
        for (at, field) in self.fields.iter().enumerate() {
            match self.decode(field.name, true).as_deref().map(str::trim) {
                None | Some("") => builder.add_column(&format!("column {}", at + 1))?,
                Some(name) => builder.add_column(name)?,
            }
            if !b"CNFDLIOY".contains(&field.kind) && !is_double(field) {
                let kind = char::from(field.kind).escape_default();
                builder
                    .remark(format!("column {} has the unsupported type {kind} and is left empty", at + 1));
            }
        }
        Ok(())
    }

    /// Reads a row; `false` if it is deleted.
    pub(super) fn read(&self, at: usize, row: &mut RowBuffer, scratch: &mut String) -> bool {
        let bytes = self.bytes.chunks_exact(self.row_bytes).nth(at).unwrap_or_default();
        if bytes.first().is_none_or(|mark| *mark == b'*') {
            return false;
        }
        for (column, field) in self.fields.iter().enumerate() {
            match self.text_of(field, &bytes[field.begin..field.end], scratch) {
                Ok(text) => row.push(&text),
                Err(reason) => {
                    row.fail(Some(column), reason);
                    row.push("");
                }
            }
        }
        true
    }

    fn text_of<'b>(
        &self,
        field: &Field<'_>,
        bytes: &'b [u8],
        scratch: &'b mut String,
    ) -> Result<Cow<'b, str>, String> {
        scratch.clear();
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii();
        match field.kind {
            b'C' => {
                let is_full = text.len() == bytes.len();
                return self
                    .decode(text, is_full)
                    .ok_or_else(|| format!("its bytes are not in {}", name_of(self.encoding)));
            }
            // Asterisks stand for a number that is too wide for its column.
            b'N' | b'F' if text.iter().all(|byte| *byte == b'*') => {}
            b'N' | b'F' => {
                let text = std::str::from_utf8(text).unwrap_or("�");
                if !text.contains(['.', 'e', 'E']) && text.parse::<i128>().is_ok() {
                    return Ok(Cow::Borrowed(text));
                }
                let number = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
                write_number(number, scratch);
            }
            b'D' => match text {
                [year @ .., m, n, d, e] if year.len() == 4 && text.iter().all(u8::is_ascii_digit) => {
                    if *year != b"0000"[..] {
                        let year = String::from_utf8_lossy(year);
                        let [m, n, d, e] = [*m, *n, *d, *e].map(char::from);
                        return Ok(format!("{year}-{m}{n}-{d}{e}").into());
                    }
                }
                _ => scratch.push_str(&String::from_utf8_lossy(text)),
            },
            b'L' => match text {
                b"T" | b"t" | b"Y" | b"y" | b"1" => scratch.push_str("true"),
                b"F" | b"f" | b"N" | b"n" | b"0" => scratch.push_str("false"),
                _ => {}
            },
            b'I' => scratch.extend(number(bytes, 0).map(|bytes| i32::from_le_bytes(bytes).to_string())),
            b'Y' => {
                let money = number(bytes, 0).map(|bytes| i64::from_le_bytes(bytes) as f64 / 1e4);
                money.into_iter().for_each(|money| write_number(money, scratch));
            }
            _ if is_double(field) => {
                let value = number(bytes, 0).map(f64::from_le_bytes).filter(|value| value.is_finite());
                value.into_iter().for_each(|value| write_number(value, scratch));
            }
            _ => {}
        }
        Ok(Cow::Borrowed(scratch))
    }

    /// Decodes a text. If it fills its column, its last character may be cut and is then dropped.
    fn decode<'b>(&self, bytes: &'b [u8], is_full: bool) -> Option<Cow<'b, str>> {
        let decode =
            |bytes: &'b [u8]| self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        let cuts = if is_full { 3.min(bytes.len()) } else { 0 };
        (0..=cuts).find_map(|cut| decode(&bytes[..bytes.len() - cut]))
    }
}

fn is_double(field: &Field<'_>) -> bool {
    matches!(field.kind, b'B' | b'O') && field.end - field.begin == 8
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// The encoding of a `.cpg`: `UTF-8`, `GBK`, `936`, `CP936`, `ANSI 936` and the like.
fn encoding_of_page(page: &str) -> Option<&'static Encoding> {
    let page = page.trim_start_matches('\u{feff}').trim();
    let digits = page.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    by_name(page).or(match digits {
        "65001" => Some(UTF_8),
        "936" | "54936" => Some(GB18030),
        "950" => Some(BIG5),
        "932" => Some(SHIFT_JIS),
        "949" => Some(EUC_KR),
        _ => by_name(&format!("windows-{digits}")),
    })
}

/// The encoding of the header's mark. Marks that programs set regardless of the encoding are ignored.
fn encoding_of_mark(mark: u8) -> Option<&'static Encoding> {
    match mark {
        0x4d | 0x7a => Some(GB18030),
        0x4f | 0x78 => Some(BIG5),
        0x13 | 0x7b => Some(SHIFT_JIS),
        0x4e | 0x79 => Some(EUC_KR),
        _ => None,
    }
}
