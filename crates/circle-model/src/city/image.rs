//! The bytes of a city's tables.

use std::sync::Arc;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Version of the file layout: header, list of columns, and rows.
pub(super) const VERSION: u32 = 9;

/// Position of a table, in bytes.
#[derive(Debug, Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(super) struct Section {
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl Section {
    pub(super) const fn new(offset: usize, length: usize) -> Self {
        Self { offset: offset as u64, length: length as u64 }
    }
}

/// The bytes of a city, on the heap or mapped from a private copy. Both are 8-byte aligned.
#[derive(Debug, Clone)]
pub(super) enum Image {
    Heap(Arc<Vec<u64>>),
    Mapped(Arc<memmap2::Mmap>),
}

impl Image {
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Heap(words) => words.as_bytes(),
            Self::Mapped(map) => map,
        }
    }

    #[inline]
    pub(super) fn section(&self, section: Section) -> &[u8] {
        usize::try_from(section.offset)
            .ok()
            .zip(usize::try_from(section.length).ok())
            .and_then(|(offset, length)| self.bytes().get(offset..offset.checked_add(length)?))
            .unwrap_or_default()
    }
}
