//! The access legs of a place.

use crate::ground::Ground;
use crate::ground::line::place_on;
use crate::ground::obstacles::Viewer;
use crate::ground::zones::ancestors;
use crate::legs::interior::{GateLegs, add_gate_legs, add_interior_legs};
use crate::legs::leg::{BestLegs, Legs};
use crate::legs::surroundings::{Candidate, Surroundings};
use crate::legs::viewpoint::Viewpoint;
use circle_model::city::EdgeFlags;
use circle_model::plane;
use circle_model::{CompoundId, FeatureId, GateId, Point, ZoneId};

/// The legs of a place; none when it is off the network.
pub(crate) fn legs_at(ground: &Ground, gate_legs: &dyn GateLegs, point: Point) -> Legs {
    legs_of(&Viewpoint::new(ground, point, None), &ground.homes_at(point), Some(gate_legs))
}

/// As [`legs_at`], for a place in the area of `around`.
pub(crate) fn legs_among(
    ground: &Ground,
    gate_legs: &dyn GateLegs,
    point: Point,
    around: &Surroundings,
) -> Legs {
    let homes = if around.homes { ground.homes_at(point) } else { Vec::new() };
    legs_of(&Viewpoint::new(ground, point, Some(around)), &homes, Some(gate_legs))
}

/// The legs of a gate. A gate counts as both inside and outside its compound.
pub(crate) fn legs_of_gate(ground: &Ground, gate: GateId) -> Legs {
    let row = &ground.city.gates()[gate.index()];
    legs_of(&Viewpoint::new(ground, row.point, None), &ground.homes_of_residents(row.compound), None)
}

/// The legs of a place that counts as inside `homes`; with `gate_legs`, also the legs through the gates of
/// the homes.
fn legs_of(at: &Viewpoint<'_>, homes: &[CompoundId], gate_legs: Option<&dyn GateLegs>) -> Legs {
    let ground = at.ground;
    let open = at.around.is_some_and(|around| around.open);
    let buildings = if open { Vec::new() } else { ground.obstacles.buildings_at(&ground.city, at.point) };
    let mut viewer = Viewer { buildings, open, ..Viewer::default() };
    let (near, nearest) = at.nearest_seen(&mut viewer);
    let edges = ground.city.edges();
    let zones = ground.city.zones();
    let zone_of = |home: &CompoundId| ground.compound(*home).zone;
    let home_zone = homes.iter().map(zone_of).find(|zone| !zone.is_public()).unwrap_or_default();
    // A place inside an outline belongs to the zone of that compound; a place beside restricted ways without
    // an outline belongs to the zone of these ways.
    let beside = nearest.map_or(ZoneId::PUBLIC, |(_, edge)| ground.edge(edge).zone);
    let lived_in = zones.get(beside.index()).is_some_and(|zone| zone.compound().is_none());
    let zone = if !home_zone.is_public() || !lived_in { home_zone } else { beside };
    let mut legs =
        Legs { through_buildings: viewer.through_buildings && nearest.is_some(), ..Legs::default() };
    let majors: Vec<FeatureId> = near
        .iter()
        .take_while(|it| it.distance <= ground.limits.on_major_metres)
        .filter(|it| edges[it.edge.index()].has(EdgeFlags::MAJOR))
        .map(|it| edges[it.edge.index()].way)
        .collect();
    legs.on_major = !majors.is_empty();
    let mut found = BestLegs::default();
    if let Some((distance, _)) = nearest {
        legs.limit_metres = ground.limits.longest_from(distance);
        for it in near.iter().take_while(|it| it.distance <= legs.limit_metres) {
            let edge = &edges[it.edge.index()];
            let another_major = legs.on_major && edge.has(EdgeFlags::MAJOR) && !majors.contains(&edge.way);
            if !another_major {
                at.add_legs(it, legs.limit_metres, &viewer, &mut found);
            }
        }
        if legs.on_major {
            drop_legs_to_other_majors(at, &near, &majors, &mut found);
        }
    }
    for home in homes {
        add_interior_legs(at, *home, &mut found);
        if let Some(gate_legs) = gate_legs {
            add_gate_legs(at, gate_legs, *home, &mut found);
        }
    }
    legs.legs = found.0;
    for leg in &mut legs.legs {
        let other = edges[leg.edge.index()].zone;
        leg.own = other.is_public() || other == zone || ancestors(zones, zone).any(|around| around == other);
    }
    legs
}

/// Drops the legs from a major way (class tertiary or above) to another major way, and to the end of a lesser
/// way that lies on another major way. `majors` are the ways that the place is on.
fn drop_legs_to_other_majors(
    at: &Viewpoint<'_>,
    near: &[Candidate],
    majors: &[FeatureId],
    found: &mut BestLegs,
) {
    let ground = at.ground;
    let edges = ground.city.edges();
    let roads = near.iter().filter(|it| edges[it.edge.index()].has(EdgeFlags::MAJOR));
    let (own, other): (Vec<&Candidate>, Vec<&Candidate>) =
        roads.partition(|it| majors.contains(&edges[it.edge.index()].way));
    if other.is_empty() {
        return;
    }
    found.0.retain(|leg| {
        let line = ground.city.line(edges[leg.edge.index()].line);
        let end = at.frame.local(place_on(line, leg.offset));
        let is_on = |road: &&Candidate| {
            let [a, b] = [road.a, road.b].map(|corner| [corner[0] - end[0], corner[1] - end[1]]);
            plane::distance(a, b) <= ground.limits.on_major_metres
        };
        own.iter().any(is_on) || !other.iter().any(is_on)
    });
}
