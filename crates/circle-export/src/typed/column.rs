//! Columns of a table.

use super::cell::Kind;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A column: its key, its heading and the kind of its cells.
#[derive(Debug, Clone)]
pub struct TableColumn {
    /// Name of the field, in snake case with its unit: `walk_seconds`.
    pub key: Cow<'static, str>,
    /// Heading for readers, Chinese first.
    pub heading: String,
    /// The kind of its cells.
    pub kind: Kind,
    /// Number format as the code of spreadsheets (`0.0%`); that of the kind if `None`.
    pub shown_as: Option<&'static str>,
    /// Labels that replace the words in output for readers.
    pub(super) words: Option<Arc<Words>>,
}

/// Label of each word of a column.
pub(crate) type Words = FxHashMap<String, String>;

impl TableColumn {
    /// A column with the number format of its kind.
    pub fn new(key: impl Into<Cow<'static, str>>, heading: impl Into<String>, kind: Kind) -> Self {
        Self { key: key.into(), heading: heading.into(), kind, shown_as: None, words: None }
    }

    /// The label of a word of the column.
    pub(crate) fn shown<'a>(&'a self, word: &'a str) -> &'a str {
        self.words.as_ref().and_then(|words| words.get(word)).map_or(word, String::as_str)
    }

    /// Sets the number format, as the code of spreadsheets.
    pub fn shown_as(mut self, code: &'static str) -> Self {
        self.shown_as = Some(code);
        self
    }
}

/// Names that the formats reserve.
const RESERVED: [&str; 3] = ["fid", "geom", "geometry"];

/// Panics when two keys are equal or one is reserved.
pub(super) fn check_keys(columns: &[TableColumn]) {
    for (index, column) in columns.iter().enumerate() {
        // Column names of SQLite are not case-sensitive.
        let same = |other: &str| column.key.eq_ignore_ascii_case(other);
        assert!(!RESERVED.iter().any(|name| same(name)), "{} is taken", column.key);
        assert!(!columns[..index].iter().any(|other| same(&other.key)), "two columns {}", column.key);
    }
}
