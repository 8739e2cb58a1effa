//! The contents of an earlier ledger that was filled in.

use circle_model::CompoundId;
use jiff::civil::Date;
use std::collections::HashMap;

/// A row of a filled-in ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledRow {
    /// Its position for readers: sheet and row.
    pub place: String,
    /// Key of the compound in the edition of the ledger.
    pub compound_id: String,
    /// Name of the compound.
    pub compound_name: String,
    /// Its 街道, if given.
    pub subdistrict: String,
    /// The line's name.
    pub line: String,
    /// What the line requires, which distinguishes lines with one name.
    pub asked: String,
    /// 整改措施.
    pub measure: String,
    /// 责任人.
    pub responsible: String,
    /// 完成时限.
    pub deadline: Option<Date>,
    /// 进展.
    pub status: String,
}

impl FilledRow {
    pub(super) fn is_filled_in(&self) -> bool {
        !(self.measure.is_empty() && self.responsible.is_empty() && self.status.is_empty())
            || self.deadline.is_some()
    }

    /// Whether both have the same contents.
    pub(super) fn has_same_contents(&self, other: &Self) -> bool {
        let contents =
            |row: &Self| (row.measure.clone(), row.responsible.clone(), row.deadline, row.status.clone());
        contents(self) == contents(other)
    }
}

/// The rows of a filled-in ledger, by their fate.
#[derive(Debug, Clone, Default)]
pub struct CarriedLedger {
    pub(super) rows: Vec<FilledRow>,
    /// Rows that are still gaps.
    pub(super) gaps: HashMap<(CompoundId, usize), usize>,
    /// Rows that are no longer gaps, with their compound and column, in the order of the ledger.
    pub(super) settled: Vec<(usize, CompoundId, usize)>,
    /// Rows without a match, with the reason.
    pub(super) unmatched: Vec<(usize, String)>,
    /// Number of rows on compounds outside the report.
    pub(super) elsewhere: usize,
    /// Rows that contradict a later row on the same compound and line, with their fate.
    pub(super) doubled: Vec<(usize, String)>,
    /// The places of these rows and of the later ones.
    pub(super) twice: Vec<String>,
}

impl CarriedLedger {
    /// The row that was filled in for a gap.
    pub(crate) fn filled_in(&self, compound: CompoundId, column: usize) -> Option<&FilledRow> {
        self.gaps.get(&(compound, column)).map(|at| &self.rows[*at])
    }

    /// Rows that are no longer gaps, with the compound and the column.
    pub(crate) fn settled(&self) -> impl ExactSizeIterator<Item = (&FilledRow, CompoundId, usize)> {
        self.settled.iter().map(|(at, compound, column)| (&self.rows[*at], *compound, *column))
    }

    /// Rows without a match, with the reason.
    pub(crate) fn unmatched(&self) -> impl ExactSizeIterator<Item = (&FilledRow, &str)> {
        self.unmatched.iter().map(|(at, why)| (&self.rows[*at], why.as_str()))
    }

    /// Rows that contradict a later one, which took precedence.
    pub(crate) fn doubled(&self) -> impl ExactSizeIterator<Item = (&FilledRow, &str)> {
        self.doubled.iter().map(|(at, why)| (&self.rows[*at], why.as_str()))
    }

    /// Lines for the terminal: rows without a match, and several rows for one gap.
    pub fn troubles(&self) -> String {
        use std::fmt::Write;
        const SHOWN: usize = 10;
        let (lost, mut text) = (self.unmatched.len(), String::new());
        for (row, why) in self.unmatched().take(SHOWN) {
            let _ = writeln!(text, "  {}: {} {}: {why}", row.place, row.compound_name, row.line);
        }
        if lost > SHOWN {
            let _ = writeln!(text, "  … and {} more", lost - SHOWN);
        }
        for rows in self.twice.iter().take(SHOWN) {
            let _ = writeln!(text, "  {rows} are of one gap; the last is kept");
        }
        if self.twice.len() > SHOWN {
            let _ = writeln!(text, "  … and {} more pairs of one gap each", self.twice.len() - SHOWN);
        }
        text
    }
}
