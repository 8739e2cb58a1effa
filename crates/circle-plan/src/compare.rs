//! Comparison of two cities, of two dates or before and after a change: verdicts gained and lost, with their
//! causes.

mod line;

pub use line::{LineChange, LineComparison, compare_line};

use crate::coverage::{Coverage, CoverageRow, Nearest, Reason, Verdict};
use crate::pairing::{SAME_GATE_METRES, same_compounds, same_facilities};
use circle_model::city::NodeFlags;
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, NodeId};

/// A facility farther than this from its former position has moved, metres.
const MOVED_METRES: f64 = 50.0;

/// A city with its verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The city.
    pub city: &'a City,
    /// Its verdicts. Both cities are judged with the same catalogue, profile and rule set.
    pub coverage: &'a Coverage,
}

/// The changed verdicts.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Number of compounds that are in both cities.
    pub same: usize,
    /// Changed verdicts, by compound after, then compound before, then line.
    pub changes: Vec<Change>,
    /// Number of unchanged verdicts.
    pub unchanged: usize,
}

/// A changed verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The compound before; `None` if it is new.
    pub before: Option<CompoundId>,
    /// The compound after; `None` if it is gone.
    pub after: Option<CompoundId>,
    /// Column of both coverage tables.
    pub column: usize,
    /// Direction of the change.
    pub turn: Turn,
    /// Cause of the change.
    pub cause: Cause,
}

/// Direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// From gap to covered.
    Gained,
    /// From covered to gap.
    Lost,
    /// To unknown.
    BecameUnknown,
    /// From unknown.
    BecameKnown,
    /// The compound is new.
    CompoundNew,
    /// The compound is gone.
    CompoundGone,
}

impl Turn {
    /// All directions.
    pub const ALL: [Self; 6] = [
        Self::Gained,
        Self::Lost,
        Self::BecameUnknown,
        Self::BecameKnown,
        Self::CompoundNew,
        Self::CompoundGone,
    ];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Lost => "lost",
            Self::BecameUnknown => "became_unknown",
            Self::BecameKnown => "became_known",
            Self::CompoundNew => "compound_new",
            Self::CompoundGone => "compound_gone",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Gained => "新达标",
            Self::Lost => "新缺口",
            Self::BecameUnknown => "变为未知",
            Self::BecameKnown => "由未知变为可判",
            Self::CompoundNew => "新小区",
            Self::CompoundGone => "小区消失",
        }
    }
}

/// Cause of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The facility that covers it is new.
    FacilityNew,
    /// The facility that covered it is gone.
    FacilityGone,
    /// The facility existed but did not meet the line, by category or size.
    FacilityCounts,
    /// The facility exists but no longer meets the line.
    FacilityCountsNot,
    /// The facility is in both cities, at different positions.
    FacilityMoved,
    /// Opening hours: the facility was or is closed at the requested time.
    Hours,
    /// The unit that needs one is another one, or has another boundary.
    Unit,
    /// The gate where the walk begins is new.
    GateNew,
    /// The gate where the walk began is gone.
    GateGone,
    /// A compound or gate on the walk was opened.
    Opened,
    /// A compound or gate on the walk was closed.
    Closed,
    /// Ways, crossings or obstacles changed: the walk is shorter or longer.
    Ways,
    /// The data holds more or fewer facilities of the category, and its completeness crosses the threshold of
    /// evidence.
    Source,
    /// The edge of the data moved.
    DataEdge,
    /// The compound had or has no usable gate.
    Gates,
    /// The compound itself is new or gone.
    Compound,
}

