//! Gates 小区出入口, from the first source that has any (`walking.md`): mapped gates, crossings of the outline,
//! inferred gates. Gates of own files come before all of these.

mod closings;
mod draft;
mod mapped;
mod outlines;
mod own;
mod own_keys;
mod sites;
mod street_gates;

pub(crate) use draft::DraftGate;
pub(crate) use mapped::MappedGates;

use crate::compounds::Compounds;
use crate::network::{StreetGrid, Streets};
use crate::own::{DraftOrigin, OwnCorrection, OwnGate, Report};
use circle_model::CompoundId;
use circle_model::city::Span;
use own::OwnGates;
use sites::{GateSource, Sites};
use std::collections::HashSet;

/// The gates of all compounds.
#[derive(Debug, Default)]
pub(crate) struct Gates {
    /// Sorted by compound.
    pub(crate) list: Vec<DraftGate>,
    /// The gates of each compound in `list`.
    pub(crate) of_compounds: Vec<Span>,
}

/// Finds the gates of every compound.
///
/// A list of gates is complete for the compounds in it. Gates among an export's facilities, and new gates
/// reported by corrections, are added to the other gates. Gates that corrections closed are dropped.
pub(crate) fn find(
    compounds: &Compounds,
    mapped: &MappedGates<'_>,
    (own, corrections): (Vec<OwnGate>, Vec<OwnCorrection>),
    streets: &Streets,
    grid: &StreetGrid<'_>,
    report: &mut Report<'_>,
) -> Gates {
    let OwnGates { of, mut closings } = OwnGates::find(own, corrections, compounds, mapped, report);
    let sites = Sites { compounds, mapped, own: &of, streets, grid };
    let count = compounds.list.len();
    if closings.have_keys() {
        let all = (0..count).flat_map(|number| sites.gates_of(number, &closings));
        let keys: HashSet<String> = all.map(|gate| gate.key).collect();
        closings.settle(&keys, report);
    }
    let mut gates = Gates { list: Vec::new(), of_compounds: Vec::with_capacity(count) };
    for number in 0..count {
        let start = gates.list.len() as u32;
        for gate in sites.gates_of(number, &closings) {
            if closings.close(number, gate.point, &gate.key) {
                if let GateSource::Own(gate) = gate.from {
                    report.close(&DraftOrigin::own(&gate.record), "closed by a field correction");
                }
                continue;
            }
            gates.list.push(gate.draft(CompoundId(number as u32)));
        }
        gates.of_compounds.push(Span { start, len: gates.list.len() as u32 - start });
    }
    closings.report(report);
    gates
}
