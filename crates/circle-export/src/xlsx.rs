//! Writes tables as a workbook 工作簿 for readers.

mod cells;
mod form;
mod print;
mod temporary;

use crate::error::ExportError;
use crate::statement::titled;
use crate::typed::{Cell, TableColumn, TypedTable, days};
use cells::{EPOCH, EXACT, FIRST_DAY, number_format, safe, starts_a_formula};
use circle_reach::Cancel;
use print::{ruled_cell, set_up_page, write_ruled};
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType, Color, DocProperties, ExcelDateTime,
    Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};
use std::borrow::Cow;
use temporary::with_temporary_files;

/// Maximum number of rows of a sheet below its heading.
const ROWS_OF_A_SHEET: usize = 1_048_575;
/// Maximum length of a sheet's name, characters.
const NAME_OF_A_SHEET: usize = 31;
/// Number of rows that the widths of columns are computed from.
const MEASURED_ROWS: usize = 1000;
/// Rows between two pauses: some milliseconds of work.
const ROWS_A_PAUSE: u32 = 1000;

/// Writes a workbook with a sheet for each table and a last sheet `sources` 说明 with the lines of `statement`.
///
/// Headings are bold, frozen and filtered. Texts stay texts, whatever they begin with. A table with too many
/// rows for a sheet continues on a second one, and `sources` says so.
///
/// Sheets print on landscape pages as wide as the table, with title and page number. Titles begin with the
/// city's label, and contain 按地图所示 if the statement does. Words of columns are translated for readers.
///
/// # Errors
///
/// When a table has too many columns for a sheet, the folder for temporary files is full, `cancel` is cancelled, or
/// the library fails.
pub fn workbook(
    tables: &[TypedTable],
    statement: &[String],
    cancel: &Cancel,
) -> Result<Vec<u8>, ExportError> {
    with_temporary_files(|| workbook_of_sheets(tables, statement, ROWS_OF_A_SHEET, cancel))
}

/// The part of a table that is on one sheet.
struct Part<'a> {
    sheet: String,
    table: &'a TypedTable,
    first: usize,
    rows: usize,
}

fn workbook_of_sheets(
    tables: &[TypedTable],
    statement: &[String],
    rows_of_a_sheet: usize,
    cancel: &Cancel,
) -> Result<Vec<u8>, ExportError> {
    let mut workbook = Workbook::new();
    // A third faster than the usual level 6; files are a fifth larger.
    workbook.set_zip_compression_level(3);
    // The same input must give the same bytes, so the date of creation is fixed.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let parts = parts(tables, rows_of_a_sheet);
    // Rows are written to a temporary file as soon as they are made: in memory, the table of a standard takes
    // over 1 GB for a city. Without a writable folder, as in a read-only container, they stay in memory.
    let on_disk = Workbook::new().add_worksheet_with_low_memory().is_ok();
    for part in &parts {
        let sheet =
            if on_disk { workbook.add_worksheet_with_low_memory()? } else { workbook.add_worksheet() };
        write_part(sheet, part, &titled(&part.sheet, statement), cancel)?;
    }
    write_sources(workbook.add_worksheet(), &parts, statement)?;
    cancel.pause()?;
    Ok(workbook.save_to_buffer()?)
}

fn parts(tables: &[TypedTable], rows_of_a_sheet: usize) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for table in tables {
        for first in (0..table.len().max(1)).step_by(rows_of_a_sheet) {
            let taken = |name: &str| {
                // Names of sheets are not case-sensitive.
                name.eq_ignore_ascii_case(SOURCES)
                    || parts.iter().any(|part| part.sheet.to_lowercase() == name.to_lowercase())
            };
            // Readers prefer the title; the layer's name is used if it does not fit.
            let title = table.title();
            let name = if title.encode_utf16().count() <= NAME_OF_A_SHEET { title } else { table.name() };
            let sheet = sheet_name(name, taken);
            parts.push(Part { sheet, table, first, rows: rows_of_a_sheet.min(table.len() - first) });
        }
    }
    parts
}

