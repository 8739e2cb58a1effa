//! What the bands do not have: the nearest place of each missing kind.

use super::candidates::categories_of;
use super::entries::marked_at;
use super::entry::{Beyond, Walk};
use crate::names::is_military;
use crate::settings::Settings;
use circle_model::{Catalogue, GateId, Milliseconds};
use circle_reach::{Cancel, Cancelled, Network, Origin, Reached, reach};

/// Longest walk to a place beyond the bands, minutes.
const FARTHEST: u32 = 60;

/// The nearest place of each requirement that nothing within the bands meets, the nearest first. `within` are the
/// facilities within the bands. One search finds all of them; there is none if nothing is missing.
///
/// # Errors
///
/// [`Cancelled`].
pub(super) fn beyond(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    within: &[Reached],
    cancel: &Cancel,
) -> Result<Vec<Beyond>, Cancelled> {
    let city = network.city();
    let category_for = |requirement: usize, it: &Reached| {
        let required = &settings.requirements[requirement].categories;
        let mut categories = categories_of(city, it.facility).iter().map(|category| usize::from(*category));
        categories.find(|category| required.contains(category))
    };
    let is_missing = |row: &usize| !within.iter().any(|it| category_for(*row, it).is_some());
    let missing: Vec<usize> = (0..settings.requirements.len()).filter(is_missing).collect();
    if missing.is_empty() || settings.minutes.iter().any(|minutes| *minutes >= FARTHEST) {
        return Ok(Vec::new());
    }
    let limit = Milliseconds::from_minutes(FARTHEST);
    let reached = reach(network, &settings.profile, Origin::Gate(gate), limit, cancel)?.unwrap_or_default();
    let may_be_shown = |it: &&Reached| !is_military(city.text(city.facilities()[it.facility.index()].name));
    let nearest_of = |requirement: usize| {
        let mut shown = reached.iter().filter(may_be_shown);
        shown.find_map(|it| Some((it, category_for(requirement, it)?)))
    };
    let mut nearest: Vec<(&Reached, usize)> = missing.into_iter().filter_map(nearest_of).collect();
    nearest.sort_by_key(|(it, category)| (it.time, it.length, it.facility, *category));
    // A facility that meets two requirements is one place.
    nearest.dedup_by_key(|(it, _)| it.facility);
    let from = city.gates()[gate.index()].point;
    let line = |(it, category): (&Reached, usize)| Beyond {
        kind: catalogue.categories[category].short.clone(),
        walk: Walk::of(it),
        bearing_degrees: from.bearing_degrees(marked_at(city, it)),
    };
    Ok(nearest.into_iter().map(line).collect())
}
