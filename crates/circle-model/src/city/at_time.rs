//! A city at a time: with its shut gates, closed parks and closed facilities (OSM `opening_hours`).

use super::columns::{ChangedTables, City};
use super::conditions::Shut;
use super::flags::{EdgeFlags, NodeFlags};
use super::places::HoursOf;
use super::records::Zone;
use super::zones::{Zoned, zone_behind_locked_gates, zone_restricted_ways};
use crate::hours::WeekTime;
use crate::ids::ZoneId;
use std::collections::HashMap;

impl City {
    /// Whether each of its opening hours is open at a time. Times with equal results have the same city.
    pub fn open_at(&self, time: WeekTime) -> Vec<bool> {
        let mut read: HashMap<&str, Option<bool>> = HashMap::new();
        let texts = self.hours().iter().map(|hours| self.text(hours.text));
        texts.map(|text| read.entry(text).or_insert_with(|| time.is_open(text)).unwrap_or(true)).collect()
    }

    /// The city at a time. A shut gate is impassable; a closed park or way is restricted, so only walks that
    /// begin or end in it use it; a closed facility is left out. Opening hours that cannot be parsed count as
    /// open.
    #[must_use]
    pub fn at(&self, time: WeekTime) -> Self {
        if self.hours().is_empty() {
            return self.with_time(Some(time));
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
        let of_compound = |zone: ZoneId| if is_compound[zone.index()] { zone } else { ZoneId::PUBLIC };
        let mut of_edges: Vec<ZoneId> = edges.iter().map(|edge| of_compound(edge.zone)).collect();
        // Zones of compounds come first, after the public one.
        zones.truncate(1 + is_compound.iter().filter(|is| **is).count());
        let network = Zoned { nodes: &nodes, shut: &shut.nodes, edges: &edges };
        zone_restricted_ways(&network, &mut of_edges, &mut zones);
        zone_behind_locked_gates(&network, &mut of_edges, &mut zones);
        for (edge, zone) in edges.iter_mut().zip(of_edges) {
            edge.zone = zone;
        }
        let changed = ChangedTables {
            nodes: Some(nodes),
            edges: Some(edges),
            zones: Some(zones),
            ..ChangedTables::default()
        };
        self.changed(changed).with_shut(shut).with_time(Some(time))
    }
}
