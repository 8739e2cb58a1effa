//! A ledger of problems 问题台账 that an office has filled in.

use crate::own::{OwnError, ROWS_OF_A_TOP, SheetOptions, SheetTop, TopRow, read_sheet, sheet_tops};
use circle_model::files::clean;
use circle_model::ranges::in_ranges;
use jiff::civil::Date;
use std::path::Path;

/// A row of a ledger as it was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerRow {
    /// Where it stands, for people: the sheet and the row.
    pub place: String,
    /// Key of the compound, in the run that the ledger is of.
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
    /// What was left out or read otherwise than it was written: sheets first, then rows, then deadlines that are no
    /// dates.
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
/// All of them, in the order of [`LedgerRow`].
const COLUMNS: [&[&str]; 9] =
    [&COMPOUND_ID, &COMPOUND_NAME, &SUBDISTRICT, &LINE, &ASKED, &MEASURE, &RESPONSIBLE, &DEADLINE, &STATUS];
/// The first of [`COLUMNS`] that offices fill in.
const FIRST_FILLED_IN: usize = 5;
/// What the program's own tables of rows that are no gap any more have, and the ledger has not. An office may well have
/// a column `现状`.
const NOT_OPEN: [&str; 5] = ["now", "why", "现状 now", "为何对不上 why", "为何对不上"];

/// What is said of a ledger, the worst first.
#[derive(Debug, Default)]
struct Said {
    /// Sheets that were left out, and why.
    sheets: Vec<(String, Vec<String>)>,
    /// Several rows, or cells of several rows.
    many: Vec<String>,
    /// Rows that could not be read.
    rows: Vec<String>,
    /// What is kept otherwise than it was written.
    changed: Vec<String>,
}

impl Said {
    /// Leaves a sheet out.
    fn leave_out(&mut self, sheet: String, why: String) {
        match self.sheets.iter_mut().find(|(same, _)| *same == why) {
            Some((_, sheets)) => sheets.push(sheet),
            None => self.sheets.push((why, vec![sheet])),
        }
    }

    fn lines(self) -> Vec<String> {
        /// Names that fit on a line.
        const MOST_NAMES: usize = 15;
        let mut lines = Vec::new();
        for (why, sheets) in &self.sheets {
            for sheets in sheets.chunks(MOST_NAMES) {
                let word = if sheets.len() == 1 { "sheet" } else { "sheets" };
                lines.push(format!("{word} `{}`: left out: {why}", sheets.join("`, `")));
            }
        }
        lines.extend(self.many.into_iter().chain(self.rows).chain(self.changed));
        lines
    }
}

/// Reads a ledger: a workbook (`.xlsx`, `.xlsm`), whose ledger may lie on several sheets, or a CSV file. Columns are
/// found by their headings, wherever they stand; what else is on the sheet is passed over. Sheets that are not read are
/// said.
///
/// # Errors
/// When the file cannot be read, or holds no ledger.
pub fn read_ledger(path: &Path) -> Result<FilledLedger, OwnError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let (mut rows, mut said) = (Vec::new(), Said::default());
    let mut why_none = None;
    if matches!(ending.as_deref(), Some("xlsx" | "xlsm")) {
        let mut found = false;
        for top in sheet_tops(path)? {
            match header(&top.rows) {
                _ if top.is_empty => {}
                Ok(_) if top.is_hidden => {
                    let why =
                        "it is hidden; show it in Excel or WPS and save the file, if its rows are to be read";
                    said.leave_out(top.name, why.to_owned());
                }
                Ok(number) => {
                    found = true;
                    read_part(path, Some(&top), Some(number), &mut rows, &mut said)?;
                }
                Err(why) => said.leave_out(top.name, why),
            }
        }
        if !found {
            let sheets = said.sheets.iter().map(|(why, sheets)| format!("`{}`: {why}", sheets.join("`, `")));
            why_none = Some(sheets.collect::<Vec<_>>().join("; "));
        }
    } else if ending.as_deref() == Some("csv") {
        match header_of_csv(path)? {
            Ok(number) => read_part(path, None, number, &mut rows, &mut said)?,
            Err(why) => why_none = Some(why),
        }
    } else {
        // Of other workbooks one sheet alone would be read, and the rest lost.
        let what =
            "a ledger is read from .xlsx, .xlsm and .csv; open the file in Excel or WPS and save it as .xlsx";
        return Err(OwnError::File { path: path.to_owned(), what: what.to_owned() });
    }
    let Some(why) = why_none else { return Ok(FilledLedger { rows, said: said.lines() }) };
    let what = format!(
        "no ledger in it: it needs the columns 小区 (compound_name) or 小区编号 (compound_id), 缺口条目 (line) and one of \
         整改措施 (measure), 责任人 (responsible), 完成时限 (deadline), 进展 (status); {}",
        if why.is_empty() { "it is empty" } else { &why }
    );
    Err(OwnError::File { path: path.to_owned(), what })
}

