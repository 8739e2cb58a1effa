//! The contents of a board, before layout: the gate, the facilities within reach, and the bands' shapes.

use crate::error::PrintError;
use crate::fonts::without_emoji;
use crate::settings::{GroupBy, Requirement, Settings};
use circle_model::city::{Gate, GateProvenance};
use circle_model::{Catalogue, City, CompoundId, GateId, Milliseconds, Point};
use circle_reach::{Cancel, Form, Network, Origin, Reached, Status};
use std::collections::{BTreeMap, HashMap};

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
    /// The nearest first. Each band contains the previous ones.
    pub(crate) bands: Vec<Band>,
}

/// A facility within reach.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The facility's key.
    pub(crate) key: String,
    pub(crate) name: String,
    /// Whether it has a name of its own, not only that of its category.
    pub(crate) named: bool,
    pub(crate) name_en: Option<String>,
    /// Its category.
    pub(crate) kind: String,
    pub(crate) kind_en: String,
    pub(crate) group: usize,
    pub(crate) icon: String,
    /// Row of the requirement that it meets.
    pub(crate) requirement: usize,
    /// Row of the band that its walk falls into.
    pub(crate) band: usize,
    pub(crate) walk: Walk,
    /// Position of its marker: the facility, or its entrance if the facility is large, because the walk ends
    /// there.
    pub(crate) at: Point,
    /// Bearing from the gate, degrees clockwise from north.
    pub(crate) bearing_degrees: f64,
}

/// The walk to a facility, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Whole minutes, rounded up, so that no walk takes longer than printed.
    pub(crate) minutes: u32,
    /// Whole metres.
    pub(crate) metres: u32,
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
/// When the gate is inferred and `settings` exclude such gates, when no way leads from it, or when `cancel` is
/// cancelled.
pub(crate) fn contents(
    network: &Network,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<Contents, PrintError> {
    let city = network.city();
    let row = &city.gates()[gate.index()];
    let compound = row.compound;
    let of_compound = &city.compounds()[compound.index()];
    let names = settings.names_of(city, compound, gate);
    let compound_name = names.compound.unwrap_or_else(|| without_emoji(city.text(of_compound.name)));
    let inferred = GateProvenance::from_code(row.provenance) == GateProvenance::Inferred;
    if inferred && !settings.inferred {
        return Err(PrintError::Inferred { compound: compound_name, gate: city.gate_key(gate).into_owned() });
    }
    let profile = &settings.profile;
    let (origin, minutes) = (Origin::Gate(gate), settings.minutes.as_slice());
    let isochrones = circle_reach::isochrones(network, profile, origin, minutes, Form::Discs, cancel)?;
    let longest = minutes.iter().copied().max().map_or(Milliseconds(0), Milliseconds::from_minutes);
    if isochrones.status != Status::Ok {
        let what = "no walkable way leads to it, so what is near it is unknown";
        let gate = city.gate_key(gate).into_owned();
        return Err(PrintError::Gate { compound: compound_name, gate, what });
    }
    let reached = circle_reach::reach(network, profile, origin, longest, cancel)?.unwrap_or_default();
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
    let named = names.gate.or(gate_name);
    let gate_name_en = match &named {
        Some(_) => names.gate_en,
        None => names.gate_en.or_else(|| Some(format!("{side_en} entrance"))),
    };
    Ok(Contents {
        compound,
        label: city.meta().label().map(str::to_owned),
        at: row.point,
        compound_name_en: names
            .compound_en
            .or_else(|| city.text_or_none(of_compound.name_en).map(without_emoji)),
        compound_name,
        gate_name: named.unwrap_or_else(|| format!("{side}侧出入口")),
        gate_name_en,
        other: names.other,
        inferred,
        at_edge,
        up_degrees: if settings.north_up { 0.0 } else { faces_degrees },
        faces_degrees,
        entries: entries(city, catalogue, settings, row, &reached),
        bands,
    })
}

/// A facility is marked at its entrance if that is farther than this from its centre, metres.
const LARGE_METRES: f64 = 45.0;

fn entries(
    city: &City,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: &Gate,
    reached: &[Reached],
) -> Vec<Entry> {
    let mut required_by: HashMap<usize, usize> = HashMap::new();
    for (number, requirement) in settings.requirements.iter().enumerate() {
        for category in &requirement.categories {
            required_by.entry(*category).or_insert(number);
        }
    }
    let entry = |it: &Reached| {
        let facility = &city.facilities()[it.facility.index()];
        let of_facility = &city.facility_categories()[facility.categories.range()];
        let (category, requirement) = of_facility
            .iter()
            .find_map(|category| Some((*category as usize, *required_by.get(&(*category as usize))?)))?;
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
            requirement,
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

/// The side of the compound that a direction points to.
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

/// The entries that fit, with the number of omitted ones for each heading.
#[derive(Debug)]
pub(crate) struct Listed {
    /// One section per heading, with its numbered entries; may be empty.
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) heading: Heading,
    pub(crate) entries: Vec<(u32, Entry)>,
    /// Number of omitted entries.
    pub(crate) more: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    /// Row of the bands.
    Band(usize),
    /// Row of the catalogue's groups.
    Group(usize),
}

/// Chooses at most `most` entries: the nearest of each requirement first, then the nearest ones with a name
/// of their own, then the rest. Numbers them in reading order.
pub(crate) fn listed(
    entries: &[Entry],
    requirements: &[Requirement],
    bands: usize,
    by: GroupBy,
    most: usize,
) -> Listed {
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
        // An empty theme would claim that nothing exists, so it has no heading.
        let themes = match by {
            GroupBy::Theme => {
                let groups = entries.iter().map(|entry| entry.group + 1).max().unwrap_or(0);
                nearest_of_each(&|entry| entry.group, groups)
            }
            GroupBy::Band => Vec::new(),
        };
        let each = nearest_of_each(&|entry| entry.requirement, requirements.len());
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

/// Year, month and day of the map data.
pub(crate) fn data_date(city: &City) -> Option<[u16; 3]> {
    let date = city.meta().data_date.as_deref()?;
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
