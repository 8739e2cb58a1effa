//! The server's answers, path by path.

use crate::run::{COMPOUND, campus, circle, harbin};
use crate::server::{Server, encoded};
use circle_model::City;
use serde_json::Value;

/// A valid address for every path under `/api`, with its media type. `{compound}` is 荣耀世纪小区, `{gate}`
/// and `{facility}` are keys of a gate and a facility.
const ADDRESSES: [(&str, &str); 29] = [
    ("/api", "application/json"),
    ("/api/conformance", "application/json"),
    ("/api/openapi.json", "application/vnd.oai.openapi+json;version=3.1"),
    ("/api/collections", "application/json"),
    ("/api/collections/compounds", "application/json"),
    ("/api/collections/compounds/schema", "application/schema+json"),
    ("/api/collections/compounds/schema/feature", "application/schema+json"),
    ("/api/collections/compounds/items", "application/geo+json"),
    ("/api/collections/gates/items/{gate}", "application/geo+json"),
    ("/api/collections/facilities/items?category=hospital&limit=3", "application/geo+json"),
    ("/api/collections/units/items", "application/geo+json"),
    ("/api/isochrones?compound={compound}", "application/geo+json"),
    ("/api/isochrones?at=126.6433,45.7579&minutes=5&profile=planning&form=rings", "application/geo+json"),
    ("/api/isochrones?gate={gate}", "application/geo+json"),
    ("/api/reach?compound={compound}&minutes=15", "application/geo+json"),
    ("/api/reach?gate={gate}", "application/geo+json"),
    ("/api/coverage?rules=board&by=compound", "application/geo+json"),
    ("/api/coverage?by=district&line=all", "application/geo+json"),
    ("/api/verdicts?rules=gb50180&minutes=5,15", "application/json"),
    ("/api/quality", "application/geo+json"),
    ("/api/names", "application/json"),
    ("/api/explain?compound={compound}&facility={facility}", "application/geo+json"),
    ("/api/settings", "application/json"),
    ("/api/tiles/14/13955/5844", "application/vnd.mapbox-vector-tile"),
    ("/api/tiles", "application/json"),
    ("/api/tiles/WebMercatorQuad", "application/json"),
    ("/api/tiles/WebMercatorQuad/14/5844/13955", "application/vnd.mapbox-vector-tile"),
    ("/api/tileMatrixSets", "application/json"),
    ("/api/tileMatrixSets/WebMercatorQuad", "application/json"),
];

fn addresses(server: &Server) -> Vec<(String, &'static str)> {
    let key = |collection: &str| {
        let page = server.json(&format!("/api/collections/{collection}/items?limit=1&offset=80"));
        page["features"][0]["id"].as_str().unwrap().to_owned()
    };
    let (compound, gate, facility) = (encoded(COMPOUND), key("gates"), key("facilities"));
    let filled = |path: &str| {
        path.replace("{compound}", &compound).replace("{gate}", &gate).replace("{facility}", &facility)
    };
    ADDRESSES.iter().map(|(path, kind)| (filled(path), *kind)).collect()
}

#[test]
fn every_path_answers_in_its_type_with_a_tag() {
    let (server, other) = (Server::start(harbin()), Server::start(campus()));
    let edition = City::open(harbin()).unwrap().edition().to_string();
    for (path, kind) in addresses(&server) {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.must("content-type"), kind, "{path}");
        assert!(!answer.body.is_empty(), "{path}");
        let tag = answer.must("etag").to_owned();
        assert!(answer.must("circle-edition") == edition && tag.contains(&edition), "{path}: {tag}");
        let again = server.ask("GET", &path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((again.status, again.must("etag"), again.body.len()), (304, tag.as_str(), 0), "{path}");
        let stale = server.ask("GET", &path, &["If-None-Match: \"0123456789abcdef\""]);
        assert!(stale.status == 200 && stale.body == answer.body, "{path}: a repeated request differs");
        let head = server.ask("HEAD", &path, &[]);
        assert_eq!((head.status, head.must("etag")), (200, tag.as_str()), "{path}");
        // Other data has another tag at the same address.
        if let Some(elsewhere) = other.get(&path).header("etag") {
            assert_ne!(elsewhere, tag, "{path}");
        }
    }
}

