//! Texts of a board that are given one by one, beside the board file.

use super::Settings;
use super::file::{LONGEST, Texts, checked_text};
use super::languages::{Language, languages};
use super::logo_uri::logo_of_uri;
use crate::error::PrintError;
use std::collections::BTreeMap;

/// Most characters of a text.
pub const LONGEST_TEXT: usize = LONGEST;

/// A text of the board file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardText {
    /// The Chinese title.
    Title,
    /// Who publishes the board.
    Issuer,
    /// A number to call.
    Hotline,
    /// The number of the map approval 审图号.
    ApprovalNumber,
    /// A note at the foot.
    Note,
}

impl Settings {
    /// Sets a text; an empty one removes that of the board file, except for the title.
    ///
    /// # Errors
    ///
    /// When it is too long.
    pub fn with_text(mut self, which: BoardText, text: &str) -> Result<Self, PrintError> {
        let text = checked_text(text).map_err(|what| PrintError::BoardFile { what })?;
        match which {
            BoardText::Title => {
                let chinese = self.languages.iter_mut().find(|language| language.code == "zh");
                if let (Some(chinese), Some(title)) = (chinese, text) {
                    chinese.title = title;
                    chinese.has_built_in_title = false;
                }
            }
            BoardText::Issuer => self.issuer = text,
            BoardText::Hotline => self.hotline = text,
            BoardText::ApprovalNumber => self.approval_number = text,
            BoardText::Note => self.note = text,
        }
        Ok(self)
    }

    /// Sets the languages, in this order. Those of the board file keep their titles.
    ///
    /// # Errors
    ///
    /// When Chinese is missing, one is given twice, or one has no title.
    pub fn with_languages(mut self, codes: &[String]) -> Result<Self, PrintError> {
        let titled =
            |language: &Language| (language.code.clone(), Texts { title: Some(language.title.clone()) });
        let written = self.languages.iter().filter(|language| !language.has_built_in_title);
        let known: BTreeMap<String, Texts> = written.map(titled).collect();
        let chosen = languages(Some(codes.to_vec()), &known);
        self.languages = chosen.map_err(|what| PrintError::BoardFile { what })?;
        Ok(self)
    }

    /// The codes of the languages, in their order.
    pub fn language_codes(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|language| language.code.as_str())
    }

    /// Sets the logo, a data URI of an SVG or PNG.
    ///
    /// # Errors
    ///
    /// When it is none, or too large.
    pub fn with_logo_uri(mut self, uri: &str) -> Result<Self, PrintError> {
        self.logo = Some(logo_of_uri(uri).map_err(|what| PrintError::BoardFile { what })?);
        self.logo_file = None;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;
    use std::path::Path;

    fn settings(text: &str) -> Settings {
        Settings::parse(text, Path::new("."), &Catalogue::built_in()).unwrap()
    }

    #[test]
    fn texts_replace_and_remove_those_of_the_board_file() {
        let of_file = settings("issuer = \"甲\"\nhotline = \"12345\"");
        let changed = of_file.with_text(BoardText::Issuer, "乙\u{200b}").unwrap();
        let changed = changed.with_text(BoardText::Hotline, "").unwrap();
        let changed = changed.with_text(BoardText::Title, "我们的生活圈").unwrap();
        let changed = changed.with_text(BoardText::Title, "").unwrap();
        assert_eq!((changed.issuer.as_deref(), changed.hotline.as_deref()), (Some("乙"), None));
        assert_eq!(changed.title(), "我们的生活圈", "a board has a title");
        let long = "长".repeat(LONGEST_TEXT + 1);
        assert!(changed.with_text(BoardText::Note, &long).is_err());
    }

    #[test]
    fn languages_keep_the_titles_of_the_board_file() {
        let codes = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let of_file = settings("[text.mn]\ntitle = \"ᠠᠷᠪᠠᠨ\"\n[text.zh]\ntitle = \"便民\"");
        let changed = of_file.clone().with_languages(&codes("mn,zh")).unwrap();
        assert_eq!(changed.language_codes().collect::<Vec<_>>(), ["mn", "zh"]);
        assert_eq!(changed.title(), "便民");
        for wrong in ["en", "zh,zh", "zh,ug", ""] {
            assert!(of_file.clone().with_languages(&codes(wrong)).is_err(), "{wrong}");
        }
        assert!(settings("").with_languages(&codes("zh,mn")).is_err(), "nothing is translated");
    }
}
