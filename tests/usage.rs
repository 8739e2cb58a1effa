//! Wrong usage: exit status 2 and a message with advice.

use crate::run::{COMPOUND, campus, circle, command, data, finish, harbin, names, write};
use std::path::Path;

#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let done = circle(args);
    assert_eq!(done.status, 2, "{args:?}: {}", done.err);
    assert!(done.out.is_empty(), "{args:?}");
    for word in words {
        assert!(done.err.contains(word), "{args:?}: no `{word}` in: {}", done.err);
    }
}

fn city() -> &'static str {
    campus().to_str().unwrap()
}

#[test]
fn the_commands_are_listed_without_a_command() {
    refused(&[], &["build", "info", "times", "isochrone", "coverage", "serve"]);
    refused(&["explore"], &["explore"]);
    let help = circle(["--help"]).ok();
    assert!(help.text().contains("isochrone") && help.err.is_empty());
    assert!(circle(["--version"]).ok().text().starts_with("circle "));
}

#[test]
fn missing_arguments_are_named() {
    refused(&["build", "a.osm.pbf"], &["--output"]);
    refused(&["build", "-o", "a.circle"], &["EXTRACT"]);
    refused(&["info"], &["CITY"]);
    refused(&["times", city(), "--from", "a.csv"], &["--to"]);
    refused(&["serve", city(), "--listen", "8080"], &["--listen"]);
}

#[test]
fn an_isochrone_has_one_kind_of_origin() {
    refused(&["isochrone", city()], &["--at", "--compound", "--from"]);
    refused(&["isochrone", city(), "--at", "116.35,39.96", "--compound", COMPOUND], &["--at", "--compound"]);
    refused(&["isochrone", city(), "--compound", "1", "--from", "a.csv"], &["--compound", "--from"]);
}

#[test]
fn a_place_is_lon_lat() {
    for place in
        ["39.96", "here", "116.35;39.96", "116.35,39.96,5", "45.76,126.63", "nan,nan", "", ",", "inf,0"]
    {
        refused(&["isochrone", city(), "--at", place], &["--at"]);
    }
    refused(&["isochrone", city(), "--at", "45.76,126.63"], &["longitude first"]);
}

#[test]
fn bands_are_whole_minutes() {
    for minutes in ["0", "-5", "5.5", "five", "5,,10", "100000", ""] {
        refused(
            &["isochrone", city(), "--at", "116.35,39.96", &format!("--minutes={minutes}")],
            &["--minutes"],
        );
    }
    refused(&["coverage", city(), "--minutes", "0"], &["--minutes"]);
    refused(&["times", city(), "--from", "a", "--to", "b", "--max-minutes", "0"], &["--max-minutes"]);
}

#[test]
fn an_unknown_profile_is_rejected_with_the_choices() {
    let profiles = ["`sprinter`", "planning", "adult"];
    refused(&["coverage", city(), "--profile", "sprinter"], &profiles);
    refused(&["isochrone", city(), "--at", "116.35,39.96", "--profile", "sprinter"], &profiles);
    refused(&["times", city(), "--from", "a.csv", "--to", "b.csv", "--profile", "sprinter"], &profiles);
}

#[test]
fn unknown_rule_sets_forms_and_levels_are_rejected_with_the_choices() {
    refused(&["coverage", city(), "--rules", "none-such"], &["`none-such`", "board", "gb50180", "mofcom"]);
    refused(&["isochrone", city(), "--at", "116.35,39.96", "--form", "blobs"], &["discs", "rings", "lines"]);
    refused(&["coverage", city(), "--by", "street"], &["compound"]);
}

#[test]
fn an_unknown_ending_is_rejected_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["table.docx", "table"] {
        let path = folder.path().join(name);
        refused(&["coverage", city(), "-o", path.to_str().unwrap()], &["csv", "geojson"]);
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    refused(&["coverage", city(), "--format", "docx"], &["csv", "geojson"]);
}

/// Whether a name exists depends on the data, so an unknown name has exit status 1.
#[test]
fn a_compound_is_found_by_id_name_or_part_of_it() {
    let isochrone = |city: &Path, compound: &str| {
        circle(["isochrone", city.to_str().unwrap(), "--compound", compound, "--minutes", "5"])
    };
    let by_name = isochrone(harbin(), COMPOUND).ok();
    let id = by_name.json()["origin"]["compound_id"].as_str().unwrap().to_owned();
    assert_eq!(isochrone(harbin(), &id).ok().out, by_name.out);
    let by_part = isochrone(harbin(), "荣耀世纪").ok();
    assert_eq!(by_part.out, by_name.out);
    assert!(by_part.err.contains("荣耀世纪小区"), "{}", by_part.err);
    for name in ["nowhere", "99999999", ""] {
        let done = circle([
            "isochrone",
            harbin().to_str().unwrap(),
            &format!("--compound={name}"),
            "--minutes",
            "5",
        ]);
        assert!(done.refusal().contains("no compound"), "{name}: {}", done.err);
    }
}

