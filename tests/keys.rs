//! Keys of records: how they are made, and what they do not depend on.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::objects::{self, Object, What};
use crate::own::{Planner, at};
use crate::run::{command, data, finish, harbin, harbin_extract, project, write};
use circle_model::city::{GateProvenance, KeyOf};
use circle_model::identity::{may_be_key, own_key};
use circle_model::{City, Point};
use std::collections::BTreeMap;
use std::path::Path;

/// Place of the record of every key, and names of compounds.
type Keys = BTreeMap<(KeyOf, String), (Point, String)>;

/// All keys of a city except those of units, whose outlines end at the edge of the extract. Asserts that each
/// is valid and unique.
#[track_caller]
fn keys(city: &City) -> Keys {
    let mut keys = Keys::new();
    for of in KeyOf::ALL.iter().copied() {
        for row in 0..city.count_of(of) {
            let key = city.key_of(of, row).into_owned();
            assert!(may_be_key(&key), "{} {row}: `{key}`", of.word());
            let name = match of {
                KeyOf::Compound => city.text(city.compounds()[row as usize].name).to_owned(),
                _ => String::new(),
            };
            let known = keys.insert((of, key.clone()), (city.point_of(of, row), name));
            assert!(known.is_none(), "two {} have the key {key}", of.word());
        }
    }
    keys.retain(|(of, _), _| *of != KeyOf::Unit);
    assert!(!keys.is_empty());
    keys
}

fn keys_of(keys: &Keys, of: KeyOf) -> Vec<&str> {
    keys.keys().filter(|(kind, _)| *kind == of).map(|(_, key)| key.as_str()).collect()
}

/// The city built from these objects.
fn city_of(objects: &[Object]) -> City {
    let folder = tempfile::tempdir().unwrap();
    let extract = write(&folder, "objects.osm.pbf", objects::written(objects));
    built(&extract, &[], "2")
}

fn built(extract: &Path, more: &[&str], threads: &str) -> City {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.circle");
    let mut build = command();
    build.env("RAYON_NUM_THREADS", threads).arg("build").arg(extract).args(more).arg("-o").arg(&path);
    finish(&mut build).ok();
    City::open(&path).unwrap()
}

fn demo() -> String {
    project("data/own/harbin/DEMO.toml").to_str().unwrap().to_owned()
}

#[test]
fn keys_do_not_depend_on_the_order_of_objects_in_the_extract() {
    for name in ["beijing-bupt.osm.pbf", "harbin-2017.osm.pbf"] {
        let objects = objects::read(&data(name));
        let expected = keys(&city_of(&objects));
        assert!(keys_of(&expected, KeyOf::Gate).len() > 5, "{name}");
        for seed in [7, 18] {
            let mixed = objects::shuffled(objects.clone(), seed);
            assert!(keys(&city_of(&mixed)) == expected, "{name}, seed {seed}");
        }
    }
}

#[test]
fn keys_do_not_depend_on_the_number_of_threads() {
    let own = demo();
    let [one, many] =
        ["1", "7"].map(|threads| keys(&built(&harbin_extract(), &["--own", own.as_str()], threads)));
    assert!(one == many);
}

#[test]
fn keys_and_names_do_not_depend_on_objects_far_away() {
    let objects = objects::read(&data("beijing-bupt.osm.pbf"));
    let expected = keys(&city_of(&objects));
    // An unnamed compound, a gate of it, a street and a clinic 20 km to the north, drawn before all others.
    let at = |x: i64, y: i64| What::Node([1_163_500_000 + x, 401_500_000 + y]);
    let mut more = vec![
        Object::new(1, &[], at(0, 0)),
        Object::new(2, &[("barrier", "gate")], at(20_000, 0)),
        Object::new(3, &[], at(20_000, 20_000)),
        Object::new(4, &[], at(0, 20_000)),
        Object::new(5, &[], at(-50_000, -2_000)),
        Object::new(6, &[], at(50_000, -2_000)),
        Object::new(7, &[("amenity", "clinic"), ("name", "远诊所")], at(5_000, -3_000)),
    ];
    more.extend(objects.iter().filter(|object| matches!(object.what, What::Node(_))).cloned());
    more.push(Object::new(1, &[("landuse", "residential")], What::Way(vec![1, 2, 3, 4, 1])));
    more.push(Object::new(2, &[("highway", "residential"), ("name", "远街")], What::Way(vec![5, 6])));
    more.extend(objects.into_iter().filter(|object| !matches!(object.what, What::Node(_))));
    let mut found = keys(&city_of(&more));
    for (of, key) in [(KeyOf::Compound, "w1"), (KeyOf::Gate, "n2"), (KeyOf::Facility, "n7")] {
        assert!(found.remove(&(of, key.to_owned())).is_some(), "{key}");
    }
    assert!(found == expected);
}

