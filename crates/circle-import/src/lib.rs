//! From OSM extracts and planners' own files to a [`City`].
//!
//! [`read`] lists the stages. Each takes the outputs of earlier ones and returns a type of its own, so the
//! compiler enforces their order; `assemble` alone writes the city's tables. Rows of slopes and zones come from
//! functions of `circle_model`.

mod assemble;
mod classify;
mod compounds;
mod error;
mod facilities;
mod gates;
mod geometry;
mod keyed_collections;
mod keys;
mod network;
mod opening_hours;
mod own;
pub mod pbf;
mod population;
mod progress;
mod scan;
mod summary;
mod tables;
mod tags;
mod units;
mod zones;

pub use classify::{Classified, Classifier, NoFacility, RecordFields, amap_type};
pub use error::ImportError;
pub use own::{
    CorrectedThing, CorrectionAction, Corrections, FieldCorrection, OwnError, OwnSource, own_files,
};
pub use progress::{Progress, Silent, Stage};
pub use tables::{
    ClassifiedFile, ClassifiedRow, FilledLedger, LedgerRow, TextTable, classify_file, read_ledger,
    read_text_table,
};

use assemble::{Drafts, assemble};
use circle_model::city::{ClosedByDefault, FollowedKeys, Input, Meta};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Catalogue, City};
use facilities::{Kinds, Surroundings};
use gates::MappedGates;
use keyed_collections::KeyedCollections;
use network::{StreetGrid, Terrain};
use own::{FileSummary, OpenedFiles, OwnRecords, Report};
use scan::{Extract, Located};
use std::cell::LazyCell;
use std::path::Path;
use summary::SkippedByStage;

/// The inputs that a city is built from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sources<'a> {
    /// OSM extracts in PBF form.
    pub extracts: &'a [&'a Path],
    /// Heights: SRTM tiles (`.hgt`) or `GeoTIFF` in degrees.
    pub elevation: &'a [&'a Path],
    /// The planner's own files, and corrections in memory.
    pub own: &'a [OwnSource<'a>],
    /// Where compounds count as closed without evidence.
    pub closed_by_default: ClosedByDefault,
    /// Keys of an earlier edition, which corrections may still name.
    pub former_keys: Option<&'a FollowedKeys>,
}

