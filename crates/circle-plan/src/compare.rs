//! Two cities held against each other, two dates or before and after a change: verdicts gained and lost, and why.

use crate::coverage::{Coverage, Reason, Verdict};
use circle_model::city::{Facility, Node, Origin};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{City, CompoundId, FacilityId, Point};
use std::collections::HashMap;

/// Compounds of one name are one up to this far apart.
const SAME_COMPOUND_METRES: f64 = 200.0;
/// Facilities of one name and category are one up to this far apart …
const SAME_FACILITY_METRES: f64 = 150.0;
/// … and those of one category without a name.
const SAME_NAMELESS_METRES: f64 = 30.0;
/// A facility that is farther from where it was has moved.
const MOVED_METRES: f64 = 50.0;
/// Gates are one up to this far apart.
const SAME_GATE_METRES: f64 = 20.0;

/// A city with its verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The city.
    pub city: &'a City,
    /// Its verdicts; both cities are judged by one catalogue, profile and rule set.
    pub coverage: &'a Coverage,
}

/// What became of the verdicts.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Compounds that are in both, by their row after.
    pub same: usize,
    /// Verdicts that are another one now, by compound after, then before, then line.
    pub changes: Vec<Change>,
    /// Verdicts that stayed.
    pub unchanged: usize,
}

/// A verdict that is another one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The compound before; `None` where there was none.
    pub before: Option<CompoundId>,
    /// The compound after; `None` where there is none any more.
    pub after: Option<CompoundId>,
    /// Column of both tables.
    pub column: usize,
    /// Which way.
    pub turn: Turn,
    /// Why.
    pub cause: Cause,
}

/// Which way a verdict went.
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
    /// A compound that was not there.
    CompoundNew,
    /// A compound that is not there any more.
    CompoundGone,
}

impl Turn {
    /// All of them.
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

    /// What tables for people call it.
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

/// Why a verdict is another one now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The facility that covers it was not there.
    FacilityNew,
    /// The facility that covered it is not there any more.
    FacilityGone,
    /// The facility was there, and did not count for the line: another category or size.
    FacilityCounts,
    /// The facility is there, and does not count for the line any more.
    FacilityCountsNot,
    /// The facility is on both sides, and stands elsewhere.
    FacilityMoved,
    /// Opening hours: at the time asked for it was or is closed.
    Hours,
    /// The gate that the walk uses was not there.
    GateNew,
    /// The gate that the walk used is not there any more.
    GateGone,
    /// A compound or gate in between opened.
    Opened,
    /// A compound or gate in between closed.
    Closed,
    /// Ways, crossings or obstacles in between: the walk is shorter or longer.
    Ways,
    /// The data holds more or fewer facilities of the category for its compounds, and crosses the threshold below
    /// which it counts as having no source.
    Source,
    /// The edge of the data moved.
    DataEdge,
    /// The compound had or has no usable gate.
    Gates,
    /// The compound itself came or went.
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

