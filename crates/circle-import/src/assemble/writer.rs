//! The tables while they are written.

use super::texts::Texts;
use crate::geometry::{Area, Shapes, StoredRing};
use crate::own::DraftOrigin;
use circle_model::UnitId;
use circle_model::city::{CityTables, KeyOf, Ring, SourceRecord, Span, Text};

/// The tables, with the texts and shapes that rows refer to. Texts and shapes are stored in the order in
/// which they are added, so the order of calls decides the bytes of the city file.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) tables: CityTables,
    pub(super) texts: Texts,
    pub(super) shapes: Shapes,
}

/// Marks a missing row number in packed rows.
const NO_ROW: u32 = u32::MAX;

/// A row number as packed rows store it.
pub(super) fn row_or_none(row: Option<u32>) -> u32 {
    row.unwrap_or(NO_ROW)
}

pub(super) fn unit_rows(units: [Option<UnitId>; 4]) -> [u32; 4] {
    units.map(|unit| row_or_none(unit.map(|id| id.0)))
}

impl Writer {
    pub(super) fn polygons(&mut self, area: &Area) -> Span {
        self.shapes.add_polygons(area)
    }

    /// Writes the records that a place is made from.
    pub(super) fn origins(&mut self, origins: &[DraftOrigin]) -> Span {
        let start = self.tables.origins.len() as u32;
        for origin in origins {
            let row = SourceRecord {
                osm_id: origin.osm_id,
                point: origin.point,
                name: self.texts.add_some(origin.name.as_deref()),
                reference: self.texts.add_some(origin.reference.as_deref()),
                source: origin.source,
                row: origin.row,
                distance_metres: origin.distance_metres as f32,
                osm_kind: origin.osm_kind.code(),
                joined: origin.joined.code(),
                spare: [0; 2],
            };
            self.tables.origins.push(row);
        }
        Span { start, len: origins.len() as u32 }
    }

    pub(super) fn key_mut(&mut self, of: KeyOf, at: usize) -> &mut Text {
        let tables = &mut self.tables;
        match of {
            KeyOf::Compound => &mut tables.compounds[at].key,
            KeyOf::Gate => &mut tables.gates[at].key,
            KeyOf::Facility => &mut tables.facilities[at].key,
            KeyOf::Unit => &mut tables.units[at].key,
            KeyOf::Candidate => &mut tables.candidates[at].key,
            KeyOf::Building => &mut tables.buildings[at].key,
        }
    }

    /// Returns the tables.
    pub(super) fn finish(self) -> CityTables {
        let ring = |ring: StoredRing| Ring { line: ring.line, role: u32::from(ring.role.code()) };
        CityTables {
            texts: self.texts.bytes,
            points: self.shapes.points,
            rings: self.shapes.rings.into_iter().map(ring).collect(),
            ..self.tables
        }
    }
}
