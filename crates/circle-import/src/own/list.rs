//! `OWN.toml`: the list of the planner's own files.

use super::OwnError;
use super::columns::Role;
use circle_model::city::Input;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One own file, as `OWN.toml` lists it.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Where it is, beside `OWN.toml` where the path is relative.
    pub(crate) path: PathBuf,
    pub(crate) layer: Layer,
    /// `wgs84`, `gcj02`, an EPSG code, `detect`, …; `None` leaves it to the file, else to detection.
    pub(crate) crs: Option<String>,
    /// Of a workbook or GeoPackage.
    pub(crate) sheet: Option<String>,
    pub(crate) encoding: Option<String>,
    /// The row that names the columns, where it is not the first.
    pub(crate) header_row: Option<u32>,
    /// The category of every row, where no column says it.
    pub(crate) category: Option<String>,
    /// Categories that it lists completely.
    pub(crate) complete_for: Vec<String>,
    /// Names of the units that it is complete in; the whole city without any.
    pub(crate) complete_in: Vec<String>,
    /// What every title says of results that it is in.
    pub(crate) label: Option<String>,
    /// The level of every row of a layer of units.
    pub(crate) level: Option<String>,
    /// Names of columns that are not the usual ones.
    pub(crate) columns: BTreeMap<Role, String>,
}

impl Source {
    /// `GeoJSON` is WGS 84 (RFC 7946).
    pub(crate) fn is_geojson(&self) -> bool {
        let extension = self.path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        extension.is_some_and(|extension| extension == "geojson" || extension == "json")
    }
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    Facilities,
    Compounds,
    Gates,
    Units,
    Population,
    Candidates,
    Corrections,
}

impl Layer {
    pub(crate) const ALL: [Self; 7] = [
        Self::Facilities,
        Self::Compounds,
        Self::Gates,
        Self::Units,
        Self::Population,
        Self::Candidates,
        Self::Corrections,
    ];

    /// The layer of a word in `OWN.toml`.
    fn called(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        let is = |layer: &Self| layer.word() == word || layer.chinese().contains(&word.as_str());
        Self::ALL.into_iter().find(is)
    }

    /// Its names in Chinese, as the guide has them first.
    const fn chinese(self) -> &'static [&'static str] {
        match self {
            Self::Facilities => &["设施", "公共服务设施", "配套设施"],
            Self::Compounds => &["小区", "住宅小区", "居住小区"],
            Self::Gates => &["出入口", "小区出入口", "大门"],
            Self::Units => &["单元", "行政单元", "行政区划"],
            Self::Population => &["人口"],
            Self::Candidates => &["候选", "候选空间", "闲置空间", "可盘活闲置空间"],
            Self::Corrections => &["更正", "修正", "现场更正"],
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Facilities => "facilities",
            Self::Compounds => "compounds",
            Self::Gates => "gates",
            Self::Units => "units",
            Self::Population => "population",
            Self::Candidates => "candidates",
            Self::Corrections => "corrections",
        }
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
    crs: Option<Crs>,
    #[serde(alias = "table")]
    sheet: Option<String>,
    encoding: Option<String>,
    header_row: Option<u32>,
    category: Option<String>,
    #[serde(default)]
    complete_for: Vec<String>,
    #[serde(default)]
    complete_in: Vec<String>,
    label: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// Column names beside the rest: `name = "机构名称"`.
    #[serde(flatten)]
    more: BTreeMap<String, toml::Value>,
}

/// An EPSG code may be a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Crs {
    Word(String),
    Code(u32),
}