#[test]
fn a_name_of_several_compounds_lists_them() {
    let coverage = circle(["coverage", harbin().to_str().unwrap(), "--minutes", "5"]).ok();
    let (_, rows) = coverage.csv();
    let first = &rows[0][2];
    let mut compounds: Vec<_> =
        rows.iter().filter(|row| row[2] == *first).map(|row| (&row[1], &row[0])).collect();
    compounds.sort();
    let twins =
        compounds.windows(2).find(|pair| pair[0].0 == pair[1].0).expect("Harbin has compounds of one name");
    let done = circle(["isochrone", harbin().to_str().unwrap(), "--compound", twins[0].0]);
    let message = done.refusal();
    for (_, id) in twins {
        assert!(message.contains(&format!("{id} at ")), "{id}: {message}");
    }
}

#[test]
fn a_dash_is_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let from = write(&folder, "a.csv", "id,lon,lat\na,116.352,39.960\n");
    let from = from.to_str().unwrap();
    for args in [
        vec!["info", city()],
        vec!["coverage", city()],
        vec!["isochrone", city(), "--at", "116.352,39.960"],
        vec!["times", city(), "--from", from, "--to", from],
    ] {
        let bare = circle(&args).ok();
        let mut dashed = command();
        let dashed = finish(dashed.args(&args).args(["-o", "-"]).current_dir(folder.path())).ok();
        assert!(!bare.out.is_empty() && bare.out == dashed.out, "{args:?}");
    }
    // A city file to standard output is written there or refused; no file is called `-`.
    let mut build = command();
    let extract = data("beijing-bupt.osm.pbf");
    let built = finish(build.arg("build").arg(extract).args(["-o", "-"]).current_dir(folder.path()));
    assert!(built.status == 2 || built.out == std::fs::read(campus()).unwrap(), "{}", built.status);
    assert_eq!(names(folder.path()), ["a.csv"]);
}

/// An output never replaces an input, also not through a link.
#[test]
fn the_input_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.circle");
    std::fs::copy(campus(), &city).unwrap();
    let before = std::fs::read(&city).unwrap();
    let link = folder.path().join("link.circle");
    std::os::unix::fs::symlink(&city, &link).unwrap();
    let extract = folder.path().join("x.osm.pbf");
    std::fs::copy(data("beijing-bupt.osm.pbf"), &extract).unwrap();
    let [city_name, link, extract] = [&city, &link, &extract].map(|path| path.to_str().unwrap());
    for args in [
        vec!["info", city_name, "-o", city_name],
        vec!["info", link, "-o", city_name],
        vec!["coverage", city_name, "--format", "csv", "-o", link],
        vec!["isochrone", city_name, "--at", "116.35,39.96", "-o", city_name],
        vec!["build", extract, "-o", extract],
    ] {
        let done = circle(&args);
        assert_eq!(done.status, 2, "{args:?}: {}", done.err);
        assert!(done.one_line().contains("would replace the input"), "{}", done.err);
    }
    assert!(std::fs::read(&city).unwrap() == before, "the city file was changed");
}

#[test]
fn the_target_of_a_link_is_replaced_and_the_link_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (target, link) = (folder.path().join("target.json"), folder.path().join("link.json"));
    std::fs::write(&target, "before").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    circle(["info".as_ref(), campus().as_os_str(), "-o".as_ref(), link.as_os_str()]).ok();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("\"network\""));
}

#[test]
fn too_many_pairs_are_rejected_with_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let places = write(&folder, "places.csv", format!("id,lon,lat\n{}", "p,116.35,39.96\n".repeat(4000)));
    let places = places.to_str().unwrap();
    let done = circle(["times", campus().to_str().unwrap(), "--from", places, "--to", places]);
    assert_eq!(done.status, 2);
    assert!(done.one_line().contains("at most 10000000"), "{}", done.err);
}

#[test]
fn a_list_of_places_in_one_long_line_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let places = write(&folder, "places.csv", format!("id,lon,lat\n{}", ",".repeat(2 << 20)));
    let places = places.to_str().unwrap();
    let done = circle(["times", city(), "--from", places, "--to", places]);
    assert!(done.refusal().contains("places.csv: it has a line of more than 1 MiB"), "{}", done.err);
}

