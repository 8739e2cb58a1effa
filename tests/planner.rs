//! Own files in coverage: units, population and capacities, in a drawn town.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::run::{command, finish, write};
use std::path::PathBuf;
use tempfile::TempDir;

/// Three compounds by the street, 甲 and 乙 near the clinic, 丙 too far from it, in two communities of one
/// street.
fn town(folder: &TempDir) -> PathBuf {
    // The data extends beyond the units, so that none of them is cut.
    let town = Drawn::with_street()
        .way(&[[-1300, -400], [-1300, 400]], "highway=footway")
        .way(&[[1300, -400], [1300, 400]], "highway=footway")
        .way(&rectangle(-900, 10, -800, 110), "landuse=residential name=甲小区")
        .tag([-850, 10], "barrier=gate")
        .way(&rectangle(-600, 10, -500, 110), "landuse=residential name==乙,小区")
        .tag([-550, 10], "barrier=gate")
        .way(&rectangle(800, 10, 900, 110), "landuse=residential name=丙小区")
        .tag([850, 10], "barrier=gate");
    let place = |at: [i32; 2]| {
        let [lon, lat] = degrees(at);
        format!("{lon:.7},{lat:.7}")
    };
    let ring = |corners: [[i32; 2]; 5]| corners.map(|corner| format!("[{}]", place(corner))).join(",");
    let unit = |name: &str, level: u32, corners: [[i32; 2]; 5]| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}","level":"{level}"}},
            "geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
            ring(corners)
        )
    };
    let units = [
        unit("和平区", 6, rectangle(-1200, -300, 1200, 300)),
        unit("东风街道", 8, rectangle(-1100, -200, 1100, 200)),
        unit("西社区", 10, rectangle(-1000, -150, 0, 150)),
        unit("东社区", 10, rectangle(0, -150, 1000, 150)),
    ]
    .join(",");
    write(folder, "units.geojson", format!(r#"{{"type":"FeatureCollection","features":[{units}]}}"#));
    write(
        folder,
        "people.csv",
        "小区名称,户数,居民人数,老年人,儿童\n甲小区,100,300,60,30\n\"=乙,小区\",200,500,50,100\n丙小区,50,150,70,5\n",
    );
    write(
        folder,
        "clinics.csv",
        format!(
            "名称,类别,经度,纬度,床位\n西诊所,clinic,{},8\n东门诊,clinic,{},\n",
            place([-700, 10]),
            place([-1000, 15])
        ),
    );
    write(
        folder,
        "OWN.toml",
        r#"
[[source]]
path = "units.geojson"
layer = "units"
crs = "wgs84"
[[source]]
path = "people.csv"
layer = "population"
[[source]]
path = "clinics.csv"
layer = "facilities"
crs = "wgs84"
[source.columns]
capacity = "床位"
"#,
    );
    write(folder, "town.osm.pbf", town.pbf());
    write(
        folder,
        "rules.toml",
        "id = \"drawn\"\nzh = \"试\"\nminutes = 15\nconfidence = \"secondary\"\nsource = \"made up\"\n[[line]]\nzh = \"诊所\"\nany_of = [\"clinic\"]\n",
    );
    build(folder)
}

fn build(folder: &TempDir) -> PathBuf {
    let city = folder.path().join("town.circle");
    let mut build = command();
    build
        .arg("build")
        .arg(folder.path().join("town.osm.pbf"))
        .arg("--own")
        .arg(folder.path().join("OWN.toml"));
    finish(build.arg("-o").arg(&city)).ok();
    city
}

type Table = (Vec<String>, Vec<Vec<String>>);

fn coverage(folder: &TempDir, city: &PathBuf, more: &[&str]) -> Table {
    let mut run = command();
    run.arg("coverage").arg(city).arg("--rules").arg(folder.path().join("rules.toml")).args(more);
    finish(&mut run).ok().csv()
}

/// The cell in `column` of the row whose cell in `key` is `is`.
#[track_caller]
fn cell<'a>(table: &'a Table, key: &str, is: &str, column: &str) -> &'a str {
    let at =
        |name: &str| table.0.iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
    let row = table.1.iter().find(|row| row[at(key)] == is);
    &row.unwrap_or_else(|| panic!("no {is} in {:?}", table.1))[at(column)]
}

