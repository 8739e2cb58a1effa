//! Detects and decodes the encoding of a text. Office programs in China write GB 18030 or its subset GBK by
//! default.

use crate::error::SheetError;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::path::Path;

/// Limit of the lines with non-ASCII characters from which the encoding is guessed.
const MAX_LINES: usize = 10_000;
/// Count of bytes of non-ASCII characters that are not UTF-8 by chance: ten characters in GBK are valid UTF-8
/// less than once in a million times.
const SURE_BYTES: usize = 20;

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
        if let Some(encoding) = named
            && let Some(other) = contradiction(bytes, encoding, marked.map(|(marked, _)| marked))
        {
            let (other, named) = (name_of(other), name_of(encoding));
            let reason = format!("it is in {other}, not in {named}, which is given as its encoding");
            return Err(SheetError::WrongEncoding { path: path.to_owned(), reason });
        }
        let (encoding, rest, assumption) = match (named, marked) {
            (_, Some((encoding, length))) => (encoding, &bytes[length..], None),
            (Some(encoding), None) => (encoding, bytes, None),
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

/// The encoding of the bytes if it is surely not `named`: that of their byte-order mark, or UTF-8.
fn contradiction(
    bytes: &[u8],
    named: &'static Encoding,
    marked: Option<&'static Encoding>,
) -> Option<&'static Encoding> {
    let is_utf_16 = |encoding: &'static Encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    if let Some(marked) = marked {
        // `utf-16` is the name of the one with little-endian units; the mark decides.
        return (marked != named && !(is_utf_16(marked) && is_utf_16(named))).then_some(marked);
    }
    if named == UTF_8 || std::str::from_utf8(bytes).is_err() {
        return None;
    }
    let is_utf_8 = if is_utf_16(named) {
        // Line ends and delimiters in UTF-16 contain a zero byte.
        !bytes.is_empty() && !bytes.contains(&0)
    } else {
        named.is_ascii_compatible() && bytes.iter().filter(|byte| !byte.is_ascii()).count() >= SURE_BYTES
    };
    is_utf_8.then_some(UTF_8)
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
    Encoding::for_label_no_replacement(name.trim().as_bytes())
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
        // The second is a name for encodings that are not decoded.
        for name in ["utf8mb4", "iso-2022-kr"] {
            let error = EncodedText::new(b"", Some(name), Path::new("x")).unwrap_err();
            assert!(matches!(error, SheetError::UnknownEncoding { .. }), "{error}");
        }
    }

    #[test]
    fn a_named_encoding_that_is_surely_wrong_is_rejected_with_the_right_one() {
        let utf_8 = "名称,经度,纬度\n康民诊所,126.6,45.7\n".as_bytes();
        let utf_16 = |text: &str, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(to_bytes).collect()
        };
        let marked_utf_16 = utf_16("\u{feff}名称,1\n", u16::to_le_bytes);
        let marked_utf_8 = ["\u{feff}".as_bytes(), b"name,1\n"].concat();
        for (bytes, named, right) in [
            (utf_8, "gbk", "UTF-8"),
            (utf_8, "big5", "UTF-8"),
            (b"name,lon\na,1\n", "utf-16le", "UTF-8"),
            (&marked_utf_16, "utf-8", "UTF-16LE"),
            (&marked_utf_8, "gb18030", "UTF-8"),
        ] {
            let error = EncodedText::new(bytes, Some(named), Path::new("x")).unwrap_err().to_string();
            assert!(error.contains(&format!("it is in {right}, not in ")), "{named}: {error}");
        }
        // `模` in GBK is valid UTF-8, and ASCII is in both encodings.
        for (bytes, expected) in [(b"\xc4\xa3,1\n".as_slice(), "模,1\n"), (b"name,1\n", "name,1\n")] {
            assert_eq!(text(bytes, Some("gbk")).decode(bytes).as_deref(), Some(expected));
        }
        let big_endian = utf_16("\u{feff}名,1\n", u16::to_be_bytes);
        assert_eq!(text(&big_endian, Some("utf-16")).bytes.as_ref(), "名,1\n".as_bytes());
        let unmarked = utf_16("名,1\n", u16::to_le_bytes);
        assert_eq!(text(&unmarked, Some("utf-16le")).bytes.as_ref(), "名,1\n".as_bytes());
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
