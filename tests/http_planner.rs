//! The endpoints of the planner's page: the same figures as in the outputs of the commands.

use crate::run::{COMPOUND, circle, harbin};
use crate::server::{Server, encoded};
use serde_json::Value;
use std::collections::BTreeMap;

/// Rows of the coverage table, by compound and category.
fn long_table(csv: &str) -> BTreeMap<(String, String), BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| ((row["compound_id"].clone(), row["category"].clone()), row)).collect()
}

#[test]
fn verdicts_by_column_equal_those_of_the_table() {
    let server = Server::start(harbin());
    let csv = circle(["coverage", harbin().to_str().unwrap(), "--rules", "gb50180"]).ok().text().to_owned();
    let table = long_table(&csv);
    let verdicts = server.json("/api/verdicts?rules=gb50180");
    let compounds = verdicts["compounds"].as_u64().unwrap() as usize;
    let ids: Vec<&str> =
        verdicts["compound_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(ids.len(), compounds);
    let lines = verdicts["lines"].as_array().unwrap();
    assert!(compounds > 1600 && lines.len() > 60);
    for line in lines {
        let category = line["category"].as_str().unwrap();
        let letters = line["verdicts"].as_str().unwrap().as_bytes();
        for compound in 0..compounds {
            let row = &table[&(ids[compound].to_owned(), category.to_owned())];
            let at = |list: &str| &line[list][compound];
            let letter = row["verdict"].bytes().next().unwrap_or(b'-');
            assert_eq!(letters[compound], letter, "{category} {compound}");
            assert_eq!(at("reasons").as_str().unwrap(), row["reason"]);
            let seconds = at("walk_seconds").as_f64();
            assert_eq!(seconds, row["walk_seconds"].parse().ok(), "{category} {compound}");
            let nearest = at("nearest_facility_ids").as_str();
            assert_eq!(nearest.unwrap_or_default(), row["nearest_facility_id"]);
            if let Some(id) = nearest {
                let name = verdicts["facilities"][id].as_str().unwrap_or_default();
                assert_eq!(name, row["nearest_facility_name"]);
            }
            assert_eq!(at("counts").to_string(), row["count_15min"]);
        }
    }
}

#[test]
fn a_single_line_equals_that_line_of_the_whole_table() {
    let server = Server::start(harbin());
    let csv = |path: &str| String::from_utf8(server.get(path).body).unwrap();
    let whole = csv("/api/coverage?format=csv");
    let line = csv("/api/coverage?format=csv&line=park");
    let of_line: Vec<&str> = whole.lines().filter(|row| row.contains(",park,")).collect();
    assert_eq!(line.lines().skip(1).collect::<Vec<_>>(), of_line);
    let units = csv("/api/coverage?format=csv&by=district");
    let of_units = csv("/api/coverage?format=csv&by=district&line=all");
    let all: Vec<&str> = units.lines().filter(|row| row.contains(",all,")).collect();
    assert!(all.len() >= 5);
    assert_eq!(of_units.lines().skip(1).collect::<Vec<_>>(), all);
    let features = server.json("/api/coverage?by=district&line=park");
    for feature in features["features"].as_array().unwrap() {
        let lines = feature["properties"]["coverage"].as_object().unwrap();
        assert_eq!(lines.keys().collect::<Vec<_>>(), ["park"]);
    }
    for path in ["/api/coverage?line=nope", "/api/coverage?by=district&line=nope"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 400, "{path}");
        let choices = answer.json()["choices"].as_array().unwrap().clone();
        assert!(choices.contains(&Value::from("park")), "{path}");
    }
}

