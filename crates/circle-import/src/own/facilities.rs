//! Facilities of the planner's own, and the gates among them.

use super::columns::Role;
use super::rows::{Record, Rows, text};
use super::{OwnGate, short};
use crate::classify::{Classified, Classifier, NoFacility, Said};
use crate::facilities::alike::behind_gate;
use crate::outlines::Boxes;

/// A facility of the planner's own.
#[derive(Debug)]
pub(crate) struct OwnFacility {
    pub(crate) record: Record,
    pub(crate) classified: Classified,
    pub(crate) capacity: f32,
    pub(crate) hours: Option<Box<str>>,
}

/// Reads a layer of facilities. Amap's exports hold gates as well, by their codes.
pub(super) fn read(rows: &mut Rows<'_>, facilities: &mut Vec<OwnFacility>, gates: &mut Vec<OwnGate>) {
    let first = facilities.len();
    facilities.reserve(rows.sheet.len());
    let constant = rows.listed.category.as_deref().unwrap_or_default();
    // Rows left out that say what they are, and that it is nothing a list could lack.
    let mut of_no_matter = 0;
    for row in 0..rows.sheet.len() {
        let said = Said {
            category: Some(rows.cell(row, Role::Category))
                .filter(|cell| !cell.is_empty())
                .unwrap_or(constant),
            code: rows.cell(row, Role::Code),
            kind: rows.cell(row, Role::Kind),
            name: rows.cell(row, Role::Name),
        };
        let classified = rows.classifier.classify_record(said).or_else(|why| match why {
            NoFacility::Unknown => behind_gate_of_grounds(rows.classifier, said.name).ok_or(why),
            NoFacility::Closed | NoFacility::Gate => Err(why),
        });
        let unknown = || {
            let words = [(Role::Category, said.category), (Role::Code, said.code), (Role::Kind, said.kind)];
            let quoted: Vec<String> = words
                .iter()
                .filter(|(_, word)| !word.is_empty())
                .map(|(role, word)| format!("{} `{}`", rows.columns.called(rows.sheet, *role), short(word)))
                .collect();
            let beside =
                if quoted.is_empty() { String::new() } else { format!(" and {}", quoted.join(", ")) };
            format!(
                "{}: `{}`{beside} say nothing of its category; give one in a column `category`",
                rows.columns.called(rows.sheet, Role::Name),
                short(said.name)
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
                    let gate = rows.gate(row, record, false);
                    gates.push(gate);
                }
            }
            Err(NoFacility::Closed) => {
                let (column, name) = (rows.columns.called(rows.sheet, Role::Name), said.name.to_owned());
                let what = format!("{column}: `{}` says that it is not open", short(&name));
                of_no_matter += 1;
                rows.reject(number, &name, "not_open", &what);
            }
            Err(NoFacility::Unknown) => {
                let (what, name) = (unknown(), said.name.to_owned());
                // A code that the catalogue does not have is of another kind of place; a word may be misspelt.
                of_no_matter += u64::from(said.category.is_empty() && !said.code.is_empty());
                rows.reject(number, &name, "no_category", &what);
            }
        }
    }
    crowded(rows, facilities, first);
    doubt_claims(rows, &facilities[first..], of_no_matter);
}

/// Of ten rows at most one may be left out of a list that is said to be complete.
const ROWS_OF_A_FAULT: u64 = 10;

/// Keeps of the categories that a file is said to list completely those that its rows bear out: a gap would be proven by
/// rows that nobody has read. `of_no_matter` rows were left out for no fault.
pub(super) fn doubt_claims(rows: &mut Rows<'_>, taken: &[OwnFacility], of_no_matter: u64) {
    let claimed = std::mem::take(&mut rows.file.complete_for);
    let left_out = rows.file.rejected.values().sum::<u64>().saturating_sub(of_no_matter);
    let all = rows.file.rows;
    for word in claimed {
        let category = rows.classifier.category_called(&word);
        let is_of = |facility: &OwnFacility| {
            category.is_some_and(|category| facility.classified.categories.contains(&category))
        };
        let why = if taken.is_empty() {
            "no row was taken from it; add or mend its rows, or leave complete_for out".to_owned()
        } else if left_out * ROWS_OF_A_FAULT > all {
            format!(
                "{left_out} of its {all} rows were left out for faults, more than one in {ROWS_OF_A_FAULT}; mend them, \
                 or leave complete_for out"
            )
        } else {
            // By its id, as verdicts look for it.
            let id = category.and_then(|category| rows.classifier.category_name(category));
            let id = id.map_or(word, str::to_owned);
            if !taken.iter().any(is_of) {
                let none = format!(
                    "{}: complete_for names `{id}`, and no row is of it: so there is none",
                    rows.file.name
                );
                rows.note(&none);
            }
            if !rows.file.complete_for.contains(&id) {
                rows.file.complete_for.push(id);
            }
            continue;
        };
        let what = format!("{}: complete_for is not believed for `{}`: {why}", rows.file.name, short(&word));
        rows.warn(&what);
    }
}

/// 靖宇公园-东门, which nothing but its name speaks of, is of the kind of 靖宇公园, and a gate of it.
fn behind_gate_of_grounds(classifier: &Classifier, name: &str) -> Option<Classified> {
    let inside = behind_gate(name)?;
    let found = classifier.classify_record(Said { name: &inside, ..Said::default() }).ok()?;
    found.categories.first().is_some_and(|main| classifier.has_grounds(*main)).then_some(found)
}

/// No place has more facilities' outlines over one another.
const MOST_OVERLAPS: usize = 64;

/// Leaves out outlines that lie over one another by the hundred.
fn crowded(rows: &mut Rows<'_>, facilities: &mut Vec<OwnFacility>, first: usize) {
    let outlined = |facility: &OwnFacility| !facility.record.area.polygons.is_empty();
    if facilities[first..].iter().filter(|facility| outlined(facility)).count() <= MOST_OVERLAPS {
        return;
    }
    let bounds = facilities[first..].iter().map(|it| it.record.area.bounds());
    let boxes = Boxes::of(bounds);
    let mut number = 0;
    facilities.retain(|facility| {
        number += 1;
        let crowded =
            number > first && outlined(facility) && boxes.more_than(MOST_OVERLAPS, facility.record.point);
        if crowded {
            let what = format!("geometry: more than {MOST_OVERLAPS} outlines lie over one another here");
            rows.withdraw(&facility.record, "crowded", &what);
        }
        !crowded
    });
}
