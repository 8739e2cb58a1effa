//! Compounds of the map, one for each real place.

use super::draft::DraftCompound;
use crate::classify::Classifier;
use crate::geometry::{Area, is_too_large, label_point, polygons_square_metres};
use crate::own::DraftOrigin;
use crate::scan::Located;
use circle_model::city::{Joined, OsmKind, Population};
use circle_model::coordinates::Bounds;
use std::collections::{BTreeMap, HashMap};

/// Counts of areas and places that did not become compounds.
#[derive(Debug, Default, Clone)]
pub(crate) struct SkippedCompounds {
    pub(crate) without_outline: u64,
    pub(crate) too_large: u64,
    pub(crate) duplicates: u64,
    /// Areas whose name is not that of a compound, by the catalogue's reason.
    pub(crate) without_homes: BTreeMap<String, u64>,
}

/// The compounds of the map, by OSM kind and id.
pub(super) fn find(located: &Located, classifier: &Classifier) -> (Vec<DraftCompound>, SkippedCompounds) {
    let mut skipped = SkippedCompounds::default();
    let mut found = Vec::new();
    let scan = &located.scan;
    for node in &scan.nodes {
        if let Some(tags) = node.compound {
            found.push(DraftCompound {
                origins: vec![DraftOrigin::mapped(OsmKind::Node, node.id, node.point, node.name.as_deref())],
                name: node.name.clone(),
                name_en: node.name_en.clone(),
                area: Area::default(),
                bounds: Bounds::of([node.point]),
                point: node.point,
                square_metres: 0.0,
                closed: tags.closed,
                population: Population::NONE,
            });
        }
    }
    let ways = scan.ways.iter().filter_map(|way| {
        let described = way.described.as_deref()?;
        Some((way.id, OsmKind::Way, described, described.compound?, located.way_area(way)))
    });
    let relations = scan.relations.iter().filter_map(|relation| {
        let described = &*relation.described;
        Some((
            relation.id,
            OsmKind::Relation,
            described,
            described.compound?,
            located.relation_area(relation).0,
        ))
    });
    for (osm_id, osm_kind, described, tags, area) in ways.chain(relations) {
        let Some(point) = label_point(&area.polygons) else {
            skipped.without_outline += 1;
            continue;
        };
        if is_too_large(&area.bounds()) {
            skipped.too_large += 1;
            continue;
        }
        found.push(DraftCompound {
            origins: vec![DraftOrigin::mapped(osm_kind, osm_id, point, described.name.as_deref())],
            name: described.name.clone(),
            name_en: described.name_en.clone(),
            bounds: area.bounds(),
            square_metres: polygons_square_metres(&area.polygons),
            point,
            area,
            closed: tags.closed,
            population: Population::NONE,
        });
    }
    found.retain(|compound| {
        let reason = compound.name.as_deref().and_then(|name| classifier.compound_exclusion(name));
        if let Some(reason) = reason {
            *skipped.without_homes.entry(format!("compounds_{reason}")).or_default() += 1;
        }
        reason.is_none()
    });
    skipped.duplicates = merge(&mut found);
    (found, skipped)
}

/// Merges a place name into the outline of the same name that contains it, and an outline into a larger one
/// of the same name. Returns the count of merged objects.
fn merge(found: &mut Vec<DraftCompound>) -> u64 {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, compound) in found.iter().enumerate() {
        if let Some(name) = &compound.name {
            by_name.entry(name).or_default().push(number);
        }
    }
    let mut joins: Vec<(usize, usize)> = Vec::new();
    let mut gone = vec![false; found.len()];
    for numbers in by_name.values_mut() {
        // The largest is kept, independent of the order of the objects.
        numbers.sort_by(|a, b| found[*b].square_metres.total_cmp(&found[*a].square_metres).then(a.cmp(b)));
        for (rank, &outline) in numbers.iter().enumerate() {
            if gone[outline] || !found[outline].has_outline() {
                continue;
            }
            for &other in &numbers[rank + 1..] {
                if !gone[other] && found[outline].contains(found[other].point) {
                    gone[other] = true;
                    joins.push((outline, other));
                }
            }
        }
    }
    let joined = joins.len() as u64;
    // The order must not depend on the hash map.
    joins.sort_unstable();
    for (outline, other) in joins {
        let metres = found[outline].point.distance_metres(found[other].point);
        let origins = std::mem::take(&mut found[other].origins);
        found[outline].origins.extend(origins.into_iter().map(|origin| DraftOrigin {
            joined: Joined::Inside,
            distance_metres: metres,
            ..origin
        }));
    }
    let mut gone = gone.into_iter();
    found.retain(|_| !gone.next().unwrap_or(false));
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::assemble;
    use circle_model::{Frame, LonLat, Point};

    fn compound(kind: OsmKind, id: i64, size: f64) -> DraftCompound {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]];
        let ring: Vec<Point> = corners.iter().map(|[x, y]| frame.point([x * size, y * size])).collect();
        let area = if size > 0.0 { assemble(vec![ring]) } else { Area::default() };
        let point = frame.point([0.0, 0.0]);
        DraftCompound {
            origins: vec![DraftOrigin::mapped(kind, id, point, Some("和平里"))],
            name: Some("和平里".into()),
            name_en: None,
            bounds: Bounds::of(area.corners().chain([point])),
            point,
            square_metres: polygons_square_metres(&area.polygons),
            area,
            closed: None,
            population: Population::NONE,
        }
    }

    #[test]
    fn the_largest_outline_of_a_name_is_kept_with_all_records_in_any_order() {
        let drawn = || {
            let (node, small) = (compound(OsmKind::Node, 1, 0.0), compound(OsmKind::Way, 2, 50.0));
            vec![node, small, compound(OsmKind::Way, 3, 100.0)]
        };
        let mut reversed = drawn();
        reversed.reverse();
        for mut found in [drawn(), reversed] {
            assert_eq!(merge(&mut found), 2);
            let [only] = found.as_slice() else { panic!("{found:?}") };
            let mut ids: Vec<i64> = only.origins.iter().map(|origin| origin.osm_id).collect();
            assert_eq!(ids.remove(0), 3);
            ids.sort_unstable();
            assert_eq!(ids, [1, 2]);
        }
    }
}
