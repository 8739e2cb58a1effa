//! Workbooks of `LibreOffice` (`.ods`): one XML file in an archive. Repetition counts are bounded by the
//! limits of a sheet.

use crate::build::builder::MAX_COLUMNS;
use crate::build::cell::{column_letters, write_number};
use crate::build::row::RowBuffer;
use crate::build::table::{SurplusCells, TableBuilder};
use crate::build::workbook::{SheetEntry, choose};
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::quote::excerpt;
use crate::sheet::Sheet;
use crate::source::archive::check_unpacked;
use crate::source::file::read_bytes;
use crate::source::xml::{XmlEvents, append_text, attribute};
use quick_xml::events::{BytesStart, Event};
use std::collections::HashSet;
use std::io::{Cursor, Read};
use std::ops::Range;
use std::path::Path;

const FORMAT: &str = "a workbook of LibreOffice";
/// Limit of listed sheets.
const MAX_SHEETS: usize = 1_000;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if !bytes.starts_with(b"PK") {
        return Err(damaged(path, "its content is of another format; open it and save it as .xlsx"));
    }
    check_unpacked(path, &bytes)?;
    let mut archive =
        zip::ZipArchive::new(Cursor::new(&bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let mut text = String::new();
    let mut content =
        archive.by_name("content.xml").map_err(|_| damaged(path, "it contains no content.xml"))?;
    content.read_to_string(&mut text).map_err(|_| damaged(path, "it is damaged or has a password"))?;
    let (sheets, parts) = find_sheets(&text).map_err(|what| damaged(path, what))?;
    choose(path, &sheets, options, &mut |at| {
        read_table(path, &sheets[at].name, text.get(parts[at].clone()).unwrap_or_default(), options)
    })
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, FORMAT, reason)
}

