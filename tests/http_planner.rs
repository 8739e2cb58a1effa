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
        // 哈尔滨-小区-导视图五类, or 哈尔滨-全市-… for a file of all levels.
        let level = if ["xlsx", "gpkg"].contains(&format) { "quanshi" } else { "xiaoqu" };
        let name = answer.must("content-disposition");
        let ascii = format!("attachment; filename=\"haerbin-{level}-daoshituwulei-2024-04-09.{format}\"; ");
        assert!(name.starts_with(&ascii), "{name}");
        let coded = name.split_once("filename*=UTF-8''").unwrap().1;
        assert!(coded.starts_with("%E5%93%88%E5%B0%94%E6%BB%A8-") && coded.ends_with(format), "{name}");
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

/// The gates of the survey list's compounds, in its order.
#[test]
fn gates_to_survey_are_those_of_the_survey_list() {
    let server = Server::start(harbin());
    let list = circle(["coverage", harbin().to_str().unwrap(), "--table", "survey"]).ok();
    let (header, rows) = list.csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let survey = server.json("/api/survey?limit=1000");
    let gates = survey["features"].as_array().unwrap();
    assert_eq!(gates.len(), 1000);
    let mut compounds: Vec<(&str, usize)> = Vec::new();
    for gate in gates {
        let of = &gate["properties"];
        let compound = of["compound_id"].as_str().unwrap();
        match compounds.last_mut() {
            Some((last, count)) if *last == compound => *count += 1,
            _ => compounds.push((compound, 1)),
        }
        let row = &rows[compounds.len() - 1];
        assert_eq!(compound, row[at("compound_id")]);
        assert_eq!(of["people"].as_u64(), row[at("residents")].parse().ok());
        assert_eq!(of["lines"].as_array().unwrap().len().to_string(), row[at("verdicts")]);
        assert_eq!(gate["id"], of["id"]);
    }
    // The last compound may be cut off.
    for ((compound, count), row) in compounds.iter().zip(&rows).rev().skip(1) {
        assert_eq!(count.to_string(), row[at("gates")], "{compound}");
    }
    let first = server.json("/api/survey?limit=3");
    assert_eq!(first["features"].as_array().unwrap().as_slice(), &gates[..3]);
    let units = server.json("/api/collections/units/items?name=%E9%81%93%E9%87%8C%E5%8C%BA");
    let unit = units["features"][0]["id"].as_str().unwrap();
    let within = server.json(&format!("/api/survey?limit=1000&unit={unit}"));
    assert_eq!(within["statement"]["within"], "道里区");
    let of_unit = |row: &&Vec<String>| row[at("district")] == "道里区";
    let ids: Vec<&str> = rows.iter().filter(of_unit).map(|row| row[at("compound_id")].as_str()).collect();
    let found = within["features"].as_array().unwrap();
    assert!(!found.is_empty());
    for gate in found {
        assert!(ids.contains(&gate["properties"]["compound_id"].as_str().unwrap()), "{gate}");
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
