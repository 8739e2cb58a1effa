//! Invalid requests and unknown paths, many in one write.

use super::{Attacker, RETRY};
use crate::siege::client::request;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

/// Requests in one write.
const BATCH: usize = 50;
const PATHS: [&str; 8] = [
    "/api/isochrones",
    "/api/isochrones?at=999,999",
    "/api/reach?compound=nowhere",
    "/api/coverage?rules=none",
    "/api/boards/0.gif",
    "/api/tiles/99/1/1",
    "/api/collections/none/items",
    "/api/reach?at=1,2&at=1,2",
];

/// Sends batches of requests; the last of each batch is an unknown path, or no HTTP at all.
pub(super) async fn send(attacker: Attacker, number: usize) {
    for round in number.. {
        attacker.tally.tried.fetch_add(BATCH as u64, Ordering::Relaxed);
        if send_batch(&attacker, round).await.is_err() {
            attacker.tally.count(None);
        }
        sleep(RETRY).await;
    }
}

async fn send_batch(attacker: &Attacker, round: usize) -> io::Result<()> {
    let mut stream = attacker.client.connect().await?.into_stream();
    stream.write_all(batch(attacker.client.server, round).as_bytes()).await?;
    let mut answers = Vec::new();
    stream.read_to_end(&mut answers).await?;
    for beginning in answers.windows(12).filter(|window| window.starts_with(b"HTTP/1.1 ")) {
        attacker
            .tally
            .count(std::str::from_utf8(&beginning[9..]).ok().and_then(|status| status.parse().ok()));
    }
    Ok(())
}

fn batch(server: SocketAddr, round: usize) -> String {
    let mut batch: String =
        (1..BATCH).map(|number| request(server, PATHS[(round + number) % PATHS.len()], "")).collect();
    if round.is_multiple_of(2) {
        batch += &request(server, &format!("/unknown/{round}"), "Connection: close\r\n");
    } else {
        batch += "NO HTTP\r\n\r\n";
    }
    batch
}
