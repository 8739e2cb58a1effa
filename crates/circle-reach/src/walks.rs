//! Joining legs and search: the parts that every answer shares.

use crate::access::{Leg, Legs};
use crate::answers::Origin;
use crate::entrances::{arrivals, departures};
use crate::graph::{edge_end_milliseconds, edge_milliseconds};
use crate::network::Network;
use crate::obstacles::Viewer;
use crate::search::{Search, Seed, UNREACHED};
use circle_model::city::EdgeFlags;
use circle_model::{CompoundId, Frame, GateId, Point, Profile};

/// One place a walk starts from: a place of the map, or one gate.
#[derive(Debug, Clone)]
pub(crate) struct Start<'a> {
    pub(crate) point: Point,
    pub(crate) legs: std::borrow::Cow<'a, Legs>,
    /// Row in the city's gates.
    pub(crate) gate: Option<u32>,
}

/// A walk to a place, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival {
    pub(crate) time: u32,
    pub(crate) length: u32,
    /// Which start.
    pub(crate) start: u32,
    pub(crate) from_access: u32,
    pub(crate) to_access: u32,
}

impl Network {
    /// The places where walks from an origin start; none when it is off the network.
    pub(crate) fn starts(&self, origin: Origin) -> Vec<Start<'_>> {
        match origin {
            Origin::Place(point) => {
                let legs = self.legs(point);
                let start = Start { point, legs: std::borrow::Cow::Owned(legs), gate: None };
                Some(start).filter(|start| !start.legs.legs.is_empty()).into_iter().collect()
            }
            Origin::Gate(gate) => {
                let start = Some(self.start_at(gate.index()));
                start.filter(|start| !start.legs.legs.is_empty()).into_iter().collect()
            }
            Origin::Compound(compound) => self
                .open_gates(compound)
                .map(|gate| self.start_at(gate))
                .filter(|start| !start.legs.legs.is_empty())
                .collect(),
        }
    }

    /// Walks that start at a gate.
    pub(crate) fn start_at(&self, gate: usize) -> Start<'_> {
        Start {
            point: self.city.gates()[gate].point,
            legs: std::borrow::Cow::Borrowed(self.gate_legs(gate)),
            gate: Some(gate as u32),
        }
    }

    /// The gates of a compound that are open; all of them where none is, since somebody lets its residents out.
    pub(crate) fn open_gates(&self, compound: CompoundId) -> impl Iterator<Item = usize> {
        let gates = self.city.compounds()[compound.index()].gates.range();
        let is_open = |gate: usize| !self.city.gate_is_shut(GateId(gate as u32));
        let all = !gates.clone().any(is_open);
        gates.filter(move |gate| all || is_open(*gate))
    }

    /// Searches from all starts; a seed's label is `start << 16 | leg`.
    pub(crate) fn search(&self, search: &mut Search, profile: &Profile, starts: &[Start<'_>], limit: u32) {
        let mut seeds = Vec::new();
        for (start, legs) in starts.iter().enumerate() {
            for (number, leg) in legs.legs.legs.iter().enumerate().take(1 << 16) {
                let (along, time) = self.onward(leg, profile);
                let label = (start as u32) << 16 | number as u32;
                for node in departures(self, leg).into_iter().flatten() {
                    seeds.push(Seed {
                        node,
                        time: self.leg_milliseconds(leg.length_mm, profile).saturating_add(time),
                        length: leg.length_mm.saturating_add(along),
                        label,
                    });
                }
            }
        }
        search.run(&self.graph, &self.weights(profile), &seeds, limit);
    }

    /// Millimetres and milliseconds from a leg's place on its edge to the end it is best for, that end passed;
    /// [`UNREACHED`] where it cannot be.
    #[inline]
    pub(crate) fn onward(&self, leg: &Leg, profile: &Profile) -> (u32, u32) {
        self.along(leg, leg.end == 0, profile)
    }

    /// As [`Network::onward`], the other way: from that end to the leg's place.
    #[inline]
    pub(crate) fn inward(&self, leg: &Leg, profile: &Profile) -> (u32, u32) {
        self.along(leg, leg.end == 1, profile)
    }

    #[inline]
    fn along(&self, leg: &Leg, against: bool, profile: &Profile) -> (u32, u32) {
        let edge = &self.city.edges()[leg.edge as usize];
        let along = if leg.end == 0 { leg.offset_mm } else { edge.length_mm - leg.offset_mm };
        let end = edge_end_milliseconds(edge, usize::from(leg.end), &profile.pace);
        let time = edge_milliseconds(&self.city, leg.edge, against, along, &profile.pace);
        (along, time.saturating_add(end))
    }

    /// Time for a leg over open ground, at the profile's speed and the ground's factor.
    #[inline]
    pub(crate) fn leg_milliseconds(&self, length_mm: u32, profile: &Profile) -> u32 {
        rounded(f64::from(length_mm) * self.limits.off_network_factor / profile.pace.speed.value())
    }

    /// The best walk to a place by its legs, after a search.
    pub(crate) fn arrive(
        &self,
        search: &Search,
        profile: &Profile,
        starts: &[Start<'_>],
        legs: &Legs,
    ) -> Option<Arrival> {
        let mut best: Option<Arrival> = None;
        for leg in &legs.legs {
            for node in arrivals(self, leg).into_iter().flatten() {
                best = earlier(best, self.arrive_from(search, profile, starts, leg, node));
            }
        }
        best
    }

    /// The walk that comes to a leg from one node.
    #[inline]
    pub(crate) fn arrive_from(
        &self,
        search: &Search,
        profile: &Profile,
        starts: &[Start<'_>],
        leg: &Leg,
        node: u32,
    ) -> Option<Arrival> {
        let label = search.label(node)?;
        let (along, time) = self.inward(leg, profile);
        let start = label.seed >> 16;
        let time =
            label.time.saturating_add(time).saturating_add(self.leg_milliseconds(leg.length_mm, profile));
        (time != UNREACHED).then(|| Arrival {
            time,
            length: label.length.saturating_add(along).saturating_add(leg.length_mm),
            start,
            from_access: starts[start as usize].legs.legs[(label.seed & 0xffff) as usize].length_mm,
            to_access: leg.length_mm,
        })
    }

    /// The best walk along the one edge that both places have a leg to.
    pub(crate) fn arrive_on_edge(
        &self,
        profile: &Profile,
        start: u32,
        from: &Leg,
        to: &Leg,
    ) -> Option<Arrival> {
        let edge = &self.city.edges()[from.edge as usize];
        // Somebody who is outside a zone at both ends does not walk in it.
        if from.edge != to.edge || !(from.own || to.own) {
            return None;
        }
        let against = to.offset_mm < from.offset_mm;
        let forbids = if against { EdgeFlags::NOT_BACKWARD } else { EdgeFlags::NOT_FORWARD };
        if edge.has(forbids) && to.offset_mm != from.offset_mm {
            return None;
        }
        let along = to.offset_mm.abs_diff(from.offset_mm);
        let time = edge_milliseconds(&self.city, from.edge, against, along, &profile.pace)
            .saturating_add(self.leg_milliseconds(from.length_mm, profile))
            .saturating_add(self.leg_milliseconds(to.length_mm, profile));
        (time != UNREACHED).then(|| Arrival {
            time,
            length: from.length_mm.saturating_add(along).saturating_add(to.length_mm),
            start,
            from_access: from.length_mm,
            to_access: to.length_mm,
        })
    }

    /// The straight walk to an access point of a facility, where that has legs.
    pub(crate) fn arrive_straight_at(
        &self,
        profile: &Profile,
        number: u32,
        start: &Start<'_>,
        access: u32,
    ) -> Option<Arrival> {
        let legs = &self.entrances().legs[access as usize];
        let point = self.city.access_points()[access as usize].point;
        if legs.legs.is_empty() {
            return None;
        }
        self.arrive_straight(profile, number, start, point, legs.limit_metres, legs.on_major)
    }

    /// The straight walk between two places that see each other within the longer of their limits.
    pub(crate) fn arrive_straight(
        &self,
        profile: &Profile,
        number: u32,
        start: &Start<'_>,
        to: Point,
        to_limit: f64,
        to_on_major: bool,
    ) -> Option<Arrival> {
        if start.point == to {
            return Some(Arrival { time: 0, length: 0, start: number, from_access: 0, to_access: 0 });
        }
        if start.legs.on_major && to_on_major {
            return None;
        }
        let limit = start.legs.limit_metres.max(to_limit);
        let frame = Frame::at(start.point);
        let [x, y] = frame.local(to);
        let metres = x.hypot(y);
        if metres > limit {
            return None;
        }
        let mut buildings = self.obstacles.buildings_at(&self.city, start.point);
        buildings.extend(self.obstacles.buildings_at(&self.city, to));
        let viewer = Viewer { buildings, ..Viewer::default() };
        if !self.obstacles.sees(&self.city, &frame, start.point, to, &viewer) {
            return None;
        }
        let length = (metres * 1000.0).round() as u32;
        Some(Arrival {
            time: self.leg_milliseconds(length, profile),
            length,
            start: number,
            from_access: length,
            to_access: 0,
        })
    }
}

/// Whole milliseconds of a time that is not below zero; `f64::round` is a call into the C library on plain x86-64.
#[inline]
pub(crate) fn rounded(milliseconds: f64) -> u32 {
    (milliseconds + 0.5).min(f64::from(UNREACHED / 4)) as u32
}

/// The earlier of two walks; the shorter of two that take equally long.
#[inline]
pub(crate) fn earlier(a: Option<Arrival>, b: Option<Arrival>) -> Option<Arrival> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
