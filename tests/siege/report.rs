//! What a siege has found.

use super::attacks::{Attack, Tally};
use super::figures::{Counts, Memory};
use super::plan::Plan;
use super::prober::Probe;
use super::visitors::{Kind, Outcome, Visit};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Largest share of visits that may be rejected as too many, or lost.
const MOST_REFUSED: f64 = 0.01;
/// Least share of the plan's clients that the limit of open files has to allow.
const LEAST_CLIENTS: f64 = 0.9;
/// Least share of the visits that visitors would make if they were answered at once.
const LEAST_VISITS: f64 = 0.25;
/// Most faults of one kind that are listed.
const LISTED: usize = 5;
const KINDS: [(Kind, &str); 3] =
    [(Kind::Reach, "reach"), (Kind::Tile, "tiles"), (Kind::Isochrone, "isochrones of new places")];

/// The figures of a siege. Displayed, it is a part of `docs/benchmarks.md`.
#[derive(Debug)]
pub(crate) struct Report {
    pub(super) plan: Plan,
    pub(super) attacks: Vec<Attack>,
    pub(super) visits: Vec<Visit>,
    pub(super) probes: Vec<Probe>,
    pub(super) memory: Memory,
    /// `None` if the server counts no requests.
    pub(super) counts: Option<Counts>,
    /// The last lines of the log of a server that ended before it was asked to.
    pub(super) ended_early: Option<String>,
}

impl Report {
    /// What does not hold, in sentences.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(log) = &self.ended_early {
            faults.push(format!("the server ended before it was asked to:\n{log}"));
        }
        self.faults_of_attacks(&mut faults);
        self.faults_of_visits(&mut faults);
        let probes = self.probes.iter().filter_map(|probe| probe.fault.as_ref());
        faults.extend(probes.take(LISTED).map(|fault| format!("a probe: {fault}")));
        if self.probes.is_empty() {
            faults.push("no probe was sent".to_owned());
        }
        let Memory { before, most, allowed } = self.memory;
        if most > allowed {
            faults.push(format!("{most} MiB of memory, {before} before the siege, {allowed} allowed"));
        }
        match self.counts {
            None => faults.push("the server counts no requests".to_owned()),
            Some(counts) if counts.missing() > counts.lost || counts.logged > counts.requests => {
                faults.push(format!("requests and lines of the log do not agree: {counts:?}"));
            }
            Some(_) => {}
        }
        faults
    }

    /// Attacks that did not happen: a server that survives these has shown nothing.
    fn faults_of_attacks(&self, faults: &mut Vec<String>) {
        let share = self.plan.share;
        if share < LEAST_CLIENTS {
            let percent = share * 100.0;
            faults.push(format!("the limit of open files allows {percent:.0} % of the clients: `ulimit -n`"));
        }
        if self.attacks.is_empty() {
            faults.push("nothing attacked the server".to_owned());
        }
        for Attack { name, needs_answers, tally } in &self.attacks {
            if count(&tally.tried) == 0 {
                faults.push(format!("{name}: not tried once"));
            } else if *needs_answers && count(&tally.done) == 0 {
                faults.push(format!("{name}: no answer was read"));
            }
        }
    }

    fn faults_of_visits(&self, faults: &mut Vec<String>) {
        let in_siege = || self.visits.iter().filter(|visit| !visit.in_peace);
        let (visits, most) = (in_siege().count(), self.plan.most_visits());
        if (visits as f64) < LEAST_VISITS * most {
            faults.push(format!("{visits} visits, of {most:.0} if all were answered at once"));
        }
        let wrong = in_siege().filter_map(|visit| match &visit.outcome {
            Outcome::Wrong(what) => Some(format!("a visitor: {what}")),
            _ => None,
        });
        faults.extend(wrong.take(LISTED));
        for (kind, name) in KINDS {
            let row = Row::of(in_siege().filter(|visit| visit.kind == kind));
            let refused = row.busy + row.lost.len();
            if refused as f64 > MOST_REFUSED * row.times.len() as f64 || row.times.is_empty() {
                let lost: Vec<&str> = row.lost.iter().copied().take(LISTED).collect();
                faults.push(format!(
                    "{name}: of {} visits {} were answered with 503 and {} not at all: {lost:?}",
                    row.times.len(),
                    row.busy,
                    row.lost.len()
                ));
            }
            let took = row.quantile(0.99);
            if self.plan.longest_visit.is_some_and(|longest| took > longest) {
                faults.push(format!("{name}: 99 % of the visits took up to {took:?}"));
            }
        }
    }
}

