//! Districts of the census: their factors, and the scale that makes estimates add up to the census. The
//! factors are those of mainland China. Elsewhere, units with residents in the tags of the map count as
//! districts, and there are no estimates outside of them.

use super::draft::{CompoundPopulation, DraftBuilding};
use crate::compounds::DraftCompound;
use crate::units::{DraftUnit, UnitIndex};
use circle_model::census::{County, county};
use circle_model::city::{CensusDistrict, Population, PopulationFrom, Unit};
use circle_model::mainland::in_mainland_china;
use circle_model::{Point, PopulationFactors, UnitId};
use std::collections::BTreeSet;

/// Districts of the census. The first is the rest of mainland China, the last is abroad.
pub(super) struct Districts<'a> {
    districts: Vec<District>,
    /// `None` if no unit is a district.
    index: Option<UnitIndex<'a>>,
    /// By unit; 0 for other units.
    of_unit: Vec<usize>,
    of_compound: Vec<usize>,
}

struct District {
    county: Option<&'static County>,
    /// Residents in the tags of the map, abroad.
    residents: Option<u32>,
    /// Whether all of it lies in the data.
    whole: bool,
    factors: PopulationFactors,
}

impl<'a> Districts<'a> {
    pub(super) fn new(units: &'a [DraftUnit], compounds: &[DraftCompound]) -> Self {
        let built_in = PopulationFactors::built_in();
        let mut of_unit = vec![0; units.len()];
        let other = || District { county: None, residents: None, whole: false, factors: built_in.clone() };
        let mut districts = vec![other()];
        let counted_in_parts = counted_in_parts(units);
        for (number, unit) in units.iter().enumerate() {
            if let Some(county) = unit.census.and_then(county) {
                of_unit[number] = districts.len();
                let factors = built_in.of(Some(county));
                let whole = !unit.clipped;
                districts.push(District { county: Some(county), whole, factors, ..other() });
            } else if let Some(residents) = unit.residents
                && !counted_in_parts.contains(&number)
                && !in_mainland_china(unit.point.lon_lat())
            {
                of_unit[number] = districts.len();
                districts.push(District { residents: Some(residents), whole: true, ..other() });
            }
        }
        let index = (districts.len() > 1).then(|| UnitIndex::new(units));
        districts.push(other());
        let mut found = Self { districts, index, of_unit, of_compound: Vec::new() };
        found.of_compound = compounds.iter().map(|compound| found.at(compound.point)).collect();
        found
    }

    /// The district of a point.
    pub(super) fn at(&self, point: Point) -> usize {
        let of_unit = |unit: UnitId| self.of_unit.get(unit.index()).copied();
        if !in_mainland_china(point.lon_lat()) {
            let unit = self.index.as_ref().and_then(|index| index.smallest_counted(point));
            let counted = unit.and_then(of_unit).filter(|district| *district > 0);
            return counted.unwrap_or(self.abroad());
        }
        let unit = self.index.as_ref().and_then(|it| it.smallest(point, |level| level == Unit::DISTRICT));
        unit.and_then(of_unit).unwrap_or(0)
    }

    /// The district without estimates.
    pub(super) fn abroad(&self) -> usize {
        self.districts.len() - 1
    }

    pub(super) fn of_compound(&self, compound: usize) -> usize {
        self.of_compound[compound]
    }

    pub(super) fn factors(&self, district: usize) -> &PopulationFactors {
        &self.districts[district].factors
    }

    pub(super) fn smallest_footprint_square_metres(&self) -> f64 {
        self.districts[0].factors.smallest_footprint_square_metres
    }

    pub(super) fn household_size(&self, compound: usize) -> f64 {
        self.factors(self.of_compound[compound]).residents_per_household
    }

    /// Adds the elderly and children of a compound whose residents are known, by the shares of its district.
    pub(super) fn add_ages(&self, compound: usize, population: &mut Population) {
        let Some(county) = self.districts[self.of_compound[compound]].county else { return };
        if population.residents == Population::UNKNOWN {
            return;
        }
        let (mut elderly, mut children) = (population.elderly, population.children);
        let fill = |count: &mut u32, share: f64, other: u32| {
            if *count == Population::UNKNOWN {
                let left =
                    population.residents.saturating_sub(if other == Population::UNKNOWN { 0 } else { other });
                *count = ((f64::from(population.residents) * share).round() as u32).min(left);
            }
        };
        fill(&mut elderly, county.elderly_share(), children);
        fill(&mut children, county.children_share(), elderly);
        (population.elderly, population.children) = (elderly, children);
    }

