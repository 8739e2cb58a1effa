//! Replays, on stable, the inputs that fuzzing found and the seeds of the fuzz targets (`fuzz/`, `make
//! fuzz`).

use crate::run::{Done, build, circle, data, names, project, write};
use crate::server::Server;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest time of one command, as in the fuzz targets.
const LONGEST: Duration = Duration::from_secs(20);

#[path = "../fuzz/src/own.rs"]
mod own_input;
#[path = "../fuzz/src/signed.rs"]
pub(crate) mod signed_input;
#[path = "../fuzz/src/town.rs"]
pub(crate) mod town_input;
#[expect(
    unreachable_pub,
    clippy::default_trait_access,
    reason = "it is public in another crate, without `serde_json`"
)]
#[path = "../fuzz/src/walk.rs"]
pub(crate) mod walk_through;

/// Name and bytes of every stored input and seed of a target.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let stored = data("fuzz").join(target);
    let seeds = project("fuzz/seeds").join(target);
    let mut inputs = Vec::new();
    for folder in [stored, seeds].iter().filter(|folder| folder.is_dir()) {
        inputs.extend(
            names(folder)
                .into_iter()
                .map(|name| (format!("{target}/{name}"), std::fs::read(folder.join(name)).unwrap())),
        );
    }
    assert!(inputs.len() >= 10, "{target}: {} inputs", inputs.len());
    inputs
}

/// Asserts that an input was read and its city can be used, or that it was rejected. `true` if it was read.
#[track_caller]
fn read_or_refused(done: &Done, city: &Path, what: &str) -> bool {
    assert!([0, 1].contains(&done.status), "{what}: status {}: {}", done.status, done.err);
    if done.status == 1 {
        assert!(!city.exists(), "{what}: left behind");
        return false;
    }
    let path = city.to_str().unwrap();
    for args in [
        vec!["info", path],
        vec!["check", path],
        vec!["coverage", path],
        vec!["isochrone", path, "--at", "126.6,45.7", "--minutes", "5"],
        vec!["isochrone", path, "--compound", "0", "--minutes", "5,15"],
    ] {
        let began = Instant::now();
        let done = circle(&args);
        let no_compound =
            done.status == 1 && args.contains(&"--compound") && done.err.contains("no compound");
        assert!(done.status == 0 || no_compound, "{what}: {args:?}: {}", done.err);
        assert!(began.elapsed() < LONGEST, "{what}: {args:?}: {:?}", began.elapsed());
    }
    std::fs::remove_file(city).unwrap();
    true
}

/// Builds every input as an extract. Returns the number of inputs that were read.
fn extracts(target: &str, extract: impl Fn(&[u8]) -> Vec<u8>) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    let inputs = inputs(target);
    let read = inputs.iter().filter(|(name, bytes)| {
        let path = write(&folder, "a.osm.pbf", extract(bytes));
        let done = build(&path, &city);
        if done.status == 1 {
            done.refusal();
        }
        read_or_refused(&done, &city, name)
    });
    read.count()
}

/// Compiles the code that the targets share, so that a change which breaks them fails here.
#[test]
fn fuzz_targets_compile_and_run_on_a_town() {
    let folder = tempfile::tempdir().unwrap();
    let town = std::fs::read(project("fuzz/seeds/drawn/town")).unwrap();
    let (extract, city) =
        (write(&folder, "town.osm.pbf", town_input::extract(&town)), folder.path().join("city.circle"));
    build(&extract, &city).ok();
    walk_through::walk(&circle_model::City::open(&city).unwrap(), &circle_model::Catalogue::built_in());
}

#[test]
fn fuzzed_extracts_are_read_or_rejected() {
    extracts("extract", <[u8]>::to_vec);
}

#[test]
fn fuzzed_towns_are_built() {
    let built = extracts("drawn", town_input::extract);
    assert!(built >= 8, "the seeds are towns: {built} were built");
}

#[test]
fn fuzzed_own_files_are_read_or_rejected_and_no_row_is_lost() {
    let town = std::fs::read(project("fuzz/seeds/drawn/town")).unwrap();
    let mut read = 0;
    for (name, bytes) in inputs("own_files") {
        let folder = tempfile::tempdir().unwrap();
        let extract = write(&folder, "town.osm.pbf", town_input::extract(&town));
        let city = folder.path().join("city.circle");
        for (name, bytes) in own_input::files(&bytes) {
            write(&folder, name, bytes);
        }
        let list = folder.path().join("OWN.toml");
        let [extract, list, output] = [&extract, &list, &city].map(|path| path.as_os_str());
        let done = circle(["build".as_ref(), extract, "--own".as_ref(), list, "-o".as_ref(), output]);
        if done.status == 0 {
            let city = circle_model::City::open(&city).unwrap();
            for file in &city.meta().own {
                let rejected: u64 = file.rejected.values().sum();
                assert_eq!(file.rows, file.accepted + file.merged + rejected, "{name}: {file:?}");
            }
        }
        read += usize::from(read_or_refused(&done, &city, &name));
    }
    assert!(read >= 15, "the seeds are such files: {read} were read");
}

/// With the checksum of the input and with a valid one. `damaged_city.rs` alters files of the present
/// version.
#[test]
fn fuzzed_city_files_are_opened_or_rejected() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in inputs("city_file") {
        let raw = write(&folder, "a.circle", &bytes);
        let signed = write(&folder, "b.circle", signed_input::signed(&bytes));
        for path in [raw, signed] {
            for command in ["info", "check"] {
                let done = circle([command, path.to_str().unwrap()]);
                assert!([0, 1].contains(&done.status), "{name}: status {}: {}", done.status, done.err);
            }
        }
    }
}

#[test]
fn fuzzed_requests_get_answers() {
    let folder = tempfile::tempdir().unwrap();
    let town = std::fs::read(project("fuzz/seeds/drawn/town")).unwrap();
    let server = Server::start(&write(&folder, "town.osm.pbf", town_input::extract(&town)));
    let mut good = 0;
    for (name, bytes) in inputs("query") {
        let text = String::from_utf8_lossy(&bytes);
        // A blank ends the address in a request line.
        for path in text.lines().filter(|line| line.starts_with('/') && !line.contains(char::is_whitespace)) {
            let answer = server.get(path);
            assert!(answer.status < 500, "{name}: {path}: {}", answer.status);
            if answer.status >= 400 && answer.header("content-type").is_some() {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{name}: {path}");
            }
            good += usize::from(answer.status == 200);
        }
    }
    assert!(good >= 10, "the seeds are good requests: {good} were answered");
}
