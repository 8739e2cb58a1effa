//! The access leg: from a place over open ground to the network (`walking.md`, "From a point to the network").

use crate::explain::place_on;
use crate::graph::ancestors;
use crate::network::Network;
use crate::obstacles::Viewer;
use crate::walks::rounded;
use circle_model::city::EdgeFlags;
use circle_model::coordinates::Bounds;
use circle_model::plane::{self, Xy};
use circle_model::{CompoundId, FeatureId, Frame, Point, ZoneId};

/// Far enough for a place that sees a way within 16 m.
const SHORT_LOOK_METRES: f64 = 34.0;
/// Where the foot and the best place of a way are hidden, it is looked for at these many times as far along.
const WIDER: [f64; 2] = [2.2, 4.5];
/// How closely the view along a way is followed round a corner.
const CORNER_METRES: f64 = 0.05;

/// A straight leg to a place on an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The edge.
    pub edge: u32,
    /// Where on it, from its `from` end.
    pub offset_mm: u32,
    /// Length of the leg.
    pub length_mm: u32,
    /// 0 when the leg is best for going on to the edge's `from` end, 1 for its `to` end.
    pub end: u8,
    /// The edge is public or of the zone that the place is in.
    pub own: bool,
}

/// All legs of a place.
#[derive(Debug, Clone, Default)]
pub struct Legs {
    /// At most two for an edge.
    pub legs: Vec<Leg>,
    /// Longest leg of the place, in metres; 0 off the network.
    pub limit_metres: f64,
    /// Buildings hid every way and were not counted.
    pub through_buildings: bool,
    /// The place is within 5 m of a way of class tertiary or above.
    pub on_major: bool,
}

/// A segment that legs may lead to, in the frame of the place.
pub(crate) struct Candidate {
    pub(crate) edge: u32,
    offset_mm: f64,
    pub(crate) a: Xy,
    pub(crate) b: Xy,
    /// Metres from the place.
    pub(crate) distance: f64,
}

impl Candidate {
    /// The place of the segment that lies `slid` metres beyond the foot of the perpendicular.
    fn place(&self, slid: f64) -> Xy {
        let (dx, dy) = (self.b[0] - self.a[0], self.b[1] - self.a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        if length > 0.0 {
            let share = plane::foot(self.a, self.b) + slid / length;
            plane::along(self.a, self.b, share.clamp(0.0, 1.0))
        } else {
            self.a
        }
    }
}

impl Network {
    /// The legs of a place; none when it is off the network.
    pub fn legs(&self, p: Point) -> Legs {
        self.legs_from(p, &self.homes_at(p), true)
    }

    /// As [`Network::legs`], of a place in the box that `around` was found for.
    pub(crate) fn legs_among(&self, p: Point, around: &Surroundings) -> Legs {
        let homes = if around.homes { self.homes_at(p) } else { Vec::new() };
        self.legs_within(p, &homes, true, Some(around))
    }

    /// The legs of a place that counts as inside `homes`, with those that lead on through their gates or without.
    pub(crate) fn legs_from(&self, p: Point, homes: &[CompoundId], through_gates: bool) -> Legs {
        self.legs_within(p, homes, through_gates, None)
    }