/// The sheets, and the range of each in the text.
fn find_sheets(text: &str) -> Result<(Vec<SheetEntry>, Vec<Range<usize>>), String> {
    let mut events = XmlEvents::new(text);
    let (mut sheets, mut parts): (Vec<SheetEntry>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    let mut hidden_styles: HashSet<String> = HashSet::new();
    let mut style = String::new();
    // Depth of the open table, and position of its content.
    let mut open: Option<(usize, usize)> = None;
    loop {
        let before = events.position();
        let Some(event) = events.next()? else { break };
        match &event {
            Event::Start(element) => match element.name().as_ref() {
                "table:table" if open.is_none() => {
                    let name = attribute(element, "table:name").unwrap_or_default();
                    let style = attribute(element, "table:style-name").unwrap_or_default();
                    sheets.push(SheetEntry { name, is_visible: !hidden_styles.contains(&style) });
                    open = Some((events.depth, events.position()));
                }
                "style:style" => style = attribute(element, "style:name").unwrap_or_default(),
                "style:table-properties"
                    if attribute(element, "table:display").is_some_and(|shown| shown == "false") =>
                {
                    hidden_styles.insert(style.clone());
                }
                _ => {}
            },
            Event::End(_) => {
                if let Some((_, begin)) = open.filter(|(depth, _)| events.depth + 1 == *depth) {
                    parts.push(begin..before.max(begin));
                    open = None;
                    if parts.len() == MAX_SHEETS {
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
    options: &ReadOptions<'a>,
) -> Result<TableBuilder<'a>, SheetError> {
    let mut table = TableBuilder::new(path, format!("sheet `{name}`"), options, SurplusCells::Ignore);
    let in_sheet = |reason: String| SheetError::damaged_sheet(path, FORMAT, name, reason);
    let mut events = XmlEvents::new(text);
    let mut row = RowBuffer::default();
    let (mut number, mut repeated) = (1u32, 1u32);
    let mut cell: Option<OdsCell> = None;
    // Empty cells since the last filled one; dropped at the end of a row.
    let mut empty = 0usize;
    while let Some(event) = events.next().map_err(in_sheet)? {
        match &event {
            Event::Start(element) => match element.name().as_ref() {
                "table:table-row" if cell.is_none() => {
                    repeated = repetitions(element, "table:number-rows-repeated");
                    row.start(number);
                    empty = 0;
                }
                "table:table-cell" | "table:covered-table-cell" if cell.is_none() => {
                    cell = Some(OdsCell::new(element, events.depth));
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
                        table.skip_rows(repeated);
                    } else {
                        // The table reads one buffer repeatedly: copies could need a million times its
                        // memory.
                        for at in 0..repeated {
                            row.number = number.saturating_add(at);
                            table.take(&mut row)?;
                            // All its cells were beside the table.
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

/// The repetition count of an element; spreadsheets end at row 1,048,576.
fn repetitions(element: &BytesStart<'_>, name: &str) -> u32 {
    const MAX: u32 = 1 << 20;
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).clamp(1, MAX)
}

/// A cell that is being read.
struct OdsCell {
    depth: usize,
    /// Count of adjacent columns with this cell.
    columns: usize,
    /// Count of rows that it is merged over.
    rows: u32,
    /// The value of an attribute; it takes precedence over the text.
    value: Option<String>,
    is_error: bool,
    has_formula: bool,
    text: String,
    paragraphs: usize,
    /// Depth of the open paragraph.
    paragraph: Option<usize>,
    /// Depth of an open note or nested table, whose text does not belong to the cell.
    note: Option<usize>,
}

impl OdsCell {
    fn new(element: &BytesStart<'_>, depth: usize) -> Self {
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
            "time" => attribute(element, "office:time-value").map(|time| clock_time(&time).unwrap_or(time)),
            "boolean" => attribute(element, "office:boolean-value"),
            "string" => attribute(element, "office:string-value"),
            _ => None,
        };
        let formula = attribute(element, "table:formula").is_some();
        Self {
            depth,
            columns: repetitions(element, "table:number-columns-repeated") as usize,
            rows: repetitions(element, "table:number-rows-spanned"),
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
                let blanks = repetitions(element, "text:c").min(100);
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
            append_text(event, &mut self.text);
        }
    }

    /// Adds the cell to its row.
    fn end(self, row: &mut RowBuffer, empty: &mut usize, table: &mut TableBuilder<'_>) {
        let text = self.value.as_deref().unwrap_or(&self.text);
        if text.trim().is_empty() && !self.has_formula && !self.is_error {
            *empty = (*empty + self.columns).min(MAX_COLUMNS);
            return;
        }
        for _ in 0..std::mem::take(empty) {
            row.push("");
        }
        for _ in 0..self.columns {
            let column = row.len();
            if column >= MAX_COLUMNS {
                return table.remark_on_row("cells beyond column 1000 were skipped");
            }
            table.merge(column, row.number, row.number.saturating_add(self.rows - 1));
            if self.is_error {
                let reason = format!(
                    "cell {}{} is the error {}; repair its formula",
                    column_letters(column),
                    row.number,
                    excerpt(text)
                );
                row.fail(Some(column), reason);
                row.push("");
            } else {
                if self.has_formula && text.trim().is_empty() {
                    table.add_empty_formula(row.number, column);
                }
                row.push(text);
            }
        }
    }
}

/// `PT08H30M00S` as 08:30:00.
fn clock_time(time: &str) -> Option<String> {
    let (hours, rest) = time.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split('.').next()?;
    let number = |text: &str| text.parse::<u16>().ok();
    Some(format!("{:02}:{:02}:{:02}", number(hours)?, number(minutes)?, number(seconds)?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::io::Write;

    /// The bytes of a workbook with this body.
    pub(crate) fn workbook(body: &str) -> Vec<u8> {
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
        read(&path, &ReadOptions::default())
    }

    const HEADER: &str = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>名称</text:p>\
                          </table:table-cell><table:table-cell><text:p>lon</text:p></table:table-cell>\
                          <table:table-cell><text:p>开门</text:p></table:table-cell></table:table-row>";

    #[test]
    fn cells_are_text_and_repetitions_are_counted() {
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
    fn errors_reject_their_row_and_formulas_without_values_are_recorded() {
        let sheet = sheet(&format!(
            "<table:table table:name=\"a\">{HEADER}<table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>\
             <table:table-cell table:formula=\"of:=1+1\"/></table:table-row>\
             <table:table-row><table:table-cell><text:p>乙</text:p></table:table-cell>\
             <table:table-cell office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#N/A</text:p></table:table-cell>\
             </table:table-row></table:table>"
        ))
        .unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.has_empty_formulas), (1, 1, true));
        assert!(sheet.rejected[0].reason.contains("B3") && sheet.rejected[0].reason.contains("#N/A"));
    }

    #[test]
    fn repetitions_of_a_rejected_row_are_not_copied() {
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
    fn huge_repetitions_and_deep_nesting_are_rejected() {
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
