//! Blobs, of which a file consists: a length, a header, and contents that may be compressed.

use super::fault::PbfFault;
use super::wire::{Fields, Value};
use flate2::bufread::ZlibDecoder;
use std::borrow::Cow;
use std::io::Read;

/// A header of this many bytes is rejected (OSM-binary).
const HEADER_LIMIT: u32 = 64 << 10;

/// A blob of this many bytes is rejected, packed or not (OSM-binary).
const CONTENT_LIMIT: usize = 32 << 20;

/// The kind of the contents of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobKind {
    /// The header of the file.
    Header,
    /// A block of objects.
    Data,
    /// Something else, which readers skip.
    Other,
}

/// A blob.
#[derive(Debug, Clone, Copy)]
pub struct Blob<'a> {
    /// The kind of its contents.
    pub kind: BlobKind,
    content: Content<'a>,
    /// The size of the contents that the blob states.
    size: usize,
}

#[derive(Debug, Clone, Copy)]
enum Content<'a> {
    None,
    Raw(&'a [u8]),
    Zlib(&'a [u8]),
    /// Compressed by a method that is not supported.
    Other(&'static str),
}

impl<'a> Blob<'a> {
    /// Reads the blob at the beginning of `bytes`, and returns it with the bytes that follow.
    ///
    /// # Errors
    /// If the bytes end too early, or are no blob.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), PbfFault> {
        let (length, rest) = bytes.split_first_chunk().ok_or(PbfFault::Truncated)?;
        let (header, rest) = rest.split_at_checked(header_length(*length)?).ok_or(PbfFault::Truncated)?;
        let header = BlobHeader::decode(header)?;
        let length = usize::try_from(header.length).map_err(|_| PbfFault::Truncated)?;
        let (message, rest) = rest.split_at_checked(length).ok_or(PbfFault::Truncated)?;
        let mut blob = Self { kind: header.kind, content: Content::None, size: 0 };
        for field in Fields(message) {
            match field? {
                (1, Value::Bytes(data)) => blob.content = Content::Raw(data),
                (2, Value::Number(size)) => blob.size = usize::try_from(size).unwrap_or(0),
                (3, Value::Bytes(data)) => blob.content = Content::Zlib(data),
                (4, Value::Bytes(_)) => blob.content = Content::Other("LZMA"),
                (5, Value::Bytes(_)) => blob.content = Content::Other("bzip2"),
                (6, Value::Bytes(_)) => blob.content = Content::Other("LZ4"),
                (7, Value::Bytes(_)) => blob.content = Content::Other("zstd"),
                _ => {}
            }
        }
        Ok((blob, rest))
    }

    /// The contents, decompressed if necessary.
    ///
    /// # Errors
    /// If there are none, they are too big, damaged, or compressed by a method other than zlib.
    pub fn contents(&self) -> Result<Cow<'a, [u8]>, PbfFault> {
        match self.content {
            Content::None => Err(PbfFault::Empty),
            Content::Other(method) => Err(PbfFault::Compressed(method)),
            Content::Raw(data) => Ok(Cow::Borrowed(data)),
            Content::Zlib(data) => {
                // The stated size is a hint: it need not be true.
                let mut contents = Vec::with_capacity(self.size.min(CONTENT_LIMIT));
                ZlibDecoder::new(data)
                    .take(CONTENT_LIMIT as u64)
                    .read_to_end(&mut contents)
                    .map_err(|error| PbfFault::Zlib(error.to_string()))?;
                if contents.len() < CONTENT_LIMIT { Ok(Cow::Owned(contents)) } else { Err(PbfFault::TooBig) }
            }
        }
    }
}

/// The header of a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlobHeader {
    pub(crate) kind: BlobKind,
    /// Bytes of the blob that follows.
    pub(crate) length: u64,
}

impl BlobHeader {
    pub(crate) fn decode(message: &[u8]) -> Result<Self, PbfFault> {
        let (mut kind, mut length) = (None, None);
        for field in Fields(message) {
            match field? {
                (1, Value::Bytes(b"OSMHeader")) => kind = Some(BlobKind::Header),
                (1, Value::Bytes(b"OSMData")) => kind = Some(BlobKind::Data),
                (1, Value::Bytes(_)) => kind = Some(BlobKind::Other),
                // The field is a signed number of 32 bits.
                (3, Value::Number(number)) => length = Some(number as i32),
                _ => {}
            }
        }
        let kind = kind.ok_or(PbfFault::Missing("the kind of the block"))?;
        let length = length.ok_or(PbfFault::Missing("the length of the block"))?;
        let length = u64::try_from(length).map_err(|_| PbfFault::NegativeLength)?;
        if length < CONTENT_LIMIT as u64 { Ok(Self { kind, length }) } else { Err(PbfFault::TooBig) }
    }
}

