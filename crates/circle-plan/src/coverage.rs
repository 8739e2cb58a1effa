//! The coverage table 覆盖: a row per compound and category.

mod columns;
mod gates;
mod reasons;

pub use columns::{Column, Distance};
pub use gates::has_guessed_gates;

use crate::evidence::{Areas, Evidence, Source};

use circle_model::rules::Measure;
use circle_model::{
    Catalogue, City, CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile, RuleSet,
};
use circle_reach::{Departures, Network, Origin, Reached};
use columns::{InUnit, columns};
use rayon::prelude::*;

/// The coverage table of all compounds.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// What its gaps are carried by.
    pub evidence: Evidence,
    /// The areas that completeness is judged in.
    pub areas: Areas,
    /// The bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// The categories of the catalogue, then the rule set's lines that need a column of their own.
    pub columns: Vec<Column>,
    /// `compounds × columns`, by compound.
    rows: Vec<Row>,
    /// `compounds × columns × bands`.
    counts: Vec<u32>,
    /// `compounds × columns judged by distance`.
    distances: Vec<Distance>,
}

/// How one compound stands in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The nearest facility, its gate and the walk to it; `None` when none can be walked to.
    pub nearest: Option<Nearest>,
    /// The walk from the worst of the gates that may be the true one: that of `nearest` where gates are known. `None`
    /// where it leads to none, and in columns that are not judged by a walk.
    pub worst: Option<Milliseconds>,
    /// The judgement; `None` where the rule set does not name the category.
    pub verdict: Option<Verdict>,
    /// Why, where there is more to say than that it is covered.
    pub reason: Option<Reason>,
}

/// The least walk from any gate to any facility of a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The facility.
    pub facility: FacilityId,
    /// The gate that was used.
    pub gate: GateId,
    /// Walking time.
    pub time: Milliseconds,
    /// Length of the walk.
    pub length: Millimetres,
}

/// A judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Within the band.
    Covered,
    /// Not within the band.
    Gap,
    /// Cannot be told.
    Unknown,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Covered, Self::Gap, Self::Unknown];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Gap => "gap",
            Self::Unknown => "unknown",
        }
    }

    /// What tables for people call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Covered => "达标",
            Self::Gap => "缺口",
            Self::Unknown => "未知",
        }
    }
}

/// Why something is a gap or unknown: for a gap, what would have to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The city has none.
    NoneInCity,
    /// The compound's unit has none.
    NoneInUnit,
    /// The nearest is too far.
    Beyond,
    /// It would be near enough, were it not for a closed compound or gate.
    OnlyThroughClosed,
    /// The compound is on an island of the network: a fault of the map.
    OnIsland,
    /// The profile cannot pass what lies between.
    Impassable,
    /// What would be near enough is closed at that hour.
    ClosedAtHour,
    /// Both are on one part of the network, and no walk joins them: a fault of the map.
    NoPath,
    /// The data holds too few of the category to say that one is missing.
    SourceIncomplete,
    /// One is near enough that may meet the line: nobody knows its level.
    LevelUnknown,
    /// Nobody has mapped a gate, and the verdict differs from side to side of the compound.
    GateUnknown,
    /// The edge of the data is nearer than the band.
    DataEdge,
    /// No way leads to any gate of the compound.
    NoUsableGate,
    /// Nobody knows which unit the compound is in.
    NoUnit,
    /// No map can tell.
    NotMeasured,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::LevelUnknown,
        Self::NoneInCity,
        Self::NoneInUnit,
        Self::Beyond,
        Self::OnlyThroughClosed,
        Self::OnIsland,
        Self::Impassable,
        Self::ClosedAtHour,
        Self::NoPath,
        Self::SourceIncomplete,
        Self::GateUnknown,
        Self::DataEdge,
        Self::NoUsableGate,
        Self::NoUnit,
        Self::NotMeasured,
    ];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoneInCity => "none_in_city",
            Self::NoneInUnit => "none_in_unit",
            Self::Beyond => "beyond",
            Self::OnlyThroughClosed => "only_through_closed",
            Self::OnIsland => "on_island",
            Self::Impassable => "impassable",
            Self::ClosedAtHour => "closed_at_hour",
            Self::NoPath => "no_path",
            Self::SourceIncomplete => "source_incomplete",
            Self::LevelUnknown => "level_unknown",
            Self::GateUnknown => "gate_unknown",
            Self::DataEdge => "data_edge",
            Self::NoUsableGate => "no_usable_gate",
            Self::NoUnit => "no_unit",
            Self::NotMeasured => "not_measured",
        }
    }

    /// What tables for people call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::NoneInCity => "全市没有",
            Self::NoneInUnit => "本单元没有",
            Self::Beyond => "最近的超出时限",
            Self::OnlyThroughClosed => "只能穿过封闭小区或大门",
            Self::OnIsland => "所在路网与外界不连通",
            Self::Impassable => "该人群无法通行",
            Self::ClosedAtHour => "该时刻不开放",
            Self::NoPath => "没有可走的路",
            Self::SourceIncomplete => "该类数据不完整",
            Self::LevelUnknown => "附近一处学段不明",
            Self::GateUnknown => "出入口位置未知",
            Self::DataEdge => "靠近数据边界",
            Self::NoUsableGate => "没有可用的出入口",
            Self::NoUnit => "所属单元未知",
            Self::NotMeasured => "地图无法判断",
        }
    }
}

