//! The attacks, each from addresses of its own.

mod dear;
mod flood;
mod idle;
mod join;
mod same;
mod slow;

use super::client::{Answer, Client};
use super::plan::{FILLING_ADDRESSES, HOLDING_ADDRESSES, JOINING_ADDRESSES, Plan};
use super::questions::{BUILDINGS, COVERAGE, FILLING, GEOPACKAGE, Questions};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The clients of an attack begin over this time.
const RAMP: Duration = Duration::from_secs(2);
/// Pause before a client tries again what was refused.
const RETRY: Duration = Duration::from_millis(500);
/// Last octet of the first attack's address.
const FIRST: u8 = 2;

/// An attack that was begun.
#[derive(Debug)]
pub(crate) struct Attack {
    pub(crate) name: &'static str,
    /// Whether it does nothing unless the server answers it: slow readers of no answer are none.
    pub(crate) needs_answers: bool,
    pub(crate) tally: Arc<Tally>,
}

/// What all clients of an attack have met with.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) tried: AtomicU64,
    /// Answered with 2xx.
    pub(crate) done: AtomicU64,
    /// Answered with 503.
    pub(crate) busy: AtomicU64,
    /// Answered with another status.
    pub(crate) other: AtomicU64,
    /// Not connected, or disconnected before the end of an answer.
    pub(crate) cut: AtomicU64,
}

/// What the clients of an attack share.
#[derive(Debug, Clone)]
struct Attacker {
    client: Client,
    questions: Arc<Questions>,
    tally: Arc<Tally>,
}

/// Starts all attacks on the current runtime; they go on until it ends.
pub(super) fn start(plan: &Plan, server: SocketAddr, questions: &Arc<Questions>) -> Vec<Attack> {
    let mut attacks: Vec<Attack> = Vec::new();
    let mut octets = FIRST..;
    let mut client = || Client::new(Ipv4Addr::new(127, 0, 0, octets.next().unwrap_or(FIRST)), server);
    let mut attacker = |name, needs_answers| {
        let tally = Arc::<Tally>::default();
        attacks.push(Attack { name, needs_answers, tally: tally.clone() });
        Attacker { client: client(), questions: questions.clone(), tally }
    };
    let plain = attacker("slow readers, not compressed", true);
    // A build without optimization may need longer than a short siege for a table.
    let packed = attacker("slow readers, compressed or a file", plan.longest_visit.is_some());
    let dear = attacker("workbooks", false);
    let idle = attacker("idle connections", false);
    let same = attacker("many clients for one question", false);
    let leaving = attacker("abandoned requests", false);
    let flooding = attacker("invalid requests", false);
    let steady = attacker("dear questions at a steady rate", false);
    let joining = attacker("connections that wait for one workbook", false);
    let holding = attacker("readers that are just fast enough", plan.longest_visit.is_some());
    let filling = attacker("the same, of answers that fill the room", true);
    for number in 0..plan.plain_readers {
        let start = ramp(number, plan.plain_readers);
        tokio::spawn(slow::read(
            plain.clone(),
            start,
            slow::Reading { path: BUILDINGS, headers: "", pace: 2048 },
        ));
    }
    let gzip = "Accept-Encoding: gzip\r\n";
    for number in 0..plan.packed_readers {
        let start = ramp(number, plan.packed_readers);
        tokio::spawn(slow::read(
            packed.clone(),
            start,
            slow::Reading { path: COVERAGE, headers: gzip, pace: 1200 },
        ));
    }
    for number in 0..plan.file_readers {
        let start = ramp(number, plan.file_readers);
        tokio::spawn(slow::read(
            packed.clone(),
            start,
            slow::Reading { path: GEOPACKAGE, headers: "", pace: 1200 },
        ));
    }
    for number in 0..plan.dear {
        tokio::spawn(dear::ask(dear.clone(), number));
    }
    for number in 0..plan.idle {
        tokio::spawn(idle::stay(idle.clone(), ramp(number, plan.idle), number % 2 == 0));
    }
    tokio::spawn(same::ask(same, plan.same));
    tokio::spawn(dear::abandon(leaving, plan.abandoned_pause));
    for number in 0..plan.floods {
        tokio::spawn(flood::send(flooding.clone(), number));
    }
    tokio::spawn(dear::ask_steadily(steady, plan.steady_pause));
    let round = Arc::<AtomicU64>::default();
    // The attack from further addresses beside its first one.
    let mut from = |addresses: usize, attacker: Attacker| -> Vec<Attacker> {
        let others = (1..addresses).map(|_| Attacker { client: client(), ..attacker.clone() }).collect();
        [others, vec![attacker]].concat()
    };
    for attacker in from(JOINING_ADDRESSES, joining) {
        for number in 0..plan.joining {
            tokio::spawn(join::ask(attacker.clone(), ramp(number, plan.joining), round.clone()));
        }
    }
    for attacker in from(HOLDING_ADDRESSES, holding) {
        for number in 0..plan.holders {
            let reading = slow::Reading { path: GEOPACKAGE, headers: "", pace: 125_000 };
            tokio::spawn(slow::read(attacker.clone(), ramp(number, plan.holders), reading));
        }
    }
    for attacker in from(FILLING_ADDRESSES, filling) {
        for path in FILLING {
            let reading = slow::Reading { path, headers: "", pace: 90_000 };
            tokio::spawn(slow::read(attacker.clone(), RAMP, reading));
        }
    }
    attacks
}

/// When a client of many begins.
fn ramp(number: usize, of: usize) -> Duration {
    RAMP.mul_f64(number as f64 / of as f64)
}

impl Attacker {
    /// Asks over a connection of its own, and counts the end.
    async fn ask(&self, path: &str, headers: &str) -> io::Result<Answer> {
        self.tally.tried.fetch_add(1, Ordering::Relaxed);
        let answer = self.client.get(path, headers).await;
        self.tally.count(answer.as_ref().ok().map(|answer| answer.status));
        answer
    }
}

impl Tally {
    /// Counts the status of an answer; `None` for no answer.
    fn count(&self, status: Option<u16>) {
        let counter = match status {
            None => &self.cut,
            Some(200..=299) => &self.done,
            Some(503) => &self.busy,
            Some(_) => &self.other,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
