//! The columns of the table: every category, and the lines of the rule set that need one of their own.

use super::{COMPOUNDS_PER_FACILITY, Distance, Measure, OnePer, Verdict};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{Catalogue, City, CompoundId, FacilityId, Millimetres, Point, RuleSet};

/// One category, or one line.
pub(super) struct Column {
    /// A category's id, or a line's name.
    pub(super) name: String,
    /// What meets it, ascending.
    pub(super) facilities: Vec<FacilityId>,
    /// What it is judged by; `None` where it is not judged.
    pub(super) measure: Option<Measure>,
    /// The data holds enough of its categories to say that one is missing.
    pub(super) has_source: bool,
    /// Access points of its facilities, where distances are asked for.
    places: Option<SegmentGrid>,
}

/// Every category, then the lines that several categories can meet, that ask for something else than some minutes, or
/// that share their category with another line: levels of a standard do not include each other.
pub(super) fn columns(city: &City, catalogue: &Catalogue, rules: &RuleSet) -> Vec<Column> {
    let mut members: Vec<Vec<FacilityId>> = vec![Vec::new(); catalogue.categories.len()];
    for (number, facility) in (0u32..).zip(city.facilities()) {
        for category in &city.facility_categories()[facility.categories.range()] {
            if let Some(members) = members.get_mut(usize::from(*category)) {
                members.push(FacilityId(number));
            }
        }
    }
    let alone = |line: &circle_model::rules::Line| match line.any_of.as_slice() {
        [single] if line.smallest_area().is_none() && matches!(rules.measure(line), Measure::Minutes(_)) => {
            let others =
                rules.lines.iter().filter(|other| other.any_of.as_slice() == [single.clone()]).count();
            (others == 1).then(|| catalogue.index_of(single)).flatten()
        }
        _ => None,
    };
    let mut columns: Vec<Column> = catalogue
        .categories
        .iter()
        .zip(&members)
        .map(|(category, members)| Column::new(city, category.id.clone(), members.clone(), members.len()))
        .collect();
    for line in &rules.lines {
        if let Some(category) = alone(line) {
            columns[category].measure = Some(rules.measure(line));
            continue;
        }
        let categories = line.any_of.iter().filter_map(|id| catalogue.index_of(id));
        let mut facilities: Vec<FacilityId> =
            categories.flat_map(|category| &members[category]).copied().collect();
        facilities.sort_unstable();
        facilities.dedup();
        let known = facilities.len();
        if let Some(least) = line.smallest_area() {
            let area = |it: &FacilityId| f64::from(city.facilities()[it.index()].area_square_metres);
            facilities.retain(|it| area(it) >= least);
        }
        let measure = rules.measure(line);
        let mut column = Column::new(city, line.zh.clone(), facilities, known);
        if matches!(measure, Measure::Metres(_)) {
            column.places = Some(column.access_points(city));
        }
        columns.push(Column { measure: Some(measure), ..column });
    }
    columns
}

/// The columns that each facility of the city meets.
pub(super) fn met_by(columns: &[Column], city: &City) -> Vec<Vec<usize>> {
    let mut met = vec![Vec::new(); city.facilities().len()];
    for (number, column) in columns.iter().enumerate() {
        column.facilities.iter().for_each(|it| met[it.index()].push(number));
    }
    met
}

impl Column {
    /// `known` counts the facilities of its categories, those too small for it included.
    fn new(city: &City, name: String, facilities: Vec<FacilityId>, known: usize) -> Self {
        let has_source = known > 0 && known * COMPOUNDS_PER_FACILITY >= city.compounds().len();
        Self { name, facilities, measure: None, has_source, places: None }
    }

    fn access_points(&self, city: &City) -> SegmentGrid {
        let points = self.facilities.iter().flat_map(|it| {
            city.access_points()[city.facilities()[it.index()].access.range()]
                .iter()
                .map(|access| access.point)
        });
        let points: Vec<(Point, Point)> = points.map(|point| (point, point)).collect();
        SegmentGrid::build(points.iter().copied(), 200.0)
    }

    /// The nearest as the crow flies from any gate.
    pub(super) fn straight(&self, city: &City, compound: CompoundId, radius_metres: u32) -> Distance {
        let gates = &city.gates()[city.compounds()[compound.index()].gates.range()];
        let mut least: Option<f64> = None;
        for reach in [1.0, 4.0].map(|times| times * f64::from(radius_metres)) {
            let Some(places) = &self.places else { break };
            for gate in gates {
                places.visit(&widened(&Bounds::of([gate.point]), reach), |place| {
                    let metres = gate.point.distance_metres(place.a);
                    if metres <= reach && least.is_none_or(|least| metres < least) {
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
            _ if !self.has_source => Verdict::Unknown,
            _ => Verdict::Gap,
        };
        let nearest_straight = least.map(|metres| Millimetres((metres * 1000.0).round() as u32));
        Distance { radius_metres, nearest_straight, straight }
    }

    /// Whether one of its facilities lies in the compound's own unit; `None` where that unit is not known.
    pub(super) fn in_unit(&self, city: &City, compound: CompoundId, unit: OnePer) -> Option<bool> {
        let compound = &city.compounds()[compound.index()];
        let (rings, bounds) = match unit {
            OnePer::Block if compound.rings.len > 0 => (compound.rings, city.rings_bounds(compound.rings)),
            OnePer::Block => return None,
            OnePer::Community | OnePer::Subdistrict => {
                let level = if unit == OnePer::Subdistrict { 1 } else { 2 };
                let unit = city.units().get(compound.units[level] as usize)?;
                (unit.rings, unit.bounds)
            }
        };
        let mut points = self.facilities.iter().map(|it| city.facilities()[it.index()].point);
        Some(points.any(|point| bounds.contains(point) && city.rings_contain(rings, point)))
    }
}
