//! The question of the things that have a name.

use crate::parameters::Parameters;
use crate::refusal::Refusal;
use circle_export::NamedKind;

/// Compounds, units, streets and facilities whose name, pinyin or initials have a text.
#[derive(Debug, Clone)]
pub struct NamesQuestion {
    /// The text.
    pub(crate) text: String,
    /// The kinds of things.
    pub(crate) kinds: Vec<NamedKind>,
    /// Most things.
    pub(crate) limit: usize,
}

impl NamesQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 3] = ["q", "limit", "kinds"];
    /// Most characters of the text.
    pub const LONGEST_TEXT: usize = 100;
    /// Most things if `limit` is not given.
    pub const DEFAULT_LIMIT: usize = 20;
    /// The largest `limit`.
    pub const LARGEST_LIMIT: usize = 50;

    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or `q` is not given.
    pub fn parse(parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        let text = parameters.text("q").unwrap_or_default();
        if !(1..=Self::LONGEST_TEXT).contains(&text.chars().count()) {
            let most = Self::LONGEST_TEXT;
            return Err(Refusal::parameter(
                "q",
                format!("give a name or a part of one, of 1 to {most} characters"),
            ));
        }
        let limit = parameters.whole("limit", 1)?.unwrap_or(Self::DEFAULT_LIMIT);
        if limit > Self::LARGEST_LIMIT {
            let most = Self::LARGEST_LIMIT;
            return Err(Refusal::parameter("limit", format!("it takes at most {most}, not {limit}")));
        }
        let kinds = match parameters.text("kinds") {
            Some(words) => words.split(',').map(kind).collect::<Result<_, _>>()?,
            None => NamedKind::ALL.to_vec(),
        };
        Ok(Self { text: text.to_owned(), kinds, limit })
    }
}

fn kind(asked: &str) -> Result<NamedKind, Refusal> {
    NamedKind::ALL.into_iter().find(|kind| kind.word() == asked).ok_or_else(|| Refusal::Word {
        name: "kinds",
        asked: asked.to_owned(),
        choices: NamedKind::ALL.map(|kind| kind.word().to_owned()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<NamesQuestion, Refusal> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        NamesQuestion::parse(&Parameters::new(pairs))
    }

    #[test]
    fn a_text_has_defaults() {
        let question = parse(&[("q", "公园")]).unwrap();
        assert_eq!((question.text.as_str(), question.limit), ("公园", 20));
        assert_eq!(question.kinds, NamedKind::ALL);
        let some = parse(&[("q", "a"), ("kinds", "street,unit"), ("limit", "50")]).unwrap();
        assert_eq!((some.kinds, some.limit), (vec![NamedKind::Street, NamedKind::Unit], 50));
    }

    #[test]
    fn impossible_searches_are_refused() {
        let (longest, too_long) = ("字".repeat(100), "字".repeat(101));
        assert!(parse(&[("q", &longest)]).is_ok());
        for wrong in [
            vec![],
            vec![("q", "")],
            vec![("q", too_long.as_str())],
            vec![("q", "a"), ("limit", "0")],
            vec![("q", "a"), ("limit", "51")],
            vec![("q", "a"), ("kinds", "")],
            vec![("q", "a"), ("kinds", "street,road")],
            vec![("q", "a"), ("at", "1,1")],
        ] {
            assert!(parse(&wrong).is_err(), "{wrong:?}");
        }
    }
}
