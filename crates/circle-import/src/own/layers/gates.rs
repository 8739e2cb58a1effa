//! Reads a layer of gates.

use crate::own::records::{OwnGate, Record};
use crate::own::rows::{Rows, text};
use circle_sheet::Role;

/// Reads a layer of gates.
pub(super) fn read(rows: &mut Rows<'_, '_>) -> Vec<OwnGate> {
    let mut gates = Vec::new();
    for row in 0..rows.sheet.len() {
        if let Some(record) = rows.record(row) {
            gates.push(gate(rows, row, record, true));
        }
    }
    gates
}

/// The gate of a row, from a list of gates or from an export of facilities.
pub(super) fn gate(rows: &mut Rows<'_, '_>, row: usize, record: Record, listed: bool) -> OwnGate {
    OwnGate {
        compound: text(rows.cell(row, Role::Compound)),
        locked: rows.flag(row, Role::Locked).unwrap_or(false),
        hours: text(rows.cell(row, Role::Hours)),
        record,
        listed,
    }
}