    /// Scales the estimates of buildings in whole districts, so that they add up to the census together with
    /// own counts. Residential buildings outside of compounds count as well.
    pub(super) fn scale(
        &self,
        units: &[DraftUnit],
        buildings: &mut [DraftBuilding],
        counts: &[CompoundPopulation],
    ) -> Vec<CensusDistrict> {
        let is_estimated = |building: &DraftBuilding| {
            let compound = building.compound;
            let counted = compound.is_some_and(|id| counts[id.index()].from != PopulationFrom::Unknown);
            building.feature.is_some() && !counted
        };
        let mut estimated = vec![0.0; self.districts.len()];
        let mut counted = vec![0.0; self.districts.len()];
        for building in buildings.iter().filter(|building| is_estimated(building)) {
            estimated[building.district] += f64::from(building.residents.unwrap_or(0.0));
        }
        for (number, count) in counts.iter().enumerate() {
            if count.population.residents != Population::UNKNOWN {
                counted[self.of_compound[number]] += f64::from(count.population.residents);
            }
        }
        let range = self.districts[0].factors.census_scale;
        let scales: Vec<Option<f64>> = self
            .districts
            .iter()
            .zip(estimated.iter().zip(&counted))
            .map(|(district, (estimated, counted))| {
                let known = district.county.map(|county| county.residents).or(district.residents);
                let residents = known.filter(|_| district.whole && *estimated > 0.0)?;
                let scale = (f64::from(residents) - counted) / estimated;
                // Abroad, the factors are those of another country, so any scale is accepted.
                let fits = district.county.is_none() || (range.low..=range.high).contains(&scale);
                (fits && scale > 0.0).then_some(scale)
            })
            .collect();
        for building in buildings.iter_mut().filter(|building| is_estimated(building)) {
            if let Some(scale) = scales[building.district] {
                let DraftBuilding { residents, residents_low, residents_high, households, .. } = building;
                for people in [residents, residents_low, residents_high, households].into_iter().flatten() {
                    *people = (f64::from(*people) * scale) as f32;
                }
            }
        }
        let rows = (0..self.of_unit.len()).filter(|unit| self.of_unit[*unit] > 0).filter_map(|unit| {
            let number = self.of_unit[unit];
            let district = &self.districts[number];
            let county = district.county?;
            Some(CensusDistrict {
                code: county.code,
                name: units[unit].name.as_deref().unwrap_or_default().to_owned(),
                residents: county.residents,
                whole: district.whole,
                estimated: (estimated[number] + counted[number]).round() as u64,
                scaled_by: scales[number],
            })
        });
        rows.collect()
    }
}

