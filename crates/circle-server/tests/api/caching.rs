use crate::city::{city, served_city, study};
use crate::client::{ask, server};
use circle_model::{City, LegLimits, WeekTime};
use std::io::Read;

const PATHS: [&str; 9] = [
    "/api",
    "/api/conformance",
    "/api/openapi.json",
    "/api/collections",
    "/api/collections/compounds/items",
    "/api/collections/compounds/items/w500",
    "/api/settings",
    "/api/isochrones?at=126.69,45.79",
    "/api/coverage",
];

#[tokio::test]
async fn paths_for_the_operator_have_tags_too() {
    for path in ["/healthz", "/metrics", "/"] {
        assert!(ask(&server(), path, &[]).await.header("etag").starts_with("W/\""), "{path}");
    }
}

#[tokio::test]
async fn every_answer_has_a_tag_and_is_not_sent_twice() {
    let server = server();
    for path in PATHS {
        let first = ask(&server, path, &[]).await;
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "no-cache");
        let again = ask(&server, path, &[("if-none-match", &format!("\"x\", {tag}"))]).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.body.is_empty() && again.header("etag") == tag);
        let other = ask(&server, path, &[("if-none-match", "W/\"0123456789abcdef\"")]).await;
        assert_eq!((other.status.as_u16(), other.body), (200, first.body), "{path}");
    }
}

#[tokio::test]
async fn tags_change_with_the_data_and_the_address() {
    let old = server();
    let new = circle_server::router(served_city("2026-12-01T00:00:00Z"));
    let tag = |answer: crate::client::Answer| answer.header("etag").to_owned();
    for path in PATHS {
        assert_ne!(tag(ask(&old, path, &[]).await), tag(ask(&new, path, &[]).await), "{path}");
    }
    let one = tag(ask(&old, "/api/isochrones?at=126.69,45.79", &[]).await);
    assert_ne!(one, tag(ask(&old, "/api/isochrones?at=126.69,45.78", &[]).await));
    let json = tag(ask(&old, "/api/coverage", &[]).await);
    assert_ne!(json, tag(ask(&old, "/api/coverage", &[("accept", "text/csv")]).await));
}

/// Limits of legs and the time are conditions: answers under other conditions have other editions.
#[tokio::test]
async fn tags_change_with_the_conditions_alone() {
    let city = city("2026-11-01T00:00:00Z");
    let served = |city: City| circle_server::router(study(city));
    let tags = async |server: axum::Router| {
        let mut tags = Vec::new();
        for path in PATHS {
            let answer = ask(&server, path, &[]).await;
            let (tag, edition) = (answer.header("etag").to_owned(), answer.header("circle-edition"));
            assert!(!edition.is_empty() && tag.contains(edition), "{path}: {tag} without {edition}");
            tags.push(tag);
        }
        tags
    };
    let known = tags(served(city.clone())).await;
    assert_eq!(tags(served(city.with_legs(LegLimits::default()))).await, known);
    let short = LegLimits::parse("longest_metres = 60").unwrap();
    for other in [city.with_legs(short), city.with_time(WeekTime::parse("22:30"))] {
        let other = tags(served(other)).await;
        assert!(known.iter().zip(&other).all(|(one, other)| one != other), "{known:?} {other:?}");
    }
}

#[tokio::test]
async fn errors_have_no_tag() {
    let answer = ask(&server(), "/api/isochrones?at=x", &[("if-none-match", "*")]).await;
    answer.problem(400);
    assert_eq!((answer.header("etag"), answer.header("cache-control")), ("", "no-store"));
}

#[tokio::test]
async fn large_answers_are_compressed_and_small_ones_are_not() {
    let server = server();
    let plain = ask(&server, "/api/settings", &[]).await;
    let packed = ask(&server, "/api/settings", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < plain.body.len() / 2);
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain.body);
    let small = ask(&server, "/api/conformance", &[("accept-encoding", "gzip")]).await;
    assert_eq!(small.header("content-encoding"), "");
}
