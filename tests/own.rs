//! The planner's own records: merging with the map, gates, units, population, corrections. No row is lost.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::run::{self, Done, circle, data, harbin_extract, info, project};
use circle_model::city::{Facility, FindingKind, GateProvenance, Joined, PopulationFrom};
use circle_model::{City, CompoundId};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;
use tempfile::TempDir;

/// A folder with an extract, own files and their list.
pub(crate) struct Planner {
    pub(crate) folder: TempDir,
    list: String,
}

impl Planner {
    pub(crate) fn new(town: &Drawn) -> Self {
        let folder = tempfile::tempdir().unwrap();
        run::write(&folder, "town.osm.pbf", town.pbf());
        Self { folder, list: String::new() }
    }

    /// Lists an existing file; `settings` are lines of TOML.
    pub(crate) fn list(mut self, name: &str, settings: &str) -> Self {
        let _ = write!(self.list, "[[source]]\npath = \"{name}\"\n{settings}\n");
        self
    }

    /// Writes a file and lists it.
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>, settings: &str) -> Self {
        run::write(&self.folder, name, bytes);
        self.list(name, settings)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn build(&self) -> Done {
        let (extract, city) = (self.path("town.osm.pbf"), self.path("town.circle"));
        if self.list.is_empty() {
            return run::build(&extract, &city);
        }
        let list = run::write(&self.folder, "OWN.toml", &self.list);
        circle([
            "build".as_ref(),
            extract.as_os_str(),
            "--own".as_ref(),
            list.as_os_str(),
            "-o".as_ref(),
            city.as_os_str(),
        ])
    }

    #[track_caller]
    pub(crate) fn city(&self) -> City {
        self.build().ok();
        City::open(&self.path("town.circle")).unwrap()
    }
}

/// `lon,lat` of a place given in metres.
pub(crate) fn at(place: [i32; 2]) -> String {
    let [lon, lat] = degrees(place);
    format!("{lon:.7},{lat:.7}")
}

pub(crate) fn facility<'a>(city: &'a City, name: &str) -> &'a Facility {
    let called: Vec<&Facility> = city.facilities().iter().filter(|it| city.text(it.name) == name).collect();
    assert_eq!(called.len(), 1, "facilities called {name}");
    called[0]
}

fn messages(city: &City, kind: FindingKind) -> Vec<String> {
    let of_kind = city.findings().iter().filter(|finding| finding.kind == kind.code());
    of_kind.map(|finding| city.text(finding.message).to_owned()).collect()
}

/// Asserts that every row of every own file is counted as accepted, merged or rejected.
#[track_caller]
fn all_accounted_for(info: &Value) {
    for file in info["own"].as_array().unwrap() {
        let number = |key: &str| file[key].as_u64().unwrap();
        let rejected: u64 =
            file["rejected"].as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum();
        assert_eq!(number("rows"), number("accepted") + number("merged") + rejected, "{file}");
    }
}

const FACILITIES: &str = "layer = \"facilities\"\ncrs = \"wgs84\"";

#[test]
fn own_records_win_over_the_map_and_keep_their_sources() {
    let town = Drawn::with_street()
        .tag([100, 20], "shop=supermarket name=联华超市")
        .tag([300, 20], "amenity=pharmacy name=国大药房(道里店)")
        .tag([500, 20], "amenity=clinic")
        .way(&rectangle(700, 20, 800, 120), "leisure=park name=人民公园")
        .tag([700, 70], "barrier=gate")
        .tag([-300, 20], "amenity=school name=第三十六中学");
    let rows = [
        format!("A1,联华超市,超市,{}", at([160, 20])),
        format!("A2,国大药房,药店,{}", at([320, 20])),
        format!("A3,康民诊所,诊所,{}", at([510, 20])),
        format!("A4,人民公园,公园,{}", at([750, 60])),
        format!("A5,第三十九中学,初中,{}", at([-300, 25])),
    ];
    let csv = format!("编号,名称,类别,经度,纬度\n{}\n", rows.join("\n"));
    let city = Planner::new(&town).file("places.csv", csv, FACILITIES).city();
    let sources = |name: &str| -> Vec<(String, Joined)> {
        let origins = &city.origins()[facility(&city, name).origins.range()];
        origins.iter().map(|it| (city.origin_label(it), Joined::from_code(it.joined))).collect()
    };
    let joined = |name: &str| {
        let sources = sources(name);
        assert_eq!(sources[0].1, Joined::Kept);
        assert!(sources[0].0.starts_with("places.csv:"), "{sources:?}");
        sources[1].1
    };
    assert_eq!(joined("联华超市"), Joined::SameName);
    assert_eq!(joined("国大药房"), Joined::SameName);
    assert_eq!(joined("康民诊所"), Joined::SamePlace);
    assert_eq!(joined("人民公园"), Joined::SameName);
    // Schools with different numbers are not merged.
    assert_eq!(sources("第三十九中学").len(), 1);
    assert_eq!(sources("第三十六中学").len(), 1);
    let [lon, lat] = degrees([160, 20]);
    let shop = facility(&city, "联华超市");
    let place = shop.point.lon_lat();
    assert!((place.lon - lon).abs() < 1e-6 && (place.lat - lat).abs() < 1e-6, "the own place: {place:?}");
    assert!(shop.osm_id > 0, "and the map's id beside it");
    // The access point of the park is still its gate, not the own point in its middle.
    let park = facility(&city, "人民公园");
    let access = &city.access_points()[park.access.range()];
    let [lon, lat] = degrees([700, 70]);
    assert_eq!(access.len(), 1);
    let entered = access[0].point.lon_lat();
    assert!((entered.lon - lon).abs() < 1e-6 && (entered.lat - lat).abs() < 1e-6, "{entered:?}");
    assert!(park.area_square_metres > 9_000.0);
}

