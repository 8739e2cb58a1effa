//! Fills the caches of the server, so that what it takes in the siege is not theirs.

use super::client::Client;
use super::questions::{Questions, Random};
use tokio::task::JoinSet;

/// Requests at the same time.
const BESIDE: usize = 4;
const TABLES: usize = 30;
const WORKBOOKS: usize = 4;
const LONG_ISOCHRONES: usize = 12;
const PICTURES: usize = 140;
const VISITS: usize = 6_000;

/// Asks until all caches are full. The answers do not matter.
pub(super) async fn fill(client: &Client, questions: &Questions) {
    let mut random = Random(1);
    let mut paths: Vec<String> =
        (0..LONG_ISOCHRONES).map(|_| questions.long_isochrone(&mut random)).collect();
    paths.extend((0..TABLES).map(|_| questions.table(&mut random)));
    paths.extend((0..WORKBOOKS).map(|_| questions.workbook(&mut random)));
    paths.extend((0..PICTURES).map(|_| questions.picture(&mut random, "A1")));
    paths.extend((0..VISITS).map(|_| questions.visit(&mut random).1));
    let mut asked = JoinSet::new();
    for path in paths {
        if asked.len() >= BESIDE {
            asked.join_next().await;
        }
        let client = *client;
        asked.spawn(async move { client.get(&path, "").await.is_ok() });
    }
    asked.join_all().await;
}
