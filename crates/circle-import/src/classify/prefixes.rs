//! Selects the patterns that a name can match, by the literal prefixes of their matches.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::hir::literal::{Extractor, Literal};
use regex_syntax::parse;

/// The literal prefixes of all patterns in one automaton.
///
/// A `RegexSet` of all patterns took a fifth of a build, because it is built lazily and its states are large
/// sets. Most names contain no prefix, and many patterns are plain words.
#[derive(Debug)]
pub(super) struct Prefixes {
    automaton: AhoCorasick,
    /// The pattern of each prefix.
    of: Vec<Prefix>,
    /// Patterns with too many prefixes, which are always candidates.
    any: Vec<Prefix>,
}

/// A pattern that a name may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prefix {
    pub(super) pattern: u8,
    /// 0 if the prefix is a whole match, 1 if the pattern must be tried.
    pub(super) unsure: u8,
}

/// Names are few and short, so the automaton that is built fastest takes the least time overall.
pub(super) const KIND: Option<AhoCorasickKind> = Some(AhoCorasickKind::NoncontiguousNFA);

/// Limit of prefixes of a pattern. A pattern with more is always a candidate.
const MOST: usize = 400;

impl Prefixes {
    /// Builds the automaton of case-insensitive patterns.
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test reads its patterns")]
    pub(super) fn of<'a>(patterns: impl Iterator<Item = &'a str>) -> Self {
        let extractor = extractor();
        let (mut literals, mut of, mut any) = (Vec::new(), Vec::new(), Vec::new());
        for (pattern, text) in (0u8..).zip(patterns) {
            let hir = parse(text).expect("pattern");
            let looks_around = !hir.properties().look_set().is_empty();
            let prefixes = extractor.extract(&hir);
            let prefixes =
                prefixes.literals().filter(|prefixes| prefixes.iter().all(is_found)).unwrap_or_default();
            if prefixes.is_empty() {
                any.push(Prefix { pattern, unsure: 1 });
            }
            for prefix in prefixes {
                let unsure = u8::from(looks_around || !prefix.is_exact());
                of.push(Prefix { pattern, unsure });
                literals.push(prefix.as_bytes().to_vec());
            }
        }
        let automaton = AhoCorasick::builder().kind(KIND).ascii_case_insensitive(true).build(&literals);
        Self { automaton: automaton.expect("a few thousand prefixes"), of, any }
    }

    /// The patterns that may match, ascending, without repeats.
    pub(super) fn candidates(&self, name: &str) -> Vec<Prefix> {
        let found =
            self.automaton.find_overlapping_iter(name).map(|found| self.of[found.pattern().as_usize()]);
        let mut candidates: Vec<Prefix> = self.any.iter().copied().chain(found).collect();
        candidates.sort_unstable();
        candidates.dedup_by_key(|candidate| candidate.pattern);
        candidates
    }
}

/// All matches of a pattern that is a list of words.
pub(super) fn whole_matches(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = parse(pattern).ok()?;
    let prefixes = extractor().extract(&hir);
    let whole = prefixes.literals()?.iter().all(|prefix| prefix.is_exact() && is_found(prefix));
    let words = prefixes.literals()?.iter().map(|prefix| prefix.as_bytes().to_vec());
    (whole && hir.properties().look_set().is_empty()).then(|| words.collect())
}

fn extractor() -> Extractor {
    let mut extractor = Extractor::new();
    extractor.limit_class(40).limit_total(MOST);
    extractor
}

/// Whether the automaton finds a prefix in any case; it folds only the case of ASCII letters.
fn is_found(prefix: &Literal) -> bool {
    let has_case = |c: char| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase());
    std::str::from_utf8(prefix.as_bytes()).is_ok_and(|text| !text.is_empty() && !text.contains(has_case))
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
    static PREFIXES: LazyLock<Prefixes> =
        LazyLock::new(|| Prefixes::of(patterns().iter().map(String::as_str)));

    fn assert_candidates_include_matches(name: &str) {
        let candidates = PREFIXES.candidates(name);
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
    fn most_patterns_have_few_prefixes() {
        assert!(PREFIXES.any.len() <= 3, "{:?}", PREFIXES.any);
        assert!(PREFIXES.candidates("荣耀天地").len() <= 4);
    }

    proptest! {
        /// Names are made of pieces of the patterns.
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
            assert_candidates_include_matches(&name);
        }
    }

    #[test]
    fn candidates_of_real_names_include_all_matches() {
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
            assert_candidates_include_matches(name);
        }
    }
}
