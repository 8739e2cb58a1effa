//! The contents of a board, before layout: the gate, the facilities within reach, the bands' shapes, and what stands
//! against printing them.

mod beyond;
mod candidates;
mod entries;
mod entry;
mod finding;
mod findings;
mod gate;
mod green;
mod island;
mod merged;
#[cfg(test)]
mod tests;
mod waits;

pub(crate) use entries::entries;
pub(crate) use entry::{Beyond, Entry};
pub use finding::{BoardFinding, BoardFindingKind};
pub use gate::gate_name;

use crate::error::PrintError;
use crate::fonts::without_emoji;
use crate::names::{clean_name, english_tail, is_latin_only};
use crate::settings::Settings;
use circle_model::city::{Compound, GateProvenance};
use circle_model::mainland::in_mainland_china;
use circle_model::{Catalogue, City, CompoundId, GateId, Milliseconds, Point};
use circle_reach::{Cancel, Form, Network, Origin, Reached, Status};
use findings::Facts;
use gate::side_of;
use std::collections::BTreeMap;

/// The contents of a board.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) compound: CompoundId,
    /// The label of the city's data in every title, such as 演示数据.
    pub(crate) label: Option<String>,
    pub(crate) at: Point,
    pub(crate) compound_name: String,
    pub(crate) compound_name_en: Option<String>,
    pub(crate) gate_name: String,
    pub(crate) gate_name_en: Option<String>,
    /// Names of the compound in other languages, by language code.
    pub(crate) other: BTreeMap<String, String>,
    /// Whether the gate was inferred.
    pub(crate) inferred: bool,
    /// Whether ways lead beyond the data within the longest band: the list may be incomplete.
    pub(crate) at_edge: bool,
    /// The direction that is up on the map, degrees clockwise from north.
    pub(crate) up_degrees: f64,
    /// The direction that the reader faces, degrees clockwise from north.
    pub(crate) faces_degrees: f64,
    /// The nearest first.
    pub(crate) entries: Vec<Entry>,
    /// The nearest place of each kind that has none within the longest band, the nearest first.
    pub(crate) beyond: Vec<Beyond>,
    /// The walking profile.
    pub(crate) walker: WalkerName,
    /// The bands in minutes, ascending.
    pub(crate) minutes: Vec<u32>,
    /// What stands against printing the board, errors first.
    pub(crate) findings: Vec<BoardFinding>,
    /// Whether the board is marked 样张: because it was asked for, or because there are errors.
    pub(crate) sample: bool,
    /// The nearest first. Each band contains the previous ones.
    pub(crate) bands: Vec<Band>,
}

/// The names of the walking profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WalkerName {
    pub(crate) zh: String,
    pub(crate) en: String,
    /// Whether it is the default profile, which needs no mention.
    pub(crate) is_default: bool,
}

/// The area within reach in a band.
#[derive(Debug)]
pub(crate) struct Band {
    pub(crate) minutes: u32,
    /// Polygons: outer ring first, then holes.
    pub(crate) disc: Vec<Vec<Vec<Point>>>,
}

