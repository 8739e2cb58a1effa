//! `circle build --since`: keys that stay valid in a newer city.

use crate::drawn::{Drawn, rectangle};
use crate::own::at;
use crate::run::{Done, build, campus, circle, command, data, finish, harbin, harbin_extract, info, write};
use circle_model::city::{Finding, FindingKind};
use circle_model::identity::own_key;
use circle_model::{City, CompoundId, FacilityId, GateId};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// `circle build EXTRACT --since OLD -o CITY`.
#[track_caller]
fn build_since(extract: &Path, old: &Path, city: &Path) -> Done {
    let mut run = command();
    finish(run.arg("build").arg(extract).arg("--since").arg(old).arg("-o").arg(city))
}

/// `kept, aliased, new, gone` of a collection.
fn counts(info: &Value, collection: &str) -> [u64; 4] {
    ["kept", "aliased", "new", "gone"].map(|what| info["since"][collection][what].as_u64().unwrap())
}

/// Keys of all compounds by their OSM object: kind and id.
fn compounds(city: &Path) -> HashMap<(String, String), String> {
    let layer = |layer: &str| {
        let (header, rows) = circle(["export", city.to_str().unwrap(), layer, "--format", "csv"]).ok().csv();
        let at =
            ["osm_type", "osm_id", "id"].map(|name| header.iter().position(|column| column == name).unwrap());
        let row = move |row: Vec<String>| {
            let [kind, id, key] = at.map(|at| row[at].clone());
            ((kind, id), key)
        };
        rows.into_iter().map(row).collect::<Vec<_>>()
    };
    layer("compounds").into_iter().chain(layer("compound_points")).collect()
}

fn isochrone(city: &Path, compound: &str) -> Done {
    circle(["isochrone", city.to_str().unwrap(), "--compound", compound, "--minutes", "5"])
}

/// The old city, and a newer extract. Ways are numbered in drawing order: 甲小区 is way 2, then way 5; 乙小区
/// is way 3, then gone.
fn towns(folder: &tempfile::TempDir) -> [PathBuf; 2] {
    let first = rectangle(0, 10, 200, 210);
    let before = Drawn::with_street()
        .way(&first, "landuse=residential name=甲小区")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=乙小区")
        .tag([100, 10], "barrier=gate");
    let after = Drawn::with_street()
        .way(&[[-500, 0], [-500, 100]], "highway=footway")
        .way(&[[-500, 100], [-600, 100]], "highway=footway")
        .way(&[[-600, 100], [-700, 100]], "highway=footway")
        .way(&first, "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate");
    let old = write(folder, "before.osm.pbf", before.pbf());
    let city = folder.path().join("old.circle");
    build(&old, &city).ok();
    [city, write(folder, "after.osm.pbf", after.pbf())]
}

#[test]
fn a_former_key_is_followed_and_a_key_that_is_gone_names_the_nearest_record() {
    let folder = tempfile::tempdir().unwrap();
    let [old, extract] = towns(&folder);
    let city = folder.path().join("new.circle");
    let built = build_since(&extract, &old, &city).ok();
    assert!(built.err.contains("compounds 小区 0 kept, 1 aliased, 0 new, 1 gone"), "{}", built.err);
    let described = info(&city).ok().json();
    assert_eq!(counts(&described, "compounds"), [0, 1, 0, 1]);
    assert_eq!(described["former_keys"]["compounds"], serde_json::json!({ "aliases": 1, "gone": 1 }));
    assert_eq!(described["since"]["edition"], info(&old).ok().json()["edition"]);
    let now = isochrone(&city, "w5").ok();
    let alias = isochrone(&city, "w2").ok();
    assert_eq!(alias.out, now.out);
    assert!(alias.err.contains("w5"), "{}", alias.err);
    let gone = isochrone(&city, "w3");
    assert!(gone.refusal().contains("w5"), "{}", gone.err);
}

#[test]
fn the_output_may_replace_the_old_city() {
    let folder = tempfile::tempdir().unwrap();
    let [old, extract] = towns(&folder);
    let beside = folder.path().join("new.circle");
    build_since(&extract, &old, &beside).ok();
    build_since(&extract, &old, &old).ok();
    assert_eq!(std::fs::read(&old).unwrap(), std::fs::read(&beside).unwrap());
    // A build since itself gives the same bytes, since the map has not changed.
    build_since(&extract, &old, &old).ok();
    assert_eq!(std::fs::read(&old).unwrap(), std::fs::read(&beside).unwrap());
    isochrone(&old, "w2").ok();
}

