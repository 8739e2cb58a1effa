//! Roll-up: verdicts summed over units, as numbers of compounds, households and residents, with the spread of
//! walking times.

use crate::coverage::{Coverage, Verdict};
use crate::levels::{CompoundGroup, Level};
use crate::within::Within;
use circle_model::city::{Population, PopulationFrom};
use circle_model::rules::{Measure, Need};
use circle_model::{City, CompoundId, RuleSet};
use rayon::prelude::*;

/// The coverage of one city for up to three profiles 一老一小.
#[derive(Debug, Clone, Copy)]
pub struct Walkers<'a> {
    /// By the requested profile.
    pub everyone: &'a Coverage,
    /// By the profile of the elderly.
    pub elderly: Option<&'a Coverage>,
    /// By the profile of children with their companions.
    pub children: Option<&'a Coverage>,
}

impl<'a> Walkers<'a> {
    /// Coverage for everyone, without the elderly and children.
    pub const fn alone(everyone: &'a Coverage) -> Self {
        Self { everyone, elderly: None, children: None }
    }
}

/// Results of one level.
#[derive(Debug, Clone)]
pub struct RollUp {
    /// The level.
    pub level: Level,
    /// The lines or sets of lines that are summed.
    pub lines: Vec<RolledLine>,
    /// The groups.
    pub groups: Vec<CompoundGroup>,
    /// `groups × lines`, grouped by group.
    tallies: Vec<Tally>,
}

/// A line of the rule set, or a set of lines that must all be covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledLine {
    /// Which lines they are.
    pub of: Rolled,
    /// Columns that must all be covered.
    pub columns: Vec<usize>,
    /// Whether the data is complete enough in all of the columns, so that a share is meaningful.
    pub has_source: bool,
}

/// The set of lines that is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rolled {
    /// One line.
    Line,
    /// All lines that the rule set requires of every compound.
    All,
    /// Of those, the lines that the data is complete enough for.
    AllWithSource,
}

impl RolledLine {
    /// Every line of a rule set; then all required lines together; then, if the data is incomplete for some,
    /// the others together.
    ///
    /// Optional lines (△ 按需, 品质提升) and lines that no map data can decide are not required.
    pub fn of(coverage: &Coverage, rules: &RuleSet) -> Vec<Self> {
        let has_source = |column: &usize| coverage.columns[*column].is_sourced(&coverage.evidence);
        let together = |of: Rolled, columns: Vec<usize>| {
            let has_source = columns.iter().all(has_source);
            Self { of, columns, has_source }
        };
        let line = |column: usize| together(Rolled::Line, vec![column]);
        let mut lines: Vec<Self> = coverage.judged().into_iter().map(line).collect();
        let all = asked(coverage, rules);
        let with_source: Vec<usize> = all.iter().copied().filter(has_source).collect();
        let some_without = with_source.len() < all.len() && !with_source.is_empty();
        lines.push(together(Rolled::All, all));
        if some_without {
            lines.push(together(Rolled::AllWithSource, with_source));
        }
        lines
    }

    /// The column of a single line.
    pub fn column(&self) -> Option<usize> {
        match (self.of, self.columns.as_slice()) {
            (Rolled::Line, [column]) => Some(*column),
            _ => None,
        }
    }

    /// The word in JSON and CSV: a category's id or a line's name, else `all` or `all_with_source`.
    pub fn word<'a>(&self, coverage: &'a Coverage) -> &'a str {
        match self.of {
            Rolled::Line => self.columns.first().map_or("", |column| &coverage.columns[*column].name),
            Rolled::All => "all",
            Rolled::AllWithSource => "all_with_source",
        }
    }

    /// The verdict on a compound: a gap if one of the lines is a gap, else unknown if one is unknown.
    pub fn verdict(&self, coverage: &Coverage, compound: CompoundId) -> Verdict {
        let verdicts = self.columns.iter().filter_map(|column| coverage.at(compound, *column).row.verdict);
        let worst = verdicts.max_by_key(|verdict| match verdict {
            Verdict::Covered => 0,
            Verdict::Unknown => 1,
            Verdict::Gap => 2,
        });
        worst.unwrap_or(Verdict::Unknown)
    }
}

/// The columns of the lines that a rule set requires of every compound, in the order of the lines.
pub(crate) fn asked(coverage: &Coverage, rules: &RuleSet) -> Vec<usize> {
    let is_asked = |column: &usize| {
        let column = &coverage.columns[*column];
        let need = column.line.and_then(|line| rules.lines.get(line)).and_then(|line| line.need);
        column.measure != Some(Measure::None) && !matches!(need, Some(Need::May | Need::Quality))
    };
    coverage.judged().into_iter().filter(is_asked).collect()
}

