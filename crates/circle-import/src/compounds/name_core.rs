//! The distinguishing part of a compound's name.

use unicode_normalization::UnicodeNormalization;

/// Names are compared up to this many characters.
const LONGEST: usize = 60;

/// The distinguishing part of a compound's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NameCore {
    /// The name without the word for a compound, then without one place after the other before it.
    pub(super) variants: Vec<String>,
    /// The text in brackets, or the phase at the end.
    pub(super) phase: String,
}

/// Words for a compound that a name may end in.
const KINDS: [&str; 4] = ["住宅小区", "居住小区", "居民小区", "小区"];
/// Words that a place before a name ends in.
const PLACES: [&str; 11] = ["省", "自治区", "市", "区", "县", "旗", "街道办事处", "街道", "镇", "乡", "社区"];
/// Least count of characters of a name.
const SHORTEST: usize = 2;

impl NameCore {
    pub(super) fn of(name: &str) -> Self {
        let name: String = name.nfkc().flat_map(char::to_lowercase).take(LONGEST).collect();
        let (mut stem, mut phase, mut depth) = (String::new(), String::new(), 0u32);
        for c in name.chars() {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => depth = depth.saturating_sub(1),
                c if !c.is_alphanumeric() => {}
                c if depth > 0 => phase.push(digit(c)),
                c => stem.push(c),
            }
        }
        if stem.is_empty() {
            std::mem::swap(&mut stem, &mut phase);
        }
        if phase.is_empty()
            && let Some(before) = before_phase(&stem)
        {
            phase = stem[before..].chars().map(digit).collect();
            stem.truncate(before);
        }
        let chars = |text: &str| text.chars().count();
        if let Some(bare) =
            KINDS.iter().find_map(|kind| stem.strip_suffix(kind)).filter(|bare| chars(bare) >= SHORTEST)
        {
            stem = bare.to_owned();
        }
        let mut variants = vec![stem.clone()];
        // A place ends in its word, and the rest of the name follows.
        for (at, _) in stem.char_indices().skip(1) {
            let ends =
                PLACES.iter().any(|word| stem[..at].ends_with(word) && chars(&stem[..at]) > chars(word));
            if ends && chars(&stem[at..]) >= SHORTEST {
                variants.push(stem[at..].to_owned());
            }
        }
        Self { variants, phase }
    }

    /// The name with all places before it.
    pub(super) fn whole(&self) -> &str {
        &self.variants[0]
    }

    /// Whether one name begins with the other: 城东新居 and 城东新居B区.
    pub(super) fn is_part_of(&self, other: &Self) -> bool {
        let phases = self.phase.is_empty() || other.phase.is_empty() || self.phase == other.phase;
        let within = |a: &str, b: &str| a.chars().count() > SHORTEST && b.starts_with(a);
        phases && self.variants.iter().any(|name| within(name, other.whole()) || within(other.whole(), name))
    }
}

/// The position of a phase at the end: 一期, 2期.
fn before_phase(stem: &str) -> Option<usize> {
    let before = stem.strip_suffix('期')?;
    let bare = before.trim_end_matches(|c: char| c.is_ascii_digit() || NUMERALS.contains(c));
    (bare.len() < before.len() && bare.chars().count() >= SHORTEST).then_some(bare.len())
}

const NUMERALS: &str = "一二三四五六七八九";

fn digit(c: char) -> char {
    let at = NUMERALS.chars().position(|numeral| numeral == c);
    at.and_then(|at| char::from_digit(at as u32 + 1, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_lack_places_and_words_for_compounds() {
        let core = |name: &str| NameCore::of(name);
        assert_eq!(core("城东新居-B区小区").variants, ["城东新居b区"]);
        assert_eq!(core("城东新居-B区").variants, ["城东新居b区"]);
        assert_eq!(
            core("哈尔滨市南岗区和平里小区").variants,
            ["哈尔滨市南岗区和平里", "南岗区和平里", "和平里"]
        );
        assert_eq!(
            (core("和平里（一期）").phase, core("和平里1期").phase),
            ("1期".to_owned(), "1期".to_owned())
        );
        assert_eq!(core("和平里小区一期").variants, ["和平里"]);
        // The word alone is a name, and a district at the end is part of the name.
        assert_eq!(
            (core("小区").variants, core("东小区").variants),
            (vec!["小区".to_owned()], vec!["东小区".to_owned()])
        );
        assert_eq!(core("道外小区").variants, ["道外"]);
        assert!(core("城东新居").is_part_of(&core("城东新居-B区")));
        assert!(!core("和平里(一期)").is_part_of(&core("和平里(二期)")));
        assert!(!core("和平").is_part_of(&core("和平里")));
    }
}
