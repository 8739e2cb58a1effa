//! Which of many patterns a name can match, by how their matches begin.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::hir::literal::{Extractor, Literal};
use regex_syntax::parse;

/// The beginnings of the patterns' matches, all looked for at once.
///
/// One automaton of all patterns (`RegexSet`) took a fifth of a build: it is made while names are read, and each of its
/// states is a set of a thousand. Most names begin no pattern, and many patterns are nothing but words.
#[derive(Debug)]
pub(super) struct Beginnings {
    automaton: AhoCorasick,
    /// What each beginning is of.
    of: Vec<Beginning>,
    /// Patterns whose matches begin in too many ways.
    any: Vec<Beginning>,
}

/// A pattern that a name may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Beginning {
    pub(super) pattern: u8,
    /// 0 when it is a whole match, 1 when it may be the beginning of one.
    pub(super) unsure: u8,
}

/// Names are few and short: the automaton that is built fastest takes the least time in all.
pub(super) const KIND: Option<AhoCorasickKind> = Some(AhoCorasickKind::NoncontiguousNFA);

/// A pattern's matches begin in no more ways than this, or it is always tried.
const MOST: usize = 400;

impl Beginnings {
    /// Of patterns that match in any case.
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test reads its patterns")]
    pub(super) fn of<'a>(patterns: impl Iterator<Item = &'a str>) -> Self {
        let extractor = extractor();
        let (mut literals, mut of, mut any) = (Vec::new(), Vec::new(), Vec::new());
        for (pattern, text) in (0u8..).zip(patterns) {
            let hir = parse(text).expect("pattern");
            let looks_around = !hir.properties().look_set().is_empty();
            let begins = extractor.extract(&hir);
            let begins = begins.literals().filter(|begins| begins.iter().all(is_found)).unwrap_or_default();
            if begins.is_empty() {
                any.push(Beginning { pattern, unsure: 1 });
            }
            for begin in begins {
                let unsure = u8::from(looks_around || !begin.is_exact());
                of.push(Beginning { pattern, unsure });
                literals.push(begin.as_bytes().to_vec());
            }
        }
        let automaton = AhoCorasick::builder().kind(KIND).ascii_case_insensitive(true).build(&literals);
        Self { automaton: automaton.expect("some thousand beginnings"), of, any }
    }

    /// The patterns that may match, ascending, each once.
    pub(super) fn candidates(&self, name: &str) -> Vec<Beginning> {
        let begun =
            self.automaton.find_overlapping_iter(name).map(|found| self.of[found.pattern().as_usize()]);
        let mut candidates: Vec<Beginning> = self.any.iter().copied().chain(begun).collect();
        candidates.sort_unstable();
        candidates.dedup_by_key(|candidate| candidate.pattern);
        candidates
    }
}

/// All that a pattern matches, where that is a list of words.
pub(super) fn whole_matches(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = parse(pattern).ok()?;
    let begins = extractor().extract(&hir);
    let whole = begins.literals()?.iter().all(|begin| begin.is_exact() && is_found(begin));
    let words = begins.literals()?.iter().map(|begin| begin.as_bytes().to_vec());
    (whole && hir.properties().look_set().is_empty()).then(|| words.collect())
}

fn extractor() -> Extractor {
    let mut extractor = Extractor::new();
    extractor.limit_class(40).limit_total(MOST);
    extractor
}

/// Whether the automaton, which knows no case but that of Latin letters, finds a beginning however it is written.
fn is_found(begin: &Literal) -> bool {
    let has_case = |c: char| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase());
    std::str::from_utf8(begin.as_bytes()).is_ok_and(|text| !text.is_empty() && !text.contains(has_case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;
    use proptest::prelude::*;
    use regex::{RegexSet, RegexSetBuilder};
    use std::sync::LazyLock;

    fn patterns() -> Vec<String> {
        Catalogue::built_in().categories.iter().map(|category| category.name_include.clone()).collect()
    }

    static SET: LazyLock<RegexSet> =
        LazyLock::new(|| RegexSetBuilder::new(patterns()).case_insensitive(true).build().unwrap());
    static BEGINNINGS: LazyLock<Beginnings> =
        LazyLock::new(|| Beginnings::of(patterns().iter().map(String::as_str)));

    fn assert_none_is_missed(name: &str) {
        let candidates = BEGINNINGS.candidates(name);
        let matched = SET.matches(name);
        for number in &matched {
            let found = candidates.iter().any(|it| usize::from(it.pattern) == number);
            assert!(found, "{name}: {}", patterns()[number]);
        }
        for sure in candidates.iter().filter(|it| it.unsure == 0) {
            let number = usize::from(sure.pattern);
            assert!(matched.matched(number), "{name}: {}", patterns()[number]);
        }
    }

    #[test]
    fn most_patterns_begin_in_few_ways() {
        assert!(BEGINNINGS.any.len() <= 3, "{:?}", BEGINNINGS.any);
        assert!(BEGINNINGS.candidates("荣耀天地").len() <= 4);
    }

    proptest! {
        /// Pieces of the patterns in any order are names that match most of them.
        #[test]
        fn no_pattern_that_matches_is_missed(
            pieces in prop::collection::vec((0usize..60, 0usize..200, 1usize..8, any::<bool>()), 1..5)
        ) {
            let patterns = patterns();
            let name: String = pieces
                .iter()
                .map(|(pattern, from, len, upper)| {
                    let text: Vec<char> = patterns[pattern % patterns.len()].replace(['?', '\\', '(', ')', '|'], "").chars().collect();
                    let piece: String = text.iter().cycle().skip(*from).take(*len).collect();
                    if *upper { piece.to_uppercase() } else { piece }
                })
                .collect();
            assert_none_is_missed(&name);
        }
    }

    #[test]
    fn real_names_keep_their_patterns() {
        for name in [
            "哈尔滨市第十七中学",
            "17中",
            "Grundschule Eschen",
            "7-ELEVEN",
            "中国邮政储蓄银行",
            "社区卫生服务站",
            "东门",
            "万达MALL",
            "24小时自助银行",
        ] {
            assert_none_is_missed(name);
        }
    }
}
