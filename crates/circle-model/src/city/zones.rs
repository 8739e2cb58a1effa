//! Zones: interiors of closed compounds, restricted ways, and ways behind locked gates (`docs/walking.md`,
//! "Restricted ways and closed compounds").

use super::flags::{EdgeFlags, NodeFlags};
use super::records::{Edge, Node, Zone};
use crate::coordinates::Point;
use crate::ids::{ComponentId, CompoundId, NodeId, ZoneId};
use crate::units::Millimetres;
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// A junction that zones are computed from.
pub trait ZonedNode {
    /// Its flags.
    fn flags(&self) -> NodeFlags;
    /// Its connected component.
    fn component(&self) -> ComponentId;
}

/// An edge that zones are computed from.
pub trait ZonedEdge {
    /// The junctions where it begins and ends.
    fn nodes(&self) -> [NodeId; 2];
    /// Its flags.
    fn flags(&self) -> EdgeFlags;
    /// Its length on the ellipsoid.
    fn length(&self) -> Millimetres;
}

/// The network that zones are computed from.
#[derive(Debug)]
pub struct Zoned<'a, N, E> {
    /// Junctions.
    pub nodes: &'a [N],
    /// Whether a junction is shut at the requested time; rows beyond its end are open.
    pub shut: &'a [bool],
    /// Edges.
    pub edges: &'a [E],
}

/// All zones of a city.
#[derive(Debug, Clone, Default)]
pub struct ComputedZones {
    /// The zones; the first is the public one.
    pub zones: Vec<Zone>,
    /// The zone of each edge.
    pub of_edges: Vec<ZoneId>,
    /// The zone of each compound, the public one for open compounds.
    pub of_compounds: Vec<ZoneId>,
}

/// The properties of a compound that its zone depends on.
#[derive(Debug, Clone)]
pub struct Enclosure {
    /// Whether it is closed.
    pub closed: bool,
    /// Area of its outline.
    pub square_metres: f64,
    /// Compounds whose outline contains its point, ascending.
    pub around: Vec<CompoundId>,
}

/// Computes all zones.
///
/// `around` has, for each edge that [`may_be_inside`] one, the compounds whose outline contains it. Such an
/// edge belongs to the zone of the smallest closed compound. A zone's parent is that of the compound around
/// it.
pub fn zone_compounds<N: ZonedNode, E: ZonedEdge>(
    network: &Zoned<'_, N, E>,
    enclosures: &[Enclosure],
    around: &[Vec<CompoundId>],
) -> ComputedZones {
    let mut zones = vec![Zone::new(None, Zone::RESTRICTED_WAYS)];
    let mut of_compounds = Vec::with_capacity(enclosures.len());
    let compounds = || (0u32..).map(CompoundId).zip(enclosures);
    for (id, compound) in compounds() {
        of_compounds.push(if compound.closed { ZoneId(zones.len() as u32) } else { ZoneId::PUBLIC });
        if compound.closed {
            zones.push(Zone::new(Some(id), Zone::COMPOUND));
        }
    }
    let larger = |a: &CompoundId, b: &CompoundId| {
        let size = |compound: &CompoundId| enclosures[compound.index()].square_metres;
        size(a).total_cmp(&size(b)).then(a.cmp(b))
    };
    let closed = |compound: &CompoundId| enclosures[compound.index()].closed;
    for (id, compound) in compounds().filter(|(_, compound)| compound.closed) {
        let around = compound.around.iter().copied().filter(closed);
        let parent = around.filter(|other| larger(other, &id).is_gt()).min_by(larger);
        zones[of_compounds[id.index()].index()].parent =
            parent.map_or(ZoneId::PUBLIC, |parent| of_compounds[parent.index()]);
    }
    let zone = |around: &Vec<CompoundId>| {
        let smallest = around.iter().copied().filter(closed).min_by(larger);
        smallest.map_or(ZoneId::PUBLIC, |compound| of_compounds[compound.index()])
    };
    let mut of_edges: Vec<ZoneId> = around.iter().map(zone).collect();
    zone_restricted_ways(network, &mut of_edges, &mut zones);
    zone_behind_locked_gates(network, &mut of_edges, &mut zones);
    ComputedZones { zones, of_edges, of_compounds }
}

/// Whether an edge inside a closed compound belongs to its zone: it is restricted, or of a class that serves
/// only the compound.
pub const fn may_be_inside(edge: EdgeFlags) -> bool {
    edge.intersects(EdgeFlags::INTERIOR) || edge.intersects(EdgeFlags::RESTRICTED)
}

