//! The coverage table of inner Harbin.

use crate::run::{circle, command, finish, harbin, harbin_extract, info, names, table};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use std::process::Stdio;

const COLUMNS: [&str; 44] = [
    "compound_id",
    "compound_name",
    "category",
    "tier",
    "nearest_facility_id",
    "nearest_facility_name",
    "gate_id",
    "walk_seconds",
    "walk_metres",
    "count_5min",
    "count_10min",
    "count_15min",
    "verdict",
    "reason",
    "beyond_seconds",
    "radius_metres",
    "straight_metres",
    "straight_verdict",
    "line",
    "need",
    "source",
    "confidence",
    "to_check",
    "completeness",
    "known",
    "expected",
    "seconds_best",
    "seconds_worst",
    "gate_provenance",
    "beside_name",
    "beside_seconds",
    "basis",
    "district",
    "subdistrict",
    "community",
    "grid",
    "compound_lon",
    "compound_lat",
    "gate_lon",
    "gate_lat",
    "facility_lon",
    "facility_lat",
    "facility_district",
    "facility_subdistrict",
];

fn city() -> &'static str {
    harbin().to_str().unwrap()
}

#[test]
fn the_table_is_complete_and_consistent() {
    let (header, rows) = circle(["coverage", city()]).ok().csv();
    assert_eq!(header, COLUMNS);
    let info = info(harbin()).ok().json();
    let compounds = usize::try_from(info["compounds"].as_u64().unwrap()).unwrap();
    let categories: Vec<_> =
        rows.iter().take_while(|row| row[0] == rows[0][0]).map(|row| row[2].clone()).collect();
    let catalogue: Vec<_> = info["facilities"].as_object().unwrap().keys().collect();
    assert_eq!(categories.len(), catalogue.len() + 4, "the board's fifth line, parks, is a category itself");
    assert!(catalogue.iter().all(|category| categories.contains(category)));
    assert_eq!(rows.len(), compounds * categories.len());
    let mut ids = BTreeSet::new();
    for of_compound in rows.chunks(categories.len()) {
        assert!(ids.insert(&of_compound[0][0]), "{} twice", of_compound[0][0]);
        for (row, category) in of_compound.iter().zip(&categories) {
            assert_eq!((&row[0], &row[2]), (&of_compound[0][0], category));
            check(row);
        }
    }
    let verdicts: BTreeSet<&str> = rows.iter().map(|row| row[12].as_str()).collect();
    assert_eq!(verdicts, BTreeSet::from(["", "covered", "gap", "unknown"]));
}

/// Asserts the invariants of a row.
fn check(row: &[String]) {
    let number = |column: usize| row[column].parse::<f64>().unwrap();
    let counts = [number(9), number(10), number(11)];
    assert!(counts.is_sorted(), "more time reaches more: {row:?}");
    let nearest =
        row[4..9].iter().enumerate().filter(|(column, _)| *column != 1).all(|(_, cell)| !cell.is_empty());
    let nothing = row[4..9].iter().all(String::is_empty);
    assert!(nearest || nothing, "half an answer: {row:?}");
    if nearest {
        for (count, band) in counts.into_iter().zip([300.0, 600.0, 900.0]) {
            assert_eq!(count > 0.0, number(7) <= band, "count and nearest disagree: {row:?}");
        }
    } else {
        assert!(row[9..12].iter().all(|count| count == "0"), "{row:?}");
    }
    let (tier, verdict, reason) = (row[3].as_str(), row[12].as_str(), row[13].as_str());
    let judged = match verdict {
        "" => tier.is_empty() && reason.is_empty(),
        "covered" => tier == "15" && reason.is_empty() && nearest && number(7) <= 900.0,
        "gap" => tier == "15" && !reason.is_empty() && (nothing || number(7) > 900.0),
        "unknown" => tier == "15" && !reason.is_empty(),
        _ => false,
    };
    assert!(judged, "{row:?}");
}

/// Missing data does not prove a gap: a line without any facility in the city is unknown.
#[test]
fn a_line_without_any_mapped_facility_is_unknown() {
    let facilities = &info(harbin()).ok().json()["facilities"];
    let mapped = |ids: &[&str]| ids.iter().any(|id| facilities[id].as_u64().unwrap() > 0);
    let (_, rows) = circle(["coverage", city()]).ok().csv();
    assert!(mapped(&["park"]) && mapped(&["subdistrict_office"]));
    assert!(rows.iter().any(|row| row[2] == "park" && row[12] == "gap"));
    // Two offices in a city of 1,600 compounds prove nothing about compounds far from both.
    let service: Vec<_> = rows.iter().filter(|row| row[2] == "党群服务中心").collect();
    assert!(service.iter().all(|row| row[12] != "gap"));
    let unknown = service.iter().filter(|row| row[12] == "unknown" && row[13] == "source_incomplete").count();
    assert!((1500..service.len()).contains(&unknown), "{unknown} of {}", service.len());
}

