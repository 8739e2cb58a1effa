//! Connections that send nothing, or half a request.

use super::{Attacker, RETRY};
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

/// The beginning of a request.
const HALF: &[u8] = b"GET /api/reach?compound=1 HTTP/1.1\r\nHost: x\r\nX-";

/// Keeps a connection open; opens another one when the server closes it.
pub(super) async fn stay(attacker: Attacker, start: Duration, sends_half: bool) {
    sleep(start).await;
    loop {
        attacker.tally.tried.fetch_add(1, Ordering::Relaxed);
        let _ = stay_once(&attacker, sends_half).await;
        attacker.tally.count(None);
        sleep(RETRY).await;
    }
}

/// Stays until the server closes the connection.
async fn stay_once(attacker: &Attacker, sends_half: bool) -> io::Result<()> {
    let mut stream = attacker.client.connect().await?.into_stream();
    if sends_half {
        stream.write_all(HALF).await?;
    }
    let mut rest = [0; 512];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
