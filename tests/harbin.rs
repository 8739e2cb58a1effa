//! Figures of inner Harbin, compared with counts of its extract by other programs.

use crate::run::{circle, harbin, harbin_extract, info};
use serde_json::Value;

#[test]
fn the_figures_of_harbin_are_right() {
    let info = info(harbin()).ok().json();
    let figure =
        |pointer: &str| info.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("{pointer}"));
    for (pointer, least, most) in [
        // Ways of the walkable classes, trunk included, counted with osmium: 3,656 km.
        ("/network/walkable_km", 3630.0, 3680.0),
        ("/network/largest_component_share", 0.9, 1.0),
        ("/network/components", 2.0, 2000.0),
        // Of 1,183 named `landuse=residential`, 1,161 assemble to an area; some more are `place=*`.
        ("/compounds_named", 1150.0, 1190.0),
        ("/compounds", 1600.0, 1700.0),
        // 38 are `shop=supermarket`; some of them are closed, or sell something else by their names.
        ("/facilities/supermarket", 30.0, 45.0),
        ("/facilities/hospital", 45.0, 70.0),
        ("/facilities/park", 300.0, 360.0),
        ("/units/6", 5.0, 5.0),
        ("/units/8", 90.0, 93.0),
        ("/gates/own", 0.0, 0.0),
        ("/gates/mapped", 1.0, 1000.0),
        ("/skipped/references_to_missing_nodes", 1000.0, 5247.0),
        ("/skipped/ways_forbidden_to_walkers", 1.0, 100.0),
        // 40 under construction, 10 motorways and a link, 6 proposed, a raceway.
        ("/skipped/ways_of_classes_not_walked", 50.0, 70.0),
    ] {
        let figure = figure(pointer);
        assert!((least..=most).contains(&figure), "{pointer} is {figure}");
    }
    let schools: f64 = ["primary_school", "middle_school", "school", "high_school"]
        .iter()
        .map(|category| figure(&format!("/facilities/{category}")))
        .sum();
    // Of the 222 that are tagged or named as schools some 25 are vocational, cadre, nursing or flight
    // schools.
    assert!((180.0..=215.0).contains(&schools), "{schools} schools");
}

#[test]
fn info_has_the_promised_members() {
    let info = info(harbin()).ok().json();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let all = keys(&info);
    for key in
        ["inputs", "data_date", "bounds", "network", "compounds", "gates", "facilities", "units", "skipped"]
    {
        assert!(all.iter().any(|other| other == key), "{key}");
    }
    let mut network = keys(&info["network"]);
    network.sort();
    assert_eq!(network, ["components", "edges", "largest_component_share", "nodes", "walkable_km"]);
    let input = &info["inputs"][0];
    assert_eq!(input["name"], "harbin.osm.pbf");
    assert_eq!(input["sha256"], "33c5db708836732ee3a0bf67f12eeeb2e25b16e8f35cda912654e0dab75d0f25");
    assert_eq!(info["data_date"], "2024-04-09T17:37:50Z");
    let bounds: [f64; 4] = serde_json::from_value(info["bounds"].clone()).unwrap();
    let header = [126.506_13, 45.657_92, 126.771_862, 45.830_905];
    assert!(bounds.iter().zip(header).all(|(found, right)| (found - right).abs() < 1e-5), "{bounds:?}");
    assert!(info["gates"].as_object().unwrap().values().all(Value::is_u64));
}

#[test]
fn info_of_the_city_file_equals_that_of_the_extract() {
    let (file, extract) = (info(harbin()).ok(), info(&harbin_extract()).ok());
    assert_eq!(file.text(), extract.text());
    assert!(file.err.is_empty() && extract.err.is_empty(), "{}{}", file.err, extract.err);
}

/// Units of one level do not overlap, so their areas add up to at most that of the extract.
#[test]
fn units_of_one_level_do_not_overlap() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("units.geojson");
    circle(["coverage", harbin().to_str().unwrap(), "--by", "subdistrict", "-o", path.to_str().unwrap()])
        .ok();
    let units: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let ring = |ring: &Value| {
        let at = |point: &Value, axis: usize| point[axis].as_f64().unwrap();
        let corners = ring.as_array().unwrap();
        let twice: f64 = corners
            .windows(2)
            .map(|two| at(&two[0], 0) * at(&two[1], 1) - at(&two[1], 0) * at(&two[0], 1))
            .sum();
        twice.abs() / 2.0
    };
    let mut square_degrees = 0.0;
    for unit in units["features"].as_array().unwrap() {
        let coordinates = &unit["geometry"]["coordinates"];
        square_degrees += match unit["geometry"]["type"].as_str() {
            Some("Polygon") => ring(&coordinates[0]),
            Some("MultiPolygon") => {
                coordinates.as_array().unwrap().iter().map(|polygon| ring(&polygon[0])).sum()
            }
            _ => 0.0,
        };
    }
    let info = info(harbin()).ok().json();
    let side = |a: usize, b: usize| info["bounds"][b].as_f64().unwrap() - info["bounds"][a].as_f64().unwrap();
    let extract = side(0, 2) * side(1, 3);
    assert!((0.7..=1.0).contains(&(square_degrees / extract)), "{square_degrees} of {extract}");
}
