//! Detects duplicate rows of a filled-in audit.

use super::cells::{SHORT, columns};
use circle_import::TextTable;
use circle_model::files::clean;
use std::collections::BTreeMap;

/// The rows read so far, by the cells that identify a verdict.
pub(super) struct RowsAbove {
    /// Column of the compound's id. Without ids and numbers, that of its name, although several compounds may
    /// share a name.
    compound: Option<usize>,
    numbers: BTreeMap<u64, u32>,
    lines: BTreeMap<(String, String), u32>,
}

impl RowsAbove {
    pub(super) fn of(table: &TextTable) -> Self {
        let column = |key: &str| columns(table, key).next();
        let mut compound = column("compound_id");
        if compound.is_none() && column("number").is_none() {
            compound = column("compound").or_else(|| column("compound_name"));
        }
        Self { compound, numbers: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// An earlier row about the same verdict, and a text that identifies the verdict.
    pub(super) fn find_same(
        &mut self,
        row: u32,
        number: Option<u64>,
        cells: &[String],
        line: &str,
    ) -> Option<(u32, String)> {
        if let Some(number) = number
            && let Some(above) = self.numbers.insert(number, row)
        {
            return Some((above, format!("number {number}")));
        }
        let compound = self.compound.and_then(|at| cells.get(at)).filter(|text| !text.is_empty()).cloned()?;
        let what = format!("compound {} and line {}", clean(&compound, SHORT), clean(line, SHORT));
        let above = self.lines.insert((compound, line.to_owned()), row)?;
        Some((above, what))
    }
}
