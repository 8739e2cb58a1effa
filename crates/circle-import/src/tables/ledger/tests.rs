//! Ledgers in the forms that offices return.

use super::date::parse_date;
use super::rows::{LONGEST, listed};
use super::{FilledLedger, read_ledger};
use crate::own::OwnError;
use jiff::civil::date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::fmt::Write;

#[test]
fn dates_are_parsed_in_usual_forms() {
    let first = Some(date(2026, 3, 1));
    for text in ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "2026-03-01T00:00:00"] {
        assert_eq!(parse_date(text), first, "{text}");
    }
    for text in ["26/3/1", "26年3月1日", "２０２６年３月１日", "2026．3．1"] {
        assert_eq!(parse_date(text), first, "{text}");
    }
    for text in ["", "年底前", "2026", "2026-13-01", "2026-02-30", "1-2-3-4", "二〇二六年三月一日"]
    {
        assert_eq!(parse_date(text), None, "{text}");
    }
    for text in ["0026-03-01", "6/3/1", "+2/3/1", "99999-1-1", "0000-00-00"] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

/// A workbook that an office edited: a title above, moved columns, further sheets, a signature below.
#[test]
fn an_edited_workbook_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("填表说明").unwrap().write(0, 0, "请填写整改措施").unwrap();
    let sheet = book.add_worksheet().set_name("荣市街道").unwrap();
    sheet.write(0, 0, "2026年问题台账").unwrap();
    sheet
        .write_row(1, 0, ["整改措施", "小区 compound", "完成时限", "缺口条目 line", "责任人", "备注"])
        .unwrap();
    sheet.write_row(2, 0, ["建卫生站", "荣耀世纪小区", "", "卫生室"]).unwrap();
    let day = Format::new().set_num_format("yyyy/m/d");
    sheet.write_with_format(2, 2, ExcelDateTime::from_ymd(2026, 6, 30).unwrap(), &day).unwrap();
    sheet.write_row(3, 0, ["=SUM(A1)", "滨江小区", "年底前", "公园", "王主任"]).unwrap();
    sheet.write(4, 0, "合计：2").unwrap();
    let closed = book.add_worksheet().set_name("已销号 closed").unwrap();
    closed.write_row(0, 0, ["小区 compound", "条目 line", "现状 now", "整改措施 measure"]).unwrap();
    closed.write_row(1, 0, ["旧小区", "公园", "已达标", "已建"]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filled.xlsx");
    book.save(&path).unwrap();
    let ledger = read_ledger(&path).unwrap();
    assert_eq!(ledger.rows.len(), 2, "{:?}", ledger.rows);
    let first = &ledger.rows[0];
    assert_eq!((first.compound_name.as_str(), first.line.as_str()), ("荣耀世纪小区", "卫生室"));
    assert_eq!((first.measure.as_str(), first.deadline), ("建卫生站", Some(date(2026, 6, 30))));
    assert_eq!(first.place, "sheet `荣市街道` row 3");
    let second = &ledger.rows[1];
    assert_eq!((second.responsible.as_str(), second.deadline), ("王主任", None));
    assert_eq!(second.measure, "=SUM(A1)；完成时限：年底前");
    assert!(ledger.remarks.iter().any(|remark| remark.contains("年底前")), "{:?}", ledger.remarks);
    assert!(ledger.remarks.iter().any(|remark| remark.contains("row 5")), "{:?}", ledger.remarks);
}

#[test]
fn other_files_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("a.csv");
    std::fs::write(&csv, "compound_name,line,verdict\na,b,gap\n").unwrap();
    assert!(read_ledger(&csv).unwrap_err().to_string().contains("整改措施"));
    let damaged = folder.path().join("a.xlsx");
    for bytes in [&b""[..], b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0"] {
        std::fs::write(&damaged, bytes).unwrap();
        assert!(read_ledger(&damaged).is_err());
    }
}

#[test]
fn cut_texts_are_remarked_and_other_workbooks_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("a.csv");
    let long = "建".repeat(LONGEST + 1);
    std::fs::write(&csv, format!("compound_id,line,measure\n7,公园,{long}\n")).unwrap();
    let ledger = read_ledger(&csv).unwrap();
    assert_eq!((ledger.rows[0].measure.chars().count(), ledger.remarks.len()), (LONGEST, 1));
    assert!(ledger.remarks[0].contains("row 2: measure: the text was cut"), "{:?}", ledger.remarks);
    for name in ["a.ods", "a.xls", "a"] {
        let error = read_ledger(&folder.path().join(name)).unwrap_err().to_string();
        assert!(error.contains("save it as .xlsx"), "{error}");
    }
}

