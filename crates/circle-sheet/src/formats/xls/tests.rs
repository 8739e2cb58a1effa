//! Workbooks assembled byte by byte according to [MS-XLS] and [MS-CFB].

use super::*;

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [kind.to_le_bytes().as_slice(), &(data.len() as u16).to_le_bytes(), data].concat()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    words(&text.encode_utf16().collect::<Vec<_>>())
}

/// The stream of a workbook of one sheet with these records, and shared texts in these parts.
fn stream(texts: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(BEGIN, &words(&[0x0600, 0x0005, 0, 0, 0, 0, 0, 0]));
    let formats =
        [record(CELL_FORMAT, &words(&[0, 0, 0, 0])), record(CELL_FORMAT, &words(&[0, 14, 0, 0]))].concat();
    let mut shared = Vec::new();
    for (at, part) in texts.iter().enumerate() {
        shared.extend(record(if at == 0 { SHARED_TEXTS } else { CONTINUE }, part));
    }
    let name = [4u32.to_le_bytes().as_slice(), &[0, 0, 2, 1], &wide("数据")].concat();
    let length = begin.len() + formats.len() + record(SHEET, &name).len() + shared.len() + 4;
    let name = [(length as u32).to_le_bytes().as_slice(), &name[4..]].concat();
    let globals = [begin.clone(), formats, record(SHEET, &name), shared, record(END, &[])].concat();
    assert_eq!(globals.len(), length);
    [globals, begin, cells.concat(), record(END, &[])].concat()
}

/// A container of this stream in sectors of 512 bytes: allocation table, directory, stream.
fn container(stream: &[u8]) -> Vec<u8> {
    let length = stream.len().max(4096);
    let sectors = length.div_ceil(512);
    assert!(sectors + 2 <= 128, "one sector of the table");
    let mut header = MAGIC.to_vec();
    header.resize(0x1E, 0);
    header.extend(words(&[9, 6]));
    header.resize(0x2C, 0);
    let four = |number: u32| number.to_le_bytes();
    header.extend(four(1)); // sectors of the table
    header.extend(four(1)); // first sector of the directory
    header.extend(four(0));
    header.extend(four(4096)); // limit of small streams
    header.extend([four(0xFFFF_FFFE), four(0), four(0xFFFF_FFFE), four(0)].concat());
    header.extend(four(0));
    header.resize(512, 0xFF);
    let mut table: Vec<u8> = [four(0xFFFF_FFFD), four(0xFFFF_FFFE)].concat();
    for sector in 0..sectors as u32 {
        table.extend(four(if sector + 1 == sectors as u32 { 0xFFFF_FFFE } else { sector + 3 }));
    }
    table.resize(512, 0xFF);
    let entry = |name: &str, kind: u8, start: u32, length: u32| {
        let mut entry = wide(name);
        let bytes = entry.len() as u16 + 2;
        entry.resize(64, 0);
        entry.extend(bytes.to_le_bytes());
        entry.push(kind);
        entry.resize(116, 0);
        entry.extend([four(start), four(length), four(0)].concat());
        entry
    };
    let mut directory =
        [entry("Root Entry", 5, 0xFFFF_FFFE, 0), entry("Workbook", 2, 2, length as u32)].concat();
    directory.resize(512, 0);
    let mut data = stream.to_vec();
    data.resize(sectors * 512, 0);
    [header, table, directory, data].concat()
}

fn cell(row: u16, column: u16, format: u16, rest: &[u8]) -> Vec<u8> {
    [words(&[row, column, format]).as_slice(), rest].concat()
}

