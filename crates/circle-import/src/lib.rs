//! From OSM extracts to a [`City`].

mod areas;
mod beside;
mod blobs;
mod candidates;
mod census;
mod classify;
mod clip;
mod compounds;
mod crossings;
mod describe;
mod elevation;
mod error;
mod facilities;
mod features;
mod gate_keys;
mod gates;
mod hours;
mod keys;
mod labelled;
mod ledger;
mod located;
mod network;
mod outlines;
mod own;
mod population;
mod progress;
mod scan;
mod shapes;
mod sides;
mod streets;
mod summary;
mod tags;
mod text_table;
mod texts;
mod units;
mod unnamed;
mod zones;

pub use classify::{Classified, Classifier, NoFacility, Said, amap_type};
pub use error::ImportError;
pub use labelled::{ClassifiedFile, ClassifiedRow, classify_file};
pub use ledger::{FilledLedger, LedgerRow, read_ledger};
pub use own::{OwnError, own_files};
pub use progress::{Progress, Silent, Stage};
pub use text_table::{TextTable, read_text_table};

use blobs::Extract;
use circle_model::city::{ClosedByDefault, Compound, FollowedKeys, NodeFlags, PopulationFrom, Span};
use circle_model::{Catalogue, City};
use elevation::Terrain;
use located::{Located, Vertex};
use own::{Ground, Own};
use shapes::Draft;
use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use tags::Passage;

/// What a city is made from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'a> {
    /// OSM extracts in PBF form.
    pub extracts: &'a [&'a Path],
    /// Heights: SRTM tiles (`.hgt`) or `GeoTIFF` in degrees.
    pub elevation: &'a [&'a Path],
    /// Lists of the planner's own files (`OWN.toml`).
    pub own: &'a [&'a Path],
    /// Where compounds are closed without evidence.
    pub closed_by_default: ClosedByDefault,
    /// Keys of an earlier edition, which corrections may still name.
    pub former_keys: Option<&'a FollowedKeys>,
}

/// Reads sources into one city. The same bytes in make the same bytes out, however many threads run.
///
/// # Errors
/// When a file cannot be read, is no extract, is damaged, or holds nothing to walk on.
pub fn read(
    sources: &Sources<'_>,
    catalogue: &Catalogue,
    progress: &dyn Progress,
) -> Result<City, ImportError> {
    let terrains = sources.elevation.iter().map(|path| Terrain::read(path)).collect::<Result<Vec<_>, _>>()?;
    let extracts = sources.extracts.iter().map(|path| Extract::open(path)).collect::<Result<Vec<_>, _>>()?;
    let classifier = Classifier::new(catalogue);
    let (scans, (inputs, own_files)) = rayon::join(
        || {
            extracts
                .iter()
                .map(|extract| scan::scan(extract, &classifier, progress))
                .collect::<Result<Vec<_>, _>>()
        },
        || (summary::inputs(&extracts, sources.elevation), own::open(sources.own, &classifier)),
    );
    let (lists, opened) = own_files?;
    let (mut inputs, elevation) = inputs?;
    inputs.extend(own::inputs(lists, &opened));
    let located = Located::new(scan::merge(scans?));
    progress.at(Stage::City, 0, 4);

    let bounds = summary::bounds(&extracts, &located);
    let mut own = if opened.is_empty() {
        Own::default()
    } else {
        // A leg may lead a little way out of the box around the streets.
        let reach = circle_model::grid::widened(&bounds, BEYOND_METRES);
        let ground = LazyCell::new(|| Ground::of(&located, reach));
        own::place(opened, &classifier, &ground, reach)?
    };
    own.former_keys = sources.former_keys.cloned().unwrap_or_default();
    let (mut compounds, compound_keys, compounds_skipped) = compounds::find(&located, &mut own, &classifier);
    let mut streets = streets::lay_out(&located, &compounds);
    if streets.runs.is_empty() {
        return Err(summary::nothing_to_walk(&extracts, &located));
    }
    let mut passages = passages(&located);
    for vertex in streets::cut_ends(&located, &streets, bounds) {
        passages.entry(vertex).or_default().flags |= NodeFlags::CUT;
    }
    let marks: HashSet<Vertex> = passages.keys().copied().collect();
    streets::junction_marks(&mut streets, &marks);
    progress.at(Stage::City, 1, 4);

    let mut draft = Draft::default();
    let places = features::draw(&mut draft, &located, &streets, bounds);
    let made = network::build(&mut draft, &located, &streets, &places, &passages);
    crossings::mark(&mut draft.tables);
    let edges_without_height = elevation::write_slopes(&mut draft.tables, &terrains);
    progress.at(Stage::City, 2, 4);

    let mapped = gates::Mapped::find(&located, &compounds);
    let closed = zones::assign(&mut draft, &located, &compounds, &mapped.closes(), sources.closed_by_default);
    let grid = sides::StreetGrid::new(&streets);
    let keyed = (compounds.as_slice(), compound_keys.as_slice());
    let own_gates = gates::OwnGates::find(&mut own, keyed, &mapped);
    let (gates, mut own_hours) =
        gates::write(&mut draft, keyed, &mapped, own_gates, &mut own, &streets, &grid);
    let rules = (&classifier, &facilities::Kinds::new(catalogue));
    let around = facilities::Compounds::new(&compounds, &closed);
    let (facilities_skipped, facility_hours) =
        facilities::write(&mut draft, &located, &mut own, rules, &around, &grid);
    own_hours.extend(facility_hours);
    let units_without_outline = units::write(&mut draft, &located, &mut own, bounds);
    units::hold_facilities(&mut draft);
    let counted = (compounds.as_mut_slice(), compound_keys.as_slice());
    let (population_from, census) = population::write(&mut draft, &located, counted, &mut own);
    candidates::write(&mut draft, &mut own, &compounds);
    let names = unnamed::names(&located, &streets, &compounds);
    let named = compounds.into_iter().zip(names).zip(&compound_keys);
    write_compounds(&mut draft, named, &closed, &gates, &population_from);
    hours::write(&mut draft, &located, &own_hours);
    own.findings.write(&mut draft, &own.files);
    keys::make_unique(&mut draft);
    keys::write_followed(&mut draft, &own.followed_keys);
    progress.at(Stage::City, 3, 4);

    let mut skipped = summary::skipped(
        &located,
        &streets,
        &places,
        &made,
        compounds_skipped,
        facilities_skipped,
        units_without_outline,
    );
    skipped.insert("edges_without_height".to_owned(), edges_without_height);
    let mut meta = summary::meta(&extracts, inputs, &located, &draft, bounds, skipped, catalogue);
    meta.elevation = elevation;
    meta.own = own.files;
    meta.closed_by_default = sources.closed_by_default;
    meta.census = census;
    meta.followed_keys = own.followed_keys;
    let Draft { mut tables, texts, .. } = draft;
    tables.texts = texts.bytes;
    let city = City::from_tables(tables, &meta)?;
    city.check()?;
    progress.at(Stage::City, 4, 4);
    Ok(city)
}

