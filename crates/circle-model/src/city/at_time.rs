//! A city as it is at a time: gates shut, parks closed, facilities closed (OSM `opening_hours`).

use super::columns::{ChangedTables, City};
use super::edition::Shut;
use super::flags::{EdgeFlags, NodeFlags};
use super::places::HoursOf;
use super::records::Zone;
use super::zones::{Zoned, zone_behind_locked_gates, zone_restricted_ways};
use crate::hours::WeekTime;
use crate::ids::ZoneId;
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
    #[must_use]
    pub fn at(&self, time: WeekTime) -> Self {
        if self.hours().is_empty() {
            return self.said_at(Some(time));
        }
        let (mut nodes, mut edges) = (self.nodes().to_vec(), self.edges().to_vec());
        let mut zones = self.zones().to_vec();
        let mut shut = Shut {
            nodes: vec![false; nodes.len()],
            gates: vec![false; self.gates().len()],
            facilities: vec![false; self.facilities().len()],
        };
        for (hours, open) in self.hours().iter().zip(self.open_at(time)) {
            let row = hours.row as usize;
            match HoursOf::from_code(hours.of) {
                HoursOf::Node if open && hours.unlocks == 1 => nodes[row].flags.remove(NodeFlags::RESTRICTED),
                HoursOf::Node => shut.nodes[row] |= !open,
                HoursOf::Edge => edges[row].flags |= EdgeFlags::RESTRICTED.when(!open),
                HoursOf::Gate => shut.gates[row] = !open,
                HoursOf::Facility => shut.facilities[row] = !open,
            }
        }
        let is_compound: Vec<bool> = zones.iter().map(|zone| zone.level == Zone::COMPOUND).collect();
        for edge in edges.iter_mut().filter(|edge| !is_compound[edge.zone.index()]) {
            edge.zone = ZoneId::PUBLIC;
        }
        // Zones of compounds come first, but for the public one.
        zones.truncate(1 + is_compound.iter().filter(|is| **is).count());
        let mut zoned = Zoned { nodes: &nodes, shut: &shut.nodes, edges: &mut edges, zones: &mut zones };
        zone_restricted_ways(&mut zoned);
        zone_behind_locked_gates(&mut zoned);
        let changed = ChangedTables {
            nodes: Some(nodes),
            edges: Some(edges),
            zones: Some(zones),
            ..ChangedTables::default()
        };
        self.changed(changed).with_shut(shut).said_at(Some(time))
    }
}
