//! `circle serve CITY --before OLD`: the earlier city, the changes, and both walks.

use crate::drawn::{Drawn, rectangle};
use crate::run::{build, circle, data, harbin, write};
use crate::server::{Server, encoded, until};
use circle_server::testing::check_answer;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A town with a clinic far from its compound, and others at some places.
fn town(folder: &tempfile::TempDir, name: &str, clinics: &[([i32; 2], &str)]) -> PathBuf {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
        .way(&[[1000, 0], [1000, 1500]], "highway=residential name=Far")
        .tag([1000, 1490], "amenity=clinic name=远诊所");
    let tagged =
        |town: Drawn, (at, name): &([i32; 2], &str)| town.tag(*at, &format!("amenity=clinic name={name}"));
    let extract = write(folder, &format!("{name}.osm.pbf"), clinics.iter().fold(town, tagged).pbf());
    let city = folder.path().join(format!("{name}.circle"));
    build(&extract, &city).ok();
    city
}

fn serving(city: &Path, before: &Path) -> Server {
    Server::start_with(city, &["--before", before.to_str().unwrap()])
}

#[test]
fn the_earlier_city_stays_when_the_served_one_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let [none, one] = [town(&folder, "none", &[]), town(&folder, "one", &[([300, 10], "近诊所")])];
    let city = folder.path().join("city.circle");
    std::fs::copy(&one, &city).unwrap();
    let server = serving(&city, &none);
    let changes = format!("/api/changes?as_mapped=true&line={}", encoded("卫生室"));
    let before = server.json("/api/before");
    let gained = server.get(&changes);
    assert_eq!(gained.json()["counts"]["gained"], 1);
    assert_eq!(gained.json()["compounds"][0]["cause"], "facility_new");
    assert_eq!(gained.json()["before"]["edition"], before["before"]["edition"]);
    let next = folder.path().join("next.circle");
    std::fs::copy(&none, &next).unwrap();
    std::fs::rename(&next, &city).unwrap();
    server.signal("-HUP");
    until("the city without a clinic", || server.json(&changes)["counts"]["gained"] == 0);
    let now = server.json("/api/before");
    assert_eq!(now["before"], before["before"]);
    assert_eq!(now["edition"], before["before"]["edition"]);
    assert_ne!(server.get(&changes).must("etag"), gained.must("etag"));
    assert_eq!(server.json(&changes)["compounds"].as_array().unwrap().len(), 0);
}

#[test]
fn a_shorter_walk_has_both_walks() {
    let folder = tempfile::tempdir().unwrap();
    let (far, near) = (([600, 10], "康乐诊所"), ([300, 10], "近诊所"));
    let [far, near] = [town(&folder, "far", &[far]), town(&folder, "near", &[far, near])];
    let server = serving(&near, &far);
    let path = format!("/api/changes?as_mapped=true&line={}", encoded("卫生室"));
    let answer = server.json(&path);
    assert_eq!((&answer["counts"]["unchanged"], &answer["counts"]["gained"]), (&1.into(), &0.into()));
    let compound = &answer["compounds"][0];
    let words = ["verdict_before", "verdict_after"].map(|name| compound[name].as_str().unwrap());
    assert_eq!(words, ["covered", "covered"]);
    for (when, at_before) in [("before", true), ("after", false)] {
        let [gate, facility] =
            ["gate", "facility"].map(|what| compound[format!("{what}_{when}")].as_str().unwrap());
        let path = format!("/api/explain?gate={gate}&facility={facility}&at_before={at_before}");
        let walk = server.json(&path);
        assert_eq!(walk["walk"]["walk_seconds"], compound[format!("seconds_{when}")], "{path}");
    }
    let seconds = ["before", "after"].map(|when| compound[format!("seconds_{when}")].as_f64().unwrap());
    assert!(seconds[1] < seconds[0] - 100.0, "{seconds:?}");
}

#[test]
fn a_city_elsewhere_is_refused() {
    let elsewhere = data("beijing-bupt.osm.pbf");
    let (city, before) = (harbin().to_str().unwrap(), elsewhere.to_str().unwrap());
    let done = circle(["serve", city, "--before", before, "--listen", "127.0.0.1:0"]);
    assert!(done.refusal().contains("do not overlap"), "{}", done.err);
}

/// The verdicts that changed are those of `circle compare`, with its causes.
#[test]
fn changes_of_harbin_equal_those_of_the_command() {
    let old = data("harbin-2017.osm.pbf");
    let (header, rows) = circle(["compare", old.to_str().unwrap(), harbin().to_str().unwrap()]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let server = serving(harbin(), &old);
    check_answer("/api/before", &server.get("/api/before").body).unwrap();
    let before = server.json("/api/before")["before"]["data_date"].as_str().unwrap().to_owned();
    assert!(before.starts_with("2017-12-26"), "{before}");
    let lines: BTreeSet<&str> = rows.iter().map(|row| row[at("category")].as_str()).collect();
    let mut turns: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let path = format!("/api/changes?line={}", encoded(line));
        let answer = server.get(&path);
        check_answer(&path, &answer.body).unwrap_or_else(|what| panic!("{path}: {what}"));
        let answer = answer.json();
        let of_command: BTreeSet<[&str; 5]> = rows
            .iter()
            .filter(|row| row[at("category")] == line)
            .map(|row| {
                let id = [&row[at("compound_id_after")], &row[at("compound_id_before")]];
                let id = id.into_iter().find(|id| !id.is_empty()).unwrap();
                let [was, is] = [&row[at("verdict_before")], &row[at("verdict")]];
                [id, was, is, &row[at("cause")], &row[at("compound_name")]].map(String::as_str)
            })
            .collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let changed = answer["compounds"].as_array().unwrap();
        let of_server: Vec<[String; 5]> = changed
            .iter()
            .filter(|it| it["verdict_before"] != it["verdict_after"])
            .map(|it| ["id", "verdict_before", "verdict_after", "cause", "name"].map(|name| text(&it[name])))
            .collect();
        assert_eq!(of_server.len(), of_command.len(), "{line}");
        for row in &of_server {
            assert!(of_command.contains(&row.each_ref().map(String::as_str)), "{line}: {row:?}");
        }
        let counts = answer["counts"].as_object().unwrap();
        let changes: u64 =
            counts.iter().filter(|(name, _)| *name != "unchanged").map(|(_, it)| it.as_u64().unwrap()).sum();
        assert_eq!(changes as usize, of_server.len(), "{line}: {counts:?}");
        for (name, count) in counts {
            *turns.entry(name.clone()).or_default() += count.as_u64().unwrap() as usize;
        }
        for side in ["gained", "lost"] {
            let range = answer["residents"][side].as_array().unwrap();
            assert!(range[0].as_u64().unwrap() <= range[1].as_u64().unwrap(), "{line}: {range:?}");
        }
    }
    assert!(turns["gained"] > 30 && turns["new"] > 5000 && turns["unchanged"] > 100, "{turns:?}");
}
