//! Suggestions for own files: the categories whose complete list would settle the verdicts of most residents.

use crate::coverage::{Coverage, Reason};
use crate::within::Within;
use circle_model::city::Population;
use circle_model::{City, CompoundId, RuleSet};
use std::cmp::Reverse;

/// A line of the rule set that is unknown because of incomplete data.
#[derive(Debug, Clone, PartialEq)]
pub struct Bring {
    /// Column of the coverage table.
    pub column: usize,
    /// Columns of the categories to list: the fewest that make the line complete enough.
    pub categories: Vec<usize>,
    /// Number of compounds whose verdict is unknown for that reason alone.
    pub compounds: u32,
    /// Mean completeness of the data in their areas, 0 to 1; `None` if it is unknown for all of them.
    pub completeness: Option<f64>,
    /// Residents of these compounds, as far as they are known.
    pub residents: u64,
}

/// Returns these lines for the whole city or for a unit: by residents, then by compounds, both descending,
/// then in the order of the rule set.
pub fn bring(city: &City, coverage: &Coverage, rules: &RuleSet, within: Option<&Within>) -> Vec<Bring> {
    let mut all: Vec<Bring> = coverage
        .judged()
        .into_iter()
        .map(|column| {
            let unknown = (0..coverage.compounds() as u32).map(CompoundId).filter(|compound| {
                within.is_none_or(|within| within.contains(*compound))
                    && coverage.at(*compound, column).row.reason == Some(Reason::SourceIncomplete)
            });
            let shares: Vec<f64> = unknown
                .clone()
                .filter_map(|compound| coverage.at(compound, column).source.completeness())
                .collect();
            let residents =
                unknown.clone().map(|compound| city.compounds()[compound.index()].population.residents);
            Bring {
                column,
                categories: categories(coverage, rules, column),
                compounds: unknown.count() as u32,
                completeness: (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64),
                residents: residents.filter(|it| *it != Population::UNKNOWN).map(u64::from).sum(),
            }
        })
        .filter(|it| it.compounds > 0)
        .collect();
    all.sort_by_key(|it| (Reverse(it.residents), Reverse(it.compounds)));
    all
}

/// The fewest categories of a line that make it complete enough once an own list holds all of them; those
/// with the highest expected count first.
fn categories(coverage: &Coverage, rules: &RuleSet, column: usize) -> Vec<usize> {
    let line = coverage.columns[column].line.and_then(|line| rules.lines.get(line));
    let named = |id: &String| coverage.columns.iter().position(|column| &column.name == id);
    let mut parts: Vec<(usize, f64, f64)> = line
        .iter()
        .flat_map(|line| &line.any_of)
        .filter_map(named)
        .map(|part| {
            let source = coverage.columns[part].sources.first().copied().unwrap_or_default();
            (part, source.expected.unwrap_or(0.0), f64::from(source.known))
        })
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let expected: f64 = parts.iter().map(|part| part.1).sum();
    let mut known: f64 = parts.iter().map(|part| part.2).sum();
    let mut needed = Vec::new();
    for (part, of_part, known_of_part) in parts {
        if !needed.is_empty() && known >= coverage.evidence.least_completeness * expected {
            break;
        }
        known += (of_part - known_of_part).max(0.0);
        needed.push(part);
    }
    needed
}
