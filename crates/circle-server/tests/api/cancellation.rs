//! Requests and computations that nobody waits for are cancelled.

use crate::city::city;
use crate::client::server;
use crate::serving::served;
use axum::Router;
use axum::routing::get;
use circle_model::{Catalogue, Profiles, RuleSet};
use circle_plan::{Evidence, Judging};
use circle_reach::{Cancel, Network};
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

#[tokio::test]
async fn a_request_is_cancelled_when_its_client_leaves() {
    let request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    // Requests sent behind the first one, and whether the connection is reset instead of closed. Behind more bytes than
    // the system buffers, a close is not noticed; a reset is.
    for (more, reset) in [(0, false), (1, false), (1_000, false), (0, true), (1_000, true), (9_000, true)] {
        let (started, has_started) = oneshot::channel();
        let (held, dropped) = oneshot::channel::<()>();
        let signals = Arc::new(Mutex::new(Some((started, held))));
        let handler = async move || {
            let (started, held) = signals.lock().unwrap().take().unwrap();
            started.send(()).unwrap();
            std::future::pending::<()>().await;
            drop(held);
        };
        let router = Router::new().route("/", get(handler)).fallback_service(server());
        let address = served(router, circle_server::Limits::default()).await;
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        has_started.await.unwrap();
        stream.write_all(request.repeat(more).as_bytes()).unwrap();
        if reset {
            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        }
        drop(stream);
        let end = tokio::time::timeout(Duration::from_secs(10), dropped).await;
        assert!(end.unwrap_or_else(|_| panic!("the request goes on: {more} more, reset: {reset}")).is_err());
    }
}

/// The answer is larger than the system's buffers, so that it is still being sent.
#[tokio::test]
async fn an_answer_is_finished_when_the_client_closes_its_sending_side() {
    const LENGTH: usize = 24 << 20;
    let router = Router::new().route("/", get(async || vec![b'x'; LENGTH]));
    let address = served(router, circle_server::Limits::default()).await;
    let read = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut first = [0];
        stream.read_exact(&mut first).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_end(&mut Vec::new()).unwrap()
    });
    assert!(read.await.unwrap() > LENGTH, "cut short");
}

#[test]
fn a_cancelled_table_is_not_computed_to_its_end() {
    let network = Network::build(&city("2026-11-01T00:00:00Z"));
    let (catalogue, profiles, rules) = (Catalogue::built_in(), Profiles::built_in(), RuleSet::built_in());
    let judging = Judging {
        catalogue: &catalogue,
        profile: profiles.find("adult").unwrap(),
        rules: &rules[0],
        minutes: &[5, 10, 15],
        evidence: Evidence::default(),
    };
    let checks = Arc::new(AtomicUsize::new(0));
    let cancelled_after = |most: usize| {
        checks.store(0, Ordering::Relaxed);
        let checks = checks.clone();
        let cancel = Cancel::when(move || checks.fetch_add(1, Ordering::Relaxed) >= most);
        circle_plan::coverage(&network, &judging, &cancel)
    };
    let whole = cancelled_after(usize::MAX).expect("never cancelled");
    let known = circle_plan::coverage(&network, &judging, &Cancel::never()).expect("never cancelled");
    assert_eq!(format!("{whole:?}"), format!("{known:?}"));
    let checks = checks.load(Ordering::Relaxed);
    assert!(checks > whole.compounds(), "checked {checks} times: before each compound");
    for most in [0, 1, whole.compounds(), checks - 1] {
        assert!(cancelled_after(most).is_err(), "{most}");
    }
}