#[test]
fn rows_of_one_file_are_merged_only_if_they_say_the_same() {
    let rows = [
        format!("便民超市,{}", at([0, 10])),
        format!("便民超市,{}", at([60, 10])),
        format!("便民超市,{}", at([5, 12])),
        format!("便民超市,{}", at([0, 10])),
        format!("人民公园,{}", at([400, 60])),
        format!("人民公园东门,{}", at([450, 10])),
    ];
    let csv = format!("name,lon,lat\n{}\n", rows.join("\n"));
    let other = format!("name,lon,lat\n便民超市,{}\n", at([65, 40]));
    let planner =
        Planner::new(&Drawn::with_street()).file("a.csv", csv, FACILITIES).file("b.csv", other, FACILITIES);
    let city = planner.city();
    let shops = city.facilities().iter().filter(|it| city.text(it.name) == "便民超市").count();
    assert_eq!(shops, 2);
    let own = &city.meta().own;
    assert_eq!((own[0].rows, own[0].accepted, own[0].merged), (6, 3, 3));
    assert_eq!((own[1].rows, own[1].accepted, own[1].merged), (1, 0, 1));
    let park = facility(&city, "人民公园");
    let access = &city.access_points()[park.access.range()];
    let [lon, _] = degrees([450, 10]);
    assert!(access.len() == 1 && (access[0].point.lon_lat().lon - lon).abs() < 1e-6, "{access:?}");
    all_accounted_for(&info(&planner.path("town.circle")).ok().json());
}

#[test]
fn own_gates_replace_mapped_gates_and_gates_from_amap_are_added() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=乙小区")
        .tag([500, 10], "barrier=gate");
    let gates = format!(
        "小区,名称,经度,纬度,常闭\n甲小区,西门,{},是\n甲小区,东门,{},否\n丙小区,门,{},否\n",
        at([0, 100]),
        at([200, 100]),
        at([200, 100])
    );
    let [lon, lat] = degrees([600, 100]);
    let amap = format!("id,name,typecode,location\nB1,乙小区(东门),991400,\"{lon:.7},{lat:.7}\"\n");
    let city = Planner::new(&town)
        .file("gates.csv", gates, "layer = \"gates\"\ncrs = \"wgs84\"")
        .file("amap.csv", amap, FACILITIES)
        .city();
    let gates = |compound: usize| -> Vec<(&str, GateProvenance, bool)> {
        let of = &city.gates()[city.compounds()[compound].gates.range()];
        of.iter()
            .map(|it| (city.text(it.name), GateProvenance::from_code(it.provenance), it.locked == 1))
            .collect()
    };
    assert_eq!(gates(0), [("西门", GateProvenance::Own, true), ("东门", GateProvenance::Own, false)]);
    assert_eq!(gates(1), [("乙小区(东门)", GateProvenance::Own, false), ("", GateProvenance::Mapped, false)]);
    let rejected = messages(&city, FindingKind::RejectedRow);
    assert!(rejected.len() == 1 && rejected[0].starts_with("gates.csv row 4: "), "{rejected:?}");
    assert_eq!(city.facilities().len(), 0);
}

