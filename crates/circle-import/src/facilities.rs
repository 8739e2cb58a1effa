//! Facilities 设施: points, lines and areas of the catalogue, each real place once, with its access points.

use crate::areas::{Area, label_point, polygons_square_metres};
use crate::classify::Classified;
use crate::located::Located;
use crate::shapes::Draft;
use crate::sides::{StreetGrid, cluster};
use crate::streets::cross;
use circle_model::city::{Access, AccessKind, Facility, Node, OsmKind, Span, ring_contains};
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, Point};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

/// Entrances nearer than this to each other are one access point.
const CLUSTER_METRES: f64 = 20.0;
/// A facility has at most this many access points; beyond, they are taken farther apart.
const MOST_ACCESS_POINTS: usize = 24;
/// Two objects of one category and one name within this distance are one place …
const SAME_NAME_METRES: f64 = 150.0;
/// … stops, of which there is one on either side of the street, only within this.
const SAME_STOP_METRES: f64 = 25.0;

struct Found<'a> {
    osm_id: i64,
    osm_kind: OsmKind,
    name: Option<&'a str>,
    name_en: Option<&'a str>,
    classified: &'a Classified,
    point: Point,
    area: Area,
    line: Vec<Point>,
    merged: u8,
}

/// What was merged or left out.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Skipped {
    pub(crate) duplicates: u64,
    pub(crate) without_shape: u64,
}

/// Writes all facilities.
pub(crate) fn write(
    draft: &mut Draft,
    located: &Located,
    catalogue: &Catalogue,
    grid: &StreetGrid<'_>,
) -> Skipped {
    let mut skipped = Skipped::default();
    let mut found = find(located, &mut skipped);
    skipped.duplicates = merge(&mut found, catalogue);
    let entrances: FxHashSet<Point> = located
        .scan
        .nodes
        .iter()
        .filter(|node| {
            node.passage.is_some_and(|passage| passage.flags & (Node::GATE | Node::RESTRICTED) == Node::GATE)
        })
        .map(|node| node.point)
        .collect();
    for facility in &found {
        let start = draft.tables.access_points.len() as u32;
        let (kind, points) = access_points(facility, &entrances, grid);
        let kind = u32::from(kind.code());
        draft.tables.access_points.extend(points.into_iter().map(|point| Access { point, kind }));
        let access = Span { start, len: draft.tables.access_points.len() as u32 - start };
        let start = draft.tables.facility_categories.len() as u32;
        draft.tables.facility_categories.extend_from_slice(&facility.classified.categories);
        let row = Facility {
            osm_id: facility.osm_id,
            point: facility.point,
            name: draft.texts.add_some(facility.name),
            name_en: draft.texts.add_some(facility.name_en),
            access,
            categories: Span { start, len: facility.classified.categories.len() as u32 },
            area_square_metres: polygons_square_metres(&facility.area.polygons) as f32,
            osm_kind: facility.osm_kind.code(),
            confidence_percent: facility.classified.confidence_percent,
            merged: facility.merged,
            closed: 0,
        };
        draft.tables.facilities.push(row);
    }
    skipped
}

