//! `OWN.toml`, the list of the planner's own files.

use super::error::OwnError;
use super::layers::unit_level;
use circle_model::city::Input;
use circle_model::files::{clean, is_clean, read_text, toml_message};
use circle_sheet::{OwnLayer, Role};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files that a list names, with the further files of a Shapefile.
///
/// # Errors
/// If the list cannot be read.
pub fn own_files(list: &Path) -> Result<Vec<PathBuf>, OwnError> {
    // Names of categories are not checked here.
    let paths = read_list(list, &|_| true)?.1.into_iter().map(|listed| listed.path);
    Ok(paths.flat_map(|path| [path.with_extension("dbf"), path.with_extension("prj"), path]).collect())
}

/// One own file, as `OWN.toml` lists it.
#[derive(Debug, Clone)]
pub(super) struct ListedFile {
    /// Relative paths are resolved against the folder of `OWN.toml`.
    pub(super) path: PathBuf,
    pub(super) layer: OwnLayer,
    /// `wgs84`, `gcj02`, an EPSG code, `detect`, …; without it the file decides, else detection.
    pub(super) crs: Option<String>,
    /// The sheet of a workbook or the layer of a GeoPackage.
    pub(super) sheet: Option<String>,
    pub(super) encoding: Option<String>,
    /// The row of the column names, if it is not the first.
    pub(super) header_row: Option<u32>,
    /// The category of rows without one.
    pub(super) category: Option<String>,
    /// Categories that it lists completely.
    pub(super) complete_for: Vec<String>,
    /// Names of the units that it is complete in; empty for the whole city.
    pub(super) complete_in: Vec<String>,
    /// The label in titles of results that use it.
    pub(super) label: Option<String>,
    /// The level of every row of a layer of units.
    pub(super) level: Option<String>,
    /// Names of columns that differ from the usual ones.
    pub(super) columns: BTreeMap<Role, String>,
}

impl ListedFile {
    /// Whether it is `GeoJSON`, which is WGS 84 (RFC 7946).
    pub(super) fn is_geojson(&self) -> bool {
        let extension = self.path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        extension.is_some_and(|extension| extension == "geojson" || extension == "json")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(alias = "sources", alias = "file", alias = "own", default)]
    source: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    path: PathBuf,
    layer: String,
    crs: Option<toml::Value>,
    #[serde(alias = "table")]
    sheet: Option<String>,
    encoding: Option<String>,
    header_row: Option<toml::Value>,
    category: Option<String>,
    #[serde(default)]
    complete_for: Vec<String>,
    #[serde(default)]
    complete_in: Vec<String>,
    label: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// Column names besides the settings: `name = "机构名称"`.
    #[serde(flatten)]
    more: BTreeMap<String, toml::Value>,
}

