//! Which encoding a text is in. Office programs in China write GB 18030 and its subset GBK where nobody asks for UTF-8.

use super::error::SheetError;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use std::borrow::Cow;
use std::path::Path;

/// So many lines that are not ASCII tell the encoding.
const LINES: usize = 10_000;

/// The bytes of a file in an encoding in which commas and line ends are what they are in ASCII.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    encoding: &'static Encoding,
    /// The name of the encoding for people.
    pub(super) name: &'static str,
    /// Whether it was none that needs no remark.
    pub(super) assumed: Option<String>,
    /// Whether characters that do not decode have become U+FFFD.
    replaced: bool,
}

impl<'a> Text<'a> {
    pub(super) fn of(bytes: &'a [u8], named: Option<&str>, path: &Path) -> Result<Self, SheetError> {
        let unknown =
            |name: &str| SheetError::UnknownEncoding { path: path.to_owned(), encoding: name.to_owned() };
        let named = named.map(|name| by_name(name).ok_or_else(|| unknown(name))).transpose()?;
        let marked = Encoding::for_bom(bytes);
        let (encoding, rest, assumed) = match (named, marked) {
            (Some(encoding), _) => {
                let mark = marked.filter(|(marked, _)| *marked == encoding).map_or(0, |(_, length)| length);
                (encoding, &bytes[mark..], None)
            }
            (None, Some((encoding, length))) => (encoding, &bytes[length..], None),
            (None, None) => {
                let encoding = guess(bytes).map_err(|reason| SheetError::WrongEncoding {
                    path: path.to_owned(),
                    reason: reason.to_owned(),
                })?;
                let assumed = format!("it is not in UTF-8; it was read as {}", name_of(encoding));
                (encoding, bytes, (encoding != UTF_8).then_some(assumed))
            }
        };
        let name = name_of(encoding);
        if encoding.is_ascii_compatible() {
            return Ok(Self { bytes: rest.into(), encoding, name, assumed, replaced: false });
        }
        let (text, replaced) = encoding.decode_without_bom_handling(rest);
        let bytes = text.into_owned().into_bytes().into();
        Ok(Self { bytes, encoding: UTF_8, name, assumed, replaced })
    }

    /// A part of the bytes as text; nothing if it is not in the encoding.
    pub(super) fn decode<'b>(&self, bytes: &'b [u8]) -> Option<Cow<'b, str>> {
        if self.encoding != UTF_8 && !bytes.is_ascii() {
            return self.encoding.decode_without_bom_handling_and_without_replacement(bytes);
        }
        let text = std::str::from_utf8(bytes).ok()?;
        (!self.replaced || !text.contains('\u{fffd}')).then_some(Cow::Borrowed(text))
    }

    /// The same with another mark for full-width commas, where these part the cells.
    pub(super) fn with_wide_commas_as(self, mark: char) -> Self {
        let (name, assumed) = (self.name, self.assumed.clone());
        let text = String::from_utf8_lossy(&self.into_utf8()).replace('，', &mark.to_string());
        Self { bytes: text.into_bytes().into(), encoding: UTF_8, name, assumed, replaced: true }
    }

    /// All of it as UTF-8, with U+FFFD where it does not decode.
    pub(super) fn into_utf8(self) -> Cow<'a, [u8]> {
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

/// UTF-8, if need be with broken lines, or GB 18030.
pub(super) fn guess(bytes: &[u8]) -> Result<&'static Encoding, &'static str> {
    if std::str::from_utf8(bytes).is_ok() {
        return Ok(UTF_8);
    }
    if seems_big5(&bytes[..bytes.len().min(1 << 16)]) {
        return Err("it seems to be in Big5, which is read where OWN.toml says `encoding = \"big5\"`");
    }
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_ascii()).take(LINES);
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

/// Characters of headings and addresses, in both scripts.
const COMMON: &str = "名称稱经經纬緯度类類别別地址电電话話号號市区區路街院所小店校园園";

/// Whether a text in Big5 says much that is common, and in GB 18030 hardly any of it.
fn seems_big5(bytes: &[u8]) -> bool {
    let common = |encoding: &'static Encoding| {
        let text = encoding.decode_without_bom_handling(bytes).0;
        text.chars().filter(|c| COMMON.contains(*c)).count()
    };
    let (big5, gb18030) = (common(BIG5), common(GB18030));
    big5 >= 3 && big5 > 4 * gb18030
}

/// The encoding of a name such as `gbk`.
pub(super) fn by_name(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes())
}

/// Its name for people.
pub(super) fn name_of(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB 18030" } else { encoding.name() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(bytes: &'a [u8], named: Option<&str>) -> Text<'a> {
        Text::of(bytes, named, Path::new("x")).unwrap()
    }

    #[test]
    fn marks_and_names_tell_the_encoding() {
        assert_eq!(text("\u{feff}名".as_bytes(), None).bytes.as_ref(), "名".as_bytes());
        let utf16: Vec<u8> = "\u{feff}名,1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let decoded = text(&utf16, None);
        assert_eq!((decoded.bytes.as_ref(), decoded.name), ("名,1\n".as_bytes(), "UTF-16LE"));
        let (gbk, ..) = GB18030.encode("名");
        assert_eq!(text(&gbk, Some("gb2312")).decode(&gbk).as_deref(), Some("名"));
        assert!(matches!(
            Text::of(b"", Some("utf8mb4"), Path::new("x")),
            Err(SheetError::UnknownEncoding { .. })
        ));
    }

    #[test]
    fn few_broken_lines_do_not_make_gb_18030() {
        let mut bytes = "名称\n和平里\n东直门\n".as_bytes().to_vec();
        bytes.extend(b"\xe5\xe5\n");
        assert_eq!(guess(&bytes), Ok(UTF_8));
        let (gb18030, ..) = GB18030.encode("名称\n和平里\n东直门\n𠀀\n");
        assert_eq!(guess(&gb18030), Ok(GB18030));
        assert!(guess(&[0xff, 0xff, b'\n', 0xff]).is_err());
    }

    #[test]
    fn big5_is_told_from_gb_18030() {
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
    fn characters_that_were_lost_do_not_decode() {
        let mut utf16: Vec<u8> = "\u{feff}ab".encode_utf16().flat_map(u16::to_le_bytes).collect();
        utf16.extend(0xd800u16.to_le_bytes());
        let decoded = text(&utf16, None);
        assert_eq!(decoded.decode(b"ab").as_deref(), Some("ab"));
        assert_eq!(decoded.decode("\u{fffd}".as_bytes()), None);
    }
}
