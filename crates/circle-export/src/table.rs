//! Writes CSV: UTF-8, comma, quoted where needed, `\n`.

use crate::written::written;
use std::borrow::Cow;

/// Builds a CSV table in memory.
pub(crate) struct Table(csv::Writer<Vec<u8>>);

impl Table {
    pub(crate) fn new<T: AsRef<[u8]>>(header: impl IntoIterator<Item = T>) -> Self {
        let mut table = Self(csv::Writer::from_writer(Vec::new()));
        table.row(header);
        table
    }

    /// Adds a row with as many cells as the header.
    pub(crate) fn row<T: AsRef<[u8]>>(&mut self, cells: impl IntoIterator<Item = T>) {
        written(self.0.write_record(cells));
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        written(self.0.into_inner())
    }
}

/// A text cell that no spreadsheet runs as a formula: `'` is put before a text that looks like one.
///
/// Plain numbers keep their sign.
pub fn text_cell(text: &str) -> Cow<'_, str> {
    // Some spreadsheets treat the full-width forms like the others; these begin with the byte EF. Most cells
    // begin with none of these bytes, so the test is cheap.
    let may_start_one = |byte: &u8| matches!(byte, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | 0xEF);
    let starts_a_formula = text.as_bytes().first().is_some_and(may_start_one)
        && text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if starts_a_formula && !is_plain_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_plain_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for (cell, safe) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+86 451", "'+86 451"),
            ("-cmd", "'-cmd"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝HYPERLINK(\"x\")", "'＝HYPERLINK(\"x\")"),
            ("＠SUM(A1)", "'＠SUM(A1)"),
            ("\r=1", "'\r=1"),
            ("-12.5", "-12.5"),
            ("+3", "+3"),
            ("-1-1", "'-1-1"),
            ("公园=1", "公园=1"),
            ("", ""),
        ] {
            assert_eq!(text_cell(cell), safe);
        }
    }

    #[test]
    fn cells_are_quoted_where_needed() {
        let mut table = Table::new(["a", "b"]);
        table.row(["x,y", "say \"hi\"\n"]);
        assert_eq!(table.finish(), b"a,b\n\"x,y\",\"say \"\"hi\"\"\n\"\n");
    }
}
