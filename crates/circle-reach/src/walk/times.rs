//! Walking times between two lists of places.

use crate::cancel::Cancelled;
use crate::ground::units::{IMPASSABLE, NO_LIMIT};
use crate::ground::weights::Weights;
use crate::legs::ends::{arrivals, departures};
use crate::walk::backwards::Backwards;
use crate::walk::ends::End;
use crate::walk::search::{Search, Seed};
use crate::walk::starts::{Start, StartIndex};
use crate::walk::walker::{Arrival, StraightEnd, Walker, earlier};
use circle_model::{Millimetres, Milliseconds};

/// Whether a walk was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// There is a walk within the limit.
    Ok,
    /// There is a path, but it takes longer than the limit.
    Beyond,
    /// No walkable way can be reached from one of the places.
    OffNetwork,
    /// Both places are on the network, and no path connects them.
    NoPath,
}

impl Status {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Beyond => "beyond",
            Self::OffNetwork => "off_network",
            Self::NoPath => "no_path",
        }
    }
}

/// The walk between two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Whether there is one; the figures are 0 unless it is `Ok`.
    pub status: Status,
    /// Walking time, access legs and delays included.
    pub time: Milliseconds,
    /// Length of the path without factors, access legs counted once.
    pub length: Millimetres,
    /// Length of the leg at the start.
    pub from_access: Millimetres,
    /// Length of the leg at the end.
    pub to_access: Millimetres,
    /// Buildings hide every way from one of the places, so they were not counted as obstacles there.
    pub through_buildings: bool,
}

impl Walk {
    /// No walk.
    pub(crate) const fn none(status: Status, through_buildings: bool) -> Self {
        Self {
            status,
            time: Milliseconds(0),
            length: Millimetres(0),
            from_access: Millimetres(0),
            to_access: Millimetres(0),
            through_buildings,
        }
    }

    pub(crate) const fn of(arrival: Arrival, through_buildings: bool) -> Self {
        Self {
            status: Status::Ok,
            time: arrival.time,
            length: arrival.length,
            from_access: arrival.from_access,
            to_access: arrival.to_access,
            through_buildings,
        }
    }
}

/// The walks from one origin to all ends: one search forwards.
pub(crate) fn from_one(
    walker: Walker<'_>,
    weights: &Weights,
    starts: &[Start<'_>],
    ends: &[End<'_>],
    limit: Milliseconds,
) -> Result<Vec<Walk>, Cancelled> {
    Search::with(|search| {
        let mut run = |limit: Milliseconds| -> Result<Vec<Option<Arrival>>, Cancelled> {
            walker.search(search, weights, starts, limit)?;
            let arrive = |end: &End<'_>| walker.arrive(search, starts, &end.legs);
            Ok(ends.iter().map(arrive).collect())
        };
        let found = run(limit)?;
        let walk = |(end, found): (&End<'_>, Option<Arrival>)| best_walk(walker, starts, end, found, limit);
        let mut walks: Vec<Walk> = ends.iter().zip(found).map(walk).collect();
        distinguish_beyond_from_no_path(&mut walks, || run(NO_LIMIT))?;
        Ok(walks)
    })
}

/// The walks from all origins to one end: one search backwards.
pub(crate) fn to_one(
    walker: Walker<'_>,
    backwards: &Backwards<'_>,
    origins: &[Vec<Start<'_>>],
    end: &End<'_>,
    limit: Milliseconds,
) -> Result<Vec<Walk>, Cancelled> {
    let mut seeds = Vec::new();
    for (number, leg) in (0u32..).zip(&end.legs.legs) {
        let (along, time) = walker.inward(leg);
        let (time, length) = (time + walker.leg_time(leg.length), along + leg.length);
        let nodes = arrivals(walker.ground, leg).into_iter().flatten();
        seeds.extend(nodes.map(|node| Seed { node, time, length, label: number }));
    }
    Search::with(|search| {
        let mut run = |limit: Milliseconds| -> Result<Vec<Option<Arrival>>, Cancelled> {
            backwards.search(search, &seeds, limit, walker.cancel)?;
            Ok(origins.iter().map(|starts| depart(walker, search, starts, end)).collect())
        };
        let found = run(limit)?;
        let walk = |(starts, found): (&Vec<Start<'_>>, Option<Arrival>)| {
            best_walk(walker, starts, end, found, limit)
        };
        let mut walks: Vec<Walk> = origins.iter().zip(found).map(walk).collect();
        distinguish_beyond_from_no_path(&mut walks, || run(NO_LIMIT))?;
        Ok(walks)
    })
}

/// The best walk from an origin by its legs, after a search backwards.
fn depart(walker: Walker<'_>, search: &Search, starts: &[Start<'_>], end: &End<'_>) -> Option<Arrival> {
    let mut best = None;
    for leg in starts.iter().flat_map(|start| &start.legs.legs) {
        let (along, time) = walker.onward(leg);
        let time = time + walker.leg_time(leg.length);
        let nodes = departures(walker.ground, leg).into_iter().flatten();
        for label in nodes.filter_map(|node| search.label(node)) {
            let time = time + label.time;
            let arrival = Arrival {
                time,
                length: label.length + along + leg.length,
                start: StartIndex(0),
                from_access: leg.length,
                to_access: end.legs.legs[label.seed as usize].length,
            };
            best = earlier(best, Some(arrival).filter(|_| time != IMPASSABLE));
        }
    }
    best
}

/// The walk to an end, given the best one that passes a junction; `NoPath` if none is found within the limit.
fn best_walk(
    walker: Walker<'_>,
    starts: &[Start<'_>],
    end: &End<'_>,
    by_junctions: Option<Arrival>,
    limit: Milliseconds,
) -> Walk {
    let through_buildings =
        end.legs.through_buildings || starts.iter().any(|start| start.legs.through_buildings);
    if starts.is_empty() || end.legs.legs.is_empty() {
        return Walk::none(Status::OffNetwork, through_buildings);
    }
    let mut best = by_junctions;
    for (number, start) in (0u32..).map(StartIndex).zip(starts) {
        for from in &start.legs.legs {
            for leg in end.legs.legs.iter().filter(|leg| leg.edge == from.edge) {
                best = earlier(best, walker.arrive_on_edge(number, from, leg));
            }
        }
        let straight = walker.arrive_straight(number, start, StraightEnd::of(end.point, &end.legs));
        best = earlier(best, straight);
    }
    match best {
        None => Walk::none(Status::NoPath, through_buildings),
        Some(arrival) if arrival.time > limit => Walk::none(Status::Beyond, through_buildings),
        Some(arrival) => Walk::of(arrival, through_buildings),
    }
}

/// Searches once more without a limit if an end was not reached: a path beyond the limit is not `NoPath`.
fn distinguish_beyond_from_no_path(
    walks: &mut [Walk],
    without_limit: impl FnOnce() -> Result<Vec<Option<Arrival>>, Cancelled>,
) -> Result<(), Cancelled> {
    if walks.iter().any(|walk| walk.status == Status::NoPath) {
        for (walk, found) in walks.iter_mut().zip(without_limit()?) {
            if walk.status == Status::NoPath && found.is_some() {
                walk.status = Status::Beyond;
            }
        }
    }
    Ok(())
}