/// One compound in one column, with what its column and its bands say.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The column.
    pub column: &'a Column,
    /// The nearest and the judgement.
    pub row: &'a Row,
    /// Distinct facilities within each band, as [`Coverage::minutes`].
    pub counts: &'a [u32],
    /// The distances, of a column that is judged by distance.
    pub distance: Option<Distance>,
    /// How complete the column is where the compound lies.
    pub source: Source,
}

impl Standing<'_> {
    /// The band judged in, minutes; `None` where not judged by time.
    pub const fn tier(&self) -> Option<u32> {
        match self.column.measure {
            Some(Measure::Minutes(minutes)) => Some(minutes),
            _ => None,
        }
    }

    /// By how much the nearest is too far, where that is the reason of a gap and the column is judged by distance.
    pub fn beyond_metres(&self) -> Option<Millimetres> {
        let Some(Measure::Metres(radius)) = self.column.measure else { return None };
        let nearest = self.row.nearest.filter(|_| self.row.reason == Some(Reason::Beyond))?;
        Some(Millimetres(nearest.length.0.saturating_sub(radius.saturating_mul(1000))))
    }

    /// By how much the nearest is too far, where that is the reason of a gap and the column is judged by time.
    pub fn beyond(&self) -> Option<Milliseconds> {
        let tier = self.tier().filter(|_| self.row.reason == Some(Reason::Beyond))?;
        let over = |it: Nearest| it.time.0.saturating_sub(Milliseconds::from_minutes(tier).0);
        self.row.nearest.map(over).map(Milliseconds)
    }
}

impl Coverage {
    /// How a compound stands in a column.
    pub fn at(&self, compound: CompoundId, column: usize) -> Standing<'_> {
        let (width, bands) = (self.columns.len(), self.minutes.len());
        let cell = compound.index() * width + column;
        let of_column = &self.columns[column];
        let distance = of_column.distance.map(|place| {
            let by_distance = self.distances.len() / self.compounds();
            self.distances[compound.index() * by_distance + place]
        });
        Standing {
            column: of_column,
            row: &self.rows[cell],
            counts: &self.counts[cell * bands..][..bands],
            distance,
            source: of_column.sources.get(self.areas.of_compound(compound)).copied().unwrap_or_default(),
        }
    }

    /// The nearest of what is said beside a line and does not meet it.
    pub fn beside(&self, compound: CompoundId, column: usize) -> Option<Nearest> {
        let beside = self.columns[column].beside.iter();
        beside.filter_map(|other| self.at(compound, *other).row.nearest).min_by_key(|nearest| nearest.time)
    }

    /// All verdicts, `compounds × columns`.
    pub(crate) fn verdicts(&self) -> Vec<Option<Verdict>> {
        self.rows.iter().map(|row| row.verdict).collect()
    }

    /// Number of compounds.
    pub fn compounds(&self) -> usize {
        self.rows.len() / self.columns.len().max(1)
    }

    /// Bytes of memory that its rows take.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.rows)
            + size_of_val(&*self.counts)
            + size_of_val(&*self.distances)
            + self.areas.bytes()
    }

    /// The columns that a rule set's lines are judged in, in the order of the lines.
    pub fn judged(&self) -> Vec<usize> {
        let mut judged: Vec<(usize, usize)> =
            (0..self.columns.len()).filter_map(|column| Some((self.columns[column].line?, column))).collect();
        judged.sort_unstable();
        judged.into_iter().map(|(_, column)| column).collect()
    }
}

/// Facilities are looked for up to this far; what takes longer is nobody's daily walk.
const FARTHEST: Milliseconds = Milliseconds::from_minutes(240);

/// What coverage is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judging<'a> {
    /// The catalogue that the city's facilities are of.
    pub catalogue: &'a Catalogue,
    /// How it is walked.
    pub profile: &'a Profile,
    /// What is asked for.
    pub rules: &'a RuleSet,
    /// The bands that are counted, in minutes, ascending.
    pub minutes: &'a [u32],
    /// The evidence that a gap needs.
    pub evidence: Evidence,
}