/// Objects are numbered in drawing order, so two footways drawn before them change the numbers of all later
/// objects.
#[test]
fn corrections_may_name_keys_of_an_earlier_edition() {
    let folder = tempfile::tempdir().unwrap();
    let town = |drawn: Drawn| {
        let drawn = drawn.way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区");
        let drawn = drawn.tag([100, 10], "barrier=gate").tag([300, 20], "amenity=pharmacy name=老药房");
        drawn.tag([500, 20], "amenity=bank name=某银行").pbf()
    };
    let before = write(&folder, "before.osm.pbf", town(Drawn::with_street()));
    let after = Drawn::with_street()
        .way(&[[-500, 0], [-500, 100]], "highway=footway")
        .way(&[[-500, 100], [-600, 100]], "highway=footway");
    let after = write(&folder, "after.osm.pbf", town(after));
    let [old, new, again] = ["old", "new", "again"].map(|name| folder.path().join(format!("{name}.circle")));
    build(&before, &old).ok();
    // Keys of the compound, its gate, the pharmacy and the bank.
    let keys = |city: &Path| {
        let city = City::open(city).unwrap();
        let facilities =
            (0..).zip(city.facilities()).map(|(row, _)| city.facility_key(FacilityId(row)).into_owned());
        let gates = (0..).zip(city.gates()).map(|(row, _)| city.gate_key(GateId(row)).into_owned());
        let all = [city.compound_key(CompoundId(0)).into_owned()].into_iter().chain(gates).chain(facilities);
        all.collect::<Vec<String>>()
    };
    assert_eq!(keys(&old), ["w2", "n10", "n11", "n12"]);
    build(&after, &new).ok();
    assert_eq!(keys(&new), ["w4", "n12", "n13", "n14"]);
    let rows = "renamed,compound,w2,甲花园\nclosed,gate,n10,\nclosed,,n11,\nrenamed,,n12,新银行\n";
    write(&folder, "fix.csv", format!("action,of,target,new_name\n{rows}"));
    let list = "[[source]]\npath = \"fix.csv\"\nlayer = \"corrections\"\n";
    let list = write(&folder, "OWN.toml", list);
    let mut known = Vec::new();
    for (since, city) in [(&old, &new), (&new, &again)] {
        let mut run = command();
        run.arg("build").arg(&after).arg("--own").arg(&list).arg("--since").arg(since).arg("-o").arg(city);
        finish(&mut run).ok();
        known.push(info(city).ok().json()["former_keys"].clone());
        let moved = isochrone(city, "w2").ok();
        assert!(moved.err.contains("w4"), "a renamed compound keeps its alias: {}", moved.err);
        let city = City::open(city).unwrap();
        let is_stale = |finding: &&Finding| finding.kind == FindingKind::CorrectionStale.code();
        let stale = city.findings().iter().find(is_stale).map(|finding| city.text(finding.message));
        assert_eq!(stale, None);
        assert_eq!(city.text(city.compounds()[0].name), "甲花园");
        assert!(city.gates().iter().all(|gate| gate.osm_id == 0));
        let names: Vec<&str> = city.facilities().iter().map(|it| city.text(it.name)).collect();
        assert_eq!(names, ["新银行"]);
    }
    assert_eq!(known[0], known[1], "a second build changes nothing");
}

/// 甲小区 is no longer in the planner's list, and 乙小区 has its id.
#[test]
fn a_reused_own_id_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let extract = write(&folder, "town.osm.pbf", Drawn::with_street().pbf());
    let list = "[[source]]\npath = \"own.csv\"\nlayer = \"compounds\"\ncrs = \"wgs84\"\n";
    let list = write(&folder, "OWN.toml", list);
    let [old, new, again] = ["old", "new", "again"].map(|name| folder.path().join(format!("{name}.circle")));
    let build_own = |rows: [(&str, &str, [i32; 2]); 2], more: &[&Path], city: &Path| {
        let rows = rows.map(|(id, name, place)| format!("{id},{name},{}\n", at(place)));
        write(&folder, "own.csv", format!("编号,名称,经度,纬度\n{}", rows.concat()));
        let mut run = command();
        run.arg("build").arg(&extract).arg("--own").arg(&list).args(more).arg("-o").arg(city);
        finish(&mut run).ok()
    };
    let before = [("C1", "甲小区", [-500, 50]), ("C2", "乙小区", [600, 50])];
    let after = [("C1", "乙小区", [600, 50]), ("C3", "丙小区", [0, 50])];
    build_own(before, &[], &old);
    let [c1, c2] = ["C1", "C2"].map(|id| own_key("compounds", id));
    let warning = format!("compounds {c1}: 甲小区 is now 乙小区, ");
    let since: &Path = "--since".as_ref();
    let built = build_own(after, &[since, &old], &new);
    for words in
        ["compounds 小区 0 kept, 1 aliased, 1 new, 0 gone, 1 reused", "2 keys reused", warning.as_str()]
    {
        assert!(built.err.contains(words), "{words}: {}", built.err);
    }
    let described = info(&new).ok().json();
    let listed = described["since"]["reused"].as_array().unwrap();
    // Each compound has one gate, whose key begins with the compound's key.
    let keys = [("compounds", c1.clone()), ("gates", format!("{c1}.s"))];
    for (reused, (collection, key)) in listed.iter().zip(keys) {
        assert_eq!(counts(&described, collection), [0, 1, 1, 0], "{collection}");
        assert_eq!(described["since"][collection]["reused"], 1, "{collection}");
        assert_eq!([&reused["collection"], &reused["key"]], [collection, key.as_str()]);
        let metres = reused["distance_metres"].as_u64().unwrap();
        assert!((1_090..1_110).contains(&metres), "{metres}");
    }
    assert_eq!(listed.len(), 2);
    // The key of 乙小区 leads to its present key.
    let moved = isochrone(&new, &c2).ok();
    assert!(moved.err.contains(&c1), "{}", moved.err);
    assert_eq!(moved.out, isochrone(&new, &c1).ok().out);
    let quiet = build_own(after, &["-q".as_ref(), since, &old], &again);
    assert!(quiet.err.contains(&warning) && !quiet.err.contains("kept"), "{}", quiet.err);
    assert_eq!(std::fs::read(&again).unwrap(), std::fs::read(&new).unwrap());
    // A build since the new city reuses no keys.
    build_own(after, &[since, &new], &again);
    assert_eq!(
        std::fs::read(&again).unwrap(),
        std::fs::read(&new).unwrap(),
        "a second build changes nothing"
    );
}

