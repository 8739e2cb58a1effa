//! GDAL, and QGIS with it, connects to the server and reads the files as they are.

use crate::run::{COMPOUND, circle, finish, harbin, info};
use crate::server::Server;
use std::process::Command;

/// A run of `ogrinfo`.
#[track_caller]
fn ogrinfo(args: &[&str]) -> String {
    let there = Command::new("ogrinfo").arg("--version").output();
    assert!(there.is_ok(), "ogrinfo is missing; install it: apt-get install gdal-bin");
    let mut command = Command::new("ogrinfo");
    command.args(args).env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1").env("CPL_LOG", "/dev/null");
    finish(&mut command).ok().text().to_owned()
}

const COLLECTIONS: [&str; 7] =
    ["compounds", "gates", "facilities", "units", "buildings", "candidates", "access_points"];

/// Lines that follow `name: `.
fn values<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[test]
fn gdal_lists_the_collections_with_their_counts() {
    let server = Server::start(harbin());
    let text = ogrinfo(&["-ro", "-al", "-so", &format!("OAPIF:http://{}/api", server.host)]);
    assert_eq!(values(&text, "Layer name"), COLLECTIONS, "{text}");
    let counts = &server.json("/api/settings")["counts"];
    let expected = COLLECTIONS.map(|collection| counts[collection].to_string());
    assert_eq!(values(&text, "Feature Count"), expected, "{text}");
    assert_eq!(info(harbin()).ok().json()["compounds"].to_string(), expected[0]);
    assert!(text.contains("name: String") && text.contains("area_square_metres: Integer"), "{text}");
}

#[test]
fn gdal_filters_by_box_and_property() {
    let server = Server::start(harbin());
    let source = format!("OAPIF:http://{}/api", server.host);
    let text = ogrinfo(&["-ro", "-so", &source, "compounds", "-where", &format!("name = '{COMPOUND}'")]);
    assert_eq!(values(&text, "Feature Count"), ["1"], "{text}");
    let text = ogrinfo(&["-ro", "-so", &source, "gates", "-spat", "126.61", "45.76", "126.63", "45.78"]);
    let found = server.json("/api/collections/gates/items?bbox=126.61,45.76,126.63,45.78");
    assert_eq!(values(&text, "Feature Count"), [found["numberMatched"].to_string()], "{text}");
}

/// Validity by GEOS, which knows more of it than tests of our own.
#[test]
fn every_polygon_is_valid_by_ogc_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shapes.geojson");
    let (path, city) = (path.to_str().unwrap(), harbin().to_str().unwrap());
    let mut checked = 0;
    for origin in [
        ["--compound", COMPOUND],
        ["--at", "126.6433,45.7579"],
        ["--at", "126.615,45.779"],
        ["--at", "126.652,45.747"],
    ] {
        for form in ["discs", "rings"] {
            circle([
                "isochrone",
                city,
                origin[0],
                origin[1],
                "--form",
                form,
                "--minutes",
                "3,5,8,10,15,20",
                "-o",
                path,
            ])
            .ok();
            let query = "SELECT minutes, ST_IsValid(geometry) AS valid, ST_IsValidReason(geometry) AS reason FROM shapes";
            let text = ogrinfo(&["-ro", path, "-dialect", "sqlite", "-sql", query]);
            let lines: Vec<_> =
                text.lines().filter_map(|line| line.trim().strip_prefix("valid (Integer) = ")).collect();
            assert_eq!(lines, ["1"; 6], "{origin:?} {form}: {text}");
            checked += lines.len();
        }
    }
    assert_eq!(checked, 48);
}

#[test]
fn gdal_reads_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let city = harbin().to_str().unwrap();
    let compounds = info(harbin()).ok().json()["compounds"].to_string();
    let path = folder.path().join("coverage.geojson");
    circle(["coverage", city, "-o", path.to_str().unwrap()]).ok();
    let text = ogrinfo(&["-ro", "-al", "-so", path.to_str().unwrap()]);
    assert_eq!(values(&text, "Feature Count"), [compounds], "{text}");
    assert!(text.contains("WGS 84"), "{text}");
}
