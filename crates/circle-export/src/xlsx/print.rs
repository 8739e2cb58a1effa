//! Printed sheets: page setup, and the ruled cells of forms.

use super::cells::{EPOCH, EXACT, FIRST_DAY, number_format, safe, starts_a_formula};
use crate::error::ExportError;
use crate::typed::{Cell, TableColumn, TypedTable, days};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

/// Width of a table, in characters, up to which a landscape A4 page prints it at half size or larger. Wider
/// tables are printed on A3.
const WIDTH_OF_A4: f64 = 230.0;
/// Paper sizes, by the codes of spreadsheets.
const A4: u8 = 9;
const A3: u8 = 8;

/// Sets up landscape pages as wide as the table, with the title as header and page numbers as footer.
pub(super) fn set_up_page(sheet: &mut Worksheet, title: &str, width: f64) {
    sheet.set_landscape().set_paper_size(if width > WIDTH_OF_A4 { A3 } else { A4 });
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    // `&` begins a code of the header.
    sheet.set_header(format!("&C&\"-,Bold\"&14 {}", title.replace('&', "&&")));
    sheet.set_footer("&R第 &P 页 / 共 &N 页");
}

/// Format of a ruled cell of a form, with its text at the top left.
pub(super) fn ruled_cell(column: &TableColumn) -> Format {
    Format::new()
        .set_num_format(number_format(column))
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

/// Writes a cell of a form. Unlike elsewhere, an empty cell is written too, because it is ruled.
pub(super) fn write_ruled(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    format: &Format,
    table: &TypedTable,
) -> Result<(), ExportError> {
    match cell {
        Cell::None => sheet.write_blank(row, column, format)?,
        Cell::Text(text) => {
            let words = table.words(text);
            if starts_a_formula(words) {
                let quoted = format.clone().set_quote_prefix();
                sheet.write_string_with_format(row, column, safe(words).as_ref(), &quoted)?
            } else {
                let words = table.columns()[usize::from(column)].shown(words);
                sheet.write_string_with_format(row, column, safe(words).as_ref(), format)?
            }
        }
        Cell::Whole(whole) if whole.unsigned_abs() > EXACT => {
            sheet.write_string_with_format(row, column, whole.to_string(), format)?
        }
        Cell::Whole(whole) => sheet.write_number_with_format(row, column, whole as f64, format)?,
        Cell::Number(number) => sheet.write_number_with_format(row, column, number, format)?,
        Cell::Flag(flag) => sheet.write_boolean_with_format(row, column, flag, format)?,
        Cell::Date(date) => match days(date) + EPOCH {
            day if day >= FIRST_DAY => sheet.write_number_with_format(row, column, day, format)?,
            _ => sheet.write_string_with_format(row, column, date.to_string(), format)?,
        },
    };
    Ok(())
}
