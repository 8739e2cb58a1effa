//! Facilities of the map.

use super::draft::DraftFacility;
use crate::geometry::label_point;
use crate::own::DraftOrigin;
use crate::scan::Located;
use circle_model::city::OsmKind;

/// Appends the facilities of the map. Returns the count of those without shape.
pub(super) fn find(places: &mut Vec<DraftFacility>, located: &Located) -> u64 {
    for node in &located.scan.nodes {
        if let Some(classified) = node.facility.as_deref() {
            let origin = DraftOrigin::mapped(OsmKind::Node, node.id, node.point, node.name.as_deref());
            places.push(DraftFacility::mapped(origin, node.name_en.as_deref(), classified));
        }
    }
    let ways = located.scan.ways.iter().filter_map(|way| {
        let described = way.described.as_deref()?;
        let classified = described.facility.as_deref()?;
        let line = located.runs(way).next().map(|run| located.points(run)).unwrap_or_default();
        Some((way.id, OsmKind::Way, described, classified, located.way_area(way), line))
    });
    let relations = located.scan.relations.iter().filter_map(|relation| {
        let classified = relation.described.facility.as_deref()?;
        let area = located.relation_area(relation).0;
        Some((relation.id, OsmKind::Relation, &*relation.described, classified, area, Vec::new()))
    });
    let mut without_shape = 0;
    for (osm_id, osm_kind, described, classified, area, line) in ways.chain(relations) {
        let middle = || line.get(line.len() / 2).copied();
        let Some(point) = label_point(&area.polygons).or_else(middle) else {
            without_shape += 1;
            continue;
        };
        let origin = DraftOrigin::mapped(osm_kind, osm_id, point, described.name.as_deref());
        let (of_building, public) = (described.of_building, described.public);
        let place = DraftFacility::mapped(origin, described.name_en.as_deref(), classified);
        places.push(DraftFacility { area, line, of_building, public, ..place });
    }
    without_shape
}
