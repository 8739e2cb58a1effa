//! `circle compare`: changed verdicts and their causes.

use crate::drawn::{Drawn, rectangle};
use crate::run::{circle, command, data, finish, harbin, write};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

fn town() -> Drawn {
    Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
        .way(&[[1000, 0], [1000, 1500]], "highway=residential name=Far")
        .tag([1000, 1490], "amenity=clinic name=远诊所")
}

/// `change cause` of one line of 甲小区.
fn change(before: &Drawn, after: &Drawn, category: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let before = write(&folder, "before.osm.pbf", before.pbf());
    let after = write(&folder, "after.osm.pbf", after.pbf());
    let rules = "id = \"drawn\"\nzh = \"试\"\nminutes = 15\n[[line]]\nzh = \"诊所\"\nany_of = [\"clinic\"]\n";
    let rules = write(&folder, "rules.toml", rules);
    let mut run = command();
    // A drawn town has no residents, so no facility is expected, and completeness is unknown.
    run.arg("compare").arg(before).arg(after).arg("--rules").arg(rules).arg("--as-mapped");
    let (header, rows) = finish(&mut run).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let found =
        rows.iter().filter(|row| row[at("compound_name")] == "甲小区" && row[at("category")] == category);
    let found: Vec<String> = found.map(|row| format!("{} {}", row[at("change")], row[at("cause")])).collect();
    found.join("; ")
}

#[test]
fn a_changed_verdict_has_a_cause() {
    let near = || town().tag([300, 10], "amenity=clinic name=近诊所");
    assert_eq!(change(&town(), &town(), "clinic"), "");
    assert_eq!(change(&town(), &near(), "clinic"), "gained facility_new");
    assert_eq!(change(&near(), &town(), "clinic"), "lost facility_gone");
    let pharmacy = town().tag([300, 10], "amenity=pharmacy name=康乐");
    let clinic = town().tag([300, 10], "amenity=clinic name=康乐");
    assert_eq!(change(&pharmacy, &clinic, "clinic"), "gained facility_counts_now");
    assert_eq!(change(&clinic, &pharmacy, "clinic"), "lost facility_counts_no_more");
    let new = Drawn::with_street().tag([300, 10], "amenity=clinic name=近诊所");
    assert_eq!(change(&near(), &new, "clinic"), "compound_gone compound");
    assert_eq!(change(&new, &near(), "clinic"), "compound_new compound");
}

#[test]
fn a_new_way_and_a_new_gate_are_different_causes() {
    // The clinic lies behind a railway, and the detour is long.
    let town = || {
        Drawn::with_street()
            .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
            .tag([100, 10], "barrier=gate")
            .way(&[[-1000, 300], [0, 300], [100, 300], [1000, 300]], "highway=residential name=North")
            .way(&[[1000, 0], [1000, 300]], "highway=residential name=East")
            .way(&[[-1000, 250], [990, 250]], "railway=rail")
            .tag([100, 310], "amenity=clinic name=北诊所")
    };
    let bridge = town().way(&[[0, 0], [0, 300]], "highway=footway bridge=yes");
    assert_eq!(change(&town(), &bridge, "clinic"), "gained ways");
    assert_eq!(change(&bridge, &town(), "clinic"), "lost ways");
    let gate =
        town().way(&[[100, 210], [100, 300]], "highway=footway bridge=yes").tag([100, 210], "barrier=gate");
    assert_eq!(change(&town(), &gate, "clinic"), "gained gate_new");
    assert_eq!(change(&gate, &town(), "clinic"), "lost gate_gone");
}

#[test]
fn a_facility_that_moved_opened_or_closed_is_the_cause() {
    let clinic = |at: [i32; 2], hours: &str| town().tag(at, &format!("amenity=clinic name=康乐{hours}"));
    // The clinic is the same node in both towns: nodes are numbered in drawing order.
    assert_eq!(change(&clinic([1000, 1400], ""), &clinic([300, 10], ""), "clinic"), "gained facility_moved");
    let closed = |tag: &str| {
        Drawn::with_street()
            .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
            .tag([100, 10], "barrier=gate")
            .way(&rectangle(400, 10, 600, 310), &format!("landuse=residential {tag} name=乙小区"))
            .way(&[[500, 0], [500, 200], [500, 350]], "highway=service")
            .way(&[[500, 350], [700, 350]], "highway=residential name=Behind")
            .tag([700, 355], "amenity=clinic name=康乐")
            // A facility near the compound, so that its residents are not shut in.
            .tag([300, 8], "shop=supermarket name=超市")
    };
    let (open, shut) = (closed("residential=open access=yes"), closed("residential=gated"));
    assert_eq!(change(&shut, &open, "clinic"), "gained opened");
    assert_eq!(change(&open, &shut, "clinic"), "lost closed");
}