#[test]
fn csv_is_read_with_and_without_a_byte_order_mark() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("a.csv");
    for mark in ["", "\u{feff}"] {
        std::fs::write(&csv, format!("{mark}compound_id,line,measure\n7,公园,'=x\n")).unwrap();
        let ledger = read_ledger(&csv).unwrap();
        assert_eq!((ledger.rows[0].compound_id.as_str(), ledger.rows[0].measure.as_str()), ("7", "=x"));
    }
}

const HEADINGS: [&str; 6] = ["小区", "缺口条目", "整改措施", "责任人", "完成时限", "进展"];
const ROW: [&str; 6] = ["甲小区", "公园", "种树", "王", "2026-03-01", "办"];

fn read(book: &mut Workbook) -> Result<FilledLedger, OwnError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filled.xlsx");
    book.save(&path).unwrap();
    read_ledger(&path)
}

#[test]
fn headings_are_found_below_other_rows_and_beside_other_columns() {
    let mut book = Workbook::new();
    let two = book.add_worksheet().set_name("副标题").unwrap();
    two.write_row(0, 0, ["2026年问题台账"]).unwrap();
    two.write_row(1, 0, ["填报单位：", "某街道", "填报日期：", "2026-03-01"]).unwrap();
    two.write_row(2, 0, HEADINGS).unwrap();
    two.write_row(3, 0, ROW).unwrap();
    let deep = book.add_worksheet().set_name("说明多").unwrap();
    for row in 0..22 {
        deep.write(row, 0, "填表说明").unwrap();
    }
    deep.write_row(22, 0, HEADINGS).unwrap();
    deep.write_row(23, 0, ROW).unwrap();
    let now = book.add_worksheet().set_name("现状").unwrap();
    now.write_row(0, 0, HEADINGS.into_iter().chain(["现状"])).unwrap();
    now.write_row(1, 0, ROW).unwrap();
    let parted = book.add_worksheet().set_name("两行表头").unwrap();
    parted.write_row(0, 0, ["小区", "缺口条目", "整改", "", "", "进展"]).unwrap();
    parted.write_row(1, 2, ["整改措施", "责任人", "完成时限"]).unwrap();
    parted.write_row(2, 0, ROW).unwrap();
    let ledger = read(&mut book).unwrap();
    assert!(ledger.remarks.is_empty(), "{:?}", ledger.remarks);
    let places: Vec<&str> = ledger.rows.iter().map(|row| row.place.as_str()).collect();
    assert_eq!(
        places,
        ["sheet `副标题` row 4", "sheet `说明多` row 24", "sheet `现状` row 2", "sheet `两行表头` row 3"]
    );
    for row in &ledger.rows {
        assert_eq!((row.measure.as_str(), row.deadline), ("种树", Some(date(2026, 3, 1))), "{row:?}");
    }
}

#[test]
fn skipped_sheets_are_remarked_with_the_reason() {
    let mut book = Workbook::new();
    let good = book.add_worksheet().set_name("甲街道").unwrap();
    good.write_row(0, 0, HEADINGS).unwrap();
    good.write_row(1, 0, ROW).unwrap();
    let renamed = book.add_worksheet().set_name("乙街道").unwrap();
    renamed.write_row(0, 0, ["小区", "缺口项目", "整改措施"]).unwrap();
    renamed.write_row(1, 0, ["乙小区", "公园", "种树"]).unwrap();
    let hidden = book.add_worksheet().set_name("丙街道").unwrap().set_hidden(true);
    hidden.write_row(0, 0, HEADINGS).unwrap();
    hidden.write_row(1, 0, ROW).unwrap();
    book.add_worksheet().set_name("空").unwrap();
    book.add_worksheet().set_name("说明").unwrap().write(0, 0, "请填写").unwrap();
    let ledger = read(&mut book).unwrap();
    assert_eq!((ledger.rows.len(), ledger.remarks.len()), (1, 3), "{:?}", ledger.remarks);
    for (name, why) in
        [("乙街道", "row 1 has no heading 缺口条目"), ("丙街道", "hidden"), ("说明", "headings")]
    {
        let names_it =
            |remark: &String| remark.contains(&format!("`{name}`: left out")) && remark.contains(why);
        assert!(ledger.remarks.iter().any(names_it), "{name}: {:?}", ledger.remarks);
    }
    // If no sheet is a ledger, the error contains every reason.
    let mut book = Workbook::new();
    let renamed = book.add_worksheet();
    renamed.write_row(0, 0, ["小区", "缺口项目", "整改措施"]).unwrap();
    let error = read(&mut book).unwrap_err().to_string();
    assert!(error.contains("it has: 小区, 缺口项目"), "{error}");
}

