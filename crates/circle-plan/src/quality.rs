//! The data-quality report 数据质量: what is missing, doubtful or was joined, so that it can be mended.

use circle_model::city::{
    Finding, FindingKind, GateProvenance, Joined, Origin, PopulationFrom, Severity, Span, Unit,
};
use circle_model::{Catalogue, City, CompoundId, FacilityId, Point};
use circle_reach::Network;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub kind: FindingKind,
    /// Id of the compound, facility or unit, or `file:row` of an own file; empty for none.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub point: Option<Point>,
    /// What is the matter, and what to do.
    pub message: String,
}

impl Remark {
    /// Whether it is about a file of the planner's own, not about the map.
    pub fn is_of_own_file(&self) -> bool {
        match self.kind {
            FindingKind::RejectedRow
            | FindingKind::OddRow
            | FindingKind::Coordinates
            | FindingKind::CorrectionApplied
            | FindingKind::CorrectionStale => true,
            // Of a row; of the map they are counted together.
            FindingKind::NoCategory => !self.id.is_empty(),
            _ => false,
        }
    }
}

/// Parts of the network from this length on are islands worth a row of their own.
const ISLAND_METRES: u32 = 200;
/// Facilities of one name within this distance may be one.
const DUPLICATE_METRES: f64 = 100.0;
/// A district has suspiciously few of a category below this share of what the rest of the city would suggest …
const FEW_SHARE: f64 = 0.25;
/// … where that is at least this many.
const FEW_EXPECTED: f64 = 4.0;

/// Everything that is known to be doubtful of a city: first what is of the planner's own files, then what is of the map;
/// the gravest first, each kind together.
pub fn quality(network: &Network, catalogue: &Catalogue) -> Vec<Remark> {
    let city = network.city();
    network.prepare_facilities();
    let mut remarks = found_at_build(city);
    remarks.extend(without_category(city));
    remarks.extend(islands(city));
    remarks.extend(compounds(network));
    remarks.extend(facilities_off_network(network));
    remarks.extend(merged(city));
    remarks.extend(possible_duplicates(city, catalogue));
    remarks.extend(sources(city, catalogue));
    remarks.extend(clipped(city));
    remarks.sort_by_key(|remark| (!remark.is_of_own_file(), remark.severity, remark.kind));
    remarks
}

fn found_at_build(city: &City) -> Vec<Remark> {
    let remark = |finding: &Finding| Remark {
        severity: Severity::from_code(finding.severity),
        kind: FindingKind::from_code(finding.kind),
        id: match (city.own_file(finding.source), finding.row) {
            ("", _) => String::new(),
            (file, 0) => file.to_owned(),
            (file, row) => format!("{file}:{row}"),
        },
        name: city.text(finding.name).to_owned(),
        point: Some(finding.point).filter(|point| *point != Finding::NOWHERE),
        message: city.text(finding.message).to_owned(),
    };
    city.findings().iter().map(remark).collect()
}

/// Named places of the map that the catalogue has no category for: shops for clothes, companies.
fn without_category(city: &City) -> Option<Remark> {
    let count =
        city.meta().skipped.get("named_places_without_category").copied().filter(|count| *count > 0)?;
    Some(Remark {
        severity: Severity::Info,
        kind: FindingKind::NoCategory,
        id: String::new(),
        name: String::new(),
        point: None,
        message: format!(
            "{count} named places of the map (shops, offices, amenities) are of no category of the catalogue; a block in \
             data/categories.toml adds one"
        ),
    })
}

fn islands(city: &City) -> Vec<Remark> {
    let metres = city.component_metres();
    let mut at: HashMap<u32, Point> = HashMap::new();
    for node in city.nodes().iter().filter(|node| node.component != 0) {
        at.entry(node.component).or_insert(node.point);
    }
    let mut remarks = Vec::new();
    let (mut small, mut small_metres) = (0u32, 0u64);
    for (part, metres) in (0u32..).zip(metres).skip(1) {
        if *metres < ISLAND_METRES {
            small += 1;
            small_metres += u64::from(*metres);
            continue;
        }
        remarks.push(Remark {
            severity: Severity::Warning,
            kind: FindingKind::Island,
            id: part.to_string(),
            name: String::new(),
            point: at.get(&part).copied(),
            message: format!(
                "{metres} m of way that hang together with nothing else; a crossing or gate is missing on the map"
            ),
        });
    }
    if small > 0 {
        remarks.push(Remark {
            severity: Severity::Info,
            kind: FindingKind::Island,
            id: String::new(),
            name: String::new(),
            point: None,
            message: format!("{small} more of under {ISLAND_METRES} m each, {small_metres} m in all"),
        });
    }
    remarks
}

