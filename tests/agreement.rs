//! Reach, coverage and isochrones agree with `circle times`.

use crate::plane::{contains, shape};
use crate::run::{COMPOUND, Numbers, circle, harbin, write};
use crate::server::{Server, encoded};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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

/// Seconds by pair, of the pairs within `minutes`.
fn times(from: &str, to: &str, minutes: u32) -> BTreeMap<(String, String), f64> {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (write(&folder, "from.csv", from), write(&folder, "to.csv", to));
    let (from, to, minutes) = (from.to_str().unwrap(), to.to_str().unwrap(), minutes.to_string());
    let (_, rows) =
        circle(["times", city(), "--max-minutes", &minutes, "--from", from, "--to", to]).ok().csv();
    let ok = rows.into_iter().filter(|row| row[6] == "ok");
    ok.map(|row| ((row[0].clone(), row[1].clone()), row[2].parse().unwrap())).collect()
}

/// The least seconds to each place, over all starts.
fn least(from: &str, to: &str, minutes: u32) -> BTreeMap<String, f64> {
    let mut least = BTreeMap::<String, f64>::new();
    for ((_, to), seconds) in times(from, to, minutes) {
        let best = least.entry(to).or_insert(seconds);
        *best = best.min(seconds);
    }
    least
}

/// Points in the CSV form that `circle times` reads.
fn csv<'a>(features: impl IntoIterator<Item = &'a Value>) -> String {
    let mut csv = String::from("id,lon,lat\n");
    for feature in features {
        let at = &feature["geometry"]["coordinates"];
        writeln!(csv, "{},{},{}", text(feature, "id"), at[0], at[1]).unwrap();
    }
    csv
}

/// The facilities that are points and their own access point. Stations are entered at their entrances.
fn plain_facilities(server: &Server) -> Vec<Value> {
    let all = server.json("/api/collections/facilities/items?limit=10000&osm_type=node&access_points=1");
    let of_all = list(&all["features"]).iter();
    of_all.filter(|each| each["properties"]["category"] != "metro").cloned().collect()
}

fn gates(server: &Server, compound: &str) -> Vec<Value> {
    let all = server.json(&format!("/api/collections/gates/items?limit=1000&compound_id={compound}"));
    list(&all["features"]).clone()
}

/// Every 67th compound, after the one that the README shows.
fn compounds(server: &Server) -> Vec<String> {
    let all = server.json("/api/collections/compounds/items?limit=10000");
    let ids = list(&all["features"]).iter().step_by(67).map(|compound| text(compound, "id").to_owned());
    let shown = server.json(&format!("/api/collections/compounds/items?name={}", encoded(COMPOUND)));
    std::iter::once(text(&shown["features"][0], "id").to_owned()).chain(ids).collect()
}

