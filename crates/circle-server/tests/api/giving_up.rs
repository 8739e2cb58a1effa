//! What nobody waits for any more.

use crate::city::city;
use crate::client::server;
use crate::serving::served;
use axum::Router;
use axum::routing::get;
use circle_model::{Catalogue, Profiles, RuleSet};
use circle_plan::{Evidence, Judging};
use circle_reach::Network;
use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

#[tokio::test]
async fn a_client_that_goes_away_takes_its_request_with_it() {
    let request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    // What it had sent more, and whether it takes leave or is torn away. Behind more than the system's buffers
    // hold, leave is not heard: who sent that may as well have stayed.
    for (more, torn) in [(0, false), (1, false), (1_000, false), (0, true), (1_000, true), (9_000, true)] {
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
        if torn {
            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
        }
        drop(stream);
        let end = tokio::time::timeout(Duration::from_secs(10), dropped).await;
        assert!(end.unwrap_or_else(|_| panic!("the request goes on: {more} more, {torn}")).is_err());
    }
}

/// Larger than the system's buffers, so that it is still being sent.
#[tokio::test]
async fn an_answer_that_is_there_is_sent_to_who_asks_for_no_more() {
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
fn a_table_that_nobody_wants_is_not_computed_to_its_end() {
    let network = Network::build(&city("2026-11-01T00:00:00Z"));
    let (catalogue, profiles, rules) = (Catalogue::built_in(), Profiles::built_in(), RuleSet::built_in());
    let judging = Judging {
        catalogue: &catalogue,
        profile: profiles.find("adult").unwrap(),
        rules: &rules[0],
        minutes: &[5, 10, 15],
        evidence: Evidence::default(),
    };
    let asked = AtomicUsize::new(0);
    let ask = |most: usize| {
        asked.store(0, Ordering::Relaxed);
        let wanted = || asked.fetch_add(1, Ordering::Relaxed) < most;
        circle_plan::coverage_while(&network, &judging, &wanted)
    };
    let whole = ask(usize::MAX).expect("it is wanted to the end");
    let known = circle_plan::coverage(&network, &judging);
    assert_eq!(format!("{whole:?}"), format!("{known:?}"));
    let questions = asked.load(Ordering::Relaxed);
    assert!(questions > whole.compounds(), "asked {questions} times: before each compound");
    for most in [0, 1, whole.compounds(), questions - 1] {
        assert!(ask(most).is_none(), "{most}");
    }
}
