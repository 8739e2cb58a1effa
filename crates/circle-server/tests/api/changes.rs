//! The earlier city, and what changed since.

use crate::city::{city, study};
use crate::client::{ask, get, server};
use axum::Router;
use circle_model::city::ChangedTables;
use circle_model::{Catalogue, City};
use circle_server::Served;
use std::sync::Arc;

const NOW: &str = "2026-11-01T00:00:00Z";
const THEN: &str = "2025-11-01T00:00:00Z";
/// 卫生室, judged as if the map were complete.
const CLINICS: &str = "line=%E5%8D%AB%E7%94%9F%E5%AE%A4&as_mapped=true";

/// The city when its clinics were banks.
fn earlier() -> City {
    let catalogue = Catalogue::built_in();
    let [clinic, bank] = ["clinic", "bank"].map(|id| catalogue.index_of(id).unwrap() as u8);
    let city = city(THEN);
    let categories = city.facility_categories().iter().map(|it| if *it == clinic { bank } else { *it });
    let facility_categories = Some(categories.collect());
    city.changed(ChangedTables { facility_categories, ..ChangedTables::default() })
}

fn compared() -> (Served, Router) {
    let served = Served::new(study(city(NOW)).compared_with(Arc::new(study(earlier()))));
    (served.clone(), circle_server::router(served))
}

#[tokio::test]
async fn the_earlier_city_is_named() {
    let (_, server) = compared();
    let answer = ask(&server, "/api/before", &[]).await.json();
    assert_eq!(answer["edition"], city(NOW).edition().to_string());
    let before = &answer["before"];
    assert_eq!([&before["edition"], &before["data_date"]], [&*earlier().edition().to_string(), THEN]);
    assert_eq!(before["title"], "made-up");
}

#[tokio::test]
async fn compounds_that_gained_have_their_walk_and_the_cause() {
    let (_, server) = compared();
    let answer = ask(&server, &format!("/api/changes?{CLINICS}"), &[]).await.json();
    assert_eq!(answer["before"]["edition"], earlier().edition().to_string());
    assert_eq!(answer["line"], "卫生室");
    let counts = serde_json::json!({
        "gained": 3, "lost": 0, "unchanged": 0, "new": 0, "gone": 0, "unknown": 0,
    });
    assert_eq!(answer["counts"], counts);
    assert_eq!(answer["residents"], serde_json::json!({ "gained": [0, 0], "lost": [0, 0] }));
    let compounds = answer["compounds"].as_array().unwrap();
    let ids: Vec<&str> = compounds.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["w500", "w501", "w502"]);
    for compound in compounds {
        let words = ["verdict_before", "verdict_after", "cause"].map(|name| compound[name].as_str().unwrap());
        assert_eq!(words, ["gap", "covered", "facility_new"]);
        assert!(compound["seconds_before"].is_null() && compound["facility_before"].is_null(), "{compound}");
        let [gate, facility] = ["gate_after", "facility_after"].map(|name| compound[name].as_str().unwrap());
        let walk = ask(&server, &format!("/api/explain?gate={gate}&facility={facility}"), &[]).await.json();
        assert_eq!(walk["walk"]["walk_seconds"], compound["seconds_after"]);
    }
    let parks = ask(&server, "/api/changes?line=park&as_mapped=true", &[]).await.json();
    assert_eq!((&parks["counts"]["unchanged"], &parks["compounds"]), (&3.into(), &serde_json::json!([])));
    let problem = ask(&server, "/api/changes?line=cinema", &[]).await.problem(400);
    assert!(problem["choices"].as_array().unwrap().contains(&"park".into()), "{problem}");
}

#[tokio::test]
async fn a_walk_in_the_earlier_city_has_its_edition() {
    let (_, server) = compared();
    let path = "/api/explain?compound=w500&facility=n904&barred=false";
    let now = ask(&server, path, &[]).await;
    let then = ask(&server, &format!("{path}&at_before=true"), &[]).await;
    assert_eq!(then.json()["edition"], earlier().edition().to_string());
    assert_eq!(then.json()["statement"]["data_date"], THEN);
    assert_eq!(then.json()["walk"], now.json()["walk"]);
    assert_eq!(then.header("circle-edition"), now.header("circle-edition"));
    assert_eq!(ask(&server, &format!("{path}&at_before=false"), &[]).await.body, now.body);
}

#[tokio::test]
async fn without_an_earlier_city_there_are_no_changes() {
    for path in ["/api/before", "/api/changes", "/api/explain?compound=w500&facility=n904&at_before=true"] {
        let problem = get(path).await.problem(404);
        assert!(problem["detail"].as_str().unwrap().contains("--before"), "{problem}");
    }
}

#[tokio::test]
async fn tags_depend_on_both_cities() {
    let tag = async |server: &Router, path: &str| ask(server, path, &[]).await.header("etag").to_owned();
    let (served, compared) = compared();
    let changes = format!("/api/changes?{CLINICS}");
    let before = tag(&compared, &changes).await;
    assert_ne!(tag(&compared, "/api").await, tag(&server(), "/api").await);
    served.replace(study(city(NOW)).compared_with(Arc::new(study(city(THEN)))));
    assert_ne!(tag(&compared, &changes).await, before);
    let answer = ask(&compared, &changes, &[]).await.json();
    assert_eq!(answer["counts"]["unchanged"], 3, "{answer}");
}