/// Returns the valid sheet name nearest to `name`, with ` (2)` and so on if that is taken.
fn sheet_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain: String = name
        .chars()
        .map(|char| if "[]:*?/\\".contains(char) || char.is_control() { '_' } else { char })
        .collect();
    // `History` is reserved by spreadsheets.
    let plain = match plain.trim_matches('\'') {
        plain if plain.trim().is_empty() || plain.eq_ignore_ascii_case("history") => format!("_{plain}"),
        plain => plain.to_owned(),
    };
    let with = |suffix: &str| {
        let room = NAME_OF_A_SHEET - suffix.len();
        let mut units = 0;
        let fits = |char: &char| {
            units += char.len_utf16();
            units <= room
        };
        plain.chars().take_while(fits).collect::<String>().trim_end_matches('\'').to_owned() + suffix
    };
    let numbered = (2..).map(|number: u32| with(&format!(" ({number})")));
    std::iter::once(with("")).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

fn write_part(
    sheet: &mut Worksheet,
    part: &Part<'_>,
    title: &str,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let columns = part.table.columns();
    let heading = Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin);
    let ruled_heading = heading.clone().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
    sheet.set_name(&part.sheet)?;
    let widths = widths(part);
    let printed = part.table.printed_columns().unwrap_or(columns.len());
    set_up_page(sheet, title, widths[..printed].iter().sum());
    sheet.set_repeat_rows(0, 0)?;
    if let Some(last) = printed.checked_sub(1).filter(|_| printed < columns.len()) {
        sheet.set_print_area(0, 0, part.rows as u32, last as u16)?;
    }
    for ((index, column), width) in (0..).zip(columns).zip(&widths) {
        sheet.set_column_width(index, *width)?;
        // A format for the whole column adds nothing to each cell.
        sheet.set_column_format(index, &Format::new().set_num_format(number_format(column)))?;
        let is_ruled = part.table.printed_columns().is_some_and(|printed| usize::from(index) < printed);
        let format = if is_ruled { &ruled_heading } else { &heading };
        sheet.write_string_with_format(0, index, safe(&column.heading).as_ref(), format)?;
    }
    if let Some(form) = part.table.form() {
        form::lay_out(sheet, form, columns, part.rows as u32)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last) = columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, part.rows as u32, last as u16)?;
    }
    let texts: Vec<(Cow<'_, str>, bool)> =
        part.table.texts().iter().map(|text| (safe(text), starts_a_formula(text))).collect();
    // Without the quote prefix, a spreadsheet would make a formula of such a cell when it is edited.
    let quoted = Format::new().set_quote_prefix();
    let ruled: Vec<Format> = match part.table.printed_columns() {
        Some(printed) => columns[..printed].iter().map(ruled_cell).collect(),
        None => Vec::new(),
    };
    if !ruled.is_empty() {
        sheet.set_row_height(0, LINE_POINTS * 2.0)?;
    }
    for (row, cells) in (1..).zip(part.table.rows().skip(part.first).take(part.rows)) {
        if row % ROWS_A_PAUSE == 0 {
            cancel.pause()?;
        }
        let lines = lines_of_form(part, cells, &widths[..ruled.len()]);
        if lines > 1 {
            sheet.set_row_height(row, LINE_POINTS * lines as f64)?;
        }
        for (column, &cell) in (0..).zip(cells) {
            if let Some(format) = ruled.get(usize::from(column)) {
                write_ruled(sheet, (row, column), cell, format, part.table)?;
                continue;
            }
            match cell {
                Cell::None => {}
                Cell::Text(text) => match &texts[text.0 as usize] {
                    (words, true) => {
                        sheet.write_string_with_format(row, column, words.as_ref(), &quoted)?;
                    }
                    (words, false) => {
                        sheet.write_string(row, column, columns[usize::from(column)].shown(words))?;
                    }
                },
                Cell::Whole(whole) if whole.unsigned_abs() > EXACT => {
                    sheet.write_string(row, column, whole.to_string())?;
                }
                Cell::Whole(whole) => {
                    sheet.write_number(row, column, whole as f64)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, number)?;
                }
                Cell::Flag(flag) => {
                    sheet.write_boolean(row, column, flag)?;
                }
                Cell::Date(date) => match days(date) + EPOCH {
                    day if day >= FIRST_DAY => {
                        sheet.write_number(row, column, day)?;
                    }
                    _ => {
                        sheet.write_string(row, column, date.to_string())?;
                    }
                },
            }
        }
    }
    if !part.table.bars().is_empty() && part.first == 0 && part.rows > 0 {
        draw_bars(sheet, part)?;
    }
    Ok(())
}