/// An output never replaces profiles, rules or limits, nor another file with the name of its statement.
#[test]
fn rules_profiles_limits_and_foreign_files_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "id = \"x\"\nzh = \"x\"\nminutes = 5\n[[line]]\nzh = \"园\"\nany_of = [\"park\"]\n";
    let rules = write(&folder, "rules.toml", rules);
    let profile = write(&folder, "walk.toml", "[[profile]]\nid = \"x\"\nzh = \"x\"\nspeed_mps = 1.0\n");
    let legs = write(&folder, "legs.toml", "longest_metres = 60\n");
    for (option, file) in [("--rules", &rules), ("--profile", &profile), ("--legs", &legs)] {
        let before = std::fs::read(file).unwrap();
        let mut run = command();
        run.args(["coverage", city(), option]).arg(file).args(["--format", "csv", "-o"]).arg(file);
        let done = finish(&mut run);
        assert_eq!(done.status, 2, "{option}: {}", done.err);
        assert!(done.one_line().contains("replace"), "{}", done.err);
        assert!(std::fs::read(file).unwrap() == before);
    }
    let table = folder.path().join("table.csv");
    let foreign = write(&folder, "table.csv-metadata.json", "mine");
    let done = finish(command().args(["coverage", city(), "-o"]).arg(&table));
    assert_eq!(done.status, 2, "{}", done.err);
    assert!(!table.exists() && std::fs::read(&foreign).unwrap() == b"mine");
    // A statement of an earlier run is replaced.
    std::fs::remove_file(&foreign).unwrap();
    for _ in 0..2 {
        finish(command().args(["coverage", city(), "-o"]).arg(&table)).ok();
    }
    finish(command().args(["coverage", city(), "--format", "csv", "-o", "/dev/null"])).ok();
    assert!(!std::path::Path::new("/dev/null-metadata.json").exists());
    let nowhere = folder.path().join("nowhere/table.csv");
    let done = finish(command().args(["coverage", city(), "-o"]).arg(&nowhere));
    assert!(done.refusal().contains("there is no folder"), "{}", done.err);
}

/// The table is written although no message can be printed.
#[test]
fn a_full_standard_error_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut run = command();
    let status = run.args(["coverage", city(), "-o"]).arg(&table).stderr(full).status().unwrap();
    assert!(status.success() && table.exists(), "{status}");
}

#[test]
fn a_text_that_was_asked_for_and_cannot_be_printed_is_a_failure() {
    for args in [&["--help"][..], &["--version"], &["serve", "--help"], &["completions", "bash"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let done = command().args(args).stdout(full).output().unwrap();
        let message = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(1), "{args:?}: {message}");
        assert!(message.contains("No space left on device"), "{args:?}: {message}");
    }
    // Nobody is told about wrong usage, and the status is the same.
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(command().arg("explore").stderr(full).status().unwrap().code(), Some(2));
}

/// Files of any size are too large here, as on a disk without room; only pipes can be written.
#[test]
fn a_full_temporary_folder_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let circle = command().get_program().to_owned();
    let mut run = std::process::Command::new("sh");
    run.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]).arg(circle);
    run.args(["coverage", city(), "--format", "xlsx", "-o", "-"]).env("TMPDIR", folder.path());
    let done = finish(&mut run);
    for words in ["File too large", folder.path().to_str().unwrap(), "TMPDIR", "free space"] {
        assert!(done.refusal().contains(words), "no `{words}` in: {}", done.err);
    }
}

#[test]
fn a_device_is_no_folder_for_boards() {
    for output in ["/dev/full", "/dev/null"] {
        refused(&["board", city(), "--all", "-o", output], &[output, "a device or pipe", "go into a folder"]);
    }
}

#[test]
fn unknown_keys_in_files_of_the_user_are_rejected_with_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let profile = "[[profile]]\nid = \"x\"\nzh = \"x\"\nspeed_mps = 1.0\nsignal = 30\n";
    let rules =
        "id = \"x\"\nzh = \"x\"\nminutes = 5\nminute = 5\n[[line]]\nzh = \"园\"\nany_of = [\"park\"]\n";
    let coverage = ["coverage", city(), "--format", "csv"];
    let board = ["board", city(), "--all", "-o", "boards"];
    for (option, text, key, known, command_line) in [
        ("--profile", profile, "signal", "signal_s", coverage.as_slice()),
        ("--rules", rules, "minute", "confidence", &coverage),
        ("--legs", "longest = 60\n", "longest", "longest_metres", &coverage),
        ("--board", "colour = \"x\"\n", "colour", "colours", &board),
    ] {
        let file = write(&folder, "mine.toml", text);
        let mut run = command();
        let done = finish(run.args(command_line).arg(option).arg(file).current_dir(folder.path()));
        for word in ["mine.toml", &format!("`{key}`"), known] {
            assert!(done.refusal().contains(word), "{option}: no `{word}` in: {}", done.err);
        }
    }
}

#[test]
fn the_help_of_serve_explains_operation_and_its_examples_run() {
    let done = circle(["serve", "--help"]).ok();
    for word in
        ["/api/openapi.json", "/readyz", "SIGHUP", "SIGTERM", "RUST_LOG", "0.0.0.0:8080", "circle build"]
    {
        assert!(done.text().contains(word), "no {word}: {}", done.text());
    }
    let examples: Vec<&str> = done
        .text()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("circle serve harbin.circle"))
        .collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let mut args = vec!["serve", "no-such-city.circle"];
        args.extend(example.split_whitespace().map(|word| word.replace(":8080", ":0").leak() as &str));
        let refused = circle(&args);
        assert!(refused.refusal().contains("no-such-city.circle"), "{example}: {}", refused.err);
    }
    assert_eq!(circle(["serve", "x.circle", "--memory", "0"]).status, 2, "memory is at least 1 MiB");
}