impl Cause {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FacilityNew => "facility_new",
            Self::FacilityGone => "facility_gone",
            Self::FacilityCounts => "facility_counts_now",
            Self::FacilityCountsNot => "facility_counts_no_more",
            Self::FacilityMoved => "facility_moved",
            Self::Hours => "hours",
            Self::Unit => "unit",
            Self::GateNew => "gate_new",
            Self::GateGone => "gate_gone",
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Ways => "ways",
            Self::Source => "source",
            Self::DataEdge => "data_edge",
            Self::Gates => "gates",
            Self::Compound => "compound",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::FacilityNew => "新增设施",
            Self::FacilityGone => "设施消失",
            Self::FacilityCounts => "设施现在符合要求",
            Self::FacilityCountsNot => "设施不再符合要求",
            Self::FacilityMoved => "设施迁移",
            Self::Hours => "开放时间变化",
            Self::Unit => "单元边界变化",
            Self::GateNew => "新增出入口",
            Self::GateGone => "出入口消失",
            Self::Opened => "途中小区或大门开放",
            Self::Closed => "途中小区或大门封闭",
            Self::Ways => "道路变化",
            Self::Source => "数据来源或门槛变化",
            Self::DataEdge => "数据边界变化",
            Self::Gates => "可用出入口变化",
            Self::Compound => "小区新增或消失",
        }
    }
}

/// Compares two cities, compound by compound and line by line.
///
/// ```
/// # use circle_model::city::{Meta, Span, Text};
/// # use circle_model::{Catalogue, City, RuleSet};
/// # use circle_reach::testing::{Map, profile};
/// # use circle_reach::{Cancel, Network};
/// use circle_plan::{Cause, Evidence, Judged, Judging, Turn, compare, coverage};
///
/// # let map = Map::draw(10.0, "
/// #  a  d
/// #
/// #  b  c
/// #  G----------------------------------------P").compound(0, "abcd", "G").facility("P");
/// # let catalogue = Catalogue::built_in();
/// # let town = |with_clinic: bool| {
/// #     let mut tables = map.town.tables();
/// #     tables.texts = b"Riverside".to_vec();
/// #     tables.compounds[0].name = Text { start: 0, len: 9 };
/// #     tables.facility_categories = vec![catalogue.index_of("clinic").unwrap() as u8];
/// #     tables.facilities[0].categories = Span { start: 0, len: 1 };
/// #     tables.facilities.truncate(usize::from(with_clinic));
/// #     tables.access_points.truncate(usize::from(with_clinic));
/// #     City::from_tables(tables, &Meta::default())
/// # };
/// # let (profile, rules) = (profile("planning"), RuleSet::built_in().remove(0));
/// # let judging = Judging {
/// #     catalogue: &catalogue,
/// #     profile: &profile,
/// #     rules: &rules,
/// #     minutes: &[15],
/// #     evidence: Evidence::AS_MAPPED,
/// # };
/// // A compound near a clinic, before and after the clinic closes.
/// let (before, after) = (Network::build(&town(true)?), Network::build(&town(false)?));
/// let judged_before = coverage(&before, &judging, &Cancel::never())?;
/// let judged_after = coverage(&after, &judging, &Cancel::never())?;
/// let comparison = compare(
///     Judged { city: before.city(), coverage: &judged_before },
///     Judged { city: after.city(), coverage: &judged_after },
/// );
/// assert_eq!(comparison.changes.len(), 1);
/// assert_eq!((comparison.changes[0].turn, comparison.changes[0].cause), (Turn::Lost, Cause::FacilityGone));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(before: Judged<'_>, after: Judged<'_>) -> Comparison {
    let compared = Compared::of(before, after);
    let columns = after.coverage.judged();
    let is_same = |(old, new): &&Pair| old.is_some() && new.is_some();
    let same = compared.pairs.iter().filter(is_same).count();
    let mut comparison = Comparison { same, changes: Vec::new(), unchanged: 0 };
    for pair in &compared.pairs {
        for &column in &columns {
            let verdicts = compared.verdicts(*pair, column);
            if verdicts == [None; 2] {
                continue;
            }
            let Some(turn) = turn(verdicts) else {
                comparison.unchanged += 1;
                continue;
            };
            let cause = compared.cause(turn, *pair, column);
            comparison.changes.push(Change { before: pair.0, after: pair.1, column, turn, cause });
        }
    }
    comparison
}

/// The direction of the change of a verdict; `None` if it is the same.
fn turn([was, is]: [Option<Verdict>; 2]) -> Option<Turn> {
    match (was, is) {
        _ if was == is => None,
        (None, _) => Some(Turn::CompoundNew),
        (_, None) => Some(Turn::CompoundGone),
        (_, Some(Verdict::Unknown)) => Some(Turn::BecameUnknown),
        (Some(Verdict::Unknown), _) => Some(Turn::BecameKnown),
        (Some(Verdict::Gap), _) => Some(Turn::Gained),
        (Some(Verdict::Covered), _) => Some(Turn::Lost),
    }
}

