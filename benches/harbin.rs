//! The engine on inner Harbin, part by part.

use circle_import::Sources;
use circle_model::{Catalogue, City, CompoundId, LonLat, Milliseconds, Profile, Profiles, RuleSet};
use circle_reach::{Form, Network, Origin};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;

fn extract() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/harbin.osm.pbf")
}

fn read(catalogue: &Catalogue) -> City {
    let sources = Sources { extracts: &[&extract()], ..Sources::default() };
    circle_import::read(&sources, catalogue, &circle_import::Silent).expect("Harbin")
}

fn harbin() -> (City, Profile) {
    let city = read(&Catalogue::built_in());
    let adult = Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone();
    (city, adult)
}

fn benches(criterion: &mut Criterion) {
    let (city, adult) = harbin();
    let network = Network::build(&city);
    let catalogue = Catalogue::built_in();
    let rules = RuleSet::built_in();
    let centre = LonLat { lon: 126.63, lat: 45.76 }.point();
    let place = Origin::Place(centre);
    let mut group = criterion.benchmark_group("harbin");
    group.sample_size(20);
    group.bench_function("read the extract", |bencher| {
        bencher.iter(|| read(&catalogue));
    });
    group.bench_function("build the network", |bencher| bencher.iter(|| Network::build(black_box(&city))));
    group
        .bench_function("access legs of a place", |bencher| bencher.iter(|| network.legs(black_box(centre))));
    group.bench_function("facilities within 15 minutes", |bencher| {
        bencher
            .iter(|| circle_reach::reach(&network, &adult, black_box(place), Milliseconds::from_minutes(15)));
    });
    for (name, origin) in [("of a place", place), ("of a compound", Origin::Compound(CompoundId(0)))] {
        group.bench_function(format!("isochrones 5, 10, 15 {name}"), |bencher| {
            bencher.iter(|| {
                circle_reach::isochrones(&network, &adult, black_box(origin), &[5, 10, 15], Form::Discs)
            });
        });
    }
    group.bench_function("coverage of every compound", |bencher| {
        bencher.iter(|| circle_plan::coverage(&network, &catalogue, &adult, &rules[0], &[5, 10, 15]));
    });
    group.finish();
}

criterion_group!(harbin_benches, benches);
criterion_main!(harbin_benches);
