//! OGC API Features: collections, pages, filters, and rejected requests.

use crate::run::{COMPOUND, campus, harbin, info};
use crate::server::{Server, encoded};
use serde_json::Value;

const COLLECTIONS: [&str; 5] = ["compounds", "compound_points", "gates", "facilities", "units"];

fn features(page: &Value) -> &Vec<Value> {
    page["features"].as_array().unwrap()
}

fn link<'a>(page: &'a Value, rel: &str) -> Option<&'a str> {
    let found = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == rel)?;
    found["href"].as_str()
}

/// All features, following `next` to the end.
fn walk(server: &Server, first: &str) -> Vec<Value> {
    let mut page = server.json(first);
    let mut all = features(&page).clone();
    let matched = page["numberMatched"].as_u64().unwrap();
    while let Some(next) = link(&page, "next").map(str::to_owned) {
        assert!(!features(&page).is_empty(), "an empty page has no next one");
        page = server.json(&next);
        assert_eq!(page["numberMatched"], matched);
        assert_eq!(page["numberReturned"], features(&page).len());
        all.extend(features(&page).iter().cloned());
    }
    assert_eq!(all.len() as u64, matched, "{first}");
    all
}

#[test]
fn next_links_lead_through_every_feature_once() {
    let server = Server::start(harbin());
    let info = info(harbin()).ok().json();
    let sum = |member: &str| {
        info[member].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>()
    };
    let mut compounds = 0;
    for collection in COLLECTIONS {
        let path = format!("/api/collections/{collection}");
        let all = walk(&server, &format!("{path}/items?limit=500"));
        let ids: Vec<_> = all.iter().map(|feature| feature["id"].as_str().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{collection}: a feature twice");
        let expected = match collection {
            "gates" | "units" => sum(collection),
            // `info` counts a facility once per category, and compounds with and without an outline together.
            _ => server.json(&path)["numberOfItems"].as_u64().unwrap(),
        };
        assert_eq!(all.len() as u64, expected, "{collection}");
        if collection.starts_with("compound") {
            compounds += expected;
            let kind = if collection == "compounds" { "MultiPolygon" } else { "Point" };
            assert!(
                expected > 0 && all.iter().all(|feature| feature["geometry"]["type"] == kind),
                "{collection}"
            );
        }
        let at_once = server.json(&format!("{path}/items?limit=10000"));
        assert!(*features(&at_once) == all, "{collection}: pages and the whole differ");
        assert!(link(&at_once, "next").is_none());
    }
    assert_eq!(compounds, info["compounds"].as_u64().unwrap());
}

#[test]
fn a_compound_is_in_exactly_one_of_two_collections() {
    let server = Server::start(harbin());
    let point = server.json("/api/collections/compound_points/items?limit=1");
    let id = features(&point)[0]["id"].as_str().unwrap();
    let detail = server.get(&format!("/api/collections/compounds/items/{id}")).problem(404);
    let path = format!("/api/collections/compound_points/items/{id}");
    assert!(detail.contains(&path), "{detail}");
    assert_eq!(server.json(&path)["properties"], features(&point)[0]["properties"]);
    // Other endpoints accept the key of either collection.
    let reach = server.json(&format!("/api/reach?compound={id}&minutes=5"));
    assert_eq!(reach["origin"]["compound_id"], id);
}

#[test]
fn pages_link_to_themselves_and_both_neighbours() {
    let server = Server::start(harbin());
    let page = server.json("/api/collections/gates/items?limit=7&offset=14");
    assert_eq!(features(&page).len(), 7);
    let all = server.json("/api/collections/gates/items?limit=100");
    for (rel, first) in [("self", 14), ("next", 21), ("prev", 7)] {
        let other = server.json(link(&page, rel).unwrap());
        assert_eq!(features(&other)[0]["id"], features(&all)[first]["id"], "{rel}");
    }
    assert_eq!(features(&server.json("/api/collections/gates/items")).len(), 10, "ten by default");
    let beyond = server.json("/api/collections/gates/items?offset=999999");
    assert!(features(&beyond).is_empty() && link(&beyond, "next").is_none());
}

#[test]
fn a_single_feature_equals_its_entry_in_the_list() {
    let server = Server::start(harbin());
    for collection in COLLECTIONS {
        let page = server.json(&format!("/api/collections/{collection}/items?offset=1&limit=1"));
        let listed = &features(&page)[0];
        let id = listed["id"].as_str().unwrap();
        let alone = server.json(&format!("/api/collections/{collection}/items/{id}"));
        for member in ["type", "id", "geometry", "properties"] {
            assert_eq!(alone[member], listed[member], "{collection}/{id}: {member}");
        }
        assert!(link(&alone, "collection").is_some());
    }
}

#[test]
fn a_property_filter_selects_the_matching_features() {
    let server = Server::start(harbin());
    let facilities = &info(harbin()).ok().json()["facilities"];
    for category in ["park", "hospital", "shelter"] {
        let found =
            walk(&server, &format!("/api/collections/facilities/items?categories={category}&limit=100"));
        assert_eq!(found.len() as u64, facilities[category].as_u64().unwrap(), "{category}");
        let main = walk(&server, &format!("/api/collections/facilities/items?category={category}&limit=100"));
        assert!(main.iter().all(|feature| feature["properties"]["category"] == category));
    }
    let named = walk(&server, &format!("/api/collections/compounds/items?name={}", encoded(COMPOUND)));
    assert_eq!(named.len(), 1);
    let id = named[0]["id"].as_str().unwrap();
    let gates = walk(&server, &format!("/api/collections/gates/items?compound_id={id}"));
    assert_eq!(gates.len() as u64, named[0]["properties"]["gates"].as_u64().unwrap());
    assert!(gates.iter().all(|gate| gate["properties"]["compound_name"] == COMPOUND));
    let districts = walk(&server, "/api/collections/units/items?admin_level=6");
    assert_eq!(districts.len(), 5);
}

#[test]
fn a_box_selects_the_features_in_it() {
    let server = Server::start(harbin());
    let all = walk(&server, "/api/collections/gates/items?limit=10000");
    let [west, south, east, north] = [126.61, 45.76, 126.63, 45.78];
    let found =
        walk(&server, &format!("/api/collections/gates/items?bbox={west},{south},{east},{north}&limit=100"));
    let within = all.iter().filter(|gate| {
        let at: [f64; 2] = serde_json::from_value(gate["geometry"]["coordinates"].clone()).unwrap();
        (west..=east).contains(&at[0]) && (south..=north).contains(&at[1])
    });
    let within: Vec<_> = within.cloned().collect();
    assert!(
        found == within && !found.is_empty() && found.len() < all.len(),
        "{} and {}",
        found.len(),
        within.len()
    );
    let nothing = server.json("/api/collections/gates/items?bbox=-10,-10,10,10");
    assert!(features(&nothing).is_empty());
}

#[test]
fn invalid_requests_answer_with_a_problem_and_its_reason() {
    let server = Server::start(harbin());
    for (path, status, word) in [
        ("/api/nothing", 404, "/api/nothing"),
        ("/no/such/page.html", 404, "page.html"),
        ("/..%2f..%2fetc/passwd", 404, ""),
        ("/api/collections/roads", 404, "compounds"),
        ("/api/collections/roads/items", 404, "facilities"),
        ("/api/collections/gates/items/99999999", 404, "99999999"),
        ("/api/collections/gates/items/first", 404, "first"),
        ("/api/collections/gates/items?limit=0", 400, "limit"),
        ("/api/collections/gates/items?limit=many", 400, "many"),
        ("/api/collections/gates/items?offset=-1", 400, "offset"),
        ("/api/collections/gates/items?bbox=1,2,3", 400, "bbox"),
        ("/api/collections/gates/items?colour=red", 400, "provenance"),
        ("/api/collections/facilities/items?category=castle", 400, "park"),
        ("/api/isochrones", 400, "at=LON,LAT"),
        ("/api/isochrones?at=126.6,45.7&compound=1", 400, "either"),
        ("/api/isochrones?at=45.7579,126.6433", 400, "longitude first"),
        ("/api/isochrones?at=here", 400, "LON,LAT"),
        ("/api/isochrones?at=126.6,45.7&minutes=0", 400, "minutes"),
        ("/api/isochrones?at=126.6,45.7&minutes=5,x", 400, "minutes"),
        ("/api/isochrones?at=126.6,45.7&profile=sprinter", 400, "planning, adult"),
        ("/api/isochrones?at=126.6,45.7&form=blob", 400, "discs, rings, lines"),
        ("/api/isochrones?at=126.6,45.7&color=red", 400, "minutes"),
        ("/api/isochrones?compound=nowhere", 404, "nowhere"),
        ("/api/reach?compound=99999999", 404, "99999999"),
        ("/api/coverage?rules=none", 400, "board"),
        ("/api/coverage?by=street", 400, "compound"),
    ] {
        let answer = server.get(path);
        let detail = answer.problem(status);
        assert!(detail.contains(word), "{path}: no `{word}` in: {detail}");
        assert!(answer.header("etag").is_none(), "{path}: a tag on an error");
    }
}

#[test]
fn other_methods_and_oversized_requests_are_rejected() {
    let server = Server::start(campus());
    for method in ["POST", "PUT", "DELETE"] {
        let answer = server.ask(method, "/api/settings", &["Content-Length: 0"]);
        answer.problem(405);
        assert!(answer.must("allow").contains("GET"));
    }
    server.get(&format!("/api/settings?{}", "x".repeat(20_000))).problem(414);
    let preflight = server.ask("GET", "/api/settings", &["Origin: https://example.org"]);
    assert_eq!(preflight.must("access-control-allow-origin"), "*");
    assert_eq!(server.get("/healthz").status, 200, "the server still answers");
}
