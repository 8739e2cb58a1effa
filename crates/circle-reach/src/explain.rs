//! A walk in full: every leg, way and wait, and what kept it from being shorter.

use crate::access::{Leg, Legs};
use crate::answers::{Origin, Status, Walk};
use crate::entrances::{arrivals, departures};
use crate::graph::{Arc, edge_end_milliseconds, edge_milliseconds};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::times::times;
use crate::walks::{Arrival, Start};
use circle_model::city::{
    ChangedTables, EdgeEndFlags, EdgeFlags, MapFeatureFlags, MapKind, NodeFlags, Shut, Zone,
};
use circle_model::coordinates::Bounds;
use circle_model::{
    City, CompoundId, FacilityId, FeatureId, Frame, GateId, Millimetres, Milliseconds, NodeId, Point,
    Profile, ZoneId, plane,
};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// How one gets from place to place, or why not.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The walk, as [`times`] has it.
    pub walk: Walk,
    /// Its parts in order; empty unless the walk is `Ok`.
    pub parts: Vec<Part>,
    /// What is in the way of a shorter walk.
    pub barred: Vec<Barred>,
    /// Whether buildings hid every way from the start and from the end, and were not counted there.
    pub through_buildings: [bool; 2],
    /// The gate that the walk leaves by, where it starts at a compound or gate and there is a walk.
    pub gate: Option<GateId>,
    /// The access point that it ends at, where it leads to a facility and there is a walk.
    pub entered_at: Option<Point>,
}

/// A part of a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What is walked on.
    pub ground: Ground,
    /// Where it leads.
    pub line: Vec<Point>,
    /// Walking time, waits included.
    pub time: Milliseconds,
    /// True length.
    pub length: Millimetres,
    /// What is waited for.
    pub waits: Vec<Wait>,
}

/// What is walked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Open ground, from the start to the first way or from the last way to the end.
    Leg,
    /// Open ground, from the start straight to the end.
    Straight,
    /// A way, and whether it is steps.
    Way(FeatureId, bool),
}

/// A wait, where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    /// Signals, a crossing, a footbridge, a lift or a gate.
    pub what: EdgeEndFlags,
    /// How long.
    pub time: Milliseconds,
    /// Where.
    pub at: Point,
}

/// Something in the way of a shorter walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Barred {
    /// What it is.
    pub by: Barrier,
    /// Where the shorter walk meets it.
    pub at: Point,
    /// How long the walk would take without it.
    pub time: Milliseconds,
}

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    /// A closed compound that the walk would pass through.
    ClosedCompound(CompoundId),
    /// A way that keeps strangers out.
    RestrictedWay(FeatureId),
    /// A locked gate: its junction.
    LockedGate(NodeId),
    /// A wall or fence.
    Wall(FeatureId),
}

/// A walk that is shorter by less is not worth a reason.
const WORTH_MILLISECONDS: u32 = 1000;

/// Where an explained walk ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// A place of the map.
    Place(Point),
    /// A facility, by whichever of its entrances is best.
    Facility(FacilityId),
}

/// Explains the walk from an origin to a destination, up to `limit`: the one that [`times`] and
/// [`reach`](crate::reach) have.
pub fn explain(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    limit: Milliseconds,
) -> Explained {
    let (walk, found) = walk(network, profile, from, to, limit);
    let mut barred = Vec::new();
    let mut known = if walk.status == Status::Ok { walk.time.0 } else { UNREACHED };
    for opened in [network.opened(false), network.opened(true)] {
        let (shorter, found) = self::walk(opened, profile, from, to, limit);
        if shorter.status != Status::Ok || shorter.time.0.saturating_add(WORTH_MILLISECONDS) > known {
            continue;
        }
        known = shorter.time.0;
        let Some(Found { parts, edges, .. }) = found else { continue };
        let mut met: BTreeSet<Barrier> = BTreeSet::new();
        for (by, at) in barriers(network, &parts, &edges) {
            if met.insert(by) {
                barred.push(Barred { by, at, time: shorter.time });
            }
        }
    }
    let at_end = |ends: Vec<End<'_>>| !ends.is_empty() && ends.iter().all(|end| end.legs.through_buildings);
    let through_buildings = [network.through_buildings(from), at_end(network.ends(to))];
    let found = found.filter(|_| walk.status == Status::Ok);
    let gate = found.as_ref().and_then(|found| found.gate);
    let to_facility = matches!(to, Destination::Facility(_));
    let entered_at = found.as_ref().filter(|_| to_facility).map(|found| found.to);
    let parts = found.map_or_else(Vec::new, |found| found.parts);
    Explained { walk, parts, barred, through_buildings, gate, entered_at }
}