/// The sums of one line in one group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Number of compounds.
    pub compounds: Counted,
    /// Households.
    pub households: People,
    /// Residents.
    pub residents: People,
    /// Lower and upper estimate of the residents, where they are estimated.
    pub residents_range: [Counted; 2],
    /// The residents that are estimated.
    pub residents_estimated: Counted,
    /// Compounds, by the profile of the elderly.
    pub elderly_compounds: Counted,
    /// Elderly residents.
    pub elderly: People,
    /// Compounds, by the profile of children.
    pub children_compounds: Counted,
    /// Children.
    pub children: People,
    /// Compounds by straight-line distance, for a line with a service radius.
    pub straight: Option<Counted>,
    /// Spread of the walking times to the nearest facility; only for a single line.
    pub spread: Option<Spread>,
}

/// Maximum share of unknown verdicts for which a single percentage is given; above it, a range is given.
pub const MOST_UNKNOWN: f64 = 0.05;

/// A share as a range, each bound 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareRange {
    /// The share that is covered.
    pub proven: f64,
    /// The share that is covered or unknown.
    pub possible: f64,
}

/// Counts by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Covered.
    pub covered: u64,
    /// Lacking.
    pub gap: u64,
    /// Unknown.
    pub unknown: u64,
}

impl Counted {
    fn add(&mut self, verdict: Verdict, count: u32) {
        let sum = match verdict {
            Verdict::Covered => &mut self.covered,
            Verdict::Gap => &mut self.gap,
            Verdict::Unknown => &mut self.unknown,
        };
        *sum += u64::from(count);
    }

    /// The count of a verdict.
    pub const fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Covered => self.covered,
            Verdict::Gap => self.gap,
            Verdict::Unknown => self.unknown,
        }
    }

    /// The sum of all verdicts.
    pub const fn total(&self) -> u64 {
        self.covered + self.gap + self.unknown
    }

    /// The share that is covered, and the share that may be, with the unknown included; `None` if the sum is
    /// 0.
    pub fn range(&self) -> Option<ShareRange> {
        let all = self.total();
        (all > 0).then(|| ShareRange {
            proven: self.covered as f64 / all as f64,
            possible: (self.covered + self.unknown) as f64 / all as f64,
        })
    }

    /// The covered share of those with a known verdict; `None` if too many are unknown for a single figure.
    pub fn share(&self) -> Option<f64> {
        let (known, all) = (self.covered + self.gap, self.total());
        let few = (self.unknown as f64) < MOST_UNKNOWN * all as f64;
        (known > 0 && few).then(|| self.covered as f64 / known as f64)
    }
}

/// Numbers of people by verdict, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// The known numbers.
    pub known: Counted,
    /// Compounds of unknown population.
    pub without: Counted,
}

impl People {
    fn add(&mut self, verdict: Verdict, count: u32) {
        if count == Population::UNKNOWN {
            self.without.add(verdict, 1);
        } else {
            self.known.add(verdict, count);
        }
    }

    /// The count of a verdict; `None` if there are compounds with it and the population of none of them is
    /// known.
    pub fn of(&self, verdict: Verdict) -> Option<u64> {
        let known = self.known.of(verdict);
        (known > 0 || self.without.of(verdict) == 0).then_some(known)
    }

    /// As [`Counted::share`], of the known numbers; `None` too if [`Self::of`] is `None` for a verdict.
    pub fn share(&self) -> Option<f64> {
        self.known.share().filter(|_| self.is_counted())
    }

    /// As [`Counted::range`]; `None` too if [`Self::of`] is `None` for a verdict.
    pub fn range(&self) -> Option<ShareRange> {
        self.known.range().filter(|_| self.is_counted())
    }

    fn is_counted(&self) -> bool {
        Verdict::ALL.into_iter().all(|verdict| self.of(verdict).is_some())
    }
}

/// Spread of the walking times to the nearest facility over compounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Number of compounds with a walk.
    pub compounds: u64,
    /// Median in seconds; the mean of the two middle values of an even number.
    pub median_seconds: f64,
    /// 90th percentile in seconds, by nearest rank.
    pub p90_seconds: f64,
    /// Gini coefficient of the times: 0 if all are equal, towards 1 if few compounds have most of the time.
    pub gini: f64,
}

impl Spread {
    /// Computes the spread of times in milliseconds, in any order.
    pub fn of(mut times: Vec<u32>) -> Option<Self> {
        times.sort_unstable();
        let count = times.len();
        let last = count.checked_sub(1)?;
        let seconds = |at: usize| f64::from(times[at]) / 1000.0;
        let ranked = (0i64..).zip(&times).map(|(at, time)| (2 * at - last as i64) as f64 * f64::from(*time));
        let (ranked, sum) = (ranked.sum::<f64>(), times.iter().map(|time| f64::from(*time)).sum::<f64>());
        Some(Self {
            compounds: count as u64,
            median_seconds: f64::midpoint(seconds(last / 2), seconds(count / 2)),
            p90_seconds: seconds((count * 9).div_ceil(10) - 1),
            gini: if sum > 0.0 { ranked / (count as f64 * sum) } else { 0.0 },
        })
    }
}

