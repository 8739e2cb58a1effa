//! Workbooks (`.xlsx`, `.xlsm`), cell by cell: what a sheet says about its size is not believed.

use super::books::{Named, choose};
use super::error::{SheetError, read_bytes};
use super::table::{Extra, Table, letters};
use super::{MOST_COLUMNS, Row, Sheet, SheetOptions, write_number};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A million rows of twenty columns unpack to some 600 MB.
const MOST_UNPACKED: u64 = 1 << 30;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        // The old form under the new ending, or a password.
        return super::xls::read_bytes_of(path, &bytes, options);
    }
    if !bytes.starts_with(b"PK") {
        return Err(damaged(path, "it does not begin as a workbook does; open it and save it as .xlsx"));
    }
    check_unpacked(path, &bytes)?;
    // The reader of workbooks is not proof against each damage.
    let read = catch_unwind(AssertUnwindSafe(|| read_workbook(path, &bytes, options)));
    read.unwrap_or_else(|_| Err(damaged(path, "it is damaged; open it and save it again")))
}

/// The beginning of a sheet of a workbook.
#[derive(Debug, Default)]
pub(crate) struct SheetTop {
    pub(crate) name: String,
    pub(crate) is_hidden: bool,
    pub(crate) is_empty: bool,
    /// Its first rows that hold anything.
    pub(crate) rows: Vec<TopRow>,
}

/// The cells of a row that hold anything, as text.
#[derive(Debug)]
pub(crate) struct TopRow {
    /// As people count.
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

/// Rows of a sheet in which headings are looked for.
pub(crate) const ROWS_OF_A_TOP: u32 = 40;

/// The beginnings of all sheets of a workbook, hidden ones included.
pub(crate) fn tops(path: &Path) -> Result<Vec<SheetTop>, SheetError> {
    let bytes = read_bytes(path)?;
    if !bytes.starts_with(b"PK") {
        return Err(damaged(path, "it does not begin as a workbook does; open it and save it as .xlsx"));
    }
    check_unpacked(path, &bytes)?;
    let read = catch_unwind(AssertUnwindSafe(|| read_tops(path, &bytes)));
    read.unwrap_or_else(|_| Err(damaged(path, "it is damaged; open it and save it again")))
}

fn read_tops(path: &Path, bytes: &[u8]) -> Result<Vec<SheetTop>, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<(String, bool)> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect();
    let mut tops = Vec::new();
    let mut scratch = String::new();
    for (name, is_hidden) in sheets {
        let mut top = SheetTop { name, is_hidden, is_empty: true, rows: Vec::new() };
        match book.worksheet_cells_reader(&top.name) {
            Ok(mut cells) => {
                while let Ok(Some(cell)) = cells.next_cell() {
                    let (row, column) = cell.get_position();
                    let text = text_of(cell.get_value(), &mut scratch).trim();
                    top.is_empty &= text.is_empty();
                    if row >= ROWS_OF_A_TOP && !top.is_empty {
                        break;
                    }
                    if !text.is_empty() && row < ROWS_OF_A_TOP && (column as usize) < MOST_COLUMNS {
                        add(&mut top.rows, row + 1, text);
                    }
                }
            }
            // What nobody sees is not read.
            Err(_) if is_hidden => {}
            Err(error) => return Err(damaged(path, format!("sheet `{}`: {error}", top.name))),
        }
        tops.push(top);
    }
    Ok(tops)
}

fn add(rows: &mut Vec<TopRow>, number: u32, text: &str) {
    match rows.last_mut() {
        Some(row) if row.number == number => row.cells.push(text.to_owned()),
        _ => rows.push(TopRow { number, cells: vec![text.to_owned()] }),
    }
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a workbook", reason)
}

fn read_workbook(path: &Path, bytes: &[u8], options: &SheetOptions) -> Result<Sheet, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<Named> =
        sheets.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect();
    choose(path, &sheets, options, &mut |at| read_table(path, &mut book, &sheets[at].0, options))
}