    fn legs_within(
        &self,
        p: Point,
        homes: &[CompoundId],
        through_gates: bool,
        around: Option<&Surroundings>,
    ) -> Legs {
        let frame = Frame::at(p);
        let open = around.is_some_and(|around| around.open);
        let buildings = if open { Vec::new() } else { self.obstacles.buildings_at(&self.city, p) };
        let mut viewer = Viewer { buildings, open, ..Viewer::default() };
        let (near, nearest) = self.nearest_seen(p, &frame, around, &mut viewer);
        let edges = self.city.edges();
        let zones = self.city.zones();
        let zone_of = |home: &CompoundId| self.city.compounds()[home.index()].zone;
        let home_zone = homes.iter().map(zone_of).find(|zone| !zone.is_public()).unwrap_or_default();
        // A compound is lived in inside its outline; restricted ways without one, beside them.
        let beside = nearest.map_or(ZoneId::PUBLIC, |(_, edge)| edges[edge as usize].zone);
        let lived_in = zones.get(beside.index()).is_some_and(|zone| zone.compound().is_none());
        let zone = if !home_zone.is_public() || !lived_in { home_zone } else { beside };
        let mut legs =
            Legs { through_buildings: viewer.through_buildings && nearest.is_some(), ..Legs::default() };
        let majors: Vec<FeatureId> = near
            .iter()
            .take_while(|it| it.distance <= self.limits.on_major_metres)
            .filter(|it| edges[it.edge as usize].has(EdgeFlags::MAJOR))
            .map(|it| edges[it.edge as usize].way)
            .collect();
        legs.on_major = !majors.is_empty();
        let mut found = Found::default();
        if let Some((distance, _)) = nearest {
            legs.limit_metres = self.limits.longest_from(distance);
            for it in near.iter().take_while(|it| it.distance <= legs.limit_metres) {
                let edge = &edges[it.edge as usize];
                let another_major =
                    legs.on_major && edge.has(EdgeFlags::MAJOR) && !majors.contains(&edge.way);
                if !another_major {
                    self.add_legs(p, &frame, it, legs.limit_metres, &viewer, &mut found);
                }
            }
            if legs.on_major {
                self.drop_legs_to_other_roads(&frame, &near, &majors, &mut found);
            }
        }
        for home in homes {
            self.add_interior_legs(p, &frame, around, *home, &mut found);
            if through_gates {
                self.add_gate_legs(p, &frame, *home, &mut found);
            }
        }
        legs.legs = found.legs;
        for leg in &mut legs.legs {
            let other = edges[leg.edge as usize].zone;
            leg.own =
                other.is_public() || other == zone || ancestors(zones, zone).any(|around| around == other);
        }
        legs
    }

    /// Whoever is on a way of class tertiary or above gets to no other by a leg, be it to the end of a lesser way that
    /// lies on it. `majors` are the ways that the place is on.
    fn drop_legs_to_other_roads(
        &self,
        frame: &Frame,
        near: &[Candidate],
        majors: &[FeatureId],
        found: &mut Found,
    ) {
        let edges = self.city.edges();
        let roads = near.iter().filter(|it| edges[it.edge as usize].has(EdgeFlags::MAJOR));
        let (own, other): (Vec<&Candidate>, Vec<&Candidate>) =
            roads.partition(|it| majors.contains(&edges[it.edge as usize].way));
        if other.is_empty() {
            return;
        }
        found.legs.retain(|leg| {
            let end = frame.local(place_on(self.city.line(edges[leg.edge as usize].line), leg.offset_mm));
            let is_on = |road: &&Candidate| {
                let [a, b] = [road.a, road.b].map(|corner| [corner[0] - end[0], corner[1] - end[1]]);
                plane::distance(a, b) <= self.limits.on_major_metres
            };
            own.iter().any(is_on) || !other.iter().any(is_on)
        });
    }

    /// Segments that legs may lead to, the nearest first, and distance and edge of the nearest that `p` sees.
    /// Most places lie close to a way, so a short look comes before the long one.
    fn nearest_seen(
        &self,
        p: Point,
        frame: &Frame,
        around: Option<&Surroundings>,
        viewer: &mut Viewer,
    ) -> (Vec<Candidate>, Option<(f64, u32)>) {
        let ways_near = |reach: f64| self.ways_among(p, frame, around, reach);
        let seen = |near: &[Candidate], viewer: &Viewer| {
            self.first_seen(p, frame, near, self.limits.longest_metres, viewer)
        };
        let near = ways_near(SHORT_LOOK_METRES);
        if let Some(nearest) = seen(&near, viewer).filter(|(metres, _)| *metres <= SHORT_LOOK_METRES) {
            let limit = self.limits.longest_from(nearest.0);
            let near = if limit <= SHORT_LOOK_METRES { near } else { ways_near(limit) };
            return (near, Some(nearest));
        }
        let near = ways_near(self.limits.longest_metres);
        let mut nearest = seen(&near, viewer);
        if nearest.is_none() && !near.is_empty() {
            viewer.through_buildings = true;
            nearest = seen(&near, viewer);
        }
        (near, nearest)
    }