#[test]
fn corrections_outlast_the_next_extract_and_stale_ones_are_reported() {
    let town = |shop: bool| {
        let town = Drawn::with_street()
            .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
            .tag([300, 20], "amenity=pharmacy name=老药房")
            .tag([500, 20], "amenity=bank name=某银行");
        if shop { town.tag([100, 20], "shop=supermarket name=联华超市") } else { town }
    };
    let shop = "node/8";
    let csv = format!(
        "action,target,of,name,lon,lat,new_name,new_category,author,date,note\n\
         closed,,,联华超市,{},,,王,2026-10-01,撤了\n\
         更名,,,老药房,{},新药房,,李,2026-10-02,\n\
         wrong_category,,,某银行,{},,atm,李,2026-10-02,\n\
         new_gate,,,北门,{},,,王,2026-10-03,新开\n\
         renamed,,compound,甲小区,,,甲花园,,王,2026-10-03,\n\
         closed,node/99999,,,,,,,王,2026-10-04,早没了\n\
         renamed,,,老药房,,,,,王,2026-10-04,忘写\n",
        at([100, 20]),
        at([300, 20]),
        at([500, 20]),
        at([100, 210])
    );
    let settings = "layer = \"corrections\"\ncrs = \"wgs84\"";
    let planner = Planner::new(&town(true)).file("fix.csv", &csv, settings);
    let city = planner.city();
    assert!(city.facilities().iter().all(|it| city.text(it.name) != "联华超市"), "{shop}");
    facility(&city, "新药房");
    let category = city.facility_categories()[facility(&city, "某银行").categories.start as usize];
    assert_eq!(circle_model::Catalogue::built_in().categories[usize::from(category)].id, "atm");
    assert_eq!(city.text(city.compounds()[0].name), "甲花园");
    let gates = &city.gates()[city.compounds()[0].gates.range()];
    assert!(gates.iter().any(|gate| gate.provenance == GateProvenance::Own.code()));
    let applied = messages(&city, FindingKind::CorrectionApplied);
    assert_eq!(applied.len(), 5, "{applied:?}");
    assert!(applied.iter().any(|it| it.contains("王, 2026-10-01, 撤了")), "{applied:?}");
    let stale = messages(&city, FindingKind::CorrectionStale);
    assert!(stale.len() == 1 && stale[0].starts_with("fix.csv row 7: "), "{stale:?}");
    assert_eq!(city.meta().own[0].rejected["incomplete"], 1);
    all_accounted_for(&info(&planner.path("town.circle")).ok().json());
    // The shop is missing in the next extract.
    let planner = Planner::new(&town(false)).file("fix.csv", &csv, settings);
    let stale = messages(&planner.city(), FindingKind::CorrectionStale);
    assert!(stale.len() == 2 && stale.iter().any(|it| it.starts_with("fix.csv row 2: ")), "{stale:?}");
}

#[test]
fn people_are_counted_by_compound_by_building_or_estimated() {
    let block = |west: i32, south: i32| rectangle(west, south, west + 60, south + 15);
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .way(&block(20, 50), "building=apartments building:levels=6")
        .way(&rectangle(300, 10, 500, 210), "landuse=residential name=乙小区")
        .way(&block(320, 50), "building=yes")
        .way(&block(320, 100), "building=apartments building:levels=11")
        .way(&rectangle(600, 10, 800, 210), "landuse=residential name=丙小区")
        .way(&rectangle(-300, 10, -100, 210), "landuse=residential name=丁小区");
    let csv = "小区,楼栋,户数,人口,老年人\n甲小区,,100,250,60\n丙小区,1号楼,30,70,\n丙小区,2号楼,40,,10\n\
               丙小区,1号楼,30,70,\n无此小区,,1,1,\n";
    let planner = Planner::new(&town).file("people.csv", csv, "layer = \"population\"");
    let city = planner.city();
    let people = |name: &str| {
        let compound = city.compounds().iter().find(|it| city.text(it.name) == name).unwrap();
        (compound.population, PopulationFrom::from_code(compound.population_from))
    };
    let (count, from) = people("甲小区");
    assert_eq!(
        (count.households, count.residents, count.elderly, from),
        (100, 250, 60, PopulationFrom::Compound)
    );
    let (count, from) = people("丙小区");
    assert_eq!(
        (count.households, count.residents, count.elderly, from),
        (70, 70, 10, PopulationFrom::Buildings)
    );
    // Two buildings of 900 m²: 6 assumed levels, and 11 mapped levels.
    let (count, from) = people("乙小区");
    let expected = 60.0 * 15.0 * (6.0 + 11.0) * 0.9 * 0.85 / 36.5;
    assert!((f64::from(count.residents) - expected).abs() < 3.0, "{} {expected}", count.residents);
    assert_eq!(from, PopulationFrom::Estimate);
    assert_eq!(people("丁小区").1, PopulationFrom::Unknown);
    // An own count of a compound is distributed over its buildings.
    let of_first: f32 = city
        .buildings()
        .iter()
        .filter(|building| building.compound() == Some(CompoundId(0)))
        .map(|building| building.residents)
        .sum();
    assert!((of_first - 250.0).abs() < 0.1, "{of_first}");
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.merged, own.rejected["no_compound"]), (5, 3, 1, 1));
    let all = info(&planner.path("town.circle")).ok().json();
    assert_eq!(all["population"]["own_compound"], 1);
    all_accounted_for(&all);
}

