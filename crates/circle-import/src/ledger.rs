//! A ledger of problems 问题台账 that an office has filled in.

use crate::own::{OwnError, SheetOptions, read_sheet, sheet_tops};
use circle_model::files::clean;
use jiff::civil::Date;
use std::path::Path;

/// A row of a ledger as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerRow {
    /// Where it stands, for people: the sheet and the row.
    pub place: String,
    /// Id of the compound, in the run that the ledger is of.
    pub compound_id: String,
    /// Name of the compound.
    pub compound_name: String,
    /// Its 街道, where it is said.
    pub subdistrict: String,
    /// The line's name.
    pub line: String,
    /// What the line asks for, in words.
    pub asked: String,
    /// 整改措施; behind it a deadline that is no date.
    pub measure: String,
    /// 责任人.
    pub responsible: String,
    /// 完成时限.
    pub deadline: Option<Date>,
    /// 进展.
    pub status: String,
}

/// A ledger as it was read.
#[derive(Debug, Clone, Default)]
pub struct FilledLedger {
    /// Its rows, sheet by sheet.
    pub rows: Vec<LedgerRow>,
    /// Rows that could not be read, deadlines that are no dates, and remarks on the file.
    pub said: Vec<String>,
}

/// Columns by what they are called: the key, then the Chinese.
const COMPOUND_ID: [&str; 2] = ["compound_id", "小区编号"];
const COMPOUND_NAME: [&str; 3] = ["compound_name", "小区", "小区名称"];
const SUBDISTRICT: [&str; 2] = ["subdistrict", "街道"];
const LINE: [&str; 3] = ["line", "缺口条目", "条目"];
const ASKED: [&str; 2] = ["asked", "标准"];
const MEASURE: [&str; 3] = ["measure", "整改措施", "措施"];
const RESPONSIBLE: [&str; 2] = ["responsible", "责任人"];
const DEADLINE: [&str; 3] = ["deadline", "完成时限", "时限"];
const STATUS: [&str; 3] = ["status", "进展", "状态"];
/// What sheets of rows that are no gap any more have, and the ledger has not.
const NOT_OPEN: [&str; 4] = ["now", "why", "现状", "为何对不上"];

/// Reads a ledger: a workbook (`.xlsx`, `.xlsm`), whose ledger may lie on several sheets, or a CSV file. Columns are
/// found by their headings, wherever they stand; what else is on the sheet is passed over.
///
/// # Errors
/// When the file cannot be read, or holds no ledger.
pub fn read_ledger(path: &Path) -> Result<FilledLedger, OwnError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let mut ledger = FilledLedger::default();
    let mut found = false;
    if matches!(ending.as_deref(), Some("xlsx" | "xlsm")) {
        for (sheet, top) in sheet_tops(path)? {
            // What stands below a heading is looked at as well here.
            if may_be_ledger(top.iter().map(String::as_str)) {
                found |= read_part(path, Some(&sheet), &mut ledger)?;
            }
        }
    } else if ending.as_deref() == Some("csv") {
        found = read_part(path, None, &mut ledger)?;
    } else {
        // Of other workbooks one sheet alone would be read, and the rest lost.
        let what =
            "a ledger is read from .xlsx, .xlsm and .csv; open the file in Excel or WPS and save it as .xlsx";
        return Err(OwnError::File { path: path.to_owned(), what: what.to_owned() });
    }
    if found {
        Ok(ledger)
    } else {
        let what = "no ledger in it: it needs the columns 小区 (compound_name) or 小区编号 (compound_id), 缺口条目 \
                    (line) and one of 整改措施 (measure), 责任人 (responsible), 完成时限 (deadline), 进展 (status)";
        Err(OwnError::File { path: path.to_owned(), what: what.to_owned() })
    }
}

fn is_ledger<'a>(headings: impl Iterator<Item = &'a str> + Clone) -> bool {
    let is_open = !headings.clone().any(|heading| is_called(heading, &NOT_OPEN));
    is_open && may_be_ledger(headings)
}

#[expect(clippy::needless_pass_by_value, reason = "an iterator is as cheap as a reference to it")]
fn may_be_ledger<'a>(headings: impl Iterator<Item = &'a str> + Clone) -> bool {
    let has = |names: &[&str]| headings.clone().any(|heading| is_called(heading, names));
    (has(&COMPOUND_ID) || has(&COMPOUND_NAME))
        && has(&LINE)
        && (has(&MEASURE) || has(&RESPONSIBLE) || has(&DEADLINE) || has(&STATUS))
}

