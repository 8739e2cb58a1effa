//! The odds that a set of places is from a source of facilities, against chance.

use crate::datum::ground::{GroundClass, STEPS};

/// Weighted counts of places by [`GroundClass`]; the last counts those outside the city.
pub(super) type Counts = Vec<f64>;
pub(super) const CLASSES: usize = STEPS[0] * STEPS[1] * STEPS[2];

/// A kind of source, described by the ground at its places.
pub(super) struct Habit {
    /// Prior probability.
    share: f64,
    /// Log-odds in nats of each step of kerb distance, building and land use, against the surroundings.
    draws: [&'static [f64]; 3],
}

/// Measured on the facilities of Harbin; those of Chengdu give nearly the same values.
pub(super) const HABITS: [Habit; 4] = [
    // Shops, restaurants, services.
    Habit {
        share: 0.4,
        draws: [
            &[-0.2, -0.05, 0.35, 0.6, 0.4, 0.2, -0.1, -0.7, -1.3],
            &[-0.45, 0.75],
            &[0.0, -0.1, 0.6, -0.4, -0.8, 0.1],
        ],
    },
    // Stops and gates.
    Habit {
        share: 0.2,
        draws: [
            &[1.1, 1.3, 0.3, 0.4, -0.3, -0.9, -1.6, -2.0, -2.0],
            &[0.1, -1.0],
            &[0.3, -0.8, -0.2, -0.3, -1.0, -0.4],
        ],
    },
    // Schools and hospitals: a building on grounds of its own.
    Habit {
        share: 0.2,
        draws: [
            &[-1.8, -1.0, -1.0, -0.6, -0.3, 0.0, 0.5, 0.5, -0.2],
            &[-0.2, 0.5],
            &[-0.8, -1.0, 0.0, -0.3, -1.2, 1.2],
        ],
    },
    // Centres of parks and pitches.
    Habit {
        share: 0.2,
        draws: [
            &[-1.2, -0.4, -0.2, 0.0, 0.3, 0.3, 0.3, 0.0, -0.2],
            &[0.1, -1.5],
            &[-1.2, -1.5, -0.1, 1.2, -1.0, 0.4],
        ],
    },
];
/// Concentration of the Dirichlet prior: as if this many places of the habit had been observed.
pub(super) const HABIT_PLACES: f64 = 200.0;

/// Habits and chance, ready to score counts.
pub(super) struct Odds {
    /// Share of each step by chance.
    pub(super) chance: [Vec<f64>; 3],
    /// Expected counts of each habit, by step; they sum up to [`HABIT_PLACES`].
    pub(super) expected: Vec<[Vec<f64>; 3]>,
}

impl Odds {
    pub(super) fn new(chance: &Counts) -> Self {
        let mut by_step = counts_by_step(chance);
        // Additive smoothing, so that no step is impossible.
        for shares in &mut by_step {
            let sum: f64 = shares.iter().sum::<f64>() + 1e-9;
            let smoothing = 0.02;
            let all = 1.0 + smoothing * shares.len() as f64;
            shares.iter_mut().for_each(|share| *share = (*share / sum + smoothing) / all);
        }
        let expected = HABITS.iter().map(|habit| {
            std::array::from_fn(|axis| {
                let drawn: Vec<f64> = by_step[axis]
                    .iter()
                    .zip(habit.draws[axis])
                    .map(|(share, draw)| share * draw.exp())
                    .collect();
                let sum: f64 = drawn.iter().sum();
                drawn.iter().map(|share| HABIT_PLACES * share / sum).collect()
            })
        });
        Self { expected: expected.collect(), chance: by_step }
    }

    /// Log-likelihood ratio of the counts, in nats: a mixture over the habits of Dirichlet-multinomial
    /// distributions, against the shares by chance.
    pub(super) fn nats(&self, counts: &Counts) -> f64 {
        let seen = counts_by_step(counts);
        let of_habit = |(habit, expected): (&Habit, &[Vec<f64>; 3])| {
            let axis = |axis: usize| {
                let places: f64 = seen[axis].iter().sum();
                let terms = seen[axis].iter().zip(&expected[axis]).zip(&self.chance[axis]);
                let sum: f64 = terms
                    .filter(|((seen, _), _)| **seen > 0.0)
                    .map(|((seen, expected), chance)| {
                        ln_gamma(expected + seen) - ln_gamma(*expected) - seen * chance.ln()
                    })
                    .sum();
                sum + ln_gamma(HABIT_PLACES) - ln_gamma(HABIT_PLACES + places)
            };
            habit.share.ln() + (0..3).map(axis).sum::<f64>()
        };
        let habits: Vec<f64> = HABITS.iter().zip(&self.expected).map(of_habit).collect();
        let most = habits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + habits.iter().map(|nats| (nats - most).exp()).sum::<f64>().ln()
    }
}

/// Counts by the steps of kerb distance, building and land use.
fn counts_by_step(counts: &Counts) -> [Vec<f64>; 3] {
    let mut by_step: [Vec<f64>; 3] = STEPS.map(|steps| vec![0.0; steps]);
    for (code, count) in counts[..CLASSES].iter().enumerate() {
        for (axis, step) in GroundClass::from_code(code).steps().into_iter().enumerate() {
            by_step[axis][step] += count;
        }
    }
    by_step
}

/// The counts for messages: `31 % in buildings and 48 % beside a street`.
pub(super) fn describe_counts(counts: &Counts) -> String {
    let inside: f64 = counts[..CLASSES].iter().sum::<f64>().max(1e-9);
    let percent = |is: fn(GroundClass) -> bool| {
        let matching = (0..CLASSES).filter(|code| is(GroundClass::from_code(*code)));
        100.0 * matching.map(|code| counts[code]).sum::<f64>() / inside
    };
    format!(
        "{:.0} % in buildings and {:.0} % beside a street",
        percent(GroundClass::is_in_building),
        percent(GroundClass::is_beside_street)
    )
}

/// Natural logarithm of the gamma function for `x` > 0, by Stirling's series from 8 on, where its error is
/// below 10⁻⁸.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let series = inverse / 12.0 - inverse.powi(3) / 360.0 + inverse.powi(5) / 1260.0;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ln_gamma_equals_logarithms_of_factorials() {
        for (x, factorial) in [(1.0, 1.0f64), (2.0, 1.0), (5.0, 24.0), (11.0, 3_628_800.0)] {
            assert!((ln_gamma(x) - factorial.ln()).abs() < 1e-8, "{x}");
        }
        // Γ(½) = √π.
        assert!((ln_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-8);
    }
}
