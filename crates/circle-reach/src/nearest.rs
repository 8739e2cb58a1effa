//! The nearest of many facilities for many origins at once, however far: one search backwards from all of them.

use crate::answers::{Origin, Reached};
use crate::entrances::{arrivals, departures};
use crate::network::Network;
use crate::search::{Search, Seed, UNREACHED};
use crate::walks::{Arrival, Start};
use circle_model::city::NodeFlags;
use circle_model::{CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile};
use std::collections::BTreeMap;
use std::ops::Range;

/// Walks from many origins to the junctions that they come to first. Many searches share them.
#[derive(Debug)]
pub struct Departures<'a> {
    network: &'a Network,
    profile: &'a Profile,
    starts: Vec<Start<'a>>,
    /// By start, whether walks from it lead to the streets that most of the city shares.
    leads_out: Vec<bool>,
    departures: Vec<Departure>,
    asked: Vec<Origin>,
    /// Where each origin's starts and departures begin, one more at the end.
    origins: Vec<(u32, u32)>,
}

/// To one node of the graph.
#[derive(Debug, Clone, Copy)]
struct Departure {
    node: u32,
    time: u32,
    length: u32,
    access: u32,
    start: u32,
}

impl<'a> Departures<'a> {
    /// Those of `origins`, which are asked for by their place in the list.
    pub fn of(network: &'a Network, profile: &'a Profile, origins: impl IntoIterator<Item = Origin>) -> Self {
        let mut all = Self {
            network,
            profile,
            starts: Vec::new(),
            leads_out: Vec::new(),
            departures: Vec::new(),
            asked: Vec::new(),
            origins: vec![(0, 0)],
        };
        for origin in origins {
            all.asked.push(origin);
            for start in network.starts(origin) {
                let number = all.starts.len() as u32;
                all.leads_out.push(network.leads_out(&start.legs, network.shared_streets()));
                for leg in &start.legs.legs {
                    let (along, time) = network.onward(leg, profile);
                    let time = time.saturating_add(network.leg_milliseconds(leg.length_mm, profile));
                    if time == UNREACHED {
                        continue;
                    }
                    let departure = |node| Departure {
                        node,
                        time,
                        length: along.saturating_add(leg.length_mm),
                        access: leg.length_mm,
                        start: number,
                    };
                    all.departures.extend(departures(network, leg).into_iter().flatten().map(departure));
                }
                all.starts.push(start);
            }
            all.origins.push((all.starts.len() as u32, all.departures.len() as u32));
        }
        all
    }

    fn starts_of(&self, origin: usize) -> Range<usize> {
        self.origins[origin].0 as usize..self.origins[origin + 1].0 as usize
    }

    /// Time, length, seed of the search, and what the walk departs by: the least after a search backwards.
    fn least(&self, search: &Search, origin: usize) -> Option<(u32, u32, u32, &Departure)> {
        let range = self.origins[origin].1 as usize..self.origins[origin + 1].1 as usize;
        let walks = self.departures[range].iter().filter_map(|departure| {
            let label = search.label(departure.node)?;
            let time = label.time.saturating_add(departure.time);
            let length = label.length.saturating_add(departure.length);
            (time != UNREACHED).then_some((time, length, label.seed, departure))
        });
        walks.min_by_key(|(time, length, seed, departure)| {
            (*time, *length, *seed, departure.access, departure.start)
        })
    }

    fn backwards<T>(&self, seeds: &[Seed], limit: Milliseconds, then: impl FnOnce(&Search) -> T) -> T {
        let (network, profile) = (self.network, self.profile);
        Search::with(|search| {
            search.run(network.reversed(), &network.reversed_weights(profile), seeds, limit.0);
            then(search)
        })
    }

