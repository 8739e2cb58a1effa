//! Detects and decodes the encoding of a text. Office programs in China write GB 18030 or its subset GBK by
//! default.

use crate::error::SheetError;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use std::borrow::Cow;
use std::path::Path;

/// Limit of the lines with non-ASCII characters from which the encoding is guessed.
const MAX_LINES: usize = 10_000;

/// The bytes of a file in an encoding in which commas and line ends are ASCII bytes.
#[derive(Debug)]
pub(crate) struct EncodedText<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    encoding: &'static Encoding,
    /// The name of the encoding in messages.
    pub(crate) name: &'static str,
    /// The remark on a guessed encoding other than UTF-8.
    pub(crate) assumption: Option<String>,
    /// Whether U+FFFD has replaced characters that do not decode.
    has_replacements: bool,
}

impl<'a> EncodedText<'a> {
    pub(crate) fn new(bytes: &'a [u8], named: Option<&str>, path: &Path) -> Result<Self, SheetError> {
        let unknown =
            |name: &str| SheetError::UnknownEncoding { path: path.to_owned(), encoding: name.to_owned() };
        let named = named.map(|name| by_name(name).ok_or_else(|| unknown(name))).transpose()?;
        let marked = Encoding::for_bom(bytes);
        let (encoding, rest, assumption) = match (named, marked) {
            (Some(encoding), _) => {
                let mark_bytes =
                    marked.filter(|(marked, _)| *marked == encoding).map_or(0, |(_, length)| length);
                (encoding, &bytes[mark_bytes..], None)
            }
            (None, Some((encoding, length))) => (encoding, &bytes[length..], None),
            (None, None) => {
                let encoding = guess(bytes).map_err(|reason| SheetError::WrongEncoding {
                    path: path.to_owned(),
                    reason: reason.to_owned(),
                })?;
                let assumption = format!("it is not in UTF-8; it was read as {}", name_of(encoding));
                (encoding, bytes, (encoding != UTF_8).then_some(assumption))
            }
        };
        let name = name_of(encoding);
        if encoding.is_ascii_compatible() {
            return Ok(Self { bytes: rest.into(), encoding, name, assumption, has_replacements: false });
        }
        let (text, has_replacements) = encoding.decode_without_bom_handling(rest);
        let bytes = text.into_owned().into_bytes().into();
        Ok(Self { bytes, encoding: UTF_8, name, assumption, has_replacements })
    }

    /// A part of the bytes as text; `None` if it is not in the encoding.
    pub(crate) fn decode<'b>(&self, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
        if self.encoding != UTF_8 && !bytes.is_ascii() {
            return self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        }
        let text = std::str::from_utf8(bytes).ok()?;
        (!self.has_replacements || !text.contains('\u{fffd}')).then_some(Cow::Borrowed(text))
    }

    /// The text in UTF-8, with every full-width comma replaced.
    pub(crate) fn replace_wide_commas(self, replacement: char) -> Self {
        let (name, assumption) = (self.name, self.assumption.clone());
        let text = String::from_utf8_lossy(&self.into_utf8()).replace('，', &replacement.to_string());
        Self { bytes: text.into_bytes().into(), encoding: UTF_8, name, assumption, has_replacements: true }
    }

    /// The whole text as UTF-8, with U+FFFD for bytes that do not decode.
    pub(crate) fn into_utf8(self) -> Cow<'a, [u8]> {
        if self.encoding == UTF_8 {
            return self.bytes;
        }
        match self.bytes {
            Cow::Borrowed(bytes) => match self.encoding.decode_without_bom_handling(bytes).0 {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            Cow::Owned(bytes) => {
                Cow::Owned(self.encoding.decode_without_bom_handling(&bytes).0.into_owned().into_bytes())
            }
        }
    }
}

