//! Files that are no extracts or truncated ones: one line that names the file, and no output is written.

use crate::extract::{blocks, compressed_with, reversed};
use crate::run::{Numbers, build, campus, circle, data, harbin_extract, info, names, write};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Asserts that `extract` is rejected in one line with `words` and the file's name, and that nothing is
/// written.
#[track_caller]
fn refused(extract: &Path, words: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let done = build(extract, &folder.path().join("city.circle"));
    let message = done.refusal();
    let name = extract.file_name().unwrap().to_str().unwrap();
    for word in words.iter().chain([&name]) {
        assert!(message.contains(word), "no `{word}` in: {message}");
    }
    assert_eq!(names(folder.path()), [""; 0], "left behind after: {message}");
    assert_eq!(info(extract).refusal(), message);
}

fn campus_bytes() -> Vec<u8> {
    std::fs::read(data("beijing-bupt.osm.pbf")).unwrap()
}

#[test]
fn missing_and_empty_files_and_folders_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.osm.pbf");
    refused(&missing, &["No such file"]);
    assert_eq!(
        info(&missing).err.matches("No such file").count(),
        1,
        "the reason occurs once: {}",
        info(&missing).err
    );
    refused(&write(&folder, "empty.osm.pbf", ""), &["empty"]);
    refused(folder.path(), &["folder"]);
}

/// A pipe without a writer; opening it blocks for ever.
pub(crate) fn pipe(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn a_pipe_is_rejected_wherever_a_file_is_named() {
    let (folder, outputs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pipe = |name: &str| pipe(folder.path(), name).to_str().unwrap().to_owned();
    let [extract, tile, heights] = ["a.osm.pbf", "N45E126.hgt", "heights.tif"].map(pipe);
    let [city, settings, list, package] = ["a.circle", "a.toml", "a.csv", "a.gpkg"].map(pipe);
    let (campus, campus_extract) = (campus().to_str().unwrap(), data("beijing-bupt.osm.pbf"));
    let campus_extract = campus_extract.to_str().unwrap();
    refused(Path::new(&extract), &["it is a pipe or device"]);
    let build = |option: &'static str, file: &str| {
        ["build", campus_extract, option, file].map(str::to_owned).to_vec()
    };
    let judge = |option: &'static str, file: &str| {
        ["coverage", campus, option, file, "--format", "csv"].map(str::to_owned).to_vec()
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for (file, args) in [
        (&extract, words(&["openapi", &extract])),
        (&city, words(&["info", &city])),
        (&tile, build("--elevation", &tile)),
        (&heights, build("--elevation", &heights)),
        (&settings, build("--own", &settings)),
        (&city, build("--since", &city)),
        (&settings, judge("--profile", &settings)),
        (&settings, judge("--rules", &settings)),
        (&settings, judge("--legs", &settings)),
        (&list, words(&["coverage", campus, "--table", "ledger", "--format", "csv", "--ledger", &list])),
        (&settings, words(&["board", campus, "--all", "--board", &settings])),
        (&list, words(&["times", campus, "--from", &list, "--to", &list])),
        (&list, words(&["classify", &list])),
        (&package, words(&["classify", &package])),
        (&list, words(&["audit", "--findings", &list])),
    ] {
        let output = outputs.path().join("output");
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        if args[0] != "audit" {
            args.extend(["-o", output.to_str().unwrap()]);
        }
        let done = circle(&args);
        assert!(done.refusal().contains(file.as_str()), "{args:?}: {}", done.err);
        assert!(!output.exists(), "{args:?}");
    }
}

#[test]
fn files_that_are_no_extracts_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(7);
    let noise: Vec<u8> = (0..5000).map(|_| numbers.below(256) as u8).collect();
    let xml = "<?xml version=\"1.0\"?><osm version=\"0.6\"><node id=\"1\" lat=\"0\" lon=\"0\"/></osm>";
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let cases: [(&str, &[u8]); 9] = [
        ("text.osm.pbf", "小区,出入口\n1,2\n".as_bytes()),
        ("one.osm.pbf", b"x"),
        ("png.osm.pbf", png),
        ("noise.osm.pbf", &noise),
        ("zeros.osm.pbf", &[0; 4096]),
        ("ones.osm.pbf", &[0xff; 4096]),
        ("xml.osm", xml.as_bytes()),
        ("gzip.osm.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b\x4c\x4a\x06\0\xc2\x41\x24\x35\x03\0\0\0"),
        ("page.geojson", br#"{"type":"FeatureCollection","features":[]}"#),
    ];
    for (name, bytes) in cases {
        refused(&write(&folder, name, bytes), &["not an OpenStreetMap extract", ".osm.pbf"]);
    }
}

#[test]
fn a_truncated_extract_is_rejected_wherever_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(harbin_extract()).unwrap();
    let blocks = blocks(&bytes);
    let (header, second, last) = (&blocks[0], &blocks[1], blocks.last().unwrap());
    let middle = &blocks[blocks.len() / 2];
    let in_header = [3, 4, 9, header.blob.start, header.blob.start + 20, header.whole.end - 1];
    for length in in_header {
        refused(&write(&folder, "cut.osm.pbf", &bytes[..length]), &["not an OpenStreetMap extract"]);
    }
    let in_blocks = [
        second.whole.start + 2,
        second.whole.start + 9,
        second.blob.start,
        second.blob.start + 1,
        middle.whole.start + 1,
        middle.blob.start + middle.blob.len() / 2,
        middle.blob.end - 1,
        last.whole.start + 3,
        last.blob.start,
        last.blob.start + last.blob.len() / 2,
        bytes.len() - 1000,
        bytes.len() - 1,
    ];
    for length in in_blocks {
        refused(&write(&folder, "cut.osm.pbf", &bytes[..length]), &["truncated or damaged", "block"]);
    }
    // Cut between two blocks, it is a valid extract with fewer objects.
    refused(&write(&folder, "cut.osm.pbf", &bytes[..header.whole.end]), &["no walkable way", "0 nodes"]);
    refused(&write(&folder, "cut.osm.pbf", &bytes[..second.whole.end]), &["no walkable way"]);
}

