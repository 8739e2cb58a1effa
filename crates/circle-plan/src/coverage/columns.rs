//! The columns of the table: one for every category, and one for each line of the rule set that no category stands for.

use super::verdict::Verdict;
use crate::evidence::{Areas, Evidence, Prover, Source, members};
use circle_model::city::Span;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::rules::{Line, Measure, OnePer};
use circle_model::{
    Catalogue, City, CompoundId, FacilityId, Millimetres, Milliseconds, Point, Profile, RuleSet,
};
use rayon::prelude::*;
use std::sync::Arc;

/// One category, or one line of the rule set.
#[derive(Debug, Clone)]
pub struct Column {
    /// A category's id, or a line's name.
    pub name: String,
    /// Row of the rule set's line that is judged in it.
    pub line: Option<usize>,
    /// How it is judged; `None` if it is not judged.
    pub measure: Option<Measure>,
    /// The facilities that meet it, ascending.
    pub facilities: Vec<FacilityId>,
    /// Completeness of its categories by area; the whole city first.
    pub sources: Vec<Source>,
    /// Columns whose facilities are named beside it and do not meet it.
    pub beside: Vec<usize>,
    /// Columns whose facilities may meet it; the data does not record it.
    pub perhaps: Vec<usize>,
    /// Its position among the columns that are judged by distance.
    pub(super) distance: Option<usize>,
    /// Access points of its facilities, if it is judged by distance.
    places: Option<Arc<SegmentGrid>>,
    /// The facility of each of these access points.
    owners: Vec<FacilityId>,
}

/// Straight-line distance and verdict of a line with a service radius 服务半径. The line itself is judged by the walk;
/// standards mean the straight line, so that verdict is given too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// The service radius.
    pub radius_metres: u32,
    /// Straight-line distance to the nearest facility; `None` if it is over four times the radius.
    pub nearest_straight: Option<Millimetres>,
    /// The verdict by straight-line distance.
    pub straight: Verdict,
}

impl Distance {
    /// The value of a column that is not judged by distance.
    pub(super) const NONE: Self =
        Self { radius_metres: 0, nearest_straight: None, straight: Verdict::Unknown };
}

/// Returns a column for every category, then a column for each line that several categories can meet, that is not judged
/// by minutes, or that shares its category with another line (levels of a standard do not include each other). Other
/// lines are judged in the column of their category.
pub(super) fn columns(city: &City, catalogue: &Catalogue, rules: &RuleSet, areas: &Areas) -> Vec<Column> {
    let standard = RuleSet::standard();
    let members = members(city, catalogue);
    let prover = Prover::new(city, areas);
    let members_of =
        |id: &str| catalogue.index_of(id).map_or(&[][..], |category| members[category].as_slice());
    let lines_of = |pool: &[&str]| -> Vec<&Line> {
        let names = |line: &&Line| line.any_of.iter().any(|id| pool.contains(&id.as_str()));
        rules.lines.iter().chain(&standard.lines).filter(names).collect()
    };
    let sources = |pool: &[&str], measure| prover.prove(pool, &members_of, &lines_of(pool), measure);
    let mut columns: Vec<Column> = catalogue
        .categories
        .par_iter()
        .zip(&members)
        .map(|(category, members)| {
            Column::new(category.id.clone(), members.clone(), sources(&[category.id.as_str()], None))
        })
        .collect();
    for (number, line) in rules.lines.iter().enumerate() {
        let measure = rules.measure(line);
        let columns_of =
            |ids: &[String]| ids.iter().filter_map(|id| catalogue.index_of(id)).collect::<Vec<_>>();
        let (beside, perhaps) = (columns_of(&line.beside), columns_of(&line.perhaps));
        if let Some(category) = category_of(line, rules, catalogue) {
            let column = &mut columns[category];
            (column.line, column.measure) = (Some(number), Some(measure));
            (column.beside, column.perhaps) = (beside, perhaps);
            continue;
        }
        let pool: Vec<&str> = line.any_of.iter().map(String::as_str).collect();
        let mut facilities: Vec<FacilityId> = pool.iter().flat_map(|id| members_of(id)).copied().collect();
        facilities.sort_unstable();
        facilities.dedup();
        // Facilities too small for the line were counted as known by `sources`: the data does hold them.
        if let Some(least) = line.smallest_area() {
            let area = |it: &FacilityId| f64::from(city.facilities()[it.index()].area_square_metres);
            facilities.retain(|it| area(it) >= least);
        }
        let mut column = Column::new(line.zh.clone(), facilities, sources(&pool, Some(measure)));
        (column.line, column.measure) = (Some(number), Some(measure));
        (column.beside, column.perhaps) = (beside, perhaps);
        if matches!(measure, Measure::Metres(_)) {
            column.places = Some(Arc::new(column.access_points(city)));
            let owner = |it: FacilityId| city.facilities()[it.index()].access.range().map(move |_| it);
            column.owners = column.facilities.iter().copied().flat_map(owner).collect();
            column.distance = Some(columns.iter().filter(|column| column.distance.is_some()).count());
        }
        columns.push(column);
    }
    columns
}

