//! Many clients that ask the same cold question at the same time.

use super::{Attacker, RETRY};
use crate::siege::questions::Random;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Asks for a board, then for an isochrone, and so on, each from all clients at once.
pub(super) async fn ask(attacker: Attacker, clients: usize) {
    let mut random = Random(5);
    loop {
        for is_board in [true, false] {
            let questions = &attacker.questions;
            let path = if is_board {
                questions.picture(&mut random, "A4")
            } else {
                questions.isochrone(&mut random)
            };
            let mut asked = JoinSet::new();
            for _ in 0..clients {
                let (attacker, path) = (attacker.clone(), path.clone());
                asked.spawn(async move { attacker.ask(&path, "").await.is_ok() });
            }
            asked.join_all().await;
            sleep(RETRY).await;
        }
    }
}
