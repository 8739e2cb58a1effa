//! The gates of each compound, from all sources.

use super::closings::Closings;
use super::draft::DraftGate;
use super::mapped::MappedGates;
use super::own_keys;
use super::street_gates::{CLUSTER_METRES, street_gates};
use crate::compounds::Compounds;
use crate::keys::other_than_object;
use crate::network::{StreetGrid, Streets};
use crate::own::OwnGate;
use crate::scan::{Lock, TaggedNode};
use circle_model::city::{GateProvenance, OsmKind};
use circle_model::{CompoundId, Point};
use std::collections::HashMap;

/// The sources of gates.
pub(super) struct Sites<'a> {
    pub(super) compounds: &'a Compounds,
    pub(super) mapped: &'a MappedGates<'a>,
    /// Own gates by position of their compound.
    pub(super) own: &'a HashMap<usize, Vec<OwnGate>>,
    pub(super) streets: &'a Streets,
    pub(super) grid: &'a StreetGrid<'a>,
}

/// A gate with its key and source.
pub(super) struct SiteGate<'a> {
    pub(super) point: Point,
    pub(super) key: String,
    pub(super) from: GateSource<'a>,
}

/// The source of a gate.
pub(super) enum GateSource<'a> {
    Own(&'a OwnGate),
    Mapped(&'a TaggedNode),
    Streets(GateProvenance),
}

impl<'a> Sites<'a> {
    /// The gates of a compound, including those that corrections close for good.
    pub(super) fn gates_of(&self, number: usize, closings: &Closings) -> Vec<SiteGate<'a>> {
        let key = self.compounds.keys[number].as_str();
        let crossings = &self.streets.crossings;
        let [first, end] =
            [number, number + 1].map(|bound| crossings.partition_point(|it| it.compound < bound));
        let by_streets = || {
            let compound = &self.compounds.list[number];
            street_gates(compound, key, &crossings[first..end], self.streets, self.grid)
        };
        let nodes = self.mapped.of[number].as_slice();
        let node_key = |node: &TaggedNode| self.mapped.key(node.id, number, key);
        let own = self.own.get(&number).map(Vec::as_slice).unwrap_or_default();
        let own_keys = if own.is_empty() {
            Vec::new()
        } else {
            let nodes = nodes.iter().map(|node| (node.point, node_key(node)));
            own_keys::of_own(own, &[nodes.collect(), by_streets().0], CLUSTER_METRES)
        };
        let own_gate = |(gate, key): (&'a OwnGate, String)| SiteGate {
            point: gate.record.point,
            key,
            from: GateSource::Own(gate),
        };
        let mut gates: Vec<SiteGate<'a>> = own.iter().zip(own_keys).map(own_gate).collect();
        if own.iter().any(|gate| gate.listed) {
            return gates;
        }
        let beside =
            |point: Point| own.iter().all(|gate| gate.record.point.distance_metres(point) > CLUSTER_METRES);
        for &node in nodes.iter().filter(|node| beside(node.point)) {
            gates.push(SiteGate { point: node.point, key: node_key(node), from: GateSource::Mapped(node) });
        }
        // A compound whose only mapped gate is closed has other gates, which are not mapped.
        let is_open = |node: &&TaggedNode| !closings.is_closed(number, node.point, &node_key(node));
        if !nodes.iter().any(is_open) {
            let (places, provenance) = by_streets();
            let from_street = |(point, key)| SiteGate { point, key, from: GateSource::Streets(provenance) };
            gates.extend(places.into_iter().filter(|(point, _)| beside(*point)).map(from_street));
        }
        gates
    }
}

impl SiteGate<'_> {
    pub(super) fn draft(self, compound: CompoundId) -> DraftGate {
        let Self { point, key, from } = self;
        let gate = DraftGate {
            compound,
            point,
            provenance: GateProvenance::Own,
            key: None,
            name: None,
            node: 0,
            locked: false,
            source: 0,
            row: 0,
            hours: None,
        };
        match from {
            GateSource::Own(own) => DraftGate {
                key: other_than_object(key, (OsmKind::None, 0)),
                name: own.record.name.clone(),
                locked: own.locked,
                source: own.record.source,
                row: own.record.row,
                hours: own.hours.clone(),
                ..gate
            },
            GateSource::Mapped(node) => DraftGate {
                provenance: GateProvenance::Mapped,
                key: other_than_object(key, (OsmKind::Node, node.id)),
                name: node.name.clone(),
                node: node.id,
                locked: node
                    .passage
                    .is_some_and(|passage| matches!(passage.lock, Lock::Alone | Lock::Besides)),
                ..gate
            },
            GateSource::Streets(provenance) => {
                DraftGate { provenance, key: other_than_object(key, (OsmKind::None, 0)), ..gate }
            }
        }
    }
}
