//! Population: own counts of compounds, own counts of buildings added up, else an estimate from the map's
//! residential buildings, scaled to the census if a whole district lies in the data.

mod districts;
mod draft;
mod estimate;
mod mapped;
mod own_counts;

pub(crate) use draft::{CompoundPopulation, DraftBuilding};

use crate::compounds::Compounds;
use crate::network::BaseMap;
use crate::own::{OwnPeople, Report};
use crate::scan::Located;
use crate::units::DraftUnit;
use circle_model::city::{CensusDistrict, PopulationFrom};
use districts::Districts;

/// The residents of compounds and buildings.
#[derive(Debug, Default)]
pub(crate) struct PopulationResult {
    /// By compound.
    pub(crate) of_compounds: Vec<CompoundPopulation>,
    /// Sorted by compound; buildings in no compound are last.
    pub(crate) buildings: Vec<DraftBuilding>,
    /// Districts of the census in the data.
    pub(crate) census: Vec<CensusDistrict>,
}

/// Counts or estimates the residents of compounds and buildings.
pub(crate) fn find(
    located: &Located,
    map: &BaseMap<'_>,
    compounds: &Compounds,
    units: &[DraftUnit],
    own: Vec<OwnPeople>,
    report: &mut Report<'_>,
) -> PopulationResult {
    let list = &compounds.list;
    let districts = Districts::new(units, list);
    let mut buildings = mapped::residential(map, located, list, &districts);
    let mut counts: Vec<CompoundPopulation> =
        list.iter().map(|compound| CompoundPopulation::counted(compound.population)).collect();
    let sums = own_counts::add(&mut buildings, &mut counts, compounds, own, report);
    for (number, population) in sums {
        if counts[number].from == PopulationFrom::Unknown {
            counts[number] = CompoundPopulation { population, from: PopulationFrom::Buildings };
        }
    }
    for (number, count) in counts.iter_mut().enumerate() {
        estimate::complete(count, districts.household_size(number));
    }
    let census = districts.scale(units, &mut buildings, &counts);
    estimate::estimate(&buildings, &mut counts);
    for (number, count) in counts.iter_mut().enumerate() {
        districts.add_ages(number, &mut count.population);
    }
    estimate::distribute(&mut buildings, &counts);
    buildings.sort_by_key(DraftBuilding::order);
    PopulationResult { of_compounds: counts, buildings, census }
}