fn read_table<'a>(
    path: &'a Path,
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    options: &SheetOptions<'a>,
) -> Result<Table<'a>, SheetError> {
    let mut table = Table::new(path, format!("sheet `{name}`"), options, Extra::Notes);
    let in_sheet = |error: XlsxError| damaged(path, format!("sheet `{name}`: {error}"));
    // They stand behind the cells; where they are damaged, there are none.
    for merged in book.merge_cells_by_sheet_name(name).unwrap_or_default() {
        table.merge(
            merged.start.1 as usize,
            merged.start.0.saturating_add(1),
            merged.end.0.saturating_add(1),
        );
    }
    let mut cells = book.worksheet_cells_reader(name).map_err(in_sheet)?;
    let mut row = Row::default();
    let mut scratch = String::new();
    // What could not be read since the last cell; it lies in its row or, before the next cell, in that one's.
    let mut unread: Option<String> = None;
    loop {
        let cell = match cells.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) if is_of_one_cell(&error) => {
                unread = Some(format!("a cell after the {}th of row {}: {error}", row.len(), row.number));
                row.fail(None, unread.clone().unwrap_or_default());
                continue;
            }
            Err(error) => return Err(in_sheet(error)),
        };
        let (at, column) = cell.pos;
        let (number, column) = (at.saturating_add(1), column as usize);
        if number < row.number {
            return Err(damaged(
                path,
                format!("sheet `{name}`: row {number} comes after row {}", row.number),
            ));
        }
        if number > row.number {
            let is_first = row.number == 0;
            if row.number > 0 {
                table.take(&mut row)?;
            }
            row.start(number);
            // Before a first cell of a row there is no room for another.
            if column > 0 || is_first {
                unread.iter().for_each(|what| row.fail(None, what.clone()));
            }
        }
        unread = None;
        if column >= MOST_COLUMNS {
            table.say_of_row("cells beyond column 1000 were passed over");
            continue;
        }
        if column < row.len() {
            row.fail(Some(column), format!("cell {}{number} is there twice", letters(column)));
            continue;
        }
        while row.len() < column {
            row.push("");
        }
        if let DataRef::Error(error) = &cell.value {
            let what = format!("cell {}{number} is the error {error}; repair its formula", letters(column));
            row.fail(Some(column), what);
        }
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            table.say_hollow(number, column);
        }
        row.push(text_of(&cell.value, &mut scratch));
    }
    if row.number > 0 {
        table.take(&mut row)?;
    }
    Ok(table)
}

/// Whether the reader goes on after the cell at fault.
fn is_of_one_cell(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::CellError(_)
            | XlsxError::CellTAttribute(_)
            | XlsxError::ParseFloat(_)
            | XlsxError::ParseInt(_)
            | XlsxError::Unrecognized { .. }
            | XlsxError::Unexpected(_)
    )
}

/// A cell as text: numbers as people write them, dates in ISO 8601.
fn text_of<'a>(value: &'a DataRef, scratch: &'a mut String) -> &'a str {
    scratch.clear();
    match value {
        DataRef::Empty | DataRef::Error(_) => {}
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => return text,
        DataRef::SharedString(text) => return text,
        DataRef::Bool(true) => scratch.push_str("true"),
        DataRef::Bool(false) => scratch.push_str("false"),
        DataRef::Int(number) => scratch.push_str(&number.to_string()),
        DataRef::Float(number) => write_number(*number, scratch),
        DataRef::DateTime(time) => scratch.push_str(&iso(time)),
    }
    scratch
}