#[test]
fn keys_of_a_tile_are_those_of_the_whole() {
    let objects = objects::read(&harbin_extract());
    let tile = objects::cut(&objects, [126.58, 45.70, 126.68, 45.78]);
    assert!(tile.len() * 2 < objects.len());
    // The inner part of the tile: a walk of 15 minutes from there stays in the tile.
    let well_inside = |keys: Keys| -> Keys {
        let inside = |point: Point| {
            let place = point.lon_lat();
            (126.60..126.66).contains(&place.lon) && (45.714..45.766).contains(&place.lat)
        };
        keys.into_iter().filter(|(_, (point, _))| inside(*point)).collect()
    };
    let (whole, part) = (well_inside(keys(&city_of(&objects))), well_inside(keys(&city_of(&tile))));
    let beyond = |a: &Keys, b: &Keys| {
        a.iter().filter(|(key, value)| b.get(key) != Some(value)).map(|(key, _)| key.1.clone()).collect()
    };
    let (missing, added): (Vec<String>, Vec<String>) = (beyond(&whole, &part), beyond(&part, &whole));
    assert!(missing.is_empty() && added.is_empty(), "missing {missing:?}, added {added:?}");
    for (of, least) in [(KeyOf::Compound, 300), (KeyOf::Gate, 1_000), (KeyOf::Facility, 400)] {
        assert!(keys_of(&whole, of).len() > least, "{} {}", of.word(), keys_of(&whole, of).len());
    }
}

#[test]
fn own_files_change_few_keys() {
    let (plain, with_own) =
        (City::open(harbin()).unwrap(), built(&harbin_extract(), &["--own", &demo()], "2"));
    let (before, after) = (keys(&plain), keys(&with_own));
    let unchanged = |of: KeyOf| {
        let keys = keys_of(&before, of);
        let unchanged = keys.iter().filter(|key| after.contains_key(&(of, (**key).to_owned()))).count();
        unchanged as f64 / keys.len() as f64
    };
    assert!(unchanged(KeyOf::Gate) >= 0.97, "{} of the gates keep their key", unchanged(KeyOf::Gate));
    // Rows that are merged with an object of the map have its key.
    assert_eq!([unchanged(KeyOf::Compound), unchanged(KeyOf::Facility)], [1.0, 1.0]);
    let own: Vec<u32> = (0..with_own.count_of(KeyOf::Gate))
        .filter(|row| with_own.gates()[*row as usize].provenance == GateProvenance::Own.code())
        .collect();
    let of_map = own
        .iter()
        .filter(|row| before.contains_key(&(KeyOf::Gate, with_own.key_of(KeyOf::Gate, **row).into_owned())));
    assert!(own.len() > 20 && of_map.count() > 0, "own gates take the keys of the gates that they replace");
}

/// The gates of a drawn town: places by key.
fn gates(town: &Drawn) -> BTreeMap<String, Point> {
    let city = Planner::new(town).city();
    let gates = (0..city.count_of(KeyOf::Gate)).map(|row| {
        let gate = &city.gates()[row as usize];
        (city.key_of(KeyOf::Gate, row).into_owned(), gate.point)
    });
    gates.collect()
}

fn point(place: [i32; 2]) -> Point {
    let [lon, lat] = degrees(place).map(|degrees| (degrees * 1e7).round() as i32);
    Point { lon, lat }
}

/// Whether the gate with this key stands within 1 m of a place.
fn stands(gates: &BTreeMap<String, Point>, key: &str, place: [i32; 2]) -> bool {
    gates.get(key).is_some_and(|gate| gate.distance_metres(point(place)) < 1.0)
}

