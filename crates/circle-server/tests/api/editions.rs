//! Every answer names the edition of the city, and none mixes two.

use crate::city::{city, study};
use crate::client::{Answer, ask, send, server};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use circle_server::Served;
use serde_json::Value;

const FIRST: &str = "2026-11-01T00:00:00Z";
const NEXT: &str = "2026-12-01T00:00:00Z";

/// What is served, and its router.
fn serving() -> (Served, Router) {
    let served = Served::new(study(city(FIRST)));
    (served.clone(), circle_server::router(served))
}

fn edition(data_date: &str) -> String {
    city(data_date).edition().to_string()
}

/// The path behind the host.
fn path(address: &Value) -> String {
    address.as_str().unwrap().strip_prefix("http://map.example:8080").unwrap().to_owned()
}

fn next(page: &Value) -> Option<String> {
    let links = page["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == "next").map(|link| path(&link["href"]))
}

#[tokio::test]
async fn every_answer_of_the_api_names_its_edition() {
    let server = server();
    let known = edition(FIRST);
    for (path, status) in [
        ("/api", 200),
        ("/api/", 200),
        ("/api/conformance", 200),
        ("/api/openapi.json", 200),
        ("/api/collections", 200),
        ("/api/collections/gates", 200),
        ("/api/collections/gates/schema", 200),
        ("/api/collections/gates/items?limit=1", 200),
        ("/api/collections/gates/items/n700", 200),
        ("/api/isochrones?gate=n700", 200),
        ("/api/reach?compound=w500", 200),
        ("/api/reach?compound=w500&at_time=22:30", 200),
        ("/api/explain?compound=w500&facility=n900", 200),
        ("/api/coverage", 200),
        ("/api/verdicts", 200),
        ("/api/names", 200),
        ("/api/quality", 200),
        ("/api/settings", 200),
        ("/api/tiles", 200),
        ("/api/tiles/10/1/1", 204),
        ("/api/boards/w500.svg?size=A4", 200),
        ("/api/isochrones?compound=w400", 308),
        ("/api/isochrones?compound=w401", 410),
        ("/api/isochrones?compound=w402", 404),
        ("/api/isochrones", 400),
        ("/api/nothing", 404),
        ("/api/settings?edition=000000000000", 409),
    ] {
        let answer = ask(&server, path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("circle-edition")),
            (status, known.as_str()),
            "{path}"
        );
    }
    let tag = ask(&server, "/api", &[]).await.header("etag").to_owned();
    let not_modified = ask(&server, "/api", &[("if-none-match", &tag)]).await;
    let csv = ask(&server, "/api/coverage", &[("accept", "text/csv")]).await;
    let post = Request::post("/api").header("host", "x").body(Body::empty()).unwrap();
    let long = ask(&server, &format!("/api?{}", "1".repeat(9000)), &[]).await;
    for (answer, status) in [(not_modified, 304), (csv, 200), (send(&server, post).await, 405), (long, 414)] {
        assert_eq!((answer.status.as_u16(), answer.header("circle-edition")), (status, known.as_str()));
    }
    for path in ["/", "/healthz", "/metrics", "/apiary"] {
        assert_eq!(ask(&server, path, &[]).await.header("circle-edition"), "", "{path}");
    }
    let seen = ask(&server, "/api", &[("origin", "https://gis.example")]).await;
    assert!(seen.header("access-control-expose-headers").contains("circle-edition"), "pages may read it");
}

#[tokio::test]
async fn documents_name_their_edition() {
    let server = server();
    let known = edition(FIRST);
    for path in [
        "/api",
        "/api/collections",
        "/api/collections/gates/items",
        "/api/collections/gates/items/n700",
        "/api/isochrones?compound=w500",
        "/api/reach?compound=w500",
        "/api/explain?compound=w500&facility=n900",
        "/api/coverage",
        "/api/verdicts",
        "/api/names",
        "/api/settings",
        "/api/tiles/WebMercatorQuad",
    ] {
        assert_eq!(ask(&server, path, &[]).await.json()["edition"], known.as_str(), "{path}");
    }
}

