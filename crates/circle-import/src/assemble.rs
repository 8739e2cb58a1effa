//! Assembles the city's tables from the outputs of the stages. Only this module makes rows and writes tables,
//! with two exceptions:
//! - rows of slopes and zones are made by functions of `circle_model` and arrive here finished;
//! - keys that were made unique replace those of rows already written, because the texts of such keys come
//!   after all other texts of a city file (`remarks::write_keys`).

mod map;
mod places;
mod remarks;
mod texts;
mod writer;

use crate::compounds::FinishedCompound;
use crate::facilities::{DraftCandidate, EnteredFacility};
use crate::gates::Gates;
use crate::keys::SettledKeys;
use crate::network::{BaseMap, Network, Slopes};
use crate::opening_hours::DraftHours;
use crate::own::DraftFinding;
use crate::population::{CompoundPopulation, DraftBuilding};
use crate::units::{DraftUnit, UnitsByLevel};
use crate::zones::Zones;
use circle_model::city::{CityTables, EdgeEndFlags};
use places::CompoundParts;
use writer::Writer;

/// The outputs of the stages.
#[derive(Debug)]
pub(crate) struct Drafts<'a> {
    pub(crate) map: BaseMap<'a>,
    pub(crate) network: Network,
    /// Crossings, waits and barriers at `from` and `to` of every edge.
    pub(crate) ends: Vec<[EdgeEndFlags; 2]>,
    pub(crate) slopes: Slopes,
    pub(crate) zones: Zones,
    pub(crate) gates: Gates,
    pub(crate) facilities: Vec<EnteredFacility>,
    pub(crate) units_of_facilities: Vec<UnitsByLevel>,
    pub(crate) units: Vec<DraftUnit>,
    pub(crate) buildings: Vec<DraftBuilding>,
    pub(crate) candidates: Vec<DraftCandidate>,
    pub(crate) compounds: Vec<FinishedCompound>,
    pub(crate) units_of_compounds: Vec<UnitsByLevel>,
    pub(crate) population_of_compounds: Vec<CompoundPopulation>,
    pub(crate) hours: Vec<DraftHours>,
    pub(crate) findings: Vec<DraftFinding>,
    pub(crate) keys: SettledKeys,
}

/// Writes all tables. Texts, points and rings are stored in the order of these calls.
pub(crate) fn assemble(drafts: Drafts<'_>) -> CityTables {
    let mut writer = Writer::default();
    map::write_map(&mut writer, drafts.map);
    map::write_network(&mut writer, drafts.network, &drafts.ends, drafts.slopes, &drafts.zones);
    drafts.gates.list.iter().for_each(|gate| places::write_gate(&mut writer, gate));
    for (facility, units) in drafts.facilities.iter().zip(drafts.units_of_facilities) {
        places::write_facility(&mut writer, facility, units);
    }
    drafts.units.iter().for_each(|unit| places::write_unit(&mut writer, unit));
    drafts.buildings.iter().for_each(|building| places::write_building(&mut writer, building));
    drafts.candidates.iter().for_each(|candidate| places::write_candidate(&mut writer, candidate));
    for (number, compound) in drafts.compounds.iter().enumerate() {
        let parts = CompoundParts {
            gates: drafts.gates.of_compounds[number],
            judged: drafts.zones.judged[number],
            units: drafts.units_of_compounds[number],
            population: drafts.population_of_compounds[number],
        };
        places::write_compound(&mut writer, compound, &parts);
    }
    remarks::write_hours(&mut writer, &drafts.hours);
    remarks::write_findings(&mut writer, &drafts.findings);
    remarks::write_keys(&mut writer, &drafts.keys);
    writer.finish()
}