#[test]
fn units_count_compounds_households_and_people() {
    let folder = tempfile::tempdir().unwrap();
    let city = town(&folder);
    let table = coverage(&folder, &city, &["--by", "community"]);
    let of = |unit: &str, column: &str| cell(&table, "unit_name", unit, column).to_owned();
    for (column, west, east) in [
        ("compounds_covered", "2", "0"),
        ("compounds_gap", "0", "1"),
        ("households_covered", "300", "0"),
        ("residents_covered", "800", "0"),
        ("residents_gap", "0", "150"),
        ("residents_share", "1", "0"),
        ("elderly_covered", "110", "0"),
        ("elderly_gap", "0", "70"),
        ("children_covered", "130", "0"),
        ("children_gap", "0", "5"),
        ("parent_name", "东风街道", "东风街道"),
        ("partial", "false", "false"),
    ] {
        assert_eq!([of("西社区", column), of("东社区", column)], [west, east], "{column}");
    }
    let whole = coverage(&folder, &city, &["--by", "city"]);
    assert_eq!(cell(&whole, "category", "clinic", "residents_gap"), "150");
    let ledger = coverage(&folder, &city, &["--table", "ledger"]);
    assert_eq!(ledger.1.len(), 1);
    for (column, expected) in [
        ("district", "和平区"),
        ("subdistrict", "东风街道"),
        ("community", "东社区"),
        ("line", "诊所"),
        ("asked", "步行 15 分钟"),
        ("reason", "最近的超出时限"),
        ("residents", "150"),
        ("elderly", "70"),
        ("department", "卫健"),
        ("measure", ""),
        ("deadline", ""),
        ("source", "made up"),
        ("to_check", "待核"),
    ] {
        assert_eq!(cell(&ledger, "compound_name", "丙小区", column), expected, "{column}");
    }
    let worst = coverage(&folder, &city, &["--table", "compounds"]);
    assert_eq!(
        worst.1.iter().map(|row| row[2].as_str()).collect::<Vec<_>>(),
        ["丙小区", "'=乙,小区", "甲小区"]
    );
    assert_eq!(cell(&worst, "rank", "1", "lacks"), "诊所");
}

/// 8 beds for the 800 residents within 15 minutes are 10 per 1,000; the far compound has none.
#[test]
fn supply_is_shared_by_the_residents_within_reach() {
    let folder = tempfile::tempdir().unwrap();
    let city = town(&folder);
    let catchments = coverage(&folder, &city, &["--table", "catchments"]);
    for (column, expected) in [
        ("capacity", "8"),
        ("residents", "800"),
        ("capacity_per_thousand", "10"),
        ("facilities_without_capacity", "1"),
        ("minutes", "15"),
    ] {
        assert_eq!(cell(&catchments, "facility_name", "西诊所", column), expected, "{column}");
    }
    let supply = coverage(&folder, &city, &["--table", "supply"]);
    for (compound, per_thousand, share) in
        [("甲小区", "10", "1"), ("'=乙,小区", "10", "1"), ("丙小区", "0", "0")]
    {
        let of = |column: &str| cell(&supply, "compound_name", compound, column).to_owned();
        assert_eq!([of("capacity_per_thousand"), of("share_of_city")], [per_thousand, share], "{compound}");
    }
}

/// A gap with an unknown number of residents has an empty cell, not 0.
#[test]
fn unknown_residents_are_reported_and_not_counted_as_zero() {
    let folder = tempfile::tempdir().unwrap();
    town(&folder);
    let people = "小区名称,户数,居民人数,老年人\n甲小区,100,300,60\n";
    write(&folder, "people.csv", people);
    let city = build(&folder);
    let table = coverage(&folder, &city, &["--by", "city"]);
    let of = |column: &str| cell(&table, "category", "clinic", column).to_owned();
    assert_eq!([of("residents_covered"), of("residents_gap"), of("residents_share")], ["300", "", ""]);
    assert_eq!([of("compounds_without_residents"), of("compounds_without_children")], ["2", "3"]);
    assert_eq!([of("elderly_covered"), of("elderly_gap"), of("children_covered")], ["60", "", ""]);
    let mut run = command();
    let out = folder.path().join("table.csv");
    run.arg("coverage").arg(&city).arg("--rules").arg(folder.path().join("rules.toml")).arg("-o").arg(&out);
    let summary = finish(&mut run).ok().err;
    let line = summary.lines().find(|line| line.starts_with("诊所")).unwrap();
    // The number of residents in the gap is unknown, so the share is that of compounds.
    assert_eq!(line.split_whitespace().nth(4), Some("小区67%"), "{summary}");
}