#[test]
fn own_units_have_codes_parents_and_grids() {
    let town = Drawn::with_street().way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区");
    let outline = |corners: [[i32; 2]; 5]| {
        let ring: Vec<String> = corners.iter().map(|corner| format!("[{}]", at(*corner))).collect();
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", ring.join(","))
    };
    let feature = |name: &str, level: &str, code: &str, corners| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"{name}\",\"级别\":\"{level}\",\"代码\":\"{code}\"}},\
             \"geometry\":{}}}",
            outline(corners)
        )
    };
    let features = [
        feature("某街道", "街道", "230102001", rectangle(-900, -400, 900, 900)),
        feature("某社区", "社区", "230102001001", rectangle(-500, -300, 500, 500)),
        feature("第一网格", "网格", "G1", rectangle(-10, -10, 250, 250)),
        feature("某社区", "社区", "230102001001", rectangle(-500, -300, 500, 500)),
        feature("级别不明", "片区", "", rectangle(0, 0, 100, 100)),
    ];
    let json = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    let planner = Planner::new(&town).file("units.geojson", json, "layer = \"units\"");
    let city = planner.city();
    let names: Vec<&str> = city.units().iter().map(|unit| city.text(unit.name)).collect();
    assert_eq!(names, ["某街道", "某社区", "第一网格"]);
    let parents: Vec<u32> = city.units().iter().map(|unit| unit.parent).collect();
    assert_eq!(parents, [u32::MAX, 0, 1]);
    assert_eq!(city.text(city.units()[1].code), "230102001001");
    assert_eq!(city.compounds()[0].units, [u32::MAX, 0, 1, 2]);
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.merged, own.rejected["no_level"]), (5, 3, 1, 1));
}

