//! Workbooks (`.xlsx`, `.xlsm`), cell by cell: the dimensions that a sheet declares are not trusted.

pub(crate) mod preview;

use crate::build::builder::MAX_COLUMNS;
use crate::build::cell::{column_letters, iso_time, write_number};
use crate::build::row::RowBuffer;
use crate::build::table::{SurplusCells, TableBuilder};
use crate::build::workbook::{SheetEntry, choose};
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::Sheet;
use crate::source::archive::check_unpacked;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

const FORMAT: &str = "a workbook";

/// Reads a workbook in the bytes of its file.
pub(crate) fn parse(path: &Path, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    check_archive(path, bytes)?;
    catch_panics(path, || read_workbook(path, bytes, options))
}

/// Checks that the bytes are an archive that may be unpacked.
fn check_archive(path: &Path, bytes: &[u8]) -> Result<(), SheetError> {
    if !bytes.starts_with(b"PK") {
        return Err(damaged(path, "its content is of another format; open it and save it as .xlsx"));
    }
    check_unpacked(path, bytes)
}

/// Runs calamine, which panics on some damaged workbooks.
fn catch_panics<T>(path: &Path, read: impl FnOnce() -> Result<T, SheetError>) -> Result<T, SheetError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Err(damaged(path, "it is damaged; open it and save it again")))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, FORMAT, reason)
}

fn read_workbook(path: &Path, bytes: &[u8], options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<SheetEntry> = sheets
        .map(|sheet| SheetEntry {
            name: sheet.name.clone(),
            is_visible: sheet.visible == SheetVisible::Visible,
        })
        .collect();
    choose(path, &sheets, options, &mut |at| read_table(path, &mut book, &sheets[at].name, options))
}

fn read_table<'a>(
    path: &'a Path,
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    options: &ReadOptions<'a>,
) -> Result<TableBuilder<'a>, SheetError> {
    let mut table = TableBuilder::new(path, format!("sheet `{name}`"), options, SurplusCells::Ignore);
    let in_sheet = |error: XlsxError| SheetError::damaged_sheet(path, FORMAT, name, error.to_string());
    // Merged cells come after the cells in the file; a damaged list is ignored.
    for merged in book.merge_cells_by_sheet_name(name).unwrap_or_default() {
        table.merge(
            merged.start.1 as usize,
            merged.start.0.saturating_add(1),
            merged.end.0.saturating_add(1),
        );
    }
    let mut cells = book.worksheet_cells_reader(name).map_err(in_sheet)?;
    let mut row = RowBuffer::default();
    let mut scratch = String::new();
    // The fault of a cell without an address, which may lie in the row of the previous or of the next cell.
    let mut fault: Option<String> = None;
    loop {
        let cell = match cells.next_cell_with_formula_metadata() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            Err(error) if is_of_one_cell(&error) => {
                fault = Some(format!("a cell after cell {} of row {}: {error}", row.len(), row.number));
                row.fail(None, fault.clone().unwrap_or_default());
                continue;
            }
            Err(error) => return Err(in_sheet(error)),
        };
        let (at, column) = cell.pos;
        let (number, column) = (at.saturating_add(1), column as usize);
        if number < row.number {
            let reason = format!("row {number} comes after row {}", row.number);
            return Err(SheetError::damaged_sheet(path, FORMAT, name, reason));
        }
        if number > row.number {
            let is_first = row.number == 0;
            if row.number > 0 {
                table.take(&mut row)?;
            }
            row.start(number);
            // If the cell is the first of its row, the fault lies in the previous row.
            if column > 0 || is_first {
                fault.iter().for_each(|reason| row.fail(None, reason.clone()));
            }
        }
        fault = None;
        if column >= MAX_COLUMNS {
            table.remark_on_row("cells beyond column 1000 were skipped");
            continue;
        }
        if column < row.len() {
            row.fail(Some(column), format!("cell {}{number} occurs twice", column_letters(column)));
            continue;
        }
        while row.len() < column {
            row.push("");
        }
        if let DataRef::Error(error) = &cell.value {
            let reason =
                format!("cell {}{number} is the error {error}; repair its formula", column_letters(column));
            row.fail(Some(column), reason);
        }
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            table.add_empty_formula(number, column);
        }
        row.push(text_of(&cell.value, &mut scratch));
    }
    if row.number > 0 {
        table.take(&mut row)?;
    }
    Ok(table)
}

