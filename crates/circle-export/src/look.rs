//! The colours of the page and the boards, for what others draw of our files.

use serde::Deserialize;
use std::collections::BTreeMap;

/// By day.
#[derive(Deserialize)]
pub(crate) struct Day {
    pub(crate) page: Page,
    pub(crate) verdict: Colours,
    pub(crate) scale: Scale,
    /// Of the base map.
    pub(crate) map: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) muted: String,
    pub(crate) accent: String,
}

/// From the least covered to the most.
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

/// The colours by day of `data/look.toml`.
#[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
pub(crate) fn day() -> Day {
    #[derive(Deserialize)]
    struct Look {
        day: Day,
    }
    let look: Look = toml::from_str(include_str!("../../../data/look.toml")).expect("data/look.toml");
    look.day
}