#[test]
fn the_worked_example_finds_every_deliberate_error() {
    let folder = tempfile::tempdir().unwrap();
    let list = project("data/own/harbin/OWN.toml");
    let built = |name: &str| {
        let city = folder.path().join(name);
        let done = circle([
            "build".as_ref(),
            harbin_extract().as_os_str(),
            "--own".as_ref(),
            list.as_os_str(),
            "-o".as_ref(),
            city.as_os_str(),
        ])
        .ok();
        (city, done)
    };
    let (city, done) = built("a.circle");
    let all = info(&city).ok().json();
    all_accounted_for(&all);
    let own = |name: &str| all["own"].as_array().unwrap().iter().find(|file| file["name"] == name).unwrap();
    let reasons = |name: &str| own(name)["rejected"].to_string();
    for (file, expected) in [
        (
            "clinics.csv",
            r#"{"no_category":2,"no_position":1,"not_a_number":1,"not_open":1,"outside_the_city":1,"swapped_coordinates":1}"#,
        ),
        ("service-centres.xlsx", r#"{"unreadable":1}"#),
        ("gates.csv", r#"{"no_compound":2,"not_a_number":1}"#),
        ("compounds.geojson", r#"{"no_area":1,"no_name":1}"#),
        ("units.geojson", r#"{"no_level":1,"no_outline":1}"#),
        ("population.csv", r#"{"no_compound":2,"no_count":1}"#),
        ("candidates.csv", "{}"),
        ("corrections.csv", r#"{"incomplete":1,"no_action":1,"no_longer_applies":1}"#),
    ] {
        assert_eq!(reasons(file), expected, "{file}");
    }
    assert_eq!(own("service-centres.xlsx")["crs"], "bd09 (detected)");
    assert_eq!(own("clinics.csv")["merged"], 1);
    for words in ["clinics.csv row 45: location: `不详` is not a number", "cell D43 is the error #DIV/0!"] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    // Clinics and service centres, of which the map has none.
    for category in ["clinic", "health_station", "party_service_center", "elderly_daycare", "nursery"] {
        assert!(all["facilities"][category].as_u64().unwrap() > 8, "{category}");
    }
    assert!(all["gates"]["own"].as_u64().unwrap() > 30);
    let check = circle(["check", city.to_str().unwrap()]).ok();
    let (header, rows) = check.csv();
    let columns =
        ["severity", "kind", "id", "name", "lon", "lat", "message", "district", "subdistrict", "message_zh"];
    assert_eq!(header, columns);
    for kind in [
        "rejected_row",
        "odd_row",
        "coordinates",
        "no_category",
        "correction_applied",
        "correction_stale",
        "merged",
        "possible_duplicate",
        "island",
        "compound_on_island",
        "no_mapped_gate",
        "compound_off_network",
        "facility_off_network",
        "category_without_source",
        "few_records",
        "clipped_boundary",
        "no_population",
    ] {
        assert!(rows.iter().any(|row| row[1] == kind), "{kind}");
    }
    // Findings about own files come first, then findings about the map; in each part errors, warnings, notes,
    // by kind.
    let own = ["rejected_row", "odd_row", "coordinates", "correction_applied", "correction_stale"];
    let is_own =
        |row: &Vec<String>| own.contains(&row[1].as_str()) || (row[1] == "no_category" && !row[2].is_empty());
    let severity = |row: &Vec<String>| ["error", "warning", "info"].iter().position(|it| *it == row[0]);
    assert!(is_own(&rows[0]) && !is_own(rows.last().unwrap()));
    assert!(rows.is_sorted_by_key(|row| (!is_own(row), severity(row))));
    let mut kinds: Vec<(bool, &str, &str)> =
        rows.iter().map(|row| (is_own(row), row[0].as_str(), row[1].as_str())).collect();
    kinds.dedup();
    let count = kinds.len();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), count, "the findings of a kind follow each other");
    assert!(check.err.contains("errors, "), "{}", check.err);
    assert_eq!(std::fs::read(city).unwrap(), std::fs::read(built("b.circle").0).unwrap(), "the same bytes");
}

#[test]
fn duplicates_of_a_real_export_of_parks_are_merged() {
    // A street across Hohhot, whose extract is not among the test data.
    let metres = |lon: f64, lat: f64| [((lon - 126.6) * 77_850.0) as i32, ((lat - 45.7) * 111_170.0) as i32];
    let town = Drawn::default().way(&[metres(111.3, 40.5), metres(112.2, 41.1)], "highway=residential");
    let planner = Planner::new(&town);
    std::fs::copy(project("data/own/hohhot/parks.geojson"), planner.path("parks.geojson")).unwrap();
    let settings = "layer = \"facilities\"\ncategory = \"park\"\nid = \"full_id\"";
    let city = planner.list("parks.geojson", settings).city();
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted + own.merged), (163, 163));
    // One object occurs three times; 13 rows have no id.
    assert_eq!(own.accepted, 161);
    assert!(facility(&city, "青城公园").area_square_metres > 300_000.0);
}

#[test]
fn classify_prints_the_accuracy_of_the_catalogue() {
    let samples = data("name_samples.csv");
    let done = circle(["classify".as_ref(), samples.as_os_str(), "--truth".as_ref(), "expect".as_ref()]).ok();
    assert!(done.text().starts_with("accuracy 100.0 % (88 of 88 rows"), "{}", done.text());
    let folder = tempfile::tempdir().unwrap();
    let labelled =
        run::write(&folder, "labelled.csv", "名称,真值\n兆麟小学,公园\n兆麟公园,park\n某某,other\n=x,没有\n");
    let rows = folder.path().join("rows.csv");
    let done = circle([
        "classify".as_ref(),
        labelled.as_os_str(),
        "--truth".as_ref(),
        "真值".as_ref(),
        "-o".as_ref(),
        rows.as_os_str(),
    ])
    .ok();
    assert!(done.text().starts_with("accuracy 66.7 % (2 of 3 rows"), "{}", done.text());
    assert!(done.text().contains("1  park → primary_school: 兆麟小学"), "{}", done.text());
    assert!(done.err.contains("row 5: label `没有` is no category"), "{}", done.err);
    let (header, rows) = run::table(&std::fs::read(rows).unwrap());
    assert_eq!(header, ["row", "name", "category", "categories", "channel", "confidence"]);
    assert_eq!(rows[0], ["2", "兆麟小学", "primary_school", "primary_school", "name", "0.80"]);
}

#[test]
fn kinds_without_a_category_are_listed_the_most_frequent_first() {
    let folder = tempfile::tempdir().unwrap();
    let text = "名称,typecode\n兆麟小学,141203\n某某厂,170300\n甲小区,120302\n乙小区,120302\n兆麟超市(停业),060400\n";
    let file = run::write(&folder, "pois.csv", text);
    let done = circle(["classify".as_ref(), file.as_os_str()]).ok();
    let lines: Vec<&str> = done.err.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "5 rows: 1 with a category, 4 without",
            "1  primary_school 小学",
            "without a category, by the kind that the file gives:",
            "2  120302 商务住宅;住宅区;住宅小区: 甲小区, 乙小区",
            "1  060400 购物服务;超级市场;超市 (closed): 兆麟超市(停业)",
            "1  170300 公司企业;工厂;工厂: 某某厂",
        ]
    );
    let rows = folder.path().join("rows.csv");
    let written = circle(["classify".as_ref(), file.as_os_str(), "-o".as_ref(), rows.as_os_str()]).ok();
    assert_eq!(written.err, done.err, "also with -o");
    assert!(written.text().is_empty() && std::fs::read(rows).unwrap()[3..] == done.out);
}

#[test]
fn areas_without_homes_are_no_compounds() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=待建")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=学生一公寓")
        .way(&rectangle(800, 10, 1000, 210), "landuse=residential name=学院小区");
    let rows = format!(
        "名称,typecode,经度,纬度\n甲小区,120302,{}\n乙大厦,120201,{}\n丙产业园,120100,{}\n丁公馆,,{}\n",
        at([-300, 100]),
        at([-500, 100]),
        at([-700, 100]),
        at([-900, 100])
    );
    let city = Planner::new(&town).file("a.csv", rows, "layer = \"compounds\"\ncrs = \"wgs84\"").city();
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.rejected["no_homes"]), (4, 2, 2));
    let mut names: Vec<&str> = city.compounds().iter().map(|it| city.text(it.name)).collect();
    names.sort_unstable();
    assert_eq!(names, ["丁公馆", "学院小区", "甲小区"]);
    let skipped = &city.meta().skipped;
    assert_eq!((skipped["compounds_planned"], skipped["compounds_student_housing"]), (1, 1));
}