/// Without any pharmacy the verdict is unknown, unless an own list is declared complete.
#[test]
fn a_complete_list_without_a_facility_proves_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    town(&folder);
    let rules =
        "id = \"drawn\"\nzh = \"试\"\nminutes = 15\n[[line]]\nzh = \"药店\"\nany_of = [\"pharmacy\"]\n";
    write(&folder, "rules.toml", rules);
    let reason = |city: &PathBuf| {
        let (_, rows) = coverage(&folder, city, &[]);
        let row = rows.into_iter().find(|row| row[2] == "pharmacy").unwrap();
        format!("{} {}", row[12], row[13])
    };
    assert_eq!(reason(&build(&folder)), "unknown source_incomplete");
    let own = std::fs::read_to_string(folder.path().join("OWN.toml")).unwrap();
    let complete = own.replace("[source.columns]", "complete_for = [\"pharmacy\"]\n[source.columns]");
    write(&folder, "OWN.toml", complete);
    assert_eq!(reason(&build(&folder)), "gap none_in_city");
}

/// `one_per`: a community with a clinic is covered, one without is a gap, and one cut by the edge of the data
/// is unknown.
#[test]
fn one_per_unit_is_judged_by_unit() {
    let folder = tempfile::tempdir().unwrap();
    let city = town(&folder);
    let rules = "id = \"drawn\"\nzh = \"试\"\nminutes = 15\n[[line]]\nzh = \"每社区诊所\"\nany_of = [\"clinic\"]\none_per = \"community\"\n";
    write(&folder, "rules.toml", rules);
    let verdicts = |city: &PathBuf| {
        let (_, rows) = coverage(&folder, city, &[]);
        let of_line = rows.into_iter().filter(|row| row[18] == "每社区诊所");
        of_line.map(|row| format!("{} {} {}", row[1], row[12], row[13])).collect::<Vec<_>>()
    };
    // A new clinic in the east is the cause of the change.
    let clinics = std::fs::read_to_string(folder.path().join("clinics.csv")).unwrap();
    let [lon, lat] = degrees([600, 10]);
    let before = folder.path().join("before.circle");
    std::fs::copy(&city, &before).unwrap();
    write(&folder, "clinics.csv", format!("{clinics}东新诊所,clinic,{lon:.7},{lat:.7},\n"));
    let mut run = command();
    run.arg("compare").arg(&before).arg(build(&folder)).arg("--rules").arg(folder.path().join("rules.toml"));
    let changes = finish(&mut run).ok().csv();
    assert_eq!(cell(&changes, "compound_name", "丙小区", "cause"), "facility_new", "{changes:?}");
    assert_eq!(changes.1.len(), 1);
    write(&folder, "clinics.csv", clinics);
    let city = build(&folder);
    let whole = ["甲小区 covered ", "'=乙,小区 covered ", "丙小区 gap none_in_unit"];
    assert_eq!(verdicts(&city), whole);
    // The same community, extended beyond the data.
    let units = std::fs::read_to_string(folder.path().join("units.geojson")).unwrap();
    let [edge, _] = degrees([1000, 0]);
    let [beyond, _] = degrees([2000, 0]);
    write(&folder, "units.geojson", units.replace(&format!("{edge:.7}"), &format!("{beyond:.7}")));
    let cut = ["甲小区 covered ", "'=乙,小区 covered ", "丙小区 unknown data_edge"];
    assert_eq!(verdicts(&build(&folder)), cut);
}

#[test]
fn the_summary_counts_the_people_in_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let city = town(&folder);
    let mut run = command();
    let out = folder.path().join("table.csv");
    run.arg("coverage").arg(&city).arg("--rules").arg(folder.path().join("rules.toml")).arg("-o").arg(&out);
    let summary = finish(&mut run).ok().err;
    let line = summary.lines().find(|line| line.starts_with("诊所")).unwrap();
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["诊所", "2", "1", "0", "84%", "最近的超出时限"]);
    for words in ["950 居民（登记", "东社区", "待核"] {
        assert!(summary.contains(words), "{words}: {summary}");
    }
    let table = std::fs::read_to_string(&out).unwrap();
    assert!(table.contains("\"'=乙,小区\""), "a formula in a table: {table}");
}