#[test]
fn a_name_in_merged_cells_counts_for_all_their_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADINGS).unwrap();
    sheet.merge_range(1, 0, 3, 0, "甲小区", &Format::new()).unwrap();
    for (row, line) in (1..).zip(["公园", "学校", "卫生室", "菜场"]) {
        sheet.write(row, 1, line).unwrap();
        sheet.write(row, 2, "办").unwrap();
    }
    let ledger = read(&mut book).unwrap();
    let names: Vec<&str> = ledger.rows.iter().map(|row| row.compound_name.as_str()).collect();
    assert_eq!(names, ["甲小区"; 3]);
    assert_eq!(ledger.remarks.len(), 1);
    assert!(
        ledger.remarks[0].contains("row 5: no compound") && ledger.remarks[0].contains("merged"),
        "{:?}",
        ledger.remarks
    );
}

/// A workbook of a program that does not compute formulas.
#[test]
fn formulas_without_values_are_remarked() {
    let text = |cell: &str, text: &str| format!(r#"<c r="{cell}" t="str"><v>{text}</v></c>"#);
    let mut sheet = String::from(r#"<worksheet><sheetData><row r="1">"#);
    for (column, heading) in ["A", "B", "C", "D"].into_iter().zip(["小区", "条目", "措施", "备注"]) {
        sheet += &text(&format!("{column}1"), heading);
    }
    sheet += "</row>";
    for row in 2..5 {
        let _ = write!(sheet, r#"<row r="{row}">"#);
        sheet += &text(&format!("A{row}"), "甲小区");
        sheet += &text(&format!("B{row}"), "公园");
        let _ = write!(sheet, r#"<c r="C{row}"><f>"A"&amp;"B"</f></c>"#);
        let _ = write!(sheet, r#"<c r="D{row}"><f>1+1</f></c></row>"#);
    }
    sheet += "</sheetData></worksheet>";
    let parts: [(&str, &str); 5] = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
        ("xl/sharedStrings.xml", r#"<sst uniqueCount="0"></sst>"#),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xlsx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let ledger = read_ledger(&path).unwrap();
    assert_eq!((ledger.rows.len(), ledger.remarks.len()), (3, 1), "{:?}", ledger.remarks);
    assert!(
        ledger.remarks[0].starts_with("sheet `a`: 措施 rows 2 to 4: the cells hold formulas without values"),
        "{:?}",
        ledger.remarks
    );
}

#[test]
fn csv_headers_are_found_below_shorter_rows() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("a.csv");
    let (headings, row) = (HEADINGS.join(","), ROW.join(","));
    for above in ["", "2026年台账\n", "填报单位：,某街道\n", "填报单位：,某街道,填报日期：,2026,a,b,c\n"]
    {
        std::fs::write(&csv, format!("{above}{headings},\n{row},\n{row},\n")).unwrap();
        let ledger = read_ledger(&csv).unwrap();
        assert_eq!((ledger.rows.len(), ledger.rows[0].measure.as_str()), (2, "种树"), "{above}");
    }
    std::fs::write(&csv, format!("{headings},现状\n{row},差\n")).unwrap();
    assert_eq!(read_ledger(&csv).unwrap().rows.len(), 1);
    std::fs::write(&csv, format!("{headings},now\n{row},差\n")).unwrap();
    assert!(read_ledger(&csv).unwrap_err().to_string().contains("its column `now` marks"));
}

#[test]
fn a_second_column_of_one_heading_is_remarked() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("a.csv");
    std::fs::write(&csv, "小区,条目,整改措施,整改措施\n甲,公园,种树,浇水\n").unwrap();
    let ledger = read_ledger(&csv).unwrap();
    assert_eq!((ledger.rows[0].measure.as_str(), ledger.remarks.len()), ("种树", 1));
    assert!(ledger.remarks[0].contains("column `整改措施 (2)`: left out"), "{:?}", ledger.remarks);
    assert_eq!(listed(&[3, 5, 6, 7]), "rows 3, 5 to 7");
}