#[test]
fn bytes_after_the_last_block_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    for tail in [&b"\0"[..], b"\0\0\0\x0d", b"trailing text"] {
        let bytes = [&campus_bytes(), tail].concat();
        refused(&write(&folder, "tail.osm.pbf", bytes), &["truncated or damaged"]);
    }
}

#[test]
fn other_compressions_are_rejected_with_the_command_that_converts_them() {
    let folder = tempfile::tempdir().unwrap();
    for (field, method) in [(4, "LZMA"), (6, "LZ4"), (7, "zstd")] {
        for block in [0, 2] {
            let path = write(&folder, "odd.osm.pbf", compressed_with(&campus_bytes(), block, field));
            refused(&path, &[method, "osmium cat odd.osm.pbf", "pbf_compression=zlib"]);
        }
    }
}

/// `circle info` without the members that identify the file.
fn figures(extract: &Path) -> Value {
    let mut info = info(extract).ok().json();
    for what in ["inputs", "edition"] {
        info.as_object_mut().unwrap().remove(what).unwrap();
    }
    info
}

#[test]
fn blocks_may_come_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    for extract in [data("beijing-bupt.osm.pbf"), harbin_extract()] {
        let bytes = reversed(&std::fs::read(&extract).unwrap());
        assert_eq!(figures(&write(&folder, "reversed.osm.pbf", bytes)), figures(&extract));
    }
}

#[test]
fn locations_on_ways_are_read() {
    let plain = figures(&data("beijing-bupt.osm.pbf"));
    assert_eq!(figures(&data("beijing-bupt-locations-on-ways.osm.pbf")), plain);
    assert!(plain["network"]["walkable_km"].as_f64().unwrap() > 20.0);
}

#[test]
fn overlapping_extracts_are_merged_without_duplicates() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    let campus = data("beijing-bupt.osm.pbf");
    let raw = data("beijing-bupt-raw.osm.pbf");
    for second in [&campus, &raw] {
        let paths = [campus.to_str().unwrap(), second.to_str().unwrap()];
        circle(["build", paths[0], paths[1], "-o", city.to_str().unwrap()]).ok();
        let (joined, alone) = (figures(&city), figures(&campus));
        for part in ["network", "compounds", "gates", "facilities", "units"] {
            assert_eq!(joined[part], alone[part], "{part} with {}", second.display());
        }
    }
    // One bad file among good ones is named.
    let bad = write(&folder, "bad.osm.pbf", "text");
    let done =
        circle(["build", campus.to_str().unwrap(), bad.to_str().unwrap(), "-o", city.to_str().unwrap()]);
    assert!(done.refusal().contains("bad.osm.pbf"));
}
