//! How far an import has come. Whoever shows it decides how.

/// A stage of the import, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Blocks of ways and relations.
    Ways,
    /// Blocks of nodes.
    Nodes,
    /// Everything after the file is read.
    City,
}

/// Told of progress, from any thread.
pub trait Progress: Sync {
    /// `done` of `total` steps of a stage.
    fn at(&self, stage: Stage, done: usize, total: usize);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn at(&self, _: Stage, _: usize, _: usize) {}
}