/// Whether calamine can continue after the cell.
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
fn text_of<'a>(value: &'a DataRef<'_>, scratch: &'a mut String) -> &'a str {
    scratch.clear();
    match value {
        DataRef::Empty | DataRef::Error(_) => {}
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => return text,
        DataRef::SharedString(text) => return text,
        DataRef::Bool(true) => scratch.push_str("true"),
        DataRef::Bool(false) => scratch.push_str("false"),
        DataRef::Int(number) => scratch.push_str(&number.to_string()),
        DataRef::Float(number) => write_number(*number, scratch),
        DataRef::DateTime(time) => scratch.push_str(&iso_time(time)),
    }
    scratch
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    use std::io::Write;

    fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
        parse(Path::new("own.xlsx"), bytes, &ReadOptions::default())
    }

    fn sheet(book: &mut Workbook, layer: Option<&str>) -> Result<Sheet, SheetError> {
        let options = ReadOptions { sheet: layer, ..ReadOptions::default() };
        parse(Path::new("own.xlsx"), &book.save_to_buffer().unwrap(), &options)
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
        assert_eq!((sheet.number(0), sheet.remarks.len()), (4, 0));
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
        // An error beside the table is ignored.
        page.write_string(4, 0, "丙").unwrap();
        page.write_formula(4, 7, Formula::new("#REF!").set_result("#REF!")).unwrap();
        let sheet = sheet(&mut book, None).unwrap();
        assert_eq!(
            (sheet.len(), sheet.rejected.len(), sheet.remarks.len()),
            (2, 1, 1),
            "{:?}",
            sheet.remarks
        );
        let rejected = &sheet.rejected[0];
        assert_eq!((rejected.row, rejected.field.as_str()), (4, "床位"));
        assert!(rejected.reason.contains("C4") && rejected.reason.contains("#N/A"), "{}", rejected.reason);
    }

    #[test]
    fn the_first_visible_sheet_that_is_not_empty_is_read() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("空").unwrap();
        let hidden = book.add_worksheet().set_name("藏").unwrap().set_hidden(true);
        hidden.write_row(0, 0, ["a", "b"]).unwrap();
        hidden.write_row(1, 0, ["hidden", "1"]).unwrap();
        let shown = book.add_worksheet().set_name("设施").unwrap();
        shown.write_row(0, 0, ["a", "b"]).unwrap();
        shown.write_row(1, 0, ["shown", "1"]).unwrap();
        let first = sheet(&mut book, None).unwrap();
        assert_eq!((first.cell(0, 0), first.remarks.len()), ("shown", 1));
        assert_eq!(sheet(&mut book, Some("藏")).unwrap().cell(0, 0), "hidden");
        assert!(matches!(sheet(&mut book, Some("空")), Err(SheetError::Empty { .. })));
        let missing = sheet(&mut book, Some("设备")).unwrap_err().to_string();
        assert!(missing.contains("`空`, `藏`, `设施`"), "{missing}");
    }

    #[test]
    fn empty_workbooks_and_other_files_are_rejected() {
        let mut book = Workbook::new();
        book.add_worksheet();
        assert!(matches!(sheet(&mut book, None), Err(SheetError::Empty { .. })));
        for bytes in [b"".as_slice(), b"a,b\n1,2\n", b"PK\x03\x04"] {
            let error = read(bytes).unwrap_err();
            assert!(matches!(error, SheetError::Damaged { .. }), "{error}");
        }
    }

    /// A workbook of one sheet, with the XML of the sheet and of the shared texts.
    pub(crate) fn workbook(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
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
    fn declared_dimensions_and_counts_are_not_trusted() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>"#;
        let page = format!(
            r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>"#
        );
        let sheet = read(&workbook(page.as_bytes(), NO_TEXTS)).unwrap();
        assert_eq!((sheet.number(0), sheet.cell(0, 0)), (1_048_576, "1"));
        for texts in [r#"<sst uniqueCount="99999999999"></sst>"#, r#"<sst uniqueCount = "999999"></sst>"#] {
            let padded = format!("{}{texts}{}", " ".repeat(70_000), " ".repeat(100));
            assert!(read(&workbook(page.as_bytes(), padded.as_bytes())).is_err());
        }
    }

    #[test]
    fn formulas_without_values_are_recorded_by_cell() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>1+1</f></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read(&workbook(page.as_bytes(), NO_TEXTS)).unwrap();
        assert!(sheet.has_empty_formulas && sheet.is_empty_formula(0, 1));
        assert!(!sheet.is_empty_formula(0, 0) && !sheet.is_empty_formula(1, 1));
        assert!(sheet.losses.len() == 1 && sheet.losses[0].ends_with("(1 cells)"), "{:?}", sheet.losses);
    }

    #[test]
    fn cells_of_an_unknown_type_reject_their_row() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#BUSY!</v></c><c r="C2"><v>1</v></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read(&workbook(page.as_bytes(), NO_TEXTS)).unwrap();
        assert_eq!((sheet.len(), sheet.rejected[0].row), (1, 2));
    }

    #[test]
    fn a_last_cell_of_an_unknown_type_does_not_reject_the_next_row() {
        let cells = r#"<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>
            <row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#BUSY!</v></c></row>
            <row r="3"><c r="A3"><v>1</v></c></row>"#;
        let page = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = read(&workbook(page.as_bytes(), NO_TEXTS)).unwrap();
        assert_eq!((sheet.len(), sheet.number(0)), (1, 3));
        assert_eq!((sheet.rejected.len(), sheet.rejected[0].row), (1, 2));
    }
}
