//! Evidence of verdicts in drawn towns: completeness of the data, and gates that are not mapped.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::run::{circle, command, finish, harbin, project, write};
use std::collections::HashMap;
use std::fmt::Write;
use tempfile::TempDir;

const RULES: &str = r#"
id = "drawn"
zh = "试"
minutes = 15
[[line]]
zh = "诊所"
any_of = ["clinic"]
beside = ["hospital"]
[[line]]
zh = "诊所八百米"
any_of = ["clinic"]
radius_metres = 800
"#;

/// 甲小区 at the west end of a long street, 乙小区 at its east end.
fn town() -> Drawn {
    let street: Vec<[i32; 2]> = (-2..=12).map(|number| [number * 500, 0]).collect();
    Drawn::default()
        .way(&street, "highway=residential name=Main")
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
        .way(&rectangle(5000, 10, 5200, 210), "landuse=residential name=乙小区")
        .tag([5100, 10], "barrier=gate")
}

/// Adds clinics near 甲小区, 160 m apart, so that they are not merged.
fn clinics(town: Drawn, count: usize) -> Drawn {
    ["东", "南", "西", "北", "中", "新"]
        .into_iter()
        .zip(1..=count as i32)
        .fold(town, |town, (name, number)| {
            town.tag([100 + 160 * number, 12], &format!("amenity=clinic name={name}诊所"))
        })
}

const PEOPLE: &str = "小区名称,居民人数\n甲小区,10000\n乙小区,10000\n";

/// The coverage table of a town with a population, by [`RULES`].
fn coverage(town: &Drawn, people: &str, more: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "people.csv", people);
    let own = "[[source]]\npath = \"people.csv\"\nlayer = \"population\"\n";
    coverage_with(&folder, town, own, more)
}

fn coverage_with(
    folder: &TempDir,
    town: &Drawn,
    own: &str,
    more: &[&str],
) -> (Vec<String>, Vec<Vec<String>>) {
    let extract = write(folder, "town.osm.pbf", town.pbf());
    let (own, rules) = (write(folder, "OWN.toml", own), write(folder, "rules.toml", RULES));
    let city = folder.path().join("town.circle");
    finish(command().arg("build").arg(extract).arg("--own").arg(own).arg("-o").arg(&city)).ok();
    let args = ["coverage", city.to_str().unwrap(), "--rules", rules.to_str().unwrap()];
    circle(args.iter().chain(more)).ok().csv()
}

/// One cell of a compound's row.
fn cell(table: &(Vec<String>, Vec<Vec<String>>), compound: &str, category: &str, column: &str) -> String {
    let at = table.0.iter().position(|name| name == column).unwrap();
    table.1.iter().find(|row| row[1] == compound && row[2] == category).unwrap()[at].clone()
}

fn verdict(table: &(Vec<String>, Vec<Vec<String>>), compound: &str) -> String {
    let cell = |column| cell(table, compound, "诊所", column);
    format!("{} {}", cell("verdict"), cell("reason")).trim().to_owned()
}

/// 1.84 clinics are expected per 10,000 residents, so 3.68 for 20,000. One is 27 %, two are 54 %.
#[test]
fn a_gap_requires_half_of_the_expected_facilities() {
    for (count, share, far) in [
        (0, "0", "unknown source_incomplete"),
        (1, "0.272", "unknown source_incomplete"),
        (2, "0.543", "gap beyond"),
        (5, "1", "gap beyond"),
    ] {
        let table = coverage(&clinics(town(), count), PEOPLE, &[]);
        assert_eq!(cell(&table, "乙小区", "诊所", "completeness"), share, "{count}");
        assert_eq!(verdict(&table, "乙小区"), far, "{count}");
        let near = if count == 0 { "unknown source_incomplete" } else { "covered" };
        assert_eq!(verdict(&table, "甲小区"), near, "{count}");
        // An unknown verdict is given with the known facilities.
        assert_eq!(cell(&table, "乙小区", "诊所", "nearest_facility_name").is_empty(), count == 0);
        assert_eq!(cell(&table, "乙小区", "诊所", "known"), count.to_string());
        assert_eq!(cell(&table, "乙小区", "诊所", "expected"), "3.68");
    }
}

/// Another facility never changes `covered`, and changes `unknown` to `gap` only at the threshold.
#[test]
fn another_facility_never_removes_coverage() {
    let verdicts: Vec<[String; 2]> = (0..=6)
        .map(|count| {
            let table = coverage(&clinics(town(), count), PEOPLE, &[]);
            ["甲小区", "乙小区"].map(|compound| verdict(&table, compound))
        })
        .collect();
    for (count, pair) in verdicts.windows(2).enumerate() {
        for (before, after) in pair[0].iter().zip(&pair[1]) {
            assert!(before != "covered" || after == "covered", "{before} to {after} with {}", count + 1);
        }
        let [before, after] = [&pair[0][1], &pair[1][1]];
        let crosses = before.starts_with("unknown") && after.starts_with("gap");
        assert_eq!(crosses, count == 1, "{count}");
        if count > 1 {
            assert_eq!(pair[0], pair[1], "{count}");
        }
    }
}

