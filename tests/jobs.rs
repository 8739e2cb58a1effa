//! Batches of boards over HTTP: the files of the command, and nothing left behind.

use crate::run::{command, finish, harbin, names, table};
use crate::server::{Answer, Server, request, serve, until};
use circle_server::testing::check_answer;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read, Write};
use std::process::Stdio;

/// The answer to `POST` with a body.
#[track_caller]
pub(crate) fn post(server: &Server, path: &str, kind: &str, body: &str) -> Answer {
    let mut stream = BufReader::new(server.connect());
    let headers = [format!("Content-Type: {kind}"), format!("Content-Length: {}", body.len())];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    request(stream.get_mut(), "POST", path, &server.host, &headers);
    stream.get_mut().write_all(body.as_bytes()).unwrap();
    Answer::read(&mut stream, false)
}

/// Starts a batch and waits for its end.
#[track_caller]
fn finished(server: &Server, body: &Value) -> Value {
    let started = post(server, "/api/board-batches", "application/json", &body.to_string());
    assert_eq!(started.status, 202, "{}", String::from_utf8_lossy(&started.body));
    check_answer("/api/board-batches", &started.body).unwrap();
    let path = started.must("location").to_owned();
    let job = || server.json(&path);
    until("the job ends", || !["queued", "running"].contains(&job()["status"].as_str().unwrap()));
    let answer = server.get(&path);
    check_answer(&path, &answer.body).unwrap();
    answer.json()
}

/// The files of a job's result.
#[track_caller]
fn files(server: &Server, job: &Value) -> BTreeMap<String, Vec<u8>> {
    let href = job["result"].as_str().unwrap_or_else(|| panic!("{job}"));
    let zip = server.get(href.strip_prefix(&format!("http://{}", server.host)).unwrap());
    assert_eq!((zip.status, zip.must("content-type")), (200, "application/zip"));
    assert!(zip.must("content-disposition").contains(".zip"), "{:?}", zip.must("content-disposition"));
    let mut zip = zip::ZipArchive::new(Cursor::new(zip.body)).unwrap();
    let mut files = BTreeMap::new();
    for number in 0..zip.len() {
        let mut file = zip.by_index(number).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

#[test]
fn a_batch_has_the_files_that_the_command_writes() {
    const ADDRESS: &str = "https://circle.example.org";
    let folder = tempfile::tempdir().unwrap();
    let mut run = command();
    run.arg("board").arg(harbin()).args(["--unit", "爱建街道", "--size", "A3", "--address", ADDRESS]);
    finish(run.arg("-o").arg(folder.path())).ok();
    let server = Server::start(harbin());
    let settings = json!({ "size": "A3", "address": ADDRESS });
    let job = finished(&server, &json!({ "unit": "爱建街道", "settings": settings }));
    assert_eq!((&job["status"], &job["done"]), (&"done".into(), &job["total"]));
    let files = files(&server, &job);
    let written = names(folder.path());
    let drawn: Vec<&String> = files.keys().filter(|name| *name != "check.csv").collect();
    assert_eq!(drawn, written.iter().collect::<Vec<_>>());
    for name in &written {
        assert!(files[name] == std::fs::read(folder.path().join(name)).unwrap(), "{name} differs");
    }
    // Every compound of the unit has a board or a reason.
    let (_, rows) = table(&files["left-out.csv"]);
    let left_out = job["left_out"].as_array().unwrap();
    assert_eq!(rows.len(), left_out.len());
    for (row, left_out) in rows.iter().zip(left_out) {
        assert_eq!(
            (row[0].as_str(), row[3].as_str()),
            (left_out["compound_id"].as_str().unwrap(), left_out["reason"].as_str().unwrap(),)
        );
    }
    let (header, _) = table(&files["check.csv"]);
    assert_eq!(header, ["compound_id", "compound_name", "gate_id", "severity", "kind", "message"]);
    // A part is the same board.
    let part = &job["parts"][0];
    let href = part["href"].as_str().unwrap().strip_prefix(&format!("http://{}", server.host)).unwrap();
    assert!(server.get(href).body == files[part["name"].as_str().unwrap()]);
}

#[test]
fn results_have_no_name_on_the_disk_and_go_with_their_job() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = serve(harbin(), &[]);
    let server =
        Server::run(command.env("TMPDIR", folder.path()).env("RUST_LOG", "warn").stderr(Stdio::null()));
    let job = finished(
        &server,
        &json!({ "compounds": ["红专小区"], "format": "svg", "settings": { "size": "A4" } }),
    );
    assert!(!files(&server, &job).is_empty() && names(folder.path()).is_empty());
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    let open = |server: &Server| std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    let before = open(&server);
    assert_eq!(server.ask("DELETE", &path, &[]).status, 204);
    server.get(&path).problem(404);
    until("the file is closed", || open(&server) < before);
    assert_eq!(server.json("/api/jobs")["jobs"], json!([]));
}
