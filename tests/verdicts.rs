//! Verdicts and their reasons, in drawn towns.

use crate::drawn::{Drawn, rectangle};
use crate::run::{circle, write};

const RULES: &str = r#"
id = "drawn"
zh = "试"
minutes = 15
[[line]]
zh = "诊所"
any_of = ["clinic"]
[[line]]
zh = "药店三百米"
any_of = ["pharmacy"]
radius_metres = 300
[[line]]
zh = "大公园"
any_of = ["park"]
smallest_hectares = 5
[[line]]
zh = "物业服务"
measurable = false
"#;

/// A compound by the street, with its gate.
fn town() -> Drawn {
    Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
}

/// Verdict, reason and distances of a category or line for 甲小区.
fn judged(town: &Drawn, name: &str, more: &[&str]) -> [String; 5] {
    let folder = tempfile::tempdir().unwrap();
    let (city, rules) = (write(&folder, "town.osm.pbf", town.pbf()), write(&folder, "rules.toml", RULES));
    // A drawn town has no residents, so no facility is expected, and completeness is unknown.
    let mut args =
        vec!["coverage", city.to_str().unwrap(), "--rules", rules.to_str().unwrap(), "--as-mapped"];
    args.extend(more);
    let (header, rows) = circle(args).ok().csv();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let row = rows.iter().find(|row| row[1] == "甲小区" && row[2] == name).unwrap();
    ["verdict", "reason", "radius_metres", "straight_metres", "straight_verdict"]
        .map(|name| row[column(name)].clone())
}

fn verdict(town: &Drawn, name: &str, more: &[&str]) -> String {
    let [verdict, reason, ..] = judged(town, name, more);
    format!("{verdict} {reason}").trim().to_owned()
}

#[test]
fn a_gap_has_a_reason() {
    assert_eq!(verdict(&town(), "clinic", &[]), "gap none_in_city");
    assert_eq!(verdict(&town().tag([300, 10], "amenity=clinic"), "clinic", &[]), "covered");
    let steps = town().way(&[[500, 0], [500, -60]], "highway=steps").tag([500, -65], "amenity=clinic");
    assert_eq!(verdict(&steps, "clinic", &[]), "covered");
    assert_eq!(verdict(&steps, "clinic", &["--profile", "wheelchair"]), "gap impassable");
    let closed = town()
        .way(&rectangle(400, 10, 600, 310), "landuse=residential residential=gated name=乙小区")
        .way(&[[500, 0], [500, 200], [500, 350]], "highway=service")
        .way(&[[500, 350], [700, 350]], "highway=residential name=Behind")
        .tag([700, 355], "amenity=clinic")
        // A facility near the compound, so that its residents are not shut in.
        .tag([300, 8], "shop=supermarket name=超市");
    assert_eq!(verdict(&closed, "clinic", &[]), "gap only_through_closed");
    let island = town()
        .way(&[[-900, 900], [-100, 900]], "highway=residential name=Far")
        .tag([-500, 905], "amenity=clinic");
    assert_eq!(verdict(&island, "clinic", &[]), "unknown on_island");
    let night = town().tag([300, 10], "amenity=clinic opening_hours=08:00-17:00");
    assert_eq!(verdict(&night, "clinic", &["--at-time", "22:00"]), "gap closed_at_hour");
    assert_eq!(verdict(&night, "clinic", &["--at-time", "12:00"]), "covered");
}

#[test]
fn a_gap_near_the_edge_of_the_data_is_unknown() {
    let whole = town()
        .way(&[[-1000, 0], [-1000, -1500]], "highway=residential name=Long")
        .tag([-1000, -1500], "amenity=clinic");
    assert_eq!(verdict(&whole, "clinic", &[]), "gap beyond");
    let cut = whole.way(&[[1000, 0], [1000, 300]], "highway=residential name=Cut").lose([1000, 300]);
    let cut = cut.way(&[[1000, 0], [1100, 0], [1200, 0]], "highway=residential name=Cut2").lose([1200, 0]);
    assert_eq!(verdict(&cut, "clinic", &[]), "unknown data_edge");
}

#[test]
fn distances_are_judged_along_walks_and_in_a_straight_line() {
    // The pharmacy is near in a straight line across a railway, and far along the ways.
    let town = town()
        .way(&[[-1000, -60], [1000, -60]], "railway=rail")
        .way(&[[-1000, -120], [1000, -120]], "highway=residential name=South")
        .way(&[[1000, 0], [1000, -120]], "highway=residential name=East")
        .tag([100, -130], "amenity=pharmacy");
    let [verdict, reason, radius, metres, straight_verdict] = judged(&town, "药店三百米", &[]);
    assert_eq!([&*verdict, &*reason, &*radius, &*straight_verdict], ["gap", "beyond", "300", "covered"]);
    assert!((metres.parse::<f64>().unwrap() - 140.0).abs() < 2.0, "{metres}");
}

#[test]
fn facilities_that_are_too_small_do_not_count_and_unmeasurable_lines_are_unknown() {
    let park = |east: i32| town().way(&rectangle(300, 10, east, 210), "leisure=park name=园");
    assert_eq!(verdict(&park(350), "大公园", &[]), "gap none_in_city");
    assert_eq!(verdict(&park(700), "大公园", &[]), "covered");
    assert_eq!(verdict(&town(), "物业服务", &[]), "unknown not_measured");
}