/// The same on a real map.
#[test]
fn new_facilities_in_harbin_never_remove_coverage() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("more.circle");
    let verdicts = |city: &str| {
        let (header, rows) = circle(["coverage", city, "--rules", "gb50180"]).ok().csv();
        let at = |name: &str| header.iter().position(|column| column == name).unwrap();
        let [line, verdict] = [at("line"), at("verdict")];
        let judged = rows.into_iter().filter(|row| !row[line].is_empty());
        judged
            .map(|row| ((row[0].clone(), row[line].clone()), row[verdict].clone()))
            .collect::<HashMap<_, _>>()
    };
    let before = verdicts(harbin().to_str().unwrap());
    let mut rows = "name,category,lon,lat\n".to_owned();
    for (number, kind) in
        (0..).zip(["primary_school", "middle_school", "sports_hall", "bank", "mall"].repeat(4))
    {
        let (lon, lat) = (126.56 + 0.011 * f64::from(number), 45.70 + 0.017 * f64::from(number % 7));
        let _ = writeln!(rows, "新增{number},{kind},{lon:.5},{lat:.5}");
    }
    write(&folder, "more.csv", rows);
    let own = "[[source]]\npath = \"more.csv\"\nlayer = \"facilities\"\ncrs = \"wgs84\"\n";
    let own = write(&folder, "OWN.toml", own);
    let extract = project("data/harbin.osm.pbf");
    finish(command().arg("build").arg(extract).arg("--own").arg(own).arg("-o").arg(&city)).ok();
    let after = verdicts(city.to_str().unwrap());
    assert_eq!(before.len(), after.len());
    let lost: Vec<_> =
        before.iter().filter(|(of, was)| *was == "covered" && after[of] != "covered").collect();
    assert!(lost.is_empty(), "{lost:?}");
    let gained = before.iter().filter(|(of, was)| *was != "covered" && after[of] == "covered").count();
    assert!(gained > 50, "{gained}");
}

#[test]
fn as_mapped_judges_the_map_as_complete_and_states_it_in_every_row() {
    let table = coverage(&clinics(town(), 1), PEOPLE, &["--as-mapped"]);
    assert_eq!(verdict(&table, "乙小区"), "gap beyond");
    let basis = table.0.iter().position(|name| name == "basis").unwrap();
    assert!(table.1.iter().all(|row| row[basis] == "as_mapped"));
    for of in ["units", "compounds", "ledger", "sources", "rules"] {
        let (columns, rows) = coverage(&clinics(town(), 1), PEOPLE, &["--as-mapped", "--table", of]);
        let basis = columns.iter().position(|name| name == "basis").unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row[basis] == "as_mapped"), "{of}");
    }
    // The least completeness is a parameter.
    let strict = coverage(&clinics(town(), 2), PEOPLE, &["--completeness", "0.6"]);
    assert_eq!(verdict(&strict, "乙小区"), "unknown source_incomplete");
}

#[test]
fn without_a_population_no_facility_is_expected() {
    let table = coverage(&clinics(town(), 6), "小区名称,居民人数\n甲小区,\n", &[]);
    assert_eq!(cell(&table, "乙小区", "诊所", "completeness"), "");
    assert_eq!(verdict(&table, "乙小区"), "unknown source_incomplete");
    assert_eq!(verdict(&table, "甲小区"), "covered");
}

/// A list that is complete in one unit proves gaps there and nowhere else.
#[test]
fn a_list_may_be_complete_in_one_unit() {
    let folder = tempfile::tempdir().unwrap();
    let place = |at: [i32; 2]| {
        let [lon, lat] = degrees(at);
        format!("[{lon:.7},{lat:.7}]")
    };
    let unit = |name: &str, corners: [[i32; 2]; 5]| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}","level":"10"}},
            "geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
            corners.map(place).join(",")
        )
    };
    let units =
        [unit("西社区", rectangle(-900, -50, 900, 300)), unit("东社区", rectangle(4000, -50, 5900, 300))];
    write(
        &folder,
        "units.geojson",
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, units.join(",")),
    );
    write(&folder, "people.csv", PEOPLE);
    let [lon, lat] = degrees([2500, 12]);
    write(&folder, "clinics.csv", format!("名称,类别,经度,纬度\n路诊所,clinic,{lon:.7},{lat:.7}\n"));
    let own = |complete: &str| {
        format!(
            "[[source]]\npath = \"people.csv\"\nlayer = \"population\"\n\
             [[source]]\npath = \"units.geojson\"\nlayer = \"units\"\n\
             [[source]]\npath = \"clinics.csv\"\nlayer = \"facilities\"\ncrs = \"wgs84\"\n{complete}"
        )
    };
    let verdicts = |complete: &str| {
        let table = coverage_with(&folder, &town(), &own(complete), &[]);
        ["甲小区", "乙小区"].map(|compound| verdict(&table, compound))
    };
    let unknown = "unknown source_incomplete";
    assert_eq!(verdicts(""), [unknown, unknown]);
    assert_eq!(verdicts("complete_for = [\"clinic\"]\n"), ["gap beyond", "gap beyond"]);
    let one = "complete_for = [\"clinic\"]\ncomplete_in = [\"东社区\"]\n";
    assert_eq!(verdicts(one), [unknown, "gap beyond"]);
    let text = own("complete_in = [\"东社区\"]\n");
    let list = write(&folder, "OWN.toml", text);
    let (extract, city) = (folder.path().join("town.osm.pbf"), folder.path().join("refused.circle"));
    let refused = finish(command().arg("build").arg(extract).arg("--own").arg(list).arg("-o").arg(city));
    assert!(refused.refusal().contains("complete_for is missing"), "{}", refused.err);
}

