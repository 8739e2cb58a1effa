//! Questions that cost seconds of a core: asked, asked and abandoned, and asked at a steady rate.

use super::{Attacker, RETRY};
use crate::siege::questions::Random;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{interval, sleep};

/// Most dear questions at a steady rate that wait for their answers.
const MOST_OPEN: usize = 64;

/// Asks for one workbook after the other.
pub(super) async fn ask(attacker: Attacker, number: usize) {
    let mut random = Random(number as u64);
    loop {
        let path = attacker.questions.workbook(&mut random);
        if !attacker.ask(&path, "").await.is_ok_and(|answer| answer.status == 200) {
            sleep(RETRY).await;
        }
    }
}

/// Asks, and closes the connection at once; every other one without waiting for unsent bytes.
pub(super) async fn abandon(attacker: Attacker, pause: Duration) {
    let mut random = Random(7);
    for number in 0_u64.. {
        sleep(pause).await;
        let path = match number % 3 {
            0 => attacker.questions.workbook(&mut random),
            1 => attacker.questions.print(&mut random),
            _ => attacker.questions.long_isochrone(&mut random),
        };
        attacker.tally.tried.fetch_add(1, Ordering::Relaxed);
        let headers = format!("X-Request-Id: abandoned-{number}\r\n");
        let connection = attacker.client.connect().await;
        if let Ok(mut connection) = connection
            && connection.send(&path, &headers).await.is_ok()
        {
            let stream = connection.into_stream();
            let _ = if number % 2 == 0 { stream.set_zero_linger() } else { Ok(()) };
        }
        attacker.tally.count(None);
    }
}

/// Asks for boards and isochrones of two hours without waiting for the answers.
pub(super) async fn ask_steadily(attacker: Attacker, pause: Duration) {
    let (mut random, mut ticks) = (Random(9), interval(pause));
    let open = Arc::new(Semaphore::new(MOST_OPEN));
    loop {
        ticks.tick().await;
        let Ok(permit) = open.clone().try_acquire_owned() else { continue };
        let questions = &attacker.questions;
        let path = if random.below(2) == 0 {
            questions.print(&mut random)
        } else {
            questions.long_isochrone(&mut random)
        };
        let attacker = attacker.clone();
        tokio::spawn(async move {
            let _ = attacker.ask(&path, "").await;
            drop(permit);
        });
    }
}
