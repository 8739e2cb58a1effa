use crate::client::{ask, get, server};
use std::path::Path;

fn dist() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist")
}

#[tokio::test]
async fn the_root_is_the_page_or_explains_how_to_build_it() {
    let answer = get("/").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/html"));
    if dist().join("index.html").exists() {
        assert!(!answer.header("etag").is_empty());
        let again = ask(&server(), "/", &[("if-none-match", answer.header("etag"))]).await;
        assert_eq!(again.status, 304);
    } else {
        assert!(answer.text().contains("npm run build"));
    }
}

#[tokio::test]
async fn assets_are_cached_for_ever() {
    let Ok(assets) = std::fs::read_dir(dist().join("assets")) else { return };
    for asset in assets {
        let path = format!("/assets/{}", asset.unwrap().file_name().to_str().unwrap());
        let answer = get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("cache-control").contains("immutable"));
        assert!(!answer.header("etag").is_empty() && !answer.header("content-type").is_empty());
    }
}

#[tokio::test]
async fn health_is_a_word() {
    assert_eq!(get("/healthz").await.text(), "ok");
}

#[tokio::test]
async fn metrics_count_answers() {
    let server = server();
    ask(&server, "/api", &[]).await;
    ask(&server, "/api/reach?at=126.69,45.79", &[]).await;
    ask(&server, "/nothing", &[]).await;
    let answer = ask(&server, "/metrics", &[]).await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    for line in [
        "circle_http_requests_total{route=\"/api\",code=\"200\",cause=\"complete\"} 1",
        "circle_http_requests_total{route=\"/api/reach\",code=\"200\",cause=\"complete\"} 1",
        "circle_http_requests_total{route=\"other\",code=\"404\",cause=\"refused\"} 1",
        "circle_http_request_seconds_bucket{route=\"/api/reach\",le=\"+Inf\"} 1",
        "circle_http_request_seconds_count{route=\"/api/reach\"} 1",
        "circle_searches{lane=\"cheap\",state=\"running\"} 0",
        "circle_log_lines_lost_total 0",
    ] {
        assert!(answer.text().lines().any(|other| other == line), "{line}\n{}", answer.text());
    }
    let answer = ask(&server, "/metrics", &[("accept", "application/openmetrics-text;version=1.0.0")]).await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
    assert!(answer.text().ends_with("# EOF\n"), "{}", answer.text());
}

/// Sent as written: a browser would normalise the paths first. Test builds read the folder itself.
#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    for path in [
        "/../package.json",
        "/assets/../../package.json",
        "/..%2fpackage.json",
        "/%2e%2e/package.json",
        "/%2e%2e%2fpackage.json",
        "/assets/%2e%2e/%2e%2e/package.json",
        "/..%5cpackage.json",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/..%00/package.json",
        "/api/boards/..%2f..%2fetc%2fpasswd.svg",
        "/api/collections/..%2f..%2fsettings",
        "/api/tiles/..%2f..%2f/1/1",
    ] {
        get(path).await.problem(404);
    }
    assert!(dist().parent().unwrap().join("package.json").exists(), "there is something to be found");
}
