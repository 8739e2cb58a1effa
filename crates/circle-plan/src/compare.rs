//! Comparison of two cities, of two dates or before and after a change: verdicts gained and lost, with their
//! causes.

use crate::coverage::{Coverage, Reason, Verdict};
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
    let pairs = same_compounds(before.city, after.city);
    let facilities = [same_facilities(before.city, after.city), same_facilities(after.city, before.city)];
    let barriers = Barriers::between(before.city, after.city, &pairs);
    let columns = after.coverage.judged();
    let verdict = |judged: Judged<'_>, id: Option<CompoundId>, column: usize| {
        id.and_then(|id| judged.coverage.at(id, column).row.verdict)
    };
    let mut comparison = Comparison { same: 0, changes: Vec::new(), unchanged: 0 };
    comparison.same = pairs.iter().filter(|(before, after)| before.is_some() && after.is_some()).count();
    for (old, new) in pairs {
        for &column in &columns {
            let turn = match (verdict(before, old, column), verdict(after, new, column)) {
                (None, None) => continue,
                (Some(old), Some(new)) if old == new => {
                    comparison.unchanged += 1;
                    continue;
                }
                (None, Some(_)) => Turn::CompoundNew,
                (Some(_), None) => Turn::CompoundGone,
                (Some(_), Some(Verdict::Unknown)) => Turn::BecameUnknown,
                (Some(Verdict::Unknown), Some(_)) => Turn::BecameKnown,
                (Some(Verdict::Gap), Some(_)) => Turn::Gained,
                (Some(Verdict::Covered), Some(_)) => Turn::Lost,
            };
            let cause = match (old, new) {
                (Some(old), Some(new)) => {
                    cause(turn, [before, after], &facilities, barriers, [old, new], column)
                }
                _ => Cause::Compound,
            };
            comparison.changes.push(Change { before: old, after: new, column, turn, cause });
        }
    }
    comparison
}

/// Whether any compound or gate was opened or closed.
#[derive(Debug, Clone, Copy)]
struct Barriers {
    opened: bool,
    closed: bool,
}

impl Barriers {
    fn between(before: &City, after: &City, pairs: &[(Option<CompoundId>, Option<CompoundId>)]) -> Self {
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

fn cause(
    turn: Turn,
    [before, after]: [Judged<'_>; 2],
    facilities: &[Vec<Option<FacilityId>>; 2],
    barriers: Barriers,
    [old, new]: [CompoundId; 2],
    column: usize,
) -> Cause {
    let [was, is] = [before.coverage.at(old, column).row, after.coverage.at(new, column).row];
    let unknown = match turn {
        Turn::BecameUnknown => is.reason,
        Turn::BecameKnown => was.reason,
        _ => None,
    };
    // The facility that covers it in one city is looked up in the other.
    let gained = is.verdict == Some(Verdict::Covered);
    let lost = was.verdict == Some(Verdict::Covered);
    let (covered, lacking, nearest, same) = if gained {
        (after, before, is.nearest, &facilities[1])
    } else {
        (before, after, was.nearest, &facilities[0])
    };
    let either = |on_gain: Cause, on_loss: Cause| if gained { on_gain } else { on_loss };
    let counts = |it: FacilityId| lacking.coverage.columns[column].facilities.binary_search(&it).is_ok();
    if (gained || lost) && matches!(covered.coverage.columns[column].measure, Some(Measure::OnePer(_))) {
        let compound = if gained { new } else { old };
        let met = covered.coverage.columns[column].met_in_unit(covered.city, compound);
        let there: Vec<FacilityId> = met.iter().filter_map(|it| same[it.index()]).collect();
        return match (there.is_empty(), unknown) {
            (true, _) => either(Cause::FacilityNew, Cause::FacilityGone),
            (false, Some(Reason::NoUnit)) => Cause::Unit,
            (false, Some(_)) => Cause::Source,
            (false, None) if !there.into_iter().any(counts) => {
                either(Cause::FacilityCounts, Cause::FacilityCountsNot)
            }
            (false, None) => Cause::Unit,
        };
    }
    let counterpart = nearest.and_then(|nearest| same[nearest.facility.index()]);
    if (gained || lost) && counterpart.is_none() {
        return either(Cause::FacilityNew, Cause::FacilityGone);
    }
    match unknown {
        Some(Reason::DataEdge) => return Cause::DataEdge,
        Some(Reason::NoUsableGate | Reason::GateUnknown) => return Cause::Gates,
        Some(Reason::OnIsland | Reason::NoPath) => {
            // A walk may exist now because another facility does.
            let (nearest, other, cause) = match turn {
                Turn::BecameKnown => (is.nearest, &facilities[1], Cause::FacilityNew),
                _ => (was.nearest, &facilities[0], Cause::FacilityGone),
            };
            let is_there = nearest.is_none_or(|nearest| other[nearest.facility.index()].is_some());
            return if is_there { Cause::Ways } else { cause };
        }
        Some(Reason::NoUnit) => return Cause::Unit,
        Some(_) => return Cause::Source,
        None => {}
    }
    // Without a covering facility there is nothing to look up.
    let (Some(nearest), Some(counterpart)) = (nearest, counterpart) else { return Cause::Source };
    if !counts(counterpart) {
        return either(Cause::FacilityCounts, Cause::FacilityCountsNot);
    }
    let lacks = if gained { was.reason } else { is.reason };
    if lacks == Some(Reason::ClosedAtHour) {
        return Cause::Hours;
    }
    let [here, there] = [
        covered.city.facilities()[nearest.facility.index()].point,
        lacking.city.facilities()[counterpart.index()].point,
    ];
    if here.distance_metres(there) > MOVED_METRES {
        return Cause::FacilityMoved;
    }
    let gate = covered.city.gates()[nearest.gate.index()].point;
    let compound = if gained { old } else { new };
    let gates = lacking.city.compounds()[compound.index()].gates.range();
    let stood = |row: usize| lacking.city.gates()[row].point.distance_metres(gate) <= SAME_GATE_METRES;
    if !gates.into_iter().any(stood) {
        return either(Cause::GateNew, Cause::GateGone);
    }
    if lacks == Some(Reason::OnlyThroughClosed) && if gained { barriers.opened } else { barriers.closed } {
        return either(Cause::Opened, Cause::Closed);
    }
    Cause::Ways
}