    /// The nearest of `facilities`, which ascend, for each of `origins`, as [`reach`](fn@crate::reach) finds it; and
    /// for each of `by_start` the longest of the walks that its starts (the gates of a compound) have to the nearest
    /// of theirs, `None` where one of them has none within `limit` or there is no start. What serves a compound alone
    /// is found for those in it.
    ///
    /// Walks up to `limit`. Of `origins` it is known that they have none of the facilities within `at_least`, which
    /// spares looking for short walks.
    pub fn nearest_and_worst(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        by_start: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> (Vec<Option<Reached>>, Vec<Option<Milliseconds>>) {
        let of = |facility: &FacilityId| self.network.city().facilities()[facility.index()].only_for();
        let (everybody, residents): (Vec<FacilityId>, Vec<FacilityId>) =
            facilities.iter().partition(|facility| of(facility).is_none());
        let (mut found, mut least) = self.nearest_for_all(&everybody, origins, by_start, at_least, limit);
        let mut of_compounds: BTreeMap<Option<CompoundId>, Vec<FacilityId>> = BTreeMap::new();
        residents.iter().for_each(|it| of_compounds.entry(of(it)).or_default().push(*it));
        for facilities in of_compounds.values() {
            let served = |origins: &[usize]| -> Vec<usize> {
                let serves = |at: &usize| self.network.serves(facilities[0], self.asked[origins[*at]]);
                (0..origins.len()).filter(serves).collect()
            };
            let (nearest_of, least_of) = (served(origins), served(by_start));
            let at = |places: &[usize], of: &[usize]| places.iter().map(|at| of[*at]).collect::<Vec<usize>>();
            // No walk that is longer than what all have is of use.
            let longest = least_of.iter().flat_map(|at| &least[*at]).max();
            let limit = match longest {
                Some(longest) if nearest_of.is_empty() => Milliseconds(limit.0.min(*longest)),
                _ => limit,
            };
            let (theirs, theirs_by_start) = self.nearest_for_all(
                facilities,
                &at(&nearest_of, origins),
                &at(&least_of, by_start),
                at_least,
                limit,
            );
            for (at, theirs) in nearest_of.into_iter().zip(theirs) {
                let both = found[at].take().into_iter().chain(theirs);
                found[at] = both.min_by_key(|it| (it.time, it.length, it.facility));
            }
            for (at, theirs) in least_of.into_iter().zip(theirs_by_start) {
                least[at].iter_mut().zip(theirs).for_each(|(all, own)| *all = (*all).min(own));
            }
        }
        let worst = |(origin, least): (&usize, Vec<u32>)| {
            // A gate that nobody gets out of is no gate, unless all are such.
            let leads_out = &self.leads_out[self.starts_of(*origin)];
            let any = leads_out.contains(&true);
            let counts = least.into_iter().zip(leads_out).filter(|(_, leads_out)| **leads_out || !any);
            counts.map(|(least, _)| least).max().filter(|worst| *worst <= limit.0).map(Milliseconds)
        };
        (found, by_start.iter().zip(least).map(worst).collect())
    }

    /// The nearest alone of [`nearest_and_worst`](Self::nearest_and_worst).
    pub fn nearest(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Vec<Option<Reached>> {
        self.nearest_and_worst(facilities, origins, &[], at_least, limit).0
    }

    /// The nearest of facilities that serve all of `origins` and `by_start`; of the latter the least time of each start,
    /// [`UNREACHED`] where it has none.
    fn nearest_for_all(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        by_start: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> (Vec<Option<Reached>>, Vec<Vec<u32>>) {
        let (network, profile) = (self.network, self.profile);
        if facilities.is_empty() || (origins.is_empty() && by_start.is_empty()) {
            let unreached = |origin: &usize| vec![UNREACHED; self.starts_of(*origin).len()];
            return (vec![None; origins.len()], by_start.iter().map(unreached).collect());
        }
        let entrances = network.entrances();
        let city = network.city();
        let mut seeds = Vec::new();
        let mut legs = Vec::new();
        let mut entered = vec![false; city.edges().len()];
        for facility in facilities {
            for access in city.facilities()[facility.index()].access.range() {
                for leg in &entrances.legs[access].legs {
                    let (along, time) = network.inward(leg, profile);
                    for node in arrivals(network, leg).into_iter().flatten() {
                        seeds.push(Seed {
                            node,
                            time: time.saturating_add(network.leg_milliseconds(leg.length_mm, profile)),
                            length: along.saturating_add(leg.length_mm),
                            label: legs.len() as u32,
                        });
                    }
                    legs.push((access as u32, leg.length_mm));
                    entered[leg.edge as usize] = true;
                }
            }
        }
        let reached = |access: u32, start: u32, time: u32, length: u32, legs: u32| Reached {
            facility: FacilityId(entrances.facility[access as usize]),
            time: Milliseconds(time),
            length: Millimetres(length),
            access: Millimetres(legs),
            gate: self.starts[start as usize].gate.map(GateId),
            entered_at: city.access_points()[access as usize].point,
            through_buildings: entrances.legs[access as usize].through_buildings,
        };
        let wanted =
            |access: u32| facilities.binary_search(&FacilityId(entrances.facility[access as usize])).is_ok();
        self.backwards(&seeds, limit, |search| {
            let nearest = |origin: &usize| {
                let by_junctions = self.least(search, *origin).map(|(time, length, seed, departure)| {
                    let (access, to_access) = legs[seed as usize];
                    reached(access, departure.start, time, length, departure.access + to_access)
                });
                let short = self.least_short(*origin, &entered, &wanted, at_least).map(|(it, access)| {
                    reached(access, it.start, it.time, it.length, it.from_access + it.to_access)
                });
                let found = by_junctions.into_iter().chain(short).filter(|it| it.time <= limit);
                found.min_by_key(|it| (it.time, it.length, it.facility))
            };
            let least_of = |origin: &usize| {
                let starts = self.starts_of(*origin);
                let mut least = vec![UNREACHED; starts.len()];
                let departures = self.origins[*origin].1 as usize..self.origins[*origin + 1].1 as usize;
                for departure in &self.departures[departures] {
                    if let Some(label) = search.label(departure.node) {
                        let known = &mut least[departure.start as usize - starts.start];
                        *known = (*known).min(label.time.saturating_add(departure.time));
                    }
                }
                for (known, start) in least.iter_mut().zip(starts) {
                    // A walk that comes to no junction is looked for where it can be the shortest.
                    if let Some(short) = self.short_of(start, &entered, &wanted, *known) {
                        *known = short;
                    }
                }
                least
            };
            (origins.iter().map(nearest).collect(), by_start.iter().map(least_of).collect())
        })
    }

    /// The time of the least walk from a start that comes to no junction and is shorter than `known`.
    fn short_of(
        &self,
        start: usize,
        entered: &[bool],
        wanted: &impl Fn(u32) -> bool,
        known: u32,
    ) -> Option<u32> {
        let (network, profile) = (self.network, self.profile);
        let entrances = network.entrances();
        let of_start = &self.starts[start];
        let mut least = known;
        for leg in of_start.legs.legs.iter().filter(|leg| entered[leg.edge as usize]) {
            for entrance in entrances.on_edge(leg.edge).filter(|entrance| wanted(entrance.access)) {
                if let Some(arrival) = network.arrive_on_edge(profile, start as u32, leg, &entrance.leg) {
                    least = least.min(arrival.time);
                }
            }
        }
        for access in entrances.near(of_start.point, network.limits.longest_metres) {
            if wanted(access)
                && let Some(arrival) = network.arrive_straight_at(profile, start as u32, of_start, access)
            {
                least = least.min(arrival.time);
            }
        }
        (least < known).then_some(least)
    }

    /// The least walk that comes to no junction, along one edge or straight, with the access point that it comes to.
    /// `entered` are the edges that a wanted facility has a leg to.
    fn least_short(
        &self,
        origin: usize,
        entered: &[bool],
        wanted: &impl Fn(u32) -> bool,
        at_least: Milliseconds,
    ) -> Option<(Arrival, u32)> {
        let (network, profile) = (self.network, self.profile);
        let entrances = network.entrances();
        let longest_metres = network.limits.longest_metres;
        let straight = at_least.0 < network.leg_milliseconds((longest_metres * 1000.0) as u32, profile);
        let mut best: Option<(Arrival, u32)> = None;
        let mut offer = |access: u32, arrival: Option<Arrival>| {
            let facility = |access: u32| entrances.facility[access as usize];
            if let Some(arrival) = arrival
                && best.is_none_or(|(known, other)| {
                    (arrival.time, arrival.length, facility(access), arrival, access)
                        < (known.time, known.length, facility(other), known, other)
                })
            {
                best = Some((arrival, access));
            }
        };
        for number in self.starts_of(origin) {
            let start = &self.starts[number];
            for leg in start.legs.legs.iter().filter(|leg| entered[leg.edge as usize]) {
                for entrance in entrances.on_edge(leg.edge).filter(|entrance| wanted(entrance.access)) {
                    let arrival = network.arrive_on_edge(profile, number as u32, leg, &entrance.leg);
                    offer(entrance.access, arrival);
                }
            }
            if straight {
                for access in entrances.near(start.point, longest_metres).into_iter().filter(|it| wanted(*it))
                {
                    offer(access, network.arrive_straight_at(profile, number as u32, start, access));
                }
            }
        }
        best
    }

    /// Time and length of the shortest walk from each origin to where the data ends, junctions at which a way goes on
    /// beyond it; `None` where that is farther than `limit`.
    pub fn edge_of_data(&self, limit: Milliseconds) -> Vec<Option<(Milliseconds, Millimetres)>> {
        let (graph, nodes) = (self.network.graph(), self.network.city().nodes());
        let cut = |node: &u32| nodes[graph.junction(*node) as usize].flags.contains(NodeFlags::CUT);
        let seed = |node: u32| Seed { node, time: 0, length: 0, label: 0 };
        let seeds: Vec<Seed> = (0..graph.len() as u32).filter(cut).map(seed).collect();
        self.backwards(&seeds, limit, |search| {
            let walk = |origin: usize| {
                self.least(search, origin).map(|(time, length, ..)| (Milliseconds(time), Millimetres(length)))
            };
            (0..self.origins.len() - 1).map(walk).collect()
        })
    }
}