/// Compounds on islands, off the network, without a mapped gate, of unknown population.
fn compounds(network: &Network) -> Vec<Remark> {
    let city = network.city();
    let of = |number: u32| {
        let compound = &city.compounds()[number as usize];
        let remark = |severity, kind, message: String| Remark {
            severity,
            kind,
            id: number.to_string(),
            name: city.text(compound.name).to_owned(),
            point: Some(compound.point),
            message,
        };
        let mut remarks = Vec::new();
        let parts = network.compound_parts(CompoundId(number));
        if parts.is_empty() {
            remarks.push(remark(
                Severity::Error,
                FindingKind::CompoundOffNetwork,
                "no way leads to it: nothing can be said of it; give it a gate in an own file".to_owned(),
            ));
        } else if !parts.contains(&0) {
            let metres: u32 = parts.iter().map(|part| city.component_metres()[*part as usize]).sum();
            remarks.push(remark(
                Severity::Error,
                FindingKind::CompoundOnIsland,
                format!("its gates lead to an island of {metres} m alone; join it to the streets on the map"),
            ));
        }
        let gates = &city.gates()[compound.gates.range()];
        let derived = gates.first().map(|gate| GateProvenance::from_code(gate.provenance));
        let without = match derived {
            Some(GateProvenance::Crossing) => Some((
                Severity::Info,
                format!(
                    "{} gates where ways cross its outline; nobody has mapped or listed them",
                    gates.len()
                ),
            )),
            Some(GateProvenance::Inferred) | None => Some((
                Severity::Warning,
                "no gate known: the nearest ways stand in; list its gates in an own file".to_owned(),
            )),
            Some(GateProvenance::Own | GateProvenance::Mapped) => None,
        };
        if let Some((severity, message)) = without {
            remarks.push(remark(severity, FindingKind::NoMappedGate, message));
        }
        if PopulationFrom::from_code(compound.population_from) == PopulationFrom::Unknown {
            remarks.push(remark(
                Severity::Info,
                FindingKind::NoPopulation,
                "neither counted in an own file nor a residential building mapped in it".to_owned(),
            ));
        }
        remarks
    };
    (0..city.compounds().len() as u32).into_par_iter().flat_map_iter(of).collect()
}

fn facilities_off_network(network: &Network) -> Vec<Remark> {
    let city = network.city();
    let off = |number: &u32| network.facility_parts(FacilityId(*number)).is_empty();
    (0..city.facilities().len() as u32)
        .filter(off)
        .map(|number| {
            let facility = &city.facilities()[number as usize];
            Remark {
                severity: Severity::Warning,
                kind: FindingKind::FacilityOffNetwork,
                id: number.to_string(),
                name: city.text(facility.name).to_owned(),
                point: Some(facility.point),
                message: "no way leads to it, so it counts for nobody; mend its place, or the map around it"
                    .to_owned(),
            }
        })
        .collect()
}

/// The merge as a table: every place that is made from several records.
fn merged(city: &City) -> Vec<Remark> {
    let facilities =
        (0u32..).zip(city.facilities()).map(|(id, it)| (id, it.name, it.point, it.origins, "facility"));
    let compounds =
        (0u32..).zip(city.compounds()).map(|(id, it)| (id, it.name, it.point, it.origins, "compound"));
    let several = facilities.chain(compounds).filter(|(_, _, _, origins, _)| origins.len > 1);
    several
        .map(|(id, name, point, origins, what)| {
            let records = &city.origins()[origins.range()];
            Remark {
                severity: Severity::Info,
                kind: FindingKind::Merged,
                id: id.to_string(),
                name: city.text(name).to_owned(),
                point: Some(point),
                message: format!(
                    "one {what} from {} records: {}",
                    records.len(),
                    records_in_words(city, records)
                ),
            }
        })
        .collect()
}

/// A few records as they were joined; a hostile file may have 200,000 for one place.
fn records_in_words(city: &City, records: &[Origin]) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = records
        .iter()
        .take(MOST)
        .map(|record| {
            let name = city.text_or_none(record.name).map(|name| format!(" `{name}`")).unwrap_or_default();
            let label = city.origin_label(record);
            match Joined::from_code(record.joined) {
                Joined::Kept => format!("{label}{name} kept"),
                joined => {
                    let words = joined.word().replace('_', " ");
                    format!("{label}{name} ({words}, {:.0} m)", record.distance_metres)
                }
            }
        })
        .collect();
    if records.len() > MOST {
        words.push(format!("and {} more", records.len() - MOST));
    }
    words.join("; ")
}

