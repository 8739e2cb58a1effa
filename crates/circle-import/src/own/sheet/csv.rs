//! Text tables: cells between commas, semicolons or tabs, in UTF-8, GB 18030 or UTF-16.

use super::encoding::Text;
use super::error::{SheetError, read_bytes};
use super::table::{Extra, Table};
use super::{Row, Sheet, SheetOptions};
use csv::{ByteRecord, ReaderBuilder};
use std::path::Path;

/// A record over more lines than this has no long cell but a quote that nobody closed.
const MOST_LINES: u32 = 100;
/// Stands for full-width commas between cells, so that narrow ones in the cells do not part them: ASCII's own mark.
const WIDE: u8 = 0x1f;
/// So many lines tell which commas part the cells of the header.
const MOST_ABOVE: usize = 10;
/// After so many quotes that nobody closed they are taken for letters.
const MOST_UNCLOSED: usize = 10;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(damaged(path, "it is a workbook or an archive; give it the ending that it had"));
    }
    let text = Text::of(&bytes, options.encoding, path)?;
    let first = text.bytes.split(is_line_end).find(|line| !line.is_empty());
    if first.is_some_and(|line| line.contains(&0)) {
        return Err(damaged(
            path,
            "there are NUL bytes in it; if it is in UTF-16, name that as its encoding",
        ));
    }
    let is_wide = has_wide_commas(&text);
    let text = if is_wide { text.with_wide_commas_as(char::from(WIDE)) } else { text };
    let mut table = Table::new(path, "the table".to_owned(), options, Extra::Shift);
    if let Some(assumed) = &text.assumed {
        table.say(assumed.clone());
    }
    let undecodable = records(path, &text, is_wide, &mut table)?;
    table.close()?;
    if undecodable * 2 > table.rows() {
        let reason = format!("{undecodable} of {} rows are not in {}", table.rows(), text.name);
        return Err(SheetError::WrongEncoding { path: path.to_owned(), reason });
    }
    table.finish()
}

fn damaged(path: &Path, reason: &str) -> SheetError {
    SheetError::damaged(path, "a text table", reason)
}

/// Takes all records; the result is how many rows do not decode.
fn records(path: &Path, text: &Text, is_wide: bool, table: &mut Table) -> Result<usize, SheetError> {
    let bytes: &[u8] = &text.bytes;
    let (delimiter, mut start) = if is_wide { (WIDE, 0) } else { delimiter(bytes) };
    let mut lines = Lines { bytes, at: 0, line: 1 };
    let (mut record, mut row) = (ByteRecord::new(), Row::default());
    let (mut undecodable, mut unclosed) = (0, 0);
    'quotes: loop {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .quoting(unclosed < MOST_UNCLOSED)
            .from_reader(&bytes[start..]);
        let mut from = start;
        // Further down the reader begins at the end of a line that is done with.
        let mut last_line = if start == 0 { 0 } else { lines.line_at(start) };
        while reader.read_byte_record(&mut record).map_err(|error| damaged(path, &error.to_string()))? {
            let to = start + reader.position().byte() as usize;
            let line_ends = bytes[from..to].iter().take_while(|byte| is_line_end(byte)).count();
            let begin = from + line_ends;
            let end = begin + bytes[begin..to].trim_ascii_end().len();
            let line = lines.line_at(begin);
            table.pass_over(line.saturating_sub(last_line + 1) as usize);
            last_line = lines.line_at(end.max(begin));
            let is_unclosed =
                || last_line - line > MOST_LINES || !quotes_close(&bytes[begin..end], delimiter);
            if last_line > line && unclosed < MOST_UNCLOSED && is_unclosed() {
                row.start(line);
                row.fail(None, "a quote is opened and never closed");
                table.take(&mut row)?;
                unclosed += 1;
                start = begin + bytes[begin..].iter().position(is_line_end).unwrap_or(0);
                lines = Lines { bytes, at: begin, line };
                continue 'quotes;
            }
            from = to;
            row.start(line);
            undecodable += usize::from(!fill(&mut row, &record, text));
            table.take(&mut row)?;
        }
        return Ok(undecodable);
    }
}