/// Builds a city from sources. The same input gives the same bytes, independent of the number of threads.
///
/// # Errors
/// If a file cannot be read, is not an extract, is damaged, or contains no walkable way.
pub fn read(
    sources: &Sources<'_>,
    catalogue: &Catalogue,
    progress: &dyn Progress,
) -> Result<City, ImportError> {
    let (classifier, kinds) = (Classifier::new(catalogue), Kinds::new(catalogue));
    let terrains = Terrain::read_all(sources.elevation)?;
    let Opened { extracts, located, inputs, elevation, own } = open(sources, &classifier, progress)?;
    progress.at(Stage::City, 0, 4);

    let bounds = summary::bounds(&extracts, &located);
    let (names, no_keys) = (own.names(), FollowedKeys::default());
    let mut report = Report::new(&names, sources.former_keys.unwrap_or(&no_keys));
    let (files, own) = place_own(own, &located, bounds, &classifier, &mut report)?;
    let corrections = own.corrections;

    let compounds =
        compounds::find(&located, own.compounds, &corrections.compounds, &classifier, &mut report);
    let streets = network::lay_out(&located, &compounds.list, bounds);
    if streets.runs.is_empty() {
        return Err(summary::nothing_to_walk(&extracts, &located));
    }
    progress.at(Stage::City, 1, 4);
    let map = network::draw(&located, &streets, bounds);
    let network = network::build(&located, &streets, &map);
    let ends = network::edge_ends(&network);
    let slopes = network::slopes(&network, &map, &terrains);
    progress.at(Stage::City, 2, 4);

    let mapped = MappedGates::find(&located, &compounds.list);
    let (gated, by_default) = (mapped.closes(), sources.closed_by_default);
    let zones = zones::judge(&located, &compounds.list, &network, &map, &gated, by_default);
    let grid = StreetGrid::new(&streets);
    let own_gates = (own.gates, corrections.gates);
    let gates = gates::find(&compounds, &mapped, own_gates, &streets, &grid, &mut report);
    let surroundings = Surroundings {
        located: &located,
        compounds: &compounds.list,
        judged: &zones.judged,
        network: &network,
        map: &map,
        grid: &grid,
    };
    let own_facilities = (own.facilities, corrections.facilities);
    let facilities = facilities::find(surroundings, (&classifier, &kinds), own_facilities, &mut report);
    let units = units::find(&located, own.units, &files, bounds, &mut report);
    let population = population::find(&located, &map, &compounds, &units.list, own.people, &mut report);
    let candidates = facilities::find_candidates(own.candidates, &compounds.list, &mut report);

    let generated = compounds::generated_names(&located, &streets, &compounds.list);
    let (compounds, skipped_compounds) = compounds::finish(compounds, generated);
    let hours = opening_hours::find(&located, &map, &network, &gates.list, &facilities.list);
    let reported = report.finish(files.into_iter().map(Into::into));
    let keyed = KeyedCollections {
        compounds: &compounds,
        gates: &gates.list,
        facilities: &facilities.list,
        units: &units.list,
        candidates: &candidates,
        buildings: &population.buildings,
        map: &map,
    };
    let keys = keys::settle(|of| keyed.rows(of), &reported.followed_keys);
    progress.at(Stage::City, 3, 4);

    let skipped = SkippedByStage {
        compounds: skipped_compounds,
        facilities: facilities.skipped,
        long_tunnels: streets.long_tunnels,
        multipolygons_not_closed: map.not_closed,
        crowded_plazas: network.crowded_plazas,
        edges_without_height: slopes.unknown,
        units_without_outline: units.without_outline,
    };
    let meta = Meta {
        inputs,
        elevation,
        own: reported.files,
        closed_by_default: sources.closed_by_default,
        catalogue: catalogue.fingerprint(),
        census: population.census,
        followed_keys: reported.followed_keys,
        ..summary::meta(&extracts, &located, bounds, &network, skipped)
    };
    let tables = assemble(Drafts {
        units_of_facilities: units.at(facilities.list.iter().map(|it| it.facility.point)),
        units_of_compounds: units.at(compounds.iter().map(|it| it.compound.point)),
        map,
        network,
        ends,
        slopes,
        zones,
        gates,
        facilities: facilities.list,
        units: units.list,
        buildings: population.buildings,
        candidates,
        compounds,
        population_of_compounds: population.of_compounds,
        hours,
        findings: reported.findings,
        keys,
    });
    let city = City::from_tables(tables, &meta)?;
    city.check()?;
    progress.at(Stage::City, 4, 4);
    Ok(city)
}

/// The sources, read and not yet interpreted.
struct Opened {
    extracts: Vec<Extract>,
    /// The objects of all extracts.
    located: Located,
    /// Names and hashes of extracts and own files.
    inputs: Vec<Input>,
    /// Names and hashes of elevation files.
    elevation: Vec<Input>,
    own: OpenedFiles,
}

/// Scans the extracts; reads own files and computes hashes at the same time.
fn open(
    sources: &Sources<'_>,
    classifier: &Classifier,
    progress: &dyn Progress,
) -> Result<Opened, ImportError> {
    let extracts = Extract::open_all(sources.extracts)?;
    let scan = |extract: &Extract| scan::scan(extract, classifier, progress);
    let (scans, (inputs, own)) = rayon::join(
        || extracts.iter().map(scan).collect::<Result<Vec<_>, _>>(),
        || (summary::inputs(&extracts, sources.elevation), own::open(sources.own, classifier)),
    );
    let own = own?;
    let (mut inputs, elevation) = inputs?;
    inputs.extend(own.inputs());
    let located = Located::new(scan::merge(scans?));
    Ok(Opened { extracts, located, inputs, elevation, own })
}

/// Own records are accepted up to this distance outside the bounding box of the data, because access legs may
/// leave it.
const BEYOND_METRES: f64 = 250.0;

/// Locates the records of own files on the city.
fn place_own(
    opened: OpenedFiles,
    located: &Located,
    bounds: Bounds,
    classifier: &Classifier,
    report: &mut Report<'_>,
) -> Result<(Vec<FileSummary>, OwnRecords), ImportError> {
    if opened.is_empty() {
        return Ok((Vec::new(), OwnRecords::default()));
    }
    let around = widened(&bounds, BEYOND_METRES);
    let ground = LazyCell::new(|| scan::ground(located, around));
    Ok(own::place(opened, classifier, &ground, around, report)?)
}