    /// What tables for people call it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::FacilityNew => "新增设施",
            Self::FacilityGone => "设施消失",
            Self::FacilityCounts => "设施现在符合要求",
            Self::FacilityCountsNot => "设施不再符合要求",
            Self::FacilityMoved => "设施迁移",
            Self::Hours => "开放时间变化",
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

/// Holds two cities against each other, compound by compound and line by line.
pub fn compare(before: Judged<'_>, after: Judged<'_>) -> Comparison {
    let pairs = pairs(before.city, after.city);
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

/// The same compounds in both cities, by their row after; then those that are gone.
fn pairs(before: &City, after: &City) -> Vec<(Option<CompoundId>, Option<CompoundId>)> {
    let known = Known::of(before, before.compounds().iter().map(|it| (it.origins.range(), it.point)));
    let mut taken = vec![false; before.compounds().len()];
    let mut found: Vec<Option<u32>> = vec![None; after.compounds().len()];
    // Records first, names then: a new compound beside an old one of its name is not it.
    for by_name in [false, true] {
        for (number, compound) in after.compounds().iter().enumerate() {
            if found[number].is_some() {
                continue;
            }
            let free = |row: &u32| !taken[*row as usize];
            let same = if by_name {
                let name = if compound.generated_name == 1 { "" } else { after.text(compound.name) };
                let is_same = |row: &u32| {
                    let other = &before.compounds()[*row as usize];
                    other.generated_name == 0 && !name.is_empty() && before.text(other.name) == name
                };
                known.near(compound.point, SAME_COMPOUND_METRES).filter(is_same).find(free)
            } else {
                after.origins()[compound.origins.range()]
                    .iter()
                    .flat_map(|origin| known.by_record(after, origin))
                    .find(free)
            };
            if let Some(row) = same {
                taken[row as usize] = true;
                found[number] = Some(row);
            }
        }
    }
    let here = (0u32..).zip(&found).map(|(new, old)| (old.map(CompoundId), Some(CompoundId(new))));
    let gone =
        (0u32..).zip(&taken).filter(|(_, taken)| !**taken).map(|(old, _)| (Some(CompoundId(old)), None));
    here.chain(gone).collect()
}

/// For each facility of `of`, the same one in `other`.
fn same_facilities(of: &City, other: &City) -> Vec<Option<FacilityId>> {
    let known = Known::of(other, other.facilities().iter().map(|it| (it.origins.range(), it.point)));
    let same = |facility: &Facility| {
        let name = of.text(facility.name);
        let categories = &of.facility_categories()[facility.categories.range()];
        let shared = |row: &u32| {
            let found = &other.facilities()[*row as usize];
            let of_found = &other.facility_categories()[found.categories.range()];
            of_found.iter().any(|category| categories.contains(category))
        };
        // The map's ids are one record whatever it is tagged as; a planner's ids hold within one category.
        let same_record =
            |origin: &Origin| known.by_record(of, origin).find(|row| origin.source == 0 || shared(row));
        let by_record = of.origins()[facility.origins.range()].iter().find_map(same_record);
        let metres = if name.is_empty() { SAME_NAMELESS_METRES } else { SAME_FACILITY_METRES };
        let alike = |row: &u32| shared(row) && other.text(other.facilities()[*row as usize].name) == name;
        by_record.or_else(|| known.near(facility.point, metres).find(alike)).map(FacilityId)
    };
    of.facilities().iter().map(same).collect()
}

/// Records of a city, to be found again.
struct Known<'a> {
    /// By kind and id on the map.
    by_map: HashMap<(u8, i64), u32>,
    /// By the planner's own id.
    by_reference: HashMap<&'a str, Vec<u32>>,
    grid: SegmentGrid,
    points: Vec<Point>,
}

impl<'a> Known<'a> {
    fn of(city: &'a City, records: impl Iterator<Item = (std::ops::Range<usize>, Point)>) -> Self {
        let mut known = Self {
            by_map: HashMap::new(),
            by_reference: HashMap::new(),
            grid: SegmentGrid::default(),
            points: Vec::new(),
        };
        for (row, (origins, point)) in (0u32..).zip(records) {
            for origin in &city.origins()[origins] {
                if origin.source == 0 && origin.osm_id != 0 {
                    known.by_map.entry((origin.osm_kind, origin.osm_id)).or_insert(row);
                }
                if let Some(reference) = city.text_or_none(origin.reference) {
                    known.by_reference.entry(reference).or_default().push(row);
                }
            }
            known.points.push(point);
        }
        known.grid = SegmentGrid::build(known.points.iter().map(|point| (*point, *point)), 200.0);
        known
    }

    /// Rows of the same record. Files of several kinds may give the same ids: the caller says which may be meant.
    fn by_record(&self, city: &City, origin: &Origin) -> impl Iterator<Item = u32> {
        let (on_map, own): (Option<u32>, &[u32]) = if origin.source == 0 {
            (self.by_map.get(&(origin.osm_kind, origin.osm_id)).copied(), &[])
        } else {
            let reference = city.text_or_none(origin.reference);
            (None, reference.and_then(|id| self.by_reference.get(id)).map_or(&[], Vec::as_slice))
        };
        on_map.into_iter().chain(own.iter().copied())
    }

    /// Rows within `metres` of a place, the nearest first.
    fn near(&self, place: Point, metres: f64) -> impl Iterator<Item = u32> {
        let mut found: Vec<(f64, u32)> = Vec::new();
        self.grid.visit(&widened(&Bounds::of([place]), metres), |entry| {
            let distance = place.distance_metres(self.points[entry.id as usize]);
            if distance <= metres {
                found.push((distance, entry.id));
            }
            true
        });
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.into_iter().map(|(_, row)| row)
    }
}

/// Whether anything that bars a way opened or closed.
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
            let locked = Node::RESTRICTED | Node::SHUT;
            city.nodes().iter().filter(|node| node.flags & locked != 0).count()
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
    // What covers it on the one side is looked for on the other.
    let gained = is.verdict == Some(Verdict::Covered);
    let lost = was.verdict == Some(Verdict::Covered);
    let (covered, lacking, nearest, same) = if gained {
        (after, before, is.nearest, &facilities[1])
    } else {
        (before, after, was.nearest, &facilities[0])
    };
    let either = |on_gain: Cause, on_loss: Cause| if gained { on_gain } else { on_loss };
    let counterpart = nearest.and_then(|nearest| same[nearest.facility.index()]);
    if (gained || lost) && counterpart.is_none() {
        return either(Cause::FacilityNew, Cause::FacilityGone);
    }
    match unknown {
        Some(Reason::DataEdge) => return Cause::DataEdge,
        Some(Reason::NoUsableGate) => return Cause::Gates,
        Some(_) => return Cause::Source,
        None => {}
    }
    // One in each unit has no walk, and was told above.
    let (Some(nearest), Some(counterpart)) = (nearest, counterpart) else { return Cause::Ways };
    if lacking.coverage.columns[column].facilities.binary_search(&counterpart).is_err() {
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