#[test]
fn crossings_are_numbered_along_the_way_before_any_is_left_out() {
    let town = |third: &[[i32; 2]]| {
        Drawn::default()
            .way(&[[-1000, 0], [100, 0], [105, 0], [1000, 0]], "highway=residential")
            .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
            .way(third, "highway=residential")
            // Its first crossing is 5 m beside that of the previous way, and is merged with it.
            .way(&[[105, 0], [105, 150], [160, 300]], "highway=residential")
    };
    let found = gates(&town(&[[100, 0], [100, 300]]));
    assert_eq!(found.keys().collect::<Vec<_>>(), ["w2.w3", "w2.w3-2", "w2.w4-2"]);
    assert!(stands(&found, "w2.w3", [100, 10]) && stands(&found, "w2.w3-2", [100, 210]), "{found:?}");
    assert!(stands(&found, "w2.w4-2", [127, 210]), "{found:?}");
    // Drawn in the opposite direction.
    let found = gates(&town(&[[100, 300], [100, 0]]));
    assert!(stands(&found, "w2.w3-2", [100, 10]) && stands(&found, "w2.w3", [100, 210]), "{found:?}");
}

#[test]
fn a_node_that_is_a_gate_of_two_compounds_has_a_key_in_each() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .way(&rectangle(200, 10, 400, 210), "landuse=residential name=乙小区")
        .tag([200, 100], "barrier=gate")
        .tag([100, 10], "barrier=gate");
    let found = gates(&town);
    // The nodes before the gates: five of the street, six of the outlines.
    assert_eq!(found.keys().collect::<Vec<_>>(), ["n12.w2", "n12.w3", "n13"]);
}

#[test]
fn inferred_gates_have_keys_by_their_side() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([500, -50], "place=neighbourhood name=乙小区");
    let found = gates(&town);
    // A side of slightly more than 200 m is sampled at every ninth of its length; the sample nearest to its
    // middle is used.
    assert!(stands(&found, "w2.s", [89, 10]), "{found:?}");
    // No way is near its north side.
    assert!(found.keys().all(|key| ["w2.e", "w2.s", "w2.w", "n10.n"].contains(&key.as_str())), "{found:?}");
    // A compound without an outline, south of the street.
    assert!(stands(&found, "n10.n", [500, 0]), "{found:?}");
}

#[test]
fn own_gates_and_compounds_keep_the_keys_of_the_map() {
    let town = Drawn::default()
        .way(&[[-1000, 0], [100, 0], [1000, 0]], "highway=residential")
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .way(&[[100, 0], [100, 300]], "highway=residential");
    let gates = format!(
        "编号,小区,名称,经度,纬度\nG1,甲小区,南门,{}\nG2,甲小区,西门,{}\n,甲小区,东门,{}\n",
        at([108, 12]),
        at([0, 100]),
        at([200, 100])
    );
    let compounds = format!(
        "编号,名称,经度,纬度\nC1,甲小区,{}\nC2,丙小区,{}\nC2,丁小区,{}\n",
        at([90, 100]),
        at([-500, 100]),
        at([-900, 100])
    );
    let planner = Planner::new(&town).file("gates.csv", gates, "layer = \"gates\"\ncrs = \"wgs84\"").file(
        "compounds.csv",
        compounds,
        "layer = \"compounds\"\ncrs = \"wgs84\"",
    );
    let city = planner.city();
    let found = keys(&city);
    let own: Vec<String> = (0..city.count_of(KeyOf::Gate))
        .filter(|row| city.gates()[*row as usize].provenance == GateProvenance::Own.code())
        .map(|row| city.key_of(KeyOf::Gate, row).into_owned())
        .collect();
    assert_eq!(own[..2], ["w2.w3".to_owned(), own_key("gates", "G2")]);
    assert!(own.len() == 3 && own[2].len() == 13 && own[2].starts_with('x'), "{own:?}");
    // Two rows share an id, so the place is part of both keys.
    let compounds = keys_of(&found, KeyOf::Compound);
    let of_id = compounds.iter().filter(|key| key.starts_with(&own_key("compounds", "C2")));
    assert!(compounds.contains(&"w2") && compounds.len() == 3 && of_id.count() == 2, "{compounds:?}");
}

#[test]
fn compounds_without_a_name_are_named_after_a_street_or_place_nearby() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential")
        .way(&rectangle(300, 10, 500, 210), "landuse=residential")
        .way(&rectangle(0, 2000, 200, 2200), "landuse=residential")
        .tag([0, 2500], "place=hamlet name=前村")
        .way(&rectangle(0, 8000, 200, 8200), "landuse=residential");
    let city = Planner::new(&town).city();
    let found = keys(&city);
    let called = |key: &str| found[&(KeyOf::Compound, key.to_owned())].1.clone();
    let expected = ["未命名小区（Main）", "未命名小区（Main）", "未命名小区（前村）", "未命名小区"];
    assert_eq!(["w2", "w3", "w4", "w5"].map(called), expected);
}