/// The time is a condition of the answer; the served city stays the same.
#[tokio::test]
async fn an_answer_at_a_time_has_an_edition_of_its_own() {
    let server = server();
    let at = async |more: &str| ask(&server, &format!("/api/isochrones?gate=n700{more}"), &[]).await;
    let (usual, night, again) = (at("").await, at("&at_time=22:30").await, at("&at_time=22:30").await);
    assert_eq!(usual.json()["edition"], usual.header("circle-edition"));
    assert_ne!(night.json()["edition"], usual.json()["edition"]);
    assert_eq!(night.header("circle-edition"), usual.header("circle-edition"));
    assert_eq!(night.body, again.body);
}

#[tokio::test]
async fn pages_of_a_replaced_city_are_refused_with_the_first_page() {
    let (served, server) = serving();
    let address = "/api/collections/facilities/items?limit=5&category=clinic";
    let first = ask(&server, address, &[]).await.json();
    let second = next(&first).unwrap();
    assert!(
        second.contains(&format!("edition={}", edition(FIRST))) && second.contains("offset=5"),
        "{second}"
    );
    let page = ask(&server, &second, &[]).await.json();
    assert_eq!((&page["numberReturned"], &page["numberMatched"]), (&1.into(), &6.into()));
    let tag = ask(&server, &second, &[]).await.header("etag").to_owned();
    served.replace(study(city(NEXT)));
    for headers in [vec![], vec![("if-none-match", tag.as_str())]] {
        let answer = ask(&server, &second, &headers).await;
        let problem = answer.problem(409);
        assert_eq!(problem["edition"], edition(NEXT));
        assert_eq!(answer.header("circle-edition"), edition(NEXT));
        assert_eq!(path(&problem["first"]), address);
    }
    let anew = ask(&server, address, &[]).await.json();
    assert!(next(&anew).unwrap().contains(&edition(NEXT)));
    // A request without an edition is not refused.
    assert_eq!(ask(&server, &format!("{address}&offset=5"), &[]).await.status, 200);
}

#[tokio::test]
async fn an_edition_can_be_asked_for_everywhere() {
    let (served, server) = serving();
    let paths = [
        "/api?",
        "/api/settings?",
        "/api/verdicts?",
        "/api/coverage?only=rules&",
        "/api/collections/compounds?",
        "/api/collections/compounds/items?name=%E7%94%B2%E5%B0%8F%E5%8C%BA&",
        "/api/collections/compounds/items/w500?",
        "/api/tiles/10/1/1?",
        "/api/isochrones?gate=n700&",
        "/api/reach?compound=w500&",
        "/api/names?",
        "/api/boards/w500.svg?size=A4&",
    ];
    let ask_all = async |edition: &str| {
        let mut answers: Vec<Answer> = Vec::new();
        for path in paths {
            answers.push(ask(&server, &format!("{path}edition={edition}"), &[]).await);
        }
        answers
    };
    for (answer, path) in ask_all(&edition(FIRST)).await.iter().zip(paths) {
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
    }
    served.replace(study(city(NEXT)));
    for (answer, path) in ask_all(&edition(FIRST)).await.iter().zip(paths) {
        let problem = answer.problem(409);
        let without = path.trim_end_matches(['?', '&']);
        assert_eq!(self::path(&problem["first"]), without);
    }
    for (answer, path) in ask_all(&edition(NEXT)).await.iter().zip(paths) {
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
    }
    for query in ["edition=", "%65dition=x"] {
        ask(&server, &format!("/api?{query}"), &[]).await.problem(409);
    }
    ask(&server, &format!("/api?edition={0}&edition={0}", edition(NEXT)), &[]).await.problem(400);
}
