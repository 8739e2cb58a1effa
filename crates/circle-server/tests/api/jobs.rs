//! Batches of boards as jobs.

use crate::city::{city, study};
use crate::client::{Answer, ask, send, server};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use circle_server::Served;
use serde_json::{Value, json};
use std::io::Cursor;

pub(crate) async fn post(server: &Router, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(path).header("host", "map.example:8080").header("content-type", kind);
    send(server, request.body(body.into()).unwrap()).await
}

async fn start(server: &Router, body: &Value) -> Answer {
    post(server, "/api/board-batches", "application/json", body.to_string()).await
}

async fn delete(server: &Router, path: &str) -> Answer {
    let request = Request::delete(path).header("host", "map.example:8080").body(Body::empty()).unwrap();
    send(server, request).await
}

/// The path of a job that was started.
fn path(started: &Answer) -> String {
    assert_eq!(started.status, 202, "{}", started.text());
    let path = started.header("location").to_owned();
    assert_eq!(path, format!("/api/jobs/{}", started.json()["id"].as_str().unwrap()));
    path
}

/// The job once it has ended.
async fn ended(server: &Router, path: &str) -> Value {
    loop {
        let job = ask(server, path, &[]).await.json();
        if !["queued", "running"].contains(&job["status"].as_str().unwrap()) {
            return job;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_batch_is_a_job_with_a_zip_file() {
    let server = server();
    let body = json!({ "compounds": ["w500", "同名小区"], "settings": { "size": "A4" } });
    start(&server, &body).await.problem(400);
    let body = json!({ "compounds": ["w500"], "settings": { "size": "A4", "issuer": "街道 & 社区" } });
    let started = start(&server, &body).await;
    let path = path(&started);
    assert_eq!((&started.json()["total"], &started.json()["left_out"]), (&2.into(), &json!([])));
    let job = ended(&server, &path).await;
    assert_eq!(
        (&job["status"], &job["done"], &job["kind"]),
        (&"done".into(), &2.into(), &"board_batch".into())
    );
    let parts = job["parts"].as_array().unwrap();
    // A part is the same board, made again.
    let href = parts[0]["href"].as_str().unwrap().strip_prefix("http://map.example:8080").unwrap();
    assert!(href.contains("size=A4") && href.contains("gate=n70"), "{href}");
    let board = ask(&server, href, &[]).await;
    assert_eq!((board.status.as_u16(), board.header("content-type")), (200, "application/pdf"));
    let result = job["result"].as_str().unwrap().strip_prefix("http://map.example:8080").unwrap();
    let zip = ask(&server, result, &[("accept-encoding", "gzip")]).await;
    assert_eq!((zip.header("content-type"), zip.header("content-encoding")), ("application/zip", ""));
    assert_eq!((zip.header("content-length"), zip.header("etag")), (zip.body.len().to_string().as_str(), ""));
    let mut zip = zip::ZipArchive::new(Cursor::new(zip.body)).unwrap();
    let mut names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    let files = parts.iter().map(|part| part["name"].as_str().unwrap());
    let mut expected: Vec<&str> = files.chain(["check.csv", "left-out.csv"]).collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
    let first = zip.by_name(parts[0]["name"].as_str().unwrap()).unwrap();
    assert_eq!(first.size(), board.body.len() as u64);
    // Polling never gets an answer from a cache.
    let polled = ask(&server, &path, &[("if-none-match", "*")]).await;
    assert_eq!((polled.status.as_u16(), polled.header("cache-control")), (200, "no-store"));
    let list = ask(&server, "/api/jobs", &[]).await.json();
    assert_eq!(list["jobs"], json!([job]));
    assert_eq!(delete(&server, &path).await.status, 204);
    ask(&server, &path, &[]).await.problem(404);
    ask(&server, result, &[]).await.problem(404);
    delete(&server, &path).await.problem(404);
}

#[tokio::test]
async fn a_unit_has_the_boards_of_its_compounds_and_a_job_ends_on_its_own_city() {
    let served = Served::new(study(city("2026-11-01T00:00:00Z")));
    let server = circle_server::router(served.clone());
    let first = start(&server, &json!({ "unit": "道里区", "format": "svg" })).await;
    let path = path(&first);
    let edition = first.header("circle-edition").to_owned();
    served.replace(study(city("2026-12-01T00:00:00Z")));
    let job = ended(&server, &path).await;
    assert_eq!((&job["status"], &job["total"]), (&"done".into(), &4.into()));
    assert_eq!(job["edition"], edition);
    let now = ask(&server, "/api/jobs", &[]).await;
    assert_ne!(now.header("circle-edition"), edition);
    assert_eq!(now.json()["jobs"][0]["id"], job["id"]);
}

#[tokio::test]
async fn a_cancelled_job_ends_without_a_result() {
    let server = server();
    let body = json!({ "unit": "r300", "settings": { "size": "A0" } });
    let [running, queued] = [path(&start(&server, &body).await), path(&start(&server, &body).await)];
    for path in [&queued, &running] {
        assert_eq!(delete(&server, path).await.status, 204);
        let job = ask(&server, path, &[]).await.json();
        assert_eq!((&job["status"], job.get("result")), (&"cancelled".into(), None));
    }
    ask(&server, &format!("{running}/result"), &[]).await.problem(404);
}

#[tokio::test]
async fn a_client_has_only_so_many_open_jobs() {
    let server = server();
    let body = json!({ "unit": "r300", "settings": { "size": "A0" } });
    let mut refused = None;
    for _ in 0..10 {
        let answer = start(&server, &body).await;
        if answer.status != 202 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("a client fills the list");
    refused.problem(429);
    assert_eq!(refused.header("retry-after"), "10");
}

#[tokio::test]
async fn bad_bodies_are_refused_and_the_member_is_named() {
    let server = server();
    for (body, status, named) in [
        ("{", 400, "JSON"),
        ("[]", 400, "`body`"),
        ("{}", 400, "`unit`"),
        (r#"{"unit": "没有"}"#, 404, "没有"),
        (r#"{"compounds": ["w500"], "settings": {"minutes": [31]}}"#, 400, "`minutes`"),
        (r#"{"compounds": ["w500"], "settings": {"title": 5}}"#, 400, "`title`"),
        (r#"{"compounds": ["w500"], "colour": "red"}"#, 400, "`colour`"),
        (r#"{"compounds": ["w401"]}"#, 410, "w401"),
    ] {
        let problem = post(&server, "/api/board-batches", "application/json", body).await.problem(status);
        assert!(problem["detail"].as_str().unwrap().contains(named), "{body}: {problem}");
    }
    let form = "application/x-www-form-urlencoded";
    post(&server, "/api/board-batches", form, "unit=r300").await.problem(415);
    let large = format!("{{\"unit\": \"{}\"}}", "x".repeat(70_000));
    post(&server, "/api/board-batches", "application/json", large).await.problem(413);
    let get = ask(&server, "/api/board-batches", &[]).await;
    get.problem(405);
    assert_eq!(get.header("allow"), "POST");
    ask(&server, "/api/jobs/0123456789abcdef0123456789abcdef", &[]).await.problem(404);
}
