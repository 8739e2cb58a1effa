//! The nearest of many facilities for many origins at once, at any distance: one backward search from all
//! facilities.

use crate::cancel::Cancelled;
use crate::ground::components::MainStreets;
use crate::ground::numbering::NodeIndex;
use crate::ground::units::IMPASSABLE;
use crate::legs::ends::{arrivals, departures, lead_to_main_streets};
use crate::walk::backwards::Backwards;
use crate::walk::entrances::{AccessIndex, Entrances};
use crate::walk::reach::Reached;
use crate::walk::search::{Search, Seed};
use crate::walk::starts::{Origin, Start, StartIndex};
use crate::walk::walker::{Arrival, Walker};
use circle_model::city::NodeFlags;
use circle_model::{CompoundId, FacilityId, Millimetres, Milliseconds};
use std::collections::BTreeMap;
use std::ops::Range;

/// The walks from many origins to their first junctions, shared by many searches. An origin is identified by
/// its position in the list given to [`Network::departures`](crate::Network::departures), which makes this
/// value.
#[derive(Debug)]
pub struct Departures<'a> {
    walker: Walker<'a>,
    backwards: Backwards<'a>,
    entrances: &'a Entrances,
    starts: Vec<Start<'a>>,
    /// By start, whether walks from it can reach the main streets.
    leads_out: Vec<bool>,
    departures: Vec<Departure>,
    origins: Vec<Origin>,
    /// Positions of each origin's first start and first departure; the last entry has the counts.
    offsets: Vec<(u32, u32)>,
}

/// The walk from a start to one node of the graph.
#[derive(Debug, Clone, Copy)]
struct Departure {
    node: NodeIndex,
    time: Milliseconds,
    length: Millimetres,
    access: Millimetres,
    start: StartIndex,
}

/// The seeds of a backward search.
struct Targets {
    /// Their labels are positions in `legs`.
    seeds: Vec<Seed>,
    /// Access points and the lengths of their legs.
    legs: Vec<(AccessIndex, Millimetres)>,
    /// By edge, whether any of the legs leads to it.
    entered: Vec<bool>,
}

/// The walk to the nearest facility for each origin, and the time from the worst start of some origins.
type NearestAndWorst = (Vec<Option<Reached>>, Vec<Option<Milliseconds>>);

/// The walk to the nearest facility for each origin, and the least time for each start of some origins.
type NearestAndLeast = (Vec<Option<Reached>>, Vec<Vec<Milliseconds>>);

impl<'a> Departures<'a> {
    /// `starts` finds the starts of an origin.
    pub(crate) fn new(
        walker: Walker<'a>,
        backwards: Backwards<'a>,
        entrances: &'a Entrances,
        main: &MainStreets,
        origins: impl IntoIterator<Item = Origin>,
        starts: impl Fn(Origin) -> Vec<Start<'a>>,
    ) -> Self {
        let mut all = Self {
            walker,
            backwards,
            entrances,
            starts: Vec::new(),
            leads_out: Vec::new(),
            departures: Vec::new(),
            origins: Vec::new(),
            offsets: vec![(0, 0)],
        };
        for origin in origins {
            all.origins.push(origin);
            for start in starts(origin) {
                let number = StartIndex(all.starts.len() as u32);
                all.leads_out.push(lead_to_main_streets(walker.ground, &start.legs, main));
                for leg in &start.legs.legs {
                    let (along, time) = walker.onward(leg);
                    let time = time + walker.leg_time(leg.length);
                    if time == IMPASSABLE {
                        continue;
                    }
                    let departure = |node| Departure {
                        node,
                        time,
                        length: along + leg.length,
                        access: leg.length,
                        start: number,
                    };
                    let nodes = departures(walker.ground, leg).into_iter().flatten();
                    all.departures.extend(nodes.map(departure));
                }
                all.starts.push(start);
            }
            all.offsets.push((all.starts.len() as u32, all.departures.len() as u32));
        }
        all
    }