/// Reads a list: its name and hash, and the files in it.
///
/// # Errors
/// If it cannot be read, is not TOML, lists nothing, or names a layer, category or column that does not
/// exist.
pub(super) fn read_list(
    path: &Path,
    is_category: &dyn Fn(&str) -> bool,
) -> Result<(Input, Vec<ListedFile>), OwnError> {
    let list = |what: String| OwnError::List { path: path.to_owned(), what };
    let text = read_text(path)
        .map_err(|reason| OwnError::Io { path: path.to_owned(), reason: reason.to_string() })?;
    let file: File = toml::from_str(&text).map_err(|error| list(toml_message(&text, &error)))?;
    if file.source.is_empty() {
        return Err(list("lists no file; each is a [[source]] with `path` and `layer`".to_owned()));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let sources = file.source.into_iter().map(|entry| {
        let name = entry.path.display().to_string();
        listed_file(folder, entry, is_category).map_err(|what| list(format!("source {name}: {what}")))
    });
    let sources = sources.collect::<Result<_, _>>()?;
    // The hash is that of the bytes that were read, because the file may have changed since.
    Ok((Input::of(path, text.as_bytes()), sources))
}

fn listed_file(
    folder: &Path,
    entry: Entry,
    is_category: &dyn Fn(&str) -> bool,
) -> Result<ListedFile, String> {
    let layer = OwnLayer::parse(&entry.layer).ok_or_else(|| {
        let words =
            OwnLayer::ALL.map(|layer| format!("{} ({})", layer.word(), layer.chinese()[0])).join(", ");
        format!("no layer `{}`; there are: {words}", entry.layer)
    })?;
    let mut columns = BTreeMap::new();
    let mut level = None;
    for (word, column) in entry.columns {
        columns.insert(role(&word)?, column);
    }
    for (word, value) in entry.more {
        let toml::Value::String(value) = value else {
            return Err(format!("`{word}` must be text in quotes"));
        };
        if word == "level" && unit_level(&value).is_some() {
            level = Some(value);
        } else {
            columns.insert(role(&word)?, value);
        }
    }
    // `category` names a category, or the column of categories.
    let mut category = None;
    if let Some(word) = entry.category {
        if is_category(&word) {
            category = Some(word);
        } else {
            columns.insert(Role::Category, word);
        }
    }
    if let Some(word) = entry.complete_for.iter().find(|word| !is_category(word)) {
        return Err(format!("complete_for names `{word}`, which is no category"));
    }
    if !entry.complete_for.is_empty() && layer != OwnLayer::Facilities {
        return Err("complete_for is allowed only in the layer facilities".to_owned());
    }
    if entry.complete_in.iter().any(|name| name.trim().is_empty()) {
        return Err(
            "complete_in contains an empty name; write the names of units, such as [\"南岗区\"]".to_owned()
        );
    }
    if !entry.complete_in.is_empty() && entry.complete_for.is_empty() {
        return Err(
            "complete_in names the units where `complete_for` applies; complete_for is missing".to_owned()
        );
    }
    if entry.label.as_deref().is_some_and(|label| !is_label(label)) {
        return Err(
            "label is a text of one line and at most 20 characters, not empty and without invisible characters, such as \"演示数据\"; \
             omit it if there is none"
                .to_owned(),
        );
    }
    Ok(ListedFile {
        path: folder.join(entry.path),
        layer,
        crs: entry.crs.map(crs).transpose()?,
        sheet: entry.sheet,
        encoding: entry.encoding,
        header_row: entry.header_row.as_ref().map(header_row).transpose()?,
        category,
        complete_for: entry.complete_for,
        complete_in: entry.complete_in.iter().map(|name| name.trim().to_owned()).collect(),
        label: entry.label.map(|label| label.trim().to_owned()),
        level,
        columns,
    })
}

/// The name of a datum or projection. An EPSG code may be a number.
fn crs(value: toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(word) => Ok(word),
        toml::Value::Integer(code) if u32::try_from(code).is_ok() => Ok(format!("EPSG:{code}")),
        other => Err(format!(
            "crs is a name such as \"wgs84\", \"gcj02\" or \"detect\", or an EPSG code such as 4490, not {}",
            quoted(&other)
        )),
    }
}

/// The number of the row with the headings.
fn header_row(value: &toml::Value) -> Result<u32, String> {
    let row = value.as_integer().and_then(|row| u32::try_from(row).ok()).filter(|row| *row > 0);
    row.ok_or_else(|| {
        let value = quoted(value);
        format!(
            "header_row is the number of the row that names the columns, a whole number from 1, not {value}"
        )
    })
}

/// A value as it is written, cut to 60 characters.
fn quoted(value: &toml::Value) -> String {
    clean(&value.to_string(), 60)
}

/// Whether a label can be part of a title: visible, and without control or invisible characters.
fn is_label(label: &str) -> bool {
    let hides =
        |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    !label.trim().is_empty() && label.chars().count() <= 20 && is_clean(label) && !label.contains(hides)
}

