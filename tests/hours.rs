//! Opening hours, slopes and limits of legs, in drawn towns of a few ways.

use crate::drawn::{Drawn, rectangle};
use crate::run::{circle, write};

/// Two places joined by 300 m straight through the middle, or by a detour of 900 m.
fn two_ways(middle: &str) -> Drawn {
    Drawn::default()
        .way(&[[-500, 0], [0, 0]], "highway=residential")
        .way(&[[0, 0], [100, 0], [200, 0], [300, 0]], middle)
        .way(&[[0, 0], [0, 300], [300, 300], [300, 0]], "highway=residential")
        .way(&[[300, 0], [800, 0]], "highway=residential")
}

const FROM: [i32; 2] = [-100, 0];
const TO: [i32; 2] = [400, 0];

fn metres(town: &Drawn, time: &[&str], to: [i32; 2]) -> Result<f64, String> {
    let seconds = town.walk_with(&[&["--profile", "planning"], time].concat(), FROM, to)?;
    Ok((seconds / 0.9).round())
}

const NIGHT: [&str; 2] = ["--at-time", "22:30"];
const NOON: [&str; 2] = ["--at-time", "12:00"];

#[test]
fn a_gate_is_passed_while_it_is_open() {
    let town = |tags: &str| two_ways("highway=footway").tag([100, 0], tags);
    let daily = town("barrier=gate opening_hours=06:00-22:00");
    assert_eq!(metres(&daily, &[], TO), Ok(500.0));
    assert_eq!(metres(&daily, &NOON, TO), Ok(500.0));
    assert_eq!(metres(&daily, &NIGHT, TO), Ok(1100.0));
    // A locked gate is open during its hours, and hours that cannot be parsed count as open.
    let locked = town("barrier=gate locked=yes opening_hours=06:00-22:00");
    assert_eq!(
        [&[][..], &NOON, &NIGHT].map(|time| metres(&locked, time, TO).unwrap()),
        [1100.0, 500.0, 1100.0]
    );
    let private = town("barrier=gate access=private opening_hours=06:00-22:00");
    assert_eq!(metres(&private, &NOON, TO), Ok(1100.0));
    assert_eq!(metres(&town("barrier=gate opening_hours=whenever"), &NIGHT, TO), Ok(500.0));
    assert_eq!(metres(&daily, &["--at-time", "2026-10-01T05:59"], TO), Ok(1100.0));
}

#[test]
fn residents_do_not_pass_the_shut_gate_of_their_compound() {
    let town = Drawn::with_street()
        .way(&rectangle(-150, 40, 150, 240), "landuse=residential name=Gated barrier=wall")
        .way(&[[0, 0], [0, 40], [0, 200]], "highway=service access=private")
        .tag([0, 40], "barrier=gate opening_hours=06:00-22:00");
    let at = |time: [&str; 2], from, to| town.walk_with(&time, from, to);
    for (from, to) in [([30, 60], [200, 0]), ([200, 0], [30, 60])] {
        assert!(at(NOON, from, to).is_ok());
        assert_eq!(at(NIGHT, from, to), Err("no_path".into()));
    }
}

#[test]
fn a_shut_gate_is_named_as_the_barrier_of_a_shorter_walk() {
    let folder = tempfile::tempdir().unwrap();
    let town = two_ways("highway=footway").tag([100, 0], "barrier=gate opening_hours=06:00-22:00");
    let city = write(&folder, "drawn.osm.pbf", town.pbf());
    let barred = |time: &str| {
        let places = ["--from", "126.5987155,45.7", "--to", "126.6051381,45.7"];
        let args = [&["explain", city.to_str().unwrap(), "--at-time", time], &places[..]].concat();
        circle(args).ok().json()["barred"].clone()
    };
    assert_eq!(barred("22:30")[0]["reason"], "locked_gate");
    assert_eq!(barred("12:00"), serde_json::json!([]));
}

