//! Access points 出入点: the points where a facility is entered, never its centre.

use super::draft::{DraftAccess, DraftFacility};
use super::islands::Islands;
use crate::geometry::{cluster, crossing_share};
use crate::network::{StreetGrid, add_beside_ways};
use crate::scan::Located;
use circle_model::city::{AccessKind, NodeFlags};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, plane};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

/// Entrances nearer than this to each other are one access point.
const CLUSTER_METRES: f64 = 20.0;
/// Distance between access points beside ways along an outline …
const ALONG_METRES: f64 = 75.0;
/// … and their largest distance to a way.
const BESIDE_METRES: f64 = 40.0;
/// Limit of access points at entrances and crossings, and of those beside ways. More are spaced farther
/// apart.
const MOST_ACCESS_POINTS: usize = 24;
/// A gate within this distance of an outline is one of its gates.
const GATE_METRES: f64 = 10.0;

/// The map's unrestricted entrances and gates.
pub(super) struct Entrances {
    /// Those on outlines, doors of buildings included.
    all: FxHashSet<Point>,
    /// Gates, which may also stand beside an outline.
    gates: RTree<GeomWithData<[f64; 2], Point>>,
}

impl Entrances {
    pub(super) fn find(located: &Located) -> Self {
        let passed = || {
            located.scan.nodes.iter().filter_map(|node| {
                let passage = node.passage?;
                let open = (passage.flags & (NodeFlags::GATE | NodeFlags::RESTRICTED)) == NodeFlags::GATE;
                open.then_some((node.point, passage.entrance))
            })
        };
        let gates = passed().filter(|(_, entrance)| !entrance);
        let entry = |(point, _): (Point, bool)| {
            GeomWithData::new([f64::from(point.lon), f64::from(point.lat)], point)
        };
        Self {
            all: passed().map(|(point, _)| point).collect(),
            gates: RTree::bulk_load(gates.map(entry).collect()),
        }
    }

    /// The entrances and gates of an outline.
    fn of(&self, rings: &[&Vec<Point>], bounds: &Bounds) -> Vec<Point> {
        let corners = rings.iter().flat_map(|ring| &ring[1..]).copied();
        let mut found: Vec<Point> = corners.filter(|corner| self.all.contains(corner)).collect();
        let around = widened(bounds, GATE_METRES);
        let envelope = AABB::from_corners(
            [f64::from(around.west), f64::from(around.south)],
            [f64::from(around.east), f64::from(around.north)],
        );
        let near = |point: Point| {
            let frame = Frame::at(point);
            rings
                .iter()
                .flat_map(|ring| ring.windows(2))
                .any(|side| plane::distance(frame.local(side[0]), frame.local(side[1])) <= GATE_METRES)
        };
        let beside = self.gates.locate_in_envelope(&envelope).map(|entry| entry.data);
        let mut beside: Vec<Point> = beside.filter(|point| !found.contains(point) && near(*point)).collect();
        beside.sort_unstable();
        found.extend(beside);
        found
    }
}

/// Mapped entrances; else crossings of walkable ways with the outline; else points of the outline beside a
/// way. Open ground, such as a park, has points beside ways in addition to its crossings. A facility whose
/// access points are all on islands also gets points beside ways of the largest component.
pub(super) fn access_points(
    facility: &DraftFacility,
    open_ground: bool,
    entrances: &Entrances,
    islands: &Islands,
    grid: &StreetGrid<'_>,
) -> Vec<DraftAccess> {
    let rings: Vec<&Vec<Point>> =
        facility.area.polygons.iter().filter_map(|polygon| polygon.first()).collect();
    if rings.is_empty() {
        return without_outline(facility);
    }
    let corners = || rings.iter().flat_map(|ring| &ring[1..]).copied();
    let bounds = Bounds::of(corners());
    // Entrances of own files are added to the map's. Without mapped entrances, crossings are added as well.
    let mapped = [facility.entrances.clone(), entrances.of(&rings, &bounds)].concat();
    let complete = mapped.len() > facility.entrances.len();
    let crossings = if complete { Vec::new() } else { crossings(&rings, &bounds, grid) };
    let anywhere = mapped.is_empty() && (open_ground || crossings.is_empty());
    let kind = if mapped.is_empty() { AccessKind::Crossing } else { AccessKind::Entrance };
    let mut found = thin(&[mapped, crossings].concat());
    let entered = found.len();
    // Done before points beside ways are added, because it is not known which way those lead to.
    if entered > 0 {
        found.extend(islands.ways_out(facility, &found, grid));
    }
    if anywhere {
        // The points are farther apart along a long outline.
        let apart = ALONG_METRES.max(perimeter_metres(&rings) / MOST_ACCESS_POINTS as f64);
        add_beside_ways(grid, rings.iter().copied(), bounds.centre(), [BESIDE_METRES, apart], &mut found);
    }
    if entered == 0 {
        found.extend(islands.ways_out(facility, &found, grid));
    }
    if found.is_empty() {
        // The corners are used if the outline is far from every way.
        found = thin(&corners().collect::<Vec<_>>());
    }
    let kind_of = |number: usize| if number < entered { kind } else { AccessKind::Outline };
    (0..).zip(found).map(|(number, point)| DraftAccess { point, kind: kind_of(number) }).collect()
}

fn without_outline(facility: &DraftFacility) -> Vec<DraftAccess> {
    let (kind, points) = match facility.line.as_slice() {
        _ if !facility.entrances.is_empty() => (AccessKind::Entrance, thin(&facility.entrances)),
        [] => (AccessKind::Point, vec![facility.point]),
        [first, .., last] => (AccessKind::Outline, cluster([facility.point, *first, *last], CLUSTER_METRES)),
        [only] => (AccessKind::Outline, vec![*only]),
    };
    points.into_iter().map(|point| DraftAccess { point, kind }).collect()
}

/// Points where ways cross outlines or end on them, ascending.
fn crossings(rings: &[&Vec<Point>], bounds: &Bounds, grid: &StreetGrid<'_>) -> Vec<Point> {
    let outline: FxHashSet<Point> = rings.iter().flat_map(|ring| &ring[1..]).copied().collect();
    let sides: Vec<(Point, Point, Bounds)> = rings
        .iter()
        .flat_map(|ring| ring.windows(2))
        .map(|side| (side[0], side[1], Bounds::of([side[0], side[1]])))
        .collect();
    let mut crossings: Vec<Point> = Vec::new();
    grid.visit(bounds, |a, b| {
        crossings.extend([a, b].into_iter().filter(|end| outline.contains(end)));
        let here = Bounds::of([a, b]);
        let crossed = sides.iter().filter(|(_, _, side)| side.intersects(&here));
        crossings
            .extend(crossed.filter_map(|(c, d, _)| crossing_share(a, b, *c, *d)).map(|(_, point)| point));
    });
    crossings.sort_unstable();
    crossings
}

/// At most [`MOST_ACCESS_POINTS`] of some points, clustered.
fn thin(points: &[Point]) -> Vec<Point> {
    let mut metres = CLUSTER_METRES;
    loop {
        let clusters = cluster(points.iter().copied(), metres);
        if clusters.len() <= MOST_ACCESS_POINTS {
            return clusters;
        }
        metres *= 2.0;
    }
}

/// The perimeter of outlines, in metres.
fn perimeter_metres(rings: &[&Vec<Point>]) -> f64 {
    rings
        .iter()
        .flat_map(|ring| ring.windows(2))
        .map(|side| plane::norm(Frame::at(side[0]).local(side[1])))
        .sum()
}
