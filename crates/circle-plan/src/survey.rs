//! The survey list: the compounds whose verdicts depend on the position of unmapped gates.

use crate::coverage::{Coverage, Reason};
use crate::within::Within;
use circle_model::city::Population;
use circle_model::{City, CompoundId};
use std::cmp::Reverse;

/// A compound whose gates should be surveyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The compound.
    pub compound: CompoundId,
    /// Columns whose verdict differs between its inferred gates, in the order of the rule set's lines.
    pub columns: Vec<usize>,
    /// Its residents; `None` if not known.
    pub residents: Option<u32>,
}

/// Returns these compounds for the whole city or for a unit: by residents × columns, then by columns, both
/// descending, then by id.
pub fn survey(city: &City, coverage: &Coverage, within: Option<&Within>) -> Vec<Survey> {
    let judged = coverage.judged();
    let mut all: Vec<Survey> = (0..coverage.compounds() as u32)
        .map(CompoundId)
        .filter(|compound| within.is_none_or(|within| within.contains(*compound)))
        .filter_map(|compound| {
            let hangs =
                |column: &&usize| coverage.at(compound, **column).row.reason == Some(Reason::GateUnknown);
            let columns: Vec<usize> = judged.iter().filter(hangs).copied().collect();
            let residents = city.compounds()[compound.index()].population.residents;
            let residents = Some(residents).filter(|count| *count != Population::UNKNOWN);
            (!columns.is_empty()).then_some(Survey { compound, columns, residents })
        })
        .collect();
    let people = |it: &Survey| u64::from(it.residents.unwrap_or(0)) * it.columns.len() as u64;
    all.sort_by_key(|it| (Reverse(people(it)), Reverse(it.columns.len()), it.compound));
    all
}