/// Maximum number of rows with a bar; more do not fit a screen.
const MOST_BARS: usize = 24;

/// Draws a stacked bar for each of the first rows, beside the table.
fn draw_bars(sheet: &mut Worksheet, part: &Part<'_>) -> Result<(), ExportError> {
    let (table, rows) = (part.table, part.rows.min(MOST_BARS) as u32);
    let mut chart = Chart::new(ChartType::BarStacked);
    for bar in table.bars() {
        let column = bar.column as u16;
        let colour = u32::from_str_radix(bar.colour.trim_start_matches('#'), 16).unwrap_or_default();
        chart
            .add_series()
            .set_name((part.sheet.as_str(), 0, column))
            .set_categories((part.sheet.as_str(), 1, 0, rows, 0))
            .set_values((part.sheet.as_str(), 1, column, rows, column))
            .set_format(
                ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(colour))),
            )
            .set_gap(40);
    }
    // The first row is at the top, as in the table.
    chart.y_axis().set_reverse();
    chart.legend().set_position(ChartLegendPosition::Top);
    chart.set_width(720).set_height(110 + 26 * rows);
    sheet.insert_chart(1, table.columns().len() as u16 + 1, &chart)?;
    Ok(())
}

const SOURCES: &str = "说明 sources";

/// Writes the statement, then the list of sheets, then the field names that other formats use.
fn write_sources(sheet: &mut Worksheet, parts: &[Part<'_>], statement: &[String]) -> Result<(), ExportError> {
    let bold = Format::new().set_bold();
    sheet.set_name(SOURCES)?;
    set_up_page(sheet, &titled(SOURCES, statement), 132.0);
    for (column, width) in (0..).zip([28, 48, 28, 28]) {
        sheet.set_column_width(column, width)?;
    }
    let mut row = 0;
    let mut line = |cells: &[&str], is_heading: bool| -> Result<(), ExportError> {
        for (column, text) in (0..).zip(cells) {
            if is_heading {
                sheet.write_string_with_format(row, column, safe(text).as_ref(), &bold)?;
            } else if starts_a_formula(text) {
                let quoted = Format::new().set_quote_prefix();
                sheet.write_string_with_format(row, column, safe(text).as_ref(), &quoted)?;
            } else {
                sheet.write_string(row, column, safe(text).as_ref())?;
            }
        }
        row += 1;
        Ok(())
    };
    line(&["说明 statement"], true)?;
    for text in statement {
        line(&[text], false)?;
    }
    line(&[], false)?;
    line(&["工作表 sheet", "内容 content", "行数 rows", "续 goes on"], true)?;
    for (index, part) in parts.iter().enumerate() {
        let next = parts.get(index + 1).filter(|next| next.first > 0);
        let goes_on = next.map_or_else(String::new, |next| format!("续见 goes on in {}", next.sheet));
        let title = titled(part.table.title(), statement);
        line(&[&part.sheet, &title, &part.rows.to_string(), &goes_on], false)?;
    }
    line(&[], false)?;
    line(&["工作表 sheet", "表头 heading", "字段 field"], true)?;
    for part in parts.iter().filter(|part| part.first == 0) {
        for column in part.table.columns() {
            line(&[&part.sheet, &column.heading, &column.key], false)?;
        }
    }
    Ok(())
}

/// Maximum width of a column, in characters; less in a form, whose cells have several lines.
const WIDEST: usize = 44;
const WIDEST_OF_A_FORM: usize = 24;
const WIDEST_OF_A_MESSAGE: usize = 72;
/// Height of a line. Only Excel fits the height of rows to wrapped text.
const LINE_POINTS: f64 = 15.0;

/// Number of lines that the longest text of a row takes in the columns of a form.
fn lines_of_form(part: &Part<'_>, cells: &[Cell], widths: &[f64]) -> usize {
    let columns = part.table.columns();
    let lines = cells.iter().zip(columns).zip(widths).map(|((cell, column), room)| match *cell {
        Cell::Text(text) => width(column.shown(part.table.words(text))).div_ceil((*room as usize).max(1)),
        _ => 1,
    });
    lines.max().unwrap_or(1)
}

/// Widths of columns in characters: that of the widest text of heading and first cells, within bounds.
fn widths(part: &Part<'_>) -> Vec<f64> {
    let columns = part.table.columns();
    let printed = part.table.printed_columns().unwrap_or(0);
    // The button of the filter takes two characters. Headings of a form have two lines.
    let mut widths: Vec<usize> = (0..)
        .zip(columns)
        .map(|(at, column): (usize, _)| {
            let longest = |heading: &str| heading.split(' ').map(width).max().unwrap_or(0);
            if at < printed { longest(&column.heading) } else { width(&column.heading) + 2 }
        })
        .collect();
    for cells in part.table.rows().skip(part.first).take(part.rows.min(MEASURED_ROWS)) {
        for ((widest, cell), column) in widths.iter_mut().zip(cells).zip(columns) {
            *widest = (*widest).max(match *cell {
                Cell::Text(text) => width(column.shown(part.table.words(text))),
                Cell::Whole(whole) => whole.unsigned_abs().max(1).ilog10() as usize * 4 / 3 + 1,
                Cell::Number(_) if column.shown_as.is_some() => 8,
                Cell::Number(number) => number.to_string().len().min(12),
                Cell::Date(_) => 10,
                Cell::None | Cell::Flag(_) => 0,
            });
        }
    }
    let at_most = |at: usize| match columns[at].key.as_ref() {
        "message" | "message_zh" | "first" => WIDEST_OF_A_MESSAGE,
        _ if at < printed => WIDEST_OF_A_FORM,
        _ => WIDEST,
    };
    let least = |column: &TableColumn| match column.key.as_ref() {
        // Columns that are filled in by hand.
        "measure" => 24,
        "responsible" | "deadline" | "status" => 12,
        _ => 7,
    };
    let widths = widths.into_iter().zip(columns).enumerate();
    widths
        .map(|(at, (width, column))| {
            (width + 1).min(at_most(at)).max(if at < printed { least(column) } else { 7 }) as f64
        })
        .collect()
}

/// Width of a text in characters; a Chinese character counts as two.
fn width(text: &str) -> usize {
    text.chars().map(|char| if char >= '\u{1100}' { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::cells::UNITS_OF_A_CELL;
    use super::*;
    use crate::typed::Kind;
    use crate::typed::tests::compounds;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        Xlsx::new(Cursor::new(bytes)).unwrap()
    }

    fn texts(texts: &[&str]) -> TypedTable {
        let mut table = TypedTable::new("t", "t", vec![TableColumn::new("text", "文", Kind::Text)]);
        for text in texts {
            let cell = table.text(text);
            table.push(&[cell]);
        }
        table
    }

    fn statement() -> Vec<String> {
        vec!["数据 data 2024-11-01".to_owned(), "=1+1".to_owned()]
    }

    #[test]
    fn cells_keep_their_kind() {
        let mut book = opened(workbook(&[compounds()], &statement(), &Cancel::never()).unwrap());
        assert_eq!(book.sheet_names(), ["小区结论 compounds", SOURCES]);
        let sheet = book.worksheet_range("小区结论 compounds").unwrap();
        let mut rows = sheet.rows();
        let headings: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(headings[..3], ["小区", "居民 人", "步行 秒"]);
        let row = rows.next().unwrap();
        assert_eq!(row[0], Data::String("=HYPERLINK(\"x\",\"y\")".into()));
        assert_eq!(row[1..3], [Data::Float(1204.0), Data::Float(412.5)]);
        assert_eq!(row[4], Data::Bool(true));
        let Data::DateTime(day) = row[5] else { panic!("{:?}", row[5]) };
        assert_eq!(day.to_ymd_hms_milli(), (2024, 11, 1, 0, 0, 0, 0));
        let row = rows.next().unwrap();
        assert_eq!(row[0], Data::String("滨江小区".into()));
        assert_eq!(row[2..4], [Data::Empty, Data::Empty]);
        assert!(book.worksheet_formula("小区结论 compounds").unwrap().is_empty());
    }

    #[test]
    fn the_sources_sheet_holds_the_statement_and_the_field_names() {
        let mut book = opened(workbook(&[compounds()], &statement(), &Cancel::never()).unwrap());
        let sheet = book.worksheet_range(SOURCES).unwrap();
        let lines: Vec<String> = sheet
            .rows()
            .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
            .collect();
        assert!(lines.iter().any(|line| line.starts_with("数据 data 2024-11-01|")));
        assert!(lines.contains(&"小区结论 compounds|小区结论 compounds|3|".to_owned()), "{lines:?}");
        assert!(lines.contains(&"小区结论 compounds|步行 秒|walk_seconds|".to_owned()), "{lines:?}");
        assert!(book.worksheet_formula(SOURCES).unwrap().is_empty());
    }

    #[test]
    fn texts_never_become_formulas_or_markup() {
        let hostile =
            ["=1+1", "+86 451", "-cmd", "@SUM(A1)", "\t=1", "<r><x>", "_x0041_", "a\u{1}b", "😀&<>\""];
        let rich = "<r></sst></r>";
        let mut book =
            opened(workbook(&[texts(&[&hostile[..], &[rich]].concat())], &[], &Cancel::never()).unwrap());
        let sheet = book.worksheet_range("t").unwrap();
        let read: Vec<String> = sheet.rows().skip(1).map(|row| row[0].to_string()).collect();
        assert_eq!(read[..hostile.len()], hostile);
        assert_eq!(read[hostile.len()].trim_end(), rich);
        assert!(book.worksheet_formula("t").unwrap().is_empty());
    }

    #[test]
    fn truncation_of_a_cell_is_marked() {
        let long = "长".repeat(40_000);
        let mut book = opened(workbook(&[texts(&[&long])], &[], &Cancel::never()).unwrap());
        let text = book.worksheet_range("t").unwrap()[(1, 0)].to_string();
        assert!(text.ends_with('…') && text.encode_utf16().count() == UNITS_OF_A_CELL);

        let columns =
            vec![TableColumn::new("n", "数", Kind::Whole), TableColumn::new("day", "日", Kind::Date)];
        let mut table = TypedTable::new("t", "t", columns);
        table.push(&[Cell::Whole(i64::MAX), Cell::Date(jiff::civil::date(1898, 6, 9))]);
        let mut book = opened(workbook(&[table], &[], &Cancel::never()).unwrap());
        let sheet = book.worksheet_range("t").unwrap();
        assert_eq!(sheet[(1, 0)], Data::String(i64::MAX.to_string()));
        assert_eq!(sheet[(1, 1)], Data::String("1898-06-09".into()));
    }

    #[test]
    fn a_long_table_continues_on_a_second_sheet() {
        let table = texts(&["a", "b", "c", "d", "e"]);
        let mut book = opened(workbook_of_sheets(&[table, texts(&[])], &[], 2, &Cancel::never()).unwrap());
        assert_eq!(book.sheet_names(), ["t", "t (2)", "t (3)", "t (4)", SOURCES]);
        let sheet = book.worksheet_range("t (3)").unwrap();
        assert_eq!((sheet[(0, 0)].to_string(), sheet[(1, 0)].to_string()), ("文".into(), "e".into()));
        let sources = book.worksheet_range(SOURCES).unwrap();
        let goes_on: Vec<&Data> = sources.rows().filter(|row| row[0] == *"t").map(|row| &row[3]).collect();
        assert_eq!(goes_on[0], "续见 goes on in t (2)");
    }

    #[test]
    fn sheet_names_are_made_valid_and_unique() {
        let free = |_: &str| false;
        assert_eq!(sheet_name("a/b:[c]", free), "a_b__c_");
        assert_eq!(sheet_name("'x'", free), "x");
        assert_eq!(sheet_name("History", free), "_History");
        assert_eq!(sheet_name("", free), "_");
        assert_eq!(sheet_name(&"区".repeat(40), free).chars().count(), 31);
        assert_eq!(sheet_name("gaps", |name| name == "gaps"), "gaps (2)");
        let long = "g".repeat(40);
        assert_eq!(sheet_name(&long, |name| !name.ends_with("(2)")).len(), 31);
    }

    #[test]
    fn chinese_characters_count_as_two() {
        assert_eq!((width("步行 s"), width("")), (6, 0));
        let table = texts(&[&"宽".repeat(100)]);
        let part = Part { sheet: "t".into(), table: &table, first: 0, rows: 1 };
        assert_eq!(widths(&part), [44.0]);
    }

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        let make = || workbook(&[compounds(), texts(&["a"])], &statement(), &Cancel::never()).unwrap();
        assert_eq!(make(), make());
    }
}
