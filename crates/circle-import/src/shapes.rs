//! Rings and lines on their way into the city's tables.

use crate::areas::Area;
use crate::texts::Texts;
use circle_model::Point;
use circle_model::city::{CityTables, Ring, RingRole, Span};

/// The tables under construction.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) tables: CityTables,
    pub(crate) texts: Texts,
    /// Residents of each unit as the map says; 0 where it does not, or the unit is cut.
    pub(crate) unit_residents: Vec<u32>,
}

impl Draft {
    /// Adds points to the table of coordinates.
    pub(crate) fn line(&mut self, points: &[Point]) -> Span {
        let start = self.tables.points.len() as u32;
        self.tables.points.extend_from_slice(points);
        Span { start, len: points.len() as u32 }
    }

    /// Adds one ring, line or point.
    pub(crate) fn ring(&mut self, points: &[Point], role: RingRole) {
        let line = self.line(points);
        self.tables.rings.push(Ring { line, role: u32::from(role.code()) });
    }

    /// Adds the polygons of an area, outer rings counter-clockwise and holes clockwise.
    pub(crate) fn polygons(&mut self, area: &Area) -> Span {
        let start = self.tables.rings.len() as u32;
        for polygon in &area.polygons {
            for (number, ring) in polygon.iter().enumerate() {
                let role = if number == 0 { RingRole::Outer } else { RingRole::Inner };
                let counter_clockwise = crate::areas::twice_area(ring) > 0;
                if counter_clockwise == (number == 0) {
                    self.ring(ring, role);
                } else {
                    self.ring(&ring.iter().rev().copied().collect::<Vec<_>>(), role);
                }
            }
        }
        Span { start, len: self.tables.rings.len() as u32 - start }
    }
}
