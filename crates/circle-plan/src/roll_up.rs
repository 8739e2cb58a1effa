//! Verdicts added up over units: how many compounds, households and residents are covered, and how unevenly.

use crate::coverage::{Coverage, Verdict};
use crate::levels::{Group, Level};
use crate::within::Within;
use circle_model::city::{Population, PopulationFrom};
use circle_model::rules::{Measure, Need};
use circle_model::{City, CompoundId, RuleSet};
use rayon::prelude::*;

/// The same judgements for those who walk otherwise 一老一小.
#[derive(Debug, Clone, Copy)]
pub struct Walkers<'a> {
    /// By the profile asked for.
    pub everyone: &'a Coverage,
    /// By the profile of the elderly.
    pub elderly: Option<&'a Coverage>,
    /// By the profile of children and who goes with them.
    pub children: Option<&'a Coverage>,
}

impl<'a> Walkers<'a> {
    /// Everyone by one profile, where nobody asks for the elderly and children.
    pub const fn alone(everyone: &'a Coverage) -> Self {
        Self { everyone, elderly: None, children: None }
    }
}

/// Results of one level.
#[derive(Debug, Clone)]
pub struct RollUp {
    /// The level.
    pub level: Level,
    /// What is added up.
    pub lines: Vec<RolledLine>,
    /// The groups.
    pub groups: Vec<Group>,
    /// `groups × lines`, by group.
    tallies: Vec<Tally>,
}

/// What is added up: a line of the rule set, or several together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledLine {
    /// Which.
    pub of: Rolled,
    /// Columns that must all be covered.
    pub columns: Vec<usize>,
    /// The data has a source for all of them: a share covered says something.
    pub has_source: bool,
}

/// Which lines are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rolled {
    /// One line.
    Line,
    /// Everything that the rule set asks of every compound.
    All,
    /// Of that, what the data has a source for.
    AllWithSource,
}

impl RolledLine {
    /// Every line of a rule set; then all that it asks for; then, where some of that has no source, the rest of it.
    ///
    /// Lines that are a wish (△ 按需, 品质提升) and what no map can tell are not asked for.
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

    /// Its only column, of a line that stands for itself.
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

    /// The verdict on a compound: a gap where one of them is one, else unknown where one of them is.
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

/// The columns that a rule set asks of every compound, in the order of its lines.
pub(crate) fn asked(coverage: &Coverage, rules: &RuleSet) -> Vec<usize> {
    let is_asked = |column: &usize| {
        let column = &coverage.columns[*column];
        let need = column.line.and_then(|line| rules.lines.get(line)).and_then(|line| line.need);
        column.measure != Some(Measure::None) && !matches!(need, Some(Need::May | Need::Quality))
    };
    coverage.judged().into_iter().filter(is_asked).collect()
}

/// One line in one group.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Compounds.
    pub compounds: Counted,
    /// Their households.
    pub households: People,
    /// Their residents.
    pub residents: People,
    /// The same at the least and at the most, where they are estimated.
    pub residents_range: [Counted; 2],
    /// Of these, those whose number is estimated.
    pub residents_estimated: Counted,
    /// Compounds, as the elderly walk.
    pub elderly_compounds: Counted,
    /// The elderly in them.
    pub elderly: People,
    /// Compounds, as children walk.
    pub children_compounds: Counted,
    /// The children in them.
    pub children: People,
    /// Compounds as the crow flies, of a line that asks for a distance.
    pub straight: Option<Counted>,
    /// How long the walks to the nearest are; only of a single line.
    pub spread: Option<Spread>,
}

/// A single percentage is given where a smaller share than this is unknown; else a range.
pub const MOST_UNKNOWN: f64 = 0.05;

/// A share as a range, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareRange {
    /// Covered for certain.
    pub proven: f64,
    /// Covered if all that is unknown were.
    pub possible: f64,
}

