//! How a table is shown: as a form, with bars, or in styles on a map.

/// Layout of a table that is printed and filled in: A4 landscape, wrapped texts, the heading on each page.
#[derive(Debug, Clone)]
pub struct PrintForm {
    /// Widths of the columns, in characters.
    pub widths: Vec<f64>,
    /// Position of a column with a fixed set of words, and the words.
    pub choices: (usize, Vec<String>),
}

/// A way to show a layer on a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapStyle {
    /// Name of the style for readers, Chinese first.
    pub name: String,
    /// The column that decides the colour.
    pub by: StyledBy,
}

/// The column that decides the colour of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StyledBy {
    /// Key of a column with verdicts.
    Verdict(String),
    /// Key of a column with shares from 0 to 1.
    Share(String),
    /// Key of a column with one of some words.
    Words(String, Vec<StyledWord>),
}

/// A word of a column and its symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyledWord {
    /// The word in the column.
    pub word: String,
    /// Label for readers, Chinese first.
    pub label: String,
    /// sRGB as `#RRGGBB`.
    pub colour: String,
    /// Whether it is drawn as an outline only, because it is assumed and not observed.
    pub hollow: bool,
}

/// A part of the bar that a workbook draws for each row.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Position of the column that gives its length.
    pub column: usize,
    /// sRGB as `#RRGGBB`.
    pub colour: String,
}
