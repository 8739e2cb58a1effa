//! Writes gates, facilities, units, buildings, candidates and compounds.

use super::writer::{Writer, row_or_none, unit_rows};
use crate::compounds::FinishedCompound;
use crate::facilities::{DraftCandidate, EnteredFacility};
use crate::gates::DraftGate;
use crate::geometry::polygons_square_metres;
use crate::own::osm_of;
use crate::population::{CompoundPopulation, DraftBuilding};
use crate::units::{DraftUnit, UnitsByLevel};
use crate::zones::Judged;
use circle_model::city::{Access, Building, Candidate, Compound, Facility, Gate, Span, Unit};

pub(super) fn write_gate(writer: &mut Writer, gate: &DraftGate) {
    let row = Gate {
        osm_id: gate.node,
        point: gate.point,
        name: writer.texts.add_some(gate.name.as_deref()),
        key: writer.texts.add_some(gate.key.as_deref()),
        compound: gate.compound,
        provenance: gate.provenance.code(),
        locked: u8::from(gate.locked),
        spare: [0; 2],
        source: gate.source,
        row: gate.row,
    };
    writer.tables.gates.push(row);
}

pub(super) fn write_facility(writer: &mut Writer, entered: &EnteredFacility, units: UnitsByLevel) {
    let facility = &entered.facility;
    let start = writer.tables.access_points.len() as u32;
    let access = entered.access.iter().map(|it| Access { point: it.point, kind: u32::from(it.kind.code()) });
    writer.tables.access_points.extend(access);
    let access = Span { start, len: entered.access.len() as u32 };
    let start = writer.tables.facility_categories.len() as u32;
    writer.tables.facility_categories.extend_from_slice(&facility.classified.categories);
    let categories = Span { start, len: facility.classified.categories.len() as u32 };
    let (osm_kind, osm_id) = osm_of(&facility.origins);
    let row = Facility {
        osm_id,
        point: facility.point,
        name: writer.texts.add_some(facility.name.as_deref()),
        name_en: writer.texts.add_some(facility.name_en.as_deref()),
        key: writer.texts.add_some(entered.key.as_deref()),
        access,
        categories,
        origins: writer.origins(&facility.origins),
        units: unit_rows(units),
        area_square_metres: polygons_square_metres(&facility.area.polygons) as f32,
        capacity: facility.capacity,
        osm_kind: osm_kind.code(),
        confidence_percent: facility.classified.confidence_percent,
        channel: facility.classified.channel.code(),
        flags: facility.classified.flags,
        // Counted from 1.
        only_for: entered.only_for.map_or(0, |id| id.0 + 1),
        spare: [0; 8],
    };
    writer.tables.facilities.push(row);
}

pub(super) fn write_unit(writer: &mut Writer, unit: &DraftUnit) {
    let rings = writer.polygons(&unit.area);
    let row = Unit {
        osm_id: unit.osm_id,
        bounds: unit.bounds,
        point: unit.point,
        name: writer.texts.add_some(unit.name.as_deref()),
        name_en: writer.texts.add_some(unit.name_en.as_deref()),
        key: writer.texts.add_some(unit.key.as_deref()),
        rings,
        parent: row_or_none(unit.parent.map(|id| id.0)),
        area_square_metres: unit.square_metres,
        code: writer.texts.add_some(unit.code.as_deref()),
        source: unit.source,
        row: unit.row,
        census: unit.census.unwrap_or(0),
        admin_level: unit.level,
        clipped: u8::from(unit.clipped),
        osm_kind: unit.osm_kind.code(),
        spare: 0,
    };
    writer.tables.units.push(row);
}

/// Marks an unknown count in packed rows.
const UNKNOWN: f32 = -1.0;

pub(super) fn write_building(writer: &mut Writer, building: &DraftBuilding) {
    let row = Building {
        point: building.point,
        name: writer.texts.add_some(building.name.as_deref()),
        key: writer.texts.add_some(building.key.as_deref()),
        feature: row_or_none(building.feature.map(|id| id.0)),
        compound: row_or_none(building.compound.map(|id| id.0)),
        residents: building.residents.unwrap_or(UNKNOWN),
        residents_low: building.residents_low.unwrap_or(UNKNOWN),
        residents_high: building.residents_high.unwrap_or(UNKNOWN),
        households: building.households.unwrap_or(UNKNOWN),
        levels: building.levels,
        population_from: building.from.code(),
        levels_assumed: u8::from(building.levels_assumed),
        spare: [0; 2],
    };
    writer.tables.buildings.push(row);
}

pub(super) fn write_candidate(writer: &mut Writer, candidate: &DraftCandidate) {
    let record = &candidate.record;
    let row = Candidate {
        point: record.point,
        name: writer.texts.add_some(record.name.as_deref()),
        key: writer.texts.add(&candidate.key),
        rings: writer.polygons(&record.area),
        note: writer.texts.add_some(candidate.note.as_deref()),
        area_square_metres: polygons_square_metres(&record.area.polygons) as f32,
        source: record.source,
        row: record.row,
        compound: row_or_none(candidate.compound.map(|id| id.0)),
    };
    writer.tables.candidates.push(row);
}

/// The outputs of other stages for a compound.
#[derive(Debug, Clone, Copy)]
pub(super) struct CompoundParts {
    pub(super) gates: Span,
    pub(super) judged: Judged,
    pub(super) units: UnitsByLevel,
    pub(super) population: CompoundPopulation,
}

pub(super) fn write_compound(writer: &mut Writer, finished: &FinishedCompound, parts: &CompoundParts) {
    let compound = &finished.compound;
    let rings = writer.polygons(&compound.area);
    let (osm_kind, osm_id) = osm_of(&compound.origins);
    let CompoundParts { gates, judged, units, population } = *parts;
    let row = Compound {
        osm_id,
        point: compound.point,
        name: writer.texts.add(&finished.name),
        name_en: writer.texts.add_some(compound.name_en.as_deref()),
        key: writer.texts.add_some(finished.key.as_deref()),
        rings,
        gates,
        area_square_metres: compound.square_metres as f32,
        zone: judged.zone,
        units: unit_rows(units),
        origins: writer.origins(&compound.origins),
        population: population.population,
        osm_kind: osm_kind.code(),
        closed: u8::from(judged.closed),
        evidence: judged.evidence.code(),
        generated_name: u8::from(finished.is_name_generated),
        population_from: population.from.code(),
        spare: [0; 3],
    };
    writer.tables.compounds.push(row);
}