    /// Distance and edge of the nearest place within `farthest` metres that `p` sees on any of the segments, which
    /// come nearest first.
    pub(crate) fn first_seen(
        &self,
        p: Point,
        frame: &Frame,
        near: &[Candidate],
        farthest: f64,
        viewer: &Viewer,
    ) -> Option<(f64, u32)> {
        let mut best: Option<(f64, u32)> = None;
        for it in near {
            if best.is_some_and(|(distance, _)| distance <= it.distance) {
                break;
            }
            // The foot of the perpendicular may be hidden where the way beside it is not.
            let slide = self.limits.slide() * it.distance;
            let wider = WIDER.iter().flat_map(|wider| [-wider * slide, wider * slide]);
            let seen = [0.0, -slide, slide]
                .into_iter()
                .chain(wider)
                .map(|slid| it.place(slid))
                .filter(|q| plane::norm(*q) <= farthest)
                .find(|q| self.obstacles.sees(&self.city, frame, p, frame.point(*q), viewer));
            if let Some(distance) = seen.map(plane::norm)
                && best.is_none_or(|(least, _)| distance < least)
            {
                best = Some((distance, it.edge));
            }
        }
        best
    }

    /// Street segments within `reach` metres that legs may lead to, the nearest first; from `around` where that goes as
    /// far.
    pub(crate) fn ways_among(
        &self,
        p: Point,
        frame: &Frame,
        around: Option<&Surroundings>,
        reach: f64,
    ) -> Vec<Candidate> {
        match around {
            Some(around) if reach <= self.limits.longest_metres => around.ways_near(self, p, reach),
            _ => self.ways_near(p, frame, reach),
        }
    }

    fn ways_near(&self, p: Point, frame: &Frame, reach: f64) -> Vec<Candidate> {
        let mut near = Vec::new();
        self.streets.visit_near(p, p, reach, |segment| {
            let (a, b) = (frame.local(segment.a), frame.local(segment.b));
            let distance = plane::distance(a, b);
            if distance > reach {
                return true;
            }
            let (edge, offset_mm) = self.segments[segment.id as usize];
            if self.is_reached(edge, distance) {
                near.push(Candidate { edge, offset_mm: f64::from(offset_mm), a, b, distance });
            }
            true
        });
        nearest_first(&mut near);
        near
    }

    /// Bridges and tunnels are reached by who is on them, small islands by nobody.
    fn is_reached(&self, edge: u32, distance: f64) -> bool {
        (!self.is_raised(edge) || distance <= self.limits.on_bridge_metres) && !self.on_island(edge)
    }

    fn is_raised(&self, edge: u32) -> bool {
        let edge = &self.city.edges()[edge as usize];
        edge.has(EdgeFlags::BRIDGE) || edge.has(EdgeFlags::TUNNEL)
    }

