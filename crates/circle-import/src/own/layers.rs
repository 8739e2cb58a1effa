//! Reads the records of a file by its layer.

mod compounds;
mod corrections;
mod facilities;
mod gates;
mod levels;
mod people;
mod units;

pub(super) use corrections::new_coordinates;
pub(super) use facilities::check_claims_without_rows;
pub(super) use levels::unit_level;

use super::records::{OwnCandidate, OwnRecords};
use super::rows::{Rows, text};
use super::store::CorrectedThing;
use circle_sheet::{OwnLayer, Role};

/// Reads all rows of a file into the records of its layer.
///
/// # Errors
/// If the file lacks a column that its layer needs.
pub(super) fn read(rows: &mut Rows<'_, '_>, records: &mut OwnRecords) -> Result<(), String> {
    match rows.listed.layer {
        OwnLayer::Facilities => facilities::read(rows, &mut records.facilities, &mut records.gates),
        OwnLayer::Compounds => records.compounds.extend(compounds::read(rows)),
        OwnLayer::Gates => records.gates.extend(gates::read(rows)),
        OwnLayer::Units => records.units.extend(units::read(rows)?),
        OwnLayer::Population => records.people.extend(people::read(rows)?),
        OwnLayer::Candidates => records.candidates.extend(candidates(rows)),
        OwnLayer::Corrections => {
            let corrections = &mut records.corrections;
            for correction in corrections::read(rows)? {
                match correction.of {
                    CorrectedThing::Compound => corrections.compounds.push(correction),
                    CorrectedThing::Gate => corrections.gates.push(correction),
                    CorrectedThing::Facility => corrections.facilities.push(correction),
                }
            }
        }
    }
    Ok(())
}

fn candidates(rows: &mut Rows<'_, '_>) -> Vec<OwnCandidate> {
    let mut candidates = Vec::new();
    for row in 0..rows.sheet.len() {
        if let Some(record) = rows.record(row) {
            candidates.push(OwnCandidate { record, note: text(rows.cell(row, Role::Note)) });
        }
    }
    candidates
}
