//! Checks `docs/glossary.md`: its types and fields exist, and no public type name is declared in two crates.

use crate::run::project;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Names that at most one crate may give to a type visible outside its file.
const ONE_OF_EACH: [&str; 4] = ["Feature", "Row", "Layer", "Place"];

/// Keywords that declare a type.
const TYPES: [&str; 5] = ["struct", "enum", "type", "trait", "union"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Visibility {
    /// `pub(crate)`, `pub(super)` and the like.
    Inside,
    /// `pub`.
    Public,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Declaration {
    name: String,
    is_type: bool,
    visibility: Visibility,
}

#[test]
fn the_glossary_names_types_that_exist() {
    let crates = crates();
    let mut missing = BTreeSet::new();
    for row in rows() {
        for path in quoted(&row[2]) {
            let (owner, name) = path.split_once("::").unwrap_or_else(|| panic!("{path} names no crate"));
            let exists = crates.get(&owner.replace('_', "-")).is_some_and(|declared| {
                declared.iter().any(|one| one.name == name && one.visibility == Visibility::Public)
            });
            if !exists {
                missing.insert(path.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "docs/glossary.md names types that no crate declares: {missing:?}");
}

#[test]
fn the_glossary_names_fields_that_occur_in_code() {
    let mut code = String::new();
    for folder in crate_folders() {
        read_code(&folder.join("src"), "rs", &mut code);
    }
    read_code(&project("web/src"), "ts", &mut code);
    let rows = rows();
    let fields: BTreeSet<&str> = rows.iter().flat_map(|row| quoted(&row[3])).collect();
    let missing: Vec<&&str> = fields.iter().filter(|field| !has_field(&code, field)).collect();
    assert!(missing.is_empty(), "docs/glossary.md names fields that do not exist: {missing:?}");
}

#[test]
fn every_word_of_the_glossary_has_chinese_and_one_row() {
    let rows = rows();
    assert!(rows.len() >= 60, "{} words", rows.len());
    let mut words = BTreeSet::new();
    for row in &rows {
        assert!(row.iter().enumerate().all(|(at, cell)| (2..4).contains(&at) || !cell.is_empty()), "{row:?}");
        assert!(row[1].chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)), "{row:?}");
        assert!(words.insert(row[0].as_str()), "two rows for {}", row[0]);
    }
}

#[test]
fn no_public_type_name_is_declared_in_two_crates() {
    let owners = owners(|one| one.is_type && one.visibility == Visibility::Public);
    let shared: BTreeMap<_, _> = owners.into_iter().filter(|(_, owners)| owners.len() > 1).collect();
    assert!(shared.is_empty(), "public types of one name in several crates: {shared:#?}");
}

#[test]
fn feature_row_layer_and_place_belong_to_one_crate_each() {
    let owners = owners(|one| one.is_type);
    for word in ONE_OF_EACH {
        let owners = owners.get(word).map_or(0, BTreeSet::len);
        assert!(owners <= 1, "{word} is declared in {owners} crates; give all but one a longer name");
    }
}

#[test]
fn declarations_are_found_in_plain_code_and_in_macros() {
    let source = "
/// A comment with pub struct Nothing.
pub struct Plain;
pub(crate) enum Hidden { A }
struct Private;
    pub fn method() {}
pub const fn free() {}
macro_rules! ids { ($name:ident) => { pub struct $name; } }
ids! {
    /// A gate.
    GateId,
    UnitId
}
record! {
    /// A gate.
    Gate {
        /// Where it is.
        point: Point,
    }
}
flags! {
    EdgeFlags: u16 {
        STEPS = 1,
    }
}
#[cfg(test)]
mod tests {
    pub struct OfATest;
}
";
    let found: Vec<(String, bool, Visibility)> =
        declarations(source).into_iter().map(|one| (one.name, one.is_type, one.visibility)).collect();
    let public = |name: &str| (name.to_owned(), true, Visibility::Public);
    let expected = [
        public("Plain"),
        ("Hidden".to_owned(), true, Visibility::Inside),
        ("free".to_owned(), false, Visibility::Public),
        public("GateId"),
        public("UnitId"),
        public("Gate"),
        public("EdgeFlags"),
    ];
    assert_eq!(found, expected);
}

/// The rows of all tables: word, Chinese, Rust type, JSON field, meaning.
fn rows() -> Vec<[String; 5]> {
    let page = fs::read_to_string(project("docs/glossary.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    rows.filter(|line| !line.starts_with("| word |"))
        .map(|line| {
            let cells = line.trim().trim_start_matches('|').trim_end_matches('|').split('|');
            let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
            cells.try_into().unwrap_or_else(|cells| panic!("not five cells: {cells:?}"))
        })
        .collect()
}

/// The texts between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn crate_folders() -> Vec<PathBuf> {
    let folders = fs::read_dir(project("crates")).unwrap().map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.join("src").is_dir()).collect()
}

/// The declarations of every crate, by its name.
fn crates() -> BTreeMap<String, BTreeSet<Declaration>> {
    let folders = crate_folders().into_iter();
    folders
        .map(|folder| {
            let mut declared = BTreeSet::new();
            let mut add = |source: &str| declared.extend(declarations(source));
            each_file(&folder.join("src"), "rs", &mut add);
            (folder.file_name().unwrap().to_str().unwrap().to_owned(), declared)
        })
        .collect()
}

/// The crates that declare each name.
fn owners(counts: impl Fn(&Declaration) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (owner, declared) in crates() {
        for one in declared.into_iter().filter(&counts) {
            owners.entry(one.name).or_default().insert(owner.clone());
        }
    }
    owners
}

/// Passes the text of every file with that extension to `visit`, files and folders of tests left out.
fn each_file(path: &Path, extension: &str, visit: &mut impl FnMut(&str)) {
    if path.file_stem().is_some_and(|stem| stem == "tests") {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            each_file(&entry.unwrap().path(), extension, visit);
        }
    } else if path.extension().is_some_and(|other| other == extension) {
        visit(&fs::read_to_string(path).unwrap());
    }
}

/// Appends the code of all files with that extension, comments left out.
fn read_code(folder: &Path, extension: &str, code: &mut String) {
    each_file(folder, extension, &mut |source: &str| {
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            code.push_str(line);
            code.push('\n');
        }
    });
}

/// Whether a field is written (`"field"`) or declared (`field:`, `field?:`) somewhere.
fn has_field(code: &str, field: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let declares = |after: &str| {
        let after = after.strip_prefix('?').unwrap_or(after);
        after.starts_with(':') && !after.starts_with("::")
    };
    code.contains(&format!("\"{field}\""))
        || code
            .match_indices(field)
            .any(|(at, _)| !code[..at].ends_with(is_word) && declares(&code[at + field.len()..]))
}

/// Types and free functions that are visible outside their file.
///
/// Reads lines and relies on `rustfmt`: it cuts off the test module at the end of the file, and takes an
/// indented name with a capital letter in a macro call at the left margin (`record! {`) for a public type.
fn declarations(source: &str) -> Vec<Declaration> {
    let source = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(source);
    let mut found = Vec::new();
    let mut in_macro = false;
    for line in source.lines() {
        if let Some(name) = line.strip_suffix("! {") {
            in_macro = name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        } else if line == "}" {
            in_macro = false;
        }
        found.extend(declared(line).or_else(|| in_macro.then(|| declared_in_macro(line)).flatten()));
    }
    found
}

fn declared(line: &str) -> Option<Declaration> {
    let code = line.trim_start();
    let (visibility, item) = if let Some(item) = code.strip_prefix("pub ") {
        (Visibility::Public, item)
    } else {
        (Visibility::Inside, code.strip_prefix("pub(")?.split_once(") ")?.1)
    };
    let qualifiers = ["const ", "async ", "unsafe "].into_iter();
    let item = qualifiers.fold(item, |item, word| item.strip_prefix(word).unwrap_or(item));
    let (keyword, rest) = item.split_once(' ')?;
    let is_type = TYPES.contains(&keyword);
    let is_free_function = keyword == "fn" && code.len() == line.len();
    let name = identifier(rest);
    ((is_type || is_free_function) && !name.is_empty()).then(|| Declaration {
        name: name.to_owned(),
        is_type,
        visibility,
    })
}

/// A name such as `GateId,`, `Gate {` or `EdgeFlags: u16 {`, four spaces from the margin.
fn declared_in_macro(line: &str) -> Option<Declaration> {
    let item = line.strip_prefix("    ")?;
    let name = identifier(item);
    let rest = &item[name.len()..];
    let declares = matches!(rest, "" | "," | " {") || (rest.starts_with(": u") && rest.ends_with(" {"));
    (name.starts_with(|letter: char| letter.is_ascii_uppercase()) && declares).then(|| Declaration {
        name: name.to_owned(),
        is_type: true,
        visibility: Visibility::Public,
    })
}

/// The identifier that a text begins with; empty if there is none.
fn identifier(text: &str) -> &str {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).next().unwrap_or("")
}
