//! The rows of each collection, with the fields that their keys depend on.

use crate::compounds::FinishedCompound;
use crate::facilities::{DraftCandidate, EnteredFacility};
use crate::gates::DraftGate;
use crate::keys::KeyRow;
use crate::network::BaseMap;
use crate::own::{DraftOrigin, osm_of};
use crate::population::DraftBuilding;
use crate::units::DraftUnit;
use circle_model::city::{KeyOf, OsmKind};

/// The collections whose rows have keys.
#[derive(Clone, Copy)]
pub(crate) struct KeyedCollections<'a> {
    pub(crate) compounds: &'a [FinishedCompound],
    pub(crate) gates: &'a [DraftGate],
    pub(crate) facilities: &'a [EnteredFacility],
    pub(crate) units: &'a [DraftUnit],
    pub(crate) candidates: &'a [DraftCandidate],
    pub(crate) buildings: &'a [DraftBuilding],
    /// The features that buildings refer to.
    pub(crate) map: &'a BaseMap<'a>,
}

const NO_OBJECT: (OsmKind, i64) = (OsmKind::None, 0);

impl<'a> KeyedCollections<'a> {
    /// The rows of a collection, in order.
    pub(crate) fn rows(self, of: KeyOf) -> Vec<KeyRow<'a>> {
        match of {
            KeyOf::Compound => self.compounds.iter().map(compound).collect(),
            KeyOf::Gate => self.gates.iter().map(gate).collect(),
            KeyOf::Facility => self.facilities.iter().map(facility).collect(),
            KeyOf::Unit => self.units.iter().map(unit).collect(),
            KeyOf::Candidate => self.candidates.iter().map(candidate).collect(),
            KeyOf::Building => self.buildings.iter().map(|it| building(it, self.map)).collect(),
        }
    }
}

/// Own file and row of the first record.
fn first(origins: &[DraftOrigin]) -> (u32, u32) {
    origins.first().map_or((0, 0), |origin| (origin.source, origin.row))
}

fn text(text: Option<&str>) -> &str {
    text.unwrap_or_default()
}

fn compound(finished: &FinishedCompound) -> KeyRow<'_> {
    let compound = &finished.compound;
    KeyRow {
        key: finished.key.as_deref(),
        object: osm_of(&compound.origins),
        name: &finished.name,
        point: compound.point,
        from: first(&compound.origins),
    }
}

fn gate(gate: &DraftGate) -> KeyRow<'_> {
    KeyRow {
        key: gate.key.as_deref(),
        object: (OsmKind::Node, gate.node),
        name: text(gate.name.as_deref()),
        point: gate.point,
        from: (gate.source, gate.row),
    }
}

fn facility(entered: &EnteredFacility) -> KeyRow<'_> {
    let facility = &entered.facility;
    KeyRow {
        key: entered.key.as_deref(),
        object: osm_of(&facility.origins),
        name: text(facility.name.as_deref()),
        point: facility.point,
        from: first(&facility.origins),
    }
}

fn unit(unit: &DraftUnit) -> KeyRow<'_> {
    KeyRow {
        key: unit.key.as_deref(),
        object: (unit.osm_kind, unit.osm_id),
        name: text(unit.name.as_deref()),
        point: unit.point,
        from: (unit.source, unit.row),
    }
}

fn candidate(candidate: &DraftCandidate) -> KeyRow<'_> {
    let record = &candidate.record;
    KeyRow {
        key: Some(candidate.key.as_str()).filter(|key| !key.is_empty()),
        object: NO_OBJECT,
        name: text(record.name.as_deref()),
        point: record.point,
        from: (record.source, record.row),
    }
}

fn building<'a>(building: &'a DraftBuilding, map: &BaseMap<'_>) -> KeyRow<'a> {
    let feature = building.feature.and_then(|id| map.features.get(id.index()));
    KeyRow {
        key: building.key.as_deref(),
        object: feature.map_or(NO_OBJECT, |feature| (feature.osm_kind, feature.osm_id)),
        name: text(building.name.as_deref()),
        point: building.point,
        // Buildings of own files are in the order of their rows.
        from: (0, 0),
    }
}
