//! Scores of all candidates against each other and against chance.

use super::candidates::{Candidate, Candidates};
use super::odds::{CLASSES, Counts, Odds, describe_counts};
use crate::datum::ground::GroundRaster;
use crate::quote::with_commas;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Side in metres of the squares whose places share the weight of one: fifty shops of a mall are not fifty
/// independent observations.
const SAME_PLACE_METRES: f64 = 25.0;

/// Smallest lead of the best over the next reading, in nats. In tens of thousands of trials a wrong reading
/// seldom led by six, and once in many thousands by nine.
const CLEAR_NATS: f64 = 10.0;
/// Smallest lead for each place: with thousands of places a slight difference between two quarters would
/// suffice.
const CLEAR_NATS_PER_PLACE: f64 = 0.04;
/// Smallest lead for places in fewer than [`FEW`] squares, whose errors are correlated; and its increase for
/// each missing square.
const CLEAR_NATS_OF_FEW: f64 = 13.0;
const CLEAR_NATS_PER_MISSING_SQUARE: f64 = 0.5;
const FEW: usize = 28;
/// Side of the squares that [`FEW`] counts, in metres.
const CROWD_METRES: f64 = 100.0;
/// Smallest lead over chance, in standard deviations.
const CLEAR_DEVIATIONS: f64 = 1.5;

/// Range of the constant offsets that are searched, in metres.
const MIN_OFFSET_METRES: f64 = 20.0;
const MAX_OFFSET_METRES: f64 = 400.0;
/// Smallest gain of an offset, in nats. Two thousand offsets are tried, so the best gains something by
/// chance, more for less exact places.
const CLEAR_OFFSET_NATS: f64 = 20.0;
const CLEAR_OFFSET_NATS_PER_PLACE: f64 = 0.15;

/// Shifts for the measurement of chance, in metres east and north: eight directions at eight distances, none
/// of which is the distance between two datums everywhere.
pub(super) fn shifts() -> impl Iterator<Item = [f64; 2]> {
    [170.0, 260.0, 370.0, 520.0, 700.0, 930.0, 1200.0, 1500.0f64].into_iter().flat_map(|distance| {
        (0..8).map(move |turn| {
            let angle = f64::from(turn) * std::f64::consts::FRAC_PI_4 + distance;
            [distance * angle.cos(), distance * angle.sin()]
        })
    })
}

/// The scores of the candidates for one file.
pub(super) struct Scores<'a> {
    pub(super) candidates: &'a Candidates,
    /// Weight of each point of the sample.
    pub(super) weights: Vec<f64>,
    /// Sum of the weights.
    pub(super) places: f64,
    /// Count of the squares of [`CROWD_METRES`] that contain points.
    squares: usize,
    pub(super) odds: Odds,
    /// Counts of each candidate.
    pub(super) counts: Vec<Counts>,
    /// Score of each candidate, in nats.
    scores: Vec<f64>,
    /// Indices of the candidates, the best first.
    pub(super) order: Vec<usize>,
    /// Mean counts of the shifted places.
    chance: Counts,
    chance_mean: f64,
    chance_deviation: f64,
}

