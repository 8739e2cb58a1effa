//! Bytes, encodings, archives and XML of files from untrusted sources.

pub(crate) mod archive;
pub(crate) mod encoding;
pub(crate) mod file;
pub(crate) mod xml;
