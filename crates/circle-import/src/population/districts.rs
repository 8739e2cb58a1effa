//! The districts of the census that a city has: their factors, and the scale that makes estimates add up to the census.
//! Outside mainland China, whose factors they are, units whose residents the map counts are such districts, and nobody is
//! estimated elsewhere.

use super::Drafted;
use crate::compounds::DraftCompound;
use crate::shapes::Draft;
use crate::units::Holders;
use circle_model::census::{County, county};
use circle_model::city::{CensusDistrict, Population, PopulationFrom};
use circle_model::mainland::in_mainland_china;
use circle_model::{Point, PopulationFactors};
use std::collections::BTreeSet;

/// Districts of the census; the first is everywhere else in mainland China, the last is abroad.
pub(super) struct Districts {
    districts: Vec<District>,
    holders: Option<Holders>,
    /// By row of the units; 0 for those that are none.
    of_unit: Vec<usize>,
    of_compound: Vec<usize>,
}

struct District {
    county: Option<&'static County>,
    /// As the map says, abroad.
    residents: Option<u32>,
    whole: bool,
    factors: PopulationFactors,
}

impl Districts {
    pub(super) fn new(draft: &Draft, compounds: &[DraftCompound]) -> Self {
        let built_in = PopulationFactors::built_in();
        let mut of_unit = vec![0; draft.tables.units.len()];
        let other = || District { county: None, residents: None, whole: false, factors: built_in.clone() };
        let mut districts = vec![other()];
        let counted_in_parts = counted_in_parts(draft);
        for (number, unit) in draft.tables.units.iter().enumerate() {
            if let Some(county) = county(unit.census) {
                of_unit[number] = districts.len();
                let factors = built_in.of(Some(county));
                let whole = unit.clipped == 0;
                districts.push(District { county: Some(county), whole, factors, ..other() });
            } else if let Some(residents) = draft.unit_residents.get(number).filter(|count| **count > 0)
                && !counted_in_parts.contains(&(number as u32))
                && !in_mainland_china(unit.point.lon_lat())
            {
                of_unit[number] = districts.len();
                districts.push(District { residents: Some(*residents), whole: true, ..other() });
            }
        }
        let holders = (districts.len() > 1).then(|| Holders::new(draft));
        districts.push(other());
        let mut found = Self { districts, holders, of_unit, of_compound: Vec::new() };
        found.of_compound = compounds.iter().map(|compound| found.at(draft, compound.point)).collect();
        found
    }

    /// The district that holds a place.
    pub(super) fn at(&self, draft: &Draft, point: Point) -> usize {
        if !in_mainland_china(point.lon_lat()) {
            let unit = self.holders.as_ref().map_or(u32::MAX, |it| it.smallest_counted(draft, point));
            let counted = self.of_unit.get(unit as usize).copied().filter(|district| *district > 0);
            return counted.unwrap_or(self.abroad());
        }
        let Some(holders) = &self.holders else { return 0 };
        let unit = holders.smallest(draft, point, |level| level == circle_model::city::Unit::DISTRICT);
        self.of_unit.get(unit as usize).copied().unwrap_or(0)
    }

    /// Nobody knows how many people live in a building there.
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

    /// The elderly and children of a compound where only its residents are known, by the district's own shares.
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

