//! Amap's table of types: the codes of its words `大类;中类;小类`.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Codes and names. Codes of large classes 大类 have two digits, of middle classes 中类 four, of small classes 小类 six.
const TABLE: &str = include_str!("../../../../data/amap_types.csv");

/// The table, indexed.
#[derive(Debug)]
pub(super) struct Types {
    names: FxHashMap<&'static str, &'static str>,
    /// Codes of two, four and six digits by name, in order.
    codes: FxHashMap<&'static str, Vec<&'static str>>,
}

/// The code of words in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) code: String,
    /// Every word was found; otherwise the code is that of a larger class.
    pub(super) whole: bool,
}

impl Types {
    pub(super) fn built_in() -> &'static Self {
        static TYPES: OnceLock<Types> = OnceLock::new();
        TYPES.get_or_init(|| {
            let mut types = Self { names: FxHashMap::default(), codes: FxHashMap::default() };
            for (code, name) in TABLE.lines().skip(1).filter_map(|line| line.split_once(',')) {
                types.names.insert(code, name);
                types.codes.entry(name).or_default().push(code);
            }
            types
        })
    }

    /// The code of `大类;中类;小类`, of the first two of them, or of the last two.
    pub(super) fn find(&self, words: &str) -> Option<Found> {
        let parts: Vec<&str> = words.split([';', '；']).map(str::trim).filter(|it| !it.is_empty()).collect();
        let (first, rest) = parts.split_first()?;
        let (last, _) = rest.split_last()?;
        let Some(large) = self.coded(first, 2, "").next() else {
            let small = self.coded(first, 4, "").find_map(|middle| self.coded(last, 6, middle).next())?;
            return Some(Found { code: small.to_owned(), whole: true });
        };
        let middles = || self.coded(rest[0], 4, large);
        let small = || middles().find_map(|middle| self.coded(last, 6, middle).next());
        if let Some(small) = small().filter(|_| rest.len() > 1) {
            return Some(Found { code: small.to_owned(), whole: true });
        }
        let code = match (middles().next(), self.coded(last, 6, large).next()) {
            (Some(middle), _) => format!("{middle}00"),
            (None, Some(small)) => small.to_owned(),
            (None, None) => format!("{large}0000"),
        };
        Some(Found { code, whole: false })
    }

    /// The code of a single word, a small class before a middle one.
    pub(super) fn find_word(&self, word: &str) -> Option<String> {
        let small = self.coded(word, 6, "").next().map(str::to_owned);
        small.or_else(|| self.coded(word, 4, "").next().map(|middle| format!("{middle}00")))
    }

    /// Codes of a name with `digits` digits that begin with `within`.
    fn coded(&self, name: &str, digits: usize, within: &str) -> impl Iterator<Item = &'static str> {
        let codes = self.codes.get(name).map(Vec::as_slice).unwrap_or_default();
        codes.iter().copied().filter(move |code| code.len() == digits && code.starts_with(within))
    }

    /// The words of a code, `大类;中类;小类`.
    pub(super) fn words(&self, code: &str) -> Option<String> {
        let part = |digits: usize| self.names.get(code.get(..digits)?).copied();
        Some([part(2)?, part(4)?, part(6)?].join(";"))
    }

    /// Every code of six digits, in order.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = &'static str> {
        TABLE.lines().filter_map(|line| line.split_once(',')).map(|(code, _)| code).filter(|it| it.len() == 6)
    }
}

/// The words of an Amap type code: `商务住宅;住宅区;住宅小区` for 120302.
pub fn amap_type(code: &str) -> Option<String> {
    Types::built_in().words(code.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(words: &str) -> Option<String> {
        Types::built_in().find(words).map(|found| found.code)
    }

    #[test]
    fn words_are_looked_up_from_the_large_class_to_the_small() {
        assert_eq!(code("商务住宅;住宅区;住宅小区").as_deref(), Some("120302"));
        assert_eq!(code("交通设施服务；上下客区；出租车").as_deref(), Some("151402"));
        assert_eq!(code("交通设施服务;出租车;出租车").as_deref(), Some("151100"));
        assert_eq!(code("超级市场;家乐福").as_deref(), Some("060401"));
    }

    #[test]
    fn an_unknown_small_class_falls_back_to_the_middle_one() {
        let found = |words| Types::built_in().find(words).unwrap();
        let middle = Found { code: "060400".into(), whole: false };
        assert_eq!(found("购物服务;超级市场;地利生鲜"), middle);
        assert_eq!(found("购物服务;超级市场"), middle);
        assert_eq!(code("购物服务;百货;书店").as_deref(), Some("061205"));
        assert_eq!(code("购物服务;百货;某某").as_deref(), Some("060000"));
        assert_eq!(code("美食;中餐厅"), None);
        assert_eq!(code("小学"), None);
        assert_eq!(code(""), None);
    }

    #[test]
    fn single_words_and_codes_have_names() {
        assert_eq!(Types::built_in().find_word("公安警察").as_deref(), Some("130501"));
        assert_eq!(Types::built_in().find_word("超级市场").as_deref(), Some("060400"));
        assert_eq!(amap_type("141201").as_deref(), Some("科教文化服务;学校;高等院校"));
        assert_eq!(amap_type("中学"), None);
        assert_eq!(amap_type("999999"), None);
    }
}