fn role(word: &str) -> Result<Role, String> {
    Role::ALL.into_iter().find(|role| role.word() == word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        format!(
            "no setting or column `{word}`; settings are path, layer, crs, sheet, header_row, encoding, category, complete_for, complete_in, label, \
             level, columns; \
             columns are {}",
            words.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<ListedFile>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("OWN.toml");
        std::fs::write(&path, text).unwrap();
        let read = read_list(&path, &|word| word == "clinic");
        read.map(|(_, sources)| sources).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_are_named_as_settings_or_under_columns() {
        let list = parse(
            "[[source]]\npath = 'a.csv'\nlayer = 'facilities'\ncrs = 4490\ncategory = 'clinic'\nname = '机构'\n\
             [[source]]\npath = 'b.csv'\nlayer = 'gates'\ncolumns = { lon = 'X' }\ncategory = '大类'\n",
        )
        .unwrap();
        assert_eq!(list[0].crs.as_deref(), Some("EPSG:4490"));
        assert_eq!((list[0].category.as_deref(), &*list[0].columns[&Role::Name]), (Some("clinic"), "机构"));
        assert_eq!((&*list[1].columns[&Role::Lon], &*list[1].columns[&Role::Category]), ("X", "大类"));
        assert_eq!(list[1].layer, OwnLayer::Gates);
    }

    #[test]
    fn layers_have_chinese_names() {
        for (word, layer) in
            [("设施", OwnLayer::Facilities), ("小区", OwnLayer::Compounds), ("出入口", OwnLayer::Gates)]
        {
            let list =
                parse(&format!("[[source]]\npath = 'a.csv'\nlayer = '{word}'\ncrs = '高德'\n")).unwrap();
            assert_eq!((list[0].layer, list[0].crs.as_deref()), (layer, Some("高德")));
        }
    }

    #[test]
    fn unknown_words_are_rejected_with_the_known_ones() {
        let wrong = parse("[[source]]\npath = 'a.csv'\nlayer = 'shops'\n").unwrap_err();
        assert!(wrong.contains("a.csv") && wrong.contains("facilities (设施), compounds (小区)"), "{wrong}");
        let wrong = parse("[[source]]\npath = 'a.csv'\nlayer = 'units'\nnome = 'x'\n").unwrap_err();
        assert!(wrong.contains("`nome`") && wrong.contains("name_en"), "{wrong}");
        let source = "[[source]]\npath = 'a.csv'\nlayer = 'facilities'\ncomplete_for = ['clinic']\n";
        let blank = format!("{source}complete_in = [' ']\n");
        assert!(parse(&blank).unwrap_err().contains("complete_in contains an empty name"));
        let long = "长".repeat(21);
        for label in ["", "  ", "\\u202e演示", "演\\u200b示", "一\\n二", long.as_str()] {
            let wrong = parse(&format!("{source}label = \"{label}\"\n")).unwrap_err();
            assert!(wrong.contains("a.csv: label is a text of one line"), "{label}: {wrong}");
        }
        assert_eq!(parse(&format!("{source}label = ' 演示 '\n")).unwrap()[0].label.as_deref(), Some("演示"));
        for (row, written) in [("0", "0"), ("-1", "-1"), ("5_000_000_000", "5000000000"), ("'x'", "x")] {
            let wrong = parse(&format!("{source}header_row = {row}\n")).unwrap_err();
            assert!(wrong.contains("a.csv: header_row is the number of the row"), "{wrong}");
            assert!(wrong.contains("from 1, not ") && wrong.contains(written), "{wrong}");
        }
        assert_eq!(parse(&format!("{source}header_row = 3\n")).unwrap()[0].header_row, Some(3));
        for crs in ["-1", "1.5", "5_000_000_000", "true", "[4490]"] {
            let wrong = parse(&format!("{source}crs = {crs}\n")).unwrap_err();
            assert!(wrong.contains("a.csv: crs is a name such as \"wgs84\""), "{wrong}");
            assert!(wrong.contains("an EPSG code such as 4490, not "), "{wrong}");
        }
        let deep = parse(&format!("[[source]]\npath = {}", "[".repeat(100_000))).unwrap_err();
        assert!(deep.contains("line 2: ") && deep.contains("recurs"), "{deep:.300}");
        assert!(parse("").unwrap_err().contains("lists no file"));
        assert!(parse("[[source]]\npath = 3").unwrap_err().contains("OWN.toml"));
    }
}
