//! Classifies the rows of a labelled file.

use crate::classify::{Classified, Classifier, NoFacility, RecordFields, amap_type};
use crate::own::OwnError;
use circle_model::Catalogue;
use circle_sheet::{Columns, OwnLayer, ReadOptions, Role, excerpt, name_list, read_sheet};
use std::collections::BTreeMap;
use std::path::Path;

/// A row of a file and its classification.
#[derive(Debug, Clone)]
pub struct ClassifiedRow {
    /// Row number, from 1.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// The kind in the file: an Amap code with its words, or the file's own words; empty without one.
    pub kind: String,
    /// Its categories, or the reason why it has none.
    pub result: Result<Classified, NoFacility>,
    /// Its label; `None` if it is not a facility of the catalogue.
    pub truth: Option<u8>,
}

/// The rows of a file, classified by the catalogue alone.
#[derive(Debug, Clone, Default)]
pub struct ClassifiedFile {
    /// Its rows, in order.
    pub rows: Vec<ClassifiedRow>,
    /// Rows that could not be read, or whose label is not a category, with the reason.
    pub rejected: Vec<(u32, String)>,
    /// Remarks on the whole file.
    pub remarks: Vec<String>,
}

/// Reads a file (CSV, XLSX, `GeoJSON`, …) and classifies its rows. The column `truth` contains their labels:
/// the id or name of a category, or `other` for a row that is not a facility of the catalogue. It is never
/// read as the row's own category.
///
/// # Errors
/// If the file cannot be read or has no such column.
pub fn classify_file(
    path: &Path,
    truth: Option<&str>,
    catalogue: &Catalogue,
) -> Result<ClassifiedFile, OwnError> {
    let classifier = Classifier::new(catalogue);
    let sheet = read_sheet(path, &ReadOptions::default())?;
    let fault = |what: String| OwnError::File { path: path.to_owned(), what };
    let columns = Columns::find(&sheet, OwnLayer::Facilities, &BTreeMap::new())
        .map_err(|error| fault(error.to_string()))?;
    // A column `amap` contains Amap's code if no other column does.
    let amap = sheet.columns.iter().position(|column| column.eq_ignore_ascii_case("amap"));
    let truth =
        truth
            .map(|name| {
                sheet.columns.iter().position(|column| column == name).ok_or_else(|| {
                    fault(format!("no column `{name}`; it has: {}", name_list(&sheet.columns)))
                })
            })
            .transpose()?;
    let mut file = ClassifiedFile {
        rejected: sheet.rejected.iter().map(|it| (it.row, format!("{}: {}", it.field, it.reason))).collect(),
        remarks: sheet.remarks.clone(),
        ..ClassifiedFile::default()
    };
    for row in 0..sheet.len() {
        // The label must not be read as a category.
        let cell = |role: Role| {
            if columns.position(role) == truth && truth.is_some() {
                ""
            } else {
                columns.cell(&sheet, row, role)
            }
        };
        let code = Some(cell(Role::Code)).filter(|code| !code.is_empty());
        let fields = RecordFields {
            category: cell(Role::Category),
            code: code.or_else(|| amap.map(|column| sheet.cell(row, column))).unwrap_or_default(),
            kind: cell(Role::Kind),
            name: cell(Role::Name),
        };
        let label = truth.map(|column| sheet.cell(row, column)).unwrap_or_default();
        let none = matches!(label.to_lowercase().as_str(), "" | "other" | "其他" | "none" | "无");
        let truth = classifier.category_called(label).filter(|_| !none);
        if truth.is_none() && !none {
            let what = format!("label `{}` is no category", excerpt(label));
            file.rejected.push((sheet.number(row), what));
            continue;
        }
        let result = classifier.classify_record(fields);
        let (row, name) = (sheet.number(row), fields.name.to_owned());
        file.rows.push(ClassifiedRow { row, name, kind: kind(&fields), result, truth });
    }
    Ok(file)
}

/// The kind of a record, in the file's own words.
fn kind(fields: &RecordFields<'_>) -> String {
    let given = [fields.code, fields.kind, fields.category].into_iter().find(|word| !word.is_empty());
    let given = given.unwrap_or_default();
    amap_type(given).map_or_else(|| given.to_owned(), |words| format!("{given} {words}"))
}