/// Returns the category in whose column a line is judged; `None` if the line has a column of its own.
fn category_of(line: &Line, rules: &RuleSet, catalogue: &Catalogue) -> Option<usize> {
    let [single] = line.any_of.as_slice() else { return None };
    if line.smallest_area().is_some() || !matches!(rules.measure(line), Measure::Minutes(_)) {
        return None;
    }
    let others = rules.lines.iter().filter(|other| other.any_of.as_slice() == [single.clone()]).count();
    if others == 1 { catalogue.index_of(single) } else { None }
}

/// Returns the names of the columns of a table, in order, without making the table.
pub fn column_names<'a>(catalogue: &'a Catalogue, rules: &'a RuleSet) -> Vec<&'a str> {
    let own = rules.lines.iter().filter(|line| category_of(line, rules, catalogue).is_none());
    let categories = catalogue.categories.iter().map(|category| category.id.as_str());
    categories.chain(own.map(|line| line.zh.as_str())).collect()
}

/// Returns the names of the columns that the lines of a rule set are judged in, in the order of the lines.
pub fn line_names<'a>(catalogue: &'a Catalogue, rules: &'a RuleSet) -> Vec<&'a str> {
    let name = |line: &'a Line| match category_of(line, rules, catalogue) {
        Some(category) => catalogue.categories[category].id.as_str(),
        None => line.zh.as_str(),
    };
    rules.lines.iter().map(name).collect()
}

/// Returns the columns that each facility of the city meets.
pub(super) fn met_by(columns: &[Column], city: &City) -> Vec<Vec<usize>> {
    let mut met = vec![Vec::new(); city.facilities().len()];
    for (number, column) in columns.iter().enumerate() {
        column.facilities.iter().for_each(|it| met[it.index()].push(number));
    }
    met
}

impl Column {
    fn new(name: String, facilities: Vec<FacilityId>, sources: Vec<Source>) -> Self {
        Self {
            name,
            line: None,
            measure: None,
            facilities,
            sources,
            beside: Vec::new(),
            perhaps: Vec::new(),
            distance: None,
            places: None,
            owners: Vec::new(),
        }
    }

    /// Whether it is judged by a walk.
    pub fn is_walked(&self) -> bool {
        matches!(self.measure, Some(Measure::Minutes(_) | Measure::Metres(_)))
    }

    /// Whether the data of the whole city is complete enough for a gap.
    pub fn is_sourced(&self, evidence: &Evidence) -> bool {
        self.sources.first().is_some_and(|source| evidence.carries(source))
    }

    /// The longest walk that decides its verdicts.
    pub(super) fn limit(&self, profile: &Profile) -> Milliseconds {
        match self.measure {
            Some(Measure::Minutes(minutes)) => Milliseconds::from_minutes(minutes),
            // Waits and steps make a walk slower than its length suggests, so the limit is twice the plain time.
            Some(Measure::Metres(metres)) => {
                let minutes = f64::from(metres) / profile.pace.speed.value() / 60.0 * 2.0;
                Milliseconds::from_minutes(minutes.ceil().min(240.0) as u32)
            }
            Some(Measure::OnePer(_) | Measure::None) | None => Milliseconds(0),
        }
    }