    /// Scales the estimates of buildings in whole districts, so that together with own counts they add up to the census.
    ///
    /// All residential buildings count, those outside of compounds as well.
    pub(super) fn scale(
        &self,
        draft: &Draft,
        buildings: &mut [Drafted],
        compounds: &[DraftCompound],
        from: &[PopulationFrom],
    ) -> Vec<CensusDistrict> {
        let is_estimated = |building: &Drafted| {
            let compound = building.row.compound();
            let counted = compound.is_some_and(|id| from[id.index()] != PopulationFrom::Unknown);
            building.row.feature().is_some() && !counted
        };
        let mut estimated = vec![0.0; self.districts.len()];
        let mut counted = vec![0.0; self.districts.len()];
        for building in buildings.iter().filter(|building| is_estimated(building)) {
            estimated[building.district] += f64::from(building.row.residents);
        }
        for (number, compound) in compounds.iter().enumerate() {
            if compound.population.residents != Population::UNKNOWN {
                counted[self.of_compound[number]] += f64::from(compound.population.residents);
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
                // Abroad the factors are another country's.
                let fits = district.county.is_none() || (range.low..=range.high).contains(&scale);
                (fits && scale > 0.0).then_some(scale)
            })
            .collect();
        for building in buildings.iter_mut().filter(|building| is_estimated(building)) {
            if let Some(scale) = scales[building.district] {
                let row = &mut building.row;
                for people in
                    [&mut row.residents, &mut row.residents_low, &mut row.residents_high, &mut row.households]
                {
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
                name: draft.texts.text(draft.tables.units[unit].name).to_owned(),
                residents: county.residents,
                whole: district.whole,
                estimated: (estimated[number] + counted[number]).round() as u64,
                scaled_by: scales[number],
            })
        });
        rows.collect()
    }
}

