//! Facilities within reach of an origin.

use crate::access::Legs;
use crate::answers::{Origin, Reached, Status, Walk};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::walks::{Arrival, Start, earlier};
use circle_model::{FacilityId, GateId, Millimetres, Milliseconds, Point, Profile};
use rayon::prelude::*;
use std::collections::HashMap;

/// Every facility within `limit` of `origin`, nearest first (by time, then by length, then by id).
///
/// # Errors
/// [`Status::OffNetwork`] when the origin has no access leg.
pub fn reach(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    limit: Milliseconds,
) -> Result<Vec<Reached>, Status> {
    let starts = network.starts(origin);
    if starts.is_empty() {
        return Err(Status::OffNetwork);
    }
    let mut best: HashMap<u32, (Arrival, u32)> = HashMap::new();
    arrivals(network, profile, &starts, limit, |facility, access, arrival| {
        let entry = best.entry(facility).or_insert((arrival, access));
        *entry = (*entry).min((arrival, access));
    });
    let city = network.city();
    let mut reached: Vec<Reached> = best
        .into_iter()
        .map(|(facility, (arrival, access))| Reached {
            facility: FacilityId(facility),
            time: Milliseconds(arrival.time),
            length: Millimetres(arrival.length),
            access: Millimetres(arrival.from_access + arrival.to_access),
            gate: starts[arrival.start as usize].gate.map(GateId),
            entered_at: city.access_points()[access as usize].point,
            through_buildings: network.entrances().legs[access as usize].through_buildings,
        })
        .collect();
    reached.sort_unstable_by_key(|it| (it.time, it.length, it.facility));
    Ok(reached)
}

/// Calls `visit` with facility, access point and walk for every way into every facility within the limit.
fn arrivals(
    network: &Network,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: Milliseconds,
    mut visit: impl FnMut(u32, u32, Arrival),
) {
    let entrances = network.entrances();
    let mut offer = |access: u32, arrival: Option<Arrival>| {
        if let Some(arrival) = arrival.filter(|arrival| arrival.time <= limit.0) {
            visit(entrances.facility[access as usize], access, arrival);
        }
    };
    Search::with(|search| {
        network.search(search, profile, starts, limit.0);
        for node in search.settled() {
            for entrance in entrances.at(*node) {
                offer(entrance.access, network.arrive_from(search, profile, starts, &entrance.leg, *node));
            }
        }
    });
    for (number, start) in (0u32..).zip(starts) {
        for from in &start.legs.legs {
            for entrance in entrances.on_edge(from.edge) {
                offer(entrance.access, network.arrive_on_edge(profile, number, from, &entrance.leg));
            }
        }
        for access in entrances.near(start.point, network.limits.longest_metres) {
            let legs = &entrances.legs[access as usize];
            let point = network.city().access_points()[access as usize].point;
            let straight =
                network.arrive_straight(profile, number, start, point, legs.limit_metres, legs.on_major);
            offer(access, if legs.legs.is_empty() { None } else { straight });
        }
    }
}

/// The walk for every pair, row by row: `from.len() × to.len()`.
pub fn times(
    network: &Network,
    profile: &Profile,
    from: &[Point],
    to: &[Point],
    limit: Milliseconds,
) -> Vec<Walk> {
    let targets: Vec<Legs> = to.par_iter().map(|point| network.legs(*point)).collect();
    from.par_iter().flat_map_iter(|point| row(network, profile, *point, to, &targets, limit)).collect()
}

/// The walks from one place.
fn row(
    network: &Network,
    profile: &Profile,
    from: Point,
    to: &[Point],
    targets: &[Legs],
    limit: Milliseconds,
) -> Vec<Walk> {
    let starts = network.starts(Origin::Place(from));
    Search::with(|search| {
        network.search(search, profile, &starts, limit.0);
        let mut walks: Vec<Walk> = targets
            .iter()
            .zip(to)
            .map(|(legs, to)| walk(network, search, profile, &starts, *to, legs, limit))
            .collect();
        // Whether there is a path at all is asked once for all that are not reached, and only then.
        if walks.iter().any(|walk| walk.status == Status::NoPath) {
            network.search(search, profile, &starts, UNREACHED - 1);
            for (walk, legs) in
                walks.iter_mut().zip(targets).filter(|(walk, _)| walk.status == Status::NoPath)
            {
                if network.arrive(search, profile, &starts, legs).is_some() {
                    walk.status = Status::Beyond;
                }
            }
        }
        walks
    })
}

/// `NoPath` where nothing is found within the limit.
fn walk(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    to: Point,
    legs: &Legs,
    limit: Milliseconds,
) -> Walk {
    let through_buildings = legs.through_buildings || starts.iter().any(|start| start.legs.through_buildings);
    let without = |status| Walk {
        status,
        through_buildings,
        time: Milliseconds(0),
        length: Millimetres(0),
        from_access: Millimetres(0),
        to_access: Millimetres(0),
    };
    if starts.is_empty() || legs.legs.is_empty() {
        return without(Status::OffNetwork);
    }
    let mut best = network.arrive(search, profile, starts, legs);
    for (number, start) in (0u32..).zip(starts) {
        for from in &start.legs.legs {
            for leg in legs.legs.iter().filter(|leg| leg.edge == from.edge) {
                best = earlier(best, network.arrive_on_edge(profile, number, from, leg));
            }
        }
        best = earlier(
            best,
            network.arrive_straight(profile, number, start, to, legs.limit_metres, legs.on_major),
        );
    }
    match best {
        None => without(Status::NoPath),
        Some(arrival) if arrival.time > limit.0 => without(Status::Beyond),
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
