//! Zones: the ways inside each, and how they lie inside one another.

use circle_model::city::Zone;
use circle_model::coordinates::Bounds;
use circle_model::{City, EdgeId, ZoneId};
use std::collections::HashMap;

/// The ways of every zone but the public one.
#[derive(Debug)]
pub(crate) struct Zones(HashMap<ZoneId, ZoneWays>);

#[derive(Debug)]
struct ZoneWays {
    edges: Vec<EdgeId>,
    bounds: Bounds,
}

impl Default for ZoneWays {
    fn default() -> Self {
        Self { edges: Vec::new(), bounds: Bounds::EMPTY }
    }
}

impl Zones {
    pub(crate) fn build(city: &City) -> Self {
        let mut zones: HashMap<ZoneId, ZoneWays> = HashMap::new();
        let edges = (0u32..).map(EdgeId).zip(city.edges());
        for (id, edge) in edges.filter(|(_, edge)| !edge.zone.is_public()) {
            let ways = zones.entry(edge.zone).or_default();
            ways.edges.push(id);
            city.line(edge.line).iter().for_each(|point| ways.bounds.include(*point));
        }
        Self(zones)
    }

    /// The edges of a zone, ascending; none of the public zone.
    pub(crate) fn edges(&self, zone: ZoneId) -> &[EdgeId] {
        self.0.get(&zone).map(|ways| ways.edges.as_slice()).unwrap_or_default()
    }

    /// The bounding box of the ways of a zone; `None` where it has none, and of the public zone.
    pub(crate) fn bounds(&self, zone: ZoneId) -> Option<Bounds> {
        self.0.get(&zone).map(|ways| ways.bounds)
    }
}

/// The zones that a zone lies inside, the smallest first.
pub(crate) fn ancestors(zones: &[Zone], zone: ZoneId) -> impl Iterator<Item = ZoneId> {
    let parent = |zone: &ZoneId| Some(zones[zone.index()].parent).filter(|parent| !parent.is_public());
    // A chain as long as the table is a cycle: no build writes one, but city files are not trusted.
    std::iter::successors(parent(&zone), parent).take(zones.len())
}

/// Whether `outer` encloses `inner`: a larger compound around a smaller one, or a private drive that leads to
/// it.
pub(super) fn lies_around(city: &City, outer: ZoneId, inner: ZoneId) -> bool {
    let zones = city.zones();
    let level = |zone: ZoneId| zones[zone.index()].level;
    level(outer) > level(inner) || ancestors(zones, inner).any(|parent| parent == outer)
}
