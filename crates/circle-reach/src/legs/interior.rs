//! Legs inside a compound: up to 300 m long, to its own gates and interior ways, within its outline.

use crate::ground::horizon::Horizon;
use crate::ground::obstacles::Viewer;
use crate::legs::leg::{BestLegs, Leg, Legs};
use crate::legs::surroundings::Candidate;
use crate::legs::viewpoint::Viewpoint;
use circle_model::coordinates::Bounds;
use circle_model::grid::crosses_antimeridian;
use circle_model::plane::{self, Xy};
use circle_model::{CompoundId, Frame, GateId, Millimetres, ZoneId};

/// A compound's gate may stand this far off its outline.
const GATE_METRES: f64 = 15.5;
/// First search radius for interior ways; most places have one within it.
const FIRST_RADIUS_METRES: f64 = 50.0;
/// With more gates than this, a horizon costs less than a line of sight to each gate.
const MANY_GATES: usize = 12;
/// Half of the earth's circumference: an upper bound of any distance.
const HALF_EARTH_METRES: f64 = 20_100_000.0;
/// Radii of the horizons that hide gates.
const GATE_HORIZON_METRES: [f64; 2] = [50.0, 150.0];

/// The source of the legs of gates, by which legs inside a compound continue.
pub(crate) trait GateLegs: Sync {
    /// The legs of a gate as [`legs_of_gate`](crate::legs::access::legs_of_gate) finds them.
    fn of_gate(&self, gate: GateId) -> &Legs;
}

/// Adds the legs to interior ways of a compound.
pub(crate) fn add_interior_legs(at: &Viewpoint<'_>, home: CompoundId, found: &mut BestLegs) {
    let zone = at.ground.compound(home).zone;
    if zone.is_public() {
        return;
    }
    let limits = &at.ground.limits;
    let viewer = Viewer::inside(home);
    if let Some((nearest, horizon)) = nearest_inside(at, zone, &viewer) {
        let limit = limits.nearest_factor * nearest + limits.nearest_extra_metres;
        let limit = limit.min(limits.interior_metres);
        for it in &interior_ways(at, zone, limit, horizon.as_ref()) {
            at.add_legs(it, limit, &viewer, found);
        }
    }
}

/// Metres to the nearest visible way of a zone, and the last horizon that was computed; no horizon if a way
/// is within the first radius.
///
/// The radius grows until the obstacles within it hide everything farther away: a compound may be large, but
/// few of its places see far.
fn nearest_inside(at: &Viewpoint<'_>, zone: ZoneId, viewer: &Viewer) -> Option<(f64, Option<Horizon>)> {
    let limits = &at.ground.limits;
    let bounds = at.ground.zones.bounds(zone)?;
    let farthest = farthest_corner(&at.frame, &bounds).min(limits.interior_metres);
    let mut nearest = f64::INFINITY;
    let mut searched = None;
    let mut reach = FIRST_RADIUS_METRES.min(limits.interior_metres);
    let mut horizon: Option<Horizon> = None;
    loop {
        let mut ways = interior_ways(at, zone, reach, horizon.as_ref());
        // The margin covers the difference between this frame and that of the surroundings.
        ways.retain(|it| searched.is_none_or(|searched| it.distance > searched - 0.1));
        if let Some((metres, _)) = at.first_seen(&ways, limits.interior_metres, viewer) {
            nearest = nearest.min(metres);
        }
        if nearest <= reach {
            return Some((nearest, horizon));
        }
        if reach >= farthest {
            return None;
        }
        searched = Some(reach);
        if nearest.is_finite() {
            // The nearest place of the ways found so far; a way beyond the radius may come nearer.
            reach = nearest;
            continue;
        }
        let seen = at.ground.obstacles.horizon(&at.frame, at.point, reach, viewer);
        if seen.is_closed() {
            return None;
        }
        horizon = Some(seen);
        reach = (reach * 2.0).min(limits.interior_metres);
    }
}

/// Ways of a zone within `reach` metres that the horizon does not hide, by distance.
fn interior_ways(at: &Viewpoint<'_>, zone: ZoneId, reach: f64, horizon: Option<&Horizon>) -> Vec<Candidate> {
    let mut ways = at.ways_near(reach);
    ways.retain(|it| {
        let is_hidden = |horizon: &Horizon| horizon.hides(it.a, it.b, 0.0);
        at.ground.edge(it.edge).zone == zone && !horizon.is_some_and(is_hidden)
    });
    ways
}

/// Adds the legs to gates of a compound and through them.
pub(crate) fn add_gate_legs(
    at: &Viewpoint<'_>,
    gate_legs: &dyn GateLegs,
    home: CompoundId,
    found: &mut BestLegs,
) {
    let (ground, frame, p) = (at.ground, &at.frame, at.point);
    let viewer = Viewer { beyond_metres: GATE_METRES, ..Viewer::inside(home) };
    let place_of = |gate: GateId| ground.city.gates()[gate.index()].point;
    let mut gates: Vec<(GateId, Xy)> =
        ground.open_gates(home).map(|gate| (gate, frame.local(place_of(gate)))).collect();
    gates.retain(|(_, xy)| plane::norm(*xy) <= ground.limits.interior_metres);
    for reach in GATE_HORIZON_METRES {
        if gates.len() > MANY_GATES {
            let horizon = ground.obstacles.horizon(frame, p, reach, &viewer);
            gates.retain(|(_, xy)| !horizon.hides(*xy, *xy, GATE_METRES));
        }
    }
    for (gate, xy) in gates {
        let point = place_of(gate);
        if point != p && ground.obstacles.sees(&ground.city, frame, p, point, &viewer) {
            let to_gate = Millimetres((plane::norm(xy) * 1000.0).round() as u32);
            for leg in &gate_legs.of_gate(gate).legs {
                let leg = Leg { length: leg.length + to_gate, ..*leg };
                if found.is_improved_by(ground, leg) {
                    found.add(ground, leg);
                }
            }
        }
    }
}

/// Metres from the frame's origin to the farthest corner of an area.
fn farthest_corner(frame: &Frame, area: &Bounds) -> f64 {
    let (low, high) = area.diagonal();
    // Across the antimeridian the corners are the inner ends of the area.
    if crosses_antimeridian(low, high) {
        return HALF_EARTH_METRES;
    }
    let (low, high) = (frame.local(low), frame.local(high));
    let side = |axis: usize| low[axis].abs().max(high[axis].abs());
    plane::norm([side(0), side(1)])
}