    /// For each of `origins`, the nearest of `facilities` (ascending), as [`reach`](fn@crate::reach) finds
    /// it. For each of `by_start`, the time from its worst start: the longest of the walks from its starts
    /// (the gates of a compound) to their nearest facilities; `None` if one of the starts has no facility
    /// within `limit`, or there is no start. A facility that serves one compound alone is found only for
    /// origins in that compound.
    ///
    /// `limit` bounds all walks. The caller guarantees that none of `origins` has one of the facilities
    /// within `at_least`; straight walks of at most that time may be skipped.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn nearest_and_worst(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        by_start: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Result<NearestAndWorst, Cancelled> {
        let city = &self.walker.ground.city;
        let of = |facility: &FacilityId| city.facilities()[facility.index()].only_for();
        let (everybody, residents): (Vec<FacilityId>, Vec<FacilityId>) =
            facilities.iter().partition(|facility| of(facility).is_none());
        let (mut found, mut least) = self.nearest_for_all(&everybody, origins, by_start, at_least, limit)?;
        let mut of_compounds: BTreeMap<Option<CompoundId>, Vec<FacilityId>> = BTreeMap::new();
        residents.iter().for_each(|it| of_compounds.entry(of(it)).or_default().push(*it));
        for facilities in of_compounds.values() {
            let served = |origins: &[usize]| -> Vec<usize> {
                let is_served = |at: &usize| self.origins[origins[*at]].is_served_by(city, facilities[0]);
                (0..origins.len()).filter(is_served).collect()
            };
            let (nearest_of, least_of) = (served(origins), served(by_start));
            let at = |places: &[usize], of: &[usize]| places.iter().map(|at| of[*at]).collect::<Vec<usize>>();
            // A walk longer than the longest known walk cannot improve the result.
            let longest = least_of.iter().flat_map(|at| &least[*at]).max();
            let limit = match longest {
                Some(longest) if nearest_of.is_empty() => limit.min(*longest),
                _ => limit,
            };
            let (theirs, theirs_by_start) = self.nearest_for_all(
                facilities,
                &at(&nearest_of, origins),
                &at(&least_of, by_start),
                at_least,
                limit,
            )?;
            for (at, theirs) in nearest_of.into_iter().zip(theirs) {
                let both = found[at].take().into_iter().chain(theirs);
                found[at] = both.min_by_key(|it| (it.time, it.length, it.facility));
            }
            for (at, theirs) in least_of.into_iter().zip(theirs_by_start) {
                least[at].iter_mut().zip(theirs).for_each(|(all, own)| *all = (*all).min(own));
            }
        }
        let worst = |(origin, least): (&usize, Vec<Milliseconds>)| {
            // Gates that do not lead to the main streets are ignored, unless none does.
            let leads_out = &self.leads_out[self.starts_of(*origin)];
            let any = leads_out.contains(&true);
            let counted = least.into_iter().zip(leads_out).filter(|(_, leads_out)| **leads_out || !any);
            counted.map(|(least, _)| least).max().filter(|worst| *worst <= limit)
        };
        Ok((found, by_start.iter().zip(least).map(worst).collect()))
    }

    /// The nearest of `facilities` (ascending) for each of `origins`: see
    /// [`nearest_and_worst`](Self::nearest_and_worst).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn nearest(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Result<Vec<Option<Reached>>, Cancelled> {
        Ok(self.nearest_and_worst(facilities, origins, &[], at_least, limit)?.0)
    }

    /// Time and length of the shortest walk from each origin to the edge of the data: the junctions where a
    /// way continues beyond the data. `None` if that walk is longer than `limit`.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn edge_of_data(
        &self,
        limit: Milliseconds,
    ) -> Result<Vec<Option<(Milliseconds, Millimetres)>>, Cancelled> {
        let (graph, nodes) = (&self.walker.ground.graph, self.walker.ground.city.nodes());
        let is_cut = |node: &NodeIndex| nodes[graph.junction(*node).index()].flags.contains(NodeFlags::CUT);
        let seed = |node| Seed { node, time: Milliseconds(0), length: Millimetres(0), label: 0 };
        let seeds: Vec<Seed> = graph.nodes().filter(is_cut).map(seed).collect();
        Search::with(|search| {
            self.backwards.search(search, &seeds, limit, self.walker.cancel)?;
            let walk = |origin| self.least(search, origin).map(|(time, length, ..)| (time, length));
            Ok((0..self.origins.len()).map(walk).collect())
        })
    }

    fn starts_of(&self, origin: usize) -> Range<usize> {
        self.offsets[origin].0 as usize..self.offsets[origin + 1].0 as usize
    }

    fn departures_of(&self, origin: usize) -> &[Departure] {
        &self.departures[self.offsets[origin].1 as usize..self.offsets[origin + 1].1 as usize]
    }

    /// Time, length, label of the seed and departure of the least walk from an origin, after a backward
    /// search.
    fn least(&self, search: &Search, origin: usize) -> Option<(Milliseconds, Millimetres, u32, &Departure)> {
        let walks = self.departures_of(origin).iter().filter_map(|departure| {
            let label = search.label(departure.node)?;
            let time = label.time + departure.time;
            let length = label.length + departure.length;
            (time != IMPASSABLE).then_some((time, length, label.seed, departure))
        });
        walks.min_by_key(|(time, length, seed, departure)| {
            (*time, *length, *seed, departure.access, departure.start)
        })
    }

    /// The nearest facility of each of `origins`, and the least time of each start of `by_start`
    /// ([`IMPASSABLE`] if there is none). All facilities serve all of these origins.
    fn nearest_for_all(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        by_start: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Result<NearestAndLeast, Cancelled> {
        if facilities.is_empty() || (origins.is_empty() && by_start.is_empty()) {
            let unreached = |origin: &usize| vec![IMPASSABLE; self.starts_of(*origin).len()];
            return Ok((vec![None; origins.len()], by_start.iter().map(unreached).collect()));
        }
        let (entrances, city) = (self.entrances, &self.walker.ground.city);
        let Targets { seeds, legs, entered } = self.targets(facilities);
        let reached = |access: AccessIndex, start: StartIndex, time, length, legs| Reached {
            facility: entrances.facility(access),
            time,
            length,
            access: legs,
            gate: self.starts[start.index()].gate,
            entered_at: city.access_points()[access.index()].point,
            through_buildings: entrances.legs(access).through_buildings,
        };
        let is_target = |access: AccessIndex| facilities.binary_search(&entrances.facility(access)).is_ok();
        Search::with(|search| {
            self.backwards.search(search, &seeds, limit, self.walker.cancel)?;
            let nearest = |origin: &usize| {
                let by_junctions = self.least(search, *origin).map(|(time, length, seed, departure)| {
                    let (access, to_access) = legs[seed as usize];
                    let legs = Millimetres(departure.access.0 + to_access.0);
                    reached(access, departure.start, time, length, legs)
                });
                let short = self.least_short(*origin, &entered, &is_target, at_least);
                let short = short.map(|(it, access)| {
                    let legs = Millimetres(it.from_access.0 + it.to_access.0);
                    reached(access, it.start, it.time, it.length, legs)
                });
                let found = by_junctions.into_iter().chain(short).filter(|it| it.time <= limit);
                found.min_by_key(|it| (it.time, it.length, it.facility))
            };
            let least_of = |origin: &usize| {
                let starts = self.starts_of(*origin);
                let mut least = vec![IMPASSABLE; starts.len()];
                for departure in self.departures_of(*origin) {
                    if let Some(label) = search.label(departure.node) {
                        let known = &mut least[departure.start.index() - starts.start];
                        *known = (*known).min(label.time + departure.time);
                    }
                }
                for (known, start) in least.iter_mut().zip(starts) {
                    // A walk that passes no junction may be shorter.
                    if let Some(short) = self.short_of(start, &entered, &is_target, *known) {
                        *known = short;
                    }
                }
                least
            };
            Ok((origins.iter().map(nearest).collect(), by_start.iter().map(least_of).collect()))
        })
    }

    /// The legs of the access points of facilities.
    fn targets(&self, facilities: &[FacilityId]) -> Targets {
        let (walker, entrances) = (self.walker, self.entrances);
        let city = &walker.ground.city;
        let (mut seeds, mut legs) = (Vec::new(), Vec::new());
        let mut entered = vec![false; city.edges().len()];
        for facility in facilities {
            let access = city.facilities()[facility.index()].access;
            for access in (access.start..access.start + access.len).map(AccessIndex) {
                for leg in &entrances.legs(access).legs {
                    let (along, time) = walker.inward(leg);
                    for node in arrivals(walker.ground, leg).into_iter().flatten() {
                        seeds.push(Seed {
                            node,
                            time: time + walker.leg_time(leg.length),
                            length: along + leg.length,
                            label: legs.len() as u32,
                        });
                    }
                    legs.push((access, leg.length));
                    entered[leg.edge.index()] = true;
                }
            }
        }
        Targets { seeds, legs, entered }
    }

    /// The time of the least walk from a start that passes no junction, if it is shorter than `known`.
    /// `entered` marks the edges that a target has a leg to.
    fn short_of(
        &self,
        start: usize,
        entered: &[bool],
        is_target: &impl Fn(AccessIndex) -> bool,
        known: Milliseconds,
    ) -> Option<Milliseconds> {
        let (walker, entrances) = (self.walker, self.entrances);
        let (number, of_start) = (StartIndex(start as u32), &self.starts[start]);
        let mut least = known;
        for leg in of_start.legs.legs.iter().filter(|leg| entered[leg.edge.index()]) {
            for entrance in entrances.on_edge(leg.edge).filter(|entrance| is_target(entrance.access)) {
                if let Some(arrival) = walker.arrive_on_edge(number, leg, &entrance.leg) {
                    least = least.min(arrival.time);
                }
            }
        }
        for access in entrances.near(of_start.point, walker.ground.limits.longest_metres) {
            if is_target(access)
                && let Some(arrival) = entrances.arrive_straight(walker, number, of_start, access)
            {
                least = least.min(arrival.time);
            }
        }
        (least < known).then_some(least)
    }

    /// The least walk of an origin that passes no junction, along one edge or straight, with the access point
    /// where it ends. `entered` marks the edges that a target has a leg to.
    fn least_short(
        &self,
        origin: usize,
        entered: &[bool],
        is_target: &impl Fn(AccessIndex) -> bool,
        at_least: Milliseconds,
    ) -> Option<(Arrival, AccessIndex)> {
        let (walker, entrances) = (self.walker, self.entrances);
        let longest_metres = walker.ground.limits.longest_metres;
        let straight = at_least < walker.leg_time(Millimetres((longest_metres * 1000.0) as u32));
        let mut best: Option<(Arrival, AccessIndex)> = None;
        let mut offer = |access: AccessIndex, arrival: Option<Arrival>| {
            if let Some(arrival) = arrival
                && best.is_none_or(|(known, other)| {
                    (arrival.time, arrival.length, entrances.facility(access), arrival, access)
                        < (known.time, known.length, entrances.facility(other), known, other)
                })
            {
                best = Some((arrival, access));
            }
        };
        for at in self.starts_of(origin) {
            let (number, start) = (StartIndex(at as u32), &self.starts[at]);
            for leg in start.legs.legs.iter().filter(|leg| entered[leg.edge.index()]) {
                for entrance in entrances.on_edge(leg.edge).filter(|entrance| is_target(entrance.access)) {
                    let arrival = walker.arrive_on_edge(number, leg, &entrance.leg);
                    offer(entrance.access, arrival);
                }
            }
            if straight {
                let near = entrances.near(start.point, longest_metres);
                for access in near.into_iter().filter(|access| is_target(*access)) {
                    offer(access, entrances.arrive_straight(walker, number, start, access));
                }
            }
        }
        best
    }
}