/// The row that a ledger's headings stand in, or begin in; or why there is no ledger below any of the rows.
fn header(top: &[TopRow]) -> Result<u32, String> {
    let mut nearly = None;
    for (at, row) in top.iter().enumerate() {
        let mut headings: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        if !is_ledger(&headings) {
            let [id, name, _, line, _, filled_in @ ..] = COLUMNS.map(|names| has(&headings, names));
            let filled_in = filled_in.into_iter().filter(|has| *has).count();
            if nearly.is_none()
                && filled_in > 0
                && usize::from(id || name) + usize::from(line) + filled_in > 1
            {
                let missing = match (id || name, line) {
                    (true, _) => "缺口条目 (line)",
                    (false, true) => "小区 (compound_name) or 小区编号 (compound_id)",
                    (false, false) => "小区 (compound_name) and none 缺口条目 (line)",
                };
                let there = clean(&headings.join(", "), 200);
                nearly = Some(format!(
                    "row {} has no heading {missing}; it has: {there}. Name the column so",
                    row.number
                ));
            }
            // A header of two rows begins with what rows are found by.
            let below = top.get(at + 1).filter(|below| below.number == row.number + 1);
            let Some(below) = below.filter(|_| id || name || line) else { continue };
            headings.extend(below.cells.iter().map(String::as_str));
            if !is_ledger(&headings) {
                continue;
            }
        }
        let closed = headings.iter().find(|heading| is_not_open(heading));
        return match closed {
            None => Ok(row.number),
            Some(heading) => Err(format!(
                "its rows were no gap any more, or nothing fitted them, as its column `{}` says; rename that column if \
                 they are to be read",
                clean(heading, 50)
            )),
        };
    }
    Err(nearly.unwrap_or_else(|| format!("none of its first {ROWS_OF_A_TOP} rows has a ledger's headings")))
}

fn has(headings: &[&str], names: &[&str]) -> bool {
    headings.iter().any(|heading| is_called(heading, names))
}

fn is_ledger(headings: &[&str]) -> bool {
    let [id, name, _, line, _, filled_in @ ..] = COLUMNS.map(|names| has(headings, names));
    (id || name) && line && filled_in.contains(&true)
}

fn is_not_open(heading: &str) -> bool {
    NOT_OPEN.iter().any(|name| name.eq_ignore_ascii_case(heading.trim()))
}

/// The row of a CSV file that the ledger's headings stand in, `None` for the row that is found out; or why there is no
/// ledger in it.
fn header_of_csv(path: &Path) -> Result<Result<Option<u32>, String>, OwnError> {
    let table = read_sheet(path, &SheetOptions::default())?;
    let rejected = table.rejected.iter().map(|rejected| rejected.row);
    let rows = (0..table.len()).take_while(|row| table.number(*row) <= ROWS_OF_A_TOP);
    let first = rejected.clone().chain(rows.clone().map(|row| table.number(row))).min();
    // Where the header stands is not told; it is above all rows.
    let number = first.unwrap_or(0).saturating_sub(1);
    let mut top = vec![TopRow { number, cells: table.columns.clone() }];
    top.extend(rows.map(|row| TopRow {
        number: table.number(row),
        cells: (0..table.columns.len()).map(|column| table.cell(row, column).to_owned()).collect(),
    }));
    let why = match header(&top) {
        Ok(found) => return Ok(Ok((found != number).then_some(found))),
        Err(why) => why,
    };
    // Below a shorter row, rows as long as the header were rejected, and the header with them.
    for number in rejected.filter(|number| *number <= ROWS_OF_A_TOP) {
        let options = SheetOptions { header_row: Some(number), ..SheetOptions::default() };
        if let Ok(table) = read_sheet(path, &options)
            && header(&[TopRow { number, cells: table.columns.clone() }]).is_ok()
        {
            return Ok(Ok(Some(number)));
        }
    }
    Ok(Err(why))
}

