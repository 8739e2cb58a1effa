//! How well the catalogue sorts a file that somebody has labelled.

use crate::classify::{Classified, Classifier, NoFacility, Said, amap_type};
use crate::own::{Columns, Layer, OwnError, Role, SheetOptions, read_sheet};
use circle_model::Catalogue;
use std::collections::BTreeMap;
use std::path::Path;

/// A row of a file and what the catalogue makes of it.
#[derive(Debug, Clone)]
pub struct ClassifiedRow {
    /// As a person counts.
    pub row: u32,
    /// Its name.
    pub name: String,
    /// The kind that the file gives: a code of Amap's with its words, or the file's own words; empty without one.
    pub kind: String,
    /// Its categories, or why it has none.
    pub result: Result<Classified, NoFacility>,
    /// What it is labelled with; `None` where it is no facility of the catalogue.
    pub truth: Option<u8>,
}

/// What a file's rows are, by the catalogue alone.
#[derive(Debug, Clone, Default)]
pub struct ClassifiedFile {
    /// Its rows, in order.
    pub rows: Vec<ClassifiedRow>,
    /// Rows that could not be read, or whose label no category has, with the reason.
    pub rejected: Vec<(u32, String)>,
    /// Remarks on the file as a whole.
    pub said: Vec<String>,
}

/// Reads a file (CSV, XLSX, `GeoJSON`, …) and sorts its rows. The column `truth` holds their labels: a category's id
/// or name, or `other` for what is no facility of the catalogue; it is never read as the row's own category.
///
/// # Errors
/// When the file cannot be read or has no such column.
pub fn classify_file(
    path: &Path,
    truth: Option<&str>,
    catalogue: &Catalogue,
) -> Result<ClassifiedFile, OwnError> {
    let classifier = Classifier::new(catalogue);
    let sheet = read_sheet(path, &SheetOptions::default())?;
    let fault = |what: String| OwnError::File { path: path.to_owned(), what };
    let columns = Columns::find(&sheet, Layer::Facilities, &BTreeMap::new()).map_err(fault)?;
    // Files say `amap` for Amap's code where nothing else is called so.
    let amap = sheet.columns.iter().position(|column| column.eq_ignore_ascii_case("amap"));
    let truth = truth
        .map(|name| {
            sheet.columns.iter().position(|column| column == name).ok_or_else(|| {
                fault(format!("no column `{name}`; it has: {}", crate::own::list(&sheet.columns)))
            })
        })
        .transpose()?;
    let mut file = ClassifiedFile {
        rejected: sheet.rejected.iter().map(|it| (it.row, format!("{}: {}", it.field, it.what))).collect(),
        said: sheet.said.clone(),
        ..ClassifiedFile::default()
    };
    for row in 0..sheet.len() {
        // The label must not give itself away.
        let cell = |role: Role| {
            if columns.at(role) == truth && truth.is_some() { "" } else { columns.cell(&sheet, row, role) }
        };
        let code = Some(cell(Role::Code)).filter(|code| !code.is_empty());
        let said = Said {
            category: cell(Role::Category),
            code: code.or_else(|| amap.map(|column| sheet.cell(row, column))).unwrap_or_default(),
            kind: cell(Role::Kind),
            name: cell(Role::Name),
        };
        let label = truth.map(|column| sheet.cell(row, column)).unwrap_or_default();
        let none = matches!(label.to_lowercase().as_str(), "" | "other" | "其他" | "none" | "无");
        let truth = classifier.category_called(label).filter(|_| !none);
        if truth.is_none() && !none {
            let what = format!("label `{}` is no category", crate::own::short(label));
            file.rejected.push((sheet.number(row), what));
            continue;
        }
        let result = classifier.classify_record(said);
        let (row, name) = (sheet.number(row), said.name.to_owned());
        file.rows.push(ClassifiedRow { row, name, kind: kind(&said), result, truth });
    }
    Ok(file)
}

/// The kind of a record, in the file's own words.
fn kind(said: &Said<'_>) -> String {
    let given = [said.code, said.kind, said.category].into_iter().find(|word| !word.is_empty());
    let given = given.unwrap_or_default();
    amap_type(given).map_or_else(|| given.to_owned(), |words| format!("{given} {words}"))
}
