//! A random sample of verdicts that people check by hand 抽查, and the shares of correct verdicts that follow
//! from their findings.

mod interval;
mod random;
mod shares;

pub use interval::{Interval, clopper_pearson};
pub use shares::{AuditFinding, AuditedRow, Proportion, Share, Shares};

use crate::coverage::{Coverage, Verdict};
use circle_model::CompoundId;
use circle_model::rules::Measure;
use random::SplitMix64;
use std::cmp::Reverse;

/// The verdicts of one kind on one line of the rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stratum {
    /// The column of the line.
    pub column: usize,
    /// The kind of verdict.
    pub verdict: Verdict,
    /// Number of compounds with it.
    pub size: usize,
    /// Number of verdicts drawn from it.
    pub drawn: usize,
}

/// A drawn verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// The compound.
    pub compound: CompoundId,
    /// Its row in [`Sample::strata`].
    pub stratum: usize,
}

/// A random sample of verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// By line of the rule set, then by verdict.
    pub strata: Vec<Stratum>,
    /// By stratum, then by compound.
    pub drawn: Vec<Drawn>,
}

impl Sample {
    /// Draws `count` verdicts on lines that a map can measure, or all if there are fewer.
    ///
    /// Each stratum gets one seat if there are enough seats; else each verdict gets one in its largest
    /// stratum. The other seats go to the strata in proportion to their sizes (Sainte-Laguë). In a stratum,
    /// compounds are drawn without replacement by a shuffle (Fisher and Yates) with `SplitMix64` numbers from
    /// `seed`.
    pub fn draw(coverage: &Coverage, count: usize, seed: u64) -> Self {
        let mut strata = Vec::new();
        let mut members = Vec::new();
        for column in coverage.judged() {
            if coverage.columns[column].measure == Some(Measure::None) {
                continue;
            }
            for verdict in Verdict::ALL {
                let all = (0..coverage.compounds() as u32).map(CompoundId);
                let is = |compound: &CompoundId| coverage.at(*compound, column).row.verdict == Some(verdict);
                let of_stratum: Vec<CompoundId> = all.filter(is).collect();
                if !of_stratum.is_empty() {
                    strata.push(Stratum { column, verdict, size: of_stratum.len(), drawn: 0 });
                    members.push(of_stratum);
                }
            }
        }
        let seats = seats(&strata.iter().map(|it| (it.verdict, it.size)).collect::<Vec<_>>(), count);
        let mut random = SplitMix64::new(seed);
        let mut drawn = Vec::new();
        for (number, (stratum, seats)) in strata.iter_mut().zip(seats).enumerate() {
            stratum.drawn = seats;
            let compounds = random.draw(&members[number], seats);
            drawn.extend(compounds.into_iter().map(|compound| Drawn { compound, stratum: number }));
        }
        Self { strata, drawn }
    }

    /// Number of verdicts that the sample was drawn from.
    pub fn population(&self) -> usize {
        self.strata.iter().map(|stratum| stratum.size).sum()
    }
}

/// Distributes the seats over the strata.
fn seats(strata: &[(Verdict, usize)], count: usize) -> Vec<usize> {
    let mut seats = vec![0; strata.len()];
    let words = Verdict::ALL.into_iter().filter_map(|verdict| {
        let of_word = (0..strata.len()).filter(|number| strata[*number].0 == verdict);
        of_word.min_by_key(|number| (Reverse(strata[*number].1), *number))
    });
    let words: Vec<usize> = words.collect();
    if count >= strata.len() {
        seats.fill(1);
    } else if count >= words.len() {
        words.into_iter().for_each(|number| seats[number] = 1);
    }
    let total: usize = strata.iter().map(|(_, size)| size).sum();
    for _ in seats.iter().sum::<usize>()..count.min(total) {
        // The next seat goes to the highest size ÷ (2 × seats + 1); products are compared, so that no
        // division rounds.
        let open = (0..strata.len()).filter(|number| seats[*number] < strata[*number].1);
        let next = open.reduce(|best, next| {
            let quotient = |one: usize, other: usize| strata[one].1 as u128 * (2 * seats[other] as u128 + 1);
            if quotient(next, best) > quotient(best, next) { next } else { best }
        });
        let Some(next) = next else { break };
        seats[next] += 1;
    }
    seats
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Covered, Gap, Unknown};

    #[test]
    fn each_stratum_gets_a_seat_and_the_rest_are_proportional_to_size() {
        // Sainte-Laguë by hand: 1 each, then 700/3, 200/3, 90/3, 700/5, …
        let strata = [(Covered, 700), (Gap, 200), (Unknown, 90), (Gap, 10)];
        assert_eq!(seats(&strata, 4), [1, 1, 1, 1]);
        assert_eq!(seats(&strata, 6), [3, 1, 1, 1]);
        // 233.3, 140, 100 for the first, 66.7 for the second: the eighth is the first's fifth (77.8).
        assert_eq!(seats(&strata, 8), [5, 1, 1, 1]);
        assert_eq!(seats(&strata, 100), [70, 20, 9, 1]);
    }

    #[test]
    fn with_too_few_seats_each_verdict_gets_one() {
        let strata = [(Covered, 700), (Gap, 5), (Covered, 600), (Unknown, 2), (Gap, 6), (Unknown, 2)];
        assert_eq!(seats(&strata, 3), [1, 0, 0, 1, 1, 0]);
        assert_eq!(seats(&strata, 5), [2, 0, 1, 1, 1, 0]);
        assert_eq!(seats(&strata, 2), [1, 0, 1, 0, 0, 0]);
    }

    #[test]
    fn a_sample_is_at_most_the_population() {
        assert_eq!(seats(&[(Covered, 3), (Gap, 1)], 100), [3, 1]);
        assert!(seats(&[], 5).is_empty());
    }
}
