//! Cells of a table, and its texts.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, and ids whose digits must all be kept.
    Text,
    /// Whole numbers.
    Whole,
    /// Any finite numbers.
    Number,
    /// Booleans.
    Flag,
    /// Dates.
    Date,
}

/// A cell. Texts are made by [`TypedTable::text`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// An empty cell.
    None,
    /// A text of the same table.
    Text(TextId),
    /// A whole number.
    Whole(i64),
    /// A number; written as an empty cell if it is not finite.
    Number(f64),
    /// A boolean.
    Flag(bool),
    /// A date.
    Date(Date),
}

/// A text of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextId(pub(crate) u32);

impl Cell {
    /// The kind of its column; `None` for an empty cell.
    pub(super) fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::None => return None,
            Self::Text(_) => Kind::Text,
            Self::Whole(_) => Kind::Whole,
            Self::Number(_) => Kind::Number,
            Self::Flag(_) => Kind::Flag,
            Self::Date(_) => Kind::Date,
        })
    }
}

impl From<i64> for Cell {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl From<u32> for Cell {
    fn from(whole: u32) -> Self {
        Self::Whole(whole.into())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

/// Interned texts. Map and list share each string.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pub(super) words: Vec<Arc<str>>,
    pub(super) ids: FxHashMap<Arc<str>, u32>,
}

impl Texts {
    /// The id of a text, which is added if it is new.
    pub(super) fn id(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.ids.get(text) {
            return TextId(id);
        }
        let id = self.words.len() as u32;
        let words: Arc<str> = text.into();
        self.words.push(Arc::clone(&words));
        self.ids.insert(words, id);
        TextId(id)
    }
}

/// Days since 1970-01-01.
pub(crate) fn days(date: Date) -> i32 {
    date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() as i32 / 24
}