pub(super) fn iso(time: &ExcelDateTime) -> String {
    let days = time.as_f64();
    if time.is_duration() || (0.0..1.0).contains(&days) {
        let seconds = (days * 86_400.0).round().max(0.0) as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if days.fract() == 0.0 { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") }
}

/// Refuses archives that unpack to more than is ever read, and counts of texts that their part cannot hold:
/// the reader sets memory aside for as many as it is told.
pub(super) fn check_unpacked(path: &Path, bytes: &[u8]) -> Result<(), SheetError> {
    let unzip = |error: zip::result::ZipError| damaged(path, error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unzip)?;
    // Tables shrink to a tenth when they are packed, hardly ever to a fiftieth.
    let most = MOST_UNPACKED.min((64 << 20) + 60 * bytes.len() as u64);
    let mut left = most;
    let mut buffer = vec![0; 1 << 16];
    for number in 0..archive.len() {
        let file = archive.by_index(number).map_err(unzip)?;
        let has_texts =
            String::from_utf8_lossy(file.name_raw()).to_lowercase().ends_with("sharedstrings.xml");
        let mut file = file.take(left + 1);
        let (mut size, mut most_texts) = (0, 0);
        let mut carried = Vec::new();
        loop {
            let length = file.read(&mut buffer).map_err(|error| damaged(path, error.to_string()))?;
            if length == 0 {
                break;
            }
            size += length as u64;
            if has_texts {
                // Texts in UTF-16 have a zero in each letter of ASCII.
                carried.extend(buffer[..length].iter().filter(|byte| **byte != 0));
                most_texts = most_texts.max(told_texts(&carried));
                carried.drain(..carried.len().saturating_sub(CARRIED));
            }
        }
        if most_texts > size {
            return Err(damaged(path, "it tells of more texts than it holds"));
        }
        left = left.checked_sub(size).ok_or_else(|| {
            let what = format!("it unpacks to more than {} MiB", most >> 20);
            SheetError::TooLarge { path: path.to_owned(), what }
        })?;
    }
    Ok(())
}

/// The attribute that says how many texts there are.
const TEXTS: &[u8] = b"uniqueCount";
/// Bytes that are looked at again with those that follow them.
const CARRIED: usize = 64;

/// The largest count of texts that is told, without end where it does not stand right behind its name.
fn told_texts(bytes: &[u8]) -> u64 {
    let told =
        bytes.windows(TEXTS.len()).enumerate().filter(|(_, window)| *window == TEXTS).map(|(at, _)| {
            let rest = &bytes[at + TEXTS.len()..];
            // Without an equals sign it is a word in a cell.
            let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { return 0 };
            let value = value.trim_ascii_start();
            let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
            let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let count = std::str::from_utf8(&value[..digits]).ok().and_then(|digits| digits.parse().ok());
            // At the very end of what is there so far it is looked at again later.
            if rest.len() < CARRIED / 2 { count.unwrap_or(0) } else { count.unwrap_or(u64::MAX) }
        });
    told.max().unwrap_or(0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    use std::io::Write;

    fn read_bytes(bytes: &[u8], options: &SheetOptions) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.xlsx");
        std::fs::write(&path, bytes).unwrap();
        read(&path, options)
    }

    fn sheet(book: &mut Workbook, layer: Option<&str>) -> Result<Sheet, SheetError> {
        read_bytes(&book.save_to_buffer().unwrap(), &SheetOptions { layer, ..SheetOptions::default() })
    }

    #[test]
    fn numbers_dates_and_booleans_are_text() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.write_row(0, 0, ["名称", "lon", "街道", "建成", "开门", "有", "空", "注"]).unwrap();
        page.write_string(3, 0, " 和平里 ").unwrap();
        page.write_number(3, 1, 126.63).unwrap();
        page.write_number(3, 2, 310_106).unwrap();
        let date = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        let time = Format::new().set_num_format("h:mm");
        page.write_with_format(3, 3, ExcelDateTime::from_ymd(2024, 5, 1).unwrap(), &date).unwrap();
        page.write_with_format(3, 4, ExcelDateTime::from_hms(8, 30, 0).unwrap(), &time).unwrap();
        page.write_boolean(3, 5, true).unwrap();
        page.write_formula(3, 7, Formula::new("1+1").set_result("2")).unwrap();
        let sheet = sheet(&mut book, None).unwrap();
        let cells: Vec<&str> = (0..8).map(|column| sheet.cell(0, column)).collect();
        assert_eq!(cells, ["和平里", "126.63", "310106", "2024-05-01", "08:30:00", "true", "", "2"]);
        assert_eq!((sheet.number(0), sheet.said.len()), (4, 0));
    }

    #[test]
    fn formula_errors_reject_their_row_and_name_the_cell() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.merge_range(0, 0, 0, 2, "一览表", &Format::new()).unwrap();
        page.write_row(1, 0, ["名称", "lon", "床位"]).unwrap();
        page.write_row(2, 0, ["甲", "1", "2"]).unwrap();
        page.write_string(3, 0, "乙").unwrap();
        page.write_formula(3, 2, Formula::new("VLOOKUP(1,A1,1)").set_result("#N/A")).unwrap();
        // Beside the table it does no harm.
        page.write_string(4, 0, "丙").unwrap();
        page.write_formula(4, 7, Formula::new("#REF!").set_result("#REF!")).unwrap();
        let sheet = sheet(&mut book, None).unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.said.len()), (2, 1, 1), "{:?}", sheet.said);
        let rejected = &sheet.rejected[0];
        assert_eq!((rejected.row, rejected.field.as_str()), (4, "床位"));
        assert!(rejected.what.contains("C4") && rejected.what.contains("#N/A"), "{}", rejected.what);
    }

    #[test]
    fn the_first_sheet_that_shows_anything_is_read() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("空").unwrap();
        let hidden = book.add_worksheet().set_name("藏").unwrap().set_hidden(true);
        hidden.write_row(0, 0, ["a", "b"]).unwrap();
        hidden.write_row(1, 0, ["hidden", "1"]).unwrap();
        let shown = book.add_worksheet().set_name("设施").unwrap();
        shown.write_row(0, 0, ["a", "b"]).unwrap();
        shown.write_row(1, 0, ["shown", "1"]).unwrap();
        let first = sheet(&mut book, None).unwrap();
        assert_eq!((first.cell(0, 0), first.said.len()), ("shown", 1));
        assert_eq!(sheet(&mut book, Some("藏")).unwrap().cell(0, 0), "hidden");
        assert!(matches!(sheet(&mut book, Some("空")), Err(SheetError::Empty { .. })));
        let missing = sheet(&mut book, Some("设备")).unwrap_err().to_string();
        assert!(missing.contains("`空`, `藏`, `设施`"), "{missing}");
    }

    #[test]
    fn empty_workbooks_and_other_files_are_refused() {
        let mut book = Workbook::new();
        book.add_worksheet();
        assert!(matches!(sheet(&mut book, None), Err(SheetError::Empty { .. })));
        for bytes in [b"".as_slice(), b"a,b\n1,2\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"] {
            let error = read_bytes(bytes, &SheetOptions::default()).unwrap_err();
            assert!(matches!(error, SheetError::Damaged { .. }), "{error}");
        }
    }

    /// A workbook of one sheet in the given parts.
    pub(in super::super) fn workbook(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let parts: [(&str, &[u8]); 5] = [
            (
                "_rels/.rels",
                br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
            ),
            (
                "xl/workbook.xml",
                br#"<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
            ),
            (
                "xl/_rels/workbook.xml.rels",
                br#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            ),
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/sharedStrings.xml", texts),
        ];
        for (name, text) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const NO_TEXTS: &[u8] = br#"<sst uniqueCount="0"></sst>"#;

    #[test]
    fn what_a_sheet_says_of_its_size_is_not_believed() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>"#;
        let page = format!(
            r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>"#
        );
        let sheet = read_bytes(&workbook(page.as_bytes(), NO_TEXTS), &SheetOptions::default()).unwrap();
        assert_eq!((sheet.number(0), sheet.cell(0, 0)), (1_048_576, "1"));
        for texts in [r#"<sst uniqueCount="99999999999"></sst>"#, r#"<sst uniqueCount = "999999"></sst>"#] {
            let padded = format!("{}{texts}{}", " ".repeat(70_000), " ".repeat(100));
            assert!(
                read_bytes(&workbook(page.as_bytes(), padded.as_bytes()), &SheetOptions::default()).is_err()
            );
        }
    }

    #[test]
    fn formulas_without_values_are_known_by_their_cells() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>1+1</f></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read_bytes(&workbook(page.as_bytes(), NO_TEXTS), &SheetOptions::default()).unwrap();
        assert!(sheet.hollow && sheet.is_hollow(0, 1));
        assert!(!sheet.is_hollow(0, 0) && !sheet.is_hollow(1, 1));
        assert!(sheet.lost.len() == 1 && sheet.lost[0].ends_with("(1 cells)"), "{:?}", sheet.lost);
    }

    #[test]
    fn cells_of_no_known_kind_reject_their_row() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#BUSY!</v></c><c r="C2"><v>1</v></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read_bytes(&workbook(page.as_bytes(), NO_TEXTS), &SheetOptions::default()).unwrap();
        assert_eq!((sheet.len(), sheet.rejected[0].row), (1, 2));
    }

    #[test]
    fn a_last_cell_of_no_known_kind_leaves_the_next_row_alone() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#BUSY!</v></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read_bytes(&workbook(page.as_bytes(), NO_TEXTS), &SheetOptions::default()).unwrap();
        assert_eq!((sheet.len(), sheet.number(0)), (1, 3));
        assert_eq!((sheet.rejected.len(), sheet.rejected[0].row), (1, 2));
    }

    #[test]
    fn bombs_are_refused() {
        let page = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(1 << 20));
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/bomb", zip::write::SimpleFileOptions::default()).unwrap();
        (0..=1024).for_each(|_| zip.write_all(page.as_bytes()).unwrap());
        let bytes = zip.finish().unwrap().into_inner();
        let error = read_bytes(&bytes, &SheetOptions::default()).unwrap_err();
        assert!(matches!(error, SheetError::TooLarge { .. }), "{error}");
    }

    /// Run by hand: `cargo test --release -p circle-import speed_of_xlsx -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    fn speed_of_xlsx() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.write_row(0, 0, ["id", "名称", "主管", "lon", "lat", "人口", "面积", "备注"]).unwrap();
        for row in 1..=100_000 {
            page.write_string(row, 1, format!("和平里第{row}养老服务驿站")).unwrap();
            page.write_string(row, 2, "街道办事处").unwrap();
            let numbers = [(0, 1.0), (3, 116.4), (4, 39.9), (5, 12.0), (6, 120.5), (7, 0.25)];
            for (column, number) in numbers {
                page.write_number(row, column, number + f64::from(row) * 1e-6).unwrap();
            }
        }
        let bytes = book.save_to_buffer().unwrap();
        let begin = std::time::Instant::now();
        assert_eq!(read_bytes(&bytes, &SheetOptions::default()).unwrap().len(), 100_000);
        println!("{} bytes: {:?}", bytes.len(), begin.elapsed());
    }
}
