//! The worst-served list: compounds by number of gaps.

use crate::coverage::{Coverage, Verdict};
use crate::roll_up::asked;
use circle_model::city::Population;
use circle_model::{City, CompoundId, RuleSet};
use std::cmp::Reverse;

/// The verdicts on one compound in all lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedCompound {
    /// The compound.
    pub compound: CompoundId,
    /// Columns that are covered, in the order of the rule set's lines.
    pub covered: Vec<usize>,
    /// Columns with a gap.
    pub gaps: Vec<usize>,
    /// Columns with an unknown verdict.
    pub unknown: Vec<usize>,
    /// Number of gaps in lines that the rule set requires of every compound.
    pub asked_gaps: usize,
}

/// Returns all compounds, those with the most gaps in required lines first, then by number of gaps, then by
/// residents, both descending, then by id.
pub fn worst_served(city: &City, coverage: &Coverage, rules: &RuleSet) -> Vec<ServedCompound> {
    let (judged, asked) = (coverage.judged(), asked(coverage, rules));
    let served = |compound: CompoundId| {
        let with = |verdict: Verdict| -> Vec<usize> {
            let is = |column: &&usize| coverage.at(compound, **column).row.verdict == Some(verdict);
            judged.iter().filter(is).copied().collect()
        };
        let gaps = with(Verdict::Gap);
        let asked_gaps = gaps.iter().filter(|column| asked.contains(column)).count();
        ServedCompound {
            compound,
            covered: with(Verdict::Covered),
            gaps,
            unknown: with(Verdict::Unknown),
            asked_gaps,
        }
    };
    let mut all: Vec<ServedCompound> =
        (0..coverage.compounds() as u32).map(|number| served(CompoundId(number))).collect();
    let residents = |served: &ServedCompound| {
        let residents = city.compounds()[served.compound.index()].population.residents;
        if residents == Population::UNKNOWN { 0 } else { residents }
    };
    all.sort_by_key(|it| {
        (Reverse(it.asked_gaps), Reverse(it.gaps.len()), Reverse(residents(it)), it.compound)
    });
    all
}
