//! Sources of own records.

use super::store::Corrections;
use std::path::Path;

/// A source of own records.
#[derive(Debug, Clone, Copy)]
pub enum OwnSource<'a> {
    /// A list of files, `OWN.toml`.
    List(&'a Path),
    /// Corrections in memory, such as those of a store.
    Corrections(&'a Corrections),
}

impl<'a> From<&'a Path> for OwnSource<'a> {
    fn from(list: &'a Path) -> Self {
        Self::List(list)
    }
}
