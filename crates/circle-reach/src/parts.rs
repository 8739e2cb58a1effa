//! The parts of the network that a compound or facility hangs on.

use crate::access::Legs;
use crate::network::Network;
use circle_model::{CompoundId, FacilityId};

impl Network {
    /// The parts of the network that a compound's gates lead to, ascending, as in
    /// [`component_metres`](circle_model::City::component_metres); none where no way leads to it.
    pub fn compound_parts(&self, compound: CompoundId) -> Vec<u32> {
        let gates = self.city().compounds()[compound.index()].gates.range();
        self.parts(gates.map(|gate| self.gate_legs(gate)))
    }

    /// The same of a facility's access points. Those closed at the time asked for lead nowhere.
    pub fn facility_parts(&self, facility: FacilityId) -> Vec<u32> {
        let access = self.city().facilities()[facility.index()].access.range();
        self.parts(self.entrances().legs[access].iter())
    }

    fn parts<'a>(&self, legs: impl Iterator<Item = &'a Legs>) -> Vec<u32> {
        let edges = legs.flat_map(|legs| &legs.legs).map(|leg| leg.edge);
        let mut parts: Vec<u32> = edges.map(|edge| self.component(edge)).collect();
        parts.sort_unstable();
        parts.dedup();
        parts
    }
}
