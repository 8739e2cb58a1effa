//! Times answer, shapes only draw: every answer comes from the same times.

use crate::plane::{contains, shape};
use crate::run::{COMPOUND, Numbers, circle, harbin, write};
use crate::server::{Server, encoded};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

fn city() -> &'static str {
    harbin().to_str().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

/// Seconds by pair; pairs that are not within 15 minutes are left out.
fn times(from: &str, to: &str) -> BTreeMap<(String, String), f64> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (write(&folder, "from.csv", from), write(&folder, "to.csv", to));
    let args = [
        "times",
        city(),
        "--max-minutes",
        "15",
        "--from",
        from.to_str().unwrap(),
        "--to",
        to.to_str().unwrap(),
    ];
    let (_, rows) = circle(args).ok().csv();
    let ok = rows.into_iter().filter(|row| row[6] == "ok");
    ok.map(|row| ((row[0].clone(), row[1].clone()), row[2].parse().unwrap())).collect()
}

/// Some compounds of all kinds, the one that the README shows first.
fn compounds(server: &Server) -> Vec<String> {
    let all = server.json("/api/collections/compounds/items?limit=10000");
    let ids = list(&all["features"]).iter().step_by(67).map(|compound| text(compound, "id").to_owned());
    let shown = server.json(&format!("/api/collections/compounds/items?name={}", encoded(COMPOUND)));
    std::iter::once(text(&shown["features"][0], "id").to_owned()).chain(ids).collect()
}

/// For facilities that are plain points, the server's seconds are the least over the gates of `circle times`.
#[test]
fn reach_and_times_agree_from_every_gate() {
    let server = Server::start(harbin());
    let facilities =
        server.json("/api/collections/facilities/items?limit=10000&osm_type=node&access_points=1");
    let (mut to, mut plain) = (String::from("id,lon,lat\n"), HashMap::new());
    for facility in list(&facilities["features"]) {
        let id = text(facility, "id");
        writeln!(
            to,
            "{id},{},{}",
            facility["geometry"]["coordinates"][0], facility["geometry"]["coordinates"][1]
        )
        .unwrap();
        plain.insert(id, facility);
    }
    assert!(plain.len() > 500, "{}", plain.len());
    let (mut compared, mut wrong) = (0, Vec::new());
    for compound in compounds(&server) {
        let gates = server.json(&format!("/api/collections/gates/items?limit=1000&compound_id={compound}"));
        let mut from = String::from("id,lon,lat\n");
        for gate in list(&gates["features"]) {
            let at = &gate["geometry"]["coordinates"];
            writeln!(from, "{},{},{}", text(gate, "id"), at[0], at[1]).unwrap();
        }
        let reach = server.json(&format!("/api/reach?compound={compound}&minutes=15"));
        let mut reached = BTreeMap::new();
        for facility in
            list(&reach["features"]).iter().filter(|facility| plain.contains_key(text(facility, "id")))
        {
            reached.insert(
                text(facility, "id").to_owned(),
                facility["properties"]["walk_seconds"].as_f64().unwrap(),
            );
        }
        let mut least = BTreeMap::<String, f64>::new();
        if !list(&gates["features"]).is_empty() {
            for ((_, facility), seconds) in times(&from, &to) {
                let best = least.entry(facility).or_insert(seconds);
                *best = best.min(seconds);
            }
        }
        for facility in reached.keys().chain(least.keys()).collect::<std::collections::BTreeSet<_>>() {
            let pair = (reached.get(facility), least.get(facility));
            let agree = matches!(pair, (Some(one), Some(other)) if (one - other).abs() <= 0.002);
            compared += 1;
            if !agree {
                wrong.push(format!(
                    "compound {compound}, facility {facility}: reach {:?} s, times {:?} s",
                    pair.0, pair.1
                ));
            }
        }
    }
    assert!(compared > 100, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The table's nearest and counts are those of the server's list.
#[test]
fn coverage_and_reach_agree_in_every_category() {
    let server = Server::start(harbin());
    let (_, rows) = circle(["coverage", city()]).ok().csv();
    for compound in compounds(&server) {
        let reach = server.json(&format!("/api/reach?compound={compound}&minutes=15"));
        let mut seconds = HashMap::<&str, Vec<f64>>::new();
        for facility in list(&reach["features"]) {
            for category in list(&facility["properties"]["categories"]) {
                let all = seconds.entry(category.as_str().unwrap()).or_default();
                all.push(facility["properties"]["walk_seconds"].as_f64().unwrap());
            }
        }
        for row in rows.iter().filter(|row| row[0] == compound && row[2].is_ascii()) {
            let all = seconds.get(row[2].as_str()).cloned().unwrap_or_default();
            let within = |limit: f64| all.iter().filter(|seconds| **seconds <= limit).count().to_string();
            assert_eq!(row[9..12], [within(300.0), within(600.0), within(900.0)], "{row:?}");
            let nearest = row[7].parse().ok().filter(|seconds| *seconds <= 900.0);
            assert_eq!(all.first().copied(), nearest, "{row:?}");
        }
    }
}

/// The polygon and the times are tested against each other on places all around, on and off streets.
#[test]
fn the_shape_holds_the_places_that_times_reach() {
    for [lon, lat] in [[126.6433f64, 45.7579], [126.617, 45.770], [126.652, 45.747]] {
        let at = format!("{lon},{lat}");
        let answer = circle(["isochrone", city(), "--at", &at, "--minutes", "5,15"]).ok().json();
        let mut numbers = Numbers(lon.to_bits());
        let mut to = String::from("id,lon,lat\n");
        let places: Vec<[f64; 2]> = (0..400)
            .map(|id| {
                let place = [lon + (numbers.share() - 0.5) * 0.028, lat + (numbers.share() - 0.5) * 0.02];
                writeln!(to, "{id},{},{}", place[0], place[1]).unwrap();
                place
            })
            .collect();
        let reached = times(&format!("id,lon,lat\no,{at}\n"), &to);
        for (band, limit) in [(0, 300.0), (1, 900.0)] {
            let shape = shape(&answer["features"][band]["geometry"]);
            let fits = |id: usize| {
                let seconds = reached.get(&("o".to_owned(), id.to_string()));
                contains(&shape, places[id]) == seconds.is_some_and(|seconds| *seconds <= limit)
            };
            let agreed = (0..400).filter(|id| fits(*id)).count();
            assert!(agreed >= 388, "from {at} within {limit} s: {agreed} of 400 agree");
        }
        assert!((100..380).contains(&reached.len()), "places on both sides: {}", reached.len());
    }
}
