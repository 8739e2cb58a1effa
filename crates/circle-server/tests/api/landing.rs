//! `/api` in a browser and in a program.

use crate::client::{ask, get, server};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_json() {
    let server = server();
    let page = ask(&server, "/api", &[BROWSER]).await;
    let json = ask(&server, "/api", &[("accept", "application/json")]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(json.header("content-type"), "application/json");
    assert!(page.header("vary").contains("accept") && json.header("vary").contains("accept"));
    assert_ne!(page.header("etag"), json.header("etag"));
    let tag = page.header("etag").to_owned();
    assert_eq!(ask(&server, "/api", &[BROWSER, ("if-none-match", &tag)]).await.status, 304);
    assert_eq!(ask(&server, "/api", &[("if-none-match", &tag)]).await.status, 200);
    for (path, html) in [("/api?f=html", true), ("/api?f=json", false), ("/api/?f=html", true)] {
        for headers in [&[][..], &[BROWSER]] {
            let answer = ask(&server, path, headers).await;
            assert_eq!(answer.text().starts_with("<!doctype html>"), html, "{path}");
            assert_eq!(answer.header("content-type").starts_with("text/html"), html, "{path}");
        }
    }
    get("/api?f=xml").await.problem(400);
    get("/api?g=html").await.problem(400);
}

#[tokio::test]
async fn the_page_has_the_address_and_all_collections_and_no_script() {
    let page = ask(&server(), "/api", &[BROWSER]).await;
    let text = page.text();
    for part in [
        "<html lang=\"zh\">",
        "<code>http://map.example:8080/api</code>",
        "<code>ogrinfo OAPIF:http://map.example:8080/api</code>",
        "made-up",
        "2026-11-01",
        "OpenStreetMap",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for collection in ["compounds", "compound_points", "gates", "facilities", "units", "access_points"] {
        let href = format!("\"http://map.example:8080/api/collections/{collection}/items\"");
        assert!(text.contains(&href), "{collection}: {text}");
    }
    assert!(!text.contains("<script") && !text.contains("<link") && !text.contains("src="), "{text}");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'self' 'unsafe-inline'"), "{policy}");
}
