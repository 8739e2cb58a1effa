//! Reads a filled-in ledger 问题台账.

use crate::failure::notify;
use circle_export::FilledRow;
use circle_import::{LedgerRow, read_ledger};
use circle_model::files::clean;
use std::path::Path;

/// Most remarks that are printed; the rest are counted.
const MOST_SHOWN: usize = 20;

/// The rows of a ledger. Rows that cannot be read are reported and left out.
pub(crate) fn ledger(path: &Path) -> anyhow::Result<Vec<FilledRow>> {
    let ledger = read_ledger(path)?;
    let name = path.display();
    for remark in ledger.remarks.iter().take(MOST_SHOWN) {
        notify(&format!("{name}: {}\n", clean(remark, 600)));
    }
    if let Some(more) = ledger.remarks.len().checked_sub(MOST_SHOWN + 1) {
        notify(&format!("{name}: … and {} more\n", more + 1));
    }
    Ok(ledger.rows.into_iter().map(filled_row).collect())
}

fn filled_row(row: LedgerRow) -> FilledRow {
    FilledRow {
        place: row.place,
        compound_id: row.compound_id,
        compound_name: row.compound_name,
        subdistrict: row.subdistrict,
        line: row.line,
        asked: row.asked,
        measure: row.measure,
        responsible: row.responsible,
        deadline: row.deadline,
        status: row.status,
    }
}
