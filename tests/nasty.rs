//! Broken, odd and hostile extracts from other projects' tests: each is read, or rejected in one line.

use crate::run::{Done, build, circle, data, info, names};
use serde_json::Value;

/// The expected outcome of a file of `tests/data/nasty`.
enum Outcome {
    /// It is read. Pointers into `circle info`, with the least and the greatest expected value.
    Works(&'static [(&'static str, f64, f64)]),
    /// It is rejected with a message that contains these texts.
    Refused(&'static [&'static str]),
}
use Outcome::{Refused, Works};

/// All files. The lengths were measured by hand.
const FILES: [(&str, Outcome); 14] = [
    // Unsorted node ids above 2^32.
    ("64bit-ids.osm.pbf", Works(&[("/network/walkable_km", 49.0, 49.3), ("/compounds", 0.0, 0.0)])),
    ("bru-deleted_nodes.osh.pbf", Refused(&["history", "osmium time-filter"])),
    // One building, no street.
    ("bru-loc_on_ways.osm.pbf", Refused(&["no walkable way", "1 ways, 1 relations"])),
    ("bru-test_nozlib.osm.pbf", Refused(&["no walkable way", "3 nodes, 1 ways, 1 relations"])),
    ("bru-test_nozlib_nodense.osm.pbf", Refused(&["no walkable way", "3 nodes, 1 ways, 1 relations"])),
    ("monaco-lz4.osm.pbf", Refused(&["LZ4", "osmium cat", "zlib"])),
    (
        "monaco-zlib.osm.pbf",
        Works(&[("/network/walkable_km", 100.0, 140.0), ("/compounds_named", 1.0, 20.0)]),
    ),
    ("multipolygon-testcases.osm.pbf", Refused(&["no walkable way", "6477 nodes, 93 ways, 32 relations"])),
    ("nodes-only.osm.pbf", Refused(&["no walkable way", "219780 nodes, 0 ways"])),
    ("osr-a17-barrier-access-yes.osm.pbf", Works(&[("/network/nodes", 50.0, 200.0)])),
    ("osr-karlsruhe-kirchfeld.osm.pbf", Works(&[("/network/walkable_km", 70.0, 100.0)])),
    ("r5-fiji-ferry.pbf", Works(&[("/network/walkable_km", 290.0, 320.0), ("/compounds", 0.0, 0.0)])),
    // A way with three references, one of them without a node: the part between the other two stays.
    (
        "r5-missing-nodes.pbf",
        Works(&[
            ("/skipped/references_to_missing_nodes", 1.0, 1.0),
            ("/network/edges", 1.0, 1.0),
            ("/network/walkable_km", 0.37, 0.374),
        ]),
    ),
    (
        "r5-subgraph.pbf",
        Works(&[("/network/components", 2.0, 1000.0), ("/network/walkable_km", 900.0, 1050.0)]),
    ),
];

/// Builds a file, and asserts that extract and city file give the same figures.
///
/// # Errors
/// The run of a rejected file.
fn whole_run(name: &str) -> Result<Value, Done> {
    let extract = data("nasty").join(name);
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    let done = build(&extract, &city);
    let described = info(&extract);
    assert_eq!(done.status, described.status, "{name}: build and info disagree");
    if done.status != 0 {
        assert_eq!(done.refusal(), described.refusal());
        assert_eq!(names(folder.path()), [""; 0], "{name}: left behind");
        return Err(done);
    }
    assert_eq!(names(folder.path()), ["city.circle"], "{name}");
    assert_eq!(info(&city).ok().out, described.out, "{name}: file and extract differ");
    Ok(described.json())
}

#[test]
fn every_hostile_file_has_its_expected_outcome() {
    let mut files = names(&data("nasty"));
    files.retain(|name| name != "README.md");
    assert_eq!(files, FILES.map(|(name, _)| name), "each file of tests/data/nasty has a line here");
    for (name, outcome) in FILES {
        match (outcome, whole_run(name)) {
            (Refused(words), Err(done)) => {
                for word in words.iter().chain([&name]) {
                    assert!(done.err.contains(word), "{name}: no `{word}` in: {}", done.err);
                }
            }
            (Works(figures), Ok(info)) => {
                for (pointer, least, most) in figures {
                    let figure = info.pointer(pointer).and_then(Value::as_f64).unwrap();
                    assert!((*least..=*most).contains(&figure), "{name}: {pointer} is {figure}");
                }
            }
            (Refused(_), Ok(_)) => panic!("{name} was not refused"),
            (Works(_), Err(done)) => panic!("{}", done.err),
        }
    }
}

#[test]
fn shares_are_at_most_one_and_bounds_are_a_box() {
    for (name, outcome) in FILES {
        if let Works(_) = outcome {
            let info = whole_run(name).unwrap();
            let share = info["network"]["largest_component_share"].as_f64().unwrap();
            assert!(share > 0.0 && share <= 1.0, "{name}: largest_component_share is {share}");
            let bounds: [f64; 4] = serde_json::from_value(info["bounds"].clone()).unwrap();
            assert!(bounds[0].abs() <= 180.0 && bounds[2].abs() <= 180.0, "{name}: {bounds:?}");
            assert!(bounds[1] < bounds[3] && bounds[1] >= -90.0 && bounds[3] <= 90.0, "{name}: {bounds:?}");
        }
    }
}

#[test]
fn every_command_rejects_an_extract_in_the_same_words() {
    let extract = data("nasty/monaco-lz4.osm.pbf");
    let extract = extract.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let places = crate::run::write(&folder, "a.csv", "id,lon,lat\na,7.42,43.73\n");
    let (places, table) = (places.to_str().unwrap(), folder.path().join("out.csv"));
    let expected = circle(["info", extract]);
    for args in [
        vec!["coverage", extract, "-o", table.to_str().unwrap()],
        vec!["isochrone", extract, "--at", "7.42,43.73"],
        vec!["times", extract, "--from", places, "--to", places],
        vec!["serve", extract, "--listen", "127.0.0.1:0"],
    ] {
        assert_eq!(circle(&args).refusal(), expected.refusal(), "{args:?}");
    }
    assert_eq!(names(folder.path()), ["a.csv"]);
}

/// An extract without compounds gives empty answers, not errors.
#[test]
fn a_city_without_compounds_is_a_city() {
    let extract = data("nasty/64bit-ids.osm.pbf");
    let extract = extract.to_str().unwrap();
    let table = circle(["coverage", extract]).ok();
    assert_eq!(table.text().lines().count(), 1, "the header alone");
    let shapes = circle(["coverage", extract, "--format", "geojson"]).ok().json();
    assert_eq!(shapes["features"].as_array().unwrap().len(), 0);
    let isochrone = circle(["isochrone", extract, "--at", "-61.7914,17.1428"]).ok().json();
    assert_eq!(isochrone["origin"]["status"], "ok");
    assert_eq!(isochrone["features"].as_array().unwrap().len(), 3);
    assert!(circle(["isochrone", extract, "--compound", "0"]).refusal().contains("no compound"));
}

#[test]
fn fiji_is_walked_on_both_sides_of_the_antimeridian() {
    let extract = data("nasty/r5-fiji-ferry.pbf");
    for at in ["179.99,-16.77", "-179.99,-16.77"] {
        let answer =
            circle(["isochrone", extract.to_str().unwrap(), "--at", at, "--minutes", "15"]).ok().json();
        assert!(["ok", "off_network"].contains(&answer["origin"]["status"].as_str().unwrap()), "{at}");
    }
}
