//! A city as it is at a time: gates shut, parks closed, facilities closed (OSM `opening_hours`).

use super::columns::{ChangedTables, City};
use super::places::HoursOf;
use super::records::{Edge, Node, Zone};
use super::zones::{Zoned, zone_behind_locked_gates, zone_restricted_ways};
use crate::hours::WeekTime;
use std::collections::HashMap;

impl City {
    /// What of its opening hours is open at a time; cities of which it is the same are the same.
    pub fn open_at(&self, time: WeekTime) -> Vec<bool> {
        let mut read: HashMap<&str, Option<bool>> = HashMap::new();
        let texts = self.hours().iter().map(|hours| self.text(hours.text));
        texts.map(|text| read.entry(text).or_insert_with(|| time.is_open(text)).unwrap_or(true)).collect()
    }

    /// The city at a time. Nobody passes a gate that is shut; a closed park or way is restricted: who starts or ends
    /// in it walks there, nobody passes through; a closed facility is not there. Hours that nobody can read count as
    /// open.
    pub fn at(&self, time: WeekTime) -> Self {
        let (mut nodes, mut edges) = (self.nodes().to_vec(), self.edges().to_vec());
        let (mut gates, mut facilities) = (self.gates().to_vec(), self.facilities().to_vec());
        let mut zones = self.zones().to_vec();
        for (hours, open) in self.hours().iter().zip(self.open_at(time)) {
            let row = hours.row as usize;
            match HoursOf::from_code(hours.of) {
                HoursOf::Node => {
                    let Some(node) = nodes.get_mut(row) else { continue };
                    if open && hours.unlocks == 1 {
                        node.flags &= !Node::RESTRICTED;
                    }
                    node.flags |= if open { 0 } else { Node::SHUT };
                }
                HoursOf::Edge => {
                    let Some(edge) = edges.get_mut(row) else { continue };
                    edge.flags |= if open { 0 } else { Edge::RESTRICTED };
                }
                HoursOf::Gate => {
                    let Some(gate) = gates.get_mut(row) else { continue };
                    gate.shut = u8::from(!open);
                }
                HoursOf::Facility => {
                    let Some(facility) = facilities.get_mut(row) else { continue };
                    facility.closed = u8::from(!open);
                }
            }
        }
        let is_compound: Vec<bool> = zones.iter().map(|zone| zone.level == Zone::COMPOUND).collect();
        for edge in edges.iter_mut().filter(|edge| !is_compound[edge.zone as usize]) {
            edge.zone = 0;
        }
        // Zones of compounds come first, but for the public one.
        zones.truncate(1 + is_compound.iter().filter(|is| **is).count());
        zone_restricted_ways(Zoned { nodes: &nodes, edges: &mut edges, zones: &mut zones });
        zone_behind_locked_gates(Zoned { nodes: &nodes, edges: &mut edges, zones: &mut zones });
        let changed = ChangedTables {
            nodes: Some(nodes),
            edges: Some(edges),
            gates: Some(gates),
            facilities: Some(facilities),
            zones: Some(zones),
            ..ChangedTables::default()
        };
        self.changed(changed).said_at(Some(time))
    }
}