/// Decodes the cells of a record; false if one does not decode.
fn fill(row: &mut Row, record: &ByteRecord, text: &Text) -> bool {
    let mut decodes = true;
    let zero = record.as_slice().contains(&0);
    for (column, field) in record.iter().enumerate() {
        if zero && field.contains(&0) {
            row.fail(Some(column), "there is a NUL byte in it");
        }
        if let Some(cell) = text.decode(field) {
            if field.contains(&WIDE) {
                // Between quotes it parts nothing.
                row.push(&cell.replace(char::from(WIDE), "，"));
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

/// Whether each quote that opens a cell has another that ends it.
fn quotes_close(record: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    let mut bytes = record.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if !quoted {
            quoted = begins && byte == b'"';
            begins = byte == delimiter;
        } else if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
            if bytes.peek().is_some_and(|next| *next != delimiter) {
                return false;
            }
            quoted = false;
        }
    }
    !quoted
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what iterators over bytes ask for")]
fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// What stands between cells, by the first line that has any of it, and where the table begins.
fn delimiter(bytes: &[u8]) -> (u8, usize) {
    // What Excel understands.
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, rest @ ..] = bytes
        && rest.first().is_none_or(is_line_end)
        && b",;\t|:".contains(delimiter)
    {
        return (*delimiter, 5);
    }
    let counts = bytes.split(is_line_end).take(100).map(|line| {
        let mut quoted = false;
        let mut counts = [(0, b'|'), (0, b','), (0, b';'), (0, b'\t')];
        for byte in line {
            quoted ^= *byte == b'"';
            let count = counts.iter_mut().find(|(_, delimiter)| !quoted && delimiter == byte);
            count.into_iter().for_each(|(count, _)| *count += 1);
        }
        counts.into_iter().rev().max_by_key(|(count, _)| *count).unwrap_or_default()
    });
    (counts.into_iter().find(|(count, _)| *count > 0).map_or(b',', |(_, delimiter)| delimiter), 0)
}

/// Whether lines have full-width commas between their cells: the header has no others, and most lines have more of
/// them than of others, which stand in addresses and notes.
fn has_wide_commas(text: &Text) -> bool {
    let lines = text.bytes.split(is_line_end).filter(|line| !line.is_empty()).take(100);
    let counts: Vec<(usize, usize)> = lines
        .map(|line| {
            let line = text.decode(line).unwrap_or_default();
            (line.matches('，').count(), line.matches([',', ';', '\t', '|']).count())
        })
        .collect();
    let above = &counts[..counts.len().min(MOST_ABOVE)];
    let is_header = |(wide, narrow): &(usize, usize)| *wide > 0 && *narrow == 0;
    // A title may have a comma of either kind.
    let is_narrow =
        |(at, (wide, narrow)): (usize, &(usize, usize))| *wide == 0 && *narrow > usize::from(at == 0);
    let most = counts.iter().filter(|(wide, narrow)| wide > narrow).count();
    let has_header = above.iter().any(is_header) && !above.iter().enumerate().any(is_narrow);
    has_header && most >= 2 && most * 2 > counts.len()
}

/// Counts lines on the way through the bytes, whatever ends them.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of a byte; bytes are asked for in their order.
    fn line_at(&mut self, to: usize) -> u32 {
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        for (at, byte) in passed.iter().enumerate() {
            let line_end = match byte {
                b'\n' => true,
                b'\r' => self.bytes.get(self.at + at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u32::from(line_end);
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
        sheet_with(bytes, &SheetOptions::default())
    }

    fn sheet_with(bytes: &[u8], options: &SheetOptions) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.csv");
        std::fs::write(&path, bytes).unwrap();
        read(&path, options)
    }

    fn cells(sheet: &Sheet, row: usize) -> Vec<&str> {
        (0..sheet.columns.len()).map(|column| sheet.cell(row, column)).collect()
    }

    #[test]
    fn utf_8_gb_18030_and_utf_16_read_alike() {
        let text = "名称,lon,lat\n和平里𠀀,116.4,39.95\n";
        let gb18030 = GB18030.encode(text).0.into_owned();
        let marked = format!("\u{feff}{text}");
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.as_bytes(), marked.as_bytes(), &gb18030, &utf16, &utf16be] {
            let sheet = sheet(bytes).unwrap();
            assert_eq!((sheet.columns[0].as_str(), sheet.number(0)), ("名称", 2));
            assert_eq!(cells(&sheet, 0), ["和平里𠀀", "116.4", "39.95"]);
            assert_eq!(sheet.said.len(), usize::from(bytes == gb18030), "{:?}", sheet.said);
        }
    }

    #[test]
    fn delimiters_and_line_ends_are_found() {
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
    fn bars_and_full_width_commas_part_cells_where_nothing_else_does() {
        let wide = "名称，lon\n甲，1\n乙，2\n";
        for bytes in ["名称|lon\n甲|1\n乙|2\n".as_bytes(), wide.as_bytes(), &GB18030.encode(wide).0] {
            let sheet = sheet(bytes).unwrap();
            assert_eq!((cells(&sheet, 0), cells(&sheet, 1)), (vec!["甲", "1"], vec!["乙", "2"]));
        }
        let both = sheet("名称,备注\n甲，乙,1\n丙，丁,2\n".as_bytes()).unwrap();
        assert_eq!(cells(&both, 0), ["甲，乙", "1"]);
    }

    #[test]
    fn commas_in_cells_do_not_part_what_full_width_commas_part() {
        let text = "名称，地址，lon\n甲，某路1号,2号，1\n乙，\"左，右\"，2\n丙，a;b,c，3\n";
        let wide = sheet(text.as_bytes()).unwrap();
        assert_eq!(cells(&wide, 0), ["甲", "某路1号,2号", "1"]);
        assert_eq!(cells(&wide, 1), ["乙", "左，右", "2"]);
        assert_eq!(cells(&wide, 2), ["丙", "a;b,c", "3"]);
        // Sentences in a table, and above it, part nothing.
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
            assert_eq!(sheet.said, ["3 empty rows were passed over"], "{end:?}");
        }
    }

    #[test]
    fn rows_shorter_and_longer_than_the_header() {
        let sheet = sheet(b"a,b,a\n1\n1,2,3,,\n1,2,3,4\n").unwrap();
        assert_eq!(sheet.columns, ["a", "b", "a (2)"]);
        assert_eq!((cells(&sheet, 0), cells(&sheet, 1)), (vec!["1", "", ""], vec!["1", "2", "3"]));
        assert_eq!((sheet.rejected.len(), sheet.rejected[0].row), (1, 4));
        assert!(sheet.rejected[0].what.contains("4 cells"), "{:?}", sheet.rejected);
    }

    #[test]
    fn rows_that_do_not_decode_or_hold_nul_are_rejected_alone() {
        let mut bytes = "名称,lon\n甲,1\n乙,2\n丙,3\n".as_bytes().to_vec();
        bytes.extend(b"4,\xe5\xe5\nx,\0\n");
        let sheet = sheet(&bytes).unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len()), (3, 2));
        assert_eq!((sheet.rejected[0].row, sheet.rejected[0].field.as_str()), (5, "lon"));
        assert_eq!((sheet.rejected[1].row, sheet.rejected[1].field.as_str()), (6, "lon"));
    }

    #[test]
    fn a_file_in_another_encoding_than_named_is_refused() {
        let gb18030 = GB18030.encode("名称,lon\n甲,1\n乙,2\n").0.into_owned();
        let options = SheetOptions { encoding: Some("utf-8"), ..SheetOptions::default() };
        let error = sheet_with(&gb18030, &options).unwrap_err();
        assert!(matches!(error, SheetError::WrongEncoding { .. }), "{error}");
        assert!(matches!(sheet(b"\xff\xff,1\n\xff\xff,2\n"), Err(SheetError::WrongEncoding { .. })));
        let utf16: Vec<u8> = "name,lon\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(sheet(&utf16).unwrap_err().to_string().contains("UTF-16"));
    }

    #[test]
    fn a_quote_that_nobody_closes_costs_its_row_alone() {
        let sheet_of = |text: &str| sheet(text.as_bytes()).unwrap();
        let open = sheet_of("a,b\n1,2\n3,\"4\n5,6\n\"7\",8\n9,10\n");
        let numbers: Vec<u32> = (0..open.len()).map(|row| open.number(row)).collect();
        assert_eq!((numbers, open.rejected[0].row, open.rejected.len()), (vec![2, 4, 5, 6], 3, 1));
        assert!(open.said.is_empty(), "{:?}", open.said);
        // Closed by a quote far below.
        let far = sheet_of(&format!("a,b\n1,\"2\n{}\"x\",y\n", "3,4\n".repeat(200)));
        assert_eq!((far.len(), far.rejected.len(), far.rejected[0].row), (201, 1, 2));
        let many = sheet_of(&format!("a,b\n{}", "\"1,2\n3,\"4\n,\"\n".repeat(1000)));
        assert!(many.len() + many.rejected.len() > 900);
    }

    #[test]
    fn nothing_and_no_text_are_refused() {
        for text in ["", "\n\n", "a,b\n", " , \n"] {
            assert!(matches!(sheet(text.as_bytes()), Err(SheetError::Empty { .. })), "{text:?}");
        }
        assert!(sheet(b"PK\x03\x04").unwrap_err().to_string().contains("workbook"));
    }

    #[test]
    fn a_long_name_is_read() {
        let name = "很".repeat(10_000);
        let sheet = sheet(format!("name,lon\n{name},1\n").as_bytes()).unwrap();
        assert_eq!(sheet.cell(0, 0), name);
    }

    /// Run by hand: `cargo test --release -p circle-import speed_of_csv -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    fn speed_of_csv() {
        let row = |at: usize| {
            format!("{at},和平里第{at}养老服务驿站,街道办事处,116.4{at:06},39.9{at:06},{at},120.5,备注\n")
        };
        let text =
            format!("id,名称,主管,lon,lat,人口,面积,备注\n{}", (0..100_000).map(row).collect::<String>());
        for bytes in [text.as_bytes().to_vec(), GB18030.encode(&text).0.into_owned()] {
            let begin = std::time::Instant::now();
            assert_eq!(sheet(&bytes).unwrap().len(), 100_000);
            println!("{} bytes: {:?}", bytes.len(), begin.elapsed());
        }
    }
}
