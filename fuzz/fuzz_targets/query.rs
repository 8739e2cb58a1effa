//! `GET` requests for arbitrary paths and queries, one per line: never a 5xx, errors are problem JSON.

#![no_main]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Uri, header};
use circle_fuzz::{catalogue, scratch};
use circle_model::{Profiles, RuleSet};
use circle_reach::Network;
use circle_server::{State, router};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, LazyLock};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// Limit of requests of one input.
const MAX_REQUESTS: usize = 4;
/// Limit of bytes of an answer; answers of a small city have less.
const MAX_BYTES: usize = 64 << 20;

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));

static ROUTER: LazyLock<Router> = LazyLock::new(|| {
    let extract = scratch::write("town.osm.pbf", &circle_fuzz::town(circle_fuzz::TOWN));
    let city = circle_fuzz::build(&extract, &[]).expect("a town");
    let network = Arc::new(Network::build(&city));
    let state = State::new(network, catalogue().clone(), Profiles::built_in(), RuleSet::built_in());
    router(Arc::new(state))
});

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    for line in bytes.split(|byte| *byte == b'\n').take(MAX_REQUESTS) {
        let Ok(uri) = Uri::try_from(line) else { continue };
        RUNTIME.block_on(request(uri));
    }
});

async fn request(uri: Uri) {
    let request =
        Request::get(&uri).header(header::HOST, "localhost").body(Body::empty()).expect("a request");
    let answer = ROUTER.clone().oneshot(request).await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    assert!(!status.is_server_error(), "{status}: {uri}");
    let body = to_bytes(answer.into_body(), MAX_BYTES).await.expect("a body within the limit");
    if status.is_client_error() {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"), "{status}: {uri}");
        assert!(!body.is_empty(), "{status}: {uri}");
    }
}
