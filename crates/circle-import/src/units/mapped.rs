//! Units of the map. A boundary that the edge of the extract cuts is closed along the extract's bounding box,
//! and the unit is marked as clipped.

use super::draft::FoundUnit;
use crate::geometry::{close_along_box, label_point};
use crate::scan::Located;
use circle_model::Point;
use circle_model::city::OsmKind;
use circle_model::coordinates::Bounds;

/// Levels of units within a city, from the districts of a prefecture down.
const LEVELS: std::ops::RangeInclusive<u8> = 5..=11;

/// The boundaries of the map: ways, whole relations, then relations that the edge of the extract cuts.
pub(super) fn find(located: &Located, extract: Bounds) -> Vec<FoundUnit> {
    let mut found = Vec::new();
    for way in &located.scan.ways {
        let Some(described) = way.described.as_deref() else { continue };
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        let (kind, area) = (OsmKind::Way, located.way_area(way));
        found.push(FoundUnit { area, ..FoundUnit::mapped(kind, way.id, level, described) });
    }
    let mut cut = Vec::new();
    for relation in &located.scan.relations {
        let described = &relation.described;
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        let (area, missing) = located.relation_area(relation);
        let clipped = missing > 0 || !area.open.is_empty();
        let unit = FoundUnit {
            area,
            clipped,
            ..FoundUnit::mapped(OsmKind::Relation, relation.id, level, described)
        };
        if clipped { cut.push(unit) } else { found.push(unit) }
    }
    // Units of one level do not overlap, so a cut unit contains no label point of a whole unit.
    let whole: Vec<(u8, Point)> =
        found.iter().filter_map(|unit| Some((unit.level, label_point(&unit.area.polygons)?))).collect();
    for unit in cut {
        let others: Vec<Point> =
            whole.iter().filter(|(level, _)| *level == unit.level).map(|(_, point)| *point).collect();
        let inside = places_named_after(located, unit.name.as_deref());
        found.push(FoundUnit { area: close_along_box(unit.area, extract, &inside, &others), ..unit });
    }
    found
}

/// Place names that begin with the name of a unit.
fn places_named_after(located: &Located, name: Option<&str>) -> Vec<Point> {
    let Some(name) = name else { return Vec::new() };
    let stem = name.trim_end_matches("街道").trim_end_matches('区').trim_end_matches('镇');
    let is_named = |other: &str| !stem.is_empty() && other.starts_with(stem);
    let nodes = located.scan.nodes.iter().filter(|node| node.place.is_some());
    nodes.filter(|node| node.name.as_deref().is_some_and(is_named)).map(|node| node.point).collect()
}
