//! Facilities within reach of an origin.

use crate::answers::{Origin, Reached, Status};
use crate::network::Network;
use crate::search::Search;
use crate::walks::{Arrival, Start};
use circle_model::{FacilityId, GateId, Millimetres, Milliseconds, Profile};

/// No row.
const NONE: u32 = u32::MAX;

/// Every facility within `limit` of `origin`, nearest first (by time, then by length, then by id). Those that serve
/// another compound alone are left out.
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
    let city = network.city();
    let mut rows = vec![NONE; city.facilities().len()];
    let mut best: Vec<(u32, (Arrival, u32))> = Vec::new();
    arrivals(network, profile, &starts, limit, |facility, access, arrival| {
        let row = &mut rows[facility as usize];
        if *row == NONE {
            *row = best.len() as u32;
            best.push((facility, (arrival, access)));
        }
        let (_, known) = &mut best[*row as usize];
        *known = (*known).min((arrival, access));
    });
    let mut reached: Vec<Reached> = best
        .into_iter()
        .filter(|(facility, _)| network.serves(FacilityId(*facility), origin))
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
            offer(access, network.arrive_straight_at(profile, number, start, access));
        }
    }
}