/// Own places this far outside the data's box are still of the city.
const BEYOND_METRES: f64 = 250.0;

/// What is passed at a junction, in bits of [`Node`].
const NEEDS_JUNCTION: NodeFlags = NodeFlags::RESTRICTED
    .union(NodeFlags::CROSSING)
    .union(NodeFlags::SIGNALS)
    .union(NodeFlags::RAISED_KERB)
    .union(NodeFlags::NARROW)
    .union(NodeFlags::OPENED)
    .union(NodeFlags::LIFT);

/// Gates, crossings, signals and kerbs by vertex. Those that need a junction get one.
fn passages(located: &Located) -> HashMap<Vertex, Passage> {
    let vertex = |id: i64| located.scan.wanted.binary_search(&id).ok().map(|at| at as Vertex);
    let nodes = located.scan.nodes.iter();
    let needs_junction = |passage: &Passage, hours: bool| {
        passage.flags.intersects(NEEDS_JUNCTION) || (hours && passage.flags.contains(NodeFlags::GATE))
    };
    let passages = nodes.filter_map(|node| {
        let passage = node.passage.filter(|passage| needs_junction(passage, node.hours.is_some()))?;
        Some((vertex(node.id)?, passage))
    });
    passages.collect()
}

/// Writes the compounds, each with the name of one that has none, and its key.
fn write_compounds<'a>(
    draft: &mut Draft,
    compounds: impl Iterator<Item = ((compounds::DraftCompound, Option<String>), &'a String)>,
    closed: &[zones::Closed],
    gates: &[Span],
    population_from: &[PopulationFrom],
) {
    let holders = units::Holders::new(draft);
    for (number, ((compound, unnamed), key)) in compounds.enumerate() {
        let generated = compound.name.is_none();
        let name = compound.name.or(unnamed.map(Into::into)).unwrap_or_default();
        let rings = draft.polygons(&compound.area);
        let units = holders.by_level(draft, compound.point);
        let (osm_kind, osm_id) = facilities::osm_of(&compound.origins);
        let row = Compound {
            osm_id,
            point: compound.point,
            name: draft.texts.add(&name),
            name_en: draft.texts.add_some(compound.name_en.as_deref()),
            key: keys::stored(draft, key, (osm_kind, osm_id)),
            rings,
            gates: gates[number],
            area_square_metres: compound.square_metres as f32,
            zone: closed[number].zone,
            units,
            origins: facilities::write_origins(draft, &compound.origins),
            population: compound.population,
            osm_kind: osm_kind.code(),
            closed: u8::from(closed[number].closed),
            evidence: closed[number].evidence.code(),
            generated_name: u8::from(generated),
            population_from: population_from[number].code(),
            spare: [0; 3],
        };
        draft.tables.compounds.push(row);
    }
}
