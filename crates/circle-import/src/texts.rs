//! Names, each kept once.

use circle_model::city::Text;
use rustc_hash::FxHashMap;

/// Collects names into one stretch of bytes.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    known: FxHashMap<Box<str>, Text>,
    pub(crate) bytes: Vec<u8>,
}

impl Texts {
    pub(crate) fn add(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return Text::default();
        }
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let added = Text { start: self.bytes.len() as u32, len: text.len() as u32 };
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.into(), added);
        added
    }

    /// A name that was added.
    pub(crate) fn text(&self, text: Text) -> &str {
        std::str::from_utf8(&self.bytes[text.range()]).unwrap_or_default()
    }

    pub(crate) fn add_some(&mut self, text: Option<&str>) -> Text {
        text.map_or_else(Text::default, |text| self.add(text))
    }
}
