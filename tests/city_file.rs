//! The city file: deterministic bytes, atomic writes, detection of damage.

use crate::run::{
    Done, Numbers, build, campus, circle, command, data, finish, harbin, harbin_extract, info, names, write,
};
use std::fs;

/// Asserts that the altered city file is rejected in one line that names it.
#[track_caller]
fn refused(bytes: &[u8], what: &str) -> Done {
    let folder = tempfile::tempdir().unwrap();
    let city = write(&folder, "altered.circle", bytes);
    let done = info(&city);
    assert!(done.refusal().contains("altered.circle"), "{what}: {}", done.err);
    done
}

#[test]
fn a_truncated_city_file_is_recognised() {
    let bytes = fs::read(campus()).unwrap();
    let few = [0, 1, 5, 6, 8, 12, 16, 31, 32, 33, 64];
    let shares = (1..12).map(|part| bytes.len() * part / 12);
    for length in few.into_iter().chain(shares).chain([bytes.len() - 8, bytes.len() - 1]) {
        let done = refused(&bytes[..length], &format!("cut to {length}"));
        assert!(
            done.err.contains("damaged") || done.err.contains("not a city file"),
            "{length}: {}",
            done.err
        );
        let is_city = length >= 32;
        assert_eq!(done.err.contains("circle build"), is_city, "advice after {length} bytes: {}", done.err);
    }
    let longer = refused(&[&bytes[..], b"x"].concat(), "one byte more");
    assert!(longer.err.contains("damaged"), "{}", longer.err);
}

#[test]
fn an_altered_city_file_is_recognised() {
    let bytes = fs::read(campus()).unwrap();
    let mut numbers = Numbers(5);
    let spread = (0..50).map(|part| bytes.len() * part / 50 + numbers.below(bytes.len() / 50));
    for position in (0..40).chain(spread).chain([bytes.len() - 1]) {
        let mut altered = bytes.clone();
        altered[position] ^= 0x41;
        let done = refused(&altered, &format!("byte {position}"));
        let expected = match position {
            0..8 => "not a city file",
            8..12 => "version",
            _ => "damaged",
        };
        assert!(done.err.contains(expected), "byte {position}: {}", done.err);
    }
}

#[test]
fn a_city_file_of_another_version_is_rejected_with_advice() {
    let bytes = fs::read(campus()).unwrap();
    let version = u32::from_le_bytes(bytes[8..12].try_into().unwrap());
    for other in [version - 1, version + 1, u32::MAX] {
        let mut altered = bytes.clone();
        altered[8..12].copy_from_slice(&other.to_le_bytes());
        let done = refused(&altered, "version");
        let names_both = done.err.contains(&format!("version {other}"))
            && done.err.contains(&format!("version {version}"));
        assert!(names_both && done.err.contains("circle build"), "{}", done.err);
    }
}

#[test]
fn a_city_file_is_recognised_by_its_content_not_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(&folder, "text.circle", "a plain text, longer than the header of a city file is");
    assert!(info(&text).refusal().contains("not a city file"));
    let extract = write(&folder, "extract.circle", fs::read(data("beijing-bupt.osm.pbf")).unwrap());
    assert!(info(&extract).refusal().contains("not a city file"));
    let city = write(&folder, "city.bin", fs::read(campus()).unwrap());
    assert_eq!(info(&city).ok().out, info(campus()).ok().out);
    assert!(info(&folder.path().join("missing.circle")).refusal().contains("missing.circle"));
    let inner = folder.path().join("folder.circle");
    fs::create_dir(&inner).unwrap();
    assert!(info(&inner).refusal().contains("folder.circle"));
}

#[test]
fn the_same_input_makes_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let expected = fs::read(harbin()).unwrap();
    for threads in ["1", "2", "4", "7"] {
        let city = folder.path().join(format!("{threads}.circle"));
        let mut build = command();
        build.env("RAYON_NUM_THREADS", threads).arg("build").arg(harbin_extract()).arg("-o").arg(&city);
        finish(&mut build).ok();
        assert!(fs::read(&city).unwrap() == expected, "{threads} threads made another file");
    }
    // Neither the folder nor the file's date matters.
    let copy = write(&folder, "harbin.osm.pbf", fs::read(harbin_extract()).unwrap());
    let city = folder.path().join("copy.circle");
    build(&copy, &city).ok();
    assert!(fs::read(&city).unwrap() == expected, "a copy of the extract made another file");
}

#[test]
fn a_build_prints_its_contents_and_left_out_records() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    let done = build(&harbin_extract(), &city).ok();
    assert!(done.out.is_empty());
    for word in ["compounds", "named", "gates", "facilities", "km", "city.circle written", "missing nodes"] {
        assert!(done.err.contains(word), "no `{word}` in: {}", done.err);
    }
    assert!(!done.err.contains('\r') && !done.err.contains('\u{1b}'), "a progress bar without a terminal");
}

#[test]
fn a_failing_build_leaves_the_city_that_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let city = write(&folder, "city.circle", "the city of yesterday");
    for bad in ["nasty/monaco-lz4.osm.pbf", "nasty/nodes-only.osm.pbf", "missing.osm.pbf"] {
        build(&data(bad), &city).refusal();
        assert_eq!(fs::read(&city).unwrap(), b"the city of yesterday");
        assert_eq!(names(folder.path()), ["city.circle"]);
    }
    build(&data("beijing-bupt.osm.pbf"), &city).ok();
    assert_eq!(fs::read(&city).unwrap(), fs::read(campus()).unwrap());
    assert_eq!(names(folder.path()), ["city.circle"]);
}

#[test]
fn an_unwritable_output_gives_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no/such/folder/city.circle");
    let message = build(&data("beijing-bupt.osm.pbf"), &missing);
    assert!(message.refusal().contains("city.circle"));
    let occupied = folder.path().join("occupied.circle");
    fs::create_dir_all(occupied.join("by a folder")).unwrap();
    assert!(build(&data("beijing-bupt.osm.pbf"), &occupied).refusal().contains("occupied.circle"));
    let table = folder.path().join("no/such/table.csv");
    let city = campus().to_str().unwrap();
    assert!(circle(["coverage", city, "-o", table.to_str().unwrap()]).refusal().contains("table.csv"));
    assert_eq!(names(folder.path()), ["occupied.circle"]);
}

/// A full disk behind standard output is an error; a pipe closed by its reader is not.
#[test]
fn standard_output_may_be_full_or_closed() {
    let write_to = |out: std::process::Stdio| {
        let child = command()
            .args(["info".as_ref(), harbin().as_os_str()])
            .stdout(out)
            .stderr(std::process::Stdio::piped())
            .spawn();
        child.unwrap().wait_with_output().unwrap()
    };
    let full = write_to(fs::OpenOptions::new().write(true).open("/dev/full").unwrap().into());
    let message = String::from_utf8(full.stderr).unwrap();
    assert_eq!(full.status.code(), Some(1), "{message}");
    assert!(message.contains("No space left") && message.lines().count() == 1, "{message}");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let closed = write_to(writer.into());
    assert_eq!((closed.status.code(), closed.stderr.as_slice()), (Some(0), &b""[..]));
}

/// The mode follows the umask, although the file is written under a temporary name.
#[test]
fn a_city_file_has_the_mode_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    build(&data("beijing-bupt.osm.pbf"), &city).ok();
    let plain = write(&folder, "plain", "");
    let mode = |path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(city), mode(plain));
}
