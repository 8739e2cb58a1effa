//! Benchmarks of the parts of the engine on inner Harbin, and of the tasks of `benches/peers` on the streets
//! of Porto.

mod whole_network;

use circle_export::IsochroneAnswer;
use circle_import::Sources;
use circle_model::{Catalogue, City, CompoundId, LonLat, Milliseconds, Profile, Profiles, RuleSet};
use circle_plan::{Evidence, Judging};
use circle_reach::{Cancel, Form, Network, NodeIndex, Origin};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;

const HARBIN: &str = "data/harbin.osm.pbf";
const PORTO: &str = "benches/data/porto.osm.pbf";

fn extract(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &str, catalogue: &Catalogue) -> City {
    let sources = Sources { extracts: &[&extract(path)], ..Sources::default() };
    circle_import::read(&sources, catalogue, &circle_import::Silent).expect("an extract")
}

fn city(path: &str) -> (City, Profile) {
    let city = read(path, &Catalogue::built_in());
    let adult = Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone();
    (city, adult)
}

fn harbin(criterion: &mut Criterion) {
    let (city, adult) = city(HARBIN);
    let network = Network::build(&city);
    let catalogue = Catalogue::built_in();
    let rules = RuleSet::built_in();
    let centre = LonLat { lon: 126.63, lat: 45.76 }.point();
    let place = Origin::Place(centre);
    let never = Cancel::never();
    let mut group = criterion.benchmark_group("harbin");
    group.sample_size(20);
    group.bench_function("read the extract", |bencher| {
        bencher.iter(|| read(HARBIN, &catalogue));
    });
    group.bench_function("build the network", |bencher| bencher.iter(|| Network::build(black_box(&city))));
    group
        .bench_function("access legs of a place", |bencher| bencher.iter(|| network.legs(black_box(centre))));
    group.bench_function("facilities within 15 minutes", |bencher| {
        bencher.iter(|| {
            circle_reach::reach(&network, &adult, black_box(place), Milliseconds::from_minutes(15), &never)
        });
    });
    for (name, origin) in [("of a place", place), ("of a compound", Origin::Compound(CompoundId(0)))] {
        group.bench_function(format!("isochrones 5, 10, 15 {name}"), |bencher| {
            bencher.iter(|| {
                circle_reach::isochrones(
                    &network,
                    &adult,
                    black_box(origin),
                    &[5, 10, 15],
                    Form::Discs,
                    &never,
                )
            });
        });
    }
    let judging = Judging {
        catalogue: &catalogue,
        profile: &adult,
        rules: &rules[0],
        minutes: &[5, 10, 15],
        evidence: Evidence::default(),
    };
    group.bench_function("coverage of every compound", |bencher| {
        bencher.iter(|| circle_plan::coverage(&network, &judging, &never));
    });
    group.finish();
}

fn porto(criterion: &mut Criterion) {
    /// Rows of one measurement, from nodes spread over the city.
    const ROWS: u32 = 500;
    let (city, adult) = city(PORTO);
    let network = Network::build(&city);
    let metres = whole_network::one_metre_per_second();
    let place = Origin::Place(LonLat { lon: -8.61, lat: 41.15 }.point());
    let never = Cancel::never();
    let mut group = criterion.benchmark_group("porto");
    group.sample_size(20);
    group.bench_function("isochrones 5, 10, 15 of a place as GeoJSON", |bencher| {
        bencher.iter(|| {
            let isochrones = circle_reach::isochrones(
                &network,
                &adult,
                black_box(place),
                &[5, 10, 15],
                Form::Discs,
                &never,
            )
            .expect("never cancelled");
            let answer = IsochroneAnswer { id: String::new(), origin: place, isochrones };
            circle_export::isochrones(&city, &adult, Form::Discs, &answer)
        });
    });
    let nodes = network.graph().len() as u32;
    let weights = network.weights(&metres);
    let limit = Milliseconds(1_200_000);
    let mut row = Vec::new();
    group.bench_function(format!("all within 1,200 m of {ROWS} nodes"), |bencher| {
        bencher.iter(|| {
            for node in (0..ROWS).map(|number| number * (nodes / ROWS)) {
                whole_network::within(&network, &weights, black_box(NodeIndex(node)), limit, &mut row);
                black_box(&row);
            }
        });
    });
    let categories = whole_network::facility_nodes(&network);
    let mut row = Vec::new();
    group.bench_function("nearest of 6 categories for every node", |bencher| {
        bencher.iter(|| {
            for facilities in &categories {
                whole_network::nearest(&network, &metres, black_box(facilities), &mut row);
                black_box(&row);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, harbin, porto);
criterion_main!(benches);
