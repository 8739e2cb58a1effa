//! The house stands as `ARCHITECTURE.md` says: arrows between crates point down only.

use crate::run::{finish, project};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Every crate and those it may use. A new crate needs a line here, and a place in the house.
const ARROWS: [(&str, &[&str]); 8] = [
    ("circle-model", &[]),
    ("circle-import", &["circle-model"]),
    ("circle-reach", &["circle-model"]),
    ("circle-plan", &["circle-model", "circle-reach"]),
    ("circle-export", &["circle-model", "circle-reach", "circle-plan"]),
    ("circle-print", &["circle-model", "circle-reach", "circle-plan"]),
    ("circle-server", &["circle-model", "circle-reach", "circle-plan", "circle-export", "circle-print"]),
    (
        "circle-cli",
        &[
            "circle-model",
            "circle-import",
            "circle-reach",
            "circle-plan",
            "circle-export",
            "circle-print",
            "circle-server",
        ],
    ),
];

/// Packages that one crate alone may know.
///
/// `GeoPackage`s are read by one crate and written by another, so `rusqlite` has two.
const KEEPERS: [(&str, &str); 13] = [
    ("axum", "circle-server"),
    ("hyper", "circle-server"),
    ("tower-http", "circle-server"),
    ("clap", "circle-cli"),
    ("anyhow", "circle-cli"),
    ("indicatif", "circle-cli"),
    ("osmpbf", "circle-import"),
    ("calamine", "circle-import"),
    ("proj4rs", "circle-import"),
    ("shapefile", "circle-import"),
    ("mvt", "circle-export"),
    ("parquet", "circle-export"),
    ("rust_xlsxwriter", "circle-export"),
];

/// All that the engine may use: geometry, graphs, threads. No file, no format, no clock, no async.
const ENGINE: [&str; 7] = ["circle-model", "geo", "petgraph", "rayon", "rstar", "rustc-hash", "thiserror"];

struct Package {
    folder: String,
    /// What it needs to be built, tests and benches left out.
    uses: BTreeSet<String>,
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
        (package["name"].as_str().unwrap().to_owned(), Package { folder, uses })
    };
    metadata["packages"].as_array().unwrap().iter().map(package).collect()
}

#[test]
fn arrows_between_crates_point_down_only() {
    let workspace = workspace();
    assert!(workspace.len() >= 7, "{:?}", workspace.keys());
    for (name, package) in &workspace {
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| known == name) else {
            panic!("{name} has no place in the house");
        };
        assert_eq!(&package.folder, name, "folders are called like their crates");
        for used in package.uses.iter().filter(|used| workspace.contains_key(*used)) {
            assert!(allowed.contains(&used.as_str()), "{name} must not know {used}");
        }
    }
}

#[test]
fn each_framework_has_one_keeper() {
    for (name, package) in workspace() {
        for (framework, keeper) in KEEPERS {
            assert!(
                !package.uses.contains(framework) || name == keeper,
                "only {keeper} knows {framework}, not {name}"
            );
        }
    }
}

#[test]
fn the_engine_knows_no_file_and_no_format() {
    let workspace = workspace();
    let strangers: Vec<_> =
        workspace["circle-reach"].uses.iter().filter(|used| !ENGINE.contains(&used.as_str())).collect();
    assert!(strangers.is_empty(), "circle-reach uses {strangers:?}");
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
