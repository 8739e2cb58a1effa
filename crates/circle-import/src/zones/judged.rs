//! The judgement of one compound.

use circle_model::ZoneId;
use circle_model::city::ClosureEvidence;

/// Whether a compound is closed, with the evidence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) closed: bool,
    pub(crate) evidence: ClosureEvidence,
    /// Its zone; the public zone if it is open.
    pub(crate) zone: ZoneId,
}
