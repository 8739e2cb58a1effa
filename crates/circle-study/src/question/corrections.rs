//! The question of what field corrections 更正 would change.

mod find;
mod row;

use super::body::{self, Holds};
use super::coverage::CoverageQuestion;
use crate::choices::Choices;
use crate::refusal::Refusal;
use circle_model::City;
use circle_model::city::{FieldChanges, Gate, GateProvenance, Named, SAME_GATE_METRES};
use circle_model::corrections::{CorrectedThing, CorrectionAction};
use circle_model::{CompoundId, FacilityId, GateId, Point};
use find::{COMPOUND_METRES, Sought};
use row::{CorrectionRow, missing};
use serde_json::{Map, Value};

/// A facility within this distance of its new place has been moved already.
const DONE_METRES: f64 = 10.0;
/// A reported gate is known if another one of its compound is within this distance.
const KNOWN_GATE_METRES: f64 = 8.0;
/// A new facility is known if one of its category and name is within this distance.
const KNOWN_FACILITY_METRES: f64 = 30.0;

/// What field corrections would change in the verdicts.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CorrectionsQuestion {
    /// How compounds are judged.
    pub coverage: CoverageQuestion,
    /// What the corrections change.
    pub changes: FieldChanges,
    /// The corrections that cannot be applied.
    pub refused: Vec<RefusedRow>,
}

/// A correction that cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its position, from 1.
    pub row: usize,
    /// The reason, and what to do.
    pub message: String,
}

impl CorrectionsQuestion {
    /// Members of the body.
    pub const MEMBERS: [&str; 4] = ["corrections", "profile", "rules", "minutes"];
    /// Most corrections of one question.
    pub const MOST: usize = 500;

    /// Parses the body: `corrections`, a list of objects with the columns of a file of corrections, and how compounds
    /// are judged. Corrections that cannot be applied are part of the question.
    ///
    /// # Errors
    /// When the body is no such object, or the rule set or profile does not exist.
    pub fn parse(choices: &Choices, body: &[u8]) -> Result<Self, Refusal> {
        const JUDGED: [(&str, Holds); 3] =
            [("profile", Holds::Text), ("rules", Holds::Text), ("minutes", Holds::List)];
        let mut members = body::members(body, &Self::MEMBERS)?;
        let rows = rows(members.remove("corrections"))?;
        let coverage = CoverageQuestion::parse(choices, &body::as_parameters(&members, &JUDGED)?)?;
        let mut applied = Applied { choices, city: &choices.city, changes: FieldChanges::default() };
        let mut refused = Vec::new();
        for (row, members) in (1..).zip(&rows) {
            let correction = CorrectionRow::parse(choices, row, members)?;
            if let Err(message) = correction.and_then(|correction| applied.add(&correction)) {
                refused.push(RefusedRow { row, message });
            }
        }
        Ok(Self { coverage, changes: applied.changes, refused })
    }
}

/// The corrections of a body.
///
/// # Errors
/// When they are no list of objects, or too many.
fn rows(corrections: Option<Value>) -> Result<Vec<Map<String, Value>>, Refusal> {
    let wrong = || {
        Refusal::parameter("corrections", "it takes a list of objects with the columns of corrections.csv")
    };
    let Some(Value::Array(rows)) = corrections else { return Err(wrong()) };
    if rows.len() > CorrectionsQuestion::MOST {
        let message = format!(
            "{} corrections are too many; at most {} are taken",
            rows.len(),
            CorrectionsQuestion::MOST
        );
        return Err(Refusal::parameter("corrections", message));
    }
    let object = |row| if let Value::Object(members) = row { Some(members) } else { None };
    rows.into_iter().map(object).collect::<Option<_>>().ok_or_else(wrong)
}

/// The changes of the corrections so far.
struct Applied<'a> {
    choices: &'a Choices,
    city: &'a City,
    changes: FieldChanges,
}

