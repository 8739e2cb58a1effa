//! Workbooks of `LibreOffice` (`.ods`): one XML file in an archive. What is repeated is not believed beyond what is read.

use super::books::{Named, choose};
use super::error::{SheetError, read_bytes};
use super::table::{Extra, Table, letters};
use super::xlsx::check_unpacked;
use super::xml::{Events, add_text, attribute};
use super::{MOST_COLUMNS, Row, Sheet, SheetOptions, write_number};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::path::Path;

/// Sheets of a workbook that are listed.
const MOST_LISTED: usize = 1_000;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if !bytes.starts_with(b"PK") {
        return Err(damaged(path, "it does not begin as one does; open it and save it as .xlsx"));
    }
    check_unpacked(path, &bytes)?;
    let mut archive =
        zip::ZipArchive::new(Cursor::new(&bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let mut text = String::new();
    let mut content =
        archive.by_name("content.xml").map_err(|_| damaged(path, "there is no content.xml in it"))?;
    content.read_to_string(&mut text).map_err(|_| damaged(path, "it is damaged or under a password"))?;
    let (sheets, parts) = tables(&text).map_err(|what| damaged(path, what))?;
    choose(path, &sheets, options, &mut |at| {
        read_table(path, &sheets[at].0, text.get(parts[at].clone()).unwrap_or_default(), options)
    })
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a workbook of LibreOffice", reason)
}

/// The sheets, and where each stands in the text.
fn tables(text: &str) -> Result<(Vec<Named>, Vec<Range<usize>>), String> {
    let mut events = Events::of(text);
    let (mut sheets, mut parts): (Vec<Named>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let mut hidden: HashSet<String> = HashSet::new();
    let mut style = String::new();
    // The depth of the table that is open, and where its content begins.
    let mut open: Option<(usize, usize)> = None;
    loop {
        let before = events.position();
        let Some(event) = events.next()? else { break };
        match &event {
            Event::Start(element) => match element.name().as_ref() {
                "table:table" if open.is_none() => {
                    let name = attribute(element, "table:name").unwrap_or_default();
                    let style = attribute(element, "table:style-name").unwrap_or_default();
                    sheets.push((name, !hidden.contains(&style)));
                    open = Some((events.depth, events.position()));
                }
                "style:style" => style = attribute(element, "style:name").unwrap_or_default(),
                "style:table-properties"
                    if attribute(element, "table:display").is_some_and(|shown| shown == "false") =>
                {
                    hidden.insert(style.clone());
                }
                _ => {}
            },
            Event::End(_) => {
                if let Some((_, begin)) = open.filter(|(depth, _)| events.depth + 1 == *depth) {
                    parts.push(begin..before.max(begin));
                    open = None;
                    if parts.len() == MOST_LISTED {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    Ok((sheets, parts))
}

fn read_table<'a>(
    path: &'a Path,
    name: &str,
    text: &str,
    options: &SheetOptions<'a>,
) -> Result<Table<'a>, SheetError> {
    let mut table = Table::new(path, format!("sheet `{name}`"), options, Extra::Notes);
    let in_sheet = |what: String| damaged(path, format!("sheet `{name}`: {what}"));
    let mut events = Events::of(text);
    let mut row = Row::default();
    let (mut number, mut repeated) = (1u32, 1u32);
    let mut cell: Option<Cell> = None;
    // Empty cells that matter only if another follows.
    let mut empty = 0usize;
    while let Some(event) = events.next().map_err(in_sheet)? {
        match &event {
            Event::Start(element) => match element.name().as_ref() {
                "table:table-row" if cell.is_none() => {
                    repeated = repeats(element, "table:number-rows-repeated");
                    row.start(number);
                    empty = 0;
                }
                "table:table-cell" | "table:covered-table-cell" if cell.is_none() => {
                    cell = Some(Cell::of(element, events.depth));
                }
                inner => {
                    if let Some(cell) = &mut cell {
                        cell.open(inner, element, events.depth);
                    }
                }
            },
            Event::End(element) => {
                if cell.as_ref().is_some_and(|cell| events.depth + 1 == cell.depth) {
                    let Some(ended) = cell.take() else { continue };
                    ended.end(&mut row, &mut empty, &mut table);
                } else if let Some(cell) = &mut cell {
                    cell.close(events.depth);
                } else if element.name().as_ref() == "table:table-row" {
                    if row.is_blank() {
                        table.pass_over_rows(repeated);
                    } else {
                        // The same row again and again: a copy of each would be of a million times its text.
                        for at in 0..repeated {
                            row.number = number.saturating_add(at);
                            table.take(&mut row)?;
                            // All that it held was beside the table.
                            if row.is_blank() {
                                break;
                            }
                        }
                    }
                    number = number.saturating_add(repeated);
                }
            }
            other => {
                if let Some(cell) = &mut cell {
                    cell.add(other);
                }
            }
        }
    }
    Ok(table)
}

/// How often an element stands there; spreadsheets end at row 1,048,576.
fn repeats(element: &BytesStart<'_>, name: &str) -> u32 {
    const MOST: u32 = 1 << 20;
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).clamp(1, MOST)
}

/// A cell that is being read.
struct Cell {
    depth: usize,
    columns: usize,
    /// Rows that it is merged over.
    rows: u32,
    /// The value that an attribute says.
    value: Option<String>,
    is_error: bool,
    has_formula: bool,
    text: String,
    paragraphs: usize,
    /// The depth of a paragraph that is open.
    paragraph: Option<usize>,
    /// The depth of a note, whose text is none of the cell's.
    note: Option<usize>,
}

impl Cell {
    fn of(element: &BytesStart<'_>, depth: usize) -> Self {
        let kind = attribute(element, "office:value-type").unwrap_or_default();
        let value = match kind.as_str() {
            "float" | "percentage" | "currency" => attribute(element, "office:value").map(|value| {
                let mut text = String::new();
                match value.parse::<f64>() {
                    Ok(number) => write_number(number, &mut text),
                    Err(_) => text = value,
                }
                text
            }),
            "date" => attribute(element, "office:date-value"),
            "time" => attribute(element, "office:time-value").map(|time| clock(&time).unwrap_or(time)),
            "boolean" => attribute(element, "office:boolean-value"),
            "string" => attribute(element, "office:string-value"),
            _ => None,
        };
        let formula = attribute(element, "table:formula").is_some();
        Self {
            depth,
            columns: repeats(element, "table:number-columns-repeated") as usize,
            rows: repeats(element, "table:number-rows-spanned"),
            value,
            is_error: attribute(element, "calcext:value-type").is_some_and(|kind| kind == "error"),
            has_formula: formula && kind.is_empty(),
            text: String::new(),
            paragraphs: 0,
            paragraph: None,
            note: None,
        }
    }

    fn open(&mut self, name: &str, element: &BytesStart<'_>, depth: usize) {
        match name {
            "office:annotation" | "table:table" if self.note.is_none() => self.note = Some(depth),
            _ if self.note.is_some() => {}
            "text:p" if self.paragraph.is_none() => {
                if self.paragraphs > 0 {
                    self.text.push('\n');
                }
                self.paragraphs += 1;
                self.paragraph = Some(depth);
            }
            "text:s" => {
                let blanks = repeats(element, "text:c").min(100);
                self.text.extend(std::iter::repeat_n(' ', blanks as usize));
            }
            "text:tab" | "text:line-break" => self.text.push(' '),
            _ => {}
        }
    }

    fn close(&mut self, depth: usize) {
        self.note.take_if(|note| depth < *note);
        self.paragraph.take_if(|paragraph| depth < *paragraph);
    }

    fn add(&mut self, event: &Event<'_>) {
        if self.note.is_none() && self.paragraph.is_some() {
            add_text(event, &mut self.text);
        }
    }

    fn end(self, row: &mut Row, empty: &mut usize, table: &mut Table<'_>) {
        let text = self.value.as_deref().unwrap_or(&self.text);
        if text.trim().is_empty() && !self.has_formula && !self.is_error {
            *empty = (*empty + self.columns).min(MOST_COLUMNS);
            return;
        }
        for _ in 0..std::mem::take(empty) {
            row.push("");
        }
        for _ in 0..self.columns {
            let column = row.len();
            if column >= MOST_COLUMNS {
                return table.say_of_row("cells beyond column 1000 were passed over");
            }
            table.merge(column, row.number, row.number.saturating_add(self.rows - 1));
            if self.is_error {
                let what = format!(
                    "cell {}{} is the error {}; repair its formula",
                    letters(column),
                    row.number,
                    crate::own::short(text)
                );
                row.fail(Some(column), what);
                row.push("");
            } else {
                if self.has_formula && text.trim().is_empty() {
                    table.say_hollow(row.number, column);
                }
                row.push(text);
            }
        }
    }
}

/// `PT08H30M00S` as 08:30:00.
fn clock(time: &str) -> Option<String> {
    let (hours, rest) = time.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split('.').next()?;
    let number = |text: &str| text.parse::<u16>().ok();
    Some(format!("{:02}:{:02}:{:02}", number(hours)?, number(minutes)?, number(seconds)?))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::io::Write;

    /// A workbook with such a body.
    pub(in super::super) fn workbook(body: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("content.xml", options).unwrap();
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles>\
             <style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style>\
             </office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>\
             </office:document-content>"
        );
        zip.write_all(content.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    }

    fn sheet(body: &str) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.ods");
        std::fs::write(&path, workbook(body)).unwrap();
        read(&path, &SheetOptions::default())
    }

    const HEADER: &str = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>名称</text:p>\
                          </table:table-cell><table:table-cell><text:p>lon</text:p></table:table-cell>\
                          <table:table-cell><text:p>开门</text:p></table:table-cell></table:table-row>";

    #[test]
    fn cells_are_text_and_repeats_are_counted() {
        let sheet = sheet(&format!(
            "<table:table table:name=\"藏\" table:style-name=\"ta2\">{HEADER}{HEADER}</table:table>\
             <table:table table:name=\"数据\">{HEADER}\
             <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
             <table:table-row><table:table-cell office:value-type=\"string\"><office:annotation><text:p>批注</text:p></office:annotation>\
             <text:p>和<text:span>平</text:span>&amp;里&#x4E00;</text:p></table:table-cell>\
             <table:table-cell office:value-type=\"float\" office:value=\"126.63\"><text:p>126.6</text:p></table:table-cell>\
             <table:table-cell office:value-type=\"time\" office:time-value=\"PT08H30M00S\"/></table:table-row>\
             <table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/><table:table-cell office:value-type=\"float\" office:value=\"2\"/></table:table-row>\
             <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
             </table:table>"
        ))
        .unwrap();
        let cells: Vec<&str> = (0..3).map(|column| sheet.cell(0, column)).collect();
        assert_eq!(cells, ["和平&里一", "126.63", "08:30:00"]);
        assert_eq!((sheet.len(), sheet.number(0), sheet.number(2)), (3, 5, 7));
        assert_eq!((sheet.cell(1, 0), sheet.cell(2, 1)), ("", "2"));
    }

    #[test]
    fn errors_reject_their_row_and_formulas_without_values_are_said() {
        let sheet = sheet(&format!(
            "<table:table table:name=\"a\">{HEADER}<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>\
             <table:table-cell table:formula=\"of:=1+1\"/></table:table-row>\
             <table:table-row><table:table-cell><text:p>乙</text:p></table:table-cell>\
             <table:table-cell office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>\
             </table:table-row></table:table>"
        ))
        .unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.hollow), (1, 1, true));
        assert!(sheet.rejected[0].what.contains("B3") && sheet.rejected[0].what.contains("#N/A"));
    }

    #[test]
    fn a_rejected_row_that_is_repeated_is_counted_and_not_copied() {
        let long = "x".repeat(100_000);
        let sheet = sheet(&format!(
            "<table:table table:name=\"a\">{HEADER}<table:table-row table:number-rows-repeated=\"100000\">\
             <table:table-cell table:number-columns-repeated=\"2\"><text:p>{long}</text:p></table:table-cell>\
             <table:table-cell calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>\
             </table:table-row></table:table>"
        ))
        .unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[99_999].row), (0, 100_000, 100_001));
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let cell =
            "<table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell>";
        let bomb = sheet(&format!(
            "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row></table:table>"
        ));
        assert!(matches!(bomb, Err(SheetError::TooLarge { .. })), "{bomb:?}");
        let deep = sheet(&format!("<table:table table:name=\"a\">{}", "<a>".repeat(100_000)));
        assert!(deep.unwrap_err().to_string().contains("nested"));
        let packed = sheet(&"<table:table-row></table:table-row>".repeat(4_000_000));
        assert!(matches!(packed, Err(SheetError::TooLarge { .. })));
        assert!(sheet("<table:table").is_err());
    }
}
