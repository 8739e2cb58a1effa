//! The effect of corrections over HTTP is that of a build with them.

use crate::drawn::{Drawn, rectangle};
use crate::jobs::post;
use crate::own::{Planner, at};
use crate::run::circle;
use crate::server::Server;
use circle_server::testing::check_answer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Two compounds between streets, each with mapped gates, and a few facilities along the main street.
fn town() -> Drawn {
    Drawn::with_street()
        .way(&[[-20, 0], [-20, 300]], "highway=residential name=West")
        .way(&[[220, 0], [220, 300]], "highway=residential name=East")
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .tag([100, 10], "barrier=gate")
        .tag([200, 100], "barrier=gate")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=乙小区")
        .tag([500, 10], "barrier=gate")
        .tag([-300, -20], "shop=supermarket name=联华超市")
        .tag([-800, -20], "amenity=clinic name=西诊所")
        .tag([700, -20], "amenity=bank name=某银行")
}

/// Verdict and walk by compound and line.
fn verdicts(city: &Path) -> BTreeMap<(String, String), (String, Option<f64>)> {
    let (header, rows) = circle(["coverage", city.to_str().unwrap(), "--format", "csv"]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let [compound, line, verdict, walk] =
        [at("compound_id"), at("category"), at("verdict"), at("walk_seconds")];
    let judged = rows.iter().filter(|row| !row[verdict].is_empty());
    judged
        .map(|row| {
            let key = (row[compound].clone(), row[line].clone());
            (key, (row[verdict].clone(), row[walk].parse().ok()))
        })
        .collect()
}

#[test]
fn the_effect_is_that_of_a_build_with_the_corrections() {
    let csv = format!(
        "action,of,name,compound,lon,lat,new_category,new_lon,new_lat,author,date\n\
         moved,gate,,乙小区,{},,{},王,2026-11-01\n\
         closed,gate,,甲小区,{},,,,王,2026-11-01\n\
         new_gate,,西门,甲小区,{},,,,王,2026-11-01\n\
         closed,,联华超市,,{},,,,王,2026-11-02\n\
         moved,,西诊所,,{},,{},王,2026-11-02\n\
         wrong_category,,某银行,,{},clinic,,,王,2026-11-02\n\
         new_facility,,新华超市,,{},supermarket,,,王,2026-11-02\n",
        at([500, 10]),
        at([440, 10]),
        at([200, 100]),
        at([0, 100]),
        at([-300, -20]),
        at([-800, -20]),
        at([100, -20]),
        at([700, -20]),
        at([560, -20])
    );
    let before = Planner::new(&town());
    before.build().ok();
    let before = before.path("town.circle");
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers().unwrap().clone();
    let corrections: Vec<Value> = rows
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cells = header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
            cells.map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect()
        })
        .collect();
    let server = Server::start(&before);
    let body = json!({ "corrections": corrections }).to_string();
    let answer = post(&server, "/api/corrections/effect", "application/json", &body);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    check_answer("/api/corrections/effect", &answer.body).unwrap();
    let effect = answer.json();
    assert_eq!(effect["refused"], json!([]));
    let mut expected = verdicts(&before);
    for line in effect["compounds"].as_array().unwrap() {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let known = expected.get_mut(&(text("id"), text("line"))).unwrap();
        assert_eq!(*known, (text("verdict_before"), line["seconds_before"].as_f64()), "{line}");
        *known = (text("verdict_after"), line["seconds_after"].as_f64());
    }
    assert!(effect["counts"]["changed"] == 2, "{effect}");

    let after = Planner::new(&town()).file("fix.csv", &csv, "layer = \"corrections\"\ncrs = \"wgs84\"");
    let built = after.build().ok();
    assert!(!built.err.contains("stale"), "{}", built.err);
    let found = verdicts(&after.path("town.circle"));
    assert_eq!(found, expected);
    let info = circle(["info", after.path("town.circle").to_str().unwrap()]).ok().json();
    assert_eq!((&info["own"][0]["rows"], &info["own"][0]["accepted"]), (&7.into(), &7.into()));
}