fn find<'a>(located: &'a Located, skipped: &mut Skipped) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for node in &located.scan.nodes {
        if let Some(classified) = node.facility.as_deref() {
            found.push(Found {
                osm_id: node.id,
                osm_kind: OsmKind::Node,
                name: node.name.as_deref(),
                name_en: node.name_en.as_deref(),
                classified,
                point: node.point,
                area: Area::default(),
                line: Vec::new(),
                merged: 0,
            });
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
    for (osm_id, osm_kind, described, classified, area, line) in ways.chain(relations) {
        let middle = || line.get(line.len() / 2).copied();
        let Some(point) = label_point(&area.polygons).or_else(middle) else {
            skipped.without_shape += 1;
            continue;
        };
        found.push(Found {
            osm_id,
            osm_kind,
            name: described.name.as_deref(),
            name_en: described.name_en.as_deref(),
            classified,
            point,
            area,
            line,
            merged: 0,
        });
    }
    found
}

/// One real place mapped twice counts once: an area swallows points and areas of its own category inside it
/// that have its name or none, and equal names close by are one place. The larger object stays.
fn merge(found: &mut Vec<Found<'_>>, catalogue: &Catalogue) -> u64 {
    let stop = catalogue.index_of("bus_stop").map(|number| number as u8);
    let tree = RTree::bulk_load(
        found
            .iter()
            .enumerate()
            .map(|(number, it)| GeomWithData::new([f64::from(it.point.lon), f64::from(it.point.lat)], number))
            .collect(),
    );
    let size = |it: &Found<'_>| polygons_square_metres(&it.area.polygons);
    let sizes: Vec<f64> = found.iter().map(size).collect();
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|a, b| {
        sizes[*b]
            .total_cmp(&sizes[*a])
            .then(found[*b].name.is_some().cmp(&found[*a].name.is_some()))
            .then(a.cmp(b))
    });
    let mut gone = vec![false; found.len()];
    for &keeper in &order {
        if gone[keeper] {
            continue;
        }
        let it = &found[keeper];
        let is_stop = stop.is_some_and(|stop| it.classified.categories.contains(&stop));
        let reach = if is_stop { SAME_STOP_METRES } else { SAME_NAME_METRES };
        let around = Bounds::of(it.area.polygons.iter().flatten().flatten().copied().chain([it.point]));
        let around = circle_model::grid::widened(&around, reach);
        let box_ = AABB::from_corners(
            [f64::from(around.west), f64::from(around.south)],
            [f64::from(around.east), f64::from(around.north)],
        );
        let mut swallowed = 0u8;
        for other in tree.locate_in_envelope(&box_).map(|entry| entry.data) {
            let that = &found[other];
            let shares =
                it.classified.categories.iter().any(|category| that.classified.categories.contains(category));
            if other == keeper || gone[other] || !shares {
                continue;
            }
            let inside = contains(&it.area, that.point);
            let same_name = it.name.is_some() && it.name == that.name;
            let one_place = if same_name {
                inside || it.point.distance_metres(that.point) <= reach
            } else {
                inside && that.name.is_none_or(|_| it.name.is_none()) && that.area.polygons.is_empty()
            };
            if one_place {
                gone[other] = true;
                swallowed = swallowed.saturating_add(1);
            }
        }
        found[keeper].merged = swallowed;
    }
    let before = found.len();
    let mut gone = gone.into_iter();
    found.retain(|_| !gone.next().unwrap_or(false));
    (before - found.len()) as u64
}

fn contains(area: &Area, point: Point) -> bool {
    area.polygons.iter().flatten().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
}

/// Mapped entrances, else where walkable ways cross the outline, else the places of the outline nearest to a way.
fn access_points(
    facility: &Found<'_>,
    entrances: &FxHashSet<Point>,
    grid: &StreetGrid<'_>,
) -> (AccessKind, Vec<Point>) {
    let rings: Vec<&Vec<Point>> =
        facility.area.polygons.iter().filter_map(|polygon| polygon.first()).collect();
    if rings.is_empty() {
        return match facility.line.as_slice() {
            [] => (AccessKind::Point, vec![facility.point]),
            [first, .., last] => {
                (AccessKind::Outline, cluster([facility.point, *first, *last], CLUSTER_METRES))
            }
            [only] => (AccessKind::Outline, vec![*only]),
        };
    }
    let corners = || rings.iter().flat_map(|ring| &ring[1..]).copied();
    let mapped: Vec<Point> = corners().filter(|corner| entrances.contains(corner)).collect();
    if !mapped.is_empty() {
        return (AccessKind::Entrance, thin(&mapped));
    }
    let bounds = Bounds::of(corners());
    let outline: FxHashSet<Point> = corners().collect();
    let sides: Vec<(Point, Point, Bounds)> = rings
        .iter()
        .flat_map(|ring| ring.windows(2))
        .map(|side| (side[0], side[1], Bounds::of([side[0], side[1]])))
        .collect();
    let mut crossings: Vec<Point> = Vec::new();
    grid.visit(&bounds, |a, b| {
        crossings.extend([a, b].into_iter().filter(|end| outline.contains(end)));
        let here = Bounds::of([a, b]);
        let crossed = sides.iter().filter(|(_, _, side)| side.intersects(&here));
        crossings.extend(crossed.filter_map(|(c, d, _)| cross(a, b, *c, *d)).map(|(_, point)| point));
    });
    crossings.sort_unstable();
    if !crossings.is_empty() {
        return (AccessKind::Crossing, thin(&crossings));
    }
    let sides = grid.sides(rings.iter().copied(), bounds.centre());
    if !sides.is_empty() {
        return (AccessKind::Outline, sides);
    }
    // Far from every way: the corners stand for the outline.
    (AccessKind::Outline, thin(&corners().collect::<Vec<_>>()))
}

fn thin(points: &[Point]) -> Vec<Point> {
    let mut metres = CLUSTER_METRES;
    loop {
        let kept = cluster(points.iter().copied(), metres);
        if kept.len() <= MOST_ACCESS_POINTS {
            return kept;
        }
        metres *= 2.0;
    }
}
