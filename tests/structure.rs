//! The arrows of `ARCHITECTURE.md`: between crates by `cargo metadata`, between the files of a crate by their
//! imports.

mod arrows;
mod modules;
mod tokens;
mod tree;

use crate::run::{finish, project};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Every crate and the crates that it may use. A new crate needs a line here, and a place in
/// `ARCHITECTURE.md`.
const ARROWS: [(&str, &[&str]); 10] = [
    ("circle-model", &[]),
    ("circle-sheet", &["circle-model"]),
    ("circle-import", &["circle-model", "circle-sheet"]),
    ("circle-reach", &["circle-model"]),
    ("circle-plan", &["circle-model", "circle-reach"]),
    ("circle-export", &["circle-model", "circle-reach", "circle-plan"]),
    ("circle-print", &["circle-model", "circle-reach", "circle-plan"]),
    (
        "circle-study",
        &["circle-model", "circle-sheet", "circle-reach", "circle-plan", "circle-export", "circle-print"],
    ),
    (
        "circle-server",
        &["circle-model", "circle-reach", "circle-plan", "circle-export", "circle-print", "circle-study"],
    ),
    (
        "circle-cli",
        &[
            "circle-model",
            "circle-sheet",
            "circle-import",
            "circle-reach",
            "circle-plan",
            "circle-export",
            "circle-print",
            "circle-study",
            "circle-server",
        ],
    ),
];

/// Packages that one crate alone may use.
///
/// `rusqlite` has two: one crate reads `GeoPackage`s, another writes them.
const OWNERS: [(&str, &str); 15] = [
    ("axum", "circle-server"),
    ("hyper", "circle-server"),
    ("tower-http", "circle-server"),
    ("utoipa", "circle-server"),
    ("utoipa-axum", "circle-server"),
    ("clap", "circle-cli"),
    ("anyhow", "circle-cli"),
    ("indicatif", "circle-cli"),
    ("quick_cache", "circle-study"),
    ("calamine", "circle-sheet"),
    ("proj4rs", "circle-sheet"),
    ("shapefile", "circle-sheet"),
    ("mvt", "circle-export"),
    ("parquet", "circle-export"),
    ("rust_xlsxwriter", "circle-export"),
];

/// Packages that the engine may use: geometry, graphs, threads. Files, formats, clocks and async are
/// excluded.
const ENGINE: [&str; 7] = ["circle-model", "geo", "petgraph", "rayon", "rstar", "rustc-hash", "thiserror"];

struct Package {
    folder: String,
    /// Its dependencies, without those of tests and benches.
    uses: BTreeSet<String>,
    /// Its test targets, beside the unit tests of its library.
    tests: Vec<String>,
}

fn workspace() -> BTreeMap<String, Package> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"]);
    let metadata = finish(command.arg(project("Cargo.toml"))).ok().json();
    let package = |package: &Value| {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let needed = dependencies.filter(|dependency| dependency["kind"] != "dev");
        let uses = needed.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect();
        let targets = package["targets"].as_array().unwrap().iter();
        let tests = targets.filter(|target| target["kind"][0] == "test");
        let tests = tests.map(|target| target["name"].as_str().unwrap().to_owned()).collect();
        (package["name"].as_str().unwrap().to_owned(), Package { folder, uses, tests })
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    let workspace = workspace();
    assert_eq!(workspace.len(), ARROWS.len(), "{:?}", workspace.keys());
    for (name, package) in &workspace {
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| known == name) else {
            panic!("{name} has no line in ARROWS");
        };
        assert_eq!(&package.folder, name, "a folder has the name of its crate");
        for used in package.uses.iter().filter(|used| workspace.contains_key(*used)) {
            assert!(allowed.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn each_framework_is_used_by_one_crate() {
    for (name, package) in workspace() {
        for (framework, owner) in OWNERS {
            assert!(
                !package.uses.contains(framework) || name == owner,
                "only {owner} uses {framework}, not {name}"
            );
        }
    }
}

#[test]
fn make_runs_every_test_target() {
    let makefile = std::fs::read_to_string(project("Makefile")).unwrap();
    let words: Vec<&str> = makefile.split_whitespace().collect();
    for test in workspace().values().flat_map(|package| &package.tests) {
        let runs = words.windows(2).any(|pair| pair == ["--test", test.as_str()]);
        assert!(runs, "no line of the Makefile runs --test {test}");
    }
}

/// The source has the texts that `tests/binaries/mutate` replaces, and the tests that it names exist. The suite
/// does not run it, because that takes too long.
#[test]
fn the_mutations_of_the_server_fit_the_source() {
    finish(Command::new("python3").arg(project("tests/binaries/mutate")).arg("--check")).ok();
}

#[test]
fn the_engine_uses_no_file_and_no_format() {
    let workspace = workspace();
    let others: Vec<_> =
        workspace["circle-reach"].uses.iter().filter(|used| !ENGINE.contains(&used.as_str())).collect();
    assert!(others.is_empty(), "circle-reach uses {others:?}");
    let mut paths = vec![project("crates/circle-reach/src")];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let inner = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
            paths.extend(inner.filter(|inner| inner.file_stem().is_none_or(|stem| stem != "tests")));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for word in ["std::fs", "std::io", "std::net", "std::time", "std::env", "async fn", "println!"] {
            assert!(!source.contains(word), "{}: {word}", path.display());
        }
    }
}
