//! The worst-served list: compounds by how many lines they lack.

use crate::coverage::{Coverage, Verdict};
use crate::roll_up::asked;
use circle_model::city::Population;
use circle_model::{City, CompoundId, RuleSet};
use std::cmp::Reverse;

/// How a compound stands in all lines together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The compound.
    pub compound: CompoundId,
    /// Columns that are covered, in the order of the rule set's lines.
    pub covered: Vec<usize>,
    /// Columns that are gaps.
    pub gaps: Vec<usize>,
    /// Columns that cannot be told.
    pub unknown: Vec<usize>,
    /// Of the gaps, those that the rule set asks of every compound.
    pub asked_gaps: usize,
}

/// All compounds: those with the most gaps in what is asked of every compound first, then with the most gaps, then
/// with the most residents, then by id.
pub fn worst_served(city: &City, coverage: &Coverage, rules: &RuleSet) -> Vec<Served> {
    let (judged, asked) = (coverage.judged(), asked(coverage, rules));
    let served = |compound: CompoundId| {
        let with = |verdict: Verdict| -> Vec<usize> {
            let is = |column: &&usize| coverage.at(compound, **column).row.verdict == Some(verdict);
            judged.iter().filter(is).copied().collect()
        };
        let gaps = with(Verdict::Gap);
        let asked_gaps = gaps.iter().filter(|column| asked.contains(column)).count();
        Served {
            compound,
            covered: with(Verdict::Covered),
            gaps,
            unknown: with(Verdict::Unknown),
            asked_gaps,
        }
    };
    let mut all: Vec<Served> =
        (0..coverage.compounds() as u32).map(|number| served(CompoundId(number))).collect();
    let residents = |served: &Served| {
        let residents = city.compounds()[served.compound.index()].population.residents;
        if residents == Population::UNKNOWN { 0 } else { residents }
    };
    all.sort_by_key(|it| {
        (Reverse(it.asked_gaps), Reverse(it.gaps.len()), Reverse(residents(it)), it.compound)
    });
    all
}
