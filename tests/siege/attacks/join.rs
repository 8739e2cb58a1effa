//! Many connections that wait for the answer to one dear question.

use super::{Attacker, RETRY};
use crate::siege::questions::Random;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::sleep;

/// Seed of the first question, beyond the seeds of other attacks.
const FIRST_SEED: u64 = 1000;

/// Asks the question of the present round, again if there is no answer. The first connection with an answer
/// begins the next round for all.
pub(super) async fn ask(attacker: Attacker, start: Duration, round: Arc<AtomicU64>) {
    sleep(start).await;
    loop {
        let number = round.load(Ordering::Relaxed);
        let path = attacker.questions.workbook(&mut Random(FIRST_SEED + number));
        attacker.tally.tried.fetch_add(1, Ordering::Relaxed);
        let status = begin(&attacker, &path).await.ok();
        attacker.tally.count(status);
        if status == Some(200) {
            let _ = round.compare_exchange(number, number + 1, Ordering::Relaxed, Ordering::Relaxed);
        } else {
            sleep(RETRY).await;
        }
    }
}

/// The status of the answer, whose rest is not read.
async fn begin(attacker: &Attacker, path: &str) -> io::Result<u16> {
    let mut connection = attacker.client.with_small_buffer().connect().await?;
    connection.send(path, "").await?;
    connection.status().await
}
