//! Rule sets 规则集: which categories a standard asks for, and within how many minutes.

use serde::{Deserialize, Serialize};

/// A rule set, as in `data/rules/*.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuleSet {
    /// Its name in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// The band every line is judged in, in minutes.
    pub minutes: u32,
    /// What is asked for.
    #[serde(rename(deserialize = "line"))]
    pub lines: Vec<Line>,
}

/// One line of a rule set, met by any facility of any of its categories.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Chinese name; the line's name in tables.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Ids of the categories that meet it.
    pub any_of: Vec<String>,
}

impl RuleSet {
    /// The rule sets that come with the product; the first is the default.
    ///
    /// # Panics
    /// Never: the files are part of the binary and tested.
    pub fn built_in() -> Vec<Self> {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        let board =
            toml::from_str(include_str!("../../../data/rules/board.toml")).expect("data/rules/board.toml");
        vec![board]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn every_line_names_categories_that_exist() {
        let catalogue = Catalogue::built_in();
        for rules in RuleSet::built_in() {
            assert!(!rules.lines.is_empty());
            for id in rules.lines.iter().flat_map(|line| &line.any_of) {
                assert!(catalogue.index_of(id).is_some(), "{id}");
            }
        }
    }
}