#[test]
fn downloads_equal_the_files_of_the_command() {
    let server = Server::start(harbin());
    let folder = tempfile::tempdir().unwrap();
    for format in ["csv", "geojson", "xlsx", "gpkg", "parquet"] {
        let path = folder.path().join(format!("coverage.{format}"));
        circle(["coverage", harbin().to_str().unwrap(), "-o", path.to_str().unwrap()]).ok();
        let answer = server.get(&format!("/api/coverage?format={format}&download=true"));
        assert_eq!(answer.status, 200, "{format}");
        let name = format!("attachment; filename=\"coverage-board-adult.{format}\"");
        assert_eq!(answer.must("content-disposition"), name);
        assert!(answer.body == std::fs::read(&path).unwrap(), "{format}: not the command's file");
    }
    let compound = encoded(COMPOUND);
    assert_eq!(server.get(&format!("/api/coverage?format=xlsx&compound={compound}")).status, 400);
}

#[test]
fn findings_equal_those_of_the_report() {
    let server = Server::start(harbin());
    let csv = circle(["check", harbin().to_str().unwrap()]).ok();
    let table = String::from_utf8(server.get("/api/quality?format=csv").body).unwrap();
    assert_eq!(table, csv.text());
    let findings = server.json("/api/quality");
    let features = findings["features"].as_array().unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
    assert_eq!(features.len(), rows.len());
    for (format, begin) in [("xlsx", b"PK\x03\x04"), ("gpkg", b"SQLi"), ("parquet", b"PAR1")] {
        let file = server.get(&format!("/api/quality?format={format}&download=true"));
        assert!(file.status == 200 && file.body.starts_with(begin), "{format}");
    }
    for (feature, row) in features.iter().zip(&rows) {
        for key in ["severity", "kind", "id", "name", "message"] {
            assert_eq!(feature["properties"][key], Value::from(row[key].as_str()));
        }
        let lon = feature["geometry"]["coordinates"][0].as_f64();
        assert_eq!(lon, row["lon"].parse().ok());
    }
}

#[test]
fn every_named_compound_has_pinyin() {
    let server = Server::start(harbin());
    let names = server.json("/api/names")["compounds"].as_array().unwrap().clone();
    let named = ["compounds", "compound_points"].map(|collection| {
        let path = format!("/api/collections/{collection}/items?generated_name=false&limit=10000");
        server.json(&path)["features"].as_array().unwrap().len()
    });
    assert_eq!(names.len(), named.iter().sum::<usize>());
    let compound = names.iter().find(|it| it["name"] == COMPOUND).unwrap();
    assert!(compound["pinyin"].as_str().unwrap().starts_with("rong yao shi ji xiao qu"));
}

#[test]
fn the_drawn_walk_equals_the_listed_walk() {
    let server = Server::start(harbin());
    let compound = encoded(COMPOUND);
    let reach = server.json(&format!("/api/reach?compound={compound}&minutes=15"));
    let facilities = reach["features"].as_array().unwrap();
    assert!(facilities.len() > 100);
    for facility in facilities {
        let of = &facility["properties"];
        let id = of["id"].as_str().unwrap();
        let walk = server.json(&format!("/api/explain?compound={compound}&facility={id}"));
        assert_eq!(walk["walk"]["walk_seconds"], of["walk_seconds"], "{id}");
        assert_eq!(walk["walk"]["walk_metres"], of["walk_metres"], "{id}");
        let ends = |feature: &Value, last: bool| {
            let line = feature["geometry"]["coordinates"].as_array().unwrap().clone();
            if last { line[line.len() - 1].clone() } else { line[0].clone() }
        };
        let parts = walk["features"].as_array().unwrap();
        for two in parts.windows(2) {
            assert_eq!(ends(&two[0], true), ends(&two[1], false), "{id}: a gap in the line");
        }
    }
    let unknown = server.get(&format!("/api/explain?compound={compound}&facility=999999"));
    assert_eq!(unknown.status, 404);
    let of = format!("compound={compound}");
    let to = format!("facility={}", facilities[0]["id"].as_str().unwrap());
    for wrong in [of.clone(), format!("from=126.6,45.7&{of}&{to}"), format!("{of}&{to}&to=126,45")] {
        assert_eq!(server.get(&format!("/api/explain?{wrong}")).status, 400, "{wrong}");
    }
}