#[test]
fn times_along_lines_equal_those_of_circle_times() {
    let folder = tempfile::tempdir().unwrap();
    let town = Drawn::with_street();
    let city = write(&folder, "drawn.osm.pbf", town.pbf());
    let args = ["--at", "126.6,45.7005397", "--minutes", "5", "--form", "lines", "--profile", "planning"];
    let answer = circle([&["isochrone", city.to_str().unwrap()], &args[..]].concat()).ok().json();
    let feature = &answer["features"][0];
    let (lines, times) = (&feature["geometry"]["coordinates"], &feature["properties"]["line_walk_seconds"]);
    let mut compared = 0;
    for (line, times) in lines.as_array().unwrap().iter().zip(times.as_array().unwrap()) {
        for (point, seconds) in line.as_array().unwrap().iter().zip(times.as_array().unwrap()) {
            let metres = (point[0].as_f64().unwrap() - 126.6) * 77_850.0;
            let walked = town.walk_with(&["--profile", "planning"], [0, 60], [metres.round() as i32, 0]);
            let apart = (seconds.as_f64().unwrap() - walked.unwrap()).abs();
            // Drawn places are rounded to whole metres.
            assert!(apart < 1.5, "{metres} m: {apart} s apart");
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn ways_and_parks_closed_at_night_are_entered_and_left_but_not_crossed() {
    let way = two_ways("highway=footway foot:conditional=no@(22:00-06:00)");
    let park = two_ways("highway=footway")
        .way(&rectangle(-5, -40, 305, 40), "leisure=park opening_hours=06:00-22:00");
    for town in [way, park] {
        assert_eq!(metres(&town, &NOON, TO), Ok(500.0));
        assert_eq!(metres(&town, &NIGHT, TO), Ok(1100.0));
        assert_eq!(metres(&town, &NIGHT, [150, 0]), Ok(250.0));
    }
    // A street through the park stays open.
    let street = two_ways("highway=residential name=Main")
        .way(&rectangle(-5, -40, 305, 40), "leisure=park opening_hours=06:00-22:00");
    assert_eq!(metres(&street, &NIGHT, TO), Ok(500.0));
}

#[test]
fn the_time_is_stated_and_an_invalid_one_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let city = write(&folder, "drawn.osm.pbf", two_ways("highway=footway").pbf());
    let explain = |time: &str| {
        let places = ["--from", "126.6,45.7", "--to", "126.603,45.7"];
        let city = city.to_str().unwrap();
        circle([&["explain", city, "--at-time", time], &places[..]].concat())
    };
    assert_eq!(explain("周六 22:30").ok().json()["statement"]["at_time"], "Sa 22:30");
    let wrong = explain("25:00");
    assert!(wrong.status == 2 && wrong.err.contains("HH:MM"), "{}", wrong.err);
}

/// A tile of heights that rises eastwards by one metre in ten.
fn hill() -> Vec<u8> {
    let height = |column: usize| (column as f64 / 1200.0 * 7785.0).round() as i16;
    (0..1201 * 1201).flat_map(|at| height(at % 1201).to_be_bytes()).collect()
}

#[test]
fn slopes_come_from_heights_and_are_stated() {
    let folder = tempfile::tempdir().unwrap();
    let town = Drawn::default().way(&[[0, 0], [500, 0], [1000, 0]], "highway=residential");
    let extract = write(&folder, "drawn.osm.pbf", town.pbf());
    let heights = write(&folder, "N45E126.hgt", hill());
    let city = folder.path().join("hill.circle");
    let args =
        [extract.as_os_str(), "--elevation".as_ref(), heights.as_os_str(), "-o".as_ref(), city.as_os_str()];
    circle([&["build".as_ref()], &args[..]].concat()).ok();
    let walk = |from: &str, to: &str, profile: &str| {
        let city = city.to_str().unwrap();
        circle(["explain", city, "--from", from, "--to", to, "--profile", profile]).ok().json()
    };
    let (west, east) = ("126.6,45.7", "126.6064226,45.7");
    let seconds = |answer: &serde_json::Value| answer["walk"]["walk_seconds"].as_f64().unwrap();
    // 500 m at 4.0 km/h take 450 s; uphill at 10 % exp(0.35) times as long, downhill as long as on the flat.
    let up = walk(west, east, "planning");
    assert!((seconds(&up) / 450.0 - 1.419).abs() < 0.01, "{}", seconds(&up));
    assert!((seconds(&walk(east, west, "planning")) / 450.0 - 1.0).abs() < 0.01);
    assert_eq!(up["statement"]["slopes"], "Tobler 1993, heights from N45E126.hgt");
    assert_eq!(walk(west, east, "wheelchair")["walk"]["status"], "no_path");
    let info = circle(["info", city.to_str().unwrap()]).ok().json();
    assert_eq!(info["elevation"][0]["name"], "N45E126.hgt");
}

#[test]
fn unreadable_heights_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let extract = write(&folder, "drawn.osm.pbf", Drawn::with_street().pbf());
    for (name, bytes, words) in [
        ("N45E126.hgt", b"short".to_vec(), "1201 x 1201"),
        ("heights.hgt", hill(), "N45E126.hgt"),
        ("heights.tif", b"II*\0garbage".to_vec(), "heights.tif"),
        ("heights.csv", b"a,b\n1,2\n".to_vec(), "heights.csv"),
    ] {
        let heights = write(&folder, name, bytes);
        let city = folder.path().join("city.circle");
        let args = [
            extract.as_os_str(),
            "--elevation".as_ref(),
            heights.as_os_str(),
            "-o".as_ref(),
            city.as_os_str(),
        ];
        let done = circle([&["build".as_ref()], &args[..]].concat());
        assert!(done.status == 1 && done.refusal().contains(words), "{name}: {}", done.err);
        assert!(!city.exists());
    }
}

#[test]
fn limits_of_legs_come_from_a_file_and_are_stated_if_changed() {
    let folder = tempfile::tempdir().unwrap();
    let limits = |text: &str| write(&folder, "legs.toml", text).to_str().unwrap().to_owned();
    let town = Drawn::with_street();
    let walk = |limits: &str| town.walk_with(&["--profile", "planning", "--legs", limits], [0, 40], [300, 0]);
    let paid = |factor: f64| 300.0 + 40.0 * (factor * factor - 1.0f64).sqrt();
    assert!((walk(&limits("")).unwrap() / 0.9 - paid(1.5)).abs() < 0.5);
    assert!((walk(&limits("off_network_factor = 2.5")).unwrap() / 0.9 - paid(2.5)).abs() < 0.5);
    assert_eq!(walk(&limits("longest_metres = 30")), Err("off_network".into()));
    let city = write(&folder, "drawn.osm.pbf", town.pbf());
    let places = write(&folder, "places.csv", "id,lon,lat\na,126.6,45.7\n");
    let (city, places) = (city.to_str().unwrap(), places.to_str().unwrap());
    let legs = limits("longest_metres = 30");
    let table = circle(["times", city, "--from", places, "--to", places, "--legs", &legs]).ok();
    assert!(table.err.contains("longest_metres = 30"), "{}", table.err);
    let isochrone =
        |limits: &str| circle(["isochrone", city, "--at", "126.6,45.7", "--minutes", "5", "--legs", limits]);
    let answer = isochrone(&limits("longest_metres = 30")).ok().json();
    assert_eq!(answer["statement"]["legs"], serde_json::json!({ "longest_metres": 30.0 }));
    assert!(isochrone(&limits("")).ok().json()["statement"].get("legs").is_none());
    let wrong = isochrone(&limits("longest_metres = 3"));
    assert!(wrong.status == 1 && wrong.refusal().contains("10 to 200"), "{}", wrong.err);
}
