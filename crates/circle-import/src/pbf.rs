//! Extracts in PBF form: blobs, and the objects of a block.
//!
//! A message is decoded in one pass. Numbers go into a few shared columns, and texts stay in the decompressed
//! bytes. The format is that of `fileformat.proto` and `osmformat.proto` of OSM-binary; fields that the
//! import does not read, such as authors, are skipped.

mod blob;
mod block;
mod decode;
mod fault;
mod header;
mod wire;

#[cfg(test)]
mod writer;

pub use blob::{Blob, BlobKind};
pub use block::{DataBlock, MemberKind, OsmMember, OsmNode, OsmRelation, OsmWay};
pub use fault::PbfFault;

pub(crate) use blob::{BlobHeader, header_length};
pub(crate) use header::FileHeader;
