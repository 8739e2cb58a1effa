//! Settings of a read.

use crate::columns::ExpectedColumns;

/// Settings that a file does not contain. `None` means that the setting is detected.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// The sheet of a workbook or the layer of a `GeoPackage`.
    pub sheet: Option<&'a str>,
    /// An encoding by its usual name, such as `gb18030`.
    pub encoding: Option<&'a str>,
    /// The number of the row with the headings, as in [`Sheet::number`](crate::Sheet::number).
    pub header_row: Option<u32>,
    /// The expected columns, which identify the header and the sheet.
    pub expected: Option<ExpectedColumns<'a>>,
}
