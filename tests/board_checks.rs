//! `circle board --check`, 样张, and the compounds that get no board.

use crate::run::{circle, command, finish, harbin, names, table};
use std::path::Path;

/// A compound with nothing near: every band of its board is empty.
const NOTHING: &str = "永安城";
/// A compound in the dense centre.
const DENSE: &str = "红专小区";

fn board(arguments: &[&str]) -> crate::run::Done {
    let mut run = command();
    run.arg("board").arg(harbin()).args(arguments);
    finish(&mut run)
}

#[test]
fn a_check_lists_the_findings_and_fails_on_an_error() {
    let done = board(&["--compound", NOTHING, "--check"]);
    assert_eq!(done.status, 1, "{}", done.err);
    let (header, rows) = done.csv();
    assert_eq!(header, ["compound_id", "compound_name", "gate_id", "severity", "kind", "message"]);
    assert!(rows.iter().any(|row| row[1] == NOTHING && row[3] == "error"), "{rows:?}");
    assert!(done.err.lines().last().unwrap().contains("cannot be printed"), "{}", done.err);
    // The dense centre has no error; the file begins with a byte-order mark.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("check.csv");
    let settings = ["--categories", "restaurant,bus_stop,park", "--address", "https://circle.example.org"];
    let arguments = [&["--compound", DENSE, "--check", "-o", path.to_str().unwrap()], &settings[..]].concat();
    let done = board(&arguments);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with("\u{feff}".as_bytes()));
    let (_, rows) = table(&bytes);
    let has_errors = rows.iter().any(|row| row[3] == "error");
    assert_eq!(done.status, i32::from(has_errors), "{rows:?} {}", done.err);
}

#[test]
fn a_board_with_errors_is_marked_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let draw = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let arguments = ["--compound", NOTHING, "--size", "A4", "-o", path.to_str().unwrap()];
        (board(&[&arguments, more].concat()), path)
    };
    let (done, path) = draw("marked.svg", &[]);
    let done = done.ok();
    assert!(done.err.contains("样张") && done.err.contains("--strict"), "{}", done.err);
    assert!(std::fs::read_to_string(path).unwrap().contains("样张"));
    let (done, path) = draw("asked.svg", &["--sample"]);
    assert!(done.ok().err.is_empty() && std::fs::read_to_string(path).unwrap().contains("样张"));
    let (done, path) = draw("strict.svg", &["--strict"]);
    assert!(done.refusal().contains("样张") && !path.exists(), "{}", done.err);
    for wrong in [&["--strict", "--sample"][..], &["--check", "--strict"], &["--check", "--sample"]] {
        assert_eq!(draw("x.svg", wrong).0.status, 2, "{wrong:?}");
    }
    assert_eq!(board(&["--compound", NOTHING]).status, 2, "without an output");
}

/// The compounds of the table `left-out.csv` and of the files in a folder.
fn compounds(folder: &Path) -> (Vec<String>, Vec<String>) {
    let (header, rows) = table(&std::fs::read(folder.join("left-out.csv")).unwrap());
    assert_eq!(header, ["compound_id", "compound_name", "gate_id", "reason", "message"]);
    let left_out = rows.into_iter().map(|row| row[0].clone()).collect();
    let of_file =
        |name: &String| name.strip_suffix(".pdf").and_then(|name| Some(name.split('-').next()?.to_owned()));
    let mut drawn: Vec<String> = names(folder).iter().filter_map(of_file).collect();
    drawn.dedup();
    (left_out, drawn)
}

#[test]
fn every_compound_of_a_unit_has_a_board_or_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().to_str().unwrap();
    let done = board(&["--unit", "爱建街道", "--size", "A4", "-o", into]).ok();
    let (left_out, drawn) = compounds(folder.path());
    let city = circle_model::City::open(harbin()).unwrap();
    let unit = city.units().iter().position(|unit| city.text(unit.name) == "爱建街道").unwrap() as u32;
    let inside = (0..).zip(city.compounds()).filter(|(_, compound)| compound.units.contains(&unit));
    let mut all: Vec<String> =
        inside.map(|(row, _)| city.compound_key(circle_model::CompoundId(row)).into_owned()).collect();
    let mut told: Vec<String> = left_out.iter().chain(&drawn).cloned().collect();
    all.sort();
    told.sort();
    assert_eq!(told, all);
    for key in &left_out {
        assert!(done.err.contains(key.as_str()), "{key} is not named: {}", done.err);
    }
    // Without anything left out the table is empty, and no board of an earlier run is in it.
    let of_one = ["--compound", DENSE, "--size", "A4", "-o"];
    circle([&["board", harbin().to_str().unwrap()], &of_one[..], &[into]].concat()).ok();
    assert!(compounds(folder.path()).0.is_empty());
}