#[test]
fn a_register_and_an_outline_are_one_compound_and_phases_are_several() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=沙曼小区(三街区)")
        .way(&rectangle(400, 10, 700, 210), "landuse=residential");
    let corners = rectangle(-400, 10, -200, 210).map(|corner| format!("[{}]", at(corner)));
    let outline = format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"小区名称\":\"甲乙花园\"}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[{}]]}}}}",
        corners.join(",")
    );
    let register = format!(
        "小区名称,户数,经度,纬度\n甲乙花园,120,{}\n沙曼小区(七街区),80,{}\n东苑,10,{}\n西苑,20,{}\n",
        at([-300, 100]),
        at([250, 100]),
        at([450, 100]),
        at([650, 100])
    );
    let layer = "layer = \"compounds\"\ncrs = \"wgs84\"";
    let city = Planner::new(&town).file("a.geojson", outline, layer).file("b.csv", register, layer).city();
    let compound = |name: &str| {
        let called: Vec<_> = city.compounds().iter().filter(|it| city.text(it.name) == name).collect();
        assert_eq!(called.len(), 1, "{name}");
        called[0]
    };
    let both = compound("甲乙花园");
    assert!(both.population.households == 120 && both.area_square_metres > 30_000.0, "{both:?}");
    assert!(compound("沙曼小区(三街区)").area_square_metres > 30_000.0);
    assert_eq!(compound("沙曼小区(七街区)").rings.len, 0);
    // Two compounds in one nameless outline: neither gets the outline.
    assert_eq!((compound("东苑").rings.len, compound("西苑").rings.len), (0, 0));
    let odd = messages(&city, FindingKind::OddRow);
    assert!(odd.iter().any(|it| it.contains("contains 2 rows; none is assigned to it")), "{odd:?}");
    assert_eq!((city.meta().own[1].accepted, city.meta().own[1].merged), (3, 1));
}

#[test]
fn gates_are_closed_and_added_one_by_one() {
    // A drive and a path cross the outline of 甲小区; 乙小区 has one mapped gate, and a drive crosses its
    // outline.
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .way(&[[50, 0], [50, 100]], "highway=service")
        .way(&[[150, 0], [150, 100]], "highway=footway")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=乙小区")
        .tag([500, 10], "barrier=gate")
        .way(&[[450, 0], [450, 100]], "highway=service");
    let gates = |csv: &str| {
        let planner = Planner::new(&town).file("fix.csv", csv, "layer = \"corrections\"\ncrs = \"wgs84\"");
        let city = planner.city();
        let of = |compound: usize| -> Vec<i32> {
            let gates = &city.gates()[city.compounds()[compound].gates.range()];
            let mut metres: Vec<i32> = gates
                .iter()
                .map(|gate| ((gate.point.lon_lat().lon - 126.6) * 77_850.0).round() as i32)
                .collect();
            metres.sort_unstable();
            metres
        };
        ([of(0), of(1)], messages(&city, FindingKind::CorrectionStale).len())
    };
    let header = "action,of,name,lon,lat,compound\n";
    assert_eq!(gates(header).0, [vec![50, 150], vec![500]]);
    let new = format!("{header}new_gate,gate,北门,{},甲小区\n", at([100, 210]));
    assert_eq!(gates(&new).0[0], [50, 100, 150], "in addition to the crossings");
    let closed = format!("{header}closed,gate,,{},甲小区\n", at([150, 10]));
    assert_eq!(gates(&closed).0[0], [50], "derived gates can be closed");
    let closed = format!("{header}closed,gate,,{},\n", at([500, 10]));
    assert_eq!(gates(&closed).0[1], [450], "gates are derived if the only mapped one is closed");
    let elsewhere = format!("{header}closed,gate,,{},甲小区\n", at([500, 10]));
    assert_eq!(gates(&elsewhere), ([vec![50, 150], vec![500]], 1), "no gate of the compound it names");
    // By key: the keys of the city without corrections.
    let city = Planner::new(&town).city();
    let key = |compound: usize, east: f64| {
        let rows = city.compounds()[compound].gates.range();
        let east_of = |row: &usize| (city.gates()[*row].point.lon_lat().lon - 126.6) * 77_850.0;
        let row = rows.into_iter().find(|row| (east_of(row) - east).abs() < 1.0).unwrap();
        city.gate_key(circle_model::GateId(row as u32)).into_owned()
    };
    let of_key = |key: &str| gates(&format!("action,of,target\nclosed,gate,{key}\n"));
    assert_eq!(of_key(&key(0, 150.0)), ([vec![50], vec![500]], 0));
    assert_eq!(of_key(&key(1, 500.0)), ([vec![50, 150], vec![450]], 0));
    assert_eq!(of_key("w999.w1"), ([vec![50, 150], vec![500]], 1), "no gate has that key");
    let drive = key(0, 150.0);
    assert_eq!(
        of_key(&format!("{drive}\nclosed,gate,{drive}")),
        ([vec![50], vec![500]], 0),
        "two corrections of one key"
    );
    let placed = |key: &str, east: i32| {
        gates(&format!("action,of,target,lon,lat\nclosed,gate,{key},{}\n", at([east, 10])))
    };
    assert_eq!(placed(&drive, 50), ([vec![50], vec![500]], 0), "the key takes precedence over the place");
    assert_eq!(placed("w999.w1", 150), ([vec![50], vec![500]], 0), "an unknown key falls back to the place");
    assert_eq!(placed("w999.w1", 900), ([vec![50, 150], vec![500]], 1));
}

