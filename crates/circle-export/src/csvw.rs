//! Metadata of a CSV file in the form of CSV on the Web: statement and columns
//! (<https://www.w3.org/TR/tabular-data-primer/>).

use crate::statement::{Statement, titled};
use crate::typed::{Kind, TableColumn};
use crate::written::written;
use serde_json::{Value, json};

/// Metadata of the table `name`, for the file `{name}-metadata.json` beside it, where readers of CSV on the
/// Web look for it.
pub fn csv_metadata(name: &str, title: &str, columns: &[TableColumn], statement: &Statement) -> Vec<u8> {
    let columns: Vec<Value> = columns
        .iter()
        .map(|column| {
            let datatype = match column.kind {
                Kind::Text => "string",
                Kind::Whole => "integer",
                Kind::Number => "number",
                Kind::Flag => "boolean",
                Kind::Date => "date",
            };
            json!({ "name": column.key, "titles": [column.key, column.heading], "datatype": datatype })
        })
        .collect();
    let document = json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:title": titled(title, &statement.lines()),
        "dc:license": "ODbL-1.0",
        "dc:description": statement.to_string(),
        "schema:version": statement.edition,
        "tableSchema": { "columns": columns },
        "notes": [{ "statement": statement }],
    });
    let mut out = written(serde_json::to_vec_pretty(&document));
    out.push(b'\n');
    out
}
