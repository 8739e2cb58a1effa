//! `circle times`: walking times between lists of places.

use crate::run::{Done, Numbers, circle, harbin, info, project, table, write};
use std::fmt::Write;

const COLUMNS: [&str; 8] = [
    "from_id",
    "to_id",
    "walk_seconds",
    "walk_metres",
    "from_access_metres",
    "to_access_metres",
    "status",
    "through_buildings",
];

fn times(from: impl AsRef<[u8]>, to: impl AsRef<[u8]>, options: &[&str]) -> Done {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (write(&folder, "from.csv", from), write(&folder, "to.csv", to));
    let city = harbin().to_str().unwrap();
    let args = ["times", city, "--from", from.to_str().unwrap(), "--to", to.to_str().unwrap()];
    circle([&args, options].concat())
}

/// Random places in the city centre.
fn places(count: usize, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let mut csv = String::from("id,lon,lat\n");
    for id in 0..count {
        let (lon, lat) = (126.60 + numbers.share() * 0.06, 45.74 + numbers.share() * 0.04);
        writeln!(csv, "p{id},{lon:.6},{lat:.6}").unwrap();
    }
    csv
}

#[test]
fn one_row_per_pair_in_the_order_of_the_input() {
    let done = times(places(7, 1), places(5, 2), &[]).ok();
    let (header, rows) = done.csv();
    assert_eq!(header, COLUMNS);
    let pairs: Vec<_> = rows.iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let expected: Vec<_> =
        (0..7).flat_map(|from| (0..5).map(move |to| (format!("p{from}"), format!("p{to}")))).collect();
    assert_eq!(pairs, expected);
    assert!(done.err.is_empty(), "{}", done.err);
}

#[test]
fn figures_are_given_only_with_the_status_ok() {
    let (_, rows) = times(places(20, 3), places(20, 4), &["--max-minutes", "30"]).ok().csv();
    let mut statuses = std::collections::BTreeMap::<&str, usize>::new();
    for row in &rows {
        *statuses.entry(&row[6]).or_default() += 1;
        if row[6] != "ok" {
            assert!(row[2..6].iter().all(String::is_empty), "{row:?}");
            continue;
        }
        let [seconds, metres, from, to] =
            [2, 3, 4, 5].map(|column: usize| row[column].parse::<f64>().unwrap());
        assert!(seconds <= 1800.0 && metres >= from.max(to) && metres / seconds <= 1.2501, "{row:?}");
        assert!(from <= 400.0 && to <= 400.0, "{row:?}");
    }
    assert!(statuses["ok"] > 50 && statuses["beyond"] > 50, "{statuses:?}");
}

#[test]
fn the_status_states_why_there_is_no_walk() {
    let to = "id,lon,lat\nhere,126.6433,45.7579\nfar,126.6200,45.7400\nnowhere,126.0,45.0\n";
    let from = "id,lon,lat\nhere,126.6433,45.7579\nnowhere,126.0,45.0\n";
    let statuses = |options: &[&str]| -> Vec<String> {
        let (_, rows) = times(from, to, options).ok().csv();
        rows.into_iter().map(|row| row[6].clone()).collect()
    };
    let off = "off_network";
    assert_eq!(statuses(&["--max-minutes", "1"]), ["ok", "beyond", off, off, off, off]);
    assert_eq!(statuses(&["--max-minutes", "120"]), ["ok", "ok", off, off, off, off]);
}

#[test]
fn a_walk_to_its_own_start_takes_no_time() {
    let places = places(60, 12);
    let (_, rows) = times(&places, &places, &[]).ok().csv();
    let wrong: Vec<_> = rows
        .iter()
        .filter(|row| row[0] == row[1] && row[6] != "off_network" && row[2..4] != ["0", "0"])
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}\n{places}");
}

/// Between two components there is no path in either direction.
#[test]
fn walks_between_components_have_no_path_both_ways() {
    assert!(info(harbin()).ok().json()["network"]["components"].as_u64().unwrap() > 1);
    let (_, rows) = times(places(150, 5), places(150, 5), &["--max-minutes", "120"]).ok().csv();
    let statuses: Vec<_> = rows.iter().map(|row| row[6].as_str()).collect();
    for (number, status) in statuses.iter().enumerate() {
        let mirrored = statuses[number % 150 * 150 + number / 150];
        let one_way = ["ok", "beyond"];
        assert!(
            status == &mirrored || one_way.contains(status) && one_way.contains(&mirrored),
            "{:?}",
            rows[number]
        );
    }
}

