//! Recognises files with places in two datums, such as two lists in one file.
//!
//! Places in the wrong datum are distributed like random points, places in the right datum like facilities.
//! So a mixture of two readings is likelier than one reading with outliers. The gain of a mixture by chance
//! is measured with the same places moved by fixed shifts instead of the second reading.

use super::candidates::Candidate;
use super::odds::{CLASSES, HABIT_PLACES, HABITS};
use super::scores::{Scores, shifts};
use crate::datum::ground::{GroundClass, GroundRaster};
use crate::datum::reading::Reading;

/// A second reading that fits some of the places of a file.
#[derive(Debug)]
pub struct Mixture {
    /// The second reading.
    pub other: Reading,
    /// Its approximate share of the places, 0 to 1.
    pub share: f64,
    /// Positions in the file of the points that fit it better.
    pub points: Vec<usize>,
    /// The figures that support it, as part of a sentence.
    pub evidence: String,
}

/// Sum of the weights of the places below which no mixture is searched.
const MIN_PLACES: f64 = 40.0;
/// Smallest sum of the weights of the places of the second reading; fewer are outliers.
const MIN_OTHERS: f64 = 8.0;
/// Smallest share of either reading.
const MIN_SHARE: f64 = 0.06;
/// Smallest gain of a mixture in nats, and its smallest lead over the largest gain of a shift.
const CLEAR_NATS: f64 = 6.0;
const CLEAR_NATS_OVER_SHIFTS: f64 = 4.0;
/// Cost of a change of the reading from one row to the next, in nats.
const CHANGE_NATS: f64 = 4.0;
/// Steps of expectation–maximisation.
const EM_STEPS: usize = 40;

impl Scores<'_> {
    /// The second reading besides that of the candidate `first`. `positions` are the positions of the sample
    /// in the file.
    pub(super) fn mixture(
        &self,
        first: usize,
        positions: &[usize],
        ground: &GroundRaster,
    ) -> Option<Mixture> {
        if self.places < MIN_PLACES {
            return None;
        }
        let nats = self.class_nats(first);
        let candidate = &self.candidates.0[first];
        let odds = |candidate: &Candidate, shift: [i32; 2]| -> Vec<f64> {
            let odds = |cell: &Option<[i32; 2]>| {
                let class = cell.and_then(|[x, y]| ground.class([x + shift[0], y + shift[1]]));
                // Outside the city there is no evidence.
                class.map_or(1.0, |class| nats[class.code()].exp())
            };
            candidate.cells.iter().map(odds).collect()
        };
        let first_odds = odds(candidate, [0, 0]);
        let pairs = |other: Vec<f64>| Pairs { first: &first_odds, other, weights: &self.weights };
        let others = self.candidates.0.iter().enumerate().filter(|(at, other)| {
            let (a, b) = (&candidate.reading, &other.reading);
            *at != first
                && a.is_swapped == b.is_swapped
                && a.notation == b.notation
                && b.crs.in_degrees() == a.crs.in_degrees()
        });
        let found: Vec<(usize, Pairs<'_>)> =
            others.map(|(at, other)| (at, pairs(odds(other, [0, 0])))).collect();
        if found.is_empty() {
            return None;
        }
        let (mut fit_by_chance, mut runs_by_chance) = (0.0f64, 0.0f64);
        for shift in shifts() {
            let shifted =
                pairs(odds(candidate, shift.map(|metres| (metres / ground.cell_metres).round() as i32)));
            fit_by_chance = fit_by_chance.max(shifted.fit().gain);
            runs_by_chance = runs_by_chance.max(shifted.runs().0);
        }
        let mut best: Option<(f64, Mixture)> = None;
        for (at, pairs) in found {
            let fit = pairs.fit();
            let (in_runs, runs) = pairs.runs();
            let clear =
                |gain: f64, chance: f64| (gain - CLEAR_NATS).min(gain - chance - CLEAR_NATS_OVER_SHIFTS);
            let (of_fit, of_runs) = (clear(fit.gain, fit_by_chance), clear(in_runs, runs_by_chance));
            let (margin, is_other, gain, by_chance) = if of_runs > of_fit {
                (of_runs, runs, in_runs, runs_by_chance)
            } else {
                (of_fit, fit.is_other, fit.gain, fit_by_chance)
            };
            let weight: f64 =
                is_other.iter().zip(&self.weights).filter(|(is, _)| **is).map(|(_, weight)| weight).sum();
            let share = if of_runs > of_fit { weight / self.places } else { fit.share };
            let is_enough = (MIN_SHARE..1.0 - MIN_SHARE).contains(&share)
                && share.min(1.0 - share) * self.places >= MIN_OTHERS;
            if margin < 0.0 || !is_enough || best.as_ref().is_some_and(|(most, _)| *most >= margin) {
                continue;
            }
            let points = if of_runs > of_fit {
                whole_runs(&is_other, positions)
            } else {
                positions.iter().zip(&is_other).filter(|(_, is)| **is).map(|(at, _)| *at).collect()
            };
            let evidence =
                format!("two kinds gain {gain:.0} in log-odds; random shifts gain at most {by_chance:.0}");
            let other = self.candidates.0[at].reading;
            best = Some((margin, Mixture { other, share, points, evidence }));
        }
        best.map(|(_, mixture)| mixture)
    }

    /// Log-odds in nats of each class for the candidate's most likely habit against chance.
    fn class_nats(&self, first: usize) -> Vec<f64> {
        let of_habit = |habit: usize| -> Vec<f64> {
            let nats = |code: usize| {
                let steps = GroundClass::from_code(code).steps();
                let axis = |axis: usize| {
                    let share = self.odds.expected[habit][axis][steps[axis]] / HABIT_PLACES;
                    (share / self.odds.chance[axis][steps[axis]]).ln()
                };
                (0..3).map(axis).sum()
            };
            (0..CLASSES).map(nats).collect()
        };
        // A mixture with chance, because some of the places may be in another datum.
        let likely = |nats: &Vec<f64>| -> f64 {
            let counts = self.counts[first][..CLASSES].iter().zip(nats);
            counts.map(|(count, nats)| count * (0.5 * nats.exp() + 0.5).ln()).sum()
        };
        let habits = (0..HABITS.len()).map(of_habit);
        habits.max_by(|a, b| likely(a).total_cmp(&likely(b))).unwrap_or_default()
    }
}

