//! Answers of the server conform to its OpenAPI description, even for generated requests; so do the types of
//! the page.

use crate::run::{COMPOUND, campus, circle, finish, harbin, project, write};
use crate::server::{Server, encoded};
use circle_server::testing::check_answer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::process::Command;

/// The types of the page.
const TYPES: &str = "web/src/api/schema.ts";

#[test]
fn generated_requests_are_answered_as_described() {
    let program = project("target").join("schemathesis/bin/schemathesis");
    assert!(program.exists(), "schemathesis is missing; install it: make target/schemathesis/.installed");
    let server = Server::start(campus());
    // Schemathesis requests every path except the one of the description.
    let operations = server.json("/api/openapi.json")["paths"].as_object().unwrap().len() - 1;
    let folder = tempfile::tempdir().unwrap();
    // A request with another edition is rejected before its other parameters are checked.
    let edition = server.get("/api").must("circle-edition").to_owned();
    let hooks = project("tests/schemathesis/answers.py");
    let settings =
        format!("hooks = {:?}\n[parameters]\nedition = \"{edition}\"\n", hooks.display().to_string());
    write(&folder, "schemathesis.toml", settings);
    let mut run = Command::new(program);
    run.current_dir(folder.path()).args(["run", &format!("http://{}/api/openapi.json", server.host)]);
    run.args([
        "--checks",
        "all",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "20",
        "--workers",
        "2",
    ]);
    run.args(["--generation-deterministic", "--no-color"]);
    run.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1").env("PYTHONDONTWRITEBYTECODE", "1");
    let answers = write(&folder, "answers", "");
    run.env("CIRCLE_KEYS", write(&folder, "keys.json", keys(&server).to_string()))
        .env("CIRCLE_ANSWERS", &answers);
    let done = finish(&mut run);
    let report = String::from_utf8_lossy(&done.out);
    assert_eq!(done.status, 0, "{report}{}", done.err);
    assert!(report.contains(&format!("Tested: {operations}\n")), "not all of {operations}: {report}");
    let tally = tally(&std::fs::read_to_string(answers).unwrap());
    assert_eq!(tally.len(), operations, "{tally:?}");
    for (operation, [valid, done]) in tally {
        let least = least_share(&operation, &server);
        let share = f64::from(done) / f64::from(valid);
        assert!(
            share >= least,
            "{operation}: {done} of {valid} valid requests were answered, at least {least} should be"
        );
    }
}

/// Known keys for `tests/schemathesis/answers.py`.
fn keys(server: &Server) -> Value {
    let collections = server.json("/api/collections");
    let of = |collection: &Value| {
        let id = collection["id"].as_str().unwrap();
        let page = server.json(&format!("/api/collections/{id}/items?limit=5"));
        let keys: Vec<Value> =
            page["features"].as_array().unwrap().iter().map(|feature| feature["id"].clone()).collect();
        (id.to_owned(), Value::from(keys))
    };
    let ids: serde_json::Map<String, Value> =
        collections["collections"].as_array().unwrap().iter().map(of).collect();
    json!({
        "compound": ids["compounds"],
        "gate": ids["gates"],
        "facility": ids["facilities"],
        "board": ids["compounds"],
        "id": ids,
    })
}

/// Numbers of valid requests of each operation, and of those answered with 2xx.
fn tally(answers: &str) -> BTreeMap<String, [u32; 2]> {
    let mut tally: BTreeMap<String, [u32; 2]> = BTreeMap::new();
    for line in answers.lines() {
        let [operation, mode, status] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let [valid, done] = tally.entry(operation.to_owned()).or_default();
        *valid += u32::from(mode == "valid");
        *done += u32::from(mode == "valid" && status.starts_with('2'));
    }
    tally
}

/// The least share of valid requests of an operation that are answered with 2xx.
///
/// Every second request with a key has a made-up one. Columns and rows may be out of range, which depends on the zoom.
fn least_share(operation: &str, server: &Server) -> f64 {
    if let Some((items, "")) = operation.strip_prefix("GET ").unwrap().split_once("/{id}") {
        let matched = server.json(&format!("{items}?limit=1"))["numberMatched"].as_u64().unwrap();
        return if matched == 0 { 0.0 } else { 0.4 };
    }
    match operation.split('/').nth(2) {
        Some("boards") => 0.4,
        Some("coverage" | "tiles") if operation.contains('{') || operation.ends_with("coverage") => 0.5,
        Some("explain" | "isochrones" | "reach") => 0.6,
        _ => 1.0,
    }
}