    /// Sorts the access points of its facilities into a grid.
    pub(super) fn access_points(&self, city: &City) -> SegmentGrid {
        let points = self.facilities.iter().flat_map(|it| {
            city.access_points()[city.facilities()[it.index()].access.range()]
                .iter()
                .map(|access| access.point)
        });
        let points: Vec<(Point, Point)> = points.map(|point| (point, point)).collect();
        SegmentGrid::build(points.iter().copied(), 200.0)
    }

    /// Computes straight-line distance and verdict from the nearest gate.
    pub(super) fn straight(&self, city: &City, compound: CompoundId, is_sourced: bool) -> Distance {
        let Some(Measure::Metres(radius_metres)) = self.measure else { return Distance::NONE };
        let gates = &city.gates()[city.compounds()[compound.index()].gates.range()];
        let mut least: Option<f64> = None;
        for reach in [1.0, 4.0].map(|times| times * f64::from(radius_metres)) {
            let Some(places) = &self.places else { break };
            for gate in gates {
                places.visit(&widened(&Bounds::of([gate.point]), reach), |place| {
                    let metres = gate.point.distance_metres(place.a);
                    let nearer = metres <= reach && least.is_none_or(|least| metres < least);
                    if nearer && city.serves(self.owners[place.id as usize], compound) {
                        least = Some(metres);
                    }
                    true
                });
            }
            if least.is_some() {
                break;
            }
        }
        let straight = match least {
            _ if gates.is_empty() => Verdict::Unknown,
            Some(metres) if metres <= f64::from(radius_metres) => Verdict::Covered,
            _ if !is_sourced => Verdict::Unknown,
            _ => Verdict::Gap,
        };
        let nearest_straight = least.map(|metres| Millimetres((metres * 1000.0).round() as u32));
        Distance { radius_metres, nearest_straight, straight }
    }

    /// Whether one of its facilities lies in the unit of a compound.
    pub(super) fn in_unit(&self, city: &City, compound: CompoundId, unit: OnePer) -> InUnit {
        let Some(unit) = OwnUnit::of(city, compound, unit) else { return InUnit::NoUnit };
        let holds = |it: &FacilityId| unit.holds(city, *it) && city.serves(*it, compound);
        match (self.facilities.iter().any(holds), unit.clipped) {
            (true, _) => InUnit::Some,
            (false, true) => InUnit::Clipped,
            (false, false) => InUnit::None,
        }
    }

    /// Its facilities in the unit of a compound, if it asks for one per unit; else empty.
    pub fn met_in_unit(&self, city: &City, compound: CompoundId) -> Vec<FacilityId> {
        let Some(Measure::OnePer(unit)) = self.measure else { return Vec::new() };
        let Some(unit) = OwnUnit::of(city, compound, unit) else { return Vec::new() };
        let holds = |it: &FacilityId| unit.holds(city, *it) && city.serves(*it, compound);
        self.facilities.iter().copied().filter(holds).collect()
    }
}

/// The unit of a compound.
struct OwnUnit {
    rings: Span,
    bounds: Bounds,
    clipped: bool,
}

impl OwnUnit {
    /// `None` if it is not known.
    fn of(city: &City, compound: CompoundId, unit: OnePer) -> Option<Self> {
        let compound = &city.compounds()[compound.index()];
        let level = match unit {
            OnePer::Block => {
                let rings = Some(compound.rings).filter(|rings| rings.len > 0)?;
                return Some(Self { rings, bounds: city.rings_bounds(rings), clipped: false });
            }
            OnePer::Subdistrict => 1,
            OnePer::Community => 2,
        };
        let unit = &city.units()[compound.units()[level]?.index()];
        Some(Self { rings: unit.rings, bounds: unit.bounds, clipped: unit.clipped == 1 })
    }

    fn holds(&self, city: &City, facility: FacilityId) -> bool {
        let point = city.facilities()[facility.index()].point;
        self.bounds.contains(point) && city.rings_contain(self.rings, point)
    }
}

/// Whether a unit has a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InUnit {
    /// It has one.
    Some,
    /// It has none.
    None,
    /// The data holds only a part of the unit, without a facility.
    Clipped,
    /// The unit of the compound is not known.
    NoUnit,
}
