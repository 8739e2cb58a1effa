//! Text tables: cells separated by commas, semicolons, tabs or bars, in UTF-8, GB 18030 or UTF-16.

use crate::build::row::RowBuffer;
use crate::build::table::{SurplusCells, TableBuilder};
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::Sheet;
use crate::source::encoding::EncodedText;
use crate::source::file::read_bytes;
use csv::{ByteRecord, ReaderBuilder};
use std::io::{self, Read};
use std::path::Path;

/// Limit of lines of a record; a longer record has an unclosed quote.
const MAX_LINES: u32 = 100;
/// Limit of the bytes of a record: eight of the longest cells of a spreadsheet.
const MAX_RECORD_BYTES: usize = 1 << 20;
/// The unit separator of ASCII. It replaces full-width commas as the delimiter, so that narrow commas stay in
/// cells.
const UNIT_SEPARATOR: u8 = 0x1f;
/// Count of lines in which the delimiter of the header is searched.
const HEADER_LINES: usize = 10;
/// Count of unclosed quotes after which quotes are read as ordinary characters.
const MAX_UNCLOSED: usize = 10;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(damaged(path, "it is a workbook or an archive; restore its original extension"));
    }
    let text = EncodedText::new(&bytes, options.encoding, path)?;
    let first = text.bytes.split(is_line_end).find(|line| !line.is_empty());
    if first.is_some_and(|line| line.contains(&0)) {
        return Err(damaged(path, "it contains NUL bytes; if it is in UTF-16, state this encoding"));
    }
    let is_wide = has_wide_commas(&text);
    let text = if is_wide { text.replace_wide_commas(char::from(UNIT_SEPARATOR)) } else { text };
    let mut table = TableBuilder::new(path, "the table".to_owned(), options, SurplusCells::Reject);
    if let Some(assumption) = &text.assumption {
        table.remark(assumption.clone());
    }
    let mut counts = RecordCounts::default();
    let added = add_records(path, &text, is_wide, &mut table, &mut counts).and_then(|()| table.close());
    // Without a row that decodes there is no header either.
    let is_unknown = matches!(added, Err(SheetError::NoHeader { .. } | SheetError::NoHeaderRow { .. }));
    let rows = if is_unknown { counts.records } else { table.rows() };
    let RecordCounts { undecodable, .. } = counts;
    if undecodable * 2 > rows {
        let named = options.encoding.map_or("", |_| ", which is given as its encoding");
        let reason = format!("{undecodable} of {rows} rows are not in {}{named}", text.name);
        return Err(SheetError::WrongEncoding { path: path.to_owned(), reason });
    }
    added?;
    table.finish()
}

fn damaged(path: &Path, reason: &str) -> SheetError {
    SheetError::damaged(path, "a text table", reason)
}

/// Counts of records and of those that do not decode.
#[derive(Debug, Default, Clone, Copy)]
struct RecordCounts {
    records: usize,
    undecodable: usize,
}