/// `整改措施`, `measure` or both, as the program writes it.
fn is_called(heading: &str, names: &[&str]) -> bool {
    let heading = heading.trim();
    let (first, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    let same = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    // The program's heading of the compound's name is shorter than its key.
    same(heading) || (same(first) && (same(&rest.replace(' ', "_")) || rest == "compound"))
}

/// Reads one sheet, or a CSV file, whose headings stand in a row, or in the one that is found out.
#[expect(clippy::too_many_lines, reason = "what a row may lack, one after the other")]
fn read_part(
    path: &Path,
    top: Option<&SheetTop>,
    header: Option<u32>,
    rows: &mut Vec<LedgerRow>,
    said: &mut Said,
) -> Result<(), OwnError> {
    let layer = top.map(|top| top.name.as_str());
    let options = SheetOptions { layer, header_row: header, ..SheetOptions::default() };
    let table = match read_sheet(path, &options) {
        Ok(table) => table,
        // A sheet that everything was deleted from.
        Err(error) if top.is_some() => {
            said.many.push(error.to_string());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let place = |rows: &[u32]| match layer {
        Some(sheet) => format!("sheet `{sheet}` {}", listed(rows)),
        None => listed(rows),
    };
    let whole = layer.map_or_else(|| "the table".to_owned(), |sheet| format!("sheet `{sheet}`"));
    for rejected in &table.rejected {
        said.rows.push(format!("{}: {}: {}", place(&[rejected.row]), rejected.field, rejected.what));
    }
    for remark in table.said.iter().filter(|said| said.starts_with("cells be")) {
        said.many.push(format!("{whole}: {remark}"));
    }
    let all = 0..table.columns.len();
    let upper = COLUMNS.map(|names| table.columns.iter().position(|heading| is_called(heading, names)));
    // Below a heading over several columns their own may stand, beside blanks or what rows are found by.
    let second = 0;
    let lower = if table.len() > 0 && header.is_none_or(|header| table.number(second) == header + 1) {
        COLUMNS.map(|names| all.clone().find(|column| is_called(table.cell(second, *column), names)))
    } else {
        [None; COLUMNS.len()]
    };
    let is_heading = |column: usize| table.cell(second, column).is_empty() || lower.contains(&Some(column));
    let has_second = upper.iter().zip(&lower).any(|(upper, lower)| upper.is_none() && lower.is_some())
        && [upper[0], upper[1], upper[3]].into_iter().flatten().all(is_heading);
    let mut columns = upper;
    if has_second {
        columns.iter_mut().zip(lower).for_each(|(column, lower)| *column = column.or(lower));
    }
    let first = usize::from(has_second);
    let heading = |column: usize| {
        let below = if has_second { table.cell(second, column) } else { "" };
        if below.is_empty() { clean(&table.columns[column], 50) } else { clean(below, 50) }
    };
    for (names, read) in COLUMNS.iter().zip(columns).skip(FIRST_FILLED_IN) {
        let Some(read) = read else { continue };
        let is_double =
            |column: &usize| *column != read && is_called(unnumbered(&table.columns[*column]), names);
        for double in all.clone().filter(is_double) {
            if (first..table.len()).any(|row| !table.cell(row, double).is_empty()) {
                let (double, read) = (heading(double), heading(read));
                said.many.push(format!(
                    "{whole}: column `{double}`: left out, since `{read}` was read for the same; put both into one"
                ));
            }
        }
    }
    let hollow: Vec<String> = columns
        .iter()
        .flatten()
        .filter_map(|column| {
            let rows = (first..table.len()).filter(|row| table.is_hollow(*row, *column));
            let rows: Vec<u32> = rows.map(|row| table.number(row)).collect();
            (!rows.is_empty()).then(|| format!("{} {}", heading(*column), listed(&rows)))
        })
        .collect();
    if !hollow.is_empty() {
        said.many.push(format!(
            "{whole}: {}: the cells hold formulas without values and were read as empty; open the file in Excel or \
             WPS, save it and give it again",
            hollow.join(", ")
        ));
    }
    let (mut nameless, mut lineless) = (Vec::new(), Vec::new());
    for row in first..table.len() {
        let number = table.number(row);
        let cells = columns.map(|column| {
            let cell = column.map_or("", |column| table.cell(row, column));
            written(cell).to_owned()
        });
        let cut = cells.each_ref().map(|cell| cell.chars().nth(LONGEST).is_some());
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
        ] = cells.map(|cell| clean(&cell, LONGEST));
        // Totals, signatures and blank forms say nothing of a gap.
        let is_nameless = compound_id.is_empty() && compound_name.is_empty();
        if is_nameless || line.is_empty() {
            if !(measure.is_empty() && responsible.is_empty() && deadline.is_empty() && status.is_empty()) {
                let left_out = if is_nameless && !line.is_empty() { &mut nameless } else { &mut lineless };
                left_out.push(number);
            }
            continue;
        }
        let place = place(&[number]);
        for column in columns.iter().zip(cut).filter(|(_, cut)| *cut).filter_map(|(column, _)| *column) {
            let heading = heading(column);
            said.changed.push(format!("{place}: {heading}: the text was cut at {LONGEST} characters"));
        }
        let date = parse_date(&deadline);
        if date.is_none() && !deadline.is_empty() {
            said.changed
                .push(format!("{place}: deadline `{deadline}` is no date; it is kept with the measure"));
            let separator = if measure.is_empty() { "" } else { "；" };
            measure = format!("{measure}{separator}完成时限：{deadline}");
        }
        rows.push(LedgerRow {
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
    if !nameless.is_empty() {
        said.many.push(format!(
            "{}: no compound (小区) is named, so what is filled in there is left out; where its cell is merged, or stands \
             for the rows below, write the name into each row",
            place(&nameless)
        ));
    }
    if !lineless.is_empty() {
        said.many.push(format!(
            "{}: no line (缺口条目) is named, so what is filled in there is left out; write it into each row of a gap",
            place(&lineless)
        ));
    }
    Ok(())
}

/// `row 5`, or `rows 3, 5 to 8`; rows ascend.
fn listed(rows: &[u32]) -> String {
    let word = if rows.len() == 1 { "row" } else { "rows" };
    format!("{word} {}", in_ranges(rows).join(", "))
}

/// A heading without the number that tells it from another of its name.
fn unnumbered(heading: &str) -> &str {
    let parts = heading.strip_suffix(')').and_then(|heading| heading.rsplit_once(" ("));
    parts.filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(heading, |(name, _)| name)
}

/// A cell without the `'` that goes before what looks like a formula.
fn written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| !text.is_empty()).unwrap_or(cell)
}

/// Characters of a cell that are kept.
const LONGEST: usize = 2_000;

/// `2026-03-01`, `2026/3/1`, `26/3/1`, `2026.3.1`, `2026年3月1日`, `20260301`, also in full-width digits; a time behind it
/// is passed over.
fn parse_date(text: &str) -> Option<Date> {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let text: String = text.trim().chars().map(narrow).collect();
    let parts: Vec<&str> = if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        vec![&text[..4], &text[4..6], &text[6..]]
    } else {
        let day = text.split(['T', ' ']).next().unwrap_or(&text);
        day.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect()
    };
    let [year, month, day] = parts.as_slice() else { return None };
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = match (year.len(), year.parse::<i16>().ok()?) {
        (2, year) => 2000 + year,
        // Nothing was due before; a year of two digits with zeros before it is none.
        (4, year @ 1900..) => year,
        _ => return None,
    };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use std::fmt::Write;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let first = Some(date(2026, 3, 1));
        for text in ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "2026-03-01T00:00:00"]
        {
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
        assert!(ledger.said.is_empty(), "{:?}", ledger.said);
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
    fn sheets_that_are_not_read_are_said_with_the_reason() {
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
        assert_eq!((ledger.rows.len(), ledger.said.len()), (1, 3), "{:?}", ledger.said);
        for (name, why) in
            [("乙街道", "row 1 has no heading 缺口条目"), ("丙街道", "hidden"), ("说明", "headings")]
        {
            let said = |said: &String| said.contains(&format!("`{name}`: left out")) && said.contains(why);
            assert!(ledger.said.iter().any(said), "{name}: {:?}", ledger.said);
        }
        // Where no sheet is a ledger, each reason is said as well.
        let mut book = Workbook::new();
        let renamed = book.add_worksheet();
        renamed.write_row(0, 0, ["小区", "缺口项目", "整改措施"]).unwrap();
        let error = read(&mut book).unwrap_err().to_string();
        assert!(error.contains("it has: 小区, 缺口项目"), "{error}");
    }

    #[test]
    fn names_in_merged_cells_are_those_of_all_their_rows() {
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
        assert_eq!(ledger.said.len(), 1);
        assert!(
            ledger.said[0].contains("row 5: no compound") && ledger.said[0].contains("merged"),
            "{:?}",
            ledger.said
        );
    }

    /// As programs write workbooks that cannot reckon.
    #[test]
    fn formulas_without_values_are_said() {
        let text = |cell: &str, text: &str| format!(r#"<c r="{cell}" t="str"><v>{text}</v></c>"#);
        let mut sheet = String::from(r#"<worksheet><sheetData><row r="1">"#);
        for (column, heading) in ["A", "B", "C", "D"].into_iter().zip(["小区", "条目", "措施", "备注"])
        {
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
        assert_eq!((ledger.rows.len(), ledger.said.len()), (3, 1), "{:?}", ledger.said);
        assert!(
            ledger.said[0].starts_with("sheet `a`: 措施 rows 2 to 4: the cells hold formulas without values"),
            "{:?}",
            ledger.said
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
        assert!(read_ledger(&csv).unwrap_err().to_string().contains("as its column `now` says"));
    }

    #[test]
    fn a_second_column_of_a_name_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let csv = folder.path().join("a.csv");
        std::fs::write(&csv, "小区,条目,整改措施,整改措施\n甲,公园,种树,浇水\n").unwrap();
        let ledger = read_ledger(&csv).unwrap();
        assert_eq!((ledger.rows[0].measure.as_str(), ledger.said.len()), ("种树", 1));
        assert!(ledger.said[0].contains("column `整改措施 (2)`: left out"), "{:?}", ledger.said);
        assert_eq!(listed(&[3, 5, 6, 7]), "rows 3, 5 to 7");
    }
}