/// All positions from the first to the last point of each run in the sample.
fn whole_runs(is_other: &[bool], positions: &[usize]) -> Vec<usize> {
    let both: Vec<(bool, usize)> = is_other.iter().copied().zip(positions.iter().copied()).collect();
    let runs = both.chunk_by(|a, b| a.0 == b.0).filter(|run| run[0].0);
    runs.flat_map(|run| run[0].1..=run[run.len() - 1].1).collect()
}

/// The odds of each place in two readings against chance.
struct Pairs<'a> {
    first: &'a [f64],
    other: Vec<f64>,
    weights: &'a [f64],
}

/// A mixture of two readings and chance.
struct Fit {
    /// In nats, relative to a mixture of the first reading and chance.
    gain: f64,
    share: f64,
    is_other: Vec<bool>,
}

impl Pairs<'_> {
    /// The most likely shares, with places independent of each other.
    fn fit(&self) -> Fit {
        let (alone, _) = self.shares([0.7, 0.0, 0.3]);
        let (both, shares) = self.shares([0.45, 0.35, 0.2]);
        let [a, b, _] = shares;
        let is_other = (0..self.first.len()).map(|at| b * self.other[at] > a * self.first[at]).collect();
        Fit { gain: both - alone, share: b / (a + b).max(1e-9), is_other }
    }

    /// The most likely shares of first reading, other and chance by expectation–maximisation from an initial
    /// guess, and their log-likelihood.
    fn shares(&self, initial: [f64; 3]) -> (f64, [f64; 3]) {
        let mut shares = initial;
        let mut nats = 0.0;
        for _ in 0..EM_STEPS {
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

    /// The most likely runs of rows in one reading each (Viterbi 1967), and their gain over the first reading
    /// alone.
    fn runs(&self) -> (f64, Vec<bool>) {
        let (_, [first, _, outlier]) = self.shares([0.7, 0.0, 0.3]);
        // In a mixture half of the rows look like outliers of the first reading.
        let (first, outlier) = if first < 0.6 { (0.6, 0.4) } else { (first, outlier) };
        let nats = |odds: f64| (first * odds + outlier).ln();
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