#[test]
fn openapi_describes_every_path() {
    let server = Server::start(harbin());
    let description = server.json("/api/openapi.json");
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = description["paths"].as_object().unwrap();
    for (path, _) in ADDRESSES {
        let path = path.split('?').next().unwrap();
        let described = path.replace("/{gate}", "/{id}").replace("14/13955/5844", "{z}/{x}/{y}");
        let described = described.replace("14/5844/13955", "{tileMatrix}/{tileRow}/{tileCol}");
        assert!(paths.contains_key(&described), "{described} is not described");
    }
    for (path, operation) in paths.iter().filter(|(path, _)| path.starts_with("/api")) {
        let operation = &operation["get"];
        let answers = &operation["responses"];
        let parameters = operation["parameters"].as_array().unwrap();
        let takes = |name: &str| parameters.iter().any(|it| it["name"] == name);
        assert!(takes("edition") && answers["409"].is_object(), "{path}");
        let done = &answers["200"]["headers"]["circle-edition"];
        assert!(done.is_object(), "{path}");
        let keyed = ["id", "board", "compound", "gate", "facility"].into_iter().any(takes);
        for status in ["308", "410"] {
            let is_described = answers[status].is_object();
            assert_eq!(is_described, keyed || path.ends_with("/items"), "{path}: {status}");
        }
    }
    let text = description.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn the_landing_page_links_to_every_resource() {
    let server = Server::start(campus());
    let landing = server.json("/api");
    let links = landing["links"].as_array().unwrap();
    let href = |rel: &str| {
        let link = links.iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("no link {rel}"));
        link["href"].as_str().unwrap()
    };
    for rel in ["self", "service-desc", "conformance", "data"] {
        server.json(href(rel));
    }
    let classes = server.json(href("conformance"))["conformsTo"].to_string();
    assert!(classes.contains("ogcapi-features-1/1.0/conf/core") && classes.contains("conf/geojson"));
    let collections = server.json(href("data"));
    let ids: Vec<_> = collections["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "compounds",
            "compound_points",
            "gates",
            "facilities",
            "units",
            "buildings",
            "candidates",
            "candidate_points",
            "access_points"
        ]
    );
    assert!(landing.to_string().contains("OpenStreetMap contributors"));
}

#[test]
fn the_page_health_and_metrics_are_served() {
    let server = Server::start(campus());
    let page = server.get("/");
    assert_eq!(page.status, 200);
    assert!(page.must("content-type").starts_with("text/html"));
    assert_eq!(page.must("x-content-type-options"), "nosniff");
    assert!(page.must("content-security-policy").contains("default-src 'self'"));
    assert_eq!(server.get("/healthz").body, b"ok");
    let metrics = server.get("/metrics");
    let text = String::from_utf8(metrics.body.clone()).unwrap();
    assert!(metrics.must("content-type").starts_with("text/plain"));
    let healthy = "circle_http_requests_total{route=\"/healthz\",code=\"200\",cause=\"complete\"} 1";
    assert!(text.contains(healthy), "{text}");
}

#[test]
fn settings_hold_the_members_that_the_page_needs() {
    let server = Server::start(harbin());
    let settings = server.json("/api/settings");
    let ids = |member: &str| -> Vec<&str> {
        settings[member].as_array().unwrap().iter().map(|each| each["id"].as_str().unwrap()).collect()
    };
    let profiles = ["planning", "adult", "elderly", "frail", "child_with_carer", "wheelchair"];
    assert_eq!(ids("profiles"), profiles);
    assert_eq!(ids("rule_sets"), ["board", "gb50180", "tdt1062", "mofcom", "complete_community"]);
    assert!(ids("categories").contains(&"park"));
    assert_eq!(settings["bands"], serde_json::json!([5, 10, 15]));
    let info = crate::run::info(harbin()).ok().json();
    assert_eq!(settings["data_date"], info["data_date"]);
    assert_eq!(settings["bounds"], info["bounds"]);
}

/// The server answers with the bytes that the command writes.
#[test]
fn the_server_answers_as_the_commands_do() {
    let server = Server::start(harbin());
    let city = harbin().to_str().unwrap();
    for form in ["discs", "rings", "lines"] {
        let path = format!("/api/isochrones?compound={}&minutes=5,10&form={form}", encoded(COMPOUND));
        let done =
            circle(["isochrone", city, "--compound", COMPOUND, "--minutes", "5,10", "--form", form]).ok();
        assert!(server.get(&path).body == done.out, "{form}");
    }
    let night = server.get("/api/isochrones?at=126.6433,45.7579&at_time=22:30");
    assert!(
        night.body == circle(["isochrone", city, "--at", "126.6433,45.7579", "--at-time", "22:30"]).ok().out
    );
    assert_eq!(night.json()["statement"]["at_time"], "We 22:30");
    let coverage = server.get("/api/coverage?profile=planning");
    assert!(
        coverage.body == circle(["coverage", city, "--profile", "planning", "--format", "geojson"]).ok().out
    );
    let table = server.ask("GET", "/api/coverage?profile=planning", &["Accept: text/csv"]);
    assert!(table.must("content-type").starts_with("text/csv"));
    assert!(table.body == circle(["coverage", city, "--profile", "planning"]).ok().out);
    assert_ne!(table.must("etag"), coverage.must("etag"));
}

