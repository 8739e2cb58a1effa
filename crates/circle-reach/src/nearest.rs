//! The nearest of many facilities for every place at once, however far: one search backwards from all of them.

use crate::answers::{Origin, Reached};
use crate::entrances::arrivals;
use crate::network::Network;
use crate::search::{Label, Search, Seed, UNREACHED};
use circle_model::city::Node;
use circle_model::{FacilityId, GateId, Millimetres, Milliseconds, Profile};

/// Least times from every node to the nearest of a set of facilities.
#[derive(Debug)]
pub struct Nearest<'a> {
    network: &'a Network,
    profile: &'a Profile,
    labels: Vec<Option<Label>>,
    legs: Vec<(u32, u32)>,
}

impl<'a> Nearest<'a> {
    /// Searches backwards from every access point of `facilities`, up to `limit`.
    pub fn of(
        network: &'a Network,
        profile: &'a Profile,
        facilities: &[FacilityId],
        limit: Milliseconds,
    ) -> Self {
        let entrances = network.entrances();
        let city = network.city();
        let mut seeds = Vec::new();
        let mut legs = Vec::new();
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
                }
            }
        }
        let labels = backwards(network, profile, &seeds, limit);
        Self { network, profile, labels, legs }
    }

    /// The nearest facility from an origin; walks that never reach a junction are left to [`crate::reach`].
    pub fn from(&self, origin: Origin) -> Option<Reached> {
        let (network, profile) = (self.network, self.profile);
        let entrances = network.entrances();
        let best = least(network, profile, &self.labels, origin);
        best.map(|(time, length, seed, from_access, gate)| {
            let (access, to_access) = self.legs[seed as usize];
            Reached {
                facility: FacilityId(entrances.facility[access as usize]),
                time: Milliseconds(time),
                length: Millimetres(length),
                access: Millimetres(from_access + to_access),
                gate: gate.map(GateId),
                entered_at: network.city().access_points()[access as usize].point,
                through_buildings: entrances.legs[access as usize].through_buildings,
            }
        })
    }
}

/// Least times from every node to where the data ends: junctions at which a way goes on beyond it.
#[derive(Debug)]
pub struct EdgeOfData<'a> {
    network: &'a Network,
    profile: &'a Profile,
    labels: Vec<Option<Label>>,
}

impl<'a> EdgeOfData<'a> {
    /// Searches backwards from every such junction, up to `limit`.
    pub fn of(network: &'a Network, profile: &'a Profile, limit: Milliseconds) -> Self {
        let nodes = network.city().nodes();
        let cut = |node: &u32| nodes[network.graph().junction(*node) as usize].flags & Node::CUT != 0;
        let seed = |node: u32| Seed { node, time: 0, length: 0, label: 0 };
        let seeds: Vec<Seed> = (0..network.graph().len() as u32).filter(cut).map(seed).collect();
        Self { network, profile, labels: backwards(network, profile, &seeds, limit) }
    }

    /// Time and length of the shortest walk from an origin to where the data ends; `None` where that is farther.
    pub fn from(&self, origin: Origin) -> Option<(Milliseconds, Millimetres)> {
        let best = least(self.network, self.profile, &self.labels, origin);
        best.map(|(time, length, ..)| (Milliseconds(time), Millimetres(length)))
    }
}

fn backwards(
    network: &Network,
    profile: &Profile,
    seeds: &[Seed],
    limit: Milliseconds,
) -> Vec<Option<Label>> {
    Search::with(|search| {
        search.run(network.reversed(), &network.reversed_weights(profile), seeds, limit.0);
        (0..network.graph().len() as u32).map(|node| search.label(node)).collect()
    })
}

/// Time, length, seed, length of the leg at the start, and gate.
type Least = (u32, u32, u32, u32, Option<u32>);

/// The least walk from an origin to what the labels were searched from.
fn least(network: &Network, profile: &Profile, labels: &[Option<Label>], origin: Origin) -> Option<Least> {
    let mut best: Option<Least> = None;
    for start in network.starts(origin) {
        for leg in &start.legs.legs {
            let (along, along_time) = network.onward(leg, profile);
            for node in crate::entrances::departures(network, leg).into_iter().flatten() {
                let Some(label) = labels[node as usize] else { continue };
                let time = label
                    .time
                    .saturating_add(along_time)
                    .saturating_add(network.leg_milliseconds(leg.length_mm, profile));
                if time == UNREACHED {
                    continue;
                }
                let length = label.length.saturating_add(along).saturating_add(leg.length_mm);
                let found = (time, length, label.seed, leg.length_mm, start.gate);
                best = Some(best.map_or(found, |best| best.min(found)));
            }
        }
    }
    best
}
