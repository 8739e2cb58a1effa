//! Reads a layer of compounds.

use super::people::population;
use crate::geometry::{MOST_METRES_ACROSS, is_too_large};
use crate::own::fates::RejectReason;
use crate::own::records::OwnCompound;
use crate::own::rows::Rows;
use circle_sheet::{Role, excerpt};

/// Reads a layer of compounds.
pub(super) fn read(rows: &mut Rows<'_, '_>) -> Vec<OwnCompound> {
    let mut compounds = Vec::new();
    for row in 0..rows.sheet.len() {
        if is_rejected_by_type(rows, row) {
            continue;
        }
        let Some(record) = rows.record(row) else { continue };
        if record.name.is_none() && record.area.polygons.is_empty() {
            let what = format!("{}: a compound without outline needs a name", rows.heading(Role::Name));
            rows.reject_record(&record, RejectReason::NoName, &what);
            continue;
        }
        if !record.area.polygons.is_empty() && is_too_large(&record.area.bounds()) {
            let kilometres = MOST_METRES_ACROSS / 1000.0;
            let what = format!("its outline is more than {kilometres} km across; look for a stray corner");
            rows.reject_record(&record, RejectReason::TooLarge, &what);
            continue;
        }
        let closed = rows.flag(row, Role::Closed);
        let population = population(rows, row);
        compounds.push(OwnCompound { record, closed, population });
    }
    compounds
}

/// Rejects a row whose Amap type is not residential: an export of outlines contains offices and works, too.
fn is_rejected_by_type(rows: &mut Rows<'_, '_>, row: usize) -> bool {
    let (code, kind) = (rows.cell(row, Role::Code), rows.cell(row, Role::Kind));
    let Some(other) = rows.classifier.type_without_homes(code, kind) else { return false };
    let column = rows.heading(if code.is_empty() { Role::Kind } else { Role::Code });
    let what =
        format!("{column}: {} is no compound; name it in a file without types if it is", excerpt(&other));
    let name = rows.cell(row, Role::Name).to_owned();
    rows.reject(rows.sheet.number(row), &name, RejectReason::NoHomes, &what);
    true
}