    /// The best legs to one segment: for going on either way, each as far along as pays.
    pub(crate) fn add_legs(
        &self,
        p: Point,
        frame: &Frame,
        it: &Candidate,
        limit: f64,
        viewer: &Viewer,
        found: &mut Found,
    ) {
        let (dx, dy) = (it.b[0] - it.a[0], it.b[1] - it.a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        let (foot, height) = if length > 0.0 {
            let foot = -(it.a[0] * dx + it.a[1] * dy) / length;
            (foot, ((it.a[0] * dy - it.a[1] * dx) / length).abs())
        } else {
            (0.0, plane::norm(it.a))
        };
        let most = (limit * limit - height * height).max(0.0).sqrt();
        for end in [0u8, 1] {
            let slide = self.limits.slide() * height;
            let slid = foot + if end == 0 { -slide } else { slide };
            let [best, near] =
                [slid.clamp(foot - most, foot + most).clamp(0.0, length), foot.clamp(0.0, length)];
            let leg = |at: f64| {
                let q = if length > 0.0 { plane::along(it.a, it.b, at / length) } else { it.a };
                let offset_mm = rounded(it.offset_mm + at * 1000.0);
                let leg = Leg {
                    edge: it.edge,
                    offset_mm: offset_mm.min(self.city.edges()[it.edge as usize].length_mm),
                    length_mm: rounded(plane::norm(q) * 1000.0),
                    end,
                    own: true,
                };
                (leg, q)
            };
            if !found.improves(self, leg(best).0) {
                continue;
            }
            let mut add = |at: f64| {
                let (leg, q) = leg(at);
                let sees = self.obstacles.sees(&self.city, frame, p, frame.point(q), viewer);
                if sees && found.improves(self, leg) {
                    found.add(self, leg);
                }
                sees
            };
            if add(best) {
                continue;
            }
            // Hidden: as near to the best place as the view goes, from the foot or, past a corner, from beyond.
            let beyond =
                WIDER.iter().map(|wider| (foot + (slid - foot) * wider).clamp(foot - most, foot + most));
            let Some(shown) =
                std::iter::once(near).chain(beyond.map(|at| at.clamp(0.0, length))).find(|at| add(*at))
            else {
                continue;
            };
            let (mut shown, mut hidden) = (shown, best);
            while (shown - hidden).abs() > CORNER_METRES {
                let middle = f64::midpoint(shown, hidden);
                if add(middle) { shown = middle } else { hidden = middle }
            }
        }
    }
}

fn nearest_first(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by(|x, y| {
        let along = || x.offset_mm.total_cmp(&y.offset_mm);
        x.distance.total_cmp(&y.distance).then(x.edge.cmp(&y.edge)).then_with(along)
    });
}

/// What legs of many neighbouring places may meet, found once for all of them.
pub(crate) struct Surroundings {
    frame: Frame,
    ways: Vec<Listed>,
    /// Nothing is in the way of any leg.
    open: bool,
    /// Some place may lie in a compound.
    homes: bool,
}

/// A street segment that legs may lead to, in the frame of its [`Surroundings`].
struct Listed {
    edge: u32,
    offset_mm: f64,
    a: Xy,
    b: Xy,
    raised: bool,
}

impl Surroundings {
    /// For the places of a box.
    pub(crate) fn of(network: &Network, area: &Bounds) -> Self {
        let reach = network.limits.longest_metres;
        let frame = Frame::at(area.centre());
        let mut ways = Vec::new();
        let (low, high) = area.diagonal();
        network.streets.visit_near(low, high, reach, |segment| {
            let (edge, offset_mm) = network.segments[segment.id as usize];
            if !network.on_island(edge) {
                ways.push(Listed {
                    edge,
                    offset_mm: f64::from(offset_mm),
                    a: frame.local(segment.a),
                    b: frame.local(segment.b),
                    raised: network.is_raised(edge),
                });
            }
            true
        });
        let open = network.obstacles.none_near(area, reach);
        Self { frame, ways, open, homes: network.any_compound_near(area) }
    }

    fn ways_near(&self, network: &Network, p: Point, reach: f64) -> Vec<Candidate> {
        let [x, y] = self.frame.local(p);
        let from_p = |corner: Xy| [corner[0] - x, corner[1] - y];
        let candidate = |way: &Listed| {
            let (a, b) = (from_p(way.a), from_p(way.b));
            let distance = plane::distance(a, b);
            let reach = if way.raised { reach.min(network.limits.on_bridge_metres) } else { reach };
            (distance <= reach).then_some(Candidate {
                edge: way.edge,
                offset_mm: way.offset_mm,
                a,
                b,
                distance,
            })
        };
        let mut near: Vec<Candidate> = self.ways.iter().filter_map(candidate).collect();
        nearest_first(&mut near);
        near
    }
}

/// The best leg so far for each edge and direction.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) legs: Vec<Leg>,
}

impl Found {
    /// Millimetres of leg and edge up to the edge's end, the leg at its factor.
    fn cost(network: &Network, leg: &Leg) -> f64 {
        let length = network.city.edges()[leg.edge as usize].length_mm;
        let rest = if leg.end == 0 { leg.offset_mm } else { length - leg.offset_mm };
        f64::from(leg.length_mm) * network.limits.off_network_factor + f64::from(rest)
    }

    pub(crate) fn improves(&self, network: &Network, leg: Leg) -> bool {
        let same = self.legs.iter().find(|other| other.edge == leg.edge && other.end == leg.end);
        same.is_none_or(|other| Self::cost(network, &leg) < Self::cost(network, other))
    }

    pub(crate) fn add(&mut self, network: &Network, leg: Leg) {
        debug_assert!(self.improves(network, leg));
        match self.legs.iter_mut().find(|other| other.edge == leg.edge && other.end == leg.end) {
            Some(other) => *other = leg,
            None => self.legs.push(leg),
        }
    }
}