/// The walk and the way it takes.
fn walk(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    limit: Milliseconds,
) -> (Walk, Option<Found>) {
    if let (Origin::Place(from_place), Destination::Place(to_place)) = (from, to) {
        let walk = times(network, profile, &[from_place], &[to_place], limit)[0];
        let found = (walk.status == Status::Ok).then(|| path(network, profile, from, to)).flatten();
        return (walk, found);
    }
    let (time, length, access) = (Milliseconds(0), Millimetres(0), Millimetres(0));
    let none = |status| {
        let through_buildings = network.through_buildings(from);
        Walk { status, time, length, from_access: access, to_access: access, through_buildings }
    };
    if network.starts(from).is_empty() || network.ends(to).is_empty() {
        return (none(Status::OffNetwork), None);
    }
    match path(network, profile, from, to) {
        None => (none(Status::NoPath), None),
        Some(found) if found.arrival.time > limit.0 => (none(Status::Beyond), None),
        Some(found) => {
            let walk = Walk {
                time: Milliseconds(found.arrival.time),
                length: Millimetres(found.arrival.length),
                from_access: Millimetres(found.arrival.from_access),
                to_access: Millimetres(found.arrival.to_access),
                ..none(Status::Ok)
            };
            (walk, Some(found))
        }
    }
}

/// One place that a walk may end at.
struct End<'a> {
    point: Point,
    legs: Cow<'a, Legs>,
}

impl Network {
    /// The places that a walk to a destination may end at; none when it is off the network.
    fn ends(&self, to: Destination) -> Vec<End<'_>> {
        let ends: Vec<End<'_>> = match to {
            Destination::Place(point) => vec![End { point, legs: Cow::Owned(self.legs(point)) }],
            Destination::Facility(facility) => {
                let access = self.city.facilities()[facility.index()].access.range();
                let end = |access: usize| End {
                    point: self.city.access_points()[access].point,
                    legs: Cow::Borrowed(&self.entrances().legs[access]),
                };
                access.map(end).collect()
            }
        };
        ends.into_iter().filter(|end| !end.legs.legs.is_empty()).collect()
    }
}

/// A city whose compounds are open, gates unlocked and, on demand, walls taken down.
pub(crate) fn opened(city: &City, walls: bool) -> City {
    let (mut nodes, mut edges) = (city.nodes().to_vec(), city.edges().to_vec());
    let mut compounds = city.compounds().to_vec();
    edges.iter_mut().for_each(|edge| edge.zone = ZoneId::PUBLIC);
    nodes.iter_mut().for_each(|node| node.flags.remove(NodeFlags::RESTRICTED));
    for compound in &mut compounds {
        (compound.closed, compound.zone) = (0, ZoneId::PUBLIC);
    }
    let features = walls.then(|| {
        let mut features = city.features().to_vec();
        let walls = features.iter_mut().filter(|feature| feature.map_kind() == MapKind::Barrier);
        walls.for_each(|wall| wall.flags.remove(MapFeatureFlags::OBSTACLE));
        features
    });
    let changed = ChangedTables {
        nodes: Some(nodes),
        edges: Some(edges),
        compounds: Some(compounds),
        zones: Some(city.zones().iter().take(1).copied().collect()),
        features,
        ..ChangedTables::default()
    };
    let shut = Shut { facilities: city.shut().facilities.clone(), ..Shut::default() };
    city.changed(changed).with_shut(shut)
}

/// The best walk, its parts, and the edges it goes along.
struct Found {
    arrival: Arrival,
    parts: Vec<Part>,
    edges: Vec<u32>,
    gate: Option<GateId>,
    /// Where it ends.
    to: Point,
}

