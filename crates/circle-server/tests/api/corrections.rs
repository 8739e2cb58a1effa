//! What corrections would change.

use crate::city::along;
use crate::client::server;
use crate::jobs::post;
use serde_json::{Value, json};

async fn effect(body: &Value) -> Value {
    let answer = post(&server(), "/api/corrections/effect", "application/json", body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn without_its_clinics_every_compound_loses_the_line() {
    let closed = |number: i32| json!({ "action": "closed", "target": format!("n{}", 900 + 2 * number) });
    let corrections: Vec<Value> = (0..6).map(closed).collect();
    let effect = effect(&json!({ "corrections": corrections })).await;
    assert_eq!((&effect["counts"]["lost"], &effect["counts"]["gained"]), (&3.into(), &0.into()));
    assert_eq!(effect["refused"], json!([]));
    let lines = effect["compounds"].as_array().unwrap();
    let lost = lines.iter().find(|it| it["id"] == "w500" && it["verdict_before"] == "covered").unwrap();
    assert_ne!(lost["verdict_after"], "covered");
    assert!(lost["seconds_before"].is_f64() && lost["seconds_after"].is_null(), "{lost}");
}

#[tokio::test]
async fn a_gate_that_moved_has_other_walks_and_a_refused_row_is_named() {
    let to = along(11, 200).lon_lat();
    let moved = json!({ "action": "moved", "of": "gate", "target": "n703", "lon": to.lon, "lat": to.lat });
    let unknown = json!({ "action": "closed", "target": "n1" });
    let effect = effect(&json!({ "corrections": [unknown, moved], "profile": "elderly" })).await;
    assert_eq!(effect["refused"][0]["row"], 1);
    let lines = effect["compounds"].as_array().unwrap();
    assert!(!lines.is_empty() && lines.iter().all(|line| line["id"] == "w502"), "{effect}");
    let seconds = |line: &Value, name: &str| line[name].as_f64().unwrap();
    // Clinics are in the west, parks in the east.
    assert!(lines.iter().any(|line| seconds(line, "seconds_after") > seconds(line, "seconds_before")));
    assert_eq!(effect["counts"]["changed"], 1);
}

#[tokio::test]
async fn nothing_changes_without_corrections() {
    let effect = effect(&json!({ "corrections": [] })).await;
    assert_eq!((&effect["compounds"], &effect["counts"]["changed"]), (&json!([]), &0.into()));
    let answer =
        post(&server(), "/api/corrections/effect", "application/json", r#"{"corrections": 1}"#).await;
    assert!(answer.problem(400)["detail"].as_str().unwrap().contains("`corrections`"));
}
