//! The languages of a board and their titles.

use super::file::Texts;
use crate::fonts::is_mongolian;
use std::collections::BTreeMap;

/// A language of the board, with the texts in it.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    pub(crate) code: String,
    pub(crate) title: String,
}

impl Language {
    /// Whether it is set from top to bottom, in columns from left to right.
    pub(crate) fn is_vertical(&self) -> bool {
        self.title.chars().any(is_mongolian)
    }
}

/// The languages in their order: the given one, else Chinese, English, then those that the file has texts for.
pub(super) fn languages(
    order: Option<Vec<String>>,
    texts: &BTreeMap<String, Texts>,
) -> Result<Vec<Language>, String> {
    let built_in = |code: &str| match code {
        "zh" => Some("一刻钟便民生活圈导视图"),
        "en" => Some("15-Minute Living Circle"),
        _ => None,
    };
    let order = order.unwrap_or_else(|| {
        let others = texts.keys().filter(|code| built_in(code).is_none()).cloned();
        ["zh", "en"].map(str::to_owned).into_iter().chain(others).collect()
    });
    if !order.iter().any(|code| code == "zh") {
        return Err("languages: `zh` has to be among them".to_owned());
    }
    if let Some(twice) = order.iter().enumerate().find(|(at, code)| order[..*at].contains(code)) {
        return Err(format!("languages: `{}` is there twice", twice.1));
    }
    let language = |code: &String| {
        let title = texts
            .get(code)
            .and_then(|texts| texts.title.clone())
            .or_else(|| built_in(code).map(str::to_owned));
        let title = title.ok_or_else(|| {
            format!("languages: nothing is translated by the program; give [text.{code}] a title, or leave `{code}` out")
        })?;
        Ok(Language { code: code.clone(), title })
    };
    order.iter().map(language).collect()
}