/// Computes the contents of a gate's board.
///
/// # Errors
///
/// As [`unmarked`]; when the gate is inferred and `settings` exclude such gates, or when there are errors and
/// `settings` are strict.
pub(crate) fn contents(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<Contents, PrintError> {
    let city = network.city();
    let row = &city.gates()[gate.index()];
    let compound = || {
        let names = settings.names_of(city, row.compound, gate);
        names.compound.unwrap_or_else(|| map_name(city, &city.compounds()[row.compound.index()]))
    };
    if !settings.inferred && GateProvenance::from_code(row.provenance) == GateProvenance::Inferred {
        return Err(PrintError::Inferred { compound: compound(), gate: city.gate_key(gate).into_owned() });
    }
    let (mut contents, walks) = unmarked(network, catalogue, settings, gate, cancel)?;
    let errors = contents.findings.iter().filter(|finding| finding.is_error());
    let errors: Vec<&str> = errors.map(|finding| finding.message_en.as_str()).collect();
    if settings.strict && !errors.is_empty() {
        let (compound, gate) = (compound(), city.gate_key(gate).into_owned());
        return Err(PrintError::NotPrintable { compound, gate, reasons: errors.join("; ") });
    }
    contents.sample = settings.sample || !errors.is_empty();
    for (entry, walk) in contents.entries.iter_mut().zip(&walks) {
        entry.waits = waits::waits_at_signals(network, &settings.profile, gate, walk, cancel)?;
    }
    Ok(contents)
}

/// The contents without marks of waits and of 样张, and the walks to the entries.
///
/// # Errors
///
/// When no way leads from the gate, or when `cancel` is cancelled.
pub(crate) fn unmarked(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<(Contents, Vec<Reached>), PrintError> {
    let city = network.city();
    let row = &city.gates()[gate.index()];
    let compound = row.compound;
    let of_compound = &city.compounds()[compound.index()];
    let names = settings.names_of(city, compound, gate);
    let is_renamed = names.compound.is_some();
    let compound_name = names.compound.unwrap_or_else(|| map_name(city, of_compound));
    let profile = &settings.profile;
    let (origin, minutes) = (Origin::Gate(gate), settings.minutes.as_slice());
    let isochrones = circle_reach::isochrones(network, profile, origin, minutes, Form::Discs, cancel)?;
    if isochrones.status != Status::Ok {
        let what = "no walkable way leads to it, so what is near it is unknown";
        let gate = city.gate_key(gate).into_owned();
        return Err(PrintError::Gate { compound: compound_name, gate, what });
    }
    let longest = Milliseconds::from_minutes(settings.longest_minutes());
    let reached = circle_reach::reach(network, profile, origin, longest, cancel)?.unwrap_or_default();
    let (entries, walks): (Vec<Entry>, Vec<Reached>) =
        entries(city, catalogue, settings, row, &reached).into_iter().unzip();
    let is_latin = is_latin_only(&compound_name) && in_mainland_china(of_compound.point.lon_lat());
    let inferred = GateProvenance::from_code(row.provenance) == GateProvenance::Inferred;
    let at_edge = isochrones.unknown.iter().any(|it| !it.polygons.is_empty());
    let facts = Facts {
        compound_name: &compound_name,
        is_named: (is_renamed || of_compound.generated_name == 0) && !is_latin,
        island: island::island(network, gate),
        is_inferred: inferred,
        is_at_edge: at_edge,
        entries: &entries,
    };
    let findings = findings::findings(settings, &facts);
    let outward = of_compound.point.bearing_degrees(row.point);
    let faces_degrees = settings.faces(city, compound, gate).unwrap_or(outward);
    let own_gate_name = city.text_or_none(row.name).map(without_emoji).filter(|name| !name.is_empty());
    let (side, side_en) = side_of(outward);
    let gate_name = names.gate.or(own_gate_name);
    let gate_name_en = match &gate_name {
        Some(_) => names.gate_en,
        None => names.gate_en.or_else(|| Some(format!("{side_en} entrance"))),
    };
    let compound_name_en = names
        .compound_en
        .or_else(|| city.text_or_none(of_compound.name_en).map(without_emoji))
        .or_else(|| english_tail(city.text(of_compound.name)).map(without_emoji));
    let shapes = isochrones.shapes.into_iter();
    let contents = Contents {
        compound,
        label: city.meta().label().map(str::to_owned),
        at: row.point,
        compound_name,
        compound_name_en,
        gate_name: gate_name.unwrap_or_else(|| format!("{side}侧出入口")),
        gate_name_en,
        other: names.other,
        inferred,
        at_edge,
        up_degrees: if settings.north_up { 0.0 } else { faces_degrees },
        faces_degrees,
        beyond: beyond::beyond(network, catalogue, settings, gate, &reached, cancel)?,
        walker: WalkerName {
            zh: profile.zh.clone(),
            en: profile.en.clone(),
            is_default: settings.has_default_walker(),
        },
        minutes: settings.minutes.clone(),
        findings,
        sample: false,
        entries,
        bands: shapes.map(|disc| Band { minutes: disc.minutes, disc: disc.polygons }).collect(),
    };
    Ok((contents, walks))
}

/// The name of a compound on the map, cleaned.
fn map_name(city: &City, compound: &Compound) -> String {
    clean_name(&without_emoji(city.text(compound.name)))
}

/// Year, month and day of the map data.
pub(crate) fn data_date(city: &City) -> Option<[u16; 3]> {
    let date = city.meta().data_date.as_deref()?;
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
