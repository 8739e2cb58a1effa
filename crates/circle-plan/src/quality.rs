//! The data-quality report 数据质量: missing, doubtful and joined records, with what to do about them.

use crate::coverage::{Judging, verdicts};
use crate::evidence::{Evidence, Source, category_sources};
use crate::survey::{Survey, survey};
use circle_model::city::{
    Finding, FindingKind, GateProvenance, Joined, KeyOf, OsmKind, PopulationFrom, Severity, SourceRecord,
    Span,
};
use circle_model::identity::osm_key;
use circle_model::{
    Catalogue, Category, City, ComponentId, CompoundId, FacilityId, Point, Profiles, RuleSet, UnitId,
};
use circle_reach::{Cancel, Cancelled, Network};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// One entry of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its severity.
    pub severity: Severity,
    /// Its kind.
    pub kind: FindingKind,
    /// Collection and row of the thing that it is about, if that has a key.
    pub about: Option<(KeyOf, u32)>,
    /// Key of the compound, facility, unit or node that it is about, or `file:row` of an own file; empty for none.
    pub id: String,
    /// Name of the thing.
    pub name: String,
    /// Position of the thing.
    pub point: Option<Point>,
    /// The problem, and what to do.
    pub message: String,
}

impl Remark {
    /// Whether it is about an own file, not about the map.
    pub fn is_of_own_file(&self) -> bool {
        match self.kind {
            FindingKind::RejectedRow
            | FindingKind::OddRow
            | FindingKind::Coordinates
            | FindingKind::CorrectionApplied
            | FindingKind::CorrectionStale => true,
            // An entry with an id is about a row; those of the map are one entry without an id.
            FindingKind::NoCategory => !self.id.is_empty(),
            _ => false,
        }
    }
}

/// Islands of the network of at least this length get an entry each, metres.
const ISLAND_METRES: u32 = 200;
/// Facilities of one name within this distance may be one, metres.
const DUPLICATE_METRES: f64 = 100.0;

/// Computes the report of a city: entries about own files, then those about the map, each by severity and kind.
///
/// # Errors
///
/// When `cancel` is cancelled.
pub fn quality(network: &Network, catalogue: &Catalogue, cancel: &Cancel) -> Result<Vec<Remark>, Cancelled> {
    let city = network.city();
    network.prepare_facilities();
    let mut remarks = found_at_build(city);
    remarks.extend(without_category(city));
    remarks.extend(islands(city));
    remarks.extend(compounds(network));
    remarks.extend(unreachable_facilities(network));
    remarks.extend(folded(city));
    remarks.extend(merged(city));
    remarks.extend(possible_duplicates(city, catalogue));
    remarks.extend(sources(city, catalogue));
    remarks.extend(gates_to_survey(network, catalogue, cancel)?);
    remarks.extend(clipped(city));
    remarks.sort_by_key(|remark| (!remark.is_of_own_file(), remark.severity, remark.kind));
    Ok(remarks)
}