#[test]
fn reach_is_sorted_and_each_facility_is_in_its_band() {
    let server = Server::start(harbin());
    for origin in [format!("compound={}", encoded(COMPOUND)), "at=126.6433,45.7579".to_owned()] {
        let answer = server.json(&format!("/api/reach?{origin}&minutes=15"));
        assert_eq!(answer["origin"]["status"], "ok");
        let features = answer["features"].as_array().unwrap();
        assert!(features.len() > 20, "{}", features.len());
        let mut before = 0.0;
        let mut ids: Vec<&str> = Vec::new();
        for feature in features {
            let number = |name: &str| feature["properties"][name].as_f64().unwrap();
            let seconds = number("walk_seconds");
            assert!(seconds >= before && seconds <= 900.0);
            let band = [5, 10, 15].into_iter().find(|band| seconds <= f64::from(band * 60)).unwrap();
            assert_eq!(feature["properties"]["band_minutes"], band);
            assert!(
                number("walk_metres") <= seconds * 1.2501 + 0.01
                    && number("access_metres") <= number("walk_metres") + 0.01
            );
            assert!((0.0..360.0).contains(&number("direction_degrees")));
            assert_eq!(feature["properties"]["gate_id"].is_string(), !origin.starts_with("at"));
            ids.push(feature["id"].as_str().unwrap());
            before = seconds;
        }
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "each facility once");
    }
    let nowhere = server.json("/api/reach?at=126.4957,45.75");
    assert_eq!(
        (&nowhere["origin"]["status"], &nowhere["features"]),
        (&"off_network".into(), &Value::Array(vec![]))
    );
    // Hefei, 1,600 km outside of the city.
    for path in ["/api/reach?at=117.23,31.82", "/api/isochrones?at=117.23,31.82"] {
        let words = server.get(path).problem(400);
        assert!(words.contains("outside of the city") && words.contains("126.506"), "{words}");
    }
}

#[test]
fn tiles_hold_the_layers_of_the_base_map() {
    let server = Server::start(harbin());
    let mut layers = std::collections::BTreeSet::new();
    for path in ["14/13955/5844", "13/6977/2922.mvt", "12/3488/1461.pbf"] {
        let tile = server.get(&format!("/api/tiles/{path}"));
        assert_eq!(tile.status, 200, "{path}");
        layers.extend(layer_names(&tile.body));
    }
    for layer in ["landuse", "water", "green", "buildings", "railways", "ways", "names"] {
        assert!(layers.contains(layer), "no {layer} in {layers:?}");
    }
    let far = server.get("/api/tiles/14/100/100");
    assert_eq!((far.status, far.body.len()), (204, 0), "nothing to draw");
    for path in ["14/99999/1", "40/1/1", "-1/0/0", "a/b/c", "14/1/1.png"] {
        server.get(&format!("/api/tiles/{path}")).problem(404);
    }
}

/// Names of a tile's layers: field 1 of each layer, which is field 3 of the tile.
fn layer_names(mut tile: &[u8]) -> Vec<String> {
    let message = |bytes: &mut &[u8]| {
        let length = varint(bytes);
        let (message, rest) = bytes.split_at(length);
        *bytes = rest;
        message.to_vec()
    };
    let mut names = Vec::new();
    while !tile.is_empty() {
        assert_eq!(varint(&mut tile), 3 << 3 | 2, "a tile holds layers only");
        let layer = message(&mut tile);
        let mut layer = layer.as_slice();
        while !layer.is_empty() {
            match varint(&mut layer) {
                0x0a => names.push(String::from_utf8(message(&mut layer)).unwrap()),
                key if key & 7 == 2 => drop(message(&mut layer)),
                _ => drop(varint(&mut layer)),
            }
        }
    }
    names
}

fn varint(bytes: &mut &[u8]) -> usize {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap();
    let value = bytes[..=end].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    *bytes = &bytes[end + 1..];
    value
}
