//! Sheets that are printed and filled in.

use super::number_format;
use crate::error::ExportError;
use crate::typed::{Column, Form};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, FormatBorder, Worksheet};

/// A4, as spreadsheets number paper.
const A4: u8 = 9;

/// Lays a sheet of `rows` rows out as a form. Before its cells are written: a sheet of low memory goes one way.
pub(super) fn lay_out(
    sheet: &mut Worksheet,
    form: &Form,
    columns: &[Column],
    rows: u32,
) -> Result<(), ExportError> {
    for ((index, column), width) in (0..).zip(columns).zip(&form.widths) {
        let format = Format::new()
            .set_num_format(number_format(column))
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Hair);
        sheet.set_column_width(index, *width)?;
        sheet.set_column_format(index, &format)?;
    }
    let (column, words) = &form.choices;
    let choices = DataValidation::new().allow_list_strings(words)?;
    if rows > 0 {
        sheet.add_data_validation(1, *column as u16, rows, *column as u16, &choices)?;
    }
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.25, 0.25).set_footer("&C&P / &N");
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}