#[test]
fn a_correction_names_one_of_two_records_that_have_one_id() {
    let row =
        |name: &str, place: [i32; 2]| format!("编号,名称,类别,经度,纬度\n7,{name},诊所,{}\n", at(place));
    let homes = |name: &str, place: [i32; 2]| format!("编号,名称,经度,纬度\n7,{name},{}\n", at(place));
    let compounds = "layer = \"compounds\"\ncrs = \"wgs84\"";
    let planner = Planner::new(&Drawn::with_street())
        .file("a.csv", homes("东苑", [500, 50]), compounds)
        .file("b.csv", homes("西苑", [-500, 50]), compounds)
        .file("c.csv", row("甲诊所", [500, 20]), FACILITIES)
        .file("d.csv", row("乙诊所", [-500, 20]), FACILITIES)
        .file("fix.csv", "action,of,target,new_name\n", "layer = \"corrections\"");
    let key = |city: &City, name: &str| {
        let found = [
            city.compounds_called(name).into_iter().map(|id| city.compound_key(id).into_owned()).next(),
            city.facilities_called(name).into_iter().map(|id| city.facility_key(id).into_owned()).next(),
        ];
        found.into_iter().flatten().next().unwrap()
    };
    let city = planner.city();
    let keys = ["东苑", "西苑", "甲诊所", "乙诊所"].map(|name| key(&city, name));
    let bare = ["compounds", "facilities"].map(|layer| circle_model::identity::own_key(layer, "7"));
    for (key, bare) in keys.iter().zip([&bare[0], &bare[0], &bare[1], &bare[1]]) {
        assert!(key.starts_with(&format!("{bare}-")), "{key} {bare}");
    }
    let csv = format!(
        "action,of,target,new_name\nclosed,compound,{},\nrenamed,,{},丙诊所\nclosed,compound,{},\nclosed,,{},\n",
        keys[0], keys[3], bare[0], bare[1]
    );
    run::write(&planner.folder, "fix.csv", csv);
    let city = planner.city();
    let stale = messages(&city, FindingKind::CorrectionStale);
    assert!(
        stale.len() == 2 && stale[0].starts_with("fix.csv row 4: "),
        "the keys without a suffix are ambiguous: {stale:?}"
    );
    assert_eq!(messages(&city, FindingKind::CorrectionApplied).len(), 2);
    assert_eq!(city.compounds().len(), 1);
    // Closing one of them does not change the key of the other.
    assert_eq!(
        ["西苑", "甲诊所", "丙诊所"].map(|name| key(&city, name)),
        [1, 2, 3].map(|at| keys[at].clone())
    );
}

#[test]
fn own_gates_of_parks_are_added_to_the_mapped_ones() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 110), "leisure=park name=人民公园")
        .tag([0, 60], "barrier=gate")
        .tag([600, 5], "highway=bus_stop name=丽江路");
    let rows = format!(
        "name,typecode,lon,lat\n人民公园东门,110101,{}\n丽江路东门,150700,{}\n兆麟公园(东门),110101,{}\n\
         兆麟公园(西门),110101,{}\n",
        at([200, 60]),
        at([700, 5]),
        at([-300, 20]),
        at([-500, 20])
    );
    let city = Planner::new(&town).file("a.csv", rows, FACILITIES).city();
    let entered = |name: &str| facility(&city, name).access.len;
    assert_eq!(entered("人民公园"), 2);
    assert_eq!(entered("兆麟公园"), 2, "two gates become the park that no row lists");
    assert_eq!(city.meta().own[0].merged, 2);
    facility(&city, "丽江路");
    facility(&city, "丽江路东门");
}