#[test]
fn every_answer_has_the_described_members() {
    let server = Server::start(harbin());
    let compound = encoded(COMPOUND);
    let mut paths: Vec<String> = [
        "/api",
        "/api/conformance",
        "/api/collections",
        "/api/settings",
        "/api/names",
        "/api/quality",
        "/api/verdicts",
        "/api/verdicts?rules=gb50180&as_mapped=true",
        "/api/tiles",
        "/api/tiles/WebMercatorQuad",
        "/api/tileMatrixSets",
        "/api/tileMatrixSets/WebMercatorQuad",
        "/api/coverage?by=city",
        "/api/coverage?by=district&as_mapped=true&line=park",
        "/api/coverage?by=h3&line=all",
        "/api/reach?at=126.63,45.76",
        "/api/reach?at=126.6,45.755&at_time=2026-05-01T09:00",
        "/api/explain?from=126.63,45.76&to=126.64,45.76",
        "/api/explain?from=126.63,45.76&to=126.8,45.76&barred=false",
    ]
    .map(str::to_owned)
    .into();
    for form in ["discs", "rings", "lines"] {
        paths.push(format!("/api/isochrones?compound={compound}&form={form}"));
    }
    for path in ["reach?", "coverage?", "coverage?rules=gb50180&minutes=4,9&"] {
        paths.push(format!("/api/{path}compound={compound}"));
    }
    paths.push(format!("/api/explain?compound={compound}&to=126.64,45.76"));
    for collection in server.json("/api/collections")["collections"].as_array().unwrap() {
        let path = format!("/api/collections/{}", collection["id"].as_str().unwrap());
        let items = format!("{path}/items?limit=2000");
        let page = server.json(&items);
        if let Some(id) = page["features"][0]["id"].as_str() {
            paths.push(format!("{path}/items/{id}"));
        }
        paths.extend([format!("{path}/schema"), format!("{path}/schema/feature"), items, path]);
    }
    for path in paths {
        let answer = server.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        check_answer(&path, &answer.body).unwrap_or_else(|what| panic!("{path}: {what}"));
    }
    for (path, status) in
        [("/api/reach?profile=x&at=126.63,45.76", "400"), ("/api?edition=000000000000", "409")]
    {
        check_answer(status, &server.get(path).body).unwrap_or_else(|what| panic!("{path}: {what}"));
    }
}

#[test]
fn the_command_prints_what_the_server_serves() {
    let server = Server::start(campus());
    let mut served = server.json("/api/openapi.json");
    served["servers"][0]["url"] = "/".into();
    assert_eq!(circle(["openapi", campus().to_str().unwrap()]).ok().json(), served);
    let built_in = circle(["openapi"]).ok().json();
    let schemas = &built_in["components"]["schemas"];
    assert_eq!(schemas["ProfileId"], served["components"]["schemas"]["ProfileId"]);
    assert_eq!(schemas["RuleSetId"], served["components"]["schemas"]["RuleSetId"]);
}

#[test]
fn the_types_of_the_page_are_those_of_the_described_api() {
    let again = "run `circle openapi -o target/openapi.json`, then `npm run api` in web/";
    let document = circle(["openapi"]).ok().out;
    let types = std::fs::read_to_string(project(TYPES)).unwrap();
    let hash = format!("{:x}", Sha256::digest(&document));
    assert!(types.contains(&hash), "{TYPES} is stale; {again}");
    // Without the generator only the hash is compared.
    let generator = project("web/generate");
    if !generator.join("node_modules").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let described = write(&folder, "openapi.json", &document);
    let generated = folder.path().join("schema.ts");
    let mut node = Command::new("node");
    node.current_dir(generator).arg("generate.mjs").args([&described, &generated]);
    finish(&mut node).ok();
    assert_eq!(std::fs::read_to_string(generated).unwrap(), types, "{TYPES} is stale; {again}");
}