/// Judges every compound over every category of the catalogue and every line of the rule set.
///
/// A line that one category alone can meet, within some minutes, is judged in that category's row; other lines have
/// rows of their own.
pub fn coverage(network: &Network, judging: &Judging<'_>) -> Coverage {
    whole(network, judging, &ALWAYS)
}

/// As [`coverage`] for as long as it is `wanted`, which is asked before each compound; `None` where it no longer was.
pub fn coverage_while(network: &Network, judging: &Judging<'_>, wanted: &Wanted<'_>) -> Option<Coverage> {
    let coverage = whole(network, judging, wanted);
    wanted().then_some(coverage)
}

fn whole(network: &Network, judging: &Judging<'_>, wanted: &Wanted<'_>) -> Coverage {
    let (mut coverage, departures) = judge(network, judging, wanted);
    let rest = |column: &Column| !column.is_walked();
    look_farther(&mut coverage, &departures, judging.profile, &rest, &[], wanted);
    reasons::explain(&mut coverage, network, judging.profile, wanted);
    coverage
}

/// Whether a result is still wanted; once it is not, it never is again.
pub type Wanted<'a> = dyn Fn() -> bool + Sync + 'a;

pub(crate) const ALWAYS: fn() -> bool = || true;

/// The verdicts, each gap by its first reason, and the nearest of what is judged by a walk.
pub(crate) fn judge<'a>(
    network: &'a Network,
    judging: &Judging<'a>,
    wanted: &Wanted<'_>,
) -> (Coverage, Departures<'a>) {
    let &Judging { catalogue, profile, rules, minutes, evidence } = judging;
    let city = network.city();
    network.prepare_facilities();
    let areas = Areas::of(city);
    let columns = columns(city, catalogue, rules, &areas);
    let farthest = farthest(&columns, minutes, profile);
    let compounds: Vec<CompoundId> = (0..city.compounds().len() as u32).map(CompoundId).collect();
    network.prepare_gates();
    let departures = Departures::of(network, profile, compounds.iter().map(|it| Origin::Compound(*it)));
    let judge = Judge {
        city,
        columns: &columns,
        met_by: columns::met_by(&columns, city),
        edge: departures.edge_of_data(farthest),
        minutes,
        evidence,
        areas: &areas,
    };
    let bands = minutes.len();
    let blank = Row { nearest: None, worst: None, verdict: None, reason: None };
    let mut rows = vec![blank; compounds.len() * columns.len()];
    let mut counts = vec![0; rows.len() * bands];
    let by_distance = columns.iter().filter(|column| column.distance.is_some()).count();
    let mut distances = vec![Distance::NONE; compounds.len() * by_distance];
    // Without bands there is nothing to count, and every compound is judged all the same.
    let mut counts_of: Vec<&mut [u32]> = match columns.len() * bands {
        0 => compounds.iter().map(|_| Default::default()).collect(),
        each => counts.chunks_mut(each).collect(),
    };
    rows.par_chunks_mut(columns.len().max(1)).zip(&mut counts_of).zip(&compounds).for_each(
        |((rows, counts), compound)| {
            if !wanted() {
                return;
            }
            let reached = circle_reach::reach(network, profile, Origin::Compound(*compound), farthest);
            judge.judge(*compound, reached.ok().as_deref(), rows, counts);
        },
    );
    if by_distance > 0 {
        distances.par_chunks_mut(by_distance).enumerate().for_each(|(compound, distances)| {
            let by_distance = columns.iter().filter(|column| column.distance.is_some());
            let compound = CompoundId(compound as u32);
            for (distance, column) in distances.iter_mut().zip(by_distance) {
                *distance = column.straight(city, compound, judge.is_sourced(compound, column));
            }
        });
    }
    let mut coverage =
        Coverage { evidence, areas, minutes: minutes.to_vec(), columns, rows, counts, distances };
    let guessed = gates::with_guessed_gates(city);
    look_farther(&mut coverage, &departures, profile, &Column::is_walked, &guessed, wanted);
    gates::doubt(&mut coverage, network, profile, &guessed, wanted);
    reasons::islands(&mut coverage, network);
    reasons::perhaps(&mut coverage);
    (coverage, departures)
}

/// Finds the nearest where it is farther than any judgement looks, in `columns`, and the walk from the worst gate of
/// the compounds in `guessed`.
fn look_farther(
    coverage: &mut Coverage,
    departures: &Departures<'_>,
    profile: &Profile,
    columns: &(dyn Fn(&Column) -> bool + Sync),
    guessed: &[usize],
    wanted: &Wanted<'_>,
) {
    let farthest = farthest(&coverage.columns, &coverage.minutes, profile);
    let (rows, width) = (&coverage.rows, coverage.columns.len());
    let found: Vec<_> = (0..width)
        .into_par_iter()
        .filter(|column| wanted() && columns(&coverage.columns[*column]))
        .map(|column| {
            let lacking: Vec<usize> = (0..rows.len() / width)
                .filter(|compound| rows[compound * width + column].nearest.is_none())
                .collect();
            let facilities = &coverage.columns[column].facilities;
            let (nearest, worst) =
                departures.nearest_and_worst(facilities, &lacking, guessed, farthest, FARTHEST);
            (column, nearest, worst)
        })
        .collect();
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
}