/// The seconds of `/api/reach` are the least of `circle times` over the gates, or those of the place.
#[test]
fn reach_and_times_agree() {
    let server = Server::start(harbin());
    let facilities = plain_facilities(&server);
    let (to, plain): (_, HashSet<_>) =
        (csv(&facilities), facilities.iter().map(|each| text(each, "id")).collect());
    assert!(plain.len() > 400, "{}", plain.len());
    let compounds = compounds(&server)
        .into_iter()
        .map(|id| (format!("compound={id}"), csv(&gates(&server, &id))))
        .filter(|(_, gates)| gates.lines().count() > 1);
    let places = ["126.6433,45.7579", "126.6170,45.7700", "126.6520,45.7470", "126.6287,45.7561"];
    let places = places.map(|at| (format!("at={at}"), format!("id,lon,lat\no,{at}\n")));
    let (mut compared, mut wrong) = (0, Vec::new());
    for (origin, from) in compounds.chain(places) {
        let reach = server.json(&format!("/api/reach?{origin}&minutes=15"));
        let reached: BTreeMap<String, f64> = list(&reach["features"])
            .iter()
            .filter(|facility| plain.contains(text(facility, "id")))
            .map(|it| (text(it, "id").to_owned(), it["properties"]["walk_seconds"].as_f64().unwrap()))
            .collect();
        let least = least(&from, &to, 15);
        for facility in reached.keys().chain(least.keys()).collect::<BTreeSet<_>>() {
            let (one, other) = (reached.get(facility), least.get(facility));
            compared += 1;
            if !one.zip(other).is_some_and(|(one, other)| (one - other).abs() <= 0.002) {
                wrong.push(format!("{origin}, facility {facility}: reach {one:?} s, times {other:?} s"));
            }
        }
    }
    assert!(compared > 200, "{compared}");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Distant facilities are found by a reverse search, from the facilities to the gates.
#[test]
fn coverage_and_times_agree_however_far() {
    let server = Server::start(harbin());
    let facilities = plain_facilities(&server);
    let (_, rows) = circle(["coverage", city()]).ok().csv();
    let (mut compared, mut far, mut wrong) = (0, 0, Vec::new());
    for compound in compounds(&server) {
        let rows: Vec<_> = rows.iter().filter(|row| row[0] == compound && !row[4].is_empty()).collect();
        let nearest: HashSet<_> = rows.iter().map(|row| row[4].as_str()).collect();
        let to = csv(facilities.iter().filter(|facility| nearest.contains(text(facility, "id"))));
        if to.lines().count() == 1 {
            continue;
        }
        let by_gate = times(&csv(&gates(&server, &compound)), &to, 240);
        let least = least(&csv(&gates(&server, &compound)), &to, 240);
        for row in rows.iter().filter(|row| least.contains_key(&row[4])) {
            let seconds: f64 = row[7].parse().unwrap();
            let of_gate = by_gate[&(row[6].clone(), row[4].clone())];
            compared += 1;
            far += usize::from(seconds > 900.0);
            if (seconds - least[&row[4]]).abs() > 0.002 || (seconds - of_gate).abs() > 0.002 {
                wrong.push(format!("{row:?}: times {} s, {of_gate} s from that gate", least[&row[4]]));
            }
        }
    }
    assert!(compared > 300 && far > 100, "{compared}, {far} of them far");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The nearest facility and the counts of the table are those of `/api/reach`.
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

/// Compares the polygon with the times of random places around the origin, on and off streets.
#[test]
fn the_shape_contains_the_places_that_times_reach() {
    for [lon, lat] in [[126.6433_f64, 45.7579], [126.617, 45.770], [126.652, 45.747]] {
        let at = format!("{lon},{lat}");
        let answer = circle(["isochrone", city(), "--at", &at]).ok().json();
        for (band, minutes) in [5.0, 10.0, 15.0].into_iter().enumerate() {
            // The shape fills about half of this box.
            let (width, height) = (minutes * 0.0018, minutes * 0.0013);
            let mut numbers = Numbers(lon.to_bits() + band as u64);
            let mut to = String::from("id,lon,lat\n");
            let places: Vec<[f64; 2]> = (0..400)
                .map(|id| {
                    let place =
                        [lon + (numbers.share() - 0.5) * width, lat + (numbers.share() - 0.5) * height];
                    writeln!(to, "{id},{},{}", place[0], place[1]).unwrap();
                    place
                })
                .collect();
            let seconds = times(&format!("id,lon,lat\no,{at}\n"), &to, 15);
            let reached = |id: usize| {
                let seconds = seconds.get(&("o".to_owned(), id.to_string()));
                seconds.is_some_and(|seconds| *seconds <= minutes * 60.0)
            };
            let shape = shape(&answer["features"][band]["geometry"]);
            let agreed = (0..400).filter(|id| contains(&shape, places[*id]) == reached(*id)).count();
            assert!(agreed >= 388, "from {at} within {minutes} minutes: {agreed} of 400 agree");
            let inside = (0..400).filter(|id| reached(*id)).count();
            assert!((80..360).contains(&inside), "places inside and outside: {inside}");
        }
    }
}

/// Legs that do not change when compounds are opened are reused. The reached facilities are the same.
#[test]
fn compounds_opened_early_or_late_give_the_same_reach() {
    let city = circle_model::City::open(harbin()).unwrap();
    let [first, later] = [(); 2].map(|()| circle_reach::Network::build(&city));
    later.prepare_facilities();
    let profile = circle_model::Profiles::built_in().find("adult").unwrap().clone();
    let reached = |network: &circle_reach::Network, compound: u32| {
        let origin = circle_reach::Origin::Compound(circle_model::CompoundId(compound));
        let limit = circle_model::Milliseconds::from_minutes(15);
        circle_reach::reach(
            &network.with_compounds_open(),
            &profile,
            origin,
            limit,
            &circle_reach::Cancel::never(),
        )
        .unwrap()
        .unwrap_or_default()
    };
    let mut found = 0;
    for compound in (0..city.compounds().len() as u32).step_by(7) {
        let both = [&first, &later].map(|network| reached(network, compound));
        assert_eq!(both[0], both[1], "{compound}");
        found += both[0].len();
    }
    assert!(found > 5_000, "{found}");
}
