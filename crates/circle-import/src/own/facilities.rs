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
                rows.reject(number, &name, "not_open", &what);
            }
            Err(NoFacility::Unknown) => {
                let (what, name) = (unknown(), said.name.to_owned());
                rows.reject(number, &name, "no_category", &what);
            }
        }
    }
    crowded(rows, facilities, first);
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
