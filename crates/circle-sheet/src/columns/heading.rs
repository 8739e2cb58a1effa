//! Headings, normalised for comparison, and the datum that they name.

use super::role::Role;
use crate::datum::Crs;

/// A heading, ready for comparison.
#[derive(Debug)]
pub(super) struct Heading {
    /// The whole text, preceded by the heading above it.
    pub(super) whole: String,
    /// [`plain`] text of the lower heading alone.
    pub(super) plain: String,
    /// The same without the word for its datum.
    pub(super) without_datum: String,
    pub(super) datum: Option<Crs>,
}

impl Heading {
    /// From the heading above the column, which may be empty, and its own.
    pub(super) fn new((upper, lower): (&str, &str)) -> Self {
        // 60岁以上 above 人数: the upper heading names what is counted.
        let is_count = matches!(&*plain(lower), "人数" | "人口数" | "数量" | "合计" | "小计" | "数");
        let plain_upper = plain(upper);
        let by_upper = is_count && Role::ALL.iter().any(|role| role.usual_names().contains(&&*plain_upper));
        let plain = if by_upper { plain_upper } else { plain(lower) };
        let datum = datum_in(lower).or_else(|| datum_in(upper));
        let without_datum = datum.map_or_else(|| plain.clone(), |(word, _)| remove_datum(&plain, word));
        Self { whole: join_headings(upper, lower), plain, without_datum, datum: datum.map(|(_, crs)| crs) }
    }
}

/// The name of a column below another heading: `upper/lower`.
pub(crate) fn join_headings(upper: &str, lower: &str) -> String {
    match (upper, lower) {
        ("", name) | (name, "") => name.to_owned(),
        (upper, lower) => format!("{upper}/{lower}"),
    }
}

/// Words in headings that name a datum. A word precedes its prefixes.
const DATUM_WORDS: [(&str, Crs); 22] = [
    ("wgs84", Crs::Wgs84),
    ("wgs1984", Crs::Wgs84),
    ("gps", Crs::Wgs84),
    ("gcj02", Crs::Gcj02),
    ("gcj", Crs::Gcj02),
    ("高德", Crs::Gcj02),
    ("腾讯", Crs::Gcj02),
    ("火星", Crs::Gcj02),
    ("amap", Crs::Gcj02),
    ("tencent", Crs::Gcj02),
    ("bd09mc", Crs::Bd09Mc),
    ("bd09ll", Crs::Bd09),
    ("bd09", Crs::Bd09),
    ("baidu", Crs::Bd09),
    ("百度", Crs::Bd09),
    ("cgcs2000", Crs::Cgcs2000),
    ("cgcs", Crs::Cgcs2000),
    ("2000国家大地", Crs::Cgcs2000),
    ("国家大地2000", Crs::Cgcs2000),
    ("国家2000", Crs::Cgcs2000),
    ("大地2000", Crs::Cgcs2000),
    ("天地图", Crs::Cgcs2000),
];

/// The datum that a heading names, and the word for it.
fn datum_in(heading: &str) -> Option<(&'static str, Crs)> {
    let heading = without_marks(heading);
    DATUM_WORDS.into_iter().find(|(word, _)| heading.contains(*word))
}

fn remove_datum(plain: &str, word: &str) -> String {
    plain.replacen(&format!("{word}坐标系"), "", 1).replacen(word, "", 1)
}

/// Lower case, without blanks, underscores, hyphens and text in brackets.
pub(super) fn plain(heading: &str) -> String {
    let bare = heading.split(['(', '（', '[', '【']).next().unwrap_or_default();
    let bare = if bare.trim().is_empty() { heading } else { bare };
    without_marks(bare)
}

fn without_marks(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_without_a_datum_word_name_none() {
        assert_eq!(Heading::new(("", "经度")).datum, None);
        assert_eq!(Heading::new(("", "高德编码")).plain, "高德编码");
    }

    #[test]
    fn usual_names_are_plain_headings() {
        for role in Role::ALL {
            for name in role.usual_names() {
                assert_eq!(plain(name), *name, "{}: no heading can match it", role.word());
            }
        }
    }
}
