//! Comparison of names: whether two names may be of one place.

use regex::Regex;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// A normalized name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PlainName {
    /// Without brackets, blanks and punctuation; empty for a place without a name of its own.
    pub(crate) stem: Box<str>,
    /// The text in brackets, mostly a branch.
    branch: Box<str>,
    /// A Bloom filter of its characters, which rejects most different names.
    letters: u64,
    /// Its pairs of neighbouring characters, sorted.
    pairs: Box<[u64]>,
    /// Numbers and directions, which distinguish similar names: 第三十九中学, 东门.
    marks: Box<str>,
}

/// The result of comparing two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alike {
    Equal,
    Similar,
    /// At least one is empty.
    Unnamed,
    Different,
}

const MARKS: &str = "0123456789零〇一二三四五六七八九十百东西南北左右前后上下甲乙丙丁";
/// Names are compared up to this many characters.
const LONGEST: usize = 60;
/// Least share of common character pairs of similar names (Dice coefficient).
const LIKE: f64 = 0.75;

impl PlainName {
    /// Normalizes a name. `generic` returns whether a name is only the word for its kind, such as 超市.
    pub(crate) fn of(name: Option<&str>, generic: impl Fn(&str) -> bool) -> Self {
        let Some(name) = name else { return Self::default() };
        let name: String = name.nfkc().flat_map(char::to_lowercase).take(LONGEST).collect();
        let (mut stem, mut branch, mut depth) = (String::new(), String::new(), 0u32);
        for c in name.chars() {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => depth = depth.saturating_sub(1),
                c if !c.is_alphanumeric() => {}
                c if depth > 0 => branch.push(c),
                c => stem.push(c),
            }
        }
        if generic(&name) || generic(&stem) {
            return Self::default();
        }
        if stem.is_empty() {
            std::mem::swap(&mut stem, &mut branch);
        }
        let marks = stem.chars().filter(|c| MARKS.contains(*c)).collect::<String>().into();
        let letters =
            stem.chars().fold(0, |letters, c| letters | 1 << (u32::from(c).wrapping_mul(0x9E37_79B1) >> 26));
        let pairs = pairs_of(&stem);
        Self { stem: stem.into(), branch: branch.into(), marks, letters, pairs }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.stem.is_empty()
    }

    pub(crate) fn has_stem_of(&self, other: &Self) -> bool {
        self.letters == other.letters && self.stem == other.stem
    }

    pub(crate) fn compare(&self, other: &Self) -> Alike {
        if self.is_none() || other.is_none() {
            return Alike::Unnamed;
        }
        let branches = self.branch.is_empty() || other.branch.is_empty() || self.branch == other.branch;
        if !branches {
            return Alike::Different;
        }
        if self.has_stem_of(other) {
            return Alike::Equal;
        }
        let (short, long) = if self.stem.len() <= other.stem.len() {
            (&self.stem, &other.stem)
        } else {
            (&other.stem, &self.stem)
        };
        let (few, many) = (short.chars().count(), long.chars().count());
        let common = (self.letters & other.letters).count_ones();
        let most = self.letters.count_ones().max(other.letters.count_ones());
        if 2 * common < most {
            return Alike::Different;
        }
        // 哈尔滨市第三十九中学 and 第三十九中学: a name may lack the place before it, but no number of its own.
        if long.ends_with(&**short) && few >= 4 && 2 * few >= many && Self::ends_alike(short, self, other) {
            return Alike::Similar;
        }
        let like = self.marks == other.marks && in_common(&self.pairs, &other.pairs) >= LIKE;
        if like { Alike::Similar } else { Alike::Different }
    }

    /// Whether the numbers within the common suffix are the same; those before it may differ.
    fn ends_alike(short: &str, a: &Self, b: &Self) -> bool {
        let digits = |name: &Self| name.marks.chars().filter(char::is_ascii_digit).count();
        let of_short = if &*a.stem == short { a } else { b };
        let of_long = if &*a.stem == short { b } else { a };
        digits(of_short) == digits(of_long) && of_long.marks.ends_with(&*of_short.marks)
    }
}

/// Pairs of neighbouring characters, sorted.
fn pairs_of(stem: &str) -> Box<[u64]> {
    let chars: Vec<char> = stem.chars().collect();
    let mut pairs: Box<[u64]> =
        chars.windows(2).map(|pair| u64::from(pair[0]) << 32 | u64::from(pair[1])).collect();
    pairs.sort_unstable();
    pairs
}

/// Dice coefficient of sorted character pairs (Dice 1945).
fn in_common(a: &[u64], b: &[u64]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2.0 * f64::from(common) / (a.len() + b.len()) as f64
}

/// The place that a gate is named after: 人民公园 of 人民公园东门, 人民公园-2号门, 人民公园(南门). `None` for other names.
pub(crate) fn behind_gate(name: &str) -> Option<String> {
    #[expect(clippy::expect_used, reason = "the pattern is a constant")]
    fn pattern() -> &'static Regex {
        static GATE: OnceLock<Regex> = OnceLock::new();
        GATE.get_or_init(|| {
            let text = r"^(.{2,}?)[-—·\s(（]*((东|西|南|北|正|侧|后|主|东南|东北|西南|西北)(大)?门|[0-9一二三四五六七八九十]+号?门|出入口|入口)[)）]?$";
            Regex::new(text).expect("pattern")
        })
    }
    pattern().captures(name.trim()).map(|found| found[1].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(a: &str, b: &str) -> Alike {
        let plain =
            |name: &str| PlainName::of(Some(name).filter(|name| !name.is_empty()), |name| name == "超市");
        assert_eq!(plain(a).compare(&plain(b)), plain(b).compare(&plain(a)));
        plain(a).compare(&plain(b))
    }

    #[test]
    fn names_of_one_place_are_equal_or_similar() {
        assert_eq!(compare("国大药房", "国大 药房"), Alike::Equal);
        assert_eq!(compare("国大药房(钢铁路店)", "国大药房"), Alike::Equal);
        assert_eq!(compare("KFC", "ＫＦＣ"), Alike::Equal);
        assert_eq!(compare("第三十九中学", "哈尔滨市第三十九中学"), Alike::Similar);
        assert_eq!(compare("哈尔滨市儿童医院", "哈尔滨儿童医院"), Alike::Similar);
    }

    #[test]
    fn numbers_directions_and_branches_distinguish_places() {
        assert_eq!(compare("第三十九中学", "第三十六中学"), Alike::Different);
        assert_eq!(compare("人民公园东门", "人民公园西门"), Alike::Different);
        assert_eq!(compare("国大药房(一店)", "国大药房(二店)"), Alike::Different);
        assert_eq!(compare("第十中学", "第五十中学"), Alike::Different);
        assert_eq!(compare("联华超市", "华联超市"), Alike::Different);
    }

    #[test]
    fn the_word_for_a_kind_counts_as_no_name() {
        assert_eq!(compare("超市", "联华超市"), Alike::Unnamed);
        assert_eq!(compare("", "联华超市"), Alike::Unnamed);
    }

    #[test]
    fn gates_are_named_after_their_places() {
        for (gate, inside) in [
            ("人民公园东门", Some("人民公园")),
            ("兆麟公园-2号门", Some("兆麟公园")),
            ("第一医院(南门)", Some("第一医院")),
            ("人民公园", None),
            ("东门", None),
        ] {
            assert_eq!(behind_gate(gate).as_deref(), inside, "{gate}");
        }
    }
}
