//! The access legs of all facilities, by the nodes from which walks arrive.

use crate::ground::Ground;
use crate::ground::numbering::NodeIndex;
use crate::legs::ends::arrivals;
use crate::legs::leg::{Leg, Legs};
use crate::walk::starts::{Start, StartIndex};
use crate::walk::walker::{Arrival, StraightEnd, Walker};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{EdgeId, FacilityId, Point};
use rayon::prelude::*;
use std::sync::Arc;

/// Side of a cell of the grid of access points.
const CELL_METRES: f64 = 50.0;

/// Row of an access point in the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccessIndex(pub(crate) u32);

impl AccessIndex {
    #[inline]
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One leg of an access point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entrance {
    pub(crate) access: AccessIndex,
    pub(crate) leg: Leg,
}

/// The entrances of all facilities.
#[derive(Debug, Default)]
pub(crate) struct Entrances {
    /// Position in `entrances` of each node's first entrance; the last entry is the count of all.
    starts: Vec<u32>,
    entrances: Vec<Entrance>,
    /// The facility of every access point.
    facility: Vec<FacilityId>,
    /// The legs of every access point.
    legs: Arc<[Legs]>,
    /// Entrances by the edge that they lead to, ascending.
    on_edges: Vec<(EdgeId, Entrance)>,
    places: SegmentGrid,
}

impl Entrances {
    /// `access_legs` finds the legs of an access point.
    pub(crate) fn build(ground: &Ground, access_legs: impl Fn(AccessIndex) -> Legs + Sync) -> Self {
        let city = &ground.city;
        let points: Vec<Point> = city.access_points().iter().map(|access| access.point).collect();
        let mut facility = vec![FacilityId(0); points.len()];
        for (id, row) in (0u32..).map(FacilityId).zip(city.facilities()) {
            facility[row.access.range()].fill(id);
        }
        // No walk leads to a facility that is closed at the city's time of day.
        let legs: Vec<Legs> = (0..points.len() as u32)
            .into_par_iter()
            .map(|access| {
                let is_shut = city.facility_is_shut(facility[access as usize]);
                if is_shut { Legs::default() } else { access_legs(AccessIndex(access)) }
            })
            .collect();
        let mut by_node: Vec<(NodeIndex, Entrance)> = Vec::new();
        let mut on_edges: Vec<(EdgeId, Entrance)> = Vec::new();
        for (access, legs) in (0u32..).map(AccessIndex).zip(&legs) {
            for leg in &legs.legs {
                let entrance = Entrance { access, leg: *leg };
                arrivals(ground, leg).into_iter().flatten().for_each(|node| by_node.push((node, entrance)));
                on_edges.push((leg.edge, entrance));
            }
        }
        by_node.sort_by_key(|(node, _)| *node);
        on_edges.sort_by_key(|(edge, _)| *edge);
        let mut starts = vec![0u32; ground.graph.len() + 1];
        for (node, _) in &by_node {
            starts[node.index() + 1] += 1;
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
            places: SegmentGrid::build(points.iter().map(|point| (*point, *point)), CELL_METRES),
        }
    }

    /// The legs of an access point.
    pub(crate) fn legs(&self, access: AccessIndex) -> &Legs {
        &self.legs[access.index()]
    }

    /// The legs of all access points.
    pub(crate) fn all_legs(&self) -> &Arc<[Legs]> {
        &self.legs
    }

    /// The facility of an access point.
    #[inline]
    pub(crate) fn facility(&self, access: AccessIndex) -> FacilityId {
        self.facility[access.index()]
    }

    /// Entrances at which walks arrive from a node.
    #[inline]
    pub(crate) fn at(&self, node: NodeIndex) -> &[Entrance] {
        &self.entrances[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }

    /// Entrances with a leg on an edge.
    pub(crate) fn on_edge(&self, edge: EdgeId) -> impl Iterator<Item = &Entrance> {
        let start = self.on_edges.partition_point(|(other, _)| *other < edge);
        self.on_edges[start..]
            .iter()
            .take_while(move |(other, _)| *other == edge)
            .map(|(_, entrance)| entrance)
    }

    /// Access points in the box that extends `metres` from a place, ascending.
    pub(crate) fn near(&self, point: Point, metres: f64) -> Vec<AccessIndex> {
        let mut found = Vec::new();
        self.places.visit(&widened(&Bounds::of([point]), metres), |entry| {
            found.push(AccessIndex(entry.id));
            true
        });
        found.sort_unstable();
        found
    }

    /// The straight walk to an access point; `None` if the access point has no legs. `number` is the position
    /// of the start.
    pub(crate) fn arrive_straight(
        &self,
        walker: Walker<'_>,
        number: StartIndex,
        start: &Start<'_>,
        access: AccessIndex,
    ) -> Option<Arrival> {
        let legs = self.legs(access);
        let point = walker.ground.city.access_points()[access.index()].point;
        if legs.legs.is_empty() {
            return None;
        }
        walker.arrive_straight(number, start, StraightEnd::of(point, legs))
    }
}