/// UTF-8 if most lines are in it, else GB 18030.
///
/// # Errors
/// If most lines are in neither, or the text is in Big5.
pub(crate) fn guess(bytes: &[u8]) -> Result<&'static Encoding, &'static str> {
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(UTF_8);
    }
    if is_probably_big5(&bytes[..bytes.len().min(1 << 16)]) {
        return Err("it seems to be in Big5; set `encoding = \"big5\"` in OWN.toml");
    }
    let lines =
        bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_ascii()).take(MAX_LINES);
    let (mut all, mut utf8, mut gb18030) = (0, 0, 0);
    for line in lines {
        all += 1;
        utf8 += usize::from(std::str::from_utf8(line).is_ok());
        gb18030 += usize::from(GB18030.decode_without_bom_handling_and_without_replacement(line).is_some());
    }
    if utf8 * 2 > all {
        Ok(UTF_8)
    } else if gb18030 * 2 > all {
        Ok(GB18030)
    } else {
        Err("it is neither in UTF-8 nor in GB 18030")
    }
}

/// Frequent characters of headings and addresses, simplified and traditional.
const FREQUENT: &str = "名称稱经經纬緯度类類别別地址电電话話号號市区區路街院所小店校园園";

/// Whether a text has frequent characters when decoded as Big5, and hardly any as GB 18030.
fn is_probably_big5(bytes: &[u8]) -> bool {
    let frequent = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(bytes).0;
        text.chars().filter(|c| FREQUENT.contains(*c)).count()
    };
    let (big5, gb18030) = (frequent(BIG5), frequent(GB18030));
    big5 >= 3 && big5 > 4 * gb18030
}

/// The encoding of a name such as `gbk`.
pub(crate) fn by_name(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes())
}

/// Its name in messages.
pub(crate) fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB 18030" } else { encoding.name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(bytes: &'a [u8], named: Option<&str>) -> EncodedText<'a> {
        EncodedText::new(bytes, named, Path::new("x")).unwrap()
    }

    #[test]
    fn byte_order_marks_and_names_decide_the_encoding() {
        assert_eq!(text("\u{feff}名".as_bytes(), None).bytes.as_ref(), "名".as_bytes());
        let utf16: Vec<u8> = "\u{feff}名,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = text(&utf16, None);
        assert_eq!((decoded.bytes.as_ref(), decoded.name), ("名,1\n".as_bytes(), "UTF-16LE"));
        let (gbk, ..) = GB18030.encode("名");
        assert_eq!(text(&gbk, Some("gb2312")).decode(&gbk).as_deref(), Some("名"));
        assert!(matches!(
            EncodedText::new(b"", Some("utf8mb4"), Path::new("x")),
            Err(SheetError::UnknownEncoding { .. })
        ));
    }

    #[test]
    fn a_few_broken_lines_are_still_utf_8() {
        let mut bytes = "名称\n和平里\n东直门\n".as_bytes().to_vec();
        bytes.extend(b"\xe5\xe5\n");
        assert_eq!(guess(&bytes), Ok(UTF_8));
        let (gb18030, ..) = GB18030.encode("名称\n和平里\n东直门\n𠀀\n");
        assert_eq!(guess(&gb18030), Ok(GB18030));
        assert!(guess(&[0xff, 0xff, b'\n', 0xff]).is_err());
    }

    #[test]
    fn big5_is_distinguished_from_gb_18030() {
        let (big5, ..) = BIG5.encode("名稱,經度,緯度\n和平診所,126.6,45.7\n");
        assert!(guess(&big5).unwrap_err().contains("Big5"));
        assert_eq!(
            text(&big5, Some("big5")).decode(&big5).as_deref(),
            Some("名稱,經度,緯度\n和平診所,126.6,45.7\n")
        );
        let (gb18030, ..) = GB18030.encode("名稱,經度,緯度\n和平診所,126.6,45.7\n");
        assert_eq!(guess(&gb18030), Ok(GB18030));
    }

    #[test]
    fn replacement_characters_do_not_decode() {
        let mut utf16: Vec<u8> = "\u{feff}ab".encode_utf16().flat_map(u16::to_le_bytes).collect();
        utf16.extend(0xd800u16.to_le_bytes());
        let decoded = text(&utf16, None);
        assert_eq!(decoded.decode(b"ab").as_deref(), Some("ab"));
        assert_eq!(decoded.decode("\u{fffd}".as_bytes()), None);
    }
}