#[test]
fn geojson_and_csv_have_the_same_numbers() {
    let (header, rows) = circle(["coverage", city()]).ok().csv();
    let done = circle(["coverage", city(), "--format", "geojson"]).ok();
    let features = done.json()["features"].as_array().unwrap().clone();
    let mut rows = rows.iter();
    for feature in &features {
        let properties = &feature["properties"];
        for (category, fields) in properties["coverage"].as_object().unwrap() {
            let row = rows.next().unwrap();
            assert_eq!(properties["compound_id"], row[0].as_str());
            assert_eq!(properties["compound_name"], row[1].as_str());
            assert_eq!(category, &row[2]);
            for (name, cell) in header.iter().zip(row).skip(2) {
                let value = match &fields[name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    number => number.to_string(),
                };
                assert_eq!(&value, cell, "{name} of {category} of {}", row[0]);
            }
            assert_eq!(fields.as_object().unwrap().len(), header.len() - 2);
        }
    }
    assert!(rows.next().is_none());
    let statement = &done.json()["statement"];
    for member in ["data_date", "profile", "rule_set", "version"] {
        assert!(statement[member].is_string(), "{member}");
    }
    assert!(statement["inputs"][0]["sha256"].is_string());
}

#[test]
fn columns_of_counts_are_named_by_band() {
    let (header, rows) = circle(["coverage", city(), "--minutes", "8,3"]).ok().csv();
    assert_eq!(header[9..13], ["count_3min", "count_8min", "verdict", "reason"]);
    let (_, usual) = circle(["coverage", city()]).ok().csv();
    for (row, usual) in rows.iter().zip(&usual) {
        assert_eq!(row[..9], usual[..9], "nearest facility and tier do not depend on the bands");
        assert_eq!(row[11..], usual[12..], "the verdict does not depend on the bands");
    }
}

#[test]
fn slower_walkers_reach_no_more() {
    let (_, adult) = circle(["coverage", city()]).ok().csv();
    let (_, planning) = circle(["coverage", city(), "--profile", "planning"]).ok().csv();
    let parks = |rows: &[Vec<String>]| -> u32 {
        rows.iter().filter(|row| row[2] == "park").map(|row| row[11].parse::<u32>().unwrap()).sum()
    };
    assert!(parks(&planning) < parks(&adult));
    assert!(parks(&planning) > 0);
}

#[test]
fn the_ending_selects_the_format_and_the_bytes_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("table.csv", "csv"), ("table.geojson", "geojson"), ("TABLE.GeoJSON", "geojson")] {
        let path = folder.path().join(name);
        let expected = circle(["coverage", city(), "--format", format]).ok().out;
        for threads in ["1", "4"] {
            let mut run = command();
            run.args(["coverage", city(), "-o"]).arg(&path).env("RAYON_NUM_THREADS", threads);
            let done = finish(&mut run).ok();
            assert!(done.out.is_empty());
            let written = std::fs::read(&path).unwrap();
            let mark: &[u8] = if format == "csv" { "\u{feff}".as_bytes() } else { &[] };
            assert!(written == [mark, &expected].concat(), "{name} on {threads} threads");
        }
    }
    let beside = "table.csv-metadata.json";
    assert_eq!(names(folder.path()), ["TABLE.GeoJSON", "table.csv", beside, "table.geojson"]);
    let of_extract = circle(["coverage", harbin_extract().to_str().unwrap()]).ok().out;
    assert!(
        std::fs::read(folder.path().join("table.csv")).unwrap()[3..] == of_extract,
        "extract and city file differ"
    );
    assert_eq!(table(&of_extract).0, COLUMNS);
}

/// A terminal has 24 lines of 80 columns, and a prompt.
#[test]
fn the_summary_fits_a_screen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let wide = |line: &str| line.chars().map(|char| if char >= '\u{1100}' { 2 } else { 1 }).sum::<usize>();
    for rules in ["board", "gb50180", "tdt1062", "mofcom", "complete_community"] {
        let mut run = command();
        let done =
            finish(run.args(["coverage", city(), "--rules", rules, "--sensitivity", "-o"]).arg(&path)).ok();
        assert!((6..=26).contains(&done.err.lines().count()), "{rules}: {}", done.err);
        for line in done.err.lines() {
            assert!(wide(line) <= 80, "{rules}: {} columns: {line}", wide(line));
        }
        let plain = finish(command().args(["coverage", city(), "--rules", rules, "-o"]).arg(&path)).ok();
        assert!(plain.err.lines().count() <= 23, "{rules}: {}", plain.err);
    }
}

/// `circle coverage CITY | head` succeeds.
#[test]
fn a_closed_pipe_is_no_failure() {
    for format in ["csv", "geojson"] {
        let mut run = command();
        run.args(["coverage", city(), "--format", format]);
        let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut begin = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut begin).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{format}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
