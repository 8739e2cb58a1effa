//! Supply: the two-step floating catchment area method (2SFCA; Luo and Wang 2003, Environment and Planning B 30,
//! <https://doi.org/10.1068/b29120>).

use crate::coverage::{Column, Coverage, Judging, SelectedWalks, coverage_with_walks};
use circle_model::city::Population;
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, Milliseconds};
use circle_reach::{Cancel, Cancelled, Network};

/// Catchment of a column that is not judged by time, in minutes.
const USUAL_MINUTES: u32 = 15;

/// Supply in every column with a facility of known capacity.
#[derive(Debug, Clone, Default)]
pub struct Supply {
    /// In the order of the columns.
    pub columns: Vec<SupplyColumn>,
}

/// Supply in one column.
#[derive(Debug, Clone)]
pub struct SupplyColumn {
    /// Column of the coverage table.
    pub column: usize,
    /// The catchment, in minutes.
    pub minutes: u32,
    /// Facilities whose capacity is known, ascending.
    pub facilities: Vec<Catchment>,
    /// Number of facilities of unknown capacity, which are left out.
    pub without_capacity: usize,
    /// Capacity per 1,000 residents, by compound; `None` if the compound has no usable gate, or only facilities of
    /// unknown capacity in its catchment.
    pub per_thousand: Vec<Option<f64>>,
    /// Number of facilities of unknown capacity in the catchment, by compound: if above 0, `per_thousand` is too low.
    pub near_without_capacity: Vec<u32>,
    /// Capacity of the city per 1,000 residents who live in any of its catchments.
    pub city_per_thousand: Option<f64>,
}

/// The first step of the method: the residents that share a facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Catchment {
    /// The facility.
    pub facility: FacilityId,
    /// Its capacity, in places.
    pub capacity: f64,
    /// Residents within the catchment.
    pub residents: u64,
    /// Compounds of unknown population within the catchment.
    pub without_population: u32,
}

impl Supply {
    /// Memory of all columns, in bytes.
    pub fn bytes(&self) -> usize {
        let column = |it: &SupplyColumn| {
            size_of_val(&*it.facilities)
                + size_of_val(&*it.per_thousand)
                + size_of_val(&*it.near_without_capacity)
        };
        self.columns.iter().map(column).sum()
    }
}

impl Catchment {
    /// Capacity per 1,000 residents; `None` without known residents in the catchment.
    pub fn per_thousand(&self) -> Option<f64> {
        (self.residents > 0).then(|| self.capacity * 1000.0 / self.residents as f64)
    }
}

/// Judges all compounds as [`coverage`](crate::coverage()) does, and computes the supply from the same walks; empty if no
/// capacity is known.
///
/// First the capacity of each facility is shared among the residents within its catchment, then each compound adds up
/// the shares of the facilities within its own. Both steps use the same walks, from gate to access point.
///
/// # Errors
///
/// When `cancel` is cancelled.
///
/// ```
/// # use circle_model::city::{Meta, Span};
/// # use circle_model::{Catalogue, City, RuleSet};
/// # use circle_reach::testing::{Map, profile};
/// use circle_plan::{Evidence, Judging, coverage_with_supply};
/// use circle_reach::{Cancel, Network};
///
/// # let map = Map::draw(10.0, "
/// #  a  d
/// #
/// #  b  c
/// #  G----------------------------------------P").compound(0, "abcd", "G").facility("P");
/// # let catalogue = Catalogue::built_in();
/// # let mut tables = map.town.tables();
/// # tables.facility_categories = vec![catalogue.index_of("clinic").unwrap() as u8];
/// # tables.facilities[0].categories = Span { start: 0, len: 1 };
/// // A clinic with 50 places, 410 m from a compound with 1,000 residents.
/// tables.facilities[0].capacity = 50.0;
/// tables.compounds[0].population.residents = 1_000;
/// # let (profile, rules) = (profile("planning"), RuleSet::built_in().remove(0));
/// # let judging = Judging {
/// #     catalogue: &catalogue,
/// #     profile: &profile,
/// #     rules: &rules,
/// #     minutes: &[5, 10, 15],
/// #     evidence: Evidence::AS_MAPPED,
/// # };
/// let network = Network::build(&City::from_tables(tables, &Meta::default())?);
/// let (_, supply) = coverage_with_supply(&network, &judging, &Cancel::never())?;
/// assert_eq!(supply.columns[0].per_thousand, [Some(50.0)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn coverage_with_supply(
    network: &Network,
    judging: &Judging<'_>,
    cancel: &Cancel,
) -> Result<(Coverage, Supply), Cancelled> {
    let (coverage, walks) = coverage_with_walks(network, judging, walks_of_catchments, cancel)?;
    let city = network.city();
    let columns = coverage.columns.iter().enumerate().filter(|(_, column)| has_capacities(city, column));
    let columns = columns.map(|(number, column)| of_column(city, number, column, &walks)).collect();
    Ok((coverage, Supply { columns }))
}

/// The walks to all facilities of the columns with a known capacity, within the longest catchment.
fn walks_of_catchments(city: &City, columns: &[Column]) -> SelectedWalks {
    let columns = || columns.iter().filter(|column| has_capacities(city, column));
    let longest = columns().map(minutes_of).max().unwrap_or(0);
    let facilities = columns().flat_map(|column| column.facilities.iter().copied());
    SelectedWalks::to(facilities, city.facilities().len(), Milliseconds::from_minutes(longest))
}

fn has_capacity(city: &City, facility: FacilityId) -> bool {
    city.facilities()[facility.index()].capacity > 0.0
}

fn has_capacities(city: &City, column: &Column) -> bool {
    column.facilities.iter().any(|facility| has_capacity(city, *facility))
}

/// The catchment of a column, in minutes.
const fn minutes_of(column: &Column) -> u32 {
    match column.measure {
        Some(Measure::Minutes(minutes)) => minutes,
        _ => USUAL_MINUTES,
    }
}

/// Converts a number to the `f64` that its file has. 12.3 is stored as the nearest `f32`, which is not the nearest `f64`.
fn as_written(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| f64::from(number))
}

fn of_column(city: &City, number: usize, column: &Column, walks: &SelectedWalks) -> SupplyColumn {
    let (facilities, others): (Vec<FacilityId>, Vec<FacilityId>) =
        column.facilities.iter().copied().partition(|facility| has_capacity(city, *facility));
    let minutes = minutes_of(column);
    let limit = Milliseconds::from_minutes(minutes);
    let compounds = || (0..city.compounds().len() as u32).map(CompoundId);
    // Rows of `facilities` in the catchment of a compound.
    let in_catchment = |compound: CompoundId| -> Vec<usize> {
        let near = walks.within(compound, limit).unwrap_or_default().iter();
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
    for (id, compound) in compounds().zip(city.compounds()) {
        let near = in_catchment(id);
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
    let near_without_capacity: Vec<u32> = compounds()
        .map(|compound| {
            let near = walks.within(compound, limit).unwrap_or_default().iter();
            near.filter(|it| others.binary_search(&it.facility).is_ok()).count() as u32
        })
        .collect();
    let per_thousand = compounds()
        .zip(&near_without_capacity)
        .map(|(compound, others)| {
            walks.within(compound, limit)?;
            // In the order of the facilities, so that the sum does not depend on the order of equally long walks.
            let mut near = in_catchment(compound);
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
        column: number,
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
    fn capacities_have_the_digits_of_the_file() {
        assert_eq!([12.3f32, 8.0, 0.1].map(|it| super::as_written(it).to_string()), ["12.3", "8", "0.1"]);
    }
}