/// Facilities of one name close by that were not joined: of other categories, or apart in one file.
fn possible_duplicates(city: &City, catalogue: &Catalogue) -> Vec<Remark> {
    const MOST_OF_A_NAME: usize = 500;
    let stop = catalogue.index_of("bus_stop");
    let mut named: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (number, facility) in (0u32..).zip(city.facilities()) {
        let Span { start, len } = facility.name;
        let main = city.facility_categories()[facility.categories.range()].first().copied();
        if len > 0 && main.map(usize::from) != stop {
            named.entry((start, len)).or_default().push(number);
        }
    }
    let mut remarks = Vec::new();
    for numbers in named.values().filter(|numbers| numbers.len() > 1) {
        let facilities = city.facilities();
        for (at, &number) in numbers.iter().enumerate().take(MOST_OF_A_NAME) {
            let here = facilities[number as usize].point;
            let near = numbers[at + 1..]
                .iter()
                .take(MOST_OF_A_NAME)
                .find(|other| facilities[**other as usize].point.distance_metres(here) <= DUPLICATE_METRES);
            let Some(other) = near else { continue };
            let facility = &facilities[number as usize];
            let metres = facilities[*other as usize].point.distance_metres(here);
            let category = |number: u32| {
                let facility = &facilities[number as usize];
                let main = city.facility_categories()[facility.categories.range()].first();
                main.and_then(|main| catalogue.categories.get(usize::from(*main)))
                    .map_or("", |it| it.zh.as_str())
            };
            remarks.push(Remark {
                severity: Severity::Warning,
                kind: FindingKind::PossibleDuplicate,
                id: number.to_string(),
                name: city.text(facility.name).to_owned(),
                point: Some(here),
                message: format!(
                    "facility {other} has the same name {metres:.0} m away ({} and {}); both are kept",
                    category(number),
                    category(*other)
                ),
            });
        }
    }
    remarks
}

/// Categories without a record, and districts with suspiciously few.
fn sources(city: &City, catalogue: &Catalogue) -> Vec<Remark> {
    let districts: Vec<(u32, &Unit)> =
        (0u32..).zip(city.units()).filter(|(_, unit)| unit.admin_level == Unit::DISTRICT).collect();
    let district_of = |point: Point| {
        districts
            .iter()
            .position(|(_, unit)| unit.bounds.contains(point) && city.rings_contain(unit.rings, point))
    };
    let mut compounds = vec![0u32; districts.len()];
    for compound in city.compounds() {
        let at = districts.iter().position(|(number, _)| compound.units[0] == *number);
        if let Some(at) = at {
            compounds[at] += 1;
        }
    }
    let mut counts = vec![vec![0u32; districts.len() + 1]; catalogue.categories.len()];
    for facility in city.facilities() {
        let district = district_of(facility.point).unwrap_or(districts.len());
        for category in &city.facility_categories()[facility.categories.range()] {
            if let Some(counts) = counts.get_mut(usize::from(*category)) {
                counts[district] += 1;
            }
        }
    }
    let mut remarks = Vec::new();
    let all: u32 = compounds.iter().sum();
    for (category, counts) in catalogue.categories.iter().zip(&counts) {
        let total: u32 = counts.iter().sum();
        let mut say = |severity, kind, id: String, name: String, point, message| {
            remarks.push(Remark { severity, kind, id, name, point, message });
        };
        if total == 0 {
            let severity = if category.board { Severity::Warning } else { Severity::Info };
            let message = format!(
                "not one {} ({}) in the data: no source, so its absence says nothing; give an own file",
                category.zh, category.id
            );
            say(
                severity,
                FindingKind::CategoryWithoutSource,
                category.id.clone(),
                category.zh.clone(),
                None,
                message,
            );
            continue;
        }
        for (at, (number, unit)) in districts.iter().enumerate() {
            let elsewhere = f64::from(all - compounds[at]);
            let expected = f64::from(total - counts[at]) * f64::from(compounds[at]) / elsewhere.max(1.0);
            if expected < FEW_EXPECTED || f64::from(counts[at]) >= FEW_SHARE * expected {
                continue;
            }
            let message = format!(
                "{} of {} ({}) in {}; as many for each compound as elsewhere would be {expected:.0}",
                counts[at],
                category.zh,
                category.id,
                city.text(unit.name)
            );
            let name = city.text(unit.name).to_owned();
            say(
                Severity::Warning,
                FindingKind::FewRecords,
                number.to_string(),
                name,
                Some(unit.point),
                message,
            );
        }
    }
    remarks
}

fn clipped(city: &City) -> Vec<Remark> {
    let clipped = (0u32..).zip(city.units()).filter(|(_, unit)| unit.clipped == 1);
    clipped
        .map(|(number, unit)| Remark {
            severity: Severity::Info,
            kind: FindingKind::ClippedBoundary,
            id: number.to_string(),
            name: city.text(unit.name).to_owned(),
            point: Some(unit.point),
            message: if unit.source > 0 {
                "it reaches beyond the edge of the data: what lies there is not known".to_owned()
            } else {
                format!(
                    "boundary of level {} cut by the edge of the extract and closed along it; its figures are of the \
                     part within",
                    unit.admin_level
                )
            },
        })
        .collect()
}
