//! The colours of page and boards, for styles of exported layers.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The light theme.
#[derive(Deserialize)]
pub(crate) struct Day {
    pub(crate) page: Page,
    pub(crate) verdict: Colours,
    pub(crate) scale: Scale,
    /// Colours of the base map.
    pub(crate) map: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) muted: String,
    pub(crate) accent: String,
}

/// Colours of shares, from the lowest to the highest.
#[derive(Deserialize)]
pub(crate) struct Scale {
    pub(crate) steps: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Colours {
    pub(crate) covered: String,
    pub(crate) gap: String,
    pub(crate) gap_text: String,
    pub(crate) unknown: String,
    pub(crate) unknown_line: String,
}

/// The light theme of `data/look.toml`.
#[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
pub(crate) fn day() -> Day {
    #[derive(Deserialize)]
    struct Look {
        day: Day,
    }
    let look: Look = toml::from_str(include_str!("../../../data/look.toml")).expect("data/look.toml");
    look.day
}
