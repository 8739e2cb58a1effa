//! Access points 出入点: where a facility is entered, never its middle.

use super::Place;
use crate::located::Located;
use crate::sides::{StreetGrid, cluster};
use crate::streets::cross;
use circle_model::city::{AccessKind, Node};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, plane};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

/// Entrances nearer than this to each other are one access point.
const CLUSTER_METRES: f64 = 20.0;
/// A facility has at most this many access points; beyond, they are taken farther apart.
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
                let open = passage.flags & (Node::GATE | Node::RESTRICTED) == Node::GATE;
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

/// Mapped entrances, else where walkable ways cross the outline, else the places of the outline nearest to a way.
pub(super) fn access_points(
    facility: &Place,
    entrances: &Entrances,
    grid: &StreetGrid<'_>,
) -> (AccessKind, Vec<Point>) {
    let rings: Vec<&Vec<Point>> =
        facility.area.polygons.iter().filter_map(|polygon| polygon.first()).collect();
    if rings.is_empty() {
        if !facility.entrances.is_empty() {
            return (AccessKind::Entrance, thin(&facility.entrances));
        }
        return match facility.line.as_slice() {
            [] => (AccessKind::Point, vec![facility.point]),
            [first, .., last] => {
                (AccessKind::Outline, cluster([facility.point, *first, *last], CLUSTER_METRES))
            }
            [only] => (AccessKind::Outline, vec![*only]),
        };
    }
    let corners = || rings.iter().flat_map(|ring| &ring[1..]).copied();
    let bounds = Bounds::of(corners());
    // Entrances of own files come beside the map's; those that nobody has mapped come beside them.
    let mapped = [facility.entrances.clone(), entrances.of(&rings, &bounds)].concat();
    let complete = mapped.len() > facility.entrances.len();
    if complete {
        return (AccessKind::Entrance, thin(&mapped));
    }
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
        let kind = if mapped.is_empty() { AccessKind::Crossing } else { AccessKind::Entrance };
        return (kind, thin(&[mapped, crossings].concat()));
    }
    if !mapped.is_empty() {
        return (AccessKind::Entrance, thin(&mapped));
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
