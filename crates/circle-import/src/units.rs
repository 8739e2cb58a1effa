//! District units 区, 街道, 社区, from administrative boundaries. Where the extract cuts a boundary, the cut
//! ends are joined along the extract's box and the unit is marked as clipped.

use crate::areas::{Area, label_point, polygons_square_metres};
use crate::clip::close_along_box;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::{OsmKind, Unit, ring_contains};
use circle_model::coordinates::Bounds;

/// Levels of units that hold anything of a city: from the prefecture's districts down.
const LEVELS: std::ops::RangeInclusive<u8> = 5..=11;

struct Found<'a> {
    osm_id: i64,
    osm_kind: OsmKind,
    level: u8,
    name: Option<&'a str>,
    name_en: Option<&'a str>,
    area: Area,
    clipped: bool,
}

/// Writes the units, by level and OSM id; says how many have no outline.
pub(crate) fn write(draft: &mut Draft, located: &Located, extract: Bounds) -> u64 {
    let mut without_outline = 0;
    let mut found = Vec::new();
    for way in &located.scan.ways {
        let Some(described) = way.described.as_deref() else { continue };
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        found.push(Found {
            osm_id: way.id,
            osm_kind: OsmKind::Way,
            level,
            name: described.name.as_deref(),
            name_en: described.name_en.as_deref(),
            area: located.way_area(way),
            clipped: false,
        });
    }
    for relation in &located.scan.relations {
        let described = &relation.described;
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        let (area, missing) = located.relation_area(relation);
        let clipped = missing > 0 || !area.open.is_empty();
        let area = if clipped {
            close_along_box(area, extract, &places_called(located, described.name.as_deref()))
        } else {
            area
        };
        found.push(Found {
            osm_id: relation.id,
            osm_kind: OsmKind::Relation,
            level,
            name: described.name.as_deref(),
            name_en: described.name_en.as_deref(),
            area,
            clipped,
        });
    }
    found.sort_by_key(|unit| (unit.level, unit.osm_kind, unit.osm_id));
    for unit in &found {
        let Some(point) = label_point(&unit.area.polygons) else {
            without_outline += 1;
            continue;
        };
        let rings = draft.polygons(&unit.area);
        let row = Unit {
            osm_id: unit.osm_id,
            bounds: Bounds::of(unit.area.polygons.iter().flatten().flatten().copied()),
            point,
            name: draft.texts.add_some(unit.name),
            name_en: draft.texts.add_some(unit.name_en),
            rings,
            parent: u32::MAX,
            area_square_metres: polygons_square_metres(&unit.area.polygons) as f32,
            admin_level: unit.level,
            clipped: u8::from(unit.clipped),
            osm_kind: unit.osm_kind.code(),
            spare: [0; 5],
        };
        draft.tables.units.push(row);
    }
    let holders = Holders::new(draft);
    let parents: Vec<u32> = draft
        .tables
        .units
        .iter()
        .map(|unit| holders.smallest(draft, unit.point, |level| level < unit.admin_level))
        .collect();
    draft.tables.units.iter_mut().zip(parents).for_each(|(unit, parent)| unit.parent = parent);
    without_outline
}

/// Finds the units that hold a place.
#[derive(Debug)]
pub(crate) struct Holders(Boxes);

impl Holders {
    pub(crate) fn new(draft: &Draft) -> Self {
        Self(Boxes::of(draft.tables.units.iter().map(|unit| unit.bounds)))
    }

    /// The lowest and smallest unit of an accepted level that holds `point`; `u32::MAX` for none.
    pub(crate) fn smallest(&self, draft: &Draft, point: Point, accepts: impl Fn(u8) -> bool) -> u32 {
        let tables = &draft.tables;
        let contains = |number: &u32| {
            let rings = &tables.rings[tables.units[*number as usize].rings.range()];
            let holds =
                |ring: &&circle_model::city::Ring| ring_contains(&tables.points[ring.line.range()], point);
            rings.iter().filter(holds).count() % 2 == 1
        };
        let rank = |number: &u32| {
            let unit = &tables.units[*number as usize];
            (std::cmp::Reverse(unit.admin_level), unit.area_square_metres as u64)
        };
        let held =
            self.0.at(point).into_iter().filter(|number| accepts(tables.units[*number as usize].admin_level));
        held.filter(contains).min_by_key(rank).unwrap_or(u32::MAX)
    }
}

/// Place names that begin as the unit's does.
fn places_called(located: &Located, name: Option<&str>) -> Vec<Point> {
    let Some(name) = name else { return Vec::new() };
    let stem = name.trim_end_matches("街道").trim_end_matches('区').trim_end_matches('镇');
    let called = |other: &str| !stem.is_empty() && other.starts_with(stem);
    let nodes = located.scan.nodes.iter().filter(|node| node.place.is_some());
    nodes.filter(|node| node.name.as_deref().is_some_and(called)).map(|node| node.point).collect()
}
