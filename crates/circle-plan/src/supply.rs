//! Supply, not only distance: the two-step floating catchment area method (2SFCA; Luo and Wang 2003, Environment and
//! Planning B 30, <https://doi.org/10.1068/b29120>).

use crate::coverage::Coverage;
use circle_model::city::Population;
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, Milliseconds, Profile};
use circle_reach::{Network, Origin, Reached};
use rayon::prelude::*;

/// The catchment of a column that is not judged by time, in minutes.
const USUAL_MINUTES: u32 = 15;

/// Supply in every column with facilities whose capacity is known.
#[derive(Debug, Clone, Default)]
pub struct Supply {
    /// One for each such column, in the order of the columns.
    pub columns: Vec<SupplyColumn>,
}

/// One column.
#[derive(Debug, Clone)]
pub struct SupplyColumn {
    /// Column of the coverage table.
    pub column: usize,
    /// The catchment, in minutes.
    pub minutes: u32,
    /// Facilities whose capacity is known, ascending.
    pub facilities: Vec<Catchment>,
    /// Facilities whose capacity nobody says: they are left out.
    pub without_capacity: usize,
    /// Capacity for every 1,000 residents of each compound, by compound; `None` without a usable gate, and where
    /// nothing but facilities of unknown capacity is near.
    pub per_thousand: Vec<Option<f64>>,
    /// Facilities of unknown capacity within the catchment of each compound: it has more than it says.
    pub near_without_capacity: Vec<u32>,
    /// All capacity over all residents that can walk to any of it, for every 1,000.
    pub city_per_thousand: Option<f64>,
}

/// The first step: who shares a facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Catchment {
    /// The facility.
    pub facility: FacilityId,
    /// What it has room for.
    pub capacity: f64,
    /// Residents within the catchment.
    pub residents: u64,
    /// Compounds within the catchment of which nobody knows who lives there.
    pub without_population: u32,
}

impl Catchment {
    /// Capacity for every 1,000 residents; `None` where nobody is known to live near.
    pub fn per_thousand(&self) -> Option<f64> {
        (self.residents > 0).then(|| self.capacity * 1000.0 / self.residents as f64)
    }
}

/// Supply of all compounds; empty where no capacity is given.
///
/// First the capacity of each facility is shared among the residents within its catchment, then each compound adds up
/// the shares of the facilities within its own. Both use the same walks, from gate to access point.
pub fn supply(network: &Network, profile: &Profile, coverage: &Coverage) -> Supply {
    let city = network.city();
    let has_capacity = |it: &FacilityId| city.facilities()[it.index()].capacity > 0.0;
    let columns: Vec<usize> = (0..coverage.columns.len())
        .filter(|column| coverage.columns[*column].facilities.iter().any(has_capacity))
        .collect();
    let minutes = |column: usize| match coverage.columns[column].measure {
        Some(Measure::Minutes(minutes)) => minutes,
        _ => USUAL_MINUTES,
    };
    let Some(farthest) = columns.iter().map(|column| minutes(*column)).max() else {
        return Supply { columns: Vec::new() };
    };
    let reached: Vec<Option<Vec<Reached>>> = (0..city.compounds().len() as u32)
        .into_par_iter()
        .map(|compound| {
            let origin = Origin::Compound(CompoundId(compound));
            circle_reach::reach(network, profile, origin, Milliseconds::from_minutes(farthest)).ok()
        })
        .collect();
    let of_column = |column: &usize| {
        let all = &coverage.columns[*column].facilities;
        let facilities: Vec<FacilityId> = all.iter().copied().filter(has_capacity).collect();
        let others: Vec<FacilityId> = all.iter().copied().filter(|it| !has_capacity(it)).collect();
        of_column(city, *column, minutes(*column), [&facilities, &others], &reached)
    };
    Supply { columns: columns.iter().map(of_column).collect() }
}

/// A number as its file had it: `12.3` is kept as the nearest of 32 bits, which is not the nearest of 64.
fn as_written(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

fn of_column(
    city: &City,
    column: usize,
    minutes: u32,
    [facilities, others]: [&[FacilityId]; 2],
    reached: &[Option<Vec<Reached>>],
) -> SupplyColumn {
    let limit = Milliseconds::from_minutes(minutes);
    // Rows of `facilities` within the catchment of a compound.
    let within = |reached: &Option<Vec<Reached>>| -> Vec<usize> {
        let near = reached.iter().flatten().filter(|it| it.time <= limit);
        near.filter_map(|it| facilities.binary_search(&it.facility).ok()).collect()
    };
    let mut catchments: Vec<Catchment> = facilities
        .iter()
        .map(|facility| Catchment {
            facility: *facility,
            capacity: as_written(city.facilities()[facility.index()].capacity),
            residents: 0,
            without_population: 0,
        })
        .collect();
    let mut residents_served = 0;
    for (compound, reached) in city.compounds().iter().zip(reached) {
        let near = within(reached);
        let residents = compound.population.residents;
        let known = residents != Population::UNKNOWN;
        if known && !near.is_empty() {
            residents_served += u64::from(residents);
        }
        for row in near {
            catchments[row].residents += if known { u64::from(residents) } else { 0 };
            catchments[row].without_population += u32::from(!known);
        }
    }
    let near_without_capacity: Vec<u32> = reached
        .iter()
        .map(|reached| {
            let near = reached.iter().flatten().filter(|it| it.time <= limit);
            near.filter(|it| others.binary_search(&it.facility).is_ok()).count() as u32
        })
        .collect();
    let per_thousand = reached
        .iter()
        .zip(&near_without_capacity)
        .map(|(reached, others)| {
            reached.as_ref()?;
            // In the order of the facilities, so that the sum does not depend on walks that take equally long.
            let mut near = within(reached);
            near.sort_unstable();
            if near.is_empty() && *others > 0 {
                return None;
            }
            Some(
                near.into_iter()
                    .filter_map(|row| catchments[row].per_thousand())
                    .fold(0.0, |sum, it| sum + it),
            )
        })
        .collect();
    let capacity: f64 = catchments.iter().filter(|it| it.residents > 0).map(|it| it.capacity).sum();
    let city_per_thousand = (residents_served > 0).then(|| capacity * 1000.0 / residents_served as f64);
    SupplyColumn {
        column,
        minutes,
        facilities: catchments,
        without_capacity: others.len(),
        per_thousand,
        near_without_capacity,
        city_per_thousand,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_are_those_of_the_file() {
        assert_eq!([12.3f32, 8.0, 0.1].map(|it| super::as_written(it).to_string()), ["12.3", "8", "0.1"]);
    }
}
