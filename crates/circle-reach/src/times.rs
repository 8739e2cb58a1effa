//! Walking times between two lists of places.

use crate::access::Legs;
use crate::answers::{Origin, Status, Walk};
use crate::entrances::{arrivals, departures};
use crate::network::Network;
use crate::search::{Search, Seed, UNREACHED};
use crate::walks::{Arrival, Start, earlier};
use circle_model::{Millimetres, Milliseconds, Point, Profile};
use rayon::prelude::*;

/// The walk for every pair, row by row: `from.len() × to.len()`. One search for each place of the shorter list.
pub fn times<From: Copy + Into<Origin> + Sync>(
    network: &Network,
    profile: &Profile,
    from: &[From],
    to: &[Point],
    limit: Milliseconds,
) -> Vec<Walk> {
    let targets: Vec<End> = to.par_iter().map(|point| End::new(network, *point)).collect();
    let question = Question { network, profile, limit };
    if to.len() >= from.len() {
        return from.par_iter().flat_map_iter(|origin| question.row((*origin).into(), &targets)).collect();
    }
    let origins: Vec<Vec<Start<'_>>> =
        from.par_iter().map(|origin| network.starts((*origin).into())).collect();
    let columns: Vec<Vec<Walk>> =
        targets.par_iter().map(|target| question.column(&origins, target)).collect();
    (0..from.len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Where walks end.
struct End {
    point: Point,
    legs: Legs,
}

impl End {
    fn new(network: &Network, point: Point) -> Self {
        Self { point, legs: network.legs(point) }
    }
}

struct Question<'a> {
    network: &'a Network,
    profile: &'a Profile,
    limit: Milliseconds,
}

impl Question<'_> {
    /// The walks from one origin.
    fn row(&self, from: Origin, targets: &[End]) -> Vec<Walk> {
        let starts = self.network.starts(from);
        Search::with(|search| {
            let mut run = |limit: u32| {
                self.network.search(search, self.profile, &starts, limit);
                let arrive = |end: &End| self.network.arrive(search, self.profile, &starts, &end.legs);
                targets.iter().map(arrive).collect::<Vec<_>>()
            };
            let found = run(self.limit.0);
            let walk = |(end, found): (&End, Option<Arrival>)| self.walk(&starts, end, found);
            let mut walks: Vec<Walk> = targets.iter().zip(found).map(walk).collect();
            tell_beyond_from_none(&mut walks, || run(UNREACHED - 1));
            walks
        })
    }

    /// The walks to one place, searched for backwards.
    fn column(&self, origins: &[Vec<Start<'_>>], end: &End) -> Vec<Walk> {
        let network = self.network;
        let mut seeds = Vec::new();
        for (number, leg) in (0u32..).zip(&end.legs.legs) {
            let (along, time) = network.inward(leg, self.profile);
            let time = time.saturating_add(network.leg_milliseconds(leg.length_mm, self.profile));
            let length = along.saturating_add(leg.length_mm);
            let nodes = arrivals(network, leg).into_iter().flatten();
            seeds.extend(nodes.map(|node| Seed { node, time, length, label: number }));
        }
        Search::with(|search| {
            let mut run = |limit: u32| {
                let weights = network.reversed_weights(self.profile);
                search.run(network.reversed(), &weights, &seeds, limit);
                origins.iter().map(|starts| self.depart(search, starts, end)).collect::<Vec<_>>()
            };
            let found = run(self.limit.0);
            let walk = |(starts, found): (&Vec<Start<'_>>, Option<Arrival>)| self.walk(starts, end, found);
            let mut walks: Vec<Walk> = origins.iter().zip(found).map(walk).collect();
            tell_beyond_from_none(&mut walks, || run(UNREACHED - 1));
            walks
        })
    }

    /// The best walk from a place by its legs, after a search backwards.
    fn depart(&self, search: &Search, starts: &[Start<'_>], end: &End) -> Option<Arrival> {
        let mut best = None;
        for leg in starts.iter().flat_map(|start| &start.legs.legs) {
            let (along, time) = self.network.onward(leg, self.profile);
            let time = time.saturating_add(self.network.leg_milliseconds(leg.length_mm, self.profile));
            for label in
                departures(self.network, leg).into_iter().flatten().filter_map(|node| search.label(node))
            {
                let time = time.saturating_add(label.time);
                let arrival = Arrival {
                    time,
                    length: label.length.saturating_add(along).saturating_add(leg.length_mm),
                    start: 0,
                    from_access: leg.length_mm,
                    to_access: end.legs.legs[label.seed as usize].length_mm,
                };
                best = earlier(best, Some(arrival).filter(|_| time != UNREACHED));
            }
        }
        best
    }

    /// The walk to a place, given the best one that passes a junction; `NoPath` where nothing is found within the limit.
    fn walk(&self, starts: &[Start<'_>], end: &End, by_junctions: Option<Arrival>) -> Walk {
        let through_buildings =
            end.legs.through_buildings || starts.iter().any(|start| start.legs.through_buildings);
        let without = |status| Walk {
            status,
            through_buildings,
            time: Milliseconds(0),
            length: Millimetres(0),
            from_access: Millimetres(0),
            to_access: Millimetres(0),
        };
        if starts.is_empty() || end.legs.legs.is_empty() {
            return without(Status::OffNetwork);
        }
        let (network, profile) = (self.network, self.profile);
        let mut best = by_junctions;
        for (number, start) in (0u32..).zip(starts) {
            for from in &start.legs.legs {
                for leg in end.legs.legs.iter().filter(|leg| leg.edge == from.edge) {
                    best = earlier(best, network.arrive_on_edge(profile, number, from, leg));
                }
            }
            let (limit, on_major) = (end.legs.limit_metres, end.legs.on_major);
            best = earlier(best, network.arrive_straight(profile, number, start, end.point, limit, on_major));
        }
        match best {
            None => without(Status::NoPath),
            Some(arrival) if arrival.time > self.limit.0 => without(Status::Beyond),
            Some(arrival) => Walk {
                status: Status::Ok,
                time: Milliseconds(arrival.time),
                length: Millimetres(arrival.length),
                from_access: Millimetres(arrival.from_access),
                to_access: Millimetres(arrival.to_access),
                through_buildings,
            },
        }
    }
}

/// Whether there is a path at all is asked once for all that are not reached, and only then.
fn tell_beyond_from_none(walks: &mut [Walk], without_limit: impl FnOnce() -> Vec<Option<Arrival>>) {
    if walks.iter().any(|walk| walk.status == Status::NoPath) {
        for (walk, found) in walks.iter_mut().zip(without_limit()) {
            if walk.status == Status::NoPath && found.is_some() {
                walk.status = Status::Beyond;
            }
        }
    }
}