/// A compound between two streets that meet far away, without a gate in the map.
fn between_streets() -> Drawn {
    let south: Vec<[i32; 2]> = (-2..=5).map(|number| [number * 500, 0]).collect();
    let north: Vec<[i32; 2]> = (-2..=5).map(|number| [number * 500, 240]).collect();
    Drawn::default()
        .way(&south, "highway=residential name=South")
        .way(&north, "highway=residential name=North")
        .way(&[[2500, 0], [2500, 240]], "highway=residential name=East")
        .way(&rectangle(0, 15, 200, 225), "landuse=residential name=甲小区")
        .way(&[[-1000, 120], [-10, 120]], "barrier=wall")
        .way(&[[210, 120], [2490, 120]], "barrier=wall")
        .tag([100, -8], "amenity=clinic name=东诊所")
}

#[test]
fn a_verdict_that_holds_from_one_side_only_is_unknown_until_the_gate_is_known() {
    let people = "小区名称,居民人数\n甲小区,1000\n";
    let table = coverage(&between_streets(), people, &[]);
    let cell = |table, column| cell(table, "甲小区", "诊所", column);
    assert_eq!(verdict(&table, "甲小区"), "unknown gate_unknown");
    assert_eq!(cell(&table, "gate_provenance"), "inferred");
    let seconds = |table, column| cell(table, column).parse::<f64>().unwrap();
    // At most 100 m from a corner of the south side. From the north side 2,400 m east, 240 m south and 2,400
    // m back, ± 100 m from a corner, at 1.25 m/s, and the legs.
    assert!(seconds(&table, "seconds_best") < 160.0, "{table:?}");
    assert!((seconds(&table, "seconds_worst") - 5040.0 / 1.25).abs() < 160.0, "{table:?}");
    let by_metres = table.1.iter().find(|row| row[2] == "诊所八百米").unwrap();
    assert_eq!(by_metres[12..14], ["unknown", "gate_unknown"]);
    // A mapped gate makes the verdict known.
    let mapped = coverage(&between_streets().tag([100, 15], "barrier=gate"), people, &[]);
    assert_eq!(
        (verdict(&mapped, "甲小区").as_str(), cell(&mapped, "gate_provenance").as_str()),
        ("covered", "mapped")
    );
    assert_eq!(cell(&mapped, "seconds_best"), cell(&mapped, "seconds_worst"));
    let north = between_streets().tag([100, 225], "barrier=gate");
    assert_eq!(verdict(&coverage(&north, people, &[]), "甲小区"), "gap beyond");
}

/// The survey lists the compound, with the lines whose verdicts depend on the gate.
#[test]
fn the_survey_lists_compounds_whose_verdicts_depend_on_the_gate() {
    let folder = tempfile::tempdir().unwrap();
    let town = between_streets().tag([300, -8], "leisure=park name=园");
    let town = town.tag([120, -10], "shop=supermarket name=东超市");
    let extract = write(&folder, "town.osm.pbf", town.pbf());
    let (header, rows) = circle(["check", extract.to_str().unwrap()]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let row = rows.iter().find(|row| row[at("kind")] == "gate_to_survey").unwrap();
    assert_eq!(row[at("name")], "甲小区");
    assert!(row[at("message")].contains("生鲜超市") && row[at("message")].contains("卫生室"), "{row:?}");
    let survey = circle(["coverage", extract.to_str().unwrap(), "--table", "survey"]).ok().csv();
    assert_eq!(survey.1.len(), 1);
    assert_eq!(survey.1[0][1..3], [row[at("id")].as_str(), "甲小区"]);
    assert!(row[at("id")].starts_with('w'), "the compound is a way: {row:?}");
}

/// A hospital does not meet the line, but is named in `beside_name`.
#[test]
fn a_hospital_beside_the_clinics_is_named_and_does_not_count() {
    let town = town().tag([150, 12], "amenity=hospital name=市第一医院");
    let table = coverage(&town, PEOPLE, &[]);
    assert_eq!(verdict(&table, "甲小区"), "unknown source_incomplete");
    assert_eq!(cell(&table, "甲小区", "诊所", "beside_name"), "市第一医院");
    assert!(cell(&table, "甲小区", "诊所", "beside_seconds").parse::<f64>().unwrap() < 120.0);
}
