//! A unit before it is written, and units by their outlines.

use crate::geometry::{Area, Boxes};
use crate::scan::Described;
use circle_model::city::{OsmKind, Unit};
use circle_model::coordinates::Bounds;
use circle_model::{Point, UnitId};
use std::cmp::Reverse;

/// A unit.
#[derive(Debug)]
pub(crate) struct DraftUnit {
    pub(crate) osm_id: i64,
    pub(crate) osm_kind: OsmKind,
    /// The key of its row in an own file; `None` for units of the map.
    pub(crate) key: Option<String>,
    /// Number of its own file, from 1; 0 for the map.
    pub(crate) source: u32,
    /// Its row there.
    pub(crate) row: u32,
    /// OSM's `admin_level`.
    pub(crate) level: u8,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) code: Option<Box<str>>,
    /// Residents of the whole unit in the tags of the map.
    pub(crate) residents: Option<u32>,
    /// Label point, inside the outline.
    pub(crate) point: Point,
    pub(crate) bounds: Bounds,
    pub(crate) square_metres: f32,
    pub(crate) area: Area,
    /// Whether the edge of the extract cuts its boundary.
    pub(crate) clipped: bool,
    /// The unit above it.
    pub(crate) parent: Option<UnitId>,
    /// Code of its county in the census.
    pub(crate) census: Option<u32>,
}

#[cfg(test)]
impl DraftUnit {
    /// A unit of a level without name and outline, for tests.
    pub(crate) fn of_level(level: u8) -> Self {
        Self {
            osm_id: 0,
            osm_kind: OsmKind::None,
            key: None,
            source: 0,
            row: 0,
            level,
            name: None,
            name_en: None,
            code: None,
            residents: None,
            point: Point::default(),
            bounds: Bounds::EMPTY,
            square_metres: 0.0,
            area: Area::default(),
            clipped: false,
            parent: None,
            census: None,
        }
    }
}

/// A boundary, possibly without an outline.
pub(super) struct FoundUnit {
    pub(super) osm_id: i64,
    pub(super) osm_kind: OsmKind,
    /// The key of its row in an own file; `None` for units of the map.
    pub(super) key: Option<String>,
    pub(super) source: u32,
    pub(super) row: u32,
    pub(super) level: u8,
    pub(super) name: Option<Box<str>>,
    pub(super) name_en: Option<Box<str>>,
    pub(super) code: Option<Box<str>>,
    /// Residents in the tags of the map.
    pub(super) population: Option<u32>,
    /// The unit above it by name or code, in its own file.
    pub(super) parent: Option<Box<str>>,
    pub(super) area: Area,
    pub(super) clipped: bool,
}

impl FoundUnit {
    /// A whole unit of the map, without its area.
    pub(super) fn mapped(osm_kind: OsmKind, osm_id: i64, level: u8, described: &Described) -> Self {
        Self {
            osm_id,
            osm_kind,
            key: None,
            source: 0,
            row: 0,
            level,
            name: described.name.clone(),
            name_en: described.name_en.clone(),
            code: described.code.clone(),
            population: described.population,
            parent: None,
            area: Area::default(),
            clipped: false,
        }
    }
}

/// The units of a place, by level 区, 街道, 社区, 网格.
pub(crate) type UnitsByLevel = [Option<UnitId>; 4];

/// Units by their outlines.
#[derive(Debug)]
pub(crate) struct UnitIndex<'a> {
    units: &'a [DraftUnit],
    boxes: Boxes,
}

impl<'a> UnitIndex<'a> {
    pub(crate) fn new(units: &'a [DraftUnit]) -> Self {
        Self { units, boxes: Boxes::new(units.iter().map(|unit| unit.bounds)) }
    }

    /// The units that contain `point`, by level.
    pub(crate) fn by_level(&self, point: Point) -> UnitsByLevel {
        let held = self.containing(point);
        let unit = |levels: &[u8]| self.lowest(&held, |level| levels.contains(&level));
        [unit(&[5, 6, 7]), unit(&[8]), unit(&[9, 10, 11]), unit(&[Unit::GRID])]
    }

    /// The lowest and smallest unit of an accepted level that contains `point`.
    pub(crate) fn smallest(&self, point: Point, accepts: impl Fn(u8) -> bool) -> Option<UnitId> {
        self.lowest(&self.containing(point), accepts)
    }

    /// The lowest and smallest unit with residents in the tags of the map that contains `point`.
    pub(crate) fn smallest_counted(&self, point: Point) -> Option<UnitId> {
        let mut held = self.containing(point);
        held.retain(|id| self.units[id.index()].residents.is_some());
        self.lowest(&held, |_| true)
    }

    /// The units whose outlines contain `point`, ascending.
    fn containing(&self, point: Point) -> Vec<UnitId> {
        let held = self.boxes.at(point).into_iter().map(UnitId);
        held.filter(|id| self.units[id.index()].area.contains(point)).collect()
    }

    fn lowest(&self, held: &[UnitId], accepts: impl Fn(u8) -> bool) -> Option<UnitId> {
        let accepted = held.iter().copied().filter(|id| accepts(self.units[id.index()].level));
        accepted.min_by_key(|id| {
            let unit = &self.units[id.index()];
            (Reverse(unit.level), unit.square_metres as u64)
        })
    }
}
