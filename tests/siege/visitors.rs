//! Well-behaved visitors: a map and its questions, one request at a time, with pauses.

use super::client::{Answer, Client, Connection};
use super::plan::Plan;
use super::questions::{Questions, Random};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// Pause after 503 with `Retry-After`.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// When the siege begins and ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    pub(crate) siege: Instant,
    pub(crate) end: Instant,
    /// Number of visitors. Each has an address of its own, from 127.0.1.1.
    visitors: u8,
    /// Shortest and longest pause before a request, in milliseconds.
    pause: [usize; 2],
}

impl Schedule {
    pub(crate) fn of(plan: &Plan, begin: Instant) -> Self {
        let siege = begin + plan.peace;
        Self { siege, end: siege + plan.siege, visitors: plan.visitors, pause: plan.pause }
    }
}

/// What a visitor asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Facilities that are reached from a compound.
    Reach,
    /// A tile of the map.
    Tile,
    /// An isochrone of a place that is in no cache.
    Isochrone,
}

/// A request of a visitor.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) kind: Kind,
    /// Whether it began before the attacks.
    pub(crate) in_peace: bool,
    pub(crate) took: Duration,
    pub(crate) outcome: Outcome,
}

/// The end of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Answered.
    Done,
    /// Rejected with 503 and the time to come back.
    Busy,
    /// Answered with another error of the server.
    Wrong(String),
    /// Not answered.
    Lost(String),
}

/// The visits of all visitors.
pub(crate) async fn visit(server: SocketAddr, questions: &Arc<Questions>, schedule: Schedule) -> Vec<Visit> {
    let mut visitors = JoinSet::new();
    for number in 1..=schedule.visitors {
        let client = Client::new(Ipv4Addr::new(127, 0, 1, number), server);
        visitors.spawn(visit_as(client, questions.clone(), Random(u64::from(number) << 32), schedule));
    }
    visitors.join_all().await.into_iter().flatten().collect()
}

async fn visit_as(
    client: Client,
    questions: Arc<Questions>,
    mut random: Random,
    schedule: Schedule,
) -> Vec<Visit> {
    let (mut connection, mut visits) = (None, Vec::new());
    let [shortest, longest] = schedule.pause;
    while Instant::now() < schedule.end {
        sleep(Duration::from_millis((shortest + random.below(longest - shortest)) as u64)).await;
        let (kind, path) = questions.visit(&mut random);
        let begun = Instant::now();
        let outcome = match timeout(PATIENCE, ask(&client, &mut connection, &path)).await {
            Ok(Ok(answer)) => Outcome::of(&path, &answer),
            Ok(Err(error)) => Outcome::Lost(format!("{path}: {error}")),
            Err(_) => Outcome::Lost(format!("{path}: no answer within {PATIENCE:?}")),
        };
        let is_busy = matches!(outcome, Outcome::Busy);
        visits.push(Visit { kind, in_peace: begun < schedule.siege, took: begun.elapsed(), outcome });
        if is_busy {
            sleep(BUSY_PAUSE).await;
        }
    }
    visits
}

/// Asks over the open connection. If the server has closed it meanwhile, asks again over a new one, as
/// browsers do.
async fn ask(client: &Client, open: &mut Option<Connection>, path: &str) -> io::Result<Answer> {
    let mut connection = match open.take() {
        Some(mut connection) => match connection.get(path, "").await {
            Err(_) if !connection.has_begun => client.connect().await?,
            answer => {
                let answer = answer?;
                *open = Some(connection).filter(|_| !answer.closes);
                return Ok(answer);
            }
        },
        None => client.connect().await?,
    };
    let answer = connection.get(path, "").await?;
    *open = Some(connection).filter(|_| !answer.closes);
    Ok(answer)
}

impl Outcome {
    fn of(path: &str, answer: &Answer) -> Self {
        match answer.status {
            200 | 204 => Self::Done,
            503 if answer.has_retry_after => Self::Busy,
            status => Self::Wrong(format!("{path}: {status} {}", String::from_utf8_lossy(&answer.body))),
        }
    }
}
