//! Isochrones in inner Harbin.

use crate::plane::{Shape, contains, doubled_area, metres_to_edge, shape, square_metres};
use crate::run::{COMPOUND, Numbers, circle, command, finish, harbin, write};
use serde_json::Value;

/// Tolerance for coordinates rounded to 10⁻⁷ degrees, about 1 cm.
const ROUNDING_METRES: f64 = 0.03;

fn isochrone(args: &[&str]) -> Value {
    circle([&["isochrone", harbin().to_str().unwrap()], args].concat()).ok().json()
}

/// Origins of all kinds: a compound, a street, a park, a river bank, the edge of the data.
const ORIGINS: [[&str; 2]; 5] = [
    ["--compound", COMPOUND],
    ["--at", "126.6433,45.7579"],
    ["--at", "126.6170,45.7700"],
    ["--at", "126.6150,45.7790"],
    ["--at", "126.5080,45.6800"],
];

fn shapes(collection: &Value) -> Vec<Shape> {
    collection["features"].as_array().unwrap().iter().map(|feature| shape(&feature["geometry"])).collect()
}

#[test]
fn three_features_with_the_promised_properties() {
    let collection = isochrone(&ORIGINS[0]);
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let mut area = 0.0;
    for (feature, minutes) in features.iter().zip([5, 10, 15]) {
        let properties = feature["properties"].as_object().unwrap();
        let mut names: Vec<_> = properties.keys().collect();
        names.sort();
        assert_eq!(names, ["area_square_metres", "from_minutes", "minutes", "origin_id", "profile"]);
        assert_eq!(properties["minutes"], minutes);
        assert_eq!(properties["from_minutes"], 0);
        assert_eq!(properties["profile"], "adult");
        assert_eq!(properties["origin_id"], collection["origin"]["compound_id"]);
        let stated = properties["area_square_metres"].as_f64().unwrap();
        let measured = square_metres(&shape(&feature["geometry"]));
        assert!((stated / measured - 1.0).abs() < 0.001, "{minutes}: {stated} stated, {measured} measured");
        assert!(stated > area, "areas ascend");
        // At 4.5 km/h a disc is no larger than that of the straight-line distance from all gates.
        assert!(stated < 3.2 * (75.0 * f64::from(minutes) + 150.0).powi(2));
        area = stated;
    }
    assert_eq!(collection["origin"]["compound_name"], COMPOUND);
    assert!(!collection["origin"]["gates"].as_array().unwrap().is_empty());
    assert!(collection["statement"]["profile"].as_str().unwrap().contains("4.5 km/h"));
}

#[test]
fn rings_are_closed_and_wound_by_rfc_7946() {
    for (origin, form) in ORIGINS.iter().flat_map(|origin| [(origin, "discs"), (origin, "rings")]) {
        let shapes = shapes(&isochrone(&[origin[0], origin[1], "--form", form]));
        assert_eq!(shapes.len(), 3, "{origin:?}");
        for polygon in shapes.iter().flatten() {
            for (number, ring) in polygon.iter().enumerate() {
                assert!(ring.len() >= 4 && ring.first() == ring.last(), "{origin:?} {form}: {ring:?}");
                assert!(
                    ring.windows(2).all(|pair| pair[0] != pair[1]),
                    "{origin:?} {form}: a point twice in a row"
                );
                let area = doubled_area(ring);
                assert!(
                    if number == 0 { area > 0.0 } else { area < 0.0 },
                    "{origin:?} {form}: ring {number} turns {area}"
                );
            }
        }
    }
}

#[test]
fn a_longer_band_contains_every_shorter_one() {
    for origin in ORIGINS {
        let shapes = shapes(&isochrone(&[origin[0], origin[1], "--minutes", "3,5,8,10,12,15"]));
        for pair in shapes.windows(2) {
            let vertices: Vec<_> = pair[0].iter().flatten().flatten().collect();
            assert!(!vertices.is_empty(), "{origin:?}");
            for vertex in vertices.iter().step_by(vertices.len().div_ceil(400)) {
                let outside = !contains(&pair[1], **vertex);
                let beyond = if outside { metres_to_edge(&pair[1], **vertex) } else { 0.0 };
                assert!(
                    beyond < ROUNDING_METRES,
                    "{origin:?}: {vertex:?} lies {beyond} m outside the next band"
                );
            }
            assert!(square_metres(&pair[1]) > square_metres(&pair[0]));
        }
    }
}

#[test]
fn rings_add_up_to_the_discs() {
    for origin in ORIGINS {
        let discs = shapes(&isochrone(&origin));
        let collection = isochrone(&[origin[0], origin[1], "--form", "rings"]);
        let rings = shapes(&collection);
        let from: Vec<_> =
            (0..3).map(|band| &collection["features"][band]["properties"]["from_minutes"]).collect();
        assert_eq!(from, [0, 5, 10]);
        let mut together = 0.0;
        for (disc, ring) in discs.iter().zip(&rings) {
            together += square_metres(ring);
            let whole = square_metres(disc);
            assert!((together / whole - 1.0).abs() < 0.005, "{origin:?}: {together} of {whole} m²");
        }
        // Rings do not overlap: a place in the largest disc is in exactly one ring.
        let mut numbers = Numbers(11);
        let [lon, lat] = ["lon", "lat"].map(|member| collection["origin"][member].as_f64().unwrap());
        for _ in 0..500 {
            let place = [lon + (numbers.share() - 0.5) * 0.03, lat + (numbers.share() - 0.5) * 0.02];
            let near_an_edge = discs.iter().any(|disc| metres_to_edge(disc, place) < ROUNDING_METRES);
            let holders = rings.iter().filter(|ring| contains(ring, place)).count();
            let expected = usize::from(contains(&discs[2], place));
            assert!(near_an_edge || holders == expected, "{origin:?}: {place:?} is in {holders} rings");
        }
    }
}