fn path(network: &Network, profile: &Profile, from: Origin, to: Destination) -> Option<Found> {
    let (starts, ends) = (network.starts(from), network.ends(to));
    Search::with(|search| {
        network.search(search, profile, &starts, UNREACHED - 1);
        let mut best: Option<(Arrival, How, Point)> = None;
        for End { point, legs } in &ends {
            let mut offer = |arrival: Option<Arrival>, how: How| {
                if let Some(arrival) = arrival
                    && best.as_ref().is_none_or(|(known, ..)| arrival < *known)
                {
                    best = Some((arrival, how, *point));
                }
            };
            for leg in &legs.legs {
                for node in arrivals(network, leg).into_iter().flatten() {
                    offer(network.arrive_from(search, profile, &starts, leg, node), How::By(node, *leg));
                }
                for (number, start) in (0..).zip(&starts) {
                    for first in start.legs.legs.iter().filter(|first| first.edge == leg.edge) {
                        let along = network.arrive_on_edge(profile, number, first, leg);
                        offer(along, How::Along(*first, *leg));
                    }
                }
            }
            for (number, start) in (0..).zip(&starts) {
                let (limit, on_major) = (legs.limit_metres, legs.on_major);
                let straight = network.arrive_straight(profile, number, start, *point, limit, on_major);
                offer(straight, How::Straight);
            }
        }
        let (arrival, how, to) = best?;
        let start = &starts[arrival.start as usize];
        let mut draw = Drawing { network, profile, parts: Vec::new(), edges: Vec::new() };
        match how {
            How::Straight => draw.open_ground(Ground::Straight, start.point, to, arrival.length),
            How::Along(first, last) => {
                draw.leg(start.point, &first, true);
                draw.stretch(first.edge, first.offset_mm, last.offset_mm, [false; 2]);
                draw.leg(to, &last, false);
            }
            How::By(node, last) => {
                let (first, edges) = trace(network, profile, search, start, node);
                draw.leg(start.point, &first, true);
                let end_of = |leg: &Leg| [leg.end == 0, leg.end == 1];
                let ends =
                    |leg: &Leg| [0, network.city.edges()[leg.edge as usize].length_mm][usize::from(leg.end)];
                draw.stretch(first.edge, first.offset_mm, ends(&first), end_of(&first));
                for (edge, backward) in edges {
                    let length = network.city.edges()[edge as usize].length_mm;
                    let (begin, end) = if backward { (length, 0) } else { (0, length) };
                    draw.stretch(edge, begin, end, [true; 2]);
                }
                draw.stretch(last.edge, ends(&last), last.offset_mm, end_of(&last));
                draw.leg(to, &last, false);
            }
        }
        let gate = start.gate.map(GateId);
        Some(Found { arrival, parts: draw.parts, edges: draw.edges, gate, to })
    })
}

/// How a walk comes to its end.
enum How {
    /// From a node, along the leg's edge.
    By(u32, Leg),
    /// Along the one edge that both legs lead to.
    Along(Leg, Leg),
    Straight,
}

/// Back from a node to the leg that the walk began with: the edges in the order they are walked, and whether against
/// their direction.
fn trace(
    network: &Network,
    profile: &Profile,
    search: &Search,
    start: &Start<'_>,
    mut node: u32,
) -> (Leg, Vec<(u32, bool)>) {
    let (graph, weights) = (network.reversed(), network.reversed_weights(profile));
    let seed = search.label(node).map_or(0, |label| label.seed & 0xffff) as usize;
    let first = start.legs.legs[seed];
    let (along, time) = network.onward(&first, profile);
    let begins = (
        network.leg_milliseconds(first.length_mm, profile).saturating_add(time),
        first.length_mm.saturating_add(along),
    );
    let mut edges = Vec::new();
    let mut seen = BTreeSet::from([node]);
    while let Some(label) = search.label(node) {
        let at_start = departures(network, &first).into_iter().flatten().any(|begin| begin == node);
        if at_start && (label.time, label.length) == begins {
            break;
        }
        let before = graph.row(node).zip(weights.steps(graph.row(node))).find(|(_, step)| {
            !seen.contains(&step.to)
                && search.label(step.to).is_some_and(|before| {
                    before.seed == label.seed
                        && before.time.saturating_add(step.time) == label.time
                        && before.length.saturating_add(step.length) == label.length
                })
        });
        let Some(arc) = before.map(|(position, _)| graph.arc(position)) else { break };
        if arc.edge != Arc::NO_EDGE {
            edges.push((arc.edge, arc.against));
        }
        seen.insert(arc.to);
        node = arc.to;
    }
    edges.reverse();
    (first, edges)
}

/// Collects the parts; stretches of one way become one part.
struct Drawing<'a> {
    network: &'a Network,
    profile: &'a Profile,
    parts: Vec<Part>,
    edges: Vec<u32>,
}

