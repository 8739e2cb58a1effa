//! What a board says, before anything is drawn: the gate, what is within reach of it, and the shapes of the bands.

use crate::error::PrintError;
use crate::fonts::without_emoji;
use crate::settings::{GroupBy, Settings, Wanted};
use circle_model::city::{Gate, GateProvenance};
use circle_model::{Catalogue, City, CompoundId, GateId, Milliseconds, Point};
use circle_reach::{Form, Network, Origin, Reached, Status};
use std::collections::{BTreeMap, HashMap};

/// What a board says.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) compound: CompoundId,
    /// What every title says of the city's data, such as 演示数据.
    pub(crate) label: Option<String>,
    pub(crate) at: Point,
    pub(crate) compound_name: String,
    pub(crate) compound_name_en: Option<String>,
    pub(crate) gate_name: String,
    pub(crate) gate_name_en: Option<String>,
    /// The compound's name in other languages, by code.
    pub(crate) other: BTreeMap<String, String>,
    /// Nobody has mapped the gate.
    pub(crate) inferred: bool,
    /// Ways lead beyond the data within the longest band: there may be more than the board says.
    pub(crate) at_edge: bool,
    /// The direction that is up, degrees clockwise from north.
    pub(crate) up_degrees: f64,
    /// What who reads the board faces, the same way.
    pub(crate) faces_degrees: f64,
    /// Nearest first.
    pub(crate) entries: Vec<Entry>,
    /// The nearest first; each lies within the next.
    pub(crate) bands: Vec<Band>,
}

/// A facility within reach.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The facility's key.
    pub(crate) key: String,
    pub(crate) name: String,
    /// Its own name, not its kind's.
    pub(crate) named: bool,
    pub(crate) name_en: Option<String>,
    /// What kind of place it is.
    pub(crate) kind: String,
    pub(crate) kind_en: String,
    pub(crate) group: usize,
    pub(crate) icon: String,
    /// Which of the wanted things it is.
    pub(crate) wanted: usize,
    /// Row of the band that holds the walk.
    pub(crate) band: usize,
    pub(crate) walk: Walk,
    /// Where its marker stands: at the facility, or where it is entered if its grounds are large, since the walk ends there.
    pub(crate) at: Point,
    /// Seen from the gate, degrees clockwise from north.
    pub(crate) bearing_degrees: f64,
}

/// The walk to a facility, as the board says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Whole minutes, rounded up: nobody is promised less than it takes.
    pub(crate) minutes: u32,
    /// Whole metres.
    pub(crate) metres: u32,
}

/// Everything that is reached within a band.
#[derive(Debug)]
pub(crate) struct Band {
    pub(crate) minutes: u32,
    /// Polygons: outer ring first, then holes.
    pub(crate) disc: Vec<Vec<Vec<Point>>>,
}

/// Finds what the board of a gate says.
///
/// # Errors
/// When the gate was only inferred and `settings` do not take it, or leads nowhere.
pub(crate) fn contents(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
) -> Result<Contents, PrintError> {
    let city = network.city();
    let row = &city.gates()[gate.index()];
    let compound = row.compound;
    let of_compound = &city.compounds()[compound.index()];
    let called = settings.names_of(city, compound, gate);
    let compound_name = called.compound.unwrap_or_else(|| without_emoji(city.text(of_compound.name)));
    let inferred = GateProvenance::from_code(row.provenance) == GateProvenance::Inferred;
    if inferred && !settings.inferred {
        return Err(PrintError::Inferred { compound: compound_name, gate: city.gate_key(gate).into_owned() });
    }
    let profile = &settings.profile;
    let (origin, minutes) = (Origin::Gate(gate), settings.minutes.as_slice());
    let isochrones = circle_reach::isochrones(network, profile, origin, minutes, Form::Discs);
    let longest = minutes.iter().copied().max().map_or(Milliseconds(0), Milliseconds::from_minutes);
    if isochrones.status != Status::Ok {
        let what = "no walkable way leads to it, so nothing can be said of what is near";
        let gate = city.gate_key(gate).into_owned();
        return Err(PrintError::Gate { compound: compound_name, gate, what });
    }
    let reached = circle_reach::reach(network, profile, origin, longest).unwrap_or_default();
    let at_edge = isochrones.unknown.iter().any(|it| !it.polygons.is_empty());
    let bands = isochrones
        .shapes
        .into_iter()
        .map(|disc| Band { minutes: disc.minutes, disc: disc.polygons })
        .collect();
    let outward = of_compound.point.bearing_degrees(row.point);
    let faces_degrees = settings.faces(city, compound, gate).unwrap_or(outward);
    let gate_name = city.text_or_none(row.name).map(without_emoji).filter(|name| !name.is_empty());
    let (side, side_en) = side(outward);
    let named = called.gate.or(gate_name);
    let gate_name_en = match &named {
        Some(_) => called.gate_en,
        None => called.gate_en.or_else(|| Some(format!("{side_en} entrance"))),
    };
    Ok(Contents {
        compound,
        label: city.meta().label().map(str::to_owned),
        at: row.point,
        compound_name_en: called
            .compound_en
            .or_else(|| city.text_or_none(of_compound.name_en).map(without_emoji)),
        compound_name,
        gate_name: named.unwrap_or_else(|| format!("{side}侧出入口")),
        gate_name_en,
        other: called.other,
        inferred,
        at_edge,
        up_degrees: if settings.north_up { 0.0 } else { faces_degrees },
        faces_degrees,
        entries: entries(city, catalogue, settings, row, &reached),
        bands,
    })
}