fn found_at_build(city: &City) -> Vec<Remark> {
    let remark = |finding: &Finding| Remark {
        severity: Severity::from_code(finding.severity),
        kind: FindingKind::from_code(finding.kind),
        about: None,
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

/// Named places of the map without a category in the catalogue, such as clothes shops and companies.
fn without_category(city: &City) -> Option<Remark> {
    let count =
        city.meta().skipped.get("named_places_without_category").copied().filter(|count| *count > 0)?;
    Some(Remark {
        severity: Severity::Info,
        kind: FindingKind::NoCategory,
        about: None,
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
    let mut at: HashMap<ComponentId, Point> = HashMap::new();
    let mut of_map: HashMap<ComponentId, i64> = HashMap::new();
    for node in city.nodes().iter().filter(|node| !node.component.is_largest()) {
        at.entry(node.component).or_insert(node.point);
        if node.osm_id != 0 {
            of_map.entry(node.component).or_insert(node.osm_id);
        }
    }
    let mut remarks = Vec::new();
    let (mut small, mut small_metres) = (0u32, 0u64);
    for (component, metres) in (0u32..).map(ComponentId).zip(metres).skip(1) {
        if *metres < ISLAND_METRES {
            small += 1;
            small_metres += u64::from(*metres);
            continue;
        }
        remarks.push(Remark {
            severity: Severity::Warning,
            kind: FindingKind::Island,
            about: None,
            id: of_map.get(&component).and_then(|id| osm_key(OsmKind::Node, *id)).unwrap_or_default(),
            name: String::new(),
            point: at.get(&component).copied(),
            message: format!(
                "{metres} m of way without connection to the rest; a crossing or gate is missing on the map"
            ),
        });
    }
    if small > 0 {
        remarks.push(Remark {
            severity: Severity::Info,
            kind: FindingKind::Island,
            about: None,
            id: String::new(),
            name: String::new(),
            point: None,
            message: format!("{small} more of under {ISLAND_METRES} m each, {small_metres} m in all"),
        });
    }
    remarks
}

/// Compounds that are on islands, off the network, without a mapped gate or of unknown population.
fn compounds(network: &Network) -> Vec<Remark> {
    let city = network.city();
    let of = |number: u32| {
        let compound = &city.compounds()[number as usize];
        let remark = |severity, kind, message: String| Remark {
            severity,
            kind,
            about: Some((KeyOf::Compound, number)),
            id: city.compound_key(CompoundId(number)).into_owned(),
            name: city.text(compound.name).to_owned(),
            point: Some(compound.point),
            message,
        };
        let mut remarks = Vec::new();
        let components = network.compound_components(CompoundId(number));
        if components.is_empty() {
            remarks.push(remark(
                Severity::Error,
                FindingKind::CompoundOffNetwork,
                "no way leads to it, so its verdicts are unknown; give it a gate in an own file".to_owned(),
            ));
        } else if !components.contains(&ComponentId::LARGEST) {
            let metres: u32 = components.iter().map(|it| city.component_metres()[it.index()]).sum();
            remarks.push(remark(
                Severity::Error,
                FindingKind::CompoundOnIsland,
                format!("its gates lead to an island of {metres} m alone; join it to the streets on the map"),
            ));
        } else if !network.leads_to_main_streets(CompoundId(number)) {
            remarks.push(remark(
                Severity::Error,
                FindingKind::CompoundShutIn,
                "closed compounds, restricted ways or locked gates bar every walk out of it, so what lies outside is \
                 unknown; mend the map, or give it a gate in an own file"
                    .to_owned(),
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

/// Facilities that no walk from the main streets leads to, an entry each.
fn unreachable_facilities(network: &Network) -> Vec<Remark> {
    let city = network.city();
    let of = |number: u32| {
        let components = network.facility_components(FacilityId(number));
        let is_joined = components.contains(&ComponentId::LARGEST);
        if is_joined && network.is_reachable_from_main_streets(FacilityId(number)) {
            return None;
        }
        let facility = &city.facilities()[number as usize];
        let metres: u64 = components.iter().map(|it| u64::from(city.component_metres()[it.index()])).sum();
        let (kind, message) = if components.is_empty() {
            let message = "no way leads to it, so it counts for nobody; mend its place, or the map around it";
            (FindingKind::FacilityOffNetwork, message.to_owned())
        } else if is_joined {
            let message = "closed compounds, restricted ways or locked gates bar every walk to it, so it counts for \
                           nobody outside them; mend the map, or say that it is open in an own file";
            (FindingKind::FacilityShutIn, message.to_owned())
        } else {
            let message = format!(
                "all that leads to it is an island of {metres} m, so it counts for nobody elsewhere; join it to the \
                 streets on the map"
            );
            (FindingKind::FacilityOnIsland, message)
        };
        Some(Remark {
            severity: Severity::Warning,
            kind,
            about: Some((KeyOf::Facility, number)),
            id: city.facility_key(FacilityId(number)).into_owned(),
            name: city.text(facility.name).to_owned(),
            point: Some(facility.point),
            message,
        })
    };
    (0..city.facilities().len() as u32).filter_map(of).collect()
}

/// Counts of map objects that do not become facilities of their own, and of facilities for residents only.
fn folded(city: &City) -> Vec<Remark> {
    let skipped = |reason: &str| city.meta().skipped.get(reason).copied().unwrap_or_default();
    let residents = city.facilities().iter().filter(|facility| facility.only_for().is_some()).count();
    let counts = [
        (
            skipped("facilities_mapped_twice"),
            "objects of the map that another one of the same place stands for",
        ),
        (
            skipped("facilities_parts_of_a_site"),
            "parts of a site, such as the departments of a hospital, that are folded into it",
        ),
        (residents as u64, "parks inside closed compounds, which serve their residents alone"),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    counts
        .map(|(count, what)| Remark {
            severity: Severity::Info,
            kind: FindingKind::Merged,
            about: None,
            id: String::new(),
            name: String::new(),
            point: None,
            message: format!("{what}: {count}"),
        })
        .collect()
}

/// Facilities and compounds that were made from several records, an entry each.
fn merged(city: &City) -> Vec<Remark> {
    let facilities = (0u32..)
        .zip(city.facilities())
        .map(|(row, it)| ((KeyOf::Facility, row), it.name, it.point, it.origins, "facility"));
    let compounds = (0u32..)
        .zip(city.compounds())
        .map(|(row, it)| ((KeyOf::Compound, row), it.name, it.point, it.origins, "compound"));
    let several = facilities.chain(compounds).filter(|(_, _, _, origins, _)| origins.len > 1);
    several
        .map(|((of, row), name, point, origins, what)| {
            let records = &city.origins()[origins.range()];
            Remark {
                severity: Severity::Info,
                kind: FindingKind::Merged,
                about: Some((of, row)),
                id: city.key_of(of, row).into_owned(),
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

/// Describes the first records of a place; a hostile file may have 200,000 for one.
fn records_in_words(city: &City, records: &[SourceRecord]) -> String {
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

/// Pairs of facilities with the same name that are close and were not joined, as they differ in category or are in one file.
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
                about: Some((KeyOf::Facility, number)),
                id: city.facility_key(FacilityId(number)).into_owned(),
                name: city.text(facility.name).to_owned(),
                point: Some(here),
                message: format!(
                    "facility {} has the same name {metres:.0} m away ({} and {}); both are kept",
                    city.facility_key(FacilityId(*other)),
                    category(number),
                    category(*other)
                ),
            });
        }
    }
    remarks
}

/// Categories that the data holds too few facilities of for a gap, the most expected first.
fn sources(city: &City, catalogue: &Catalogue) -> Vec<Remark> {
    let mut incomplete: Vec<(&Category, Source)> = catalogue
        .categories
        .iter()
        .zip(category_sources(city, catalogue))
        .filter(|(_, source)| !Evidence::default().carries(source))
        .collect();
    incomplete.sort_by(|(_, a), (_, b)| b.expected.unwrap_or(0.0).total_cmp(&a.expected.unwrap_or(0.0)));
    let remark = |(category, source): (&Category, Source)| {
        let Category { id, zh, .. } = category;
        let (kind, found) = match source.known {
            0 => (FindingKind::CategoryWithoutSource, format!("not one {zh} ({id}) in the data")),
            known => (FindingKind::FewRecords, format!("{known} of {zh} ({id}) in the data")),
        };
        let expected = source.expected.map_or_else(
            || "nobody knows how many people live here, so nobody knows how many to expect".to_owned(),
            |expected| format!("about {expected:.0} are expected for the residents"),
        );
        Remark {
            severity: if category.board { Severity::Warning } else { Severity::Info },
            kind,
            about: None,
            id: id.clone(),
            name: zh.clone(),
            point: None,
            message: format!("{found}, {expected}: one that is missing here says nothing; give an own file"),
        }
    };
    incomplete.into_iter().map(remark).collect()
}

/// Compounds whose inferred gates make verdicts of the default rule set unknown, those with the most residents first.
fn gates_to_survey(
    network: &Network,
    catalogue: &Catalogue,
    cancel: &Cancel,
) -> Result<Vec<Remark>, Cancelled> {
    let (profiles, sets) = (Profiles::built_in(), RuleSet::built_in());
    let (Some(profile), Some(rules)) = (profiles.find(Profiles::DEFAULT), sets.first()) else {
        return Ok(Vec::new());
    };
    let judging = Judging { catalogue, profile, rules, minutes: &[], evidence: Evidence::default() };
    let coverage = verdicts(network, &judging, cancel)?;
    let city = network.city();
    let remark = |it: Survey| {
        let compound = &city.compounds()[it.compound.index()];
        let lines: Vec<&str> =
            it.columns.iter().map(|column| coverage.columns[*column].name.as_str()).collect();
        let people = it.residents.map_or_else(String::new, |people| format!(" of about {people} residents"));
        Remark {
            severity: Severity::Warning,
            kind: FindingKind::GateToSurvey,
            about: Some((KeyOf::Compound, it.compound.0)),
            id: city.compound_key(it.compound).into_owned(),
            name: city.text(compound.name).to_owned(),
            point: Some(compound.point),
            message: format!(
                "nobody has mapped its gates, and the verdicts{people} on {} differ from side to side: find the gates \
                 and give them as an own file (layer `gates`)",
                lines.join("、")
            ),
        }
    };
    Ok(survey(city, &coverage, None).into_iter().map(remark).collect())
}

fn clipped(city: &City) -> Vec<Remark> {
    let clipped = (0u32..).zip(city.units()).filter(|(_, unit)| unit.clipped == 1);
    clipped
        .map(|(number, unit)| Remark {
            severity: Severity::Info,
            kind: FindingKind::ClippedBoundary,
            about: Some((KeyOf::Unit, number)),
            id: city.unit_key(UnitId(number)).into_owned(),
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
