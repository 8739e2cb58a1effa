//! Checks nodes, edges, slopes and zones.

use super::{At, Check, Checked, RowNumber, Taken, rows};
use crate::city::flags::{EdgeEndFlags, EdgeFlags, NodeFlags};
use crate::city::records::{Slope, Span, Zone};
use crate::coordinates::line_metres;
use crate::units::Millimetres;

/// Maximum length of all edges, metres: twice around the globe for stray corners, and this much for each
/// edge. Engines step along them.
const MOST_METRES: f64 = 1e8;
const MOST_METRES_FOR_EACH: f64 = 2_000.0;
/// Maximum difference between an edge's stored length and that of its line, millimetres.
const TOLERANCE_MM: u32 = 1_000;
/// Maximum of the sum over junctions of the squared number of edges: it bounds the comparisons at junctions.
const MOST_MEETINGS: u64 = 1 << 24;
const MOST_MEETINGS_FOR_EACH: u64 = 1_000;
/// The same bound for zones that meet at a junction, each of which may be linked to each.
const MOST_ZONES_MEETING: u64 = 1 << 16;
const MOST_ZONES_MEETING_FOR_EACH: u64 = 16;
/// Maximum depth of nested zones.
const MOST_NESTED: usize = 256;
/// Minimum slope factor: the fastest slope of [`Slope::of`] has e^(−0.175) of the time on level ground.
pub(super) const LEAST_FACTOR: u16 = 3_438;

impl Check<'_> {
    pub(super) fn network(&self) -> Checked {
        self.nodes()?;
        self.edges()?;
        self.slopes()?;
        self.zones()?;
        self.zones_at_junctions()
    }

    fn nodes(&self) -> Checked {
        let parts = self.city.component_metres();
        for (at, node) in rows("nodes", self.city.nodes()) {
            at.point(node.point)?;
            at.known("flags", NodeFlags::from_bits(node.flags.bits()))?;
            at.row_of("component", "component_metres", node.component, parts.len())?;
        }
        let metres: u64 = parts.iter().copied().map(u64::from).sum();
        let at = At { table: "component_metres", row: 0 };
        at.must("component_metres", u32::try_from(metres).is_ok(), "adds up to more than the globe has")
    }

    fn edges(&self) -> Checked {
        let city = self.city;
        let (nodes, edges) = (city.nodes(), city.edges());
        let (features, zones) = (city.features().len(), city.zones().len());
        let mut segments = Taken::of("points", self.points.len());
        let mut meeting = vec![0u32; nodes.len()];
        let mut metres = 0.0;
        for (at, edge) in rows("edges", edges) {
            let from = at.row_of("from", "nodes", edge.from, nodes.len())?;
            let to = at.row_of("to", "nodes", edge.to, nodes.len())?;
            at.row_of("way", "features", edge.way, features)?;
            at.row_of("zone", "zones", edge.zone, zones)?;
            at.known("flags", EdgeFlags::from_bits(edge.flags.bits()))?;
            for end in edge.ends {
                at.known("ends", EdgeEndFlags::from_bits(end.bits()))?;
            }
            at.must("line", edge.line.len > 1, "has no two points")?;
            // Adjacent segments share a point, so there is one segment fewer.
            segments.take(at, "line", Span { start: edge.line.start, len: edge.line.len - 1 })?;
            let Some(line) = self.points.get(edge.line.range()) else {
                return at.bad("line", "leads out of `points`");
            };
            let joins = line.first() == Some(&nodes[from].point) && line.last() == Some(&nodes[to].point);
            at.must("line", joins, "does not lead from its one junction to its other")?;
            let length = line_metres(line);
            let expected = Millimetres::from_metres(length).0;
            let fits = expected.abs_diff(edge.length_mm) <= TOLERANCE_MM + expected / 1_000;
            at.must("length_mm", fits, "is not the length of its line")?;
            metres += length;
            meeting[from] += 1;
            meeting[to] += 1;
        }
        let count = edges.len() as u64;
        let at = At { table: "edges", row: 0 };
        let fits = metres <= MOST_METRES + MOST_METRES_FOR_EACH * edges.len() as f64;
        at.must("line", fits, "is, with all others, longer than any network")?;
        let met: u64 = meeting.iter().map(|count| u64::from(*count).pow(2)).sum();
        let fits = met <= MOST_MEETINGS + MOST_MEETINGS_FOR_EACH * count;
        at.must("from", fits, "is a junction of more edges than any network has")
    }

    fn slopes(&self) -> Checked {
        let (slopes, edges) = (self.city.slopes(), self.city.edges());
        let at = At { table: "slopes", row: slopes.len() };
        let fits = slopes.is_empty() || slopes.len() == edges.len();
        at.must("slopes", fits, "are not as many as the edges")?;
        for (at, Slope { factors, .. }) in rows("slopes", slopes) {
            let fits = factors.iter().all(|factor| *factor >= LEAST_FACTOR);
            at.must("factors", fits, "is faster than any slope")?;
        }
        Ok(())
    }

    fn zones(&self) -> Checked {
        let (zones, compounds) = (self.city.zones(), self.city.compounds());
        // Zones of compounds come first, after the public one.
        let mut of_compounds = true;
        for (at, zone) in rows("zones", zones) {
            at.must("level", zone.level <= Zone::BEHIND_GATES, "is not a level")?;
            if at.row > 0 && zone.level == Zone::COMPOUND {
                at.must("level", of_compounds, "is that of a compound's zone, after others")?;
                at.row_of("compound", "compounds", zone.compound, compounds.len())?;
                let parent = at.row_of("parent", "zones", zone.parent, zones.len())?;
                let fits = parent == 0 || zones[parent].level == Zone::COMPOUND;
                at.must("parent", fits, "is not a compound's zone")?;
                continue;
            }
            of_compounds = at.row == 0;
            let level = if at.row == 0 { Zone::RESTRICTED_WAYS } else { zone.level };
            let fits = *zone == Zone::new(None, level);
            at.must("compound", fits, "is not that of the public zone or of ways outside all compounds")?;
        }
        for (at, zone) in rows("zones", zones) {
            let (mut around, mut nested) = (zone.parent.number(), 0);
            while around != 0 {
                nested += 1;
                at.must("parent", nested <= MOST_NESTED, "leads in a circle")?;
                around = zones[around as usize].parent.number();
            }
        }
        Ok(())
    }

    fn zones_at_junctions(&self) -> Checked {
        let zoned = self.city.edges().iter().filter(|edge| edge.zone.number() != 0);
        let ends = zoned.flat_map(|edge| [edge.from, edge.to].map(|end| (end.number(), edge.zone.number())));
        let mut ends: Vec<(u32, u32)> = ends.collect();
        ends.sort_unstable();
        ends.dedup();
        let meeting = ends.chunk_by(|a, b| a.0 == b.0).map(|zones| (zones.len() as u64).pow(2));
        let fits =
            meeting.sum::<u64>() <= MOST_ZONES_MEETING + MOST_ZONES_MEETING_FOR_EACH * ends.len() as u64;
        let at = At { table: "edges", row: 0 };
        at.must("zone", fits, "is, with others, one of more zones at a junction than any network has")
    }
}
