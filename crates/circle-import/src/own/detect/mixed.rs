//! Whether a file holds places of two datums: two lists that somebody has put below each other, or one that grew.
//!
//! A place that is read in the wrong datum lies as by chance, one in the right datum as its kind does. So a mixture of two
//! readings is likelier than one reading with strays. What such a mixture gains by luck is measured with the same
//! places moved by fixed shifts in place of the second reading.

use super::{CLASSES, Candidate, Class, HABIT_PLACES, HABITS, Reading, Scores, shifts};
use crate::own::ground::Ground;

/// A second reading that some of the places are in.
#[derive(Debug)]
pub(crate) struct Mixed {
    pub(crate) other: Reading,
    /// About how many of the places are in it.
    pub(crate) share: f64,
    /// Positions of those that fit it better.
    pub(crate) points: Vec<usize>,
    /// What speaks for it, in figures.
    pub(crate) evidence: String,
}

/// Fewer places tell nothing.
const FEWEST: f64 = 40.0;
/// Fewer of the second kind are strays.
const FEWEST_OTHERS: f64 = 8.0;
const LEAST_SHARE: f64 = 0.06;
/// Nats that a mixture gains at least, and beyond the most that a shift gains.
const CLEAR_NATS: f64 = 6.0;
const CLEAR_OF_SHIFTS: f64 = 4.0;
/// Nats that it costs to go over to the other list from one row to the next.
const CHANGE_NATS: f64 = 4.0;
/// Steps of expectation and maximisation.
const STEPS: usize = 40;

impl Scores<'_> {
    /// The second datum that places are in which otherwise are in that of the candidate `first`.
    pub(super) fn mixed(&self, first: usize, points: &[usize], ground: &Ground) -> Option<Mixed> {
        if self.places < FEWEST {
            return None;
        }
        let nats = self.class_nats(first);
        let candidate = &self.readings.0[first];
        let odds = |candidate: &Candidate, by: [i32; 2]| -> Vec<f64> {
            let odds = |cell: &Option<[i32; 2]>| {
                let class = cell.and_then(|[x, y]| ground.class([x + by[0], y + by[1]]));
                // Outside the city nothing is to be told.
                class.map_or(1.0, |class| nats[class.code()].exp())
            };
            candidate.cells.iter().map(odds).collect()
        };
        let first_odds = odds(candidate, [0, 0]);
        let pairs = |other: Vec<f64>| Pairs { first: &first_odds, other, weights: &self.weights };
        let others = self.readings.0.iter().enumerate().filter(|(at, other)| {
            let (a, b) = (&candidate.reading, &other.reading);
            *at != first
                && a.swapped == b.swapped
                && a.notation == b.notation
                && b.crs.in_degrees() == a.crs.in_degrees()
        });
        let found: Vec<(usize, Pairs<'_>)> =
            others.map(|(at, other)| (at, pairs(odds(other, [0, 0])))).collect();
        if found.is_empty() {
            return None;
        }
        let (mut by_luck, mut runs_by_luck) = (0.0f64, 0.0f64);
        for shift in shifts() {
            let moved = pairs(odds(candidate, shift.map(|metres| (metres / ground.metres).round() as i32)));
            by_luck = by_luck.max(moved.fit().gain);
            runs_by_luck = runs_by_luck.max(moved.runs().0);
        }
        let mut best: Option<(f64, Mixed)> = None;
        for (at, pairs) in found {
            let fit = pairs.fit();
            let (in_runs, runs) = pairs.runs();
            let clear = |gain: f64, luck: f64| (gain - CLEAR_NATS).min(gain - luck - CLEAR_OF_SHIFTS);
            let (of_fit, of_runs) = (clear(fit.gain, by_luck), clear(in_runs, runs_by_luck));
            let (margin, is_other, gain, luck) = if of_runs > of_fit {
                (of_runs, runs, in_runs, runs_by_luck)
            } else {
                (of_fit, fit.is_other, fit.gain, by_luck)
            };
            let weight: f64 =
                is_other.iter().zip(&self.weights).filter(|(is, _)| **is).map(|(_, weight)| weight).sum();
            let share = if of_runs > of_fit { weight / self.places } else { fit.share };
            let enough = (LEAST_SHARE..1.0 - LEAST_SHARE).contains(&share)
                && share.min(1.0 - share) * self.places >= FEWEST_OTHERS;
            if margin < 0.0 || !enough || best.as_ref().is_some_and(|(most, _)| *most >= margin) {
                continue;
            }
            let those = if of_runs > of_fit {
                whole_runs(&is_other, points)
            } else {
                points.iter().zip(&is_other).filter(|(_, is)| **is).map(|(at, _)| *at).collect()
            };
            let evidence =
                format!("as two kinds they gain {gain:.0} in log-odds; moved at random at most {luck:.0}");
            let other = self.readings.0[at].reading;
            best = Some((margin, Mixed { other, share, points: those, evidence }));
        }
        best.map(|(_, mixed)| mixed)
    }

    /// How much likelier each class is for a place of the candidate's habit than by chance, in nats.
    fn class_nats(&self, first: usize) -> Vec<f64> {
        let of_habit = |habit: usize| -> Vec<f64> {
            let nats = |code: usize| {
                let steps = Class::of_code(code).steps();
                let axis = |axis: usize| {
                    let share = self.odds.expected[habit][axis][steps[axis]] / HABIT_PLACES;
                    (share / self.odds.chance[axis][steps[axis]]).ln()
                };
                (0..3).map(axis).sum()
            };
            (0..CLASSES).map(nats).collect()
        };
        // As a mixture with chance, since some of the places may be in another datum.
        let likely = |nats: &Vec<f64>| -> f64 {
            let counts = self.counts[first][..CLASSES].iter().zip(nats);
            counts.map(|(count, nats)| count * (0.5 * nats.exp() + 0.5).ln()).sum()
        };
        let habits = (0..HABITS.len()).map(of_habit);
        habits.max_by(|a, b| likely(a).total_cmp(&likely(b))).unwrap_or_default()
    }
}