/// Reads the list: its name and hash, and the files in it.
///
/// # Errors
/// When it is not there, is no TOML, lists nothing, or names a layer or column that does not exist.
pub(crate) fn read_list(
    path: &Path,
    is_category: &dyn Fn(&str) -> bool,
) -> Result<(Input, Vec<Source>), OwnError> {
    let list = |what: String| OwnError::List { path: path.to_owned(), what };
    let text = circle_model::files::read_text(path)
        .map_err(|reason| OwnError::Io { path: path.to_owned(), reason: reason.to_string() })?;
    let file: File = toml::from_str(&text).map_err(|error| list(error.to_string().trim_end().to_owned()))?;
    if file.source.is_empty() {
        return Err(list("lists no file; each is a [[source]] with `path` and `layer`".to_owned()));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let sources = file.source.into_iter().map(|entry| {
        let name = entry.path.display().to_string();
        source(folder, entry, is_category).map_err(|what| list(format!("source {name}: {what}")))
    });
    let sources = sources.collect::<Result<_, _>>()?;
    // The bytes that were read: the file may be another one by now.
    Ok((Input::of(path, text.as_bytes()), sources))
}

fn source(folder: &Path, entry: Entry, is_category: &dyn Fn(&str) -> bool) -> Result<Source, String> {
    let layer = Layer::called(&entry.layer).ok_or_else(|| {
        let words = Layer::ALL.map(|layer| format!("{} ({})", layer.word(), layer.chinese()[0])).join(", ");
        format!("no layer `{}`; there are: {words}", entry.layer)
    })?;
    let mut columns = BTreeMap::new();
    let mut level = None;
    for (word, column) in entry.columns {
        columns.insert(role(&word)?, column);
    }
    for (word, value) in entry.more {
        let toml::Value::String(value) = value else {
            return Err(format!("`{word}` has to be text in quotes"));
        };
        if word == "level" && super::units::level(&value).is_some() {
            level = Some(value);
        } else {
            columns.insert(role(&word)?, value);
        }
    }
    // The name of a category, or of the column that holds it.
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
    if !entry.complete_for.is_empty() && layer != Layer::Facilities {
        return Err("complete_for goes with the layer facilities".to_owned());
    }
    if entry.complete_in.iter().any(|name| name.trim().is_empty()) {
        return Err(
            "complete_in holds an empty name; write the names of units, such as [\"南岗区\"]".to_owned()
        );
    }
    if !entry.complete_in.is_empty() && entry.complete_for.is_empty() {
        return Err(
            "complete_in names the units that `complete_for` holds in; complete_for is missing".to_owned()
        );
    }
    if entry.label.as_deref().is_some_and(|label| !is_label(label)) {
        return Err(
            "label is a text of one line and at most 20 characters, not empty and without marks that nobody sees, such as \"演示数据\"; \
             leave it out where there is none"
                .to_owned(),
        );
    }
    let crs = entry.crs.map(|crs| match crs {
        Crs::Word(word) => word,
        Crs::Code(code) => format!("EPSG:{code}"),
    });
    Ok(Source {
        path: folder.join(entry.path),
        layer,
        crs,
        sheet: entry.sheet,
        encoding: entry.encoding,
        header_row: entry.header_row,
        category,
        complete_for: entry.complete_for,
        complete_in: entry.complete_in.iter().map(|name| name.trim().to_owned()).collect(),
        label: entry.label.map(|label| label.trim().to_owned()),
        level,
        columns,
    })
}

/// Whether a label can stand in a title: something to see, and nothing that turns the text around or hides in it.
fn is_label(label: &str) -> bool {
    let hides =
        |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    !label.trim().is_empty()
        && label.chars().count() <= 20
        && circle_model::files::is_clean(label)
        && !label.contains(hides)
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

    fn parse(text: &str) -> Result<Vec<Source>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("OWN.toml");
        std::fs::write(&path, text).unwrap();
        let read = read_list(&path, &|word| word == "clinic");
        read.map(|(_, sources)| sources).map_err(|error| error.to_string())
    }

    #[test]
    fn columns_are_named_beside_the_rest_or_under_columns() {
        let list = parse(
            "[[source]]\npath = 'a.csv'\nlayer = 'facilities'\ncrs = 4490\ncategory = 'clinic'\nname = '机构'\n\
             [[source]]\npath = 'b.csv'\nlayer = 'gates'\ncolumns = { lon = 'X' }\ncategory = '大类'\n",
        )
        .unwrap();
        assert_eq!(list[0].crs.as_deref(), Some("EPSG:4490"));
        assert_eq!((list[0].category.as_deref(), &*list[0].columns[&Role::Name]), (Some("clinic"), "机构"));
        assert_eq!((&*list[1].columns[&Role::Lon], &*list[1].columns[&Role::Category]), ("X", "大类"));
        assert_eq!(list[1].layer, Layer::Gates);
    }

    #[test]
    fn layers_have_chinese_names() {
        for (word, layer) in
            [("设施", Layer::Facilities), ("小区", Layer::Compounds), ("出入口", Layer::Gates)]
        {
            let list =
                parse(&format!("[[source]]\npath = 'a.csv'\nlayer = '{word}'\ncrs = '高德'\n")).unwrap();
            assert_eq!((list[0].layer, list[0].crs.as_deref()), (layer, Some("高德")));
        }
        for (word, layer) in [
            ("单元", Layer::Units),
            ("人口", Layer::Population),
            ("候选", Layer::Candidates),
            ("更正", Layer::Corrections),
        ] {
            assert_eq!(Layer::called(word), Some(layer));
        }
    }

    #[test]
    fn what_does_not_exist_is_refused_with_what_does() {
        let wrong = parse("[[source]]\npath = 'a.csv'\nlayer = 'shops'\n").unwrap_err();
        assert!(wrong.contains("a.csv") && wrong.contains("facilities (设施), compounds (小区)"), "{wrong}");
        let wrong = parse("[[source]]\npath = 'a.csv'\nlayer = 'units'\nnome = 'x'\n").unwrap_err();
        assert!(wrong.contains("`nome`") && wrong.contains("name_en"), "{wrong}");
        let source = "[[source]]\npath = 'a.csv'\nlayer = 'facilities'\ncomplete_for = ['clinic']\n";
        let blank = format!("{source}complete_in = [' ']\n");
        assert!(parse(&blank).unwrap_err().contains("complete_in holds an empty name"));
        let long = "长".repeat(21);
        for label in ["", "  ", "\\u202e演示", "演\\u200b示", "一\\n二", long.as_str()] {
            let wrong = parse(&format!("{source}label = \"{label}\"\n")).unwrap_err();
            assert!(wrong.contains("a.csv: label is a text of one line"), "{label}: {wrong}");
        }
        assert_eq!(parse(&format!("{source}label = ' 演示 '\n")).unwrap()[0].label.as_deref(), Some("演示"));
        assert!(parse("").unwrap_err().contains("lists no file"));
        assert!(parse("[[source]]\npath = 3").unwrap_err().contains("OWN.toml"));
    }
}
