//! Colours and sizes of boards, from `data/look.toml`, which the page uses too.

use crate::colour::Colour;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The design tokens that boards use.
#[derive(Debug, Deserialize)]
pub(crate) struct Look {
    pub(crate) day: Day,
    pub(crate) board: Board,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Day {
    pub(crate) page: HashMap<String, String>,
    pub(crate) map: HashMap<String, String>,
    pub(crate) band: Bands,
    pub(crate) group: HashMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bands {
    pub(crate) colours: Vec<Colour>,
    pub(crate) labels: Vec<Colour>,
    pub(crate) opacity: f64,
}

/// Sizes in millimetres at A1, and shares.
#[derive(Debug, Deserialize)]
pub(crate) struct Board {
    pub(crate) here: Colour,
    pub(crate) muted: Colour,
    pub(crate) margin: f64,
    pub(crate) unit: f64,
    pub(crate) smallest: f64,
    pub(crate) english: f64,
    pub(crate) patterns: Vec<String>,
    #[serde(rename = "type")]
    pub(crate) sizes: Sizes,
    pub(crate) portrait: Shares,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sizes {
    pub(crate) title: f64,
    pub(crate) compound: f64,
    pub(crate) band: f64,
    pub(crate) list_name: f64,
    pub(crate) minutes: f64,
    pub(crate) metres: f64,
    pub(crate) street: f64,
    pub(crate) fine: f64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Shares {
    pub(crate) list: f64,
    pub(crate) foot: f64,
}

impl Look {
    #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
    pub(crate) fn built_in() -> &'static Self {
        static LOOK: OnceLock<Look> = OnceLock::new();
        LOOK.get_or_init(|| toml::from_str(include_str!("../../../data/look.toml")).expect("data/look.toml"))
    }

    /// A map colour of the light theme.
    pub(crate) fn map(&self, name: &str) -> Colour {
        colour(&self.day.map, name)
    }

    /// A page colour of the light theme.
    pub(crate) fn page(&self, name: &str) -> Colour {
        colour(&self.day.page, name)
    }

    /// The colour of a category group.
    pub(crate) fn group(&self, id: &str) -> Colour {
        colour(&self.day.group, id)
    }
}

fn colour(of: &HashMap<String, String>, name: &str) -> Colour {
    let known = of.get(name).and_then(|text| Colour::parse(text));
    debug_assert!(known.is_some(), "no colour `{name}` in data/look.toml");
    known.unwrap_or(Colour([0x5c, 0x68, 0x64]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;

    #[test]
    fn text_has_enough_contrast_with_its_ground() {
        let look = Look::built_in();
        let paper = look.page("paper");
        for (name, colour) in
            [("text", look.page("text")), ("accent", look.page("accent")), ("here", look.board.here)]
        {
            assert!(colour.contrast(paper) >= 4.5, "{name} {:.1}", colour.contrast(paper));
        }
        for colour in [look.page("text"), look.board.muted] {
            assert!(colour.contrast(paper) >= 7.0, "{colour}");
        }
        for group in Catalogue::built_in().groups {
            assert!(look.group(&group.id).contrast(Colour::WHITE) >= 3.0, "{}", group.id);
        }
    }
}