/// `整改措施`, `measure` or both, as the program writes it.
fn is_called(heading: &str, names: &[&str]) -> bool {
    let heading = heading.trim();
    let (first, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    let same = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    // The program's heading of the compound's name is shorter than its key.
    same(heading) || (same(first) && (same(&rest.replace(' ', "_")) || rest == "compound"))
}

/// Reads one sheet, or a CSV file; whether it is a ledger.
fn read_part(path: &Path, sheet: Option<&str>, ledger: &mut FilledLedger) -> Result<bool, OwnError> {
    let table = match read_sheet(path, &SheetOptions { layer: sheet, ..SheetOptions::default() }) {
        Ok(table) => table,
        // A sheet that everything was deleted from.
        Err(error) if sheet.is_some() => {
            ledger.said.push(error.to_string());
            return Ok(true);
        }
        Err(error) => return Err(error.into()),
    };
    if !is_ledger(table.columns.iter().map(String::as_str)) {
        return Ok(false);
    }
    let column = |names: &[&str]| table.columns.iter().position(|heading| is_called(heading, names));
    let place = |row: u32| match sheet {
        Some(sheet) => format!("sheet `{sheet}` row {row}"),
        None => format!("row {row}"),
    };
    for rejected in &table.rejected {
        ledger.said.push(format!("{}: {}: {}", place(rejected.row), rejected.field, rejected.what));
    }
    let names: [&[&str]; 9] = [
        &COMPOUND_ID,
        &COMPOUND_NAME,
        &SUBDISTRICT,
        &LINE,
        &ASKED,
        &MEASURE,
        &RESPONSIBLE,
        &DEADLINE,
        &STATUS,
    ];
    let columns = names.map(column);
    for row in 0..table.len() {
        let cell = |column: Option<usize>| -> String {
            clean(column.map_or("", |column| written(table.cell(row, column))), LONGEST)
        };
        let [
            compound_id,
            compound_name,
            subdistrict,
            line,
            asked,
            mut measure,
            responsible,
            deadline,
            status,
        ] = columns.map(cell);
        // Totals, signatures and blank forms say nothing of a gap.
        if (compound_id.is_empty() && compound_name.is_empty()) || line.is_empty() {
            if !(measure.is_empty() && responsible.is_empty() && deadline.is_empty() && status.is_empty()) {
                let place = place(table.number(row));
                ledger.said.push(format!("{place}: it names no compound and line, so it is left out"));
            }
            continue;
        }
        let place = place(table.number(row));
        for column in columns.into_iter().flatten() {
            if written(table.cell(row, column)).chars().nth(LONGEST).is_some() {
                let heading = &table.columns[column];
                ledger.said.push(format!("{place}: {heading}: the text was cut at {LONGEST} characters"));
            }
        }
        let date = parse_date(&deadline);
        if date.is_none() && !deadline.is_empty() {
            ledger
                .said
                .push(format!("{place}: deadline `{deadline}` is no date; it is kept with the measure"));
            let separator = if measure.is_empty() { "" } else { "；" };
            measure = format!("{measure}{separator}完成时限：{deadline}");
        }
        ledger.rows.push(LedgerRow {
            place,
            compound_id,
            compound_name,
            subdistrict,
            line,
            asked,
            measure,
            responsible,
            deadline: date,
            status,
        });
    }
    Ok(true)
}

/// A cell without the `'` that goes before what looks like a formula.
fn written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| !text.is_empty()).unwrap_or(cell)
}

/// Characters of a cell that are kept.
const LONGEST: usize = 2_000;

/// `2026-03-01`, `2026/3/1`, `2026.3.1`, `2026年3月1日`, `20260301`; a time behind it is passed over.
fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        let day = text.split(['T', ' ']).next().unwrap_or(text);
        day.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    #[test]
    fn dates_are_read_as_people_write_them() {
        let first = Some(date(2026, 3, 1));
        for text in ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "2026-03-01T00:00:00"]
        {
            assert_eq!(parse_date(text), first, "{text}");
        }
        for text in ["", "年底前", "2026", "2026-13-01", "2026-02-30", "1-2-3-4", "二〇二六年三月一日"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn headings_are_as_the_program_or_an_office_writes_them() {
        for heading in ["整改措施 measure", "整改措施", "measure", "Measure", " 措施 "] {
            assert!(is_called(heading, &MEASURE), "{heading}");
        }
        assert!(
            is_called("小区 compound", &COMPOUND_NAME) && is_called("小区编号 compound id", &COMPOUND_ID)
        );
        assert!(!is_called("小区编号 compound id", &COMPOUND_NAME));
        assert!(!is_called("标准出处 source", &ASKED) && !is_called("条目数 lines", &LINE));
    }

    /// A workbook as an office gives it back: a title above, columns moved, sheets of its own, a signature below.
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
        assert!(ledger.said.iter().any(|said| said.contains("年底前")), "{:?}", ledger.said);
        assert!(ledger.said.iter().any(|said| said.contains("row 5")), "{:?}", ledger.said);
    }

    #[test]
    fn what_is_no_ledger_is_refused() {
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
    fn texts_that_are_cut_and_other_workbooks_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let csv = folder.path().join("a.csv");
        let long = "建".repeat(LONGEST + 1);
        std::fs::write(&csv, format!("compound_id,line,measure\n7,公园,{long}\n")).unwrap();
        let ledger = read_ledger(&csv).unwrap();
        assert_eq!((ledger.rows[0].measure.chars().count(), ledger.said.len()), (LONGEST, 1));
        assert!(ledger.said[0].contains("row 2: measure: the text was cut"), "{:?}", ledger.said);
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
}
