//! All computations on a city that readers of city files perform.

use circle_export::{Collection, CoverageReport, CoverageSelection, IsochroneAnswer, TileIndex};
use circle_model::{
    Catalogue, City, CompoundId, FacilityId, Milliseconds, Point, Profiles, RuleSet, WeekTime,
};
use circle_plan::{Evidence, Judging};
use circle_reach::{Cancel, Destination, Form, Network, Origin};
use std::hint::black_box;

/// Limits of the computations; of larger cities only the summary and the report are computed.
const MAX_COMPOUNDS: usize = 100;
const MAX_EDGES: usize = 20_000;
/// Limit of rows of each collection.
const MAX_ROWS: usize = 100;

/// Computes summary, names, report, isochrones, walks, coverage, collections and tiles of a city, and its
/// networks at night and with closed compounds.
pub fn walk(city: &City, catalogue: &Catalogue) {
    black_box(circle_export::info(city, catalogue));
    let (network, never) = (Network::build(city), Cancel::never());
    let remarks = circle_plan::quality(&network, catalogue, &never).expect("never cancelled");
    black_box(circle_export::quality_csv(city, &remarks));
    black_box(circle_export::quality_summary(city, &remarks));
    if city.compounds().len() > MAX_COMPOUNDS || city.edges().len() > MAX_EDGES {
        return;
    }
    let (profiles, rules) = (Profiles::built_in(), RuleSet::built_in());
    let (Some(profile), Some(rules)) = (profiles.find(Profiles::DEFAULT), rules.first()) else { return };
    let start =
        city.nodes().first().map_or(Point { lon: 1_266_000_000, lat: 457_000_000 }, |node| node.point);
    let compound = (!city.compounds().is_empty()).then_some(Origin::Compound(CompoundId(0)));
    for origin in [Some(Origin::Place(start)), compound].into_iter().flatten() {
        let isochrones = circle_reach::isochrones(&network, profile, origin, &[5, 15], Form::Discs, &never)
            .expect("never cancelled");
        let answer = IsochroneAnswer { id: "0".to_owned(), origin, isochrones };
        black_box(circle_export::isochrones(city, profile, Form::Discs, &answer));
    }
    let (from, limit) = (compound.unwrap_or(Origin::Place(start)), Milliseconds::from_minutes(15));
    let _ = black_box(circle_reach::reach(&network, profile, from, limit, &never));
    if !city.facilities().is_empty() {
        let to = Destination::Facility(FacilityId(0));
        let explained =
            circle_reach::explain(&network, profile, from, to, limit, &never).expect("never cancelled");
        black_box(circle_export::explain_geojson(city, profile, &explained, true));
    }
    black_box(circle_export::names_json(city));
    if let Some(night) = WeekTime::parse("23:30") {
        black_box(Network::build(&city.at(night)));
    }
    black_box(Network::build(&city.with_compounds_closed()));
    let evidence = Evidence::default();
    let judging = Judging { catalogue, profile, rules, minutes: &[5, 10, 15], evidence };
    let coverage = circle_plan::coverage(&network, &judging, &never).expect("never cancelled");
    let report = CoverageReport {
        city,
        catalogue,
        profile,
        rules,
        coverage: &coverage,
        sensitivity: None,
        within: None,
        carried: None,
    };
    let all = CoverageSelection::default();
    black_box(circle_export::coverage_csv(&report, all));
    black_box(circle_export::coverage_geojson(&report, all));
    for collection in Collection::ALL {
        let rows: Vec<u32> = collection.rows(city).take(MAX_ROWS).collect();
        black_box(collection.features_json(city, catalogue, &rows, Default::default()));
    }
    let tiles = TileIndex::build(city);
    // The tile of zoom 14 that contains the town.
    black_box(tiles.tile(14, 13_953, 5_848));
    black_box(tiles.tile(0, 0, 0));
}