impl RollUp {
    /// Sums the verdicts of a city at one level.
    pub fn of(city: &City, rules: &RuleSet, walkers: Walkers<'_>, level: Level) -> Self {
        Self::within(city, rules, walkers, level, None)
    }

    /// As [`RollUp::of`], for the compounds of one unit.
    pub fn within(
        city: &City,
        rules: &RuleSet,
        walkers: Walkers<'_>,
        level: Level,
        within: Option<&Within>,
    ) -> Self {
        let lines = RolledLine::of(walkers.everyone, rules);
        let groups = level.groups_within(city, within);
        let tallies = groups
            .par_iter()
            .flat_map_iter(|group| lines.iter().map(move |line| (group, line)))
            .map(|(group, line)| tally(city, walkers, group, line))
            .collect();
        Self { level, lines, groups, tallies }
    }

    /// The sums of one group, in the order of `lines`.
    pub fn of_group(&self, group: usize) -> &[Tally] {
        &self.tallies[group * self.lines.len()..][..self.lines.len()]
    }
}

fn tally(city: &City, walkers: Walkers<'_>, group: &CompoundGroup, line: &RolledLine) -> Tally {
    let mut tally = Tally::default();
    let mut times = Vec::new();
    for &id in &group.compounds {
        let compound = &city.compounds()[id.index()];
        let people = compound.population;
        let verdict = line.verdict(walkers.everyone, id);
        tally.compounds.add(verdict, 1);
        tally.households.add(verdict, people.households);
        tally.residents.add(verdict, people.residents);
        if let Some(range) = people.residents_range() {
            let [low, high] = &mut tally.residents_range;
            low.add(verdict, u32::try_from(range.low).unwrap_or(u32::MAX));
            high.add(verdict, u32::try_from(range.high).unwrap_or(u32::MAX));
        }
        if PopulationFrom::from_code(compound.population_from) == PopulationFrom::Estimate
            && people.residents != Population::UNKNOWN
        {
            tally.residents_estimated.add(verdict, people.residents);
        }
        if let Some(elderly) = walkers.elderly {
            let verdict = line.verdict(elderly, id);
            tally.elderly_compounds.add(verdict, 1);
            tally.elderly.add(verdict, people.elderly);
        }
        if let Some(children) = walkers.children {
            let verdict = line.verdict(children, id);
            tally.children_compounds.add(verdict, 1);
            tally.children.add(verdict, people.children);
        }
        if let Some(column) = line.column() {
            let standing = walkers.everyone.at(id, column);
            times.extend(standing.row.nearest.map(|it| it.time.0));
            if let Some(distance) = standing.distance {
                tally.straight.get_or_insert_default().add(distance.straight, 1);
            }
        }
    }
    tally.spread = Spread::of(times);
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_a_few_times_equals_that_computed_by_hand() {
        let spread = Spread::of(vec![4000, 1000, 3000, 2000]).unwrap();
        assert_eq!((spread.compounds, spread.median_seconds, spread.p90_seconds), (4, 2.5, 4.0));
        assert!((spread.gini - 0.25).abs() < 1e-12, "{}", spread.gini);
        let equal = Spread::of(vec![7; 10]).unwrap();
        assert!(equal.gini.abs() < 1e-12);
        let one_walks_it_all = Spread::of(vec![0, 0, 0, 8000]).unwrap();
        assert!((one_walks_it_all.gini - 0.75).abs() < 1e-12);
        assert_eq!(Spread::of(Vec::new()), None);
        assert_eq!(Spread::of(vec![0]).unwrap().gini.to_bits(), 0f64.to_bits());
    }

    #[test]
    fn a_single_share_needs_less_than_5_percent_unknown() {
        let counted = Counted { covered: 30, gap: 10, unknown: 60 };
        assert_eq!(counted.range(), Some(ShareRange { proven: 0.3, possible: 0.9 }));
        assert_eq!((counted.share(), counted.total()), (None, 100));
        // 5 of 100 are too many, 4 of 100 are not.
        assert_eq!(Counted { covered: 57, gap: 38, unknown: 5 }.share(), None);
        assert_eq!(Counted { covered: 72, gap: 24, unknown: 4 }.share(), Some(0.75));
        assert_eq!(Counted { unknown: 5, ..Counted::default() }.share(), None);
        assert_eq!(Counted::default().range(), None);
    }

    #[test]
    fn an_unknown_population_is_not_zero() {
        let mut people = People::default();
        people.add(Verdict::Covered, 300);
        people.add(Verdict::Gap, Population::UNKNOWN);
        assert_eq!((people.of(Verdict::Covered), people.of(Verdict::Gap)), (Some(300), None));
        assert_eq!((people.of(Verdict::Unknown), people.share()), (Some(0), None));
        people.add(Verdict::Gap, 100);
        assert_eq!((people.of(Verdict::Gap), people.share()), (Some(100), Some(0.75)));
    }
}