/// How many are covered, lack it, or cannot be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Covered.
    pub covered: u64,
    /// Lacking.
    pub gap: u64,
    /// Not to be told.
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

    /// Those of a verdict.
    pub const fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Covered => self.covered,
            Verdict::Gap => self.gap,
            Verdict::Unknown => self.unknown,
        }
    }

    /// All of them.
    pub const fn total(&self) -> u64 {
        self.covered + self.gap + self.unknown
    }

    /// The share that is proven to be covered, and the share that may be: what is unknown counts in the second.
    /// `None` where there are none.
    pub fn range(&self) -> Option<ShareRange> {
        let all = self.total();
        (all > 0).then(|| ShareRange {
            proven: self.covered as f64 / all as f64,
            possible: (self.covered + self.unknown) as f64 / all as f64,
        })
    }

    /// Covered among those that can be told; only where the unknown are so few that one figure stands for the range.
    pub fn share(&self) -> Option<f64> {
        let (told, all) = (self.covered + self.gap, self.total());
        let few = (self.unknown as f64) < MOST_UNKNOWN * all as f64;
        (told > 0 && few).then(|| self.covered as f64 / told as f64)
    }
}

/// People in compounds, as far as somebody knows how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct People {
    /// Those that are known.
    pub known: Counted,
    /// Compounds of which nobody says how many.
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

    /// Those of a verdict; `None` where there are such compounds and of none of them is it known.
    pub fn of(&self, verdict: Verdict) -> Option<u64> {
        let known = self.known.of(verdict);
        (known > 0 || self.without.of(verdict) == 0).then_some(known)
    }

    /// Covered among those that can be told and are known; `None` where that leaves some out, and as for
    /// [`Counted::share`].
    pub fn share(&self) -> Option<f64> {
        self.known.share().filter(|_| self.is_counted())
    }

    /// As [`Counted::range`]; `None` where that leaves some out.
    pub fn range(&self) -> Option<ShareRange> {
        self.known.range().filter(|_| self.is_counted())
    }

    fn is_counted(&self) -> bool {
        Verdict::ALL.into_iter().all(|verdict| self.of(verdict).is_some())
    }
}

/// How walking times to the nearest are spread over compounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Compounds that can walk to one.
    pub compounds: u64,
    /// Seconds; the mean of the two in the middle of an even number.
    pub median_seconds: f64,
    /// Seconds that nine of ten stay within, by nearest rank.
    pub p90_seconds: f64,
    /// Gini coefficient of the times: 0 where all are equal, towards 1 where few walk nearly all of it.
    pub gini: f64,
}

impl Spread {
    /// Of milliseconds in any order.
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
    /// Adds up the verdicts of a city at one level.
    pub fn of(city: &City, rules: &RuleSet, walkers: Walkers<'_>, level: Level) -> Self {
        Self::within(city, rules, walkers, level, None)
    }

    /// As [`RollUp::of`], of the compounds of one unit.
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

    /// The lines of one group, in the order of `lines`.
    pub fn of_group(&self, group: usize) -> &[Tally] {
        &self.tallies[group * self.lines.len()..][..self.lines.len()]
    }
}

fn tally(city: &City, walkers: Walkers<'_>, group: &Group, line: &RolledLine) -> Tally {
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
    fn the_spread_of_a_few_times_is_known_by_hand() {
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
    fn a_share_is_a_range_unless_hardly_anything_is_unknown() {
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
    fn nobody_known_is_not_nobody() {
        let mut people = People::default();
        people.add(Verdict::Covered, 300);
        people.add(Verdict::Gap, Population::UNKNOWN);
        assert_eq!((people.of(Verdict::Covered), people.of(Verdict::Gap)), (Some(300), None));
        assert_eq!((people.of(Verdict::Unknown), people.share()), (Some(0), None));
        people.add(Verdict::Gap, 100);
        assert_eq!((people.of(Verdict::Gap), people.share()), (Some(100), Some(0.75)));
    }
}
