//! Facilities within reach of an origin.

use crate::cancel::Cancelled;
use crate::ground::weights::Weights;
use crate::walk::entrances::{AccessIndex, Entrances};
use crate::walk::search::Search;
use crate::walk::starts::{Origin, Start, StartIndex};
use crate::walk::walker::{Arrival, Walker};
use circle_model::{FacilityId, GateId, Millimetres, Milliseconds, Point};

/// A facility within reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The facility.
    pub facility: FacilityId,
    /// Walking time to its nearest access point.
    pub time: Milliseconds,
    /// Length of that walk.
    pub length: Millimetres,
    /// Length of its two access legs together.
    pub access: Millimetres,
    /// The gate that the walk starts at, if the origin is a compound or a gate.
    pub gate: Option<GateId>,
    /// The access point that the walk ends at.
    pub entered_at: Point,
    /// Buildings hide every way from the access point, so they were not counted as obstacles.
    pub through_buildings: bool,
}

/// Marks a facility that was not reached yet.
const NONE: u32 = u32::MAX;

/// Every facility within `limit` of the starts of `origin`, by time, then by length, then by row. Facilities
/// that serve another compound alone are left out.
pub(crate) fn reach(
    walker: Walker<'_>,
    weights: &Weights,
    entrances: &Entrances,
    origin: Origin,
    starts: &[Start<'_>],
    limit: Milliseconds,
) -> Result<Vec<Reached>, Cancelled> {
    let city = &walker.ground.city;
    let mut positions = vec![NONE; city.facilities().len()];
    let mut best: Vec<(FacilityId, (Arrival, AccessIndex))> = Vec::new();
    visit_arrivals(walker, weights, entrances, starts, limit, |facility, access, arrival| {
        let position = &mut positions[facility.index()];
        if *position == NONE {
            *position = best.len() as u32;
            best.push((facility, (arrival, access)));
        }
        let (_, known) = &mut best[*position as usize];
        *known = (*known).min((arrival, access));
    })?;
    let mut reached: Vec<Reached> = best
        .into_iter()
        .filter(|(facility, _)| origin.is_served_by(city, *facility))
        .map(|(facility, (arrival, access))| Reached {
            facility,
            time: arrival.time,
            length: arrival.length,
            access: Millimetres(arrival.from_access.0 + arrival.to_access.0),
            gate: starts[arrival.start.index()].gate,
            entered_at: city.access_points()[access.index()].point,
            through_buildings: entrances.legs(access).through_buildings,
        })
        .collect();
    reached.sort_unstable_by_key(|it| (it.time, it.length, it.facility));
    Ok(reached)
}

/// Calls `visit` for every walk to every access point within the limit.
fn visit_arrivals(
    walker: Walker<'_>,
    weights: &Weights,
    entrances: &Entrances,
    starts: &[Start<'_>],
    limit: Milliseconds,
    mut visit: impl FnMut(FacilityId, AccessIndex, Arrival),
) -> Result<(), Cancelled> {
    let mut offer = |access: AccessIndex, arrival: Option<Arrival>| {
        if let Some(arrival) = arrival.filter(|arrival| arrival.time <= limit) {
            visit(entrances.facility(access), access, arrival);
        }
    };
    Search::with(|search| {
        walker.search(search, weights, starts, limit)?;
        for node in search.settled() {
            for entrance in entrances.at(*node) {
                offer(entrance.access, walker.arrive_from(search, starts, &entrance.leg, *node));
            }
        }
        Ok(())
    })?;
    for (number, start) in (0u32..).map(StartIndex).zip(starts) {
        for from in &start.legs.legs {
            for entrance in entrances.on_edge(from.edge) {
                offer(entrance.access, walker.arrive_on_edge(number, from, &entrance.leg));
            }
        }
        for access in entrances.near(start.point, walker.ground.limits.longest_metres) {
            offer(access, entrances.arrive_straight(walker, number, start, access));
        }
    }
    Ok(())
}
