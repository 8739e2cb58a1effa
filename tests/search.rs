//! `/api/search` on inner Harbin: every name is found, and quickly.

use crate::run::{COMPOUND, harbin};
use crate::server::{Server, encoded};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

fn search(server: &Server, query: &str) -> Vec<Value> {
    server.json(&format!("/api/search?{query}"))["results"].as_array().unwrap().clone()
}

fn first(server: &Server, text: &str) -> Value {
    search(server, &format!("q={}", encoded(text))).swap_remove(0)
}

#[test]
fn streets_units_facilities_and_compounds_are_found() {
    let server = Server::start(harbin());
    for (text, kind, name, by) in [
        ("中央大街", "street", "中央大街", "name"),
        ("zydj", "street", "中央大街", "initials"),
        ("尚志街道", "unit", "尚志街道", "name"),
        (COMPOUND, "compound", COMPOUND, "name"),
        ("rongyaoshiji", "compound", COMPOUND, "pinyin"),
    ] {
        let found = search(&server, &format!("q={}&kinds={kind}", encoded(text)));
        let found = found.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("{text}: {found:?}"));
        assert_eq!((&found["kind"], &found["match"]), (&kind.into(), &by.into()), "{text}");
    }
    // A part of the name of a hospital that everybody uses.
    let hospitals = search(&server, &format!("q={}", encoded("医大一院")));
    assert!(hospitals.iter().any(|it| it["kind"] == "facility"), "{hospitals:?}");
}

/// Six compounds of inner Harbin have this name.
#[test]
fn namesakes_differ_in_place_and_have_a_street_or_unit() {
    let server = Server::start(harbin());
    let found = search(&server, &format!("q={}&kinds=compound&limit=50", encoded("安埠小区")));
    let namesakes: Vec<&Value> = found.iter().filter(|it| it["name"] == "安埠小区").collect();
    assert!(namesakes.len() > 2, "{found:?}");
    let ids: BTreeSet<&str> = namesakes.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), namesakes.len());
    assert!(namesakes.iter().all(|it| it["street"].is_string() && it["unit"].is_string()), "{namesakes:?}");
}

#[test]
fn every_named_compound_and_facility_is_found_by_its_whole_name() {
    let server = Server::start(harbin());
    for (collection, kind) in [("compounds", "compound"), ("facilities", "facility"), ("units", "unit")] {
        let page = server.json(&format!("/api/collections/{collection}/items?limit=10000"));
        let named = page["features"].as_array().unwrap().iter().filter(|feature| {
            feature["properties"]["name"].is_string() && feature["properties"]["generated_name"] != true
        });
        for feature in named.step_by(17) {
            let name = feature["properties"]["name"].as_str().unwrap();
            let found = search(&server, &format!("q={}&kinds={kind}&limit=50", encoded(name)));
            // More than fifty may have the name.
            let is_found = found.iter().any(|it| it["id"] == feature["id"]);
            assert!(is_found || found.len() == 50, "{collection}: {name}: {found:?}");
        }
    }
}

/// The index is made once; then a search reads all names in a few milliseconds.
#[test]
fn a_search_is_quick_once_the_names_are_indexed() {
    let server = Server::start(harbin());
    first(&server, "园");
    let begun = Instant::now();
    for text in ["园", "xiaoqu", "x", "zhongyangdajie", "没有这个名字"] {
        for _ in 0..20 {
            search(&server, &format!("q={}&limit=50", encoded(text)));
        }
    }
    let each = begun.elapsed() / 100;
    // Ten times what it takes in a test build on a slow machine, request included.
    assert!(each < Duration::from_millis(100), "{each:?}");
}