impl Applied<'_> {
    /// Adds a correction, under the rules of a build.
    ///
    /// # Errors
    /// The reason why it cannot be applied.
    fn add(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        match (correction.of, correction.action) {
            (CorrectedThing::Facility, CorrectionAction::NewFacility) => self.new_facility(correction),
            (CorrectedThing::Facility, CorrectionAction::NewGate) => {
                Err("a new gate belongs to a compound: write `gate` in `of`, or leave it empty".to_owned())
            }
            (CorrectedThing::Facility, _) => self.facility(correction),
            (CorrectedThing::Gate, CorrectionAction::NewGate) => self.new_gate(correction),
            (CorrectedThing::Gate, CorrectionAction::Closed) => self.close_gates(correction),
            (CorrectedThing::Gate, CorrectionAction::Moved) => self.move_gate(correction),
            (CorrectedThing::Gate, _) => {
                Err("a gate can be closed or moved, by its key or place, or new, with its place".to_owned())
            }
            (CorrectedThing::Compound, CorrectionAction::Renamed) => {
                find::compound(self.city, correction.sought_compound())?;
                // Names change no verdict.
                correction.new_name.as_ref().map(|_| ()).ok_or_else(|| missing("new_name", "the new name"))
            }
            (CorrectedThing::Compound, CorrectionAction::Closed) => {
                find::compound(self.city, correction.sought_compound())?;
                Err("without the compound its ways are open to others, which the next build works out"
                    .to_owned())
            }
            (CorrectedThing::Compound, _) => Err("a compound can be renamed or closed".to_owned()),
        }
    }

    fn facility(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        let closed = &self.changes.closed_facilities;
        // A facility that moved may be far from its new place.
        let is_far = correction.action == CorrectionAction::Moved && correction.new_place.is_none();
        let id = find::facility(self.city, correction.sought(), is_far, |id| !closed.contains(&id))?;
        match correction.action {
            CorrectionAction::Closed => self.changes.closed_facilities.push(id),
            CorrectionAction::Moved => self.move_facility(id, correction)?,
            CorrectionAction::WrongCategory => {
                let category = correction.category()?;
                if self.main_category(id) == Some(category) {
                    return Err("it already has that category".to_owned());
                }
                set(&mut self.changes.recategorised, id, category);
            }
            // Names change no verdict.
            _ => {
                let new =
                    correction.new_name.as_deref().ok_or_else(|| missing("new_name", "the new name"))?;
                if new == self.city.text(self.city.facilities()[id.index()].name) {
                    return Err(format!("it is already called `{new}`"));
                }
            }
        }
        Ok(())
    }

    fn move_facility(&mut self, id: FacilityId, correction: &CorrectionRow) -> Result<(), String> {
        let to = correction.moved_to()?;
        if self.city.facilities()[id.index()].point.distance_metres(to) <= DONE_METRES {
            return Err(format!("it is already within {DONE_METRES} m of there"));
        }
        set(&mut self.changes.moved_facilities, id, to);
        Ok(())
    }

    fn main_category(&self, id: FacilityId) -> Option<u8> {
        let changed = self.changes.recategorised.iter().find(|(other, _)| *other == id);
        let categories = self.city.facilities()[id.index()].categories.range();
        changed
            .map(|(_, category)| *category)
            .or_else(|| self.city.facility_categories()[categories].first().copied())
    }

    fn new_facility(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        let (point, category) = (correction.new_thing_at("the new facility")?, correction.category()?);
        let is_known = (0..).map(FacilityId).zip(self.city.facilities()).any(|(id, facility)| {
            !self.changes.closed_facilities.contains(&id)
                && facility.point.distance_metres(point) <= KNOWN_FACILITY_METRES
                && self.main_category(id) == Some(category)
                && correction.name.as_deref().is_none_or(|name| name == self.city.text(facility.name))
        });
        if is_known {
            return Err("such a facility is already known there".to_owned());
        }
        self.changes.new_facilities.push((point, category));
        Ok(())
    }

    fn new_gate(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        let point = correction.new_thing_at("the new gate")?;
        // The target of a new gate is its compound.
        let called = correction.compound.as_deref().or(correction.target.as_deref());
        let compound = match called {
            Some(called) => {
                let compound = find::compound(
                    self.city,
                    Sought { target: Some(called), name: None, place: Some(point) },
                )?;
                if find::metres_to(self.city, compound, point) > COMPOUND_METRES {
                    return Err(format!("it is more than {COMPOUND_METRES} m from `{called}`, its compound"));
                }
                compound
            }
            None => find::nearest_compound(self.city, point)?,
        };
        self.expect_unknown(compound, point)?;
        self.changes.new_gates.push((compound, point));
        Ok(())
    }

    /// Refuses a gate where one of its compound is known. A gate that was derived may be confirmed.
    fn expect_unknown(&self, compound: CompoundId, point: Point) -> Result<(), String> {
        const KNOWN: [u8; 2] = [GateProvenance::Own.code(), GateProvenance::Mapped.code()];
        let near = |other: Point| other.distance_metres(point) <= KNOWN_GATE_METRES;
        let is_known = |gate: &Gate| KNOWN.contains(&gate.provenance) && near(gate.point);
        let of_city = self.open_gates(compound).any(|gate| is_known(&self.city.gates()[gate.index()]));
        let is_new = self.changes.new_gates.iter().any(|(of, other)| *of == compound && near(*other));
        if of_city || is_new { Err("a gate is already known there".to_owned()) } else { Ok(()) }
    }

    /// The gates of a compound that are neither closed nor moved.
    fn open_gates(&self, compound: CompoundId) -> impl Iterator<Item = GateId> {
        let FieldChanges { closed_gates, moved_gates, .. } = &self.changes;
        let gates = self.city.compounds()[compound.index()].gates;
        let gates = (gates.start..gates.start + gates.len).map(GateId);
        gates.filter(|gate| {
            !closed_gates.contains(gate) && !moved_gates.iter().any(|(moved, _)| moved == gate)
        })
    }

    fn close_gates(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        let gates = self.gates(correction)?;
        let before = self.changes.closed_gates.len();
        for gate in gates {
            let row = &self.city.gates()[gate.index()];
            self.changes.closed_gates.push(gate);
            let is_mapped =
                |gate: GateId| self.city.gates()[gate.index()].provenance == GateProvenance::Mapped.code();
            if is_mapped(gate) && !self.open_gates(row.compound).any(is_mapped) {
                self.changes.closed_gates.truncate(before);
                return Err("without its only mapped gate the compound has others, which the next build looks for along \
                            its outline; if the gate is elsewhere, say `moved`"
                    .to_owned());
            }
        }
        Ok(())
    }

    fn move_gate(&mut self, correction: &CorrectionRow) -> Result<(), String> {
        let to = correction.moved_to()?;
        let gates = self.gates(correction)?;
        let from = correction.place.unwrap_or(to);
        let metres = |gate: &GateId| self.city.gates()[gate.index()].point.distance_metres(from);
        let gate = gates.into_iter().min_by(|a, b| metres(a).total_cmp(&metres(b)));
        let gate = gate.ok_or_else(|| "no gate is known there".to_owned())?;
        let compound = self.city.gates()[gate.index()].compound;
        self.expect_unknown(compound, to)?;
        if find::metres_to(self.city, compound, to) > COMPOUND_METRES {
            return Err(format!("its new place is more than {COMPOUND_METRES} m from its compound"));
        }
        self.changes.moved_gates.push((gate, to));
        Ok(())
    }

    /// The gates that a correction names by key, else by place; at least one.
    fn gates(&self, correction: &CorrectionRow) -> Result<Vec<GateId>, String> {
        let target = correction.target.as_deref();
        if let Some(gate) = target.and_then(|key| self.city.gate_named(key).found()) {
            let compound = self.city.gates()[gate.index()].compound;
            return match self.open_gates(compound).find(|open| *open == gate) {
                Some(gate) => Ok(vec![gate]),
                None => Err("another correction is about this gate".to_owned()),
            };
        }
        // Without a place where the gate has been, its key is all there is.
        let moved_here = correction.action == CorrectionAction::Moved && correction.new_place.is_none();
        let Some(place) = correction.place.filter(|_| !moved_here) else {
            return Err(match target {
                Some(key) if matches!(self.city.gate_named(key), Named::Gone(_)) => {
                    format!("the gate `{key}` is gone since an earlier edition")
                }
                Some(key) => format!("no gate has the key `{key}`"),
                None => missing("target", "the key of the gate, or its place"),
            });
        };
        let called = correction.compound.as_deref();
        let sought = |called| Sought { target: Some(called), name: None, place: Some(place) };
        let compound = called.map(|called| find::compound(self.city, sought(called))).transpose()?;
        let near = (0..).map(GateId).zip(self.city.gates()).filter(|(gate, row)| {
            row.point.distance_metres(place) <= SAME_GATE_METRES
                && compound.is_none_or(|compound| row.compound == compound)
                && self.open_gates(row.compound).any(|open| open == *gate)
        });
        let near: Vec<GateId> = near.map(|(gate, _)| gate).collect();
        if near.is_empty() { Err(format!("no gate within {SAME_GATE_METRES} m of there")) } else { Ok(near) }
    }
}

/// Sets the value of an id; the last one stands.
fn set<Id: PartialEq, T>(list: &mut Vec<(Id, T)>, id: Id, value: T) {
    list.retain(|(other, _)| *other != id);
    list.push((id, value));
}

#[cfg(test)]
mod tests;