/// Units above one that the map counts as well: what lies in them and in none of those below would have the people of all.
fn counted_in_parts(draft: &Draft) -> BTreeSet<u32> {
    let units = &draft.tables.units;
    let mut above = BTreeSet::new();
    for (unit, _) in units.iter().zip(&draft.unit_residents).filter(|(_, residents)| **residents > 0) {
        let mut parent = unit.parent;
        while let Some(row) = units.get(parent as usize)
            && above.insert(parent)
        {
            parent = row.parent;
        }
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;
    use circle_model::city::{Building, RingRole, Unit};
    use zerocopy::FromZeros;

    /// Nangang 南岗区 of Harbin: 1,390,679 residents, of whom 267,156 are 60 or older and 155,222 under 15.
    const NANGANG: u32 = 230_103;

    fn districts(whole: bool, compounds: usize) -> (Draft, Districts) {
        let mut draft = Draft::default();
        let name = draft.texts.add("南岗区");
        draft.tables.units.push(Unit {
            name,
            census: NANGANG,
            clipped: u8::from(!whole),
            admin_level: Unit::DISTRICT,
            ..Unit::new_zeroed()
        });
        let mut districts = Districts::new(&draft, &[]);
        districts.of_compound = vec![1; compounds];
        (draft, districts)
    }

    /// A building with so many people by its size, 20 % fewer or more.
    fn building(compound: u32, residents: f32) -> Drafted {
        let row = Building {
            compound,
            residents,
            residents_low: residents * 0.8,
            residents_high: residents * 1.2,
            households: residents / 2.0,
            ..Building::new_zeroed()
        };
        Drafted { row, name: None, key: None, order: 0, district: 1 }
    }

    fn compound(residents: u32) -> DraftCompound {
        DraftCompound {
            origins: Vec::new(),
            name: None,
            name_en: None,
            area: crate::areas::Area::default(),
            bounds: circle_model::coordinates::Bounds::EMPTY,
            point: circle_model::Point::default(),
            square_metres: 0.0,
            closed: None,
            population: Population { residents, ..Population::NONE },
        }
    }

    #[test]
    fn estimates_of_a_whole_district_add_up_to_its_census() {
        let compounds = [compound(Population::UNKNOWN), compound(390_679)];
        let from = [PopulationFrom::Unknown, PopulationFrom::Compound];
        // 600,000 in a compound and 200,000 outside of all; those of the counted compound are not estimated.
        let buildings = || vec![building(0, 600_000.0), building(u32::MAX, 200_000.0), building(1, 50_000.0)];
        let (draft, whole) = districts(true, 2);
        let mut scaled = buildings();
        let census = whole.scale(&draft, &mut scaled, &compounds, &from);
        // 1,000,000 are left for the two: 1.25 times as many.
        let people = scaled.iter().map(|it| [it.row.residents, it.row.residents_low, it.row.residents_high]);
        let right = [
            [750_000.0, 600_000.0, 900_000.0],
            [250_000.0, 200_000.0, 300_000.0],
            [50_000.0, 40_000.0, 60_000.0],
        ];
        for (found, right) in people.zip(right) {
            assert!(found.iter().zip(right).all(|(found, right)| (found - right).abs() < 1.0), "{found:?}");
        }
        assert!((scaled[0].row.households - 375_000.0).abs() < 1.0);
        assert_eq!((census[0].code, census[0].whole, census[0].estimated), (NANGANG, true, 1_190_679));
        assert!(census[0].scaled_by.is_some_and(|scale| (scale - 1.25).abs() < 1e-9), "{census:?}");

        let (draft, cut) = districts(false, 2);
        let mut as_they_are = buildings();
        let census = cut.scale(&draft, &mut as_they_are, &compounds, &from);
        assert_eq!((census[0].whole, census[0].scaled_by), (false, None));
        assert!((as_they_are[0].row.residents - 600_000.0).abs() < 1.0);
    }

    #[test]
    fn abroad_the_map_counts_or_nobody_does() {
        // Vaduz: 5,700 residents, as the map says; the unit beside it is not counted.
        let mut draft = Draft::default();
        let corner = |lon: f64, lat: f64| LonLat { lon, lat }.point();
        // The third is around both, and counts all.
        for (west, east, residents, parent) in
            [(9.50, 9.60, 5_700, 2), (9.60, 9.70, 0, 2), (9.45, 9.75, 40_000, u32::MAX)]
        {
            let ring = [
                corner(west, 47.1),
                corner(east, 47.1),
                corner(east, 47.2),
                corner(west, 47.2),
                corner(west, 47.1),
            ];
            let start = draft.tables.rings.len() as u32;
            draft.ring(&ring, RingRole::Outer);
            draft.tables.units.push(Unit {
                point: corner(f64::midpoint(west, east), 47.15),
                parent,
                bounds: circle_model::coordinates::Bounds::of(ring),
                rings: circle_model::city::Span { start, len: 1 },
                admin_level: if parent == 2 { 8 } else { 6 },
                ..Unit::new_zeroed()
            });
            draft.unit_residents.push(residents);
        }
        let districts = Districts::new(&draft, &[]);
        let at = |lon: f64, lat: f64| districts.at(&draft, corner(lon, lat));
        assert_eq!(at(126.63, 45.75), 0, "Harbin");
        assert_eq!(at(9.65, 47.15), districts.abroad(), "no count");
        assert_eq!(at(9.30, 47.15), districts.abroad(), "in no unit");
        let vaduz = at(9.55, 47.15);
        assert!(vaduz != 0 && vaduz != districts.abroad());
        // 25,000 by the factors of another country.
        let mut buildings = vec![Drafted { district: vaduz, ..building(u32::MAX, 25_000.0) }];
        let census = districts.scale(&draft, &mut buildings, &[], &[]);
        assert!((buildings[0].row.residents - 5_700.0).abs() < 1.0);
        assert!(census.is_empty(), "no district of the census");
    }

    #[test]
    fn a_map_that_lacks_most_homes_is_not_scaled() {
        let (draft, whole) = districts(true, 1);
        let compounds = [compound(Population::UNKNOWN)];
        let mut buildings = vec![building(0, 600_000.0)];
        // 2.3 times as many would be needed.
        let census = whole.scale(&draft, &mut buildings, &compounds, &[PopulationFrom::Unknown]);
        assert_eq!(census[0].scaled_by, None);
        assert!((buildings[0].row.residents - 600_000.0).abs() < 1.0);
    }

    #[test]
    fn the_old_and_children_are_the_districts_own_shares() {
        let (_, districts) = districts(false, 1);
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
