//! The districts of the census that a city has: their factors, and the scale that makes estimates add up to the census.

use super::Drafted;
use crate::compounds::DraftCompound;
use crate::shapes::Draft;
use crate::units::Holders;
use circle_model::PopulationFactors;
use circle_model::census::{County, county};
use circle_model::city::{CensusDistrict, Population, PopulationFrom};

/// Districts of the census; the first is everywhere else.
pub(super) struct Districts {
    districts: Vec<District>,
    holders: Option<Holders>,
    /// By row of the units; 0 for those that are none.
    of_unit: Vec<usize>,
    of_compound: Vec<usize>,
}

struct District {
    county: Option<&'static County>,
    whole: bool,
    factors: PopulationFactors,
}

impl Districts {
    pub(super) fn new(draft: &Draft, compounds: &[DraftCompound]) -> Self {
        let built_in = PopulationFactors::built_in();
        let mut of_unit = vec![0; draft.tables.units.len()];
        let mut districts = vec![District { county: None, whole: false, factors: built_in.clone() }];
        for (number, unit) in draft.tables.units.iter().enumerate() {
            if let Some(county) = county(unit.census) {
                of_unit[number] = districts.len();
                let factors = built_in.of(Some(county));
                districts.push(District { county: Some(county), whole: unit.clipped == 0, factors });
            }
        }
        let holders = (districts.len() > 1).then(|| Holders::new(draft));
        let mut found = Self { districts, holders, of_unit, of_compound: Vec::new() };
        found.of_compound = compounds.iter().map(|compound| found.at(draft, compound.point)).collect();
        found
    }

    /// The district that holds a place.
    pub(super) fn at(&self, draft: &Draft, point: circle_model::Point) -> usize {
        let Some(holders) = &self.holders else { return 0 };
        let unit = holders.smallest(draft, point, |level| level == circle_model::city::Unit::DISTRICT);
        self.of_unit.get(unit as usize).copied().unwrap_or(0)
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
        let share = |share: f64| (f64::from(population.residents) * share).round() as u32;
        let (elderly, children) = (share(county.elderly_share()), share(county.children_share()));
        if population.elderly == Population::UNKNOWN && population.children == Population::UNKNOWN {
            (population.elderly, population.children) = (elderly, children);
        }
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
            let counted = from.get(building.row.compound as usize).is_some_and(|from| *from != PopulationFrom::Unknown);
            building.row.feature != u32::MAX && !counted
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
                let county = district.county.filter(|_| district.whole && *estimated > 0.0)?;
                let scale = (f64::from(county.residents) - counted) / estimated;
                (range.low..=range.high).contains(&scale).then_some(scale)
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