/// Ids in own tables often count from 1, so the same id in another file may be another compound.
#[test]
fn an_own_id_pairs_compounds_only_with_the_same_name_or_place() {
    let folder = tempfile::tempdir().unwrap();
    let town = Drawn::with_street().tag([300, 10], "amenity=clinic name=康乐");
    let extract = write(&folder, "town.osm.pbf", town.pbf());
    let city = |name: &str, rows: &str| {
        write(&folder, "own.csv", format!("编号,小区名称,经度,纬度\n{rows}"));
        let own = "[[source]]\npath = \"own.csv\"\nlayer = \"compounds\"\ncrs = \"wgs84\"\n";
        let own = write(&folder, "OWN.toml", own);
        let city = folder.path().join(name);
        let mut build = command();
        build.arg("build").arg(&extract).arg("--own").arg(own).arg("-o").arg(&city);
        finish(&mut build).ok();
        city
    };
    let row = |id: u32, name: &str, at: [i32; 2]| {
        let [lon, lat] = crate::drawn::degrees(at);
        format!("{id},{name},{lon:.7},{lat:.7}\n")
    };
    let before = city("before.circle", &row(1, "甲院", [-900, 30]));
    let after = city("after.circle", &(row(1, "乙院", [900, 30]) + &row(2, "甲院", [-900, 30])));
    let mut run = command();
    let (header, rows) = finish(run.arg("compare").arg(before).arg(after)).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let of = |name: &str| {
        let rows = rows.iter().filter(|row| row[at("compound_name")] == name);
        rows.map(|row| row[at("change")].clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert!(of("甲院").is_empty(), "{rows:?}");
    assert_eq!(of("乙院"), ["compound_new".to_owned()].into());
}

#[test]
fn cities_that_do_not_overlap_are_not_compared() {
    let done =
        circle(["compare", harbin().to_str().unwrap(), data("beijing-bupt.osm.pbf").to_str().unwrap()]);
    assert!(done.refusal().contains("do not overlap"), "{}", done.err);
}

#[test]
fn changes_of_harbin_from_2017_to_2024_equal_the_difference_of_two_tables() {
    let old = data("harbin-2017.osm.pbf");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.csv");
    let mut run = command();
    run.arg("compare").arg(&old).arg(harbin()).arg("-o").arg(&path);
    let done = finish(&mut run).ok();
    assert!(done.err.contains("2017-12-26") && done.err.contains("2024-04-09"), "{}", done.err);
    let (header, rows) = crate::run::table(&std::fs::read(&path).unwrap());
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    // The changes are recomputed from the two coverage tables.
    let verdicts = |city: &std::path::Path| -> HashMap<(String, String), (String, String)> {
        let (_, rows) = circle(["coverage", city.to_str().unwrap()]).ok().csv();
        let judged = rows.into_iter().filter(|row| !row[18].is_empty());
        judged.map(|row| ((row[0].clone(), row[18].clone()), (row[12].clone(), row[1].clone()))).collect()
    };
    let (before, after) = (verdicts(&old), verdicts(harbin()));
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let line = row[at("line")].clone();
        let side = |table: &HashMap<(String, String), (String, String)>, id: &str| {
            table.get(&(row[at(id)].clone(), line.clone())).map(|(verdict, _)| verdict.clone())
        };
        let [was, is] = [side(&before, "compound_id_before"), side(&after, "compound_id_after")];
        assert_eq!(was.clone().unwrap_or_default(), row[at("verdict_before")], "{row:?}");
        assert_eq!(is.clone().unwrap_or_default(), row[at("verdict")], "{row:?}");
        let turn = match (was.as_deref(), is.as_deref()) {
            (None, Some(_)) => "compound_new",
            (Some(_), None) => "compound_gone",
            (Some("gap"), Some("covered")) => "gained",
            (Some("covered"), Some("gap")) => "lost",
            (Some(_), Some("unknown")) => "became_unknown",
            (Some("unknown"), Some(_)) => "became_known",
            other => panic!("no change: {other:?} {row:?}"),
        };
        assert_eq!(row[at("change")], turn);
        *turns.entry(turn).or_default() += 1;
        assert!(!row[at("cause")].is_empty());
    }
    // Both kinds of rows occur: changed compounds, and compounds in one city only.
    let pairs = rows
        .iter()
        .filter(|row| !row[at("compound_id_before")].is_empty() && !row[at("compound_id_after")].is_empty());
    assert!(turns["gained"] > 30 && turns["compound_new"] > 5000, "{turns:?}");
    assert!(pairs.count() > 100);
    let beside: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("changes.csv-metadata.json")).unwrap())
            .unwrap();
    let statement = &beside["notes"][0]["statement"];
    assert_eq!(statement["inputs"].as_array().unwrap().len(), 1);
    // The newest object of the extract is a relation; the newest way is of 09:53:26 (osmium).
    assert_eq!(statement["compared_with"]["data_date"], "2017-12-26T16:44:06Z");
    assert_eq!(statement["compared_with"]["inputs"][0]["name"], "harbin-2017.osm.pbf");
}

#[test]
fn comparing_a_city_with_itself_gives_no_rows() {
    let (header, rows) =
        circle(["compare", harbin().to_str().unwrap(), harbin().to_str().unwrap()]).ok().csv();
    assert_eq!((header.len(), rows.len()), (18, 0));
}
