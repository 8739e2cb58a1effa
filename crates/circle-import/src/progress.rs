//! Progress of an import.

/// A stage of the import, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Blocks of ways and relations.
    Ways,
    /// Blocks of nodes.
    Nodes,
    /// Everything after the extracts are read.
    City,
}

/// Receives progress, from any thread.
pub trait Progress: Sync {
    /// Called when `done` of `total` steps of a stage are done.
    fn at(&self, stage: Stage, done: usize, total: usize);
}

/// Ignores progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn at(&self, _: Stage, _: usize, _: usize) {}
}