/// The same compound before and after; `None` in the city that lacks it.
type Pair = (Option<CompoundId>, Option<CompoundId>);

/// Two cities with the things that are in both.
struct Compared<'a> {
    before: Judged<'a>,
    after: Judged<'a>,
    pairs: Vec<Pair>,
    /// For each facility before, the same one after; and the reverse.
    facilities: [Vec<Option<FacilityId>>; 2],
    barriers: Barriers,
}

/// Whether any compound or gate was opened or closed.
#[derive(Debug, Clone, Copy)]
struct Barriers {
    opened: bool,
    closed: bool,
}

impl Barriers {
    fn between(before: &City, after: &City, pairs: &[Pair]) -> Self {
        let closed = |city: &City, id: Option<CompoundId>| {
            id.is_some_and(|id| city.compounds()[id.index()].closed == 1)
        };
        let turned = |from: bool, to: bool| {
            pairs.iter().any(|(old, new)| closed(before, *old) == from && closed(after, *new) == to)
        };
        let locked = |city: &City| {
            let rows = (0..).zip(city.nodes());
            let locked = rows.filter(|(row, node)| {
                node.flags.contains(NodeFlags::RESTRICTED) || city.node_is_shut(NodeId(*row))
            });
            locked.count()
        };
        let [was, is] = [locked(before), locked(after)];
        Self { opened: turned(true, false) || is < was, closed: turned(false, true) || is > was }
    }
}

impl<'a> Compared<'a> {
    fn of(before: Judged<'a>, after: Judged<'a>) -> Self {
        let pairs = same_compounds(before.city, after.city);
        let facilities = [same_facilities(before.city, after.city), same_facilities(after.city, before.city)];
        let barriers = Barriers::between(before.city, after.city, &pairs);
        Self { before, after, pairs, facilities, barriers }
    }

    /// The rows of a compound in a column, before and after.
    fn rows(&self, (old, new): Pair, column: usize) -> [Option<&'a CoverageRow>; 2] {
        let row = |judged: Judged<'a>, id: CompoundId| judged.coverage.at(id, column).row;
        [old.map(|id| row(self.before, id)), new.map(|id| row(self.after, id))]
    }

    /// The verdicts on a compound in a column, before and after.
    fn verdicts(&self, pair: Pair, column: usize) -> [Option<Verdict>; 2] {
        self.rows(pair, column).map(|row| row.and_then(|row| row.verdict))
    }

    fn cause(&self, turn: Turn, pair: Pair, column: usize) -> Cause {
        let (Some(old), Some(new)) = pair else { return Cause::Compound };
        let [was, is] = [self.before.coverage.at(old, column).row, self.after.coverage.at(new, column).row];
        let unknown = match turn {
            Turn::BecameUnknown => is.reason,
            Turn::BecameKnown => was.reason,
            _ => None,
        };
        // The facility that covers it in one city is looked up in the other.
        let gained = is.verdict == Some(Verdict::Covered);
        let lost = was.verdict == Some(Verdict::Covered);
        let sides = self.sides(gained, [old, new], column);
        let either = |on_gain: Cause, on_loss: Cause| if gained { on_gain } else { on_loss };
        let of_column = &sides.near.coverage.columns[column];
        if (gained || lost) && matches!(of_column.measure, Some(Measure::OnePer(_))) {
            let met = of_column.met_in_unit(sides.near.city, if gained { new } else { old });
            let there: Vec<FacilityId> = met.iter().filter_map(|it| sides.same[it.index()]).collect();
            return match (there.is_empty(), unknown) {
                (true, _) => either(Cause::FacilityNew, Cause::FacilityGone),
                (false, Some(Reason::NoUnit)) => Cause::Unit,
                (false, Some(_)) => Cause::Source,
                (false, None) if !there.into_iter().any(|it| sides.counts(it)) => {
                    either(Cause::FacilityCounts, Cause::FacilityCountsNot)
                }
                (false, None) => Cause::Unit,
            };
        }
        let counterpart = sides.counterpart();
        if (gained || lost) && counterpart.is_none() {
            return either(Cause::FacilityNew, Cause::FacilityGone);
        }
        match unknown {
            Some(Reason::DataEdge) => return Cause::DataEdge,
            Some(Reason::NoUsableGate | Reason::GateUnknown) => return Cause::Gates,
            Some(Reason::OnIsland | Reason::NoPath) => {
                // A walk may exist now because another facility does.
                let (nearest, other, cause) = match turn {
                    Turn::BecameKnown => (is.nearest, &self.facilities[1], Cause::FacilityNew),
                    _ => (was.nearest, &self.facilities[0], Cause::FacilityGone),
                };
                let is_there = nearest.is_none_or(|nearest| other[nearest.facility.index()].is_some());
                return if is_there { Cause::Ways } else { cause };
            }
            Some(Reason::NoUnit) => return Cause::Unit,
            Some(_) => return Cause::Source,
            None => {}
        }
        // Without a covering facility there is nothing to look up.
        let (Some(nearest), Some(counterpart)) = (sides.nearest, counterpart) else { return Cause::Source };
        let lacks = if gained { was.reason } else { is.reason };
        if sides.counts(counterpart) && lacks == Some(Reason::ClosedAtHour) {
            return Cause::Hours;
        }
        match sides.cause(nearest, counterpart) {
            Cause::Ways if lacks == Some(Reason::OnlyThroughClosed) => {
                let turned = if gained { self.barriers.opened } else { self.barriers.closed };
                if turned { either(Cause::Opened, Cause::Closed) } else { Cause::Ways }
            }
            cause => cause,
        }
    }