impl<'a> Scores<'a> {
    pub(super) fn new(candidates: &'a Candidates, ground: &GroundRaster) -> Self {
        let weights = weights(candidates, ground);
        let count = |candidate: &Candidate, shift: [i32; 2]| candidate.count(ground, &weights, shift);
        let counts: Vec<Counts> = candidates.0.iter().map(|candidate| count(candidate, [0, 0])).collect();
        let shifted: Vec<Counts> = candidates
            .0
            .iter()
            .flat_map(|candidate| {
                shifts().map(|shift| {
                    count(candidate, shift.map(|metres| (metres / ground.cell_metres).round() as i32))
                })
            })
            .collect();
        let mut chance = vec![0.0; CLASSES + 1];
        for counts in &shifted {
            chance.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count / shifted.len() as f64);
        }
        let odds = Odds::new(&chance);
        let score = |counts: &Counts| odds.nats(counts);
        let scores: Vec<f64> = counts.iter().map(score).collect();
        let by_chance: Vec<f64> = shifted.iter().map(score).collect();
        let mean = by_chance.iter().sum::<f64>() / by_chance.len() as f64;
        let variance =
            by_chance.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / by_chance.len() as f64;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        Self {
            candidates,
            places: weights.iter().sum(),
            squares: squares(candidates, ground, CROWD_METRES)
                .into_iter()
                .flatten()
                .collect::<FxHashSet<_>>()
                .len(),
            weights,
            odds,
            counts,
            scores,
            order,
            chance,
            chance_mean: mean,
            chance_deviation: variance.sqrt(),
        }
    }

    /// Whether the best is clearly better than the next and than chance.
    pub(super) fn is_clear(&self) -> bool {
        let best = self.order[0];
        let candidate = &self.candidates.0[best];
        let Some(next) = self.order.get(1) else {
            // There is no other candidate.
            return candidate.inside * 2 >= candidate.cells.len();
        };
        let missing = FEW.saturating_sub(self.squares) as f64;
        let few =
            if missing > 0.0 { CLEAR_NATS_OF_FEW + CLEAR_NATS_PER_MISSING_SQUARE * missing } else { 0.0 };
        let clear = CLEAR_NATS.max(CLEAR_NATS_PER_PLACE * self.places).max(few);
        // One reading also fits random places best, so the best must be likelier than chance.
        self.scores[best] >= 0.0
            && self.scores[best] - self.scores[*next] >= clear
            && self.scores[best] >= self.chance_mean + CLEAR_DEVIATIONS * self.chance_deviation
    }

    /// The figures of every reading in one or two sentences.
    pub(super) fn evidence(&self) -> String {
        let best = self.order[0];
        let first = &self.candidates.0[best];
        let mut evidence = format!(
            "Read as {}, {} of {} points lie in the city, {}; by chance it would be {}.",
            first.reading.words(),
            with_commas(first.inside),
            with_commas(first.cells.len()),
            describe_counts(&self.counts[best]),
            describe_counts(&self.chance)
        );
        if self.order.len() == 1 {
            evidence += " No other reading puts them there.";
            return evidence;
        }
        let others = self.order[1..].iter().map(|at| {
            let behind = self.scores[best] - self.scores[*at];
            format!(
                "{}: {}, {behind:.0} behind in log-odds",
                self.candidates.0[*at].reading.words(),
                describe_counts(&self.counts[*at])
            )
        });
        // Writing to a string does not fail.
        let _ = write!(evidence, " The others: {}.", others.collect::<Vec<_>>().join("; "));
        evidence
    }

    /// The constant offset of all places of a candidate in metres east and north; `None` unless its gain is
    /// clear.
    pub(super) fn offset(&self, candidate: &Candidate, ground: &GroundRaster) -> Option<[f64; 2]> {
        let (gain, metres) = self.best_offset(candidate, ground);
        let is_far = metres[0].hypot(metres[1]) >= MIN_OFFSET_METRES;
        let clear = CLEAR_OFFSET_NATS + CLEAR_OFFSET_NATS_PER_PLACE * self.places;
        (is_far && self.squares >= FEW && gain >= clear).then_some(metres)
    }

    /// The gain of the best offset in nats, and the offset in metres.
    fn best_offset(&self, candidate: &Candidate, ground: &GroundRaster) -> (f64, [f64; 2]) {
        let score = |shift: [i32; 2]| self.odds.nats(&candidate.count(ground, &self.weights, shift));
        let cells = |metres: f64| ((metres / ground.cell_metres).round() as i32).max(1);
        let (reach, step) = (cells(MAX_OFFSET_METRES), cells(20.0));
        let square = |middle: [i32; 2], reach: i32, step: usize| {
            (-reach..=reach).step_by(step).flat_map(move |dy| {
                (-reach..=reach).step_by(step).map(move |dx| [middle[0] + dx, middle[1] + dy])
            })
        };
        let better = |best: (f64, [i32; 2]), shift: [i32; 2]| {
            let score = score(shift);
            if score > best.0 { (score, shift) } else { best }
        };
        let unshifted = score([0, 0]);
        let best = square([0, 0], reach - reach % step, step as usize).fold((unshifted, [0, 0]), better);
        let best = square(best.1, step, 1).fold(best, better);
        (best.0 - unshifted, best.1.map(|cells| -f64::from(cells) * ground.cell_metres))
    }
}

/// The weight of each point; 0 for points outside the city in every reading.
fn weights(candidates: &Candidates, ground: &GroundRaster) -> Vec<f64> {
    let squares = squares(candidates, ground, SAME_PLACE_METRES);
    let mut shared: FxHashMap<[i32; 2], u32> = FxHashMap::default();
    squares.iter().flatten().for_each(|square| *shared.entry(*square).or_default() += 1);
    squares.iter().map(|square| square.map_or(0.0, |square| 1.0 / f64::from(shared[&square]))).collect()
}

/// The square of each point, by the first reading that puts it into the city.
fn squares(candidates: &Candidates, ground: &GroundRaster, metres: f64) -> Vec<Option<[i32; 2]>> {
    let side = (metres / ground.cell_metres).round().max(1.0) as i32;
    let len = candidates.0.first().map_or(0, |candidate| candidate.cells.len());
    let square = |at: usize| {
        let cell = candidates.0.iter().find_map(|candidate| candidate.cells[at])?;
        Some(cell.map(|cell| cell.div_euclid(side)))
    };
    (0..len).map(square).collect()
}
