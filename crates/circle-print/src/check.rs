//! The check of a board before it is drawn.

use crate::contents::{BoardFinding, entries, unmarked};
use crate::error::PrintError;
use crate::settings::Settings;
use circle_model::{Catalogue, GateId, Milliseconds};
use circle_reach::{Cancel, Network, Origin, reach};

/// What stands against printing the board of a gate, errors first. An inferred gate is a finding like others.
///
/// # Errors
///
/// When no way leads from the gate, or when `cancel` is cancelled.
pub fn check(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<Vec<BoardFinding>, PrintError> {
    unmarked(network, catalogue, settings, gate, cancel).map(|(contents, _)| contents.findings)
}

/// The number of places in each band of the board of a gate.
///
/// # Errors
///
/// When `cancel` is cancelled.
pub fn places_by_band(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<Vec<usize>, PrintError> {
    let city = network.city();
    let longest = Milliseconds::from_minutes(settings.longest_minutes());
    let reached = reach(network, &settings.profile, Origin::Gate(gate), longest, cancel)?;
    let row = &city.gates()[gate.index()];
    let entries = entries(city, catalogue, settings, row, &reached.unwrap_or_default());
    let of_band = |band: usize| entries.iter().filter(|(entry, _)| entry.band == band).count();
    Ok((0..settings.minutes.len()).map(of_band).collect())
}
