//! The barriers of the real city on a walk through a variant without barriers.

use crate::explain::explained::{Barrier, Part, Surface};
use crate::ground::Ground;
use circle_model::city::{MapFeatureFlags, MapKind, NodeFlags, Zone};
use circle_model::coordinates::Bounds;
use circle_model::{City, EdgeId, FeatureId, Frame, Point, plane};

/// The barriers on a walk, given by its `parts` and `edges`, and where the walk meets them. A barrier that is
/// met several times is listed several times.
pub(crate) fn barriers(ground: &Ground, parts: &[Part], edges: &[EdgeId]) -> Vec<(Barrier, Point)> {
    let city = &ground.city;
    let mut met = Vec::new();
    for id in edges {
        let edge = ground.edge(*id);
        let line = city.line(edge.line);
        let zone = &city.zones()[edge.zone.index()];
        if let Some(compound) = zone.compound().filter(|_| zone.level == Zone::COMPOUND) {
            met.push((Barrier::ClosedCompound(compound), line[0]));
        } else if !edge.zone.is_public() && zone.level == Zone::RESTRICTED_WAYS {
            met.push((Barrier::RestrictedWay(edge.way), line[0]));
        }
        for node in [edge.from, edge.to] {
            let junction = &city.nodes()[node.index()];
            if junction.flags.contains(NodeFlags::RESTRICTED) || city.node_is_shut(node) {
                met.push((Barrier::LockedGate(node), junction.point));
            }
        }
    }
    for part in parts.iter().filter(|part| !matches!(part.surface, Surface::Way(..))) {
        let (from, to) = (part.line[0], part.line[1]);
        let middle = Point {
            lon: i64::midpoint(from.lon.into(), to.lon.into()) as i32,
            lat: i64::midpoint(from.lat.into(), to.lat.into()) as i32,
        };
        if let Some(compound) = ground.compound_at(middle).filter(|id| ground.compound(*id).closed == 1) {
            met.push((Barrier::ClosedCompound(compound), middle));
        }
        met.extend(walls_across(city, from, to));
    }
    met
}

/// Walls and fences that a straight leg crosses.
fn walls_across(city: &City, from: Point, to: Point) -> Vec<(Barrier, Point)> {
    let (frame, around) = (Frame::at(from), Bounds::of([from, to]));
    let end = frame.local(to);
    let walls = (0u32..).map(FeatureId).zip(city.features()).filter(|(_, feature)| {
        feature.map_kind() == MapKind::Barrier
            && feature.has(MapFeatureFlags::OBSTACLE)
            && feature.bounds.intersects(&around)
    });
    walls
        .filter_map(|(id, wall)| {
            let mut lines = city.rings_of(wall.rings).iter().flat_map(|ring| city.line(ring.line).windows(2));
            let share =
                lines.find_map(|pair| plane::crossing(end, frame.local(pair[0]), frame.local(pair[1])))?;
            Some((Barrier::Wall(id), frame.point(plane::along([0.0, 0.0], end, share))))
        })
        .collect()
}