/// Bytes of a blob's header, from the four bytes before it.
pub(crate) fn header_length(bytes: [u8; 4]) -> Result<usize, PbfFault> {
    match u32::from_be_bytes(bytes) {
        length if length < HEADER_LIMIT => Ok(length as usize),
        length => Err(PbfFault::HeaderTooBig(length)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::writer::{blob, bytes, field, framed};
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    /// A blob with one field of contents.
    fn with_content(number: u64, data: &[u8]) -> Vec<u8> {
        let mut message = Vec::new();
        bytes(&mut message, number, data);
        framed("OSMData", &message)
    }

    fn contents(blob: &[u8]) -> Result<Vec<u8>, PbfFault> {
        let (blob, rest) = Blob::read(blob)?;
        assert!(rest.is_empty());
        blob.contents().map(Cow::into_owned)
    }

    #[test]
    fn raw_and_zlib_contents_are_equal() {
        let data = b"text that is long enough for two forms".repeat(50);
        assert_eq!(contents(&with_content(1, &data)), Ok(data.clone()));
        assert_eq!(contents(&with_content(3, &zlib(&data))), Ok(data.clone()));
        // A wrong size in the blob changes nothing.
        let mut message = Vec::new();
        field(&mut message, 2, 7);
        bytes(&mut message, 3, &zlib(&data));
        assert_eq!(contents(&framed("OSMData", &message)), Ok(data));
    }

    #[test]
    fn blobs_follow_each_other() {
        let file = [blob("OSMHeader", b"a"), blob("OSMData", b"bc"), blob("Index", b"")].concat();
        let (mut rest, mut kinds) = (file.as_slice(), Vec::new());
        while !rest.is_empty() {
            let (blob, after) = Blob::read(rest).unwrap();
            kinds.push(blob.kind);
            rest = after;
        }
        assert_eq!(kinds, [BlobKind::Header, BlobKind::Data, BlobKind::Other]);
        let first = blob("OSMHeader", b"a").len();
        for length in 0..file.len() {
            let cut = Blob::read(&file[..length]).err();
            assert_eq!(cut, (length < first).then_some(PbfFault::Truncated), "{length} bytes");
        }
    }

    #[test]
    fn other_methods_are_named() {
        for (number, method) in [(4, "LZMA"), (5, "bzip2"), (6, "LZ4"), (7, "zstd")] {
            assert_eq!(contents(&with_content(number, b"..")), Err(PbfFault::Compressed(method)));
        }
        assert_eq!(contents(&framed("OSMData", &[])), Err(PbfFault::Empty));
    }

    #[test]
    fn damaged_and_endless_contents_are_rejected() {
        let packed = zlib(&[7; 1000]);
        let cut = contents(&with_content(3, &packed[..packed.len() - 6]));
        assert!(matches!(cut, Err(PbfFault::Zlib(_))), "{cut:?}");
        let bomb = zlib(&vec![0; CONTENT_LIMIT]);
        assert!(bomb.len() < CONTENT_LIMIT / 100);
        assert_eq!(contents(&with_content(3, &bomb)), Err(PbfFault::TooBig));
        assert_eq!(contents(&with_content(1, &vec![0; CONTENT_LIMIT])), Err(PbfFault::TooBig));
    }

    #[test]
    fn impossible_headers_are_rejected() {
        assert_eq!(header_length([0, 0, 0xff, 0xff]), Ok(0xffff));
        assert_eq!(header_length([0, 1, 0, 0]), Err(PbfFault::HeaderTooBig(65_536)));
        let mut header = Vec::new();
        bytes(&mut header, 1, b"OSMData");
        assert!(matches!(BlobHeader::decode(&header), Err(PbfFault::Missing(_))));
        field(&mut header, 3, u64::from(u32::MAX));
        assert_eq!(BlobHeader::decode(&header), Err(PbfFault::NegativeLength));
        let mut header = Vec::new();
        field(&mut header, 3, 5);
        assert!(matches!(BlobHeader::decode(&header), Err(PbfFault::Missing(_))));
    }
}
