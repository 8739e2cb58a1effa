//! Gates of own files, and corrections of gates.

use super::closings::{Closings, NO_GATE};
use super::mapped::MappedGates;
use super::outlines::{NAMED_METRES, OWN_METRES, OutlineSides};
use super::street_gates::CLUSTER_METRES;
use crate::classify::behind_gate;
use crate::compounds::{CompoundMatch, CompoundNames, Compounds, DraftCompound, note_similarity};
use crate::own::{CorrectionAction, OwnCorrection, OwnGate, RejectReason, Report};
use circle_model::Point;
use circle_sheet::excerpt;
use std::collections::HashMap;

/// Two rows within this distance are one gate.
const SAME_METRES: f64 = 3.0;
/// A reported gate is known if another one is within this distance.
const NEW_METRES: f64 = 8.0;
/// Limit of gates of a compound.
const MOST_GATES: usize = 200;

/// Gates of own files, and corrections that close gates.
#[derive(Debug, Default)]
pub(super) struct OwnGates {
    /// Gates by the position of their compound.
    pub(super) of: HashMap<usize, Vec<OwnGate>>,
    pub(super) closings: Closings,
}

impl OwnGates {
    /// Assigns every own gate to the compound that it names, else to the nearest outline within 60 m. Rows
    /// without a compound are rejected, repeated gates are merged.
    pub(super) fn find(
        mut gates: Vec<OwnGate>,
        corrections: Vec<OwnCorrection>,
        Compounds { list: compounds, keys, .. }: &Compounds,
        mapped: &MappedGates<'_>,
        report: &mut Report<'_>,
    ) -> Self {
        let mut result = Self::default();
        if gates.is_empty() && corrections.is_empty() {
            return result;
        }
        let named = CompoundNames::of(compounds, keys);
        let sides = OutlineSides::of(compounds);
        gates.sort_by_key(|gate| !gate.listed);
        for gate in gates {
            match owner(&gate, compounds, &named, &sides) {
                Err(why) => report.reject(&gate.record, RejectReason::NoCompound, &why),
                Ok(CompoundMatch { number, by_similarity }) => {
                    if let Some(name) = gate.compound.as_deref().filter(|_| by_similarity) {
                        note_similarity(report, &gate.record, name, &compounds[number]);
                    }
                    result.take(number, gate, report);
                }
            }
        }
        for correction in corrections {
            match correction.action {
                CorrectionAction::NewGate => {
                    let target = || {
                        let target = correction.target.clone()?;
                        Some(named.present_key(&target, report).unwrap_or(target))
                    };
                    let compound = correction.compound.clone().or_else(target);
                    let gate = OwnGate {
                        record: correction.record.clone(),
                        compound,
                        locked: false,
                        hours: None,
                        listed: false,
                    };
                    match owner(&gate, compounds, &named, &sides).map(|found| found.number) {
                        Ok(number) if result.is_known(number, gate.record.point, mapped) => {
                            report.stale(&correction, "a gate is already known there");
                        }
                        Ok(number) if result.of.get(&number).is_some_and(|of| of.len() >= MOST_GATES) => {
                            report
                                .stale(&correction, &format!("its compound has {MOST_GATES} gates already"));
                        }
                        Ok(number) => {
                            let name = compounds[number].name.as_deref().unwrap_or_default();
                            report.applied(
                                &correction,
                                gate.record.point,
                                &format!("a gate of `{name}` was added"),
                            );
                            result.of.entry(number).or_default().push(gate);
                        }
                        Err(why) => report.stale(&correction, &why),
                    }
                }
                CorrectionAction::Closed => result.closings.add(correction, compounds, &named, report),
                _ => report.stale(&correction, NO_GATE),
            }
        }
        result
    }

    fn take(&mut self, number: usize, gate: OwnGate, report: &mut Report<'_>) {
        let of = self.of.entry(number).or_default();
        let same = |other: &&OwnGate| {
            let metres = other.record.point.distance_metres(gate.record.point);
            metres <= SAME_METRES || (!gate.listed && metres <= CLUSTER_METRES)
        };
        if let Some(first) = of.iter().find(same) {
            let first = report.label(first.record.source, first.record.row);
            report.merge_into(&gate.record, &format!("the gate of {first}"));
        } else if of.len() >= MOST_GATES {
            report.reject(
                &gate.record,
                RejectReason::Crowded,
                &format!("its compound has {MOST_GATES} gates already"),
            );
        } else {
            of.push(gate);
        }
    }

    /// Whether a gate is known near the place of a reported gate.
    fn is_known(&self, number: usize, point: Point, mapped: &MappedGates<'_>) -> bool {
        let near = |other: Point| other.distance_metres(point) <= NEW_METRES;
        mapped.of[number].iter().any(|node| near(node.point))
            || self.of.get(&number).is_some_and(|of| of.iter().any(|gate| near(gate.record.point)))
    }
}

/// The compound of an own gate.
///
/// # Errors
/// The reason why it has none.
fn owner(
    gate: &OwnGate,
    compounds: &[DraftCompound],
    named: &CompoundNames,
    sides: &OutlineSides,
) -> Result<CompoundMatch, String> {
    let at = gate.record.point;
    let exactly = |number: usize| CompoundMatch { number, by_similarity: false };
    if let Some(name) = gate.compound.as_deref() {
        let found = named.find_similar(compounds, name, Some(at))?;
        let number = found.number;
        if !sides.is_near(number, &compounds[number], at) {
            let name = excerpt(name);
            return Err(format!("it is more than {NAMED_METRES} m from `{name}`, the compound in its row"));
        }
        return Ok(found);
    }
    // The compound in the name, as in 塔布板小区(东门), takes precedence over the nearest outline.
    let inside = gate.record.name.as_deref().and_then(behind_gate);
    let by_name = inside.and_then(|name| named.find(compounds, Some(&name), Some(at)).ok());
    if let Some(number) = by_name.filter(|number| sides.is_near(*number, &compounds[*number], at)) {
        return Ok(exactly(number));
    }
    sides.nearest(at).map(|number| exactly(number as usize)).ok_or_else(|| {
        format!("no compound's outline within {OWN_METRES} m; name its compound in a column `compound`")
    })
}
