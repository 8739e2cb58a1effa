//! What other people's work is built in: the check of the crates, the bill of materials, the images.

use crate::run::{Done, finish, project};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Licences of the packages in the page.
const PAGE_LICENCES: [&str; 6] =
    ["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "(MIT OR Apache-2.0)"];

/// An advisory that nobody wrote.
const ADVISORY: &str = "```toml
[advisory]
id = \"RUSTSEC-2099-0001\"
package = \"rusqlite\"
date = \"2099-01-01\"

[versions]
patched = []
```

# Made up
";

/// Runs the check of `make check` in `folder`, with a changed `deny.toml`, a changed list of the crates that were
/// looked up, and one advisory about rusqlite.
fn checked(folder: &Path, config: impl Fn(String) -> String, names: impl Fn(String) -> String) -> Done {
    let read = |path: &str| fs::read_to_string(project(path)).unwrap();
    let database = format!("db-path = \"{}\"", folder.join("database").display());
    let rules = read("deny.toml").replace("db-path = \"target/advisories\"", &database);
    fs::write(folder.join("deny.toml"), config(rules)).unwrap();
    fs::create_dir_all(folder.join("copy/crates/rusqlite")).unwrap();
    fs::write(folder.join("copy/crates/rusqlite/RUSTSEC-2099-0001.md"), ADVISORY).unwrap();
    fs::write(folder.join("copy/date.txt"), "2099-01-01\n").unwrap();
    fs::write(folder.join("copy/names.txt"), names(read("security/advisories/names.txt"))).unwrap();
    let mut command = Command::new(project("scripts/check-dependencies"));
    command.arg("--config").arg(folder.join("deny.toml")).arg("--advisories").arg(folder.join("copy"));
    finish(&mut command)
}

#[test]
fn advisories_bans_licences_and_sources_fail_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let stricter = |rules: String| {
        let changes = [
            ("[bans]\n", "[bans]\ndeny = [{ crate = \"libsqlite3-sys\" }]\n"),
            ("    \"BSL-1.0\", ", "    # "),
            ("allow-registry = [", "allow-registry = [] # ["),
        ];
        changes.iter().fold(rules, |rules, (from, to)| {
            assert!(rules.contains(from), "deny.toml has no {from}");
            rules.replace(from, to)
        })
    };
    let done = checked(folder.path(), stricter, |names| names);
    assert_ne!(done.status, 0);
    let expected = "advisories FAILED, bans FAILED, licenses FAILED, sources FAILED";
    assert_eq!(done.text().lines().last(), Some(expected), "{}", done.err);
    for named in ["RUSTSEC-2099-0001", "libsqlite3-sys", "BSL-1.0"] {
        assert!(done.err.contains(named), "{named} is not named");
    }
}

#[test]
fn a_crate_that_was_not_looked_up_fails_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let done = checked(folder.path(), |rules| rules, |names| names.replace("\nrusqlite\n", "\n"));
    assert_eq!(done.status, 1);
    assert!(done.err.starts_with("rusqlite: not looked up"), "{}", done.err);
}

fn bill() -> Vec<u8> {
    finish(Command::new("node").arg(project("scripts/sbom.mjs"))).ok().out
}

#[test]
fn the_bill_of_materials_lists_what_is_built_in_and_nothing_else() {
    let bytes = bill();
    assert!(bytes == bill(), "other bytes the second time");
    let bill: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(bill["bomFormat"], "CycloneDX");
    assert_eq!(bill["specVersion"], "1.6");
    let components = bill["components"].as_array().unwrap();
    let purls: BTreeSet<&str> = components.iter().map(|one| one["purl"].as_str().unwrap()).collect();
    let lists = |begin: &str| purls.iter().any(|purl| purl.starts_with(begin));
    for linked in
        ["pkg:cargo/rusqlite@", "pkg:cargo/tokio@", "pkg:npm/maplibre-gl@", "pkg:npm/%40mapbox/tiny-sdf@"]
    {
        assert!(lists(linked), "{linked} is missing");
    }
    // A crate of the tests, one of macros, one of ours; a package that builds the page.
    for absent in
        ["pkg:cargo/proptest@", "pkg:cargo/serde_derive@", "pkg:cargo/circle-model@", "pkg:npm/vite@"]
    {
        assert!(!lists(absent), "{absent} is not in the program");
    }
    for component in components {
        let hash = &component["hashes"][0];
        let digits = if hash["alg"] == "SHA-256" { 64 } else { 128 };
        assert_eq!(hash["content"].as_str().unwrap().len(), digits, "{component}");
        let licence = component["licenses"][0]["expression"].as_str().unwrap();
        let is_of_the_page = component["purl"].as_str().unwrap().starts_with("pkg:npm/");
        assert!(!is_of_the_page || PAGE_LICENCES.contains(&licence), "{component}");
    }
    for dependency in bill["dependencies"].as_array().unwrap() {
        for target in dependency["dependsOn"].as_array().unwrap() {
            assert!(purls.contains(target.as_str().unwrap()), "{target} is no component");
        }
    }
}

/// Images of a Dockerfile that are not pinned by the digest of their contents.
fn unpinned(dockerfile: &str) -> Vec<&str> {
    let images = dockerfile.lines().filter_map(|line| line.strip_prefix("FROM ")?.split(' ').next());
    let is_pinned = |image: &&str| {
        image.split_once("@sha256:").is_some_and(|(tag, digest)| {
            tag.contains(':') && digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    images.filter(|image| !is_pinned(image)).collect()
}

#[test]
fn images_are_pinned_by_digest() {
    let dockerfile = fs::read_to_string(project("packaging/Dockerfile")).unwrap();
    assert!(dockerfile.matches("\nFROM ").count() >= 3);
    assert_eq!(unpinned(&dockerfile), [""; 0], "run packaging/pin-images");
    let odd = "FROM debian:bookworm-slim\nFROM rust:1.95@sha256:12 AS build\nFROM $IMAGE\n";
    assert_eq!(unpinned(odd), ["debian:bookworm-slim", "rust:1.95@sha256:12", "$IMAGE"]);
}