#[test]
fn a_band_is_the_same_alone_and_with_others() {
    for origin in ORIGINS {
        let together = isochrone(&[origin[0], origin[1], "--minutes", "15,5,10,5"]);
        let features = together["features"].as_array().unwrap();
        assert_eq!(features.len(), 3, "each band once");
        for (feature, minutes) in features.iter().zip(["5", "10", "15"]) {
            let alone = isochrone(&[origin[0], origin[1], "--minutes", minutes]);
            assert_eq!(alone["features"].as_array().unwrap().len(), 1);
            assert!(alone["features"][0] == *feature, "{origin:?}: {minutes} minutes differ");
        }
    }
}

#[test]
fn isochrones_do_not_depend_on_the_number_of_threads() {
    for form in ["discs", "rings", "lines"] {
        let run = |threads: &str| {
            let mut run = command();
            run.arg("isochrone").arg(harbin()).args(["--compound", COMPOUND, "--form", form]);
            finish(run.env("RAYON_NUM_THREADS", threads)).ok().out
        };
        let (one, four) = (run("1"), run("4"));
        assert!(one == four && one == run("1"), "{form}");
    }
}

#[test]
fn lines_are_ways_within_the_band() {
    let collection = isochrone(&[ORIGINS[0][0], ORIGINS[0][1], "--form", "lines"]);
    let disc = &shapes(&isochrone(&[ORIGINS[0][0], ORIGINS[0][1], "--minutes", "10"]))[0];
    let mut lengths = Vec::new();
    for feature in collection["features"].as_array().unwrap() {
        assert_eq!(feature["geometry"]["type"], "MultiLineString");
        let lines: Vec<Vec<[f64; 2]>> =
            serde_json::from_value(feature["geometry"]["coordinates"].clone()).unwrap();
        assert!(lines.iter().all(|line| line.len() >= 2));
        lengths.push(lines.iter().flatten().count());
        if feature["properties"]["minutes"] == 10 {
            let far = lines
                .iter()
                .flatten()
                .filter(|place| !contains(disc, **place) && metres_to_edge(disc, **place) > 25.0);
            let (far, all) = (far.count(), lines.iter().flatten().count());
            assert!(far * 100 <= all, "{far} of {all} reached places lie outside the shape");
        }
    }
    assert!(lengths.len() == 3 && lengths.is_sorted_by(|a, b| a < b), "{lengths:?}");
}

#[test]
fn a_place_in_another_province_is_rejected_with_the_extent_of_the_city() {
    // Hefei, 1,600 km to the south-west.
    let done = circle(["isochrone", harbin().to_str().unwrap(), "--at", "117.23,31.82"]);
    let line = done.refusal();
    assert!(line.contains("117.23,31.82") && line.contains("outside of the city"), "{line}");
    assert!(line.contains("126.506") && line.contains("45.831"), "{line}");
    let kilometres: f64 = line.split(" km ").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!((1_500.0..1_900.0).contains(&kilometres), "{line}");
}

#[test]
fn an_origin_off_the_network_has_no_shape() {
    // 800 m west of the data.
    let collection = isochrone(&["--at", "126.4957,45.75"]);
    assert_eq!(collection["origin"]["status"], "off_network");
    assert_eq!(collection["features"].as_array().unwrap().len(), 0);
}

#[test]
fn many_origins_answer_as_each_would_alone() {
    let folder = tempfile::tempdir().unwrap();
    let places = write(
        &folder,
        "a.csv",
        "id,lon,lat\n一号,126.6433,45.7579\nfar,126.0,45.0\nbad,x,1\n\"b,2\",126.617,45.77\n",
    );
    let path = places.to_str().unwrap();
    let done = circle(["isochrone", harbin().to_str().unwrap(), "--from", path, "--minutes", "5,10"]).ok();
    assert!(done.err.contains("row 4") && done.err.contains("lon"), "{}", done.err);
    let collection = done.json();
    let features = collection["features"].as_array().unwrap();
    let ids: Vec<_> =
        features.iter().map(|feature| feature["properties"]["origin_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["一号", "一号", "b,2", "b,2"]);
    let alone = isochrone(&["--at", "126.617,45.77", "--minutes", "5,10"]);
    for band in 0..2 {
        assert_eq!(features[2 + band]["geometry"], alone["features"][band]["geometry"]);
    }
    let statuses: Vec<_> =
        collection["origins"].as_array().unwrap().iter().map(|origin| &origin["status"]).collect();
    assert_eq!(statuses, ["ok", "off_network", "ok"]);
}