/// A point of an edge's line that is not one of its corners.
pub fn middle(line: &[Point]) -> Point {
    let at = (line.len() - 1) / 2;
    let (a, b) = (line[at], line[at + 1]);
    Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    }
}

/// Zones of restricted ways outside every closed compound, one for each connected set.
pub(super) fn zone_restricted_ways<N: ZonedNode, E: ZonedEdge>(
    Zoned { nodes, edges, .. }: &Zoned<'_, N, E>,
    of_edges: &mut [ZoneId],
    zones: &mut Vec<Zone>,
) {
    let mut union = UnionFind::<u32>::new(nodes.len());
    let outside = |(edge, zone): (&E, ZoneId)| {
        let is_outside = edge.flags().intersects(EdgeFlags::RESTRICTED) && zone.is_public();
        is_outside.then(|| edge.nodes().map(|node| node.0))
    };
    for [from, to] in edges.iter().zip(of_edges.iter().copied()).filter_map(outside) {
        union.union(from, to);
    }
    let mut zone_of: BTreeMap<u32, ZoneId> = BTreeMap::new();
    for (edge, zone) in edges.iter().zip(of_edges) {
        if let Some([from, _]) = outside((edge, *zone)) {
            *zone = *zone_of.entry(union.find(from)).or_insert_with(|| {
                zones.push(Zone::new(None, Zone::RESTRICTED_WAYS));
                ZoneId(zones.len() as u32 - 1)
            });
        }
    }
}

/// Zones of public ways that are connected with the rest only through locked gates: walks that begin or end
/// behind the gate pass it. The longest piece of each connected component stays public.
pub(super) fn zone_behind_locked_gates<N: ZonedNode, E: ZonedEdge>(
    Zoned { nodes, shut, edges }: &Zoned<'_, N, E>,
    of_edges: &mut [ZoneId],
    zones: &mut Vec<Zone>,
) {
    let is_shut = |node: NodeId| shut.get(node.index()).copied().unwrap_or(false);
    let locked = |node: NodeId| nodes[node.index()].flags().contains(NodeFlags::RESTRICTED) || is_shut(node);
    if !(0..nodes.len() as u32).map(NodeId).any(locked) {
        return;
    }
    let public: Vec<usize> = (0..edges.len()).filter(|edge| of_edges[*edge].is_public()).collect();
    // The pieces are sets of edges: a locked gate is an end of its edges and joins none of them.
    let mut union = UnionFind::<usize>::new(edges.len());
    let mut first_at = vec![usize::MAX; nodes.len()];
    for edge in &public {
        for end in edges[*edge].nodes().into_iter().filter(|end| !locked(*end)) {
            let first = &mut first_at[end.index()];
            if *first == usize::MAX {
                *first = *edge;
            } else {
                union.union(*first, *edge);
            }
        }
    }
    let mut lengths = vec![0u64; edges.len()];
    let mut gated: BTreeSet<usize> = BTreeSet::new();
    for edge in &public {
        lengths[union.find_mut(*edge)] += u64::from(edges[*edge].length().0);
        if edges[*edge].nodes().into_iter().any(locked) {
            gated.insert(union.find(*edge));
        }
    }
    let mut longest: BTreeMap<ComponentId, (u64, usize)> = BTreeMap::new();
    for (piece, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        let [from, _] = edges[piece].nodes();
        let part = nodes[from.index()].component();
        let known = longest.entry(part).or_insert((*length, piece));
        *known = (*known).max((*length, piece));
    }
    let kept: BTreeSet<usize> = longest.into_values().map(|(_, piece)| piece).collect();
    let mut zone_of: BTreeMap<usize, ZoneId> = BTreeMap::new();
    for edge in public {
        let piece = union.find(edge);
        if gated.contains(&piece) && !kept.contains(&piece) {
            of_edges[edge] = *zone_of.entry(piece).or_insert_with(|| {
                zones.push(Zone::new(None, Zone::BEHIND_GATES));
                ZoneId(zones.len() as u32 - 1)
            });
        }
    }
}

impl ZonedNode for Node {
    fn flags(&self) -> NodeFlags {
        self.flags
    }

    fn component(&self) -> ComponentId {
        self.component
    }
}

impl ZonedEdge for Edge {
    fn nodes(&self) -> [NodeId; 2] {
        [self.from, self.to]
    }

    fn flags(&self) -> EdgeFlags {
        self.flags
    }

    fn length(&self) -> Millimetres {
        Millimetres(self.length_mm)
    }
}
