//! Reads a layer of facilities, and the gates among them.

use super::gates::gate;
use crate::classify::{Classified, Classifier, NoFacility, RecordFields, behind_gate};
use crate::geometry::Boxes;
use crate::own::fates::RejectReason;
use crate::own::records::{OwnFacility, OwnGate};
use crate::own::rows::{Rows, text};
use circle_sheet::{Role, excerpt};

/// Reads a layer of facilities. Amap's exports contain gates as well, which their codes identify.
pub(super) fn read(rows: &mut Rows<'_, '_>, facilities: &mut Vec<OwnFacility>, gates: &mut Vec<OwnGate>) {
    let first = facilities.len();
    facilities.reserve(rows.sheet.len());
    let constant = rows.listed.category.as_deref().unwrap_or_default();
    // Count of rejected rows of other kinds, which a complete list need not contain.
    let mut irrelevant = 0;
    for row in 0..rows.sheet.len() {
        let fields = RecordFields {
            category: Some(rows.cell(row, Role::Category))
                .filter(|cell| !cell.is_empty())
                .unwrap_or(constant),
            code: rows.cell(row, Role::Code),
            kind: rows.cell(row, Role::Kind),
            name: rows.cell(row, Role::Name),
        };
        let classified = rows.classifier.classify_record(fields).or_else(|why| match why {
            NoFacility::Unknown => behind_gate_of_grounds(rows.classifier, fields.name).ok_or(why),
            NoFacility::Closed | NoFacility::Gate => Err(why),
        });
        let unknown = || {
            let words =
                [(Role::Category, fields.category), (Role::Code, fields.code), (Role::Kind, fields.kind)];
            let quoted: Vec<String> = words
                .iter()
                .filter(|(_, word)| !word.is_empty())
                .map(|(role, word)| format!("{} `{}`", rows.heading(*role), excerpt(word)))
                .collect();
            let beside =
                if quoted.is_empty() { String::new() } else { format!(" and {}", quoted.join(", ")) };
            format!(
                "{}: `{}`{beside} give no category; add one in a column `category`",
                rows.heading(Role::Name),
                excerpt(fields.name)
            )
        };
        let number = rows.sheet.number(row);
        match classified {
            Ok(classified) => {
                let Some(record) = rows.record(row) else { continue };
                let capacity = rows.number(row, Role::Capacity, 0.0..1e6).unwrap_or(0.0) as f32;
                let hours = text(rows.cell(row, Role::Hours));
                facilities.push(OwnFacility { record, classified, capacity, hours });
            }
            Err(NoFacility::Gate) => {
                if let Some(record) = rows.record(row) {
                    gates.push(gate(rows, row, record, false));
                }
            }
            Err(NoFacility::Closed) => {
                let (column, name) = (rows.heading(Role::Name), fields.name.to_owned());
                let what = format!("{column}: `{}` says that it is not open", excerpt(&name));
                irrelevant += 1;
                rows.reject(number, &name, RejectReason::NotOpen, &what);
            }
            Err(NoFacility::Unknown) => {
                let (what, name) = (unknown(), fields.name.to_owned());
                // An unknown code belongs to another kind of place; an unknown word may be misspelt.
                irrelevant += u64::from(fields.category.is_empty() && !fields.code.is_empty());
                rows.reject(number, &name, RejectReason::NoCategory, &what);
            }
        }
    }
    reject_crowded(rows, facilities, first);
    check_claims(rows, &facilities[first..], irrelevant);
}

/// A list counts as complete if at most one of this many rows is rejected for a fault.
const ROWS_OF_A_FAULT: u64 = 10;

/// Checks the claims of a file without rows.
pub(in crate::own) fn check_claims_without_rows(rows: &mut Rows<'_, '_>) {
    check_claims(rows, &[], 0);
}

/// Drops claims of completeness that the rows do not support: otherwise rejected rows would prove a gap.
/// `irrelevant` rows were rejected without a fault.
fn check_claims(rows: &mut Rows<'_, '_>, taken: &[OwnFacility], irrelevant: u64) {
    let claimed = std::mem::take(&mut rows.file.complete_for);
    let left_out = rows.report.rejected(rows.source).saturating_sub(irrelevant);
    let all = rows.report.rows(rows.source);
    for word in claimed {
        let category = rows.classifier.category_called(&word);
        let is_of = |facility: &OwnFacility| {
            category.is_some_and(|category| facility.classified.categories.contains(&category))
        };
        let why = if taken.is_empty() {
            "no row was accepted; add or correct rows, or remove complete_for".to_owned()
        } else if left_out * ROWS_OF_A_FAULT > all {
            format!(
                "{left_out} of its {all} rows were rejected for faults, more than one in {ROWS_OF_A_FAULT}; \
                 correct them, or remove complete_for"
            )
        } else {
            // Verdicts look the category up by its id.
            let id = category.and_then(|category| rows.classifier.category_name(category));
            let id = id.map_or(word, str::to_owned);
            if !taken.iter().any(is_of) {
                let none = format!(
                    "{}: complete_for names `{id}`, but no row has this category: there is none",
                    rows.file.name
                );
                rows.note(&none);
            }
            if !rows.file.complete_for.contains(&id) {
                rows.file.complete_for.push(id);
            }
            continue;
        };
        let what = format!("{}: complete_for is ignored for `{}`: {why}", rows.file.name, excerpt(&word));
        rows.warn(&what);
    }
}

/// The category of 靖宇公园 for 靖宇公园-东门, a gate that is described by its name alone.
fn behind_gate_of_grounds(classifier: &Classifier, name: &str) -> Option<Classified> {
    let inside = behind_gate(name)?;
    let found = classifier.classify_record(RecordFields { name: &inside, ..RecordFields::default() }).ok()?;
    found.categories.first().is_some_and(|main| classifier.has_grounds(*main)).then_some(found)
}

/// Limit of outlines of facilities over one point.
const MOST_OVERLAPS: usize = 64;

/// Rejects outlines that lie over too many others.
fn reject_crowded(rows: &mut Rows<'_, '_>, facilities: &mut Vec<OwnFacility>, first: usize) {
    let outlined = |facility: &OwnFacility| !facility.record.area.polygons.is_empty();
    if facilities[first..].iter().filter(|facility| outlined(facility)).count() <= MOST_OVERLAPS {
        return;
    }
    let bounds = facilities[first..].iter().map(|it| it.record.area.bounds());
    let boxes = Boxes::new(bounds);
    let mut number = 0;
    facilities.retain(|facility| {
        number += 1;
        let crowded =
            number > first && outlined(facility) && boxes.more_than(MOST_OVERLAPS, facility.record.point);
        if crowded {
            let what = format!("geometry: more than {MOST_OVERLAPS} outlines lie over one another here");
            rows.reject_record(&facility.record, RejectReason::Crowded, &what);
        }
        !crowded
    });
}
