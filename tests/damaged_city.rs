//! City files with randomly altered rows and a valid checksum: each is rejected in one sentence, or answers
//! without a panic and in time.

use crate::fuzz_corpus::{signed_input, town_input, walk_through};
use crate::run::{Numbers, build, campus, circle, project, write};
use circle_export::{Collection, IsochroneAnswer, JsonObject, TileIndex};
use circle_model::city::{CityFileError, KeyOf};
use circle_model::{Catalogue, City, CompoundId, Profiles};
use circle_reach::{Form, Network, Origin};
use std::fs;
use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

#[path = "../fuzz/src/rows.rs"]
mod rows_input;

/// Numbers of altered files: of the campus, with a few questions each, and of a drawn town, with all
/// questions.
const CAMPUS_RUNS: usize = 160;
const TOWN_RUNS: usize = 160;
/// Longest time of one run.
const LONGEST: Duration = Duration::from_secs(10);

/// Counts of the altered files.
#[derive(Debug, Default)]
struct Outcome {
    refused: usize,
    answered: usize,
}

/// Makes `runs` altered copies of a city file, and calls `ask` with each that can be opened.
fn alter(bytes: &[u8], runs: usize, seed: u64, ask: impl Fn(&City)) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(seed);
    let mut outcome = Outcome::default();
    let mut faults = Vec::new();
    for run in 0..runs {
        let mut altered = bytes.to_vec();
        let changes: Vec<String> = (0..=numbers.below(3))
            .filter_map(|_| rows_input::change(&mut altered, |end| numbers.below(end)))
            .collect();
        let path = write(&folder, "altered.circle", signed_input::signed(&altered));
        let began = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| City::open(&path).map(|city| ask(&city)))) {
            Ok(Ok(())) => outcome.answered += 1,
            Ok(Err(error)) => {
                outcome.refused += 1;
                let is_named = matches!(error, CityFileError::BadRow { .. } | CityFileError::Damaged { .. });
                if !is_named || !error.to_string().contains("altered.circle: damaged city file") {
                    faults.push(format!("run {run}: {error}"));
                }
            }
            Err(_) => faults.push(format!("run {run}: a panic after {changes:?}")),
        }
        if began.elapsed() > LONGEST {
            faults.push(format!("run {run}: {:?} after {changes:?}", began.elapsed()));
        }
    }
    assert!(faults.is_empty(), "{} of {runs}:\n{}", faults.len(), faults.join("\n"));
    outcome
}

/// Asks one question of every kind.
fn ask(city: &City, catalogue: &Catalogue) {
    black_box(circle_export::info(city, catalogue));
    black_box(circle_export::names_json(city));
    for of in KeyOf::ALL {
        (0..city.count_of(*of)).for_each(|row| drop(black_box(city.key_of(*of, row))));
    }
    let network = Network::build(city);
    let profiles = Profiles::built_in();
    let profile = profiles.find(Profiles::DEFAULT).unwrap();
    if !city.compounds().is_empty() {
        let origin = Origin::Compound(CompoundId(0));
        let isochrones = circle_reach::isochrones(
            &network,
            profile,
            origin,
            &[3],
            Form::Discs,
            &circle_reach::Cancel::never(),
        )
        .unwrap();
        let answer = IsochroneAnswer { id: "a".to_owned(), origin, isochrones };
        black_box(circle_export::isochrones(city, profile, Form::Discs, &answer));
    }
    for collection in Collection::ALL {
        let rows: Vec<u32> = collection.rows(city).take(20).collect();
        black_box(collection.features_json(city, catalogue, &rows, JsonObject::new()));
    }
    let tiles = TileIndex::build(city);
    black_box((tiles.tile(14, 13_487, 6_205), tiles.tile(8, 210, 96)));
}

#[test]
fn a_campus_with_altered_rows_is_refused_or_answers() {
    let (bytes, catalogue) = (fs::read(campus()).unwrap(), Catalogue::built_in());
    let outcome = alter(&bytes, CAMPUS_RUNS, 18, |city| ask(city, &catalogue));
    assert!(outcome.refused > 20 && outcome.answered > 20, "{outcome:?}");
}

#[test]
fn a_town_with_altered_rows_is_refused_or_answers() {
    let folder = tempfile::tempdir().unwrap();
    let town = fs::read(project("fuzz/seeds/drawn/town")).unwrap();
    let extract = write(&folder, "town.osm.pbf", town_input::extract(&town));
    let city = folder.path().join("town.circle");
    build(&extract, &city).ok();
    let (bytes, catalogue) = (fs::read(&city).unwrap(), Catalogue::built_in());
    let outcome = alter(&bytes, TOWN_RUNS, 5, |city| walk_through::walk(city, &catalogue));
    assert!(outcome.refused > 20 && outcome.answered > 20, "{outcome:?}");
}

/// Files that a build writes pass the check that is made when files are opened.
#[test]
fn built_cities_pass_the_check() {
    let folder = tempfile::tempdir().unwrap();
    for seed in ["town", "barriers", "blocks", "bowtie", "dense", "far", "plaza", "stairs"] {
        let drawn = fs::read(project("fuzz/seeds/drawn").join(seed)).unwrap();
        let extract = write(&folder, "town.osm.pbf", town_input::extract(&drawn));
        let city = folder.path().join("town.circle");
        if build(&extract, &city).status == 0 {
            assert_eq!(City::open(&city).unwrap().check(), Ok(()), "{seed}");
        }
    }
}

#[test]
fn a_bad_row_is_rejected_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = fs::read(campus()).unwrap();
    // The first row of the table `points`, the second table after the summary.
    let at = usize::try_from(u64::from_le_bytes(bytes[64..72].try_into().unwrap())).unwrap();
    bytes[at..at + 4].copy_from_slice(&i32::MAX.to_le_bytes());
    let path = write(&folder, "crafted.circle", signed_input::signed(&bytes));
    let done = circle(["info".as_ref(), path.as_os_str()]);
    let line = done.refusal();
    for words in ["crafted.circle", "damaged city file", "`points`", "off the globe", "circle build"] {
        assert!(line.contains(words), "{line}");
    }
}

/// A city stays intact in memory when its file is overwritten in place or truncated.
#[test]
fn an_open_city_outlives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(campus()).unwrap();
    let path = write(&folder, "served.circle", &bytes);
    let (city, catalogue) = (City::open(&path).unwrap(), Catalogue::built_in());
    let before = circle_export::info(&city, &catalogue);
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(100).unwrap();
    ask(&city, &catalogue);
    fs::write(&path, vec![0xff; bytes.len()]).unwrap();
    ask(&city, &catalogue);
    assert_eq!(circle_export::info(&city, &catalogue), before);
}