    /// The city with the shorter walk, the one after if `gained`, and the other.
    fn sides(&self, gained: bool, [old, new]: [CompoundId; 2], column: usize) -> Sides<'_> {
        let [was, is] = self.rows((Some(old), Some(new)), column);
        let nearest = |row: Option<&CoverageRow>| row.and_then(|row| row.nearest);
        if gained {
            let (near, far, same) = (self.after, self.before, &self.facilities[1]);
            Sides { gained, near, far, same, nearest: nearest(is), compound: old, column }
        } else {
            let (near, far, same) = (self.before, self.after, &self.facilities[0]);
            Sides { gained, near, far, same, nearest: nearest(was), compound: new, column }
        }
    }
}

/// The shorter walk of a compound, in one city, and the other city.
struct Sides<'a> {
    /// Whether the shorter walk is the one after.
    gained: bool,
    /// The city with the shorter walk.
    near: Judged<'a>,
    far: Judged<'a>,
    /// For each facility of `near`, the same one of `far`.
    same: &'a [Option<FacilityId>],
    /// The shorter walk.
    nearest: Option<Nearest>,
    /// The compound in `far`.
    compound: CompoundId,
    column: usize,
}

impl Sides<'_> {
    /// The nearest facility of `near` in `far`.
    fn counterpart(&self) -> Option<FacilityId> {
        self.nearest.and_then(|nearest| self.same[nearest.facility.index()])
    }

    /// Whether a facility of `far` meets the line.
    fn counts(&self, facility: FacilityId) -> bool {
        self.far.coverage.columns[self.column].facilities.binary_search(&facility).is_ok()
    }

    /// Why the walk to a facility is shorter than in `far`, where the facility is `counterpart`.
    fn cause(&self, nearest: Nearest, counterpart: FacilityId) -> Cause {
        let either = |on_gain: Cause, on_loss: Cause| if self.gained { on_gain } else { on_loss };
        if !self.counts(counterpart) {
            return either(Cause::FacilityCounts, Cause::FacilityCountsNot);
        }
        let [here, there] = [
            self.near.city.facilities()[nearest.facility.index()].point,
            self.far.city.facilities()[counterpart.index()].point,
        ];
        if here.distance_metres(there) > MOVED_METRES {
            return Cause::FacilityMoved;
        }
        let gate = self.near.city.gates()[nearest.gate.index()].point;
        let gates = self.far.city.compounds()[self.compound.index()].gates.range();
        let stood = |row: usize| self.far.city.gates()[row].point.distance_metres(gate) <= SAME_GATE_METRES;
        if gates.into_iter().any(stood) { Cause::Ways } else { either(Cause::GateNew, Cause::GateGone) }
    }
}
