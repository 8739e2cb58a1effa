//! Facilities within reach of an origin.

use crate::answers::{Origin, Reached, Status};
use crate::network::Network;
use crate::search::Search;
use crate::walks::{Arrival, Start};
use circle_model::{FacilityId, GateId, Millimetres, Milliseconds, Profile};
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