/// Grounds whose entrance is farther from their middle are marked at the entrance.
const LARGE_METRES: f64 = 45.0;

fn entries(
    city: &City,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: &Gate,
    reached: &[Reached],
) -> Vec<Entry> {
    let mut wanted_by: HashMap<usize, usize> = HashMap::new();
    for (number, wanted) in settings.wanted.iter().enumerate() {
        for category in &wanted.categories {
            wanted_by.entry(*category).or_insert(number);
        }
    }
    let entry = |it: &Reached| {
        let facility = &city.facilities()[it.facility.index()];
        let of_facility = &city.facility_categories()[facility.categories.range()];
        let (category, wanted) = of_facility
            .iter()
            .find_map(|category| Some((*category as usize, *wanted_by.get(&(*category as usize))?)))?;
        let category = &catalogue.categories[category];
        let name = city.text_or_none(facility.name).map(without_emoji).filter(|name| !name.is_empty());
        let large = facility.point.distance_metres(it.entered_at) > LARGE_METRES;
        let at = if large { it.entered_at } else { facility.point };
        Some(Entry {
            key: city.facility_key(it.facility).into_owned(),
            name_en: city.text_or_none(facility.name_en).map(without_emoji),
            named: name.is_some(),
            name: name.unwrap_or_else(|| category.zh.clone()),
            kind: category.short.clone(),
            kind_en: category.en.clone(),
            group: catalogue.groups.iter().position(|group| group.id == category.group).unwrap_or(0),
            icon: category.icon.clone(),
            wanted,
            band: settings.minutes.iter().position(|band| it.time <= Milliseconds::from_minutes(*band))?,
            walk: Walk::of(it),
            at,
            bearing_degrees: gate.point.bearing_degrees(at),
        })
    };
    reached.iter().filter_map(entry).collect()
}

impl Walk {
    fn of(it: &Reached) -> Self {
        Self { minutes: it.time.0.div_ceil(60_000), metres: (it.length.0 + 500) / 1000 }
    }
}

/// Which side of a compound a direction is.
fn side(degrees: f64) -> (&'static str, &'static str) {
    const SIDES: [(&str, &str); 8] = [
        ("北", "North"),
        ("东北", "Northeast"),
        ("东", "East"),
        ("东南", "Southeast"),
        ("南", "South"),
        ("西南", "Southwest"),
        ("西", "West"),
        ("西北", "Northwest"),
    ];
    SIDES[((degrees / 45.0).round() as usize) % 8]
}

/// What of the entries there is space for, and how many are left out of each heading.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Under its heading, each with its number; a heading may have none.
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) heading: Heading,
    pub(crate) entries: Vec<(u32, Entry)>,
    /// Entries that there is no space for.
    pub(crate) more: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    /// Row of the bands.
    Band(usize),
    /// Row of the catalogue's groups.
    Group(usize),
}

/// Chooses at most `most` entries, the nearest of each wanted thing first, then whatever is nearest and has a name of its own,
/// then the rest, and numbers them as they are read.
pub(crate) fn listed(entries: &[Entry], wanted: &[Wanted], bands: usize, by: GroupBy, most: usize) -> Listed {
    let heading = |entry: &Entry| match by {
        GroupBy::Band => Heading::Band(entry.band),
        GroupBy::Theme => Heading::Group(entry.group),
    };
    let mut chosen = vec![entries.len() <= most; entries.len()];
    if entries.len() > most {
        let nearest_of_each = |of: &dyn Fn(&Entry) -> usize, kinds: usize| -> Vec<usize> {
            let mut first: Vec<usize> =
                (0..kinds).filter_map(|kind| entries.iter().position(|it| of(it) == kind)).collect();
            first.sort_unstable();
            first
        };
        // A theme without an entry would say that there is none.
        let themes = match by {
            GroupBy::Theme => {
                let groups = entries.iter().map(|entry| entry.group + 1).max().unwrap_or(0);
                nearest_of_each(&|entry| entry.group, groups)
            }
            GroupBy::Band => Vec::new(),
        };
        let each = nearest_of_each(&|entry| entry.wanted, wanted.len());
        let has_name = |named: bool| (0..entries.len()).filter(move |at| entries[*at].named == named);
        let mut left = most;
        for at in themes.into_iter().chain(each).chain(has_name(true)).chain(has_name(false)) {
            if left > 0 && !chosen[at] {
                chosen[at] = true;
                left -= 1;
            }
        }
    }
    let headings: Vec<Heading> = match by {
        GroupBy::Band => (0..bands).map(Heading::Band).collect(),
        GroupBy::Theme => {
            let mut groups: Vec<usize> = entries.iter().map(|entry| entry.group).collect();
            groups.sort_unstable();
            groups.dedup();
            groups.into_iter().map(Heading::Group).collect()
        }
    };
    let mut number = 0;
    let sections = headings
        .into_iter()
        .map(|of| {
            let of_heading = || entries.iter().zip(&chosen).filter(move |(entry, _)| heading(entry) == of);
            let entries = of_heading().filter(|(_, chosen)| **chosen).map(|(entry, _)| {
                number += 1;
                (number, entry.clone())
            });
            let entries: Vec<_> = entries.collect();
            let more = of_heading().filter(|(_, chosen)| !**chosen).count();
            Section { heading: of, entries, more }
        })
        .collect();
    Listed { sections }
}
