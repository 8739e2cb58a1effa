//! Interned texts.

use circle_model::city::Text;
use rustc_hash::FxHashMap;

/// Texts end to end, each once.
#[derive(Debug, Default)]
pub(super) struct Texts {
    known: FxHashMap<Box<str>, Text>,
    pub(super) bytes: Vec<u8>,
}

impl Texts {
    /// Adds a text, unless it is known. The empty text is not stored.
    pub(super) fn add(&mut self, text: &str) -> Text {
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

    pub(super) fn add_some(&mut self, text: Option<&str>) -> Text {
        text.map_or_else(Text::default, |text| self.add(text))
    }
}