#[test]
fn duplicate_rows_are_merged_and_different_ones_added() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=丙小区")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=丁小区");
    let people = "小区,楼栋,单元,人口,老年人占比\n丙小区,1栋,1单元,100,20%\n丙小区,1栋,2单元,100,\n丙小区,1栋,2单元,100,\n\
                  丁小区,,,300,23%\n丁小区,,,400,\n";
    let planner = Planner::new(&town).file("p.csv", people, "layer = \"population\"").file(
        "c.csv",
        format!("编号,名称,类别,经度,纬度\nn77,某诊所,诊所,{}\n", at([300, 20])),
        FACILITIES,
    );
    let planner =
        planner.file("fix.csv", "action,target,new_name\nrenamed,n77,新诊所\n", "layer = \"corrections\"");
    let city = planner.city();
    let people = |compound: usize| city.compounds()[compound].population;
    assert_eq!((people(0).residents, people(0).elderly), (200, 20));
    assert_eq!((people(1).residents, people(1).elderly), (300, 69));
    let merged = messages(&city, FindingKind::Merged);
    assert!(merged.iter().any(|it| it == "p.csv row 4: merged: the same as p.csv row 3"), "{merged:?}");
    assert!(merged.iter().any(|it| it.contains("has other counts and takes precedence")), "{merged:?}");
    facility(&city, "新诊所");
    all_accounted_for(&info(&planner.path("town.circle")).ok().json());
    let by_key = circle_model::identity::own_key("facilities", "n77");
    let csv = format!("action,target,new_name\nrenamed,{by_key},钥匙诊所\n");
    crate::run::write(&planner.folder, "fix.csv", csv);
    facility(&planner.city(), "钥匙诊所");
}

/// A stray corner would give the compound gates far away, each with a search of its own.
#[test]
fn a_compound_more_than_20_km_across_is_rejected() {
    let town =
        Drawn::with_street().way(&rectangle(100, 20, 200, 25_000), "landuse=residential name=天边花园");
    let outline = |top: i32| {
        let corners =
            [[300, 20], [400, 20], [400, top], [300, top], [300, 20]].map(|it| format!("[{}]", at(it)));
        format!("{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}", corners.join(","))
    };
    let feature = |name: &str, top: i32| {
        let outline = outline(top);
        format!("{{\"type\":\"Feature\",\"properties\":{{\"小区名称\":\"{name}\"}},\"geometry\":{outline}}}")
    };
    let features = [feature("远方花园", 25_000), feature("近处花园", 120)].join(",");
    let file = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    let planner = Planner::new(&town).file("homes.geojson", file, "layer = \"compounds\"\ncrs = \"wgs84\"");
    let city = planner.city();
    let names: Vec<&str> = city.compounds().iter().map(|it| city.text(it.name)).collect();
    assert_eq!(names, ["近处花园"]);
    assert_eq!(city.meta().own[0].rejected["too_large"], 1);
    let rejected = messages(&city, FindingKind::RejectedRow);
    assert!(rejected.iter().any(|it| it.contains("20 km") && it.contains("stray corner")), "{rejected:?}");
    assert_eq!(city.meta().skipped["compounds_over_20_km_across"], 1);
}

#[test]
fn units_with_impossible_parents_or_codes_are_reported() {
    let corners = |west: i32| {
        let ring: Vec<String> =
            rectangle(west, -50, west + 300, 300).iter().map(|corner| format!("[{}]", at(*corner))).collect();
        ring.join(",")
    };
    let unit = |(west, name, level, parent, code): (i32, &str, &str, &str, &str)| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"{name}\",\"级别\":\"{level}\",\"上级\":\"{parent}\",\
             \"代码\":\"{code}\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}}}}",
            corners(west)
        )
    };
    let units = [
        (-900, "甲街道", "街道", "乙街道", "1"),
        (-500, "乙街道", "街道", "甲街道", "2"),
        (-900, "自社区", "社区", "自社区", "3"),
        (-500, "好社区", "社区", "乙街道", "4"),
        (-500, "一号网格", "网格", "无此社区", "3"),
        (-100, "", "网格", "", ""),
    ];
    let features = units.map(unit).join(",");
    let json = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    let city = Planner::new(&Drawn::with_street()).file("u.geojson", json, "layer = \"单元\"").city();
    assert_eq!(city.units().len(), 6);
    let odd = messages(&city, FindingKind::OddRow);
    for words in [
        "u.geojson row 1: parent 上级: `乙街道` is no unit of a higher level",
        "u.geojson row 2: parent 上级: `甲街道` is no unit of a higher level",
        "u.geojson row 3: parent 上级: `自社区` is the unit itself",
        "u.geojson row 5: parent 上级: `无此社区` is the name or code of no unit",
        "u.geojson row 5: code 代码: `3` is the code of `自社区` as well",
        "u.geojson row 6: a unit with neither name",
    ] {
        assert!(odd.iter().any(|message| message.starts_with(words)), "{words}: {odd:#?}");
    }
    assert_eq!(odd.len(), 6, "{odd:#?}");
}
