//! Events of XML from untrusted sources: bounded nesting, no declared entities.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

/// Limit of nested elements.
const MAX_DEPTH: usize = 200;

/// The events of a text, with the current depth.
pub(crate) struct XmlEvents<'a> {
    reader: Reader<&'a [u8]>,
    /// Count of open elements.
    pub(crate) depth: usize,
}

impl<'a> XmlEvents<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        // `<a/>` yields a start and an end.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    /// The next event; `None` at the end.
    ///
    /// # Errors
    /// If the text is not well-formed, declares entities or is nested too deep.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'a>>, String> {
        let event = self.reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(text) if text.contains("<!ENTITY") => {
                return Err("it declares entities".to_owned());
            }
            Event::Eof if self.depth > 0 => return Err("it is cut off".to_owned()),
            Event::Eof => return Ok(None),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            return Err(format!("its elements are nested more than {MAX_DEPTH} deep"));
        }
        Ok(Some(event))
    }

    /// The position of the next byte.
    pub(crate) fn position(&self) -> usize {
        self.reader.buffer_position() as usize
    }
}

/// The value of an attribute by its whole name, the prefix included.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    // The check for duplicates takes quadratic time.
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Appends the text of an event. Entities other than those of XML are dropped.
pub(crate) fn append_text(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(part) => text.extend(resolve_reference(part)),
        _ => {}
    }
}

fn resolve_reference(part: &BytesRef<'_>) -> Option<char> {
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
