//! No address can keep others from their answers: memory, connections, the queue of searches.
//!
//! Nothing here asserts a time. What is asserted is who is answered before whom, with what, and how much
//! memory it takes.

use crate::run::{command, harbin};
use crate::server::{Server, until};
use crate::siege::client::{Answer, Client, Connection, block_on};
use crate::siege::files::{MANY_FILES, allow};
use crate::siege::{Plan, run};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// An answer of 4.6 MB.
const BUILDINGS: &str = "/api/collections/buildings/items?limit=10000";
const GZIP: &str = "Accept-Encoding: gzip\r\n";
/// A header whose line ends with the request: the empty line that ends the headers is missing.
const HALF: &str = "X-Half: 1";
/// Longest wait for what is not asserted.
const PATIENCE: Duration = Duration::from_secs(30);
/// Options of a server that keeps to a small memory. A sixth of it is for answers that wait for their
/// clients.
const SMALL: [&str; 2] = ["--memory", "768"];
/// MiB that it takes at most for answers to clients.
const MOST_MIB: u64 = 768 / 6 + 64;

/// All attacks at once, in a small form, with a program that is not optimized: `make siege` asserts times.
#[test]
fn visitors_are_served_during_a_siege() {
    let report = run(&Plan::short(), Path::new(command().get_program()), harbin(), false);
    let faults = report.faults();
    assert!(faults.is_empty(), "{}\n{report}", faults.join("\n"));
}

/// Connections that have asked for a path and read nothing.
async fn unread(client: &Client, path: &str, headers: &str, count: usize) -> Vec<Connection> {
    let mut connections = Vec::new();
    for _ in 0..count {
        let mut connection = client.with_small_buffer().connect().await.unwrap();
        // Fails if the server has rejected the connection.
        let _ = connection.send(path, headers).await;
        connections.push(connection);
    }
    connections
}

/// Waits until the answer to each has begun, or its connection has ended.
async fn begin(connections: &mut [Connection]) {
    let all = async {
        for connection in connections {
            connection.begins().await;
        }
    };
    // Connections that wait to be accepted have no answer.
    let _ = timeout(PATIENCE, all).await;
}

#[test]
fn slow_readers_of_an_address_take_a_bounded_memory_and_no_share_of_others() {
    let server = Server::start_with(harbin(), &SMALL);
    let whole = server.get(BUILDINGS);
    let length = whole.body.len();
    assert!(whole.status == 200 && length > 4_000_000, "{} with {length} bytes", whole.status);
    let before = server.mebibytes("VmRSS");
    block_on(async {
        let mut connections = unread(&server.client(2), BUILDINGS, "", 160).await;
        begin(&mut connections).await;
        assert!((connections.len() * length) >> 20 > 2 * MOST_MIB as usize, "the attack is too small");
        let other = server.client(3).get(BUILDINGS, "").await.unwrap();
        assert!(other.status == 200 && other.body == whole.body, "{} to another address", other.status);
    });
    let most = server.mebibytes("VmHWM");
    assert!(most <= before + MOST_MIB, "{most} MiB at most, {before} before");
}

/// The reservation for an answer must not end before its last byte is read.
#[test]
fn waiting_bytes_are_counted_until_they_are_read() {
    const WAITING: &str = "circle_http_waiting_bytes";
    let server = Server::start(harbin());
    let whole = server.get(BUILDINGS);
    until("no answer waits", || server.metric(WAITING) == 0);
    block_on(async {
        let mut connections = unread(&server.client(2), BUILDINGS, "", 4).await;
        begin(&mut connections).await;
        until("unread answers wait", || server.metric(WAITING) > 0);
        for connection in &mut connections {
            let answer = connection.answer().await.unwrap();
            assert!(answer.status == 200 && answer.body == whole.body, "{}", answer.status);
        }
        until("answers that were read wait no longer", || server.metric(WAITING) == 0);
    });
}

/// Files of 32 MB, and compressed answers of 12 MB.
#[test]
fn slow_readers_of_files_leave_room_for_the_files_of_others() {
    let server = Server::start(harbin());
    let (table, file) = ("/api/coverage", "/api/coverage?format=gpkg");
    let whole = server.get(file);
    assert_eq!(whole.status, 200);
    block_on(async {
        let slow = server.client(2);
        let mut connections = unread(&slow, file, "", 24).await;
        connections.extend(unread(&slow, table, GZIP, 24).await);
        begin(&mut connections).await;
        let other = server.client(3);
        let got = other.get(file, "").await.unwrap();
        assert!(got.status == 200 && got.body == whole.body, "{} to another address", got.status);
        assert_eq!(other.get(table, GZIP).await.unwrap().status, 200);
    });
}

/// Raises the limit of open files of the suite.
fn open_many_files() {
    assert!(allow(MANY_FILES) >= 2048, "the tests open 2,048 files: raise the limit, `ulimit -Hn 4096`");
}

