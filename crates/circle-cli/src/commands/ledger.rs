//! Reading a ledger that was filled in.

use crate::failure::tell;
use circle_export::FilledRow;
use circle_model::files::clean;
use std::path::Path;

/// Rows left out that are named at once.
const MOST_SHOWN: usize = 20;

/// The rows of a ledger; those that cannot be read are said and left out.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<FilledRow>> {
    let ledger = circle_import::read_ledger(path)?;
    let name = path.display();
    for said in ledger.said.iter().take(MOST_SHOWN) {
        tell(&format!("{name}: {}\n", clean(said, 600)));
    }
    if let Some(more) = ledger.said.len().checked_sub(MOST_SHOWN + 1) {
        tell(&format!("{name}: … and {} more\n", more + 1));
    }
    let row = |row: circle_import::LedgerRow| FilledRow {
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
    };
    Ok(ledger.rows.into_iter().map(row).collect())
}
