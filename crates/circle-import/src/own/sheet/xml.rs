//! XML of own files: attributes, texts, and no end to nesting.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// Nothing that people make is nested deeper.
const DEEPEST: usize = 200;

/// Events of a text, with how deep each lies.
pub(super) struct Events<'a> {
    reader: Reader<&'a [u8]>,
    /// Elements that are open.
    pub(super) depth: usize,
}

impl<'a> Events<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        // An element without content is one that ends at once.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// The next event; nothing at the end.
    ///
    /// # Errors
    /// Says what is broken.
    pub(super) fn next(&mut self) -> Result<Option<Event<'a>>, String> {
        let event = self.reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(text) if text.contains("<!ENTITY") => {
                return Err("it declares entities of its own".to_owned());
            }
            Event::Eof if self.depth > 0 => return Err("it is cut off".to_owned()),
            Event::Eof => return Ok(None),
            _ => {}
        }
        if self.depth > DEEPEST {
            return Err(format!("its elements are nested more than {DEEPEST} deep"));
        }
        Ok(Some(event))
    }

    /// The byte that is read next.
    pub(super) fn position(&self) -> usize {
        self.reader.buffer_position() as usize
    }
}

/// An attribute by its whole name, prefix included.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // To look for doubles takes the square of their number.
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Adds what an event says to a text; entities other than XML's own are left out.
pub(super) fn add_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(part) => text.extend(character(part)),
        _ => {}
    }
}

fn character(part: &BytesRef<'_>) -> Option<char> {
    if part.is_char_ref() {
        return part.resolve_char_ref().ok().flatten();
    }
    Some(match &*part.xml10_content() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
