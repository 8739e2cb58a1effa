//! Outputs name records by key, and inputs accept keys.

use crate::run::{circle, harbin, names};
use std::collections::BTreeSet;

fn city() -> &'static str {
    harbin().to_str().unwrap()
}

/// Columns and rows of a layer.
fn layer(layer: &str) -> (Vec<String>, Vec<Vec<String>>) {
    circle(["export", city(), layer]).ok().csv()
}

fn keys(layers: &[&str]) -> BTreeSet<String> {
    layers.iter().flat_map(|name| layer(name).1).map(|row| row[0].clone()).collect()
}

#[test]
fn every_id_of_every_table_is_a_key_of_its_collection() {
    let compounds = keys(&["compounds", "compound_points"]);
    let [gates, facilities, units] = ["gates", "facilities", "units"].map(|layer| keys(&[layer]));
    for key in compounds.iter().chain(&gates).chain(&facilities).chain(&units) {
        let is_key = circle_model::identity::may_be_key(key);
        assert!(is_key && key.starts_with(['n', 'w', 'r', 'x']) && !key.starts_with("row-"), "{key}");
    }
    let mut checked = 0;
    for table in ["coverage", "compounds", "ledger", "survey", "sources", "units"] {
        let (header, rows) = circle(["coverage", city(), "--table", table]).ok().csv();
        for (at, name) in header.iter().enumerate().filter(|(_, name)| name.ends_with("_id")) {
            let known = match name.as_str() {
                "compound_id" => &compounds,
                "gate_id" => &gates,
                "nearest_facility_id" => &facilities,
                "unit_id" | "district_id" | "subdistrict_id" | "community_id" | "grid_id" => &units,
                other => panic!("{table}: {other} has no collection in this test"),
            };
            for row in rows.iter().filter(|row| !row[at].is_empty()) {
                assert!(known.contains(&row[at]), "{table}: {name} {}", row[at]);
                checked += 1;
            }
        }
    }
    assert!(checked > 100_000, "{checked}");
    let (header, rows) = circle(["check", city()]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let about = |kind: &str| -> Vec<&String> {
        let rows = rows.iter().filter(|row| row[at("kind")] == kind && !row[at("id")].is_empty());
        rows.map(|row| &row[at("id")]).collect()
    };
    for (kind, known) in [
        ("no_mapped_gate", &compounds),
        ("no_population", &compounds),
        ("facility_on_island", &facilities),
        ("possible_duplicate", &facilities),
        ("clipped_boundary", &units),
    ] {
        let ids = about(kind);
        assert!(ids.iter().all(|id| known.contains(*id)), "{kind}: {ids:?}");
    }
    assert!(!about("no_mapped_gate").is_empty());
    assert!(about("island").iter().all(|id| id.starts_with('n')), "the id of an island is a node of the map");
}

#[test]
fn units_compounds_and_gates_are_found_by_key() {
    let (header, units) = layer("units");
    let name = header.iter().position(|column| column == "name").unwrap();
    let unit = units.iter().find(|row| row[name] == "南岗区").unwrap();
    let within = |unit: &str| {
        circle(["coverage", city(), "--table", "ledger", "--within", unit]).ok().text().to_owned()
    };
    assert_eq!(within(&unit[0]), within("南岗区"));

    let folder = tempfile::tempdir().unwrap();
    let (header, gates) = layer("gates");
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let is_known = |row: &&Vec<String>| row[at("provenance")] == "mapped" && row[at("locked")] == "false";
    let gate = gates.iter().find(is_known).unwrap();
    let other = gates.iter().find(|row| row[at("compound_id")] != gate[at("compound_id")]).unwrap();
    let path = folder.path().join("board.svg");
    let board = |gate: &str, compound: &str| {
        let output = path.to_str().unwrap();
        circle(["board", city(), "--compound", compound, "--gate", gate, "--size", "A4", "-o", output])
    };
    let (key, compound) = (&gate[0], &gate[at("compound_id")]);
    board(key, compound).ok();
    let refused = board(&other[0], compound);
    assert!(refused.refusal().contains(&format!("{key} ")), "the gates are listed: {}", refused.err);

    let all = folder.path().join("all");
    let args = ["board", city(), "--compound", compound, "--size", "A4", "-o"];
    circle(args.into_iter().chain([format!("{}/", all.display()).as_str()])).ok();
    let written = names(&all);
    assert!(written.iter().all(|name| name.starts_with(&format!("{compound}-"))), "{written:?}");
    assert!(written.iter().any(|name| name.starts_with(&format!("{compound}-{key}-"))), "{written:?}");
}