impl Drawing<'_> {
    fn open_ground(&mut self, ground: Ground, from: Point, to: Point, length_mm: u32) {
        if length_mm > 0 {
            self.parts.push(Part {
                ground,
                line: vec![from, to],
                time: Milliseconds(self.network.leg_milliseconds(length_mm, self.profile)),
                length: Millimetres(length_mm),
                waits: Vec::new(),
            });
        }
    }

    /// The leg between a place and a way.
    fn leg(&mut self, place: Point, leg: &Leg, outward: bool) {
        let edge = &self.network.city.edges()[leg.edge as usize];
        let foot = place_on(self.network.city.line(edge.line), leg.offset_mm);
        let (from, to) = if outward { (place, foot) } else { (foot, place) };
        self.open_ground(Ground::Leg, from, to, leg.length_mm);
    }

    /// A stretch of an edge, from one offset to another, and which of the edge's ends are passed: not the one that a
    /// walk begins or ends at.
    fn stretch(&mut self, number: u32, from_mm: u32, to_mm: u32, passed: [bool; 2]) {
        let edge = self.network.city.edges()[number as usize];
        let pace = &self.profile.pace;
        let line = part_of(self.network.city.line(edge.line), from_mm, to_mm);
        let length = from_mm.abs_diff(to_mm);
        let mut time = edge_milliseconds(&self.network.city, number, to_mm < from_mm, length, pace);
        let mut waits = Vec::new();
        for end in [0, 1].into_iter().filter(|end| passed[*end]) {
            let wait = edge_end_milliseconds(&edge, end, pace);
            if wait > 0 {
                let node = [edge.from, edge.to][end];
                let at = self.network.city.nodes()[node.index()].point;
                let what = [
                    EdgeEndFlags::SIGNALS,
                    EdgeEndFlags::CROSSING,
                    EdgeEndFlags::UP_TO_BRIDGE,
                    EdgeEndFlags::LIFT,
                    EdgeEndFlags::GATE,
                ];
                let what = what.into_iter().find(|what| edge.end(end).contains(*what)).unwrap_or_default();
                waits.push(Wait { what, time: Milliseconds(wait), at });
                time = time.saturating_add(wait);
            }
        }
        if length == 0 && waits.is_empty() {
            return;
        }
        self.edges.push(number);
        let ground = Ground::Way(edge.way, edge.has(EdgeFlags::STEPS));
        match self.parts.last_mut().filter(|part| part.ground == ground) {
            Some(part) => {
                part.line.extend(line.into_iter().skip(1));
                part.time.0 = part.time.0.saturating_add(time);
                part.length.0 = part.length.0.saturating_add(length);
                part.waits.extend(waits);
            }
            None => self.parts.push(Part {
                ground,
                line,
                time: Milliseconds(time),
                length: Millimetres(length),
                waits,
            }),
        }
    }
}

/// The place on a line that far from its beginning.
pub(crate) fn place_on(line: &[Point], offset_mm: u32) -> Point {
    part_of(line, 0, offset_mm).last().copied().or(line.first().copied()).unwrap_or_default()
}

/// The part of a line between two offsets, walked from the first to the second.
fn part_of(line: &[Point], from_mm: u32, to_mm: u32) -> Vec<Point> {
    let (low, high) = (f64::from(from_mm.min(to_mm)) / 1000.0, f64::from(from_mm.max(to_mm)) / 1000.0);
    let mut part: Vec<Point> = Vec::new();
    let mut walked = 0.0;
    for pair in line.windows(2) {
        let frame = Frame::at(pair[0]);
        let end = frame.local(pair[1]);
        let length = plane::norm(end);
        let at = |metres: f64| {
            let share = if length > 0.0 { ((metres - walked) / length).clamp(0.0, 1.0) } else { 0.0 };
            if share >= 1.0 { pair[1] } else { frame.point(plane::along([0.0, 0.0], end, share)) }
        };
        if walked + length >= low && walked <= high {
            part.extend([at(low.max(walked)), at(high.min(walked + length))]);
        }
        walked += length;
    }
    part.dedup();
    if part.is_empty() {
        part.extend(line.last());
    }
    if from_mm > to_mm {
        part.reverse();
    }
    part
}

/// What a walk through the opened city meets in the city as it is.
fn barriers(network: &Network, parts: &[Part], edges: &[u32]) -> Vec<(Barrier, Point)> {
    let city = &network.city;
    let mut met = Vec::new();
    for number in edges {
        let edge = &city.edges()[*number as usize];
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
    for part in parts.iter().filter(|part| !matches!(part.ground, Ground::Way(..))) {
        let (from, to) = (part.line[0], part.line[1]);
        let middle = Point {
            lon: i64::midpoint(from.lon.into(), to.lon.into()) as i32,
            lat: i64::midpoint(from.lat.into(), to.lat.into()) as i32,
        };
        if let Some(compound) =
            network.compound_at(middle).filter(|id| city.compounds()[id.index()].closed == 1)
        {
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
