//! A drawn board, with what its check found.

use bytes::Bytes;
use circle_print::BoardFinding;
use std::sync::Arc;

/// A drawn board.
#[derive(Debug, Clone)]
pub struct FinishedBoard {
    /// The file.
    pub bytes: Bytes,
    /// What the check found.
    pub findings: Arc<[BoardFinding]>,
    /// Whether it is marked 样张 because of errors, although nobody asked for that.
    pub is_marked: bool,
}

impl FinishedBoard {
    /// Bytes in memory, nearly.
    pub(crate) fn weight(&self) -> usize {
        self.bytes.len() + self.findings.len() * size_of::<BoardFinding>()
    }

    /// The errors among the findings.
    pub fn errors(&self) -> impl Iterator<Item = &BoardFinding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }
}
