//! Extracts with flipped bits: each is read or rejected, without a crash or a partial output.

use crate::run::{Numbers, build, circle, data, info, names, write};
use std::path::Path;

/// Builds and uses the altered extract. `true` if it was read.
fn survives(extract: &Path, folder: &Path, what: &str) -> bool {
    let city = folder.join("city.circle");
    let done = build(extract, &city);
    assert!([0, 1].contains(&done.status), "{what}: status {}: {}", done.status, done.err);
    if done.status == 1 {
        done.refusal();
        assert_eq!(names(folder), [""; 0], "{what}");
        return false;
    }
    assert_eq!(names(folder), ["city.circle"], "{what}");
    let path = city.to_str().unwrap();
    assert_eq!(info(&city).ok().out, info(extract).ok().out, "{what}");
    for args in
        [vec!["coverage", path], vec!["isochrone", path, "--at", "116.3505,39.9580", "--minutes", "5"]]
    {
        let done = circle(&args);
        assert_eq!(done.status, 0, "{what}: {args:?}: {}", done.err);
    }
    std::fs::remove_file(city).unwrap();
    true
}

/// Flips `count` bits of an extract, one at a time, from the first byte to the last. Returns the number of
/// extracts that were read.
fn flip(name: &str, count: usize) -> usize {
    let (folder, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bytes = std::fs::read(data(name)).unwrap();
    let mut numbers = Numbers(bytes.len() as u64);
    let mut read = 0;
    for number in 0..count {
        let (byte, bit) =
            (number * bytes.len() / count + numbers.below(bytes.len().div_ceil(count)), numbers.below(8));
        let mut altered = bytes.clone();
        altered[byte.min(bytes.len() - 1)] ^= 1 << bit;
        let extract = write(&folder, "altered.osm.pbf", altered);
        read += usize::from(survives(&extract, output.path(), &format!("{name}: bit {bit} of byte {byte}")));
    }
    read
}

#[test]
fn flipped_bits_of_a_compressed_extract_cause_no_crash() {
    let read = flip("beijing-bupt.osm.pbf", 200);
    assert!(read < 50, "checksums of zlib detect most: {read} were read");
}

/// Raw blobs have no checksum.
#[test]
fn flipped_bits_of_a_raw_extract_cause_no_crash() {
    let read = flip("beijing-bupt-raw.osm.pbf", 300);
    assert!(read > 50 && read < 300, "{read} were read");
}

/// Overwrites runs of bytes with one value, as a failing disk does.
#[test]
fn overwritten_parts_cause_no_crash() {
    let (folder, output) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let bytes = std::fs::read(data("beijing-bupt-raw.osm.pbf")).unwrap();
    let mut numbers = Numbers(3);
    for (number, fill) in [0x00, 0xff, 0x80, 0x7f].into_iter().cycle().take(60).enumerate() {
        let (start, length) = (numbers.below(bytes.len()), 1 + numbers.below(64));
        let mut altered = bytes.clone();
        let end = (start + length).min(bytes.len());
        altered[start..end].fill(fill);
        let extract = write(&folder, "altered.osm.pbf", altered);
        survives(&extract, output.path(), &format!("{number}: {fill:#x} at {start}..{end}"));
    }
}
