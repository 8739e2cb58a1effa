//! Zones: the insides of closed compounds, restricted ways, and what lies behind locked gates (`walking.md`,
//! "Restricted ways and closed compounds").

use super::flags::{EdgeFlags, NodeFlags};
use super::records::{Edge, Node, Zone};
use crate::coordinates::Point;
use crate::ids::{ComponentId, CompoundId, NodeId, ZoneId};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// The tables that zones are of.
#[derive(Debug)]
pub struct Zoned<'a> {
    /// Junctions.
    pub nodes: &'a [Node],
    /// Those that nobody passes at the time asked for; rows beyond its end are open.
    pub shut: &'a [bool],
    /// Edges, whose zones are written.
    pub edges: &'a mut [Edge],
    /// The zones.
    pub zones: &'a mut Vec<Zone>,
}

/// A compound as zones see it.
#[derive(Debug, Clone)]
pub struct Enclosure {
    /// It is closed.
    pub closed: bool,
    /// Area of its outline.
    pub square_metres: f64,
    /// Compounds whose outline holds its point, ascending.
    pub around: Vec<CompoundId>,
}

/// Writes all zones anew; returns that of each compound, the public one for open ones.
///
/// `around` has the compounds whose outline holds each edge that [`may_be_inside`] one. Those inside a closed compound
/// belong to its zone; the smallest compound wins, and knows the one around it.
pub fn zone_compounds(
    network: Zoned<'_>,
    enclosures: &[Enclosure],
    around: &[Vec<CompoundId>],
) -> Vec<ZoneId> {
    let Zoned { nodes, shut, edges, zones: rows } = network;
    rows.clear();
    rows.push(Zone::new(None, Zone::RESTRICTED_WAYS));
    let mut zones = Vec::with_capacity(enclosures.len());
    let compounds = || (0u32..).map(CompoundId).zip(enclosures);
    for (id, compound) in compounds() {
        zones.push(if compound.closed { ZoneId(rows.len() as u32) } else { ZoneId::PUBLIC });
        if compound.closed {
            rows.push(Zone::new(Some(id), Zone::COMPOUND));
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
        rows[zones[id.index()].index()].parent =
            parent.map_or(ZoneId::PUBLIC, |parent| zones[parent.index()]);
    }
    for (edge, around) in edges.iter_mut().zip(around) {
        let smallest = around.iter().copied().filter(closed).min_by(larger);
        edge.zone = smallest.map_or(ZoneId::PUBLIC, |compound| zones[compound.index()]);
    }
    let mut zoned = Zoned { nodes, shut, edges, zones: rows };
    zone_restricted_ways(&mut zoned);
    zone_behind_locked_gates(&mut zoned);
    zones
}

/// Whether an edge inside a closed compound is in its zone: it is restricted, or of a class that serves it alone.
pub const fn may_be_inside(edge: &Edge) -> bool {
    edge.has(EdgeFlags::INTERIOR) || edge.has(EdgeFlags::RESTRICTED)
}

/// A point of an edge's line that is no corner of it.
pub fn middle(line: &[Point]) -> Point {
    let at = (line.len() - 1) / 2;
    let (a, b) = (line[at], line[at + 1]);
    Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    }
}

/// Restricted ways outside every closed compound: those that hang together share a zone.
pub(super) fn zone_restricted_ways(Zoned { nodes, edges, zones, .. }: &mut Zoned<'_>) {
    let mut union = UnionFind::<u32>::new(nodes.len());
    let outside = |edge: &Edge| edge.has(EdgeFlags::RESTRICTED) && edge.zone.is_public();
    for edge in edges.iter().filter(|edge| outside(edge)) {
        union.union(edge.from.0, edge.to.0);
    }
    let mut zone_of: BTreeMap<u32, ZoneId> = BTreeMap::new();
    for edge in edges.iter_mut().filter(|edge| outside(edge)) {
        let zone = zone_of.entry(union.find(edge.from.0)).or_insert_with(|| {
            zones.push(Zone::new(None, Zone::RESTRICTED_WAYS));
            ZoneId(zones.len() as u32 - 1)
        });
        edge.zone = *zone;
    }
}

/// Public ways that hang together with the rest only through locked gates are a zone as well: who starts or
/// ends behind the gate passes it. The longest piece of each part of the network stays public.
pub(super) fn zone_behind_locked_gates(Zoned { nodes, shut, edges, zones }: &mut Zoned<'_>) {
    let is_shut = |node: NodeId| shut.get(node.index()).copied().unwrap_or(false);
    let locked = |node: NodeId| nodes[node.index()].flags.contains(NodeFlags::RESTRICTED) || is_shut(node);
    if !(0..nodes.len() as u32).map(NodeId).any(locked) {
        return;
    }
    let public: Vec<usize> = (0..edges.len()).filter(|edge| edges[*edge].zone.is_public()).collect();
    // Pieces are sets of edges: a locked gate is an end of every edge at it, and joins none.
    let mut union = UnionFind::<usize>::new(edges.len());
    let mut first_at = vec![usize::MAX; nodes.len()];
    for edge in &public {
        for end in [edges[*edge].from, edges[*edge].to].into_iter().filter(|end| !locked(*end)) {
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
        let row = &edges[*edge];
        lengths[union.find_mut(*edge)] += u64::from(row.length_mm);
        if locked(row.from) || locked(row.to) {
            gated.insert(union.find(*edge));
        }
    }
    let mut longest: BTreeMap<ComponentId, (u64, usize)> = BTreeMap::new();
    for (piece, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        let part = nodes[edges[piece].from.index()].component;
        let known = longest.entry(part).or_insert((*length, piece));
        *known = (*known).max((*length, piece));
    }
    let kept: BTreeSet<usize> = longest.into_values().map(|(_, piece)| piece).collect();
    let mut zone_of: BTreeMap<usize, ZoneId> = BTreeMap::new();
    for edge in public {
        let piece = union.find(edge);
        if gated.contains(&piece) && !kept.contains(&piece) {
            edges[edge].zone = *zone_of.entry(piece).or_insert_with(|| {
                zones.push(Zone::new(None, Zone::BEHIND_GATES));
                ZoneId(zones.len() as u32 - 1)
            });
        }
    }
}
