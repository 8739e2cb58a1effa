//! The nearest of many facilities for many origins at once, however far: one search backwards from all of them.

use crate::answers::{Origin, Reached};
use crate::entrances::{arrivals, departures};
use crate::network::Network;
use crate::search::{Search, Seed, UNREACHED};
use crate::walks::{Arrival, Start};
use circle_model::city::Node;
use circle_model::{CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Profile};
use std::collections::BTreeMap;
use std::ops::Range;

/// Walks from many origins to the junctions that they come to first. Many searches share them.
#[derive(Debug)]
pub struct Departures<'a> {
    network: &'a Network,
    profile: &'a Profile,
    starts: Vec<Start<'a>>,
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
            departures: Vec::new(),
            asked: Vec::new(),
            origins: vec![(0, 0)],
        };
        for origin in origins {
            all.asked.push(origin);
            for start in network.starts(origin) {
                let number = all.starts.len() as u32;
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

    /// The nearest of `facilities`, which ascend, for each of `origins`, as [`reach`](fn@crate::reach) finds it: what
    /// serves a compound alone is found for those in it.
    ///
    /// Walks up to `limit`. Of these origins it is known that they have none of the facilities within `at_least`,
    /// which spares looking for short walks.
    pub fn nearest(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Vec<Option<Reached>> {
        let of = |facility: &FacilityId| self.network.city().facilities()[facility.index()].only_for();
        let (everybody, residents): (Vec<FacilityId>, Vec<FacilityId>) =
            facilities.iter().partition(|facility| of(facility).is_none());
        let mut found = self.nearest_for_all(&everybody, origins, at_least, limit);
        let mut of_compounds: BTreeMap<Option<CompoundId>, Vec<FacilityId>> = BTreeMap::new();
        residents.iter().for_each(|it| of_compounds.entry(of(it)).or_default().push(*it));
        for facilities in of_compounds.values() {
            let served: Vec<usize> = (0..origins.len())
                .filter(|at| self.network.serves(facilities[0], self.asked[origins[*at]]))
                .collect();
            let within: Vec<usize> = served.iter().map(|at| origins[*at]).collect();
            let theirs = self.nearest_for_all(facilities, &within, at_least, limit);
            for (at, theirs) in served.into_iter().zip(theirs) {
                let both = found[at].take().into_iter().chain(theirs);
                found[at] = both.min_by_key(|it| (it.time, it.length, it.facility));
            }
        }
        found
    }

    /// As [`Departures::nearest`], of facilities that serve all of `origins`.
    fn nearest_for_all(
        &self,
        facilities: &[FacilityId],
        origins: &[usize],
        at_least: Milliseconds,
        limit: Milliseconds,
    ) -> Vec<Option<Reached>> {
        let (network, profile) = (self.network, self.profile);
        if facilities.is_empty() || origins.is_empty() {
            return vec![None; origins.len()];
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
                let short = self.least_short(*origin, &entered, wanted, at_least).map(|(it, access)| {
                    reached(access, it.start, it.time, it.length, it.from_access + it.to_access)
                });
                let found = by_junctions.into_iter().chain(short).filter(|it| it.time <= limit);
                found.min_by_key(|it| (it.time, it.length, it.facility))
            };
            origins.iter().map(nearest).collect()
        })
    }

    /// The least walk that comes to no junction, along one edge or straight, with the access point that it comes to.
    /// `entered` are the edges that a wanted facility has a leg to.
    fn least_short(
        &self,
        origin: usize,
        entered: &[bool],
        wanted: impl Fn(u32) -> bool,
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
        let cut = |node: &u32| nodes[graph.junction(*node) as usize].flags & Node::CUT != 0;
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
