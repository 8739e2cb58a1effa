//! Writes a typed table as CSV, with its keys as header.

use crate::table::text_cell;
use crate::typed::{Cell, TypedTable};
use crate::written::written;

/// Writes UTF-8 with commas, quoted where needed. Empty cells are empty; geometries are left out.
pub fn typed_csv(table: &TypedTable) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    // Every row has as many cells as the header.
    written(out.write_record(table.columns().iter().map(|column| column.key.as_bytes())));
    for row in table.rows() {
        for cell in row {
            let text = match *cell {
                Cell::None => String::new(),
                Cell::Text(text) => text_cell(table.words(text)).into_owned(),
                Cell::Whole(whole) => whole.to_string(),
                Cell::Number(number) => number.to_string(),
                Cell::Flag(flag) => flag.to_string(),
                Cell::Date(date) => date.to_string(),
            };
            written(out.write_field(text));
        }
        written(out.write_record(None::<&[u8]>));
    }
    written(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_unchanged_and_formulas_are_defused() {
        let text = String::from_utf8(typed_csv(&crate::typed::tests::compounds())).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "compound_name,residents,walk_seconds,covered_share,closed,since,verdict");
        assert_eq!(lines[1], "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",1204,412.5,0.75,true,2024-11-01,covered");
        assert_eq!(lines[3], ",,,,,,");
        assert_eq!(lines.len(), 4);
    }
}
