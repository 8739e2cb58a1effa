//! The fate of a row of a ledger.

/// The fate of a row, by the fields that it names and whether anything is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LedgerRowFate {
    /// It is a row of the ledger.
    Read,
    /// Nothing is filled in: a total, a signature, a blank form.
    Blank,
    /// It is filled in but names no compound.
    WithoutCompound,
    /// It is filled in but names no line.
    WithoutLine,
}

impl LedgerRowFate {
    pub(super) fn of(has_compound: bool, has_line: bool, is_filled_in: bool) -> Self {
        match (has_compound, has_line) {
            (true, true) => Self::Read,
            _ if !is_filled_in => Self::Blank,
            (false, true) => Self::WithoutCompound,
            (_, false) => Self::WithoutLine,
        }
    }
}
