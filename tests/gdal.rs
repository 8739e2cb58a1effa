//! GDAL, which QGIS uses, reads the server's collections and the written files.

use crate::run::{COMPOUND, circle, finish, harbin, harbin_extract, info, project};
use crate::server::Server;
use std::collections::BTreeMap;
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

const COLLECTIONS: [&str; 9] = [
    "compounds",
    "compound_points",
    "gates",
    "facilities",
    "units",
    "buildings",
    "candidates",
    "candidate_points",
    "access_points",
];

/// The values of the lines `name: VALUE`.
fn values<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(": ")).collect()
}

#[test]
fn gdal_lists_the_collections_with_their_counts() {
    let server = Server::start(harbin());
    let text = ogrinfo(&["-ro", "-al", "-so", &format!("OAPIF:http://{}/api", server.host)]);
    assert_eq!(values(&text, "Layer name"), COLLECTIONS, "{text}");
    let counts = &server.json("/api/settings")["counts"];
    let count = |collection: &str| counts[collection].as_u64().unwrap();
    // Records known as a point are counted twice: among all records, and in the collection of points.
    let expected = COLLECTIONS.map(|collection| {
        let half = collection.strip_suffix('s').map(|one| format!("{one}_points"));
        let points = half.filter(|half| COLLECTIONS.contains(&half.as_str())).map_or(0, |half| count(&half));
        (count(collection) - points).to_string()
    });
    assert_eq!(values(&text, "Feature Count"), expected, "{text}");
    assert_eq!(info(harbin()).ok().json()["compounds"], count("compounds"));
    assert!(text.contains("name: String") && text.contains("area_square_metres: Integer"), "{text}");
}

/// The types are those of the schema, also for columns that are empty in the first features, and without
/// features.
#[test]
fn gdal_knows_the_type_of_every_column() {
    let server = Server::start(harbin());
    let source = format!("OAPIF:http://{}/api", server.host);
    for (layer, geometry, columns) in [
        (
            "compounds",
            "Multi Polygon",
            ["elderly: Integer", "children: Integer", "residents: Integer", "closed: Integer(Boolean)"]
                .as_slice(),
        ),
        ("compound_points", "Point", &["elderly: Integer", "name: String"]),
        ("facilities", "Point", &["capacity: Real", "confidence: Real", "osm_id: String", "sources: String"]),
        ("gates", "Point", &["locked: Integer(Boolean)", "osm_id: String", "sources: String"]),
        ("buildings", "Multi Polygon", &["levels: Real", "residents: Real"]),
        ("candidates", "", &["area_square_metres: Integer", "name: String", "sources: String"]),
    ] {
        let text = ogrinfo(&["-ro", "-so", &source, layer]);
        let types = text.replace("Integer (0.0)", "Integer").replace(" (0.0)", "");
        assert!(types.lines().filter(|line| line.starts_with("id: ")).count() <= 1, "{text}");
        for column in columns {
            let (name, kind) = column.split_once(": ").unwrap();
            assert!(types.lines().any(|line| line == format!("{name}: {kind}")), "{layer}.{column}: {text}");
        }
        if !geometry.is_empty() {
            assert_eq!(values(&text, "Geometry"), [geometry], "{layer}: {text}");
        }
    }
    // Without the schema, GDAL takes columns for text that are empty in the first features.
    let first = |path: &str| server.json(path)["features"].as_array().unwrap().clone();
    let facilities = first("/api/collections/facilities/items");
    assert!(facilities.iter().all(|feature| feature["properties"]["capacity"].is_null()), "choose another");
}