/// Adds all records to the table and counts them.
fn add_records(
    path: &Path,
    text: &EncodedText<'_>,
    is_wide: bool,
    table: &mut TableBuilder<'_>,
    counts: &mut RecordCounts,
) -> Result<(), SheetError> {
    let bytes: &[u8] = &text.bytes;
    let (delimiter, mut start) = if is_wide { (UNIT_SEPARATOR, 0) } else { delimiter(bytes) };
    let mut lines = Lines { bytes, at: 0, line: 1 };
    let (mut record, mut row) = (ByteRecord::new(), RowBuffer::default());
    let mut unclosed = 0;
    let mut last_line = if start == 0 { 0 } else { lines.line_at(start) };
    'restarts: loop {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(unclosed < MAX_UNCLOSED)
            .from_reader(RecordSource { rest: &bytes[start..], left: 0, is_cut: false });
        let mut from = start;
        loop {
            reader.get_mut().left = MAX_RECORD_BYTES;
            let is_record =
                reader.read_byte_record(&mut record).map_err(|error| damaged(path, &error.to_string()))?;
            let to = start + reader.position().byte() as usize;
            let is_cut = reader.get_ref().is_cut;
            let line_ends = bytes[from..to].iter().take_while(|byte| is_line_end(byte)).count();
            let begin = from + line_ends;
            if is_cut && line_ends > 0 {
                // Blank lines above a record are no part of it.
                start = begin;
                continue 'restarts;
            }
            if !is_record {
                return Ok(());
            }
            counts.records += 1;
            let end = begin + bytes[begin..to].trim_ascii_end().len();
            let line = lines.line_at(begin);
            table.skip_lines(line.saturating_sub(last_line + 1) as usize);
            last_line = lines.line_at(end.max(begin));
            let is_unclosed =
                || is_cut || last_line - line > MAX_LINES || !quotes_close(&bytes[begin..end], delimiter);
            let has_unclosed = last_line > line && unclosed < MAX_UNCLOSED && is_unclosed();
            if has_unclosed || is_cut {
                if !has_unclosed && table.is_empty() {
                    return Err(damaged(path, &format!("line {line} {TOO_LONG}")));
                }
                row.start(line);
                row.fail(None, if has_unclosed { UNCLOSED.to_owned() } else { format!("it {TOO_LONG}") });
                table.take(&mut row)?;
                unclosed += usize::from(has_unclosed);
                // Goes on at the end of the line.
                let rest = &bytes[begin..];
                start = begin + rest.iter().position(is_line_end).unwrap_or(rest.len());
                lines = Lines { bytes, at: begin, line };
                last_line = lines.line_at(start);
                continue 'restarts;
            }
            from = to;
            row.start(line);
            counts.undecodable += usize::from(!fill(&mut row, &record, text));
            table.take(&mut row)?;
        }
    }
}

const UNCLOSED: &str = "a quote is opened and never closed";
const TOO_LONG: &str = "is longer than 1 MiB; a table has one row on each line";

/// The rest of a text. It seems to end where a record becomes longer than [`MAX_RECORD_BYTES`].
struct RecordSource<'a> {
    rest: &'a [u8],
    /// Count of bytes that the current record may still take.
    left: usize,
    /// Whether the text seemed to end before its end.
    is_cut: bool,
}

impl Read for RecordSource<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (part, rest) = self.rest.split_at(self.rest.len().min(self.left).min(buffer.len()));
        buffer[..part.len()].copy_from_slice(part);
        self.is_cut = part.is_empty() && !rest.is_empty();
        self.rest = rest;
        self.left -= part.len();
        Ok(part.len())
    }
}

/// Decodes the cells of a record; `false` if one does not decode.
fn fill(row: &mut RowBuffer, record: &ByteRecord, text: &EncodedText<'_>) -> bool {
    let mut decodes = true;
    let has_nul = record.as_slice().contains(&0);
    for (column, field) in record.iter().enumerate() {
        if has_nul && field.contains(&0) {
            row.fail(Some(column), "it contains a NUL byte");
        }
        if let Some(cell) = text.decode(field) {
            if field.contains(&UNIT_SEPARATOR) {
                // Between quotes it is not a delimiter.
                row.push(&cell.replace(char::from(UNIT_SEPARATOR), "，"));
            } else {
                row.push(&cell);
            }
        } else {
            decodes = false;
            row.fail(Some(column), format!("its bytes are not in {}", text.name));
            row.push("");
        }
    }
    decodes
}

/// Whether every quote that opens a cell is closed at the end of a cell.
fn quotes_close(record: &[u8], delimiter: u8) -> bool {
    let (mut is_quoted, mut begins_cell) = (false, true);
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if !is_quoted {
            is_quoted = begins_cell && byte == b'"';
            begins_cell = byte == delimiter;
        } else if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
            if bytes.peek().is_some_and(|next| *next != delimiter) {
                return false;
            }
            is_quoted = false;
        }
    }
    !is_quoted
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that iterators over bytes require")]
fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// The delimiter of the first line with one, and the byte at which the table begins.
fn delimiter(bytes: &[u8]) -> (u8, usize) {
    // The declaration that Excel reads.
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, rest @ ..] = bytes
        && rest.first().is_none_or(is_line_end)
        && b",;\t|:".contains(delimiter)
    {
        return (*delimiter, 5);
    }
    let counts = bytes.split(is_line_end).take(100).map(|line| {
        let mut is_quoted = false;
        let mut counts = [(0, b'|'), (0, b','), (0, b';'), (0, b'\t')];
        for byte in line {
            is_quoted ^= *byte == b'"';
            let count = counts.iter_mut().find(|(_, delimiter)| !is_quoted && delimiter == byte);
            count.into_iter().for_each(|(count, _)| *count += 1);
        }
        counts.into_iter().rev().max_by_key(|(count, _)| *count).unwrap_or_default()
    });
    (counts.into_iter().find(|(count, _)| *count > 0).map_or(b',', |(_, delimiter)| delimiter), 0)
}

