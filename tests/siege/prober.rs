//! Asks every second, over new connections, whether the server lives and is ready.

use super::client::Client;
use super::visitors::Schedule;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

const PATHS: [&str; 2] = ["/healthz", "/readyz"];
const INTERVAL: Duration = Duration::from_secs(1);

/// The answer to a probe.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) took: Duration,
    /// What was found instead of 200.
    pub(crate) fault: Option<String>,
}

/// `is_timed` is false on a machine that may be busy: `/readyz` then may say that no search was answered
/// within 5 s.
pub(crate) async fn probe(
    client: Client,
    longest: Duration,
    is_timed: bool,
    schedule: Schedule,
) -> Vec<Probe> {
    let mut ticks = interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut probes = Vec::new();
    while Instant::now() < schedule.end {
        ticks.tick().await;
        for path in PATHS {
            let begun = Instant::now();
            let fault = match timeout(longest, client.get(path, "")).await {
                Ok(Ok(answer)) if answer.status == 200 => None,
                Ok(Ok(answer)) if !is_timed && (path, answer.status) == ("/readyz", 503) => None,
                Ok(Ok(answer)) => Some(format!("{path}: {}", answer.status)),
                Ok(Err(error)) => Some(format!("{path}: {error}")),
                Err(_) => Some(format!("{path}: no answer within {longest:?}")),
            };
            probes.push(Probe { took: begun.elapsed(), fault });
        }
    }
    probes
}
