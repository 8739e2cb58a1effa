//! Coverage 覆盖: a verdict on every compound in every category and on every line of the rule set.

mod columns;
mod gates;
mod judge;
mod judging;
mod reasons;
mod table;
#[cfg(test)]
mod tests;
mod verdict;
mod walks;

pub use columns::{Column, Distance, column_names, line_names};
pub use gates::has_guessed_gates;
pub use judging::Judging;
pub use table::{Coverage, CoverageRow, Nearest, Standing};
pub use verdict::{Reason, Verdict};
pub(crate) use walks::SelectedWalks;

use crate::evidence::Areas;
use circle_model::{City, CompoundId, Milliseconds, Profile};
use circle_reach::{Cancel, Cancelled, Departures, Matrix, Network, Origin, Reached};
use columns::columns;
use judge::Judge;
use rayon::prelude::*;
use walks::in_parts;

/// Judges every compound in every category of the catalogue and on every line of the rule set.
///
/// A line that one category alone meets, within a number of minutes, is judged in the column of that category; other
/// lines have columns of their own.
///
/// # Errors
///
/// When `cancel` is cancelled.
///
/// ```
/// use circle_model::city::{Meta, Span};
/// use circle_model::{Catalogue, City, CompoundId, RuleSet};
/// use circle_plan::{Evidence, Judging, Verdict, coverage};
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Network};
///
/// // A compound with its gate at `G`, and a clinic at `P`, 410 m along the street.
/// let map = Map::draw(10.0, "
///  a  d
///
///  b  c
///  G----------------------------------------P")
///     .compound(0, "abcd", "G")
///     .facility("P");
/// let catalogue = Catalogue::built_in();
/// let mut tables = map.town.tables();
/// tables.facility_categories = vec![catalogue.index_of("clinic").unwrap() as u8];
/// tables.facilities[0].categories = Span { start: 0, len: 1 };
/// let network = Network::build(&City::from_tables(tables, &Meta::default())?);
///
/// let (profile, rules) = (profile("planning"), RuleSet::built_in().remove(0));
/// let judging = Judging {
///     catalogue: &catalogue,
///     profile: &profile,
///     rules: &rules,
///     minutes: &[5, 10, 15],
///     evidence: Evidence::AS_MAPPED,
/// };
/// let coverage = coverage(&network, &judging, &Cancel::never())?;
/// let line = coverage.columns.iter().position(|column| column.name == "卫生室").unwrap();
/// let standing = coverage.at(CompoundId(0), line);
/// assert_eq!(standing.row.verdict, Some(Verdict::Covered));
/// // 410 m at 4 km/h take 6 minutes and 9 seconds.
/// assert_eq!(standing.counts, [0, 1, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage(network: &Network, judging: &Judging<'_>, cancel: &Cancel) -> Result<Coverage, Cancelled> {
    let mut draft = Draft::new(network, judging, cancel)?;
    draft.judge_in_parts(|_, _| {})?;
    draft.explained()
}

/// As [`coverage`], and returns the walks that `select` chooses for the columns. They are computed once.
pub(crate) fn coverage_with_walks(
    network: &Network,
    judging: &Judging<'_>,
    select: impl FnOnce(&City, &[Column]) -> SelectedWalks,
    cancel: &Cancel,
) -> Result<(Coverage, SelectedWalks), Cancelled> {
    let mut draft = Draft::new(network, judging, cancel)?;
    let mut selected = select(network.city(), &draft.judge.columns);
    if selected.limit <= draft.limit {
        draft.judge_in_parts(|part, walks| selected.add(part, walks))?;
    } else {
        draft.judge_in_parts(|_, _| {})?;
        let (profile, limit) = (draft.profile, selected.limit);
        let add = |part: &[CompoundId], walks: &Matrix| selected.add(part, walks);
        in_parts(network, profile, &draft.compounds(), limit, cancel, add)?;
    }
    Ok((draft.explained()?, selected))
}

/// As [`coverage`], without the reasons that need other networks, and without the nearest facility in columns that are
/// not judged by a walk.
pub(crate) fn verdicts(
    network: &Network,
    judging: &Judging<'_>,
    cancel: &Cancel,
) -> Result<Coverage, Cancelled> {
    let mut draft = Draft::new(network, judging, cancel)?;
    draft.judge_in_parts(|_, _| {})?;
    draft.judged().map(|(coverage, _)| coverage)
}

/// Facilities farther than this are not looked for: nobody walks longer in daily life.
const FARTHEST: Milliseconds = Milliseconds::from_minutes(240);

/// A table that is being filled.
struct Draft<'a> {
    network: &'a Network,
    profile: &'a Profile,
    cancel: &'a Cancel,
    judge: Judge<'a>,
    departures: Departures<'a>,
    /// The longest walk that a verdict or count needs.
    limit: Milliseconds,
    rows: Vec<CoverageRow>,
    counts: Vec<u32>,
}

impl<'a> Draft<'a> {
    fn new(network: &'a Network, judging: &Judging<'a>, cancel: &'a Cancel) -> Result<Self, Cancelled> {
        let &Judging { catalogue, profile, rules, minutes, .. } = judging;
        let city = network.city();
        network.prepare_facilities();
        let areas = Areas::of(city);
        let columns = columns(city, catalogue, rules, &areas);
        let limits = columns.iter().map(|column| column.limit(profile));
        let bands = minutes.iter().map(|minutes| Milliseconds::from_minutes(*minutes));
        let limit = bands.chain(limits).max().unwrap_or_default();
        network.prepare_gates();
        let compounds = all_compounds(city.compounds().len());
        let departures = network.departures(profile, compounds.map(Origin::Compound), cancel);
        let edge = departures.edge_of_data(limit)?;
        let blank = CoverageRow { nearest: None, worst: None, verdict: None, reason: None };
        let rows = vec![blank; city.compounds().len() * columns.len()];
        let counts = vec![0; rows.len() * minutes.len()];
        let judge = Judge::new(city, judging, columns, areas, edge);
        Ok(Self { network, profile, cancel, judge, departures, limit, rows, counts })
    }

