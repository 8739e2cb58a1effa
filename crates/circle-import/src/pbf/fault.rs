//! Faults in the bytes of an extract.

/// The reason why a part of an extract could not be decoded. The caller names the file and the block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PbfFault {
    /// The bytes end inside a field.
    #[error("its data end too early")]
    Truncated,
    /// A number of more than 64 bits.
    #[error("a number in it has more than 64 bits")]
    LongNumber,
    /// A field of number 0, or of a type that the format does not have.
    #[error("the field with the key {0} is not valid")]
    Field(u64),
    /// A field that the format requires.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member that is neither a node nor a way nor a relation.
    #[error("a relation has a member of the unknown kind {0}")]
    MemberKind(u64),
    /// A header above the limit of the format, 64 KiB.
    #[error("the header of the block is too big: {0} bytes")]
    HeaderTooBig(u32),
    /// A length below zero.
    #[error("its length is below zero")]
    NegativeLength,
    /// Contents above the limit of the format, 32 MiB.
    #[error("its contents are too big: 32 MiB or more")]
    TooBig,
    /// A blob without contents.
    #[error("it contains no data")]
    Empty,
    /// Contents that are neither raw nor in zlib, and the method.
    #[error("it is compressed with {0}")]
    Compressed(&'static str),
    /// Contents that do not decompress, and the reason.
    #[error("its zlib data are damaged: {0}")]
    Zlib(String),
}