/// Whether full-width commas are the delimiter: the header has no other, and most lines have more of them
/// than of the others, which occur in addresses and notes.
fn has_wide_commas(text: &EncodedText<'_>) -> bool {
    let lines = text.bytes.split(is_line_end).filter(|line| !line.is_empty()).take(100);
    let counts: Vec<(usize, usize)> = lines
        .map(|line| {
            let line = text.decode(line).unwrap_or_default();
            (line.matches('，').count(), line.matches([',', ';', '\t', '|']).count())
        })
        .collect();
    let above = &counts[..counts.len().min(HEADER_LINES)];
    let is_header = |(wide, narrow): &(usize, usize)| *wide > 0 && *narrow == 0;
    // The first line may be a title with one comma of either kind.
    let is_narrow =
        |(at, (wide, narrow)): (usize, &(usize, usize))| *wide == 0 && *narrow > usize::from(at == 0);
    let most = counts.iter().filter(|(wide, narrow)| wide > narrow).count();
    let has_header = above.iter().any(is_header) && !above.iter().enumerate().any(is_narrow);
    has_header && most >= 2 && most * 2 > counts.len()
}

/// Counts lines while advancing through the bytes. A line ends with LF, CR or both.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a byte, from 1. Positions must not decrease.
    fn line_at(&mut self, to: usize) -> u32 {
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        for (at, byte) in passed.iter().enumerate() {
            let ends_line = match byte {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u32::from(ends_line);
        }
        self.at = to.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

    fn sheet(bytes: &[u8]) -> Result<Sheet, SheetError> {
        sheet_with(bytes, &ReadOptions::default())
    }

    fn sheet_with(bytes: &[u8], options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.csv");
        std::fs::write(&path, bytes).unwrap();
        read(&path, options)
    }

    fn cells(sheet: &Sheet, row: usize) -> Vec<&str> {
        (0..sheet.columns.len()).map(|column| sheet.cell(row, column)).collect()
    }

    #[test]
    fn utf_8_gb_18030_and_utf_16_are_read_equally() {
        let text = "名称,lon,lat\n和平里𠀀,116.4,39.95\n";
        let gb18030 = GB18030.encode(text).0.into_owned();
        let marked = format!("\u{feff}{text}");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.as_bytes(), marked.as_bytes(), &gb18030, &utf16, &utf16be] {
            let sheet = sheet(bytes).unwrap();
            assert_eq!((sheet.columns[0].as_str(), sheet.number(0)), ("名称", 2));
            assert_eq!(cells(&sheet, 0), ["和平里𠀀", "116.4", "39.95"]);
            assert_eq!(sheet.remarks.len(), usize::from(bytes == gb18030), "{:?}", sheet.remarks);
        }
    }

    #[test]
    fn delimiters_and_line_ends_are_detected() {
        for text in ["a;b;c,d\r\n1;2\r\n", "a\tb\tc,d\r1\t2\r", "sep=;\na;b,c\n1;2", "\"a;x\";b;b,c\n1;2\n"] {
            let sheet = sheet(text.as_bytes()).unwrap();
            assert_eq!(
                (cells(&sheet, 0)[..2].to_vec(), sheet.rejected.len()),
                (vec!["1", "2"], 0),
                "{text:?}"
            );
        }
    }

    #[test]
    fn bars_and_full_width_commas_are_delimiters_if_there_is_no_other() {
        let wide = "名称，lon\n甲，1\n乙，2\n";
        for bytes in ["名称|lon\n甲|1\n乙|2\n".as_bytes(), wide.as_bytes(), &GB18030.encode(wide).0] {
            let sheet = sheet(bytes).unwrap();
            assert_eq!((cells(&sheet, 0), cells(&sheet, 1)), (vec!["甲", "1"], vec!["乙", "2"]));
        }
        let both = sheet("名称,备注\n甲，乙,1\n丙，丁,2\n".as_bytes()).unwrap();
        assert_eq!(cells(&both, 0), ["甲，乙", "1"]);
    }

    #[test]
    fn narrow_commas_stay_in_cells_that_full_width_commas_separate() {
        let text = "名称，地址，lon\n甲，某路1号,2号，1\n乙，\"左，右\"，2\n丙，a;b,c，3\n";
        let wide = sheet(text.as_bytes()).unwrap();
        assert_eq!(cells(&wide, 0), ["甲", "某路1号,2号", "1"]);
        assert_eq!(cells(&wide, 1), ["乙", "左，右", "2"]);
        assert_eq!(cells(&wide, 2), ["丙", "a;b,c", "3"]);
        // Full-width commas of sentences in and above a table are no delimiters.
        let text = "请，如实，填写\n名称,备注,lon\n甲,好，新，大，亮,1\n乙,旧，小，暗，远,2\n";
        let narrow = sheet(text.as_bytes()).unwrap();
        assert_eq!(cells(&narrow, 1), ["乙", "旧，小，暗，远", "2"]);
    }

    #[test]
    fn rows_are_numbered_by_the_line_they_start_on() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "a,b", "1,\"two", "lines\"", "", ",", "3,4", "", ""].join(end);
            let sheet = sheet(text.as_bytes()).unwrap();
            assert_eq!([sheet.number(0), sheet.number(1)], [3, 7], "{end:?}");
            assert_eq!(sheet.cell(0, 1), format!("two{end}lines"));
            assert_eq!(sheet.remarks, ["3 empty rows were skipped"], "{end:?}");
        }
    }

    #[test]
    fn short_rows_are_filled_and_long_rows_rejected() {
        let sheet = sheet(b"a,b,a\n1\n1,2,3,,\n1,2,3,4\n").unwrap();
        assert_eq!(sheet.columns, ["a", "b", "a (2)"]);
        assert_eq!((cells(&sheet, 0), cells(&sheet, 1)), (vec!["1", "", ""], vec!["1", "2", "3"]));
        assert_eq!((sheet.rejected.len(), sheet.rejected[0].row), (1, 4));
        assert!(sheet.rejected[0].reason.contains("4 cells"), "{:?}", sheet.rejected);
    }

    #[test]
    fn only_rows_that_do_not_decode_or_contain_nul_are_rejected() {
        let mut bytes = "名称,lon\n甲,1\n乙,2\n丙,3\n".as_bytes().to_vec();
        bytes.extend(b"4,\xe5\xe5\nx,\0\n");
        let sheet = sheet(&bytes).unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len()), (3, 2));
        assert_eq!((sheet.rejected[0].row, sheet.rejected[0].field.as_str()), (5, "lon"));
        assert_eq!((sheet.rejected[1].row, sheet.rejected[1].field.as_str()), (6, "lon"));
    }

    #[test]
    fn a_file_that_does_not_decode_in_the_named_encoding_is_rejected() {
        let gb18030 = GB18030.encode("名称,lon\n甲,1\n乙,2\n").0.into_owned();
        let options = ReadOptions { encoding: Some("utf-8"), ..ReadOptions::default() };
        let error = sheet_with(&gb18030, &options).unwrap_err();
        assert!(matches!(error, SheetError::WrongEncoding { .. }), "{error}");
        assert!(matches!(sheet(b"\xff\xff,1\n\xff\xff,2\n"), Err(SheetError::WrongEncoding { .. })));
        let utf16: Vec<u8> = "name,lon\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(sheet(&utf16).unwrap_err().to_string().contains("UTF-16"));
    }

    #[test]
    fn an_unclosed_quote_rejects_only_its_row() {
        let sheet_of = |text: &str| sheet(text.as_bytes()).unwrap();
        let open = sheet_of("a,b\n1,2\n3,\"4\n5,6\n\"7\",8\n9,10\n");
        let numbers: Vec<u32> = (0..open.len()).map(|row| open.number(row)).collect();
        assert_eq!((numbers, open.rejected[0].row, open.rejected.len()), (vec![2, 4, 5, 6], 3, 1));
        assert!(open.remarks.is_empty(), "{:?}", open.remarks);
        // Closed by a quote far below.
        let far = sheet_of(&format!("a,b\n1,\"2\n{}\"x\",y\n", "3,4\n".repeat(200)));
        assert_eq!((far.len(), far.rejected.len(), far.rejected[0].row), (201, 1, 2));
        let many = sheet_of(&format!("a,b\n{}", "\"1,2\n3,\"4\n,\"\n".repeat(1000)));
        assert!(many.len() + many.rejected.len() > 900);
    }

    #[test]
    fn only_the_row_of_a_line_that_is_too_long_is_rejected() {
        for long in ["长".repeat(MAX_RECORD_BYTES), ",".repeat(3 * MAX_RECORD_BYTES)] {
            let sheet = sheet(format!("a,b\n1,2\n\n{long}\n3,4\n{long}").as_bytes()).unwrap();
            assert_eq!([sheet.number(0), sheet.number(1)], [2, 5]);
            let rows: Vec<u32> = sheet.rejected.iter().map(|rejected| rejected.row).collect();
            assert_eq!((sheet.len(), rows), (2, vec![4, 6]));
            assert!(sheet.rejected[0].reason.contains("longer than 1 MiB"), "{:?}", sheet.rejected);
            assert_eq!(sheet.remarks, ["1 empty rows were skipped"]);
        }
        let fits = format!("a,b\n{},2\n", "1".repeat(MAX_RECORD_BYTES - 10));
        assert!(sheet(fits.as_bytes()).unwrap().rejected[0].reason.contains("32,767"));
    }

    #[test]
    fn a_file_of_one_long_line_is_no_table() {
        for long in ["a,".repeat(MAX_RECORD_BYTES), format!("\"{}", "a".repeat(2 * MAX_RECORD_BYTES))] {
            let error = sheet(long.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("own.csv: ") && error.contains("line 1 is longer than 1 MiB"), "{error}");
        }
    }

    #[test]
    fn a_long_record_of_many_lines_has_an_unclosed_quote() {
        let rows = MAX_RECORD_BYTES / 4 + 1;
        let open = sheet(format!("a,b\n1,\"2\n{}", "3,4\n".repeat(rows)).as_bytes()).unwrap();
        assert_eq!((open.len(), open.rejected.len(), open.rejected[0].row), (rows, 1, 2));
        assert_eq!(open.rejected[0].reason, UNCLOSED);
        // A record of millions of cells, each with a line end, is not read to its end.
        let closed = format!("a,b\n{}\n1,2\n", "\"\n\",".repeat(MAX_RECORD_BYTES));
        let sheet = sheet(closed.as_bytes()).unwrap();
        assert!(sheet.len() + sheet.rejected.len() > MAX_RECORD_BYTES, "{}", sheet.rejected.len());
    }

    #[test]
    fn megabytes_of_blank_lines_are_skipped() {
        let blank = 3 * MAX_RECORD_BYTES;
        let sheet = sheet(format!("a,b\n{}1,2\n", "\n".repeat(blank)).as_bytes()).unwrap();
        assert_eq!((sheet.len(), sheet.number(0)), (1, blank as u32 + 2));
        assert_eq!(sheet.remarks, [format!("{blank} empty rows were skipped")]);
        // The row below fits, although both together are longer than a record may be.
        let long = "1".repeat(100_000);
        let text = format!("a,b\n{}{long},2\n", "\r\n".repeat((MAX_RECORD_BYTES - 50_000) / 2));
        assert_eq!(self::sheet(text.as_bytes()).unwrap().cell(0, 0), long);
    }

    #[test]
    fn headings_that_do_not_decode_are_a_wrong_encoding_and_not_a_missing_header() {
        let gb18030 = GB18030.encode("名称,经度\n甲,乙\n").0.into_owned();
        let options = ReadOptions { encoding: Some("utf-8"), ..ReadOptions::default() };
        let error = sheet_with(&gb18030, &options).unwrap_err().to_string();
        assert!(error.contains("2 of 2 rows are not in UTF-8, which is given as its encoding"), "{error}");
    }

    #[test]
    fn empty_files_and_workbooks_are_rejected() {
        for text in ["", "\n\n", "a,b\n", " , \n"] {
            assert!(matches!(sheet(text.as_bytes()), Err(SheetError::Empty { .. })), "{text:?}");
        }
        assert!(sheet(b"PK\x03\x04").unwrap_err().to_string().contains("workbook"));
    }

    #[test]
    fn long_cells_are_read() {
        let name = "很".repeat(10_000);
        let sheet = sheet(format!("name,lon\n{name},1\n").as_bytes()).unwrap();
        assert_eq!(sheet.cell(0, 0), name);
    }
}
