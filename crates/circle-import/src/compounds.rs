//! Compounds 小区: areas and places from the map, one for each real place.

use crate::areas::{Area, label_point, polygons_square_metres};
use crate::describe::CompoundTags;
use crate::located::Located;
use circle_model::Point;
use circle_model::city::{OsmKind, ring_contains};
use circle_model::coordinates::Bounds;
use std::collections::HashMap;

/// A compound before its gates and zone are known.
#[derive(Debug)]
pub(crate) struct DraftCompound {
    pub(crate) osm_id: i64,
    pub(crate) osm_kind: OsmKind,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) area: Area,
    pub(crate) bounds: Bounds,
    pub(crate) point: Point,
    pub(crate) square_metres: f64,
    pub(crate) tags: CompoundTags,
}

impl DraftCompound {
    pub(crate) fn contains(&self, point: Point) -> bool {
        self.bounds.contains(point)
            && self.area.polygons.iter().flatten().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
    }

    pub(crate) fn rings(&self) -> impl Iterator<Item = &Vec<Point>> {
        self.area.polygons.iter().flatten()
    }
}

/// What was left out while finding compounds.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Skipped {
    pub(crate) without_outline: u64,
    pub(crate) duplicates: u64,
}

/// All compounds, ordered by OSM kind and id.
pub(crate) fn find(located: &Located) -> (Vec<DraftCompound>, Skipped) {
    let mut skipped = Skipped::default();
    let mut found = Vec::new();
    let scan = &located.scan;
    for node in &scan.nodes {
        if let Some(tags) = node.compound {
            found.push(DraftCompound {
                osm_id: node.id,
                osm_kind: OsmKind::Node,
                name: node.name.clone(),
                name_en: node.name_en.clone(),
                area: Area::default(),
                bounds: Bounds::of([node.point]),
                point: node.point,
                square_metres: 0.0,
                tags,
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
        found.push(DraftCompound {
            osm_id,
            osm_kind,
            name: described.name.clone(),
            name_en: described.name_en.clone(),
            bounds: Bounds::of(area.polygons.iter().flatten().flatten().copied()),
            square_metres: polygons_square_metres(&area.polygons),
            point,
            area,
            tags,
        });
    }
    skipped.duplicates = merge(&mut found);
    (found, skipped)
}

/// A place name inside an outline of the same name is that outline's; so is an outline drawn twice.
fn merge(found: &mut Vec<DraftCompound>) -> u64 {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, compound) in found.iter().enumerate() {
        if let Some(name) = &compound.name {
            by_name.entry(name).or_default().push(number);
        }
    }
    let mut gone = vec![false; found.len()];
    for numbers in by_name.values() {
        for &outline in numbers.iter().filter(|number| !found[**number].area.polygons.is_empty()) {
            for &other in numbers {
                let smaller = found[other].square_metres < found[outline].square_metres
                    || (found[other].square_metres <= found[outline].square_metres && other > outline);
                if other != outline
                    && smaller
                    && !gone[outline]
                    && found[outline].contains(found[other].point)
                {
                    gone[other] = true;
                }
            }
        }
    }
    let before = found.len();
    let mut gone = gone.into_iter();
    found.retain(|_| !gone.next().unwrap_or(false));
    (before - found.len()) as u64
}
