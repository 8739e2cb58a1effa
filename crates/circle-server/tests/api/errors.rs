use crate::client::{ask, get, send, server};
use axum::body::Body;
use axum::http::Request;

#[tokio::test]
async fn unknown_paths_are_problems() {
    for path in ["/nothing", "/api/nothing", "/api/collections/compounds/nothing", "/assets/../Cargo.toml"] {
        let problem = get(path).await.problem(404);
        assert!(problem["detail"].as_str().unwrap().contains(path), "{problem}");
    }
}

#[tokio::test]
async fn other_methods_are_problems_that_list_the_allowed_ones() {
    let server = server();
    for path in ["/api", "/api/isochrones", "/healthz"] {
        let answer =
            send(&server, Request::post(path).header("host", "x").body(Body::empty()).unwrap()).await;
        answer.problem(405);
        assert!(answer.header("allow").contains("GET"), "{path}");
    }
    send(&server, Request::delete("/").header("host", "x").body(Body::empty()).unwrap()).await.problem(405);
}

#[tokio::test]
async fn large_bodies_and_long_addresses_are_refused() {
    let server = server();
    let request = Request::get("/api")
        .header("host", "x")
        .header("content-length", "65537")
        .body(Body::from(vec![0; 65537]))
        .unwrap();
    send(&server, request).await.problem(413);
    get(&format!("/api/isochrones?at={}", "1".repeat(9000))).await.problem(414);
}

#[tokio::test]
async fn every_answer_has_safety_headers_and_allows_any_origin() {
    let server = server();
    for path in ["/", "/api", "/api/reach?at=x", "/nothing", "/healthz"] {
        let answer = ask(&server, path, &[("origin", "https://gis.example")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(policy.contains("worker-src 'self' blob:"));
    }
    let preflight = Request::options("/api/reach")
        .header("host", "map.example")
        .header("origin", "https://gis.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "if-none-match");
    let answer = send(&server, preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("access-control-allow-methods").contains("GET"));
    assert!(answer.header("access-control-allow-headers").contains("if-none-match"));
}

#[tokio::test]
async fn head_has_the_headers_without_the_body() {
    let server = server();
    let request =
        Request::head("/api/settings").header("host", "map.example:8080").body(Body::empty()).unwrap();
    let head = send(&server, request).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("etag"), ask(&server, "/api/settings", &[]).await.header("etag"));
}
