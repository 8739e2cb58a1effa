//! A pattern of the catalogue.

use super::prefixes::{KIND, whole_matches};
use aho_corasick::AhoCorasick;
use regex::{Match, Regex, RegexBuilder};
use std::sync::OnceLock;

/// A pattern, compiled on first use, because most exclusions are never used.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    any_case: bool,
    compiled: OnceLock<Regex>,
    /// An automaton of all matches, for a pattern that is a list of words; it is built in a tenth of the
    /// time.
    words: OnceLock<Option<AhoCorasick>>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), any_case: false, compiled: OnceLock::new(), words: OnceLock::new() }
    }

    pub(super) fn in_any_case(text: &str) -> Self {
        Self { any_case: true, ..Self::new(text) }
    }

    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            RegexBuilder::new(&self.text).case_insensitive(self.any_case).build().expect("pattern")
        })
    }

    /// Whether it matches a name. An empty pattern matches no name.
    pub(super) fn is_match(&self, name: &str) -> bool {
        if self.text.is_empty() {
            return false;
        }
        match self.words.get_or_init(|| self.words()) {
            Some(words) => words.is_match(name),
            None => self.regex().is_match(name),
        }
    }

    fn words(&self) -> Option<AhoCorasick> {
        let words = whole_matches(&self.text)?;
        AhoCorasick::builder().kind(KIND).ascii_case_insensitive(self.any_case).build(words).ok()
    }

    /// Whether a match covers another match and begins before it, as 老年公寓 covers 公寓.
    pub(super) fn covers(&self, name: &str, other: Match<'_>) -> bool {
        self.regex().find_iter(name).any(|found| found.start() < other.start() && found.end() >= other.end())
    }

    /// Compiles it.
    #[cfg(test)]
    pub(super) fn compile(&self) {
        self.regex();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_automaton_of_words_matches_like_the_pattern() {
        for (text, any_case, is_words) in [
            ("批发", false, true),
            ("小区|家园|停车", false, true),
            ("超市(连锁|总店)", false, true),
            ("Mall|万达", true, true),
            ("公园$", false, false),
            ("第[0-9]+中", false, false),
            ("^草坪$|^绿地$", false, false),
            (".{0,4}中心", false, false),
        ] {
            let pattern = if any_case { Pattern::in_any_case(text) } else { Pattern::new(text) };
            assert_eq!(pattern.words().is_some(), is_words, "{text}");
            for name in [
                "超市总店",
                "万达MALL",
                "mall",
                "人民公园",
                "公园路",
                "第17中",
                "草坪",
                "大草坪",
                "批发市场",
                "",
            ] {
                assert_eq!(pattern.is_match(name), pattern.regex().is_match(name), "{text} {name}");
            }
        }
        assert!(!Pattern::new("").is_match("公园"));
    }
}