fn nearest(reached: &Reached) -> Option<Nearest> {
    let &Reached { facility, time, length, gate, .. } = reached;
    Some(Nearest { facility, gate: gate?, time, length })
}

/// The longest walk that any judgement or count needs.
fn farthest(columns: &[Column], minutes: &[u32], profile: &Profile) -> Milliseconds {
    let counted = minutes.iter().map(|minutes| Milliseconds::from_minutes(*minutes));
    counted.chain(columns.iter().map(|column| column.walk(profile))).max().unwrap_or_default()
}

/// What every compound is judged with.
struct Judge<'a> {
    city: &'a City,
    columns: &'a [Column],
    /// The columns that each facility meets.
    met_by: Vec<Vec<usize>>,
    /// The walk from each compound to the edge of the data.
    edge: Vec<Option<(Milliseconds, Millimetres)>>,
    minutes: &'a [u32],
    evidence: Evidence,
    areas: &'a Areas,
}

impl Judge<'_> {
    /// Fills the rows and counts of a compound from what it reaches; `None` where it has no usable gate.
    fn judge(&self, compound: CompoundId, reached: Option<&[Reached]>, rows: &mut [Row], counts: &mut [u32]) {
        let bands = self.minutes.len();
        for it in reached.unwrap_or_default() {
            for column in &self.met_by[it.facility.index()] {
                let row = &mut rows[*column];
                // The quickest comes first. Lines that ask for a distance want the shortest, which may be another.
                let by_distance = self.columns[*column].distance.is_some();
                if row.nearest.is_none_or(|known| by_distance && it.length < known.length) {
                    row.nearest = nearest(it);
                }
                for (count, minutes) in counts[column * bands..][..bands].iter_mut().zip(self.minutes) {
                    *count += u32::from(it.time <= Milliseconds::from_minutes(*minutes));
                }
            }
        }
        for (row, column) in rows.iter_mut().zip(self.columns) {
            (row.verdict, row.reason) = self.verdict(compound, column, row.nearest, reached.is_some());
        }
    }

    /// Whether the data carries a gap in a column where the compound lies.
    fn is_sourced(&self, compound: CompoundId, column: &Column) -> bool {
        let source = column.sources.get(self.areas.of_compound(compound));
        source.is_some_and(|source| self.evidence.carries(source))
    }

    fn verdict(
        &self,
        compound: CompoundId,
        column: &Column,
        nearest: Option<Nearest>,
        has_gate: bool,
    ) -> (Option<Verdict>, Option<Reason>) {
        let edge = self.edge[compound.index()];
        let unknown = |reason| (Some(Verdict::Unknown), Some(reason));
        let gap = |reason| (Some(Verdict::Gap), Some(reason));
        let covered = match column.measure {
            None => return (None, None),
            Some(Measure::None) => return unknown(Reason::NotMeasured),
            Some(Measure::OnePer(unit)) => {
                return match column.in_unit(self.city, compound, unit) {
                    InUnit::Some => (Some(Verdict::Covered), None),
                    InUnit::NoUnit => unknown(Reason::NoUnit),
                    _ if !self.is_sourced(compound, column) => unknown(Reason::SourceIncomplete),
                    InUnit::Clipped => unknown(Reason::DataEdge),
                    InUnit::None if column.facilities.is_empty() => gap(Reason::NoneInCity),
                    InUnit::None => gap(Reason::NoneInUnit),
                };
            }
            Some(Measure::Minutes(minutes)) => {
                nearest.is_some_and(|it| it.time <= Milliseconds::from_minutes(minutes))
            }
            Some(Measure::Metres(radius)) => {
                nearest.is_some_and(|it| it.length.0 <= radius.saturating_mul(1000))
            }
        };
        let near_edge = match (column.measure, edge) {
            (Some(Measure::Minutes(minutes)), Some((time, _))) => time <= Milliseconds::from_minutes(minutes),
            (Some(Measure::Metres(radius)), Some((_, length))) => length.0 <= radius.saturating_mul(1000),
            _ => false,
        };
        match covered {
            _ if !has_gate => unknown(Reason::NoUsableGate),
            true => (Some(Verdict::Covered), None),
            false if !self.is_sourced(compound, column) => unknown(Reason::SourceIncomplete),
            false if near_edge => unknown(Reason::DataEdge),
            false if column.facilities.is_empty() => gap(Reason::NoneInCity),
            false => gap(Reason::Beyond),
        }
    }
}