/// All positions from the first to the last of each run in a sample.
fn whole_runs(is_other: &[bool], points: &[usize]) -> Vec<usize> {
    let both: Vec<(bool, usize)> = is_other.iter().copied().zip(points.iter().copied()).collect();
    let runs = both.chunk_by(|a, b| a.0 == b.0).filter(|run| run[0].0);
    runs.flat_map(|run| run[0].1..=run[run.len() - 1].1).collect()
}

/// Each place's odds in two readings against chance.
struct Pairs<'a> {
    first: &'a [f64],
    other: Vec<f64>,
    weights: &'a [f64],
}

/// A mixture of two readings and chance.
struct Fit {
    /// Nats beyond the first reading and chance.
    gain: f64,
    share: f64,
    is_other: Vec<bool>,
}

impl Pairs<'_> {
    /// The most likely shares, places taken one by one.
    fn fit(&self) -> Fit {
        let (alone, _) = self.shares([0.7, 0.0, 0.3]);
        let (mixed, shares) = self.shares([0.45, 0.35, 0.2]);
        let [a, b, _] = shares;
        let is_other = (0..self.first.len()).map(|at| b * self.other[at] > a * self.first[at]).collect();
        Fit { gain: mixed - alone, share: b / (a + b).max(1e-9), is_other }
    }

    /// The log-likelihood of the best shares of both readings and chance, from these on.
    fn shares(&self, from: [f64; 3]) -> (f64, [f64; 3]) {
        let mut shares = from;
        let mut nats = 0.0;
        for _ in 0..STEPS {
            let mut sums = [0.0; 3];
            nats = 0.0;
            for (at, weight) in self.weights.iter().enumerate() {
                let parts = [shares[0] * self.first[at], shares[1] * self.other[at], shares[2]];
                let all: f64 = parts.iter().sum();
                nats += weight * all.ln();
                sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += weight * part / all);
            }
            let all: f64 = sums.iter().sum::<f64>().max(1e-9);
            shares = sums.map(|sum| sum / all);
        }
        (nats, shares)
    }

    /// The most likely runs of rows that are in one reading each, and what they gain over the first alone (Viterbi 1967).
    fn runs(&self) -> (f64, Vec<bool>) {
        let (_, [first, _, stray]) = self.shares([0.7, 0.0, 0.3]);
        // In a mixture half of the rows look like strays of the first.
        let (first, stray) = if first < 0.6 { (0.6, 0.4) } else { (first, stray) };
        let nats = |odds: f64| (first * odds + stray).ln();
        let mut best = [0.0, -CHANGE_NATS];
        let mut alone = 0.0;
        let mut back: Vec<[bool; 2]> = Vec::with_capacity(self.first.len());
        for (at, weight) in self.weights.iter().enumerate() {
            let [stay, change] = [best, [best[1] - CHANGE_NATS, best[0] - CHANGE_NATS]];
            back.push([change[0] > stay[0], change[1] > stay[1]]);
            let here = [weight * nats(self.first[at]), weight * nats(self.other[at])];
            best = [stay[0].max(change[0]) + here[0], stay[1].max(change[1]) + here[1]];
            alone += here[0];
        }
        let mut state = usize::from(best[1] > best[0]);
        let gain = best[state] - alone;
        let mut is_other = vec![false; back.len()];
        for (at, changed) in back.iter().enumerate().rev() {
            is_other[at] = state == 1;
            if changed[state] {
                state = 1 - state;
            }
        }
        (gain, is_other)
    }
}