    fn compounds(&self) -> Vec<CompoundId> {
        all_compounds(self.judge.city.compounds().len()).collect()
    }

    /// Computes the walks and judges the compounds, part by part. `read` reads each part too.
    fn judge_in_parts(&mut self, mut read: impl FnMut(&[CompoundId], &Matrix)) -> Result<(), Cancelled> {
        let Self { network, profile, cancel, limit, .. } = *self;
        let compounds = self.compounds();
        in_parts(network, profile, &compounds, limit, cancel, |part, walks| {
            self.judge(part, walks);
            read(part, walks);
        })
    }

    /// Fills the rows and counts of consecutive compounds.
    fn judge(&mut self, compounds: &[CompoundId], walks: &Matrix) {
        let Some(first) = compounds.first().map(|it| it.index()) else { return };
        let (judge, width, bands) = (&self.judge, self.judge.columns.len(), self.judge.minutes.len());
        let rows = &mut self.rows[first * width..][..compounds.len() * width];
        let counts = &mut self.counts[first * width * bands..][..compounds.len() * width * bands];
        // Without bands there is nothing to count, and every compound is judged all the same.
        let counts: Vec<&mut [u32]> = match width * bands {
            0 => compounds.iter().map(|_| Default::default()).collect(),
            each => counts.chunks_mut(each).collect(),
        };
        rows.par_chunks_mut(width.max(1)).zip(counts).zip(compounds).for_each(
            |((rows, counts), compound)| judge.judge(*compound, walks.row(*compound), rows, counts),
        );
    }

    /// The table with its verdicts, each gap with its first reason, and with the nearest facility in columns that are
    /// judged by a walk.
    fn judged(self) -> Result<(Coverage, Departures<'a>), Cancelled> {
        let Self { network, profile, cancel, judge, departures, limit, rows, counts } = self;
        let distances = distances(&judge);
        let Judge { city, columns, areas, minutes, evidence, .. } = judge;
        let mut coverage =
            Coverage { evidence, areas, minutes: minutes.to_vec(), columns, rows, counts, distances };
        let guessed = gates::with_guessed_gates(city);
        find_farther(&mut coverage, &departures, &Column::is_walked, &guessed, limit)?;
        gates::mark_gate_unknown(&mut coverage, network, profile, &guessed, cancel)?;
        reasons::mark_disconnected(&mut coverage, network);
        reasons::mark_level_unknown(&mut coverage);
        Ok((coverage, departures))
    }

    /// The finished table.
    fn explained(self) -> Result<Coverage, Cancelled> {
        let Self { network, profile, cancel, limit, .. } = self;
        let (mut coverage, departures) = self.judged()?;
        find_farther(&mut coverage, &departures, &|column| !column.is_walked(), &[], limit)?;
        reasons::explain(&mut coverage, network, profile, cancel)?;
        Ok(coverage)
    }
}

fn all_compounds(count: usize) -> impl Iterator<Item = CompoundId> {
    (0..count as u32).map(CompoundId)
}

/// Straight-line distances and verdicts, `compounds × columns judged by distance`.
fn distances(judge: &Judge<'_>) -> Vec<Distance> {
    let columns: Vec<&Column> = judge.columns.iter().filter(|column| column.distance.is_some()).collect();
    let mut distances = vec![Distance::NONE; judge.city.compounds().len() * columns.len()];
    distances.par_chunks_mut(columns.len().max(1)).enumerate().for_each(|(compound, distances)| {
        let compound = CompoundId(compound as u32);
        for (distance, column) in distances.iter_mut().zip(&columns) {
            *distance = column.straight(judge.city, compound, judge.is_sourced(compound, column));
        }
    });
    distances
}

/// Finds the nearest facility beyond `limit` in the chosen columns, and the worst walk of the `guessed` compounds.
fn find_farther(
    coverage: &mut Coverage,
    departures: &Departures<'_>,
    is_chosen: &(dyn Fn(&Column) -> bool + Sync),
    guessed: &[usize],
    limit: Milliseconds,
) -> Result<(), Cancelled> {
    let (rows, width) = (&coverage.rows, coverage.columns.len());
    let found = (0..width)
        .into_par_iter()
        .filter(|column| is_chosen(&coverage.columns[*column]))
        .map(|column| {
            let lacking: Vec<usize> = (0..rows.len() / width)
                .filter(|compound| rows[compound * width + column].nearest.is_none())
                .collect();
            let facilities = &coverage.columns[column].facilities;
            let (nearest, worst) =
                departures.nearest_and_worst(facilities, &lacking, guessed, limit, FARTHEST)?;
            Ok((column, nearest, worst))
        })
        .collect::<Result<Vec<_>, Cancelled>>()?;
    for (column, nearest_found, worst) in found {
        let mut nearest_found = nearest_found.into_iter();
        for row in coverage.rows.iter_mut().skip(column).step_by(width) {
            if row.nearest.is_none() {
                row.nearest = nearest_found.next().flatten().as_ref().and_then(nearest);
            }
            row.worst = row.nearest.map(|it| it.time).filter(|_| coverage.columns[column].is_walked());
        }
        for (compound, worst) in guessed.iter().zip(worst) {
            coverage.rows[compound * width + column].worst = worst;
        }
    }
    Ok(())
}

fn nearest(reached: &Reached) -> Option<Nearest> {
    let &Reached { facility, time, length, gate, .. } = reached;
    Some(Nearest { facility, gate: gate?, time, length })
}
