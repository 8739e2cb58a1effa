//! Estimates of compounds from the map's buildings, and the distribution of counts of compounds over them.

use super::draft::{CompoundPopulation, DraftBuilding};
use circle_model::CompoundId;
use circle_model::city::{Population, PopulationFrom};
use rustc_hash::FxHashMap;

/// Estimates compounds without any own count from the map's buildings.
pub(super) fn estimate(buildings: &[DraftBuilding], counts: &mut [CompoundPopulation]) {
    let mut sums: FxHashMap<CompoundId, [f64; 4]> = FxHashMap::default();
    for building in buildings.iter().filter(|building| building.feature.is_some()) {
        let Some(compound) = building.compound else { continue };
        let sum = sums.entry(compound).or_default();
        let more = [building.residents, building.households, building.residents_low, building.residents_high];
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += f64::from(more.unwrap_or(0.0)));
    }
    for (id, count) in (0u32..).map(CompoundId).zip(counts) {
        let Some([residents, households, low, high]) = sums.get(&id) else { continue };
        if count.from == PopulationFrom::Unknown && *residents >= 1.0 {
            count.population.residents = residents.round() as u32;
            count.population.residents_low = low.round() as u32;
            count.population.residents_high = high.round() as u32;
            count.population.households = households.round().max(1.0) as u32;
            count.from = PopulationFrom::Estimate;
        }
    }
}

/// Completes households from residents, or residents from households, if only one of them was counted.
pub(super) fn complete(count: &mut CompoundPopulation, household_size: f64) {
    if count.from == PopulationFrom::Unknown {
        return;
    }
    let Population { households, residents, .. } = count.population;
    if households == Population::UNKNOWN && residents != Population::UNKNOWN {
        count.population.households = (f64::from(residents) / household_size).round() as u32;
    }
    if residents == Population::UNKNOWN && households != Population::UNKNOWN {
        count.population.residents = (f64::from(households) * household_size).round() as u32;
    }
}

/// Distributes the own count of a whole compound over the map's buildings by their estimates. If own
/// buildings were counted, those of the map are dropped.
pub(super) fn distribute(buildings: &mut Vec<DraftBuilding>, counts: &[CompoundPopulation]) {
    let mut sums = vec![0.0; counts.len()];
    for building in buildings.iter() {
        if let Some(sum) = building.compound.and_then(|compound| sums.get_mut(compound.index())) {
            *sum += f64::from(building.residents.unwrap_or(0.0).max(0.0));
        }
    }
    buildings.retain_mut(|building| {
        let Some(compound) = building.feature.and(building.compound).map(CompoundId::index) else {
            return true;
        };
        let CompoundPopulation { population, from } = &counts[compound];
        if *from == PopulationFrom::Compound && sums[compound] > 0.0 {
            let share = f64::from(building.residents.unwrap_or(0.0)) / sums[compound];
            let residents = (f64::from(population.residents) * share) as f32;
            building.residents = Some(residents);
            (building.residents_low, building.residents_high) = (Some(residents), Some(residents));
            building.households = Some((f64::from(population.households) * share) as f32);
            building.from = PopulationFrom::Compound;
        }
        *from != PopulationFrom::Buildings
    });
}