/// The visits of one kind.
#[derive(Debug, Default)]
struct Row<'a> {
    /// Ascending.
    times: Vec<Duration>,
    busy: usize,
    lost: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn of(visits: impl Iterator<Item = &'a Visit>) -> Self {
        let mut row = Self::default();
        for visit in visits {
            row.times.push(visit.took);
            match &visit.outcome {
                Outcome::Busy => row.busy += 1,
                Outcome::Lost(what) => row.lost.push(what),
                Outcome::Done | Outcome::Wrong(_) => {}
            }
        }
        row.times.sort_unstable();
        row
    }

    fn quantile(&self, share: f64) -> Duration {
        let position = (self.times.len() as f64 * share) as usize;
        self.times.get(position).or(self.times.last()).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { siege, share, memory_mib, .. } = &self.plan;
        writeln!(f, "A siege of {} s.", siege.as_secs())?;
        if *share < 1.0 {
            writeln!(f, "The limit of open files allows {:.0} % of the clients.", share * 100.0)?;
        }
        writeln!(f, "\n| visitors | requests | 503 | lost | p50, ms | p99, ms | longest, ms |")?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- | --- |")?;
        for (in_peace, when) in [(true, "in peace"), (false, "in the siege")] {
            for (kind, name) in KINDS {
                let row = Row::of(
                    self.visits.iter().filter(|visit| visit.kind == kind && visit.in_peace == in_peace),
                );
                let [half, most, longest] = [0.5, 0.99, 1.0].map(|share| milliseconds(row.quantile(share)));
                let (count, busy, lost) = (row.times.len(), row.busy, row.lost.len());
                writeln!(f, "| {name}, {when} | {count} | {busy} | {lost} | {half} | {most} | {longest} |")?;
            }
        }
        let longest = self.probes.iter().map(|probe| probe.took).max().unwrap_or_default();
        let unanswered = self.probes.iter().filter(|probe| probe.fault.is_some()).count();
        writeln!(
            f,
            "| `/healthz`, `/readyz` | {} | | {unanswered} | | | {} |",
            self.probes.len(),
            milliseconds(longest)
        )?;
        writeln!(
            f,
            "\n| attack | tried | 2xx | 503 | other | no answer |\n| --- | --- | --- | --- | --- | --- |"
        )?;
        for Attack { name, tally, .. } in &self.attacks {
            let Tally { tried, done, busy, other, cut } = &**tally;
            let [tried, done, busy, other, cut] = [tried, done, busy, other, cut].map(count);
            writeln!(f, "| {name} | {tried} | {done} | {busy} | {other} | {cut} |")?;
        }
        let Memory { before, most, allowed } = self.memory;
        writeln!(
            f,
            "\nMemory: {before} MiB before, {most} at most, {allowed} allowed (`--memory {memory_mib}`)."
        )?;
        if let Some(counts) = self.counts {
            let Counts { requests, logged, lost } = counts;
            writeln!(f, "Log: {requests} requests, {logged} in the log, {lost} lines lost.")?;
        }
        Ok(())
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

fn count(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

#[test]
fn a_siege_that_did_not_happen_is_at_fault() {
    use super::visitors::Outcome::Done;
    let report = |visits: usize, tried: u64, done: u64, share: f64| {
        let tally = Tally { tried: tried.into(), done: done.into(), ..Tally::default() };
        let attack = Attack { name: "slow readers", needs_answers: true, tally: tally.into() };
        let took = Duration::from_millis(1);
        let kinds = KINDS.iter().cycle().map(|(kind, _)| *kind);
        let visit = |kind| Visit { kind, in_peace: false, took, outcome: Done };
        let report = Report {
            plan: Plan { share, ..Plan::short() },
            attacks: vec![attack],
            visits: kinds.take(visits).map(visit).collect(),
            probes: vec![Probe { took, fault: None }],
            memory: Memory { before: 1, most: 1, allowed: 1 },
            counts: Some(Counts { requests: 1, logged: 1, lost: 0 }),
            ended_early: None,
        };
        report.faults().join("\n")
    };
    assert_eq!(report(50, 1, 1, 0.9), "");
    assert_eq!(report(49, 1, 1, 0.9), "49 visits, of 200 if all were answered at once");
    assert_eq!(report(50, 0, 0, 0.9), "slow readers: not tried once");
    assert_eq!(report(50, 1, 0, 0.9), "slow readers: no answer was read");
    assert!(report(50, 1, 1, 0.8).contains("allows 80 % of the clients"));
}
