//! A siege of the server: attacks from twelve addresses of 127.0.0.0/8 at once, beside 16 well-behaved
//! visitors. `make siege` runs it for ten minutes (`benches/siege.rs`), the suite in a short form.
//!
//! All attackers share one thread, visitors and prober another, so that the times of the visitors hold
//! nothing of the attackers' work. This module uses no other module of the suite, because the bench has none.

mod attacks;
mod besieged;
mod caches;
pub(crate) mod client;
pub(crate) mod figures;
pub(crate) mod files;
mod plan;
mod prober;
mod questions;
mod report;
mod visitors;

pub(crate) use plan::Plan;
pub(crate) use report::Report;

use attacks::Attack;
use besieged::Besieged;
use client::Client;
use figures::{Counts, Memory, sum_of};
use prober::Probe;
use questions::Questions;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::time::Instant;
use visitors::{Schedule, Visit};

/// The address of the prober, and of the questions before and after the siege.
const OPERATOR: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Interval between two readings of the server's memory.
const SAMPLE: Duration = Duration::from_millis(250);
/// Longest wait for the end of the last requests.
const LONGEST_END: Duration = Duration::from_mins(2);

/// Lays siege to `circle serve CITY`. An `old` server gets only options of the first house, to see what
/// failed before.
///
/// # Panics
/// When the server does not start, or answers nothing before the siege.
pub(crate) fn run(plan: &Plan, circle: &Path, city: &Path, old: bool) -> Report {
    let plan = plan.fitting(files::allow(plan.files()));
    let memory = (!old).then_some(plan.memory_mib);
    let mut server = Besieged::start(circle, city, memory);
    let operator = Client::new(OPERATOR, server.address);
    let questions = client::block_on(Questions::learn(&operator)).expect("answers before the siege");
    let questions = Arc::new(questions);
    if plan.fills_caches {
        client::block_on(caches::fill(&operator, &questions));
    }
    let before = server.memory();
    let schedule = Schedule::of(&plan, Instant::now());
    let (attacks, (visits, probes), most) = thread::scope(|scope| {
        let attacks = scope.spawn(|| attack(&plan, server.address, &questions, schedule));
        let visits = scope.spawn(|| visit(&plan, server.address, &questions, schedule));
        let most = largest(&server, schedule.end);
        (attacks.join().expect("no attacker panics"), visits.join().expect("no visitor panics"), most)
    });
    let metrics = client::block_on(last_metrics(&operator));
    let ended_early = server.end();
    let log = &server.log;
    Report {
        counts: metrics.as_deref().and_then(|text| Counts::of(text, log)),
        memory: Memory { before, most, allowed: plan.most_mib() },
        plan,
        attacks,
        visits,
        probes,
        ended_early: ended_early.then(|| log.last_lines()),
    }
}

/// Attacks from the end of the peace to the end of the schedule.
fn attack(plan: &Plan, server: SocketAddr, questions: &Arc<Questions>, schedule: Schedule) -> Vec<Attack> {
    let runtime = client::runtime();
    let attacks = runtime.block_on(async {
        tokio::time::sleep_until(schedule.siege).await;
        let attacks = attacks::start(plan, server, questions);
        tokio::time::sleep_until(schedule.end).await;
        attacks
    });
    // Closes the connections of all attackers.
    runtime.shutdown_background();
    attacks
}

/// Visits and probes until the end of the schedule.
fn visit(
    plan: &Plan,
    server: SocketAddr,
    questions: &Arc<Questions>,
    schedule: Schedule,
) -> (Vec<Visit>, Vec<Probe>) {
    client::block_on(async {
        let is_timed = plan.longest_visit.is_some();
        let operator = Client::new(OPERATOR, server);
        let probes = tokio::spawn(prober::probe(operator, plan.longest_probe, is_timed, schedule));
        let visits = visitors::visit(server, questions, schedule).await;
        (visits, probes.await.expect("no prober panics"))
    })
}

/// The largest resident memory until `end`, in MiB.
fn largest(server: &Besieged, end: Instant) -> u64 {
    let mut most = 0;
    while Instant::now() < end {
        most = most.max(server.memory());
        thread::sleep(SAMPLE);
    }
    most
}

/// The metrics when no other connection is open; `None` without an answer.
async fn last_metrics(operator: &Client) -> Option<String> {
    const REQUESTS: &str = "circle_http_requests_total";
    const OPEN: &str = "circle_http_connections_open";
    let ask = async || {
        let answer = operator.get("/metrics", "").await.ok().filter(|answer| answer.status == 200)?;
        String::from_utf8(answer.body).ok()
    };
    let begun = Instant::now();
    let mut before = ask().await?;
    loop {
        tokio::time::sleep(SAMPLE).await;
        let after = ask().await?;
        // Only the request before is new, and all others have ended.
        let is_quiet = sum_of(&after, REQUESTS) == sum_of(&before, REQUESTS) + 1 && sum_of(&after, OPEN) <= 1;
        if is_quiet || begun.elapsed() > LONGEST_END || !after.contains(REQUESTS) {
            return Some(after);
        }
        before = after;
    }
}