/// Under `planning`, legs take 1.5 times as long as ways, and there are no waits and no factors for steps.
#[test]
fn planning_time_is_length_by_speed() {
    let (_, rows) = times(places(30, 6), places(30, 7), &["--profile", "planning"]).ok().csv();
    let mut checked = 0;
    for row in rows.iter().filter(|row| row[6] == "ok") {
        let [seconds, metres, from, to] =
            [2, 3, 4, 5].map(|column: usize| row[column].parse::<f64>().unwrap());
        let expected = (metres + 0.5 * (from + to)) / (4.0 / 3.6);
        // Each edge is rounded to a millisecond once.
        let rounding = 0.005 + 0.0005 * metres / 5.0;
        assert!((seconds - expected).abs() <= rounding, "{row:?}: {expected} s expected");
        checked += 1;
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn a_walk_back_takes_as_long() {
    let (there, back) =
        (times(places(25, 8), places(25, 9), &[]).ok(), times(places(25, 9), places(25, 8), &[]).ok());
    let (_, there) = there.csv();
    let (_, back) = back.csv();
    let mut checked = 0;
    for (number, row) in there.iter().enumerate() {
        let mirror = &back[number % 25 * 25 + number / 25];
        if row[6] == "ok" && mirror[6] == "ok" {
            let [there, back] = [row, mirror].map(|row| row[2].parse::<f64>().unwrap());
            assert!((there - back).abs() <= 0.05, "{row:?} {mirror:?}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn bad_rows_are_reported_with_row_and_field_and_the_others_are_answered() {
    let from = "id,lon,lat\na,126.6433,45.7579\nb,east,45.7\nc,126.64\nd,45.7579,126.6433\ne,,\nf,126.6440,45.7580\n";
    let done = times(from, "id,lon,lat\nx,126.6433,45.7579\n", &[]).ok();
    let (_, rows) = done.csv();
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["a", "f"]);
    let lines: Vec<_> = done.err.lines().collect();
    assert_eq!(lines.len(), 4, "{}", done.err);
    for (line, words) in lines.iter().zip([
        ["row 3", "lon", "east"],
        ["row 4", "lat", ""],
        ["row 5", "lat", "126.6433"],
        ["row 6", "lon", ""],
    ]) {
        assert!(line.contains("from.csv") && words.iter().all(|word| line.contains(word)), "{line}");
    }
}

#[test]
fn tables_are_read_with_any_order_of_columns_and_line_ends() {
    let plain = times(places(3, 10), places(3, 10), &[]).ok();
    let rows = places(3, 10);
    let mut reordered = String::from("Name,LAT,Lon,ID\n");
    for row in table(rows.as_bytes()).1 {
        writeln!(reordered, "\"a, b\",{}, {} ,{}", row[2], row[1], row[0]).unwrap();
    }
    for variant in
        [format!("\u{feff}{rows}"), rows.replace('\n', "\r\n"), reordered, rows.trim_end().to_owned()]
    {
        let done = times(&variant, &variant, &[]).ok();
        assert_eq!(done.text(), plain.text(), "{variant:?}");
        assert!(done.err.is_empty(), "{}", done.err);
    }
}

#[test]
fn files_that_are_no_tables_give_one_line() {
    let good = "id,lon,lat\na,126.6433,45.7579\n";
    let cases: [(&[u8], &str); 6] = [
        (b"", "id"),
        (b"id,lon,lat\n", "no place"),
        (b"id,lon,lat\na,x,y\nb,1,2,3\n", "from.csv"),
        (b"name,longitude\na,1\n", "no column"),
        (b"id;lon;lat\na;126;45\n", "no column"),
        (&[0x89, b'P', b'N', b'G', 0, 0xff, 0xfe, b'\n', 0xd8], "from.csv"),
    ];
    for (from, word) in cases {
        let done = times(from, good, &[]);
        if word == "from.csv" && done.status == 0 {
            // Row 3 of this file is a place with an extra field.
            assert_eq!(done.csv().1.len(), 1);
            continue;
        }
        assert_eq!(done.status, 1, "{}", done.err);
        let last = done.err.lines().last().unwrap();
        assert!(last.contains(word) && last.contains("from.csv"), "{}", done.err);
    }
    let done = circle(["times", harbin().to_str().unwrap(), "--from", "no.csv", "--to", "no.csv"]);
    assert!(done.refusal().contains("no.csv"));
}

/// The tests of openrouteservice expect 607.28 s at 5 km/h for this walk in Heidelberg, which is 843.4 m.
#[test]
fn a_published_answer_of_openrouteservice_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let from = write(&folder, "from.csv", "id,lon,lat\na,8.703912762628875,49.41305491191235\n");
    let to = write(&folder, "to.csv", "id,lon,lat\nb,8.701326264605086,49.40882228599824\n");
    let city = project("benches/data/heidelberg-ors.osm.pbf");
    let args = [city.as_os_str(), "--from".as_ref(), from.as_os_str(), "--to".as_ref(), to.as_os_str()];
    let (_, rows) = circle(["times".as_ref()].into_iter().chain(args)).ok().csv();
    let metres: f64 = rows[0][3].parse().unwrap();
    assert!((metres - 843.4).abs() <= 0.02 * 843.4, "{metres} m");
}

/// A key stays valid in a newer city, but the gate may have been moved on the map.
#[test]
fn a_gate_away_from_the_coordinates_of_its_row_is_rejected() {
    let server = crate::server::Server::start(harbin());
    let page = server.json("/api/collections/gates/items?limit=1&offset=7");
    let gate = &page["features"][0]["geometry"]["coordinates"];
    let key = page["features"][0]["id"].as_str().unwrap();
    let to = format!("id,lon,lat\nstop,{},{}\n", gate[0], gate[1]);
    let from = |shift: f64, id: &str| {
        let lon = gate[0].as_f64().unwrap() + shift;
        format!("id,lon,lat,gate_id\ng,{lon:.7},{},{id}\n", gate[1])
    };
    times(from(0.0, key), &to, &[]).ok();
    let moved = times(from(0.001, key), &to, &[]);
    assert!(moved.refusal().contains(&format!("row 2: gate_id {key}: that gate stands")), "{}", moved.err);
    assert!(times(from(0.0, "n1"), &to, &[]).refusal().contains("no such gate"));
}