#[test]
fn an_unusable_old_city_is_rejected_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let [old, extract] = towns(&folder);
    let city = folder.path().join("new.circle");
    let none = folder.path().join("none.circle");
    assert!(build_since(&extract, &none, &city).refusal().contains("none.circle"));
    assert!(build_since(&extract, &extract, &city).refusal().contains("not a city file"));
    // Byte 8 is part of the version number.
    let mut bytes = std::fs::read(&old).unwrap();
    bytes[8] -= 1;
    let other = write(&folder, "other.circle", bytes);
    assert!(build_since(&extract, &other, &city).refusal().contains("version"));
    assert!(build_since(&extract, campus(), &city).refusal().contains("does not overlap"));
    assert!(!city.exists());
}

/// Of the 94 compounds of 2017, 73 are the same OSM object in 2024. 闽江小区 was way 466001745 and is
/// relation 8154608, about 16 m away. The other 20 have neither an object nor a name in 2024.
#[test]
fn keys_of_harbin_of_2017_answer_in_that_of_2024() {
    let folder = tempfile::tempdir().unwrap();
    let [old, city, again] =
        ["2017", "2024", "again"].map(|name| folder.path().join(format!("{name}.circle")));
    build(&data("harbin-2017.osm.pbf"), &old).ok();
    build_since(&harbin_extract(), &old, &city).ok();
    let [before, after] = [&old, &city].map(|city| compounds(city));
    let both: Vec<_> = before.keys().filter(|object| after.contains_key(*object)).collect();
    assert_eq!((before.len(), both.len()), (94, 73));
    for object in both {
        assert_eq!(before[object], after[object], "{object:?}");
    }
    assert_eq!(after, compounds(harbin()), "keys do not depend on an earlier city");
    let described = info(&city).ok().json();
    let [kept, aliased, new, gone] = counts(&described, "compounds");
    assert_eq!([kept, aliased, gone], [73, 1, 20]);
    assert_eq!(new as usize, after.len() - 74);
    let earlier = info(&old).ok().json();
    let total = |collection: &str| match &earlier[collection] {
        Value::Object(parts) => parts.values().map(|part| part.as_u64().unwrap()).sum::<u64>(),
        count => count.as_u64().unwrap(),
    };
    // Facilities are left out: `info` counts them once per category.
    for collection in ["compounds", "gates", "units", "buildings", "candidates"] {
        let [kept, aliased, _, gone] = counts(&described, collection);
        assert_eq!(kept + aliased + gone, total(collection), "{collection}");
        let former = &described["former_keys"][collection];
        assert_eq!([&former["aliases"], &former["gone"]], [aliased, gone], "{collection}");
    }
    let moved = isochrone(&city, "w466001745").ok();
    assert!(moved.err.contains("r8154608"), "{}", moved.err);
    assert_eq!(moved.out, isochrone(&city, "r8154608").ok().out);
    // 警校小区, way 338425213, no longer exists.
    let refusal = isochrone(&city, "w338425213");
    assert!(refusal.refusal().contains("w338425213"), "{}", refusal.err);
    build_since(&harbin_extract(), &city, &again).ok();
    assert_eq!(
        std::fs::read(&again).unwrap(),
        std::fs::read(&city).unwrap(),
        "a second build changes nothing"
    );
}
