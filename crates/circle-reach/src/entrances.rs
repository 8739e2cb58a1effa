//! The access legs of all facilities, sorted by the nodes that walks to them come from.

use crate::access::{Leg, Legs};
use crate::graph::GraphNode;
use crate::network::Network;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{FacilityId, Point};
use rayon::prelude::*;
use std::sync::Arc;

/// One way into a facility from one node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entrance {
    /// Row in the city's access points.
    pub(crate) access: u32,
    pub(crate) leg: Leg,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Entrances {
    /// Where each node's entrances begin, one more at the end.
    starts: Vec<u32>,
    entrances: Vec<Entrance>,
    /// The facility of every access point.
    pub(crate) facility: Vec<u32>,
    /// The legs of every access point.
    pub(crate) legs: Arc<[Legs]>,
    /// Access points that have a leg on each edge, ascending by edge.
    on_edges: Vec<(u32, Entrance)>,
    places: SegmentGrid,
}

impl Entrances {
    pub(crate) fn build(network: &Network) -> Self {
        let city = &network.city;
        let points: Vec<Point> = city.access_points().iter().map(|access| access.point).collect();
        let mut facility = vec![0; points.len()];
        for (number, row) in (0u32..).zip(city.facilities()) {
            facility[row.access.range()].fill(number);
        }
        // Nobody walks to a facility that is closed at the time asked for.
        let closed = |access: usize| city.facility_is_shut(FacilityId(facility[access]));
        let legs: Vec<Legs> = (0..points.len())
            .into_par_iter()
            .map(|access| if closed(access) { Legs::default() } else { network.access_legs(access) })
            .collect();
        let mut by_node: Vec<(GraphNode, Entrance)> = Vec::new();
        let mut on_edges: Vec<(u32, Entrance)> = Vec::new();
        for (access, legs) in (0u32..).zip(&legs) {
            for leg in &legs.legs {
                let entrance = Entrance { access, leg: *leg };
                arrivals(network, leg).into_iter().flatten().for_each(|node| by_node.push((node, entrance)));
                on_edges.push((leg.edge, entrance));
            }
        }
        by_node.sort_by_key(|(node, _)| *node);
        on_edges.sort_by_key(|(edge, _)| *edge);
        let mut starts = vec![0u32; network.graph.len() + 1];
        for (node, _) in &by_node {
            starts[*node as usize + 1] += 1;
        }
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        Self {
            starts,
            entrances: by_node.into_iter().map(|(_, entrance)| entrance).collect(),
            facility,
            legs: legs.into(),
            on_edges,
            places: SegmentGrid::build(points.iter().map(|point| (*point, *point)), 50.0),
        }
    }

    /// Entrances that a walk comes to from a node.
    #[inline]
    pub(crate) fn at(&self, node: GraphNode) -> &[Entrance] {
        &self.entrances[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// Entrances with a leg on an edge.
    pub(crate) fn on_edge(&self, edge: u32) -> impl Iterator<Item = &Entrance> {
        let start = self.on_edges.partition_point(|(other, _)| *other < edge);
        self.on_edges[start..]
            .iter()
            .take_while(move |(other, _)| *other == edge)
            .map(|(_, entrance)| entrance)
    }

    /// Access points within `metres` of a place, by row.
    pub(crate) fn near(&self, point: Point, metres: f64) -> Vec<u32> {
        let mut found = Vec::new();
        self.places.visit(&widened(&Bounds::of([point]), metres), |entry| {
            found.push(entry.id);
            true
        });
        found.sort_unstable();
        found
    }
}

/// The nodes that a walk comes from to a leg: at the end the leg is best for, if the edge may be walked that way.
/// The edges of a zone that the place is not in are only left, by walks that began there.
pub(crate) fn arrivals(network: &Network, leg: &Leg) -> [Option<GraphNode>; 2] {
    use circle_model::city::EdgeFlags;
    let edge = &network.city.edges()[leg.edge as usize];
    let end = usize::from(leg.end);
    let against = if end == 0 { EdgeFlags::NOT_FORWARD } else { EdgeFlags::NOT_BACKWARD };
    if edge.has(against) {
        return [None; 2];
    }
    let (entering, leaving) = (network.graph.entering(leg.edge)[end], network.graph.leaving(leg.edge)[end]);
    [Some(leaving), (leg.own && entering != leaving).then_some(entering)]
}

/// The nodes that a walk goes to from a leg. The edges of a zone that the place is not in are only entered.
pub(crate) fn departures(network: &Network, leg: &Leg) -> [Option<GraphNode>; 2] {
    use circle_model::city::EdgeFlags;
    let edge = &network.city.edges()[leg.edge as usize];
    let end = usize::from(leg.end);
    let against = if end == 0 { EdgeFlags::NOT_BACKWARD } else { EdgeFlags::NOT_FORWARD };
    if edge.has(against) {
        return [None; 2];
    }
    let (entering, leaving) = (network.graph.entering(leg.edge)[end], network.graph.leaving(leg.edge)[end]);
    [Some(entering), (leg.own && entering != leaving).then_some(leaving)]
}