/// Positions of units above units with residents. They are left out, because a place in such a unit and in
/// none below would otherwise get the residents of the whole unit.
fn counted_in_parts(units: &[DraftUnit]) -> BTreeSet<usize> {
    let mut above = BTreeSet::new();
    for unit in units.iter().filter(|unit| unit.residents.is_some()) {
        let mut parent = unit.parent;
        while let Some(at) = parent.map(UnitId::index)
            && above.insert(at)
        {
            parent = units[at].parent;
        }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::coordinates::Bounds;
    use circle_model::{CompoundId, FeatureId, LonLat};

    /// Nangang 南岗区 of Harbin: 1,390,679 residents, of whom 267,156 are 60 or older and 155,222 under 15.
    const NANGANG: u32 = 230_103;

    fn nangang(whole: bool) -> [DraftUnit; 1] {
        let (name, census) = (Some("南岗区".into()), Some(NANGANG));
        [DraftUnit { name, census, clipped: !whole, ..DraftUnit::of_level(Unit::DISTRICT) }]
    }

    fn districts(units: &[DraftUnit], compounds: usize) -> Districts<'_> {
        Districts { of_compound: vec![1; compounds], ..Districts::new(units, &[]) }
    }

    /// A building of the map with estimated residents, 20 % fewer or more.
    fn building(compound: Option<u32>, residents: f32) -> DraftBuilding {
        DraftBuilding {
            point: Point::default(),
            name: None,
            key: None,
            feature: Some(FeatureId(0)),
            compound: compound.map(CompoundId),
            residents: Some(residents),
            residents_low: Some(residents * 0.8),
            residents_high: Some(residents * 1.2),
            households: Some(residents / 2.0),
            levels: 0.0,
            from: PopulationFrom::Estimate,
            levels_assumed: false,
            own_order: 0,
            district: 1,
        }
    }

    fn count(residents: u32) -> CompoundPopulation {
        CompoundPopulation::counted(Population { residents, ..Population::NONE })
    }

    #[test]
    fn estimates_of_a_whole_district_add_up_to_its_census() {
        let counts = [count(Population::UNKNOWN), count(390_679)];
        // 600,000 in a compound and 200,000 outside of all; those of the counted compound are not estimated.
        let buildings =
            || vec![building(Some(0), 600_000.0), building(None, 200_000.0), building(Some(1), 50_000.0)];
        let units = nangang(true);
        let mut scaled = buildings();
        let census = districts(&units, 2).scale(&units, &mut scaled, &counts);
        // 1,000,000 are left for the two: 1.25 times as many.
        let people = scaled.iter().map(|it| [it.residents, it.residents_low, it.residents_high]);
        let right = [
            [750_000.0, 600_000.0, 900_000.0],
            [250_000.0, 200_000.0, 300_000.0],
            [50_000.0, 40_000.0, 60_000.0],
        ];
        for (found, right) in people.zip(right) {
            let near = |(found, right): (&Option<f32>, f32)| (found.unwrap() - right).abs() < 1.0;
            assert!(found.iter().zip(right).all(near), "{found:?}");
        }
        assert!((scaled[0].households.unwrap() - 375_000.0).abs() < 1.0);
        assert_eq!((census[0].code, census[0].whole, census[0].estimated), (NANGANG, true, 1_190_679));
        assert!(census[0].scaled_by.is_some_and(|scale| (scale - 1.25).abs() < 1e-9), "{census:?}");

        let units = nangang(false);
        let mut unscaled = buildings();
        let census = districts(&units, 2).scale(&units, &mut unscaled, &counts);
        assert_eq!((census[0].whole, census[0].scaled_by), (false, None));
        assert!((unscaled[0].residents.unwrap() - 600_000.0).abs() < 1.0);
    }

    #[test]
    fn abroad_only_units_with_residents_on_the_map_have_estimates() {
        // Vaduz: 5,700 residents on the map; the unit beside it has no count.
        let corner = |lon: f64, lat: f64| LonLat { lon, lat }.point();
        // The third unit surrounds both, and has a count as well.
        let drawn = [(9.50, 9.60, 5_700, Some(2)), (9.60, 9.70, 0, Some(2)), (9.45, 9.75, 40_000, None)];
        let unit = |(west, east, residents, parent): (f64, f64, u32, Option<u32>)| {
            let ring = vec![
                corner(west, 47.1),
                corner(east, 47.1),
                corner(east, 47.2),
                corner(west, 47.2),
                corner(west, 47.1),
            ];
            DraftUnit {
                point: corner(f64::midpoint(west, east), 47.15),
                parent: parent.map(UnitId),
                bounds: Bounds::of(ring.iter().copied()),
                area: crate::geometry::Area { polygons: vec![vec![ring]], open: Vec::new() },
                residents: Some(residents).filter(|count| *count > 0),
                ..DraftUnit::of_level(if parent.is_some() { 8 } else { 6 })
            }
        };
        let units = drawn.map(unit);
        let districts = Districts::new(&units, &[]);
        let at = |lon: f64, lat: f64| districts.at(corner(lon, lat));
        assert_eq!(at(126.63, 45.75), 0, "Harbin");
        assert_eq!(at(9.65, 47.15), districts.abroad(), "no count");
        assert_eq!(at(9.30, 47.15), districts.abroad(), "in no unit");
        let vaduz = at(9.55, 47.15);
        assert!(vaduz != 0 && vaduz != districts.abroad());
        // 25,000 by the factors of another country.
        let mut buildings = vec![DraftBuilding { district: vaduz, ..building(None, 25_000.0) }];
        let census = districts.scale(&units, &mut buildings, &[]);
        assert!((buildings[0].residents.unwrap() - 5_700.0).abs() < 1.0);
        assert!(census.is_empty(), "no district of the census");
    }

    #[test]
    fn a_map_that_lacks_most_homes_is_not_scaled() {
        let units = nangang(true);
        let mut buildings = vec![building(Some(0), 600_000.0)];
        // A scale of 2.3 would be needed.
        let counts = [count(Population::UNKNOWN)];
        let census = districts(&units, 1).scale(&units, &mut buildings, &counts);
        assert_eq!(census[0].scaled_by, None);
        assert!((buildings[0].residents.unwrap() - 600_000.0).abs() < 1.0);
    }

    #[test]
    fn elderly_and_children_are_shares_of_the_district() {
        let units = nangang(false);
        let districts = districts(&units, 1);
        let mut population = Population { residents: 10_000, ..Population::NONE };
        districts.add_ages(0, &mut population);
        // 19.21 % and 11.16 % of them.
        assert_eq!((population.elderly, population.children), (1_921, 1_116));
        let mut counted = Population { residents: 100, elderly: 90, ..Population::NONE };
        districts.add_ages(0, &mut counted);
        assert_eq!((counted.elderly, counted.children), (90, 10), "no more than there are residents");
        let mut nobody = Population::NONE;
        districts.add_ages(0, &mut nobody);
        assert_eq!(nobody, Population::NONE);
    }
}
