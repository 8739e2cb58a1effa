//! Inside a compound legs may be longer: up to 300 m to its own gates and interior ways, within its outline.

use crate::access::{Candidate, Found, Leg, Surroundings};
use crate::horizon::Horizon;
use crate::network::Network;
use crate::obstacles::Viewer;
use circle_model::coordinates::Bounds;
use circle_model::grid::crosses_antimeridian;
use circle_model::plane::{self, Xy};
use circle_model::{CompoundId, Frame, Point, ZoneId};

/// A compound's gate may stand this far off its outline.
const GATE_METRES: f64 = 15.5;
/// How far is looked first; most places have something of their compound so near.
const FIRST_LOOK_METRES: f64 = 50.0;
/// More gates than this, and a look round costs less than looking for each of them.
const MANY_GATES: usize = 12;
/// Nothing on the globe is farther away.
const HALF_ROUND_METRES: f64 = 20_100_000.0;
const LOOKS_FOR_GATES_METRES: [f64; 2] = [50.0, 150.0];

impl Network {
    /// Adds the legs to interior ways of a compound.
    pub(crate) fn add_interior_legs(
        &self,
        p: Point,
        frame: &Frame,
        around: Option<&Surroundings>,
        home: CompoundId,
        found: &mut Found,
    ) {
        let zone = self.city.compounds()[home.index()].zone;
        if zone.is_public() {
            return;
        }
        let viewer = Viewer::inside(home);
        if let Some((nearest, horizon)) = self.nearest_inside(p, frame, around, zone, &viewer) {
            let limit = self.limits.nearest_factor * nearest + self.limits.nearest_extra_metres;
            let limit = limit.min(self.limits.interior_metres);
            for it in &self.interior_ways(p, frame, around, zone, limit, horizon.as_ref()) {
                self.add_legs(p, frame, it, limit, &viewer, found);
            }
        }
    }

    /// Metres to the nearest way of a zone that `p` sees, and what hides others if it is not near.
    ///
    /// It is looked for farther and farther out, until what has been met on the way hides all that is left: a compound
    /// may be large, and few of its places see far.
    fn nearest_inside(
        &self,
        p: Point,
        frame: &Frame,
        around: Option<&Surroundings>,
        zone: ZoneId,
        viewer: &Viewer,
    ) -> Option<(f64, Option<Horizon>)> {
        let farthest = farthest(frame, &self.zone_bounds(zone)?).min(self.limits.interior_metres);
        let mut nearest = f64::INFINITY;
        let mut looked = None;
        let mut reach = FIRST_LOOK_METRES.min(self.limits.interior_metres);
        let mut horizon: Option<Horizon> = None;
        loop {
            let mut ways = self.interior_ways(p, frame, around, zone, reach, horizon.as_ref());
            // A little nearer too: `around` measures in a frame of its own.
            ways.retain(|it| looked.is_none_or(|looked| it.distance > looked - 0.1));
            if let Some((metres, _)) = self.first_seen(p, frame, &ways, self.limits.interior_metres, viewer) {
                nearest = nearest.min(metres);
            }
            if nearest <= reach {
                return Some((nearest, horizon));
            }
            if reach >= farthest {
                return None;
            }
            looked = Some(reach);
            if nearest.is_finite() {
                // Of the ways seen none is nearer than this, but of those farther away one may be.
                reach = nearest;
                continue;
            }
            let seen = self.obstacles.horizon(frame, p, reach, viewer);
            if seen.is_closed() {
                return None;
            }
            horizon = Some(seen);
            reach = (reach * 2.0).min(self.limits.interior_metres);
        }
    }

    /// Ways of a zone within `reach` metres that may be seen, the nearest first.
    fn interior_ways(
        &self,
        p: Point,
        frame: &Frame,
        around: Option<&Surroundings>,
        zone: ZoneId,
        reach: f64,
        horizon: Option<&Horizon>,
    ) -> Vec<Candidate> {
        let mut ways = self.ways_among(p, frame, around, reach);
        ways.retain(|it| {
            let is_hidden = |horizon: &Horizon| horizon.hides(it.a, it.b, 0.0);
            self.city.edges()[it.edge as usize].zone == zone && !horizon.is_some_and(is_hidden)
        });
        ways
    }

    /// Adds the legs to gates of a compound and through them.
    pub(crate) fn add_gate_legs(&self, p: Point, frame: &Frame, home: CompoundId, found: &mut Found) {
        let viewer = Viewer { beyond_metres: GATE_METRES, ..Viewer::inside(home) };
        let mut gates: Vec<(usize, Xy)> =
            self.open_gates(home).map(|gate| (gate, frame.local(self.city.gates()[gate].point))).collect();
        gates.retain(|(_, at)| plane::norm(*at) <= self.limits.interior_metres);
        for reach in LOOKS_FOR_GATES_METRES {
            if gates.len() > MANY_GATES {
                let horizon = self.obstacles.horizon(frame, p, reach, &viewer);
                gates.retain(|(_, at)| !horizon.hides(*at, *at, GATE_METRES));
            }
        }
        for (gate, at) in gates {
            let point = self.city.gates()[gate].point;
            if point != p && self.obstacles.sees(&self.city, frame, p, point, &viewer) {
                let to_gate = (plane::norm(at) * 1000.0).round() as u32;
                for leg in &self.gate_legs(gate).legs {
                    let leg = Leg { length_mm: leg.length_mm.saturating_add(to_gate), ..*leg };
                    if found.improves(self, leg) {
                        found.add(self, leg);
                    }
                }
            }
        }
    }
}

/// Metres from the frame's origin beyond which there is nothing of a box.
fn farthest(frame: &Frame, area: &Bounds) -> f64 {
    let (low, high) = area.diagonal();
    // Across the antimeridian it holds the inner ends of its ways.
    if crosses_antimeridian(low, high) {
        return HALF_ROUND_METRES;
    }
    let (low, high) = (frame.local(low), frame.local(high));
    let side = |axis: usize| low[axis].abs().max(high[axis].abs());
    plane::norm([side(0), side(1)])
}