#[test]
fn every_feature_conforms_to_its_schema() {
    let server = Server::start(harbin());
    for collection in COLLECTIONS {
        let described = server.json(&format!("/api/collections/{collection}"));
        let links = described["links"].as_array().unwrap();
        let rel = "http://www.opengis.net/def/rel/ogc/1.0/schema";
        let link = links.iter().find(|link| link["rel"] == rel).unwrap();
        assert_eq!(link["type"], "application/schema+json");
        let schema = server.json(
            link["href"]
                .as_str()
                .unwrap()
                .split_once("/api")
                .map(|(_, path)| format!("/api{path}"))
                .unwrap()
                .as_str(),
        );
        assert_eq!(schema["$id"], link["href"]);
        let properties = schema["properties"].as_object().unwrap();
        let geometry = properties["geometry"]["format"].as_str().unwrap().strip_prefix("geometry-").unwrap();
        let all = server.json(&format!("/api/collections/{collection}/items?limit=10000"));
        for feature in all["features"].as_array().unwrap() {
            let kind = feature["geometry"]["type"].as_str().map(str::to_ascii_lowercase);
            assert!(kind.as_deref().is_none_or(|kind| kind == geometry), "{collection}: {kind:?}");
            let values = feature["properties"].as_object().unwrap();
            assert_eq!(values.len() + 1, properties.len(), "{collection}");
            for (name, value) in values {
                let fits = match properties[name]["type"].as_str().unwrap() {
                    "string" => value.is_string(),
                    "integer" => value.is_i64(),
                    "number" => value.is_number(),
                    "boolean" => value.is_boolean(),
                    "array" => value.is_array(),
                    other => panic!("{other}"),
                };
                assert!(fits || value.is_null(), "{collection}.{name}: {value}");
            }
        }
    }
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

/// Ids of the features that `ogrinfo` reads from a layer.
fn read(source: &str, layer: &str, more: &[&str]) -> Vec<String> {
    let text = ogrinfo(&[&["-ro", "-q", source, layer, "-geom=NO"], more].concat());
    let ids = text.lines().filter_map(|line| line.strip_prefix(&format!("OGRFeature({layer}):")));
    ids.map(str::to_owned).collect()
}

/// With a planner's own files, so that no collection is empty.
#[test]
fn gdal_reads_every_collection_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("own.circle");
    let own = project("data/own/harbin/OWN.toml");
    let extract = harbin_extract();
    let [path, own, extract] = [&city, &own, &extract].map(|path| path.to_str().unwrap());
    circle(["build", extract, "--own", own, "-o", path]).ok();
    let server = Server::start(&city);
    let source = format!("OAPIF:http://{}/api", server.host);
    for collection in COLLECTIONS {
        let path = format!("/api/collections/{collection}/items?limit=10000");
        let all = server.json(&path);
        let features = all["features"].as_array().unwrap();
        // The spaces of the sample are given by coordinates only, so they are in the collection of points.
        if collection == "candidates" {
            assert!(features.is_empty());
            continue;
        }
        assert_eq!(all["numberMatched"], features.len(), "{collection}: not all of it");
        // Few compounds are known as a point only.
        assert!(features.len() >= 4 || collection == "compound_points", "{collection} fits a page");
        let page = format!("PAGE_SIZE={}", features.len().div_ceil(4));
        let paging = ["-oo", page.as_str()];
        let mut found = read(&source, collection, &paging);
        assert_eq!(found.len(), features.len(), "{collection}");
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), features.len(), "{collection}: one feature twice");
        // Each column by the value of the first feature that has one.
        let properties = features[0]["properties"].as_object().unwrap();
        for (name, value) in properties.iter().filter(|(_, value)| value.is_string()) {
            let alike = features.iter().filter(|feature| feature["properties"][name] == *value).count();
            let filter = format!("{name} = '{}'", value.as_str().unwrap());
            let found = read(&source, collection, &[&paging[..], &["-where", &filter]].concat());
            assert_eq!(found.len(), alike, "{collection}: {filter}");
        }
        let mut corner = &features[0]["geometry"]["coordinates"];
        while corner[0].is_array() {
            corner = &corner[0];
        }
        let around = |axis: usize, by: f64| (corner[axis].as_f64().unwrap() + by).to_string();
        let [west, south, east, north] =
            [around(0, -0.002), around(1, -0.002), around(0, 0.002), around(1, 0.002)];
        let boxed = server.json(&format!("{path}&bbox={west},{south},{east},{north}"));
        let found =
            read(&source, collection, &[&paging[..], &["-spat", &west, &south, &east, &north]].concat());
        let boxed = boxed["features"].as_array().unwrap();
        assert!(found.len() < features.len() && !found.is_empty(), "{collection}: {}", found.len());
        // The API selects features by bounding box; GDAL then filters by shape.
        let points = boxed.iter().all(|feature| feature["geometry"]["type"] == "Point");
        assert!(found.len() == boxed.len() || !points && found.len() < boxed.len(), "{collection}");
    }
}

/// GDAL's driver for OGC API Tiles implements a draft, so the tileset is compared with the tiles themselves.
#[test]
fn tiles_have_the_layers_of_the_tileset() {
    let server = Server::start(harbin());
    let tileset = server.json("/api/tiles/WebMercatorQuad");
    let links = tileset["links"].as_array().unwrap();
    let item = links.iter().find(|link| link["rel"] == "item").unwrap();
    let template = item["href"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut kinds = BTreeMap::new();
    for (matrix, row, column) in [("12", "1461", "3488"), ("14", "5844", "13955"), ("15", "11687", "27909")] {
        let address =
            template.replace("{tileMatrix}", matrix).replace("{tileRow}", row).replace("{tileCol}", column);
        let tile = server.get(address.strip_prefix(&format!("http://{}", server.host)).unwrap());
        assert_eq!(tile.must("content-type"), item["type"].as_str().unwrap());
        let path = crate::run::write(&folder, "tile.mvt", &tile.body);
        let text = ogrinfo(&["-ro", "-q", "-al", path.to_str().unwrap()]);
        let mut layer = "";
        for line in text.lines() {
            layer = line.strip_prefix("Layer name: ").unwrap_or(layer);
            let shape = line.strip_prefix("  ").map(|line| line.strip_prefix("MULTI").unwrap_or(line));
            let dimension = match shape.and_then(|shape| shape.split_once(" (")).map(|(shape, _)| shape) {
                Some("POINT") => 0,
                Some("LINESTRING") => 1,
                Some("POLYGON") => 2,
                _ => continue,
            };
            let before = kinds.insert(layer.to_owned(), dimension);
            assert!(before.is_none_or(|before| before == dimension), "{layer}: {line}");
        }
    }
    let layers = tileset["layers"].as_array().unwrap().iter();
    let described: BTreeMap<String, u64> = layers
        .map(|layer| (layer["id"].as_str().unwrap().to_owned(), layer["geometryDimension"].as_u64().unwrap()))
        .collect();
    assert_eq!(kinds, described, "the tiles have every layer, each with its kind of geometry");
}

/// Validity by GEOS, an independent implementation.
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