/// Half of them send a part of a request. A server without a reserve answers others when the first of them
/// have reached the time limit of headers, as has the witness: a single idle connection of another address.
#[test]
fn idle_connections_of_an_address_leave_others_their_answers() {
    open_many_files();
    let server = Server::start(harbin());
    block_on(async {
        let mut witness = server.client(4).connect().await.unwrap().into_stream();
        let mut idle = Vec::new();
        for number in 0..1200 {
            let mut connection = server.client(2).connect().await.unwrap();
            if number % 2 == 0 {
                let _ = connection.send("/api/reach?compound=1", HALF).await;
            }
            idle.push(connection);
        }
        let probes = async {
            for path in ["/healthz", "/readyz", "/metrics", "/api/settings", "/healthz", "/readyz"] {
                let answer = server.client(3).get(path, "").await.unwrap();
                assert_eq!(answer.status, 200, "{path}");
            }
        };
        tokio::select! {
            biased;
            () = probes => {}
            end = witness.read_u8() => panic!("an idle connection of another address ended first: {end:?}"),
        }
        drop(idle);
    });
}

/// Four addresses with 256 connections each, as many as the server has, wait for an isochrone of the whole
/// city.
#[test]
fn connections_that_wait_for_an_answer_leave_others_their_answers() {
    open_many_files();
    let server = Server::start(harbin());
    block_on(async {
        let mut waiting = Vec::new();
        for number in 0..4 {
            let dear = "/api/isochrones?at=126.6433,45.7579&minutes=120";
            waiting.extend(unread(&server.client(2 + number), dear, "", 256).await);
        }
        // The server reads the last requests.
        sleep(Duration::from_millis(500)).await;
        let mut other = server.client(9).connect().await.unwrap();
        for path in ["/api/settings", "/api/reach?at=126.6433,45.7579"] {
            let answer = other.get(path, "").await.unwrap();
            assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        }
        let is_waiting = timeout(Duration::ZERO, waiting[0].begins()).await.is_err();
        assert!(is_waiting, "the attack is too small: its answer was there before the others");
    });
}

/// Answers to the same question from many clients with ten addresses, all at once.
async fn all_at_once(server: &Server, clients: usize, path: &'static str) -> Vec<Answer> {
    let mut asked = JoinSet::new();
    for address in (10..20).cycle().take(clients) {
        let client = server.client(address);
        asked.spawn(async move { client.get(path, "").await.unwrap() });
    }
    asked.join_all().await
}

/// 500 clients. Neither question has been asked before. The answers are cached.
#[test]
fn a_cold_question_of_many_is_worked_out_once_for_all() {
    open_many_files();
    let server = Server::start(harbin());
    for (path, cache) in [
        ("/api/isochrones?at=126.6433,45.7579&minutes=5,10,15,30", "walks"),
        ("/api/boards/w674131888.png?size=A4&inferred=true&faces=33", "boards"),
    ] {
        let figures = || {
            ["misses", "hits"]
                .map(|it| server.metric(&format!("circle_cache_{it}_total{{cache=\"{cache}\"}}")))
        };
        let [misses, hits] = figures();
        let answers = block_on(all_at_once(&server, 500, path));
        let refused = answers.iter().filter(|answer| answer.status != 200).count();
        assert_eq!((answers.len(), refused), (500, 0), "{path}");
        assert!(answers.iter().all(|answer| answer.body == answers[0].body), "{path}");
        assert_eq!(figures(), [misses + 1, hits + 499], "{path}");
        assert!(server.get(path).body == answers[0].body, "{path}, asked again");
        assert_eq!(figures(), [misses + 1, hits + 500], "{path}, asked again");
    }
}

/// Twelve workbooks of one address, each some seconds of both cores, and then the questions of another
/// address.
#[test]
fn dear_questions_of_an_address_do_not_hold_up_others() {
    let server = Server::start(harbin());
    // Whatever is made once for the city.
    assert_eq!(server.get("/api/coverage").status, 200);
    let done = Arc::new(AtomicUsize::new(0));
    block_on(async {
        let mut dear = JoinSet::new();
        for number in 0..12 {
            let path = format!("/api/coverage?format=xlsx&minutes={},{}", 3 + number, 20 + number);
            let mut connection = server.client(2).connect().await.unwrap();
            connection.send(&path, "").await.unwrap();
            let done = done.clone();
            dear.spawn(async move {
                let is_done = connection.answer().await.is_ok_and(|answer| answer.status == 200);
                done.fetch_add(usize::from(is_done), Ordering::Relaxed);
            });
        }
        let mut other = server.client(3).connect().await.unwrap();
        for number in 0..10 {
            let place = format!("at=126.63{number},45.76{number}");
            for path in [
                format!("/api/isochrones?{place}"),
                format!("/api/reach?{place}"),
                format!("/api/tiles/15/{}/11690", 27_905 + number),
            ] {
                let answer = other.get(&path, "").await.unwrap();
                assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
            }
        }
        let before = done.load(Ordering::Relaxed);
        assert!(before <= 2, "{before} workbooks were finished before the last of 30 cheap answers");
    });
}