/// A small workbook with cells of all types.
pub(crate) fn small() -> Vec<u8> {
    // Two texts; the second continues in the next record in another width.
    let first = [
        8u32.to_le_bytes().as_slice(),
        &2u32.to_le_bytes(),
        &[2, 0, 1],
        &wide("名称"),
        &[4, 0, 1],
        &wide("和平"),
    ]
    .concat();
    let second = [[0].as_slice(), b"ab"].concat();
    let shared = |row, column, at: u32| record(SHARED_TEXT, &cell(row, column, 0, &at.to_le_bytes()));
    let label = |row, column, text: &str| {
        let length = (text.encode_utf16().count() as u16).to_le_bytes();
        record(TEXT, &cell(row, column, 0, &[length.as_slice(), &[1], &wide(text)].concat()))
    };
    let number =
        |row, column, format, number: f64| record(NUMBER, &cell(row, column, format, &number.to_le_bytes()));
    let cells = [
        shared(0, 0, 0),
        label(0, 1, "lon"),
        label(0, 2, "lat"),
        label(0, 3, "日期"),
        label(0, 4, "注"),
        shared(1, 0, 1),
        number(1, 1, 0, 126.63),
        // 45.75 as an integer of hundredths.
        record(PACKED_NUMBER, &cell(1, 2, 0, &((4575u32 << 2) | 3).to_le_bytes())),
        // 2024-05-01 is day 45,413.
        number(1, 3, 1, 45_413.0),
        // A formula with a text as its value.
        record(FORMULA, &cell(1, 4, 0, &[[0, 0, 0, 0, 0, 0, 0xFF, 0xFF].as_slice(), &[0; 8]].concat())),
        record(FORMULA_TEXT, &[2u16.to_le_bytes().as_slice(), &[1], &wide("成文")].concat()),
        // Two packed numbers, the second of them 7.
        record(
            PACKED_NUMBERS,
            &[
                words(&[2, 1]),
                [0, 0].to_vec(),
                ((3u32 << 2) | 2).to_le_bytes().to_vec(),
                [0, 0].to_vec(),
                ((7u32 << 2) | 2).to_le_bytes().to_vec(),
                words(&[2]),
            ]
            .concat(),
        ),
        label(3, 0, "错"),
        record(BOOL_OR_ERROR, &cell(3, 1, 0, &[0x2A, 1])),
    ];
    container(&stream(&[first, second], &cells))
}

fn sheet(bytes: &[u8]) -> Result<Sheet, SheetError> {
    parse(Path::new("own.xls"), bytes, &ReadOptions::default())
}

#[test]
fn cells_of_all_types_are_read() {
    let sheet = sheet(&small()).unwrap();
    assert_eq!(sheet.columns, ["名称", "lon", "lat", "日期", "注"]);
    let cells = |row: usize| (0..5).map(|column| sheet.cell(row, column)).collect::<Vec<_>>();
    assert_eq!(cells(0), ["和平ab", "126.63", "45.75", "2024-05-01", "成文"]);
    assert_eq!(cells(1), ["", "3", "7", "", ""]);
    assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[0].row), (2, 1, 4));
    assert!(sheet.rejected[0].reason.contains("B4") && sheet.rejected[0].reason.contains("#N/A"));
}

#[test]
fn cycles_and_passwords_are_errors_and_dimensions_are_ignored() {
    let whole = small();
    // The chain of the directory is a cycle, then that of the stream.
    for (sector, next) in [(1, 1u32), (4, 3)] {
        let mut cycle = whole.clone();
        cycle[512 + 4 * sector..516 + 4 * sector].copy_from_slice(&next.to_le_bytes());
        assert!(sheet(&cycle).is_err());
    }
    // Four billion declared rows allocate no memory.
    let dimensions = record(0x0200, &[0xFF; 14]);
    let one = record(NUMBER, &cell(65_535, 0, 0, &1f64.to_le_bytes()));
    let head = record(TEXT, &cell(0, 0, 0, &[[1, 0, 0].as_slice(), b"a"].concat()));
    assert_eq!(sheet(&container(&stream(&[], &[dimensions, head, one]))).unwrap().number(0), 65_536);
    let locked = [record(BEGIN, &words(&[0x0600, 5])), record(FILE_PASSWORD, &words(&[1, 0]))].concat();
    assert!(sheet(&container(&locked)).unwrap_err().to_string().contains("password"));
    assert!(sheet(b"<html><table></table></html>").unwrap_err().to_string().contains("web page"));
}

#[test]
fn number_formats_of_dates_are_recognised() {
    for format in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "h:mm:ss", "[$-804]yyyy/m/d"] {
        assert!(is_date(format), "{format}");
    }
    for format in ["General", "0.00_ ", "#,##0", "\"day\"0", "[Red]0.0", "@"] {
        assert!(!is_date(format), "{format}");
    }
}
