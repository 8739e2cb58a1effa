//! Selection of the gates that get boards.

use crate::error::PrintError;
use circle_model::city::{Gate, GateProvenance};
use circle_model::{City, CompoundId, GateId};

/// The gates of a compound that boards are made for, the most certain first. Locked and shut gates are
/// excluded, inferred ones too unless `inferred`.
pub fn boards_of(city: &City, compound: CompoundId, inferred: bool) -> Vec<GateId> {
    let rows = city.compounds()[compound.index()].gates.range();
    let gates = rows.map(|row| (row, &city.gates()[row]));
    let open = |row: usize, gate: &Gate| gate.locked == 0 && !city.gate_is_shut(GateId(row as u32));
    let known =
        |gate: &Gate| inferred || GateProvenance::from_code(gate.provenance) != GateProvenance::Inferred;
    let mut gates: Vec<(u8, u32)> = gates
        .filter(|(row, gate)| open(*row, gate) && known(gate))
        .map(|(row, gate)| (gate.provenance, row as u32))
        .collect();
    gates.sort_unstable();
    gates.into_iter().map(|(_, row)| GateId(row)).collect()
}

/// Finds a gate of a compound by its key, former key or name; without one, the most certain gate.
///
/// # Errors
///
/// When the compound has no such gate, or the gate cannot have a board.
pub fn gate_of(
    city: &City,
    compound: CompoundId,
    key_or_name: Option<&str>,
    inferred: bool,
) -> Result<GateId, PrintError> {
    let of = &city.compounds()[compound.index()];
    let name = || city.text(of.name).to_owned();
    let key = |row: u32| city.gate_key(GateId(row)).into_owned();
    let Some(key_or_name) = key_or_name else {
        if let Some(gate) = boards_of(city, compound, inferred).first() {
            return Ok(*gate);
        }
        // The first inferred gate is returned, so that the error explains why there is no board.
        return match boards_of(city, compound, true).first() {
            Some(gate) => Err(PrintError::Inferred { compound: name(), gate: key(gate.0) }),
            None => Err(PrintError::NoGate { compound: name() }),
        };
    };
    let rows = || of.gates.range().map(|row| (row as u32, &city.gates()[row]));
    let keyed = city.gate_named(key_or_name).found();
    let found = rows().find(|(row, _)| keyed == Some(GateId(*row)));
    let found = found.or_else(|| rows().find(|(_, gate)| city.text(gate.name) == key_or_name));
    let shut = |row: u32| city.gate_is_shut(GateId(row));
    if let Some((row, gate)) = found.filter(|(row, gate)| gate.locked != 0 || shut(*row)) {
        let what = if gate.locked != 0 { "it is locked" } else { "it is shut at that time" };
        return Err(PrintError::Gate { compound: name(), gate: key(row), what });
    }
    found.map(|(row, _)| GateId(row)).ok_or_else(|| {
        let known: Vec<String> = rows()
            .map(|(row, gate)| {
                let provenance = GateProvenance::from_code(gate.provenance).word();
                match city.text_or_none(gate.name) {
                    Some(name) => format!("{} {name} ({provenance})", key(row)),
                    None => format!("{} ({provenance})", key(row)),
                }
            })
            .collect();
        PrintError::NoSuchGate {
            what: format!("{} has no gate `{key_or_name}`; it has: {}", name(), known.join(", ")),
        }
    })
}
