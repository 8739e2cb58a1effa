//! Access points 出入点: where a facility is entered, never its middle.

use super::Place;
use super::islands::Islands;
use crate::beside::add_beside_ways;
use crate::located::Located;
use crate::sides::{StreetGrid, cluster};
use crate::streets::cross;
use circle_model::city::{Access, AccessKind, NodeFlags};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, plane};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

/// Entrances nearer than this to each other are one access point.
const CLUSTER_METRES: f64 = 20.0;
/// Along an outline one place in so many metres is an access point, where a way is as near as the next.
const ALONG_METRES: f64 = 75.0;
const BESIDE_METRES: f64 = 40.0;
/// A facility has at most this many access points, and as many beside ways; beyond, they are taken farther apart.
const MOST_ACCESS_POINTS: usize = 24;
/// A gate this near to an outline is one of its gates.
const GATE_METRES: f64 = 10.0;

/// The map's entrances and gates that everybody may pass.
pub(super) struct Entrances {
    /// On an outline, doors of buildings too.
    all: FxHashSet<Point>,
    /// Gates, which may stand beside an outline.
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

    /// Those of an outline.
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

/// Mapped entrances; else where walkable ways cross the outline; else places of the outline beside a way. Open ground, such
/// as a park, has places beside ways in addition to its crossings. A facility whose access points all lie on islands gets
/// places beside the nearest public ways too.
pub(super) fn access_points(
    facility: &Place,
    open_ground: bool,
    entrances: &Entrances,
    islands: &Islands,
    grid: &StreetGrid<'_>,
) -> Vec<Access> {
    let rings: Vec<&Vec<Point>> =
        facility.area.polygons.iter().filter_map(|polygon| polygon.first()).collect();
    if rings.is_empty() {
        return without_outline(facility);
    }
    let corners = || rings.iter().flat_map(|ring| &ring[1..]).copied();
    let bounds = Bounds::of(corners());
    // Entrances of own files come beside the map's; those that nobody has mapped come beside them.
    let mapped = [facility.entrances.clone(), entrances.of(&rings, &bounds)].concat();
    let complete = mapped.len() > facility.entrances.len();
    let crossings = if complete { Vec::new() } else { crossings(&rings, &bounds, grid) };
    let anywhere = mapped.is_empty() && (open_ground || crossings.is_empty());
    let kind = if mapped.is_empty() { AccessKind::Crossing } else { AccessKind::Entrance };
    let mut found = thin(&[mapped, crossings].concat());
    let entered = found.len();
    // Before the places beside ways: of these it is not known which ways they lead to.
    if entered > 0 {
        found.extend(islands.ways_out(facility, &found, grid));
    }
    if anywhere {
        // Of a long outline they are taken farther apart.
        let apart = ALONG_METRES.max(metres_round(&rings) / MOST_ACCESS_POINTS as f64);
        add_beside_ways(grid, rings.iter().copied(), bounds.centre(), [BESIDE_METRES, apart], &mut found);
    }
    if entered == 0 {
        found.extend(islands.ways_out(facility, &found, grid));
    }
    if found.is_empty() {
        // Far from every way: the corners stand for the outline.
        found = thin(&corners().collect::<Vec<_>>());
    }
    let kind_of = |number: usize| if number < entered { kind } else { AccessKind::Outline };
    (0..)
        .zip(found)
        .map(|(number, point)| Access { point, kind: u32::from(kind_of(number).code()) })
        .collect()
}

fn without_outline(facility: &Place) -> Vec<Access> {
    let (kind, points) = match facility.line.as_slice() {
        _ if !facility.entrances.is_empty() => (AccessKind::Entrance, thin(&facility.entrances)),
        [] => (AccessKind::Point, vec![facility.point]),
        [first, .., last] => (AccessKind::Outline, cluster([facility.point, *first, *last], CLUSTER_METRES)),
        [only] => (AccessKind::Outline, vec![*only]),
    };
    points.into_iter().map(|point| Access { point, kind: u32::from(kind.code()) }).collect()
}

/// Where ways cross outlines or end on them, ascending.
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
        crossings.extend(crossed.filter_map(|(c, d, _)| cross(a, b, *c, *d)).map(|(_, point)| point));
    });
    crossings.sort_unstable();
    crossings
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

/// The length of outlines.
fn metres_round(rings: &[&Vec<Point>]) -> f64 {
    rings
        .iter()
        .flat_map(|ring| ring.windows(2))
        .map(|side| plane::norm(Frame::at(side[0]).local(side[1])))
        .sum()
}
