//! Layout of sheets that are printed and filled in by hand.

use super::cells::number_format;
use crate::error::ExportError;
use crate::typed::{PrintForm, TableColumn};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, FormatBorder, Worksheet};

/// A4, by the code of spreadsheets.
const A4: u8 = 9;

/// Lays out a sheet of `rows` rows as a form. It must be called before cells are written: a low-memory sheet
/// is written in order.
pub(super) fn lay_out(
    sheet: &mut Worksheet,
    form: &PrintForm,
    columns: &[TableColumn],
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
