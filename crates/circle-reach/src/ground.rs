//! The ground that is walked on: the network, its zones, streets and obstacles. Immutable, without caches.

pub(crate) mod components;
pub(crate) mod graph;
pub(crate) mod horizon;
pub(crate) mod line;
pub(crate) mod numbering;
pub(crate) mod obstacles;
pub(crate) mod outlines;
mod sharing;
pub(crate) mod streets;
pub(crate) mod units;
pub(crate) mod weights;
pub(crate) mod what_if;
pub(crate) mod zones;

use circle_model::city::{Compound, Edge, Slope};
use circle_model::{City, ComponentId, CompoundId, EdgeId, GateId, LegLimits, Pace, Point};
use graph::Graph;
use obstacles::Obstacles;
use outlines::Outlines;
use std::sync::Arc;
use streets::Streets;
use zones::Zones;

/// Everything that legs and walks are computed from, for one edition of a city.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) city: City,
    pub(crate) limits: LegLimits,
    pub(crate) graph: Graph,
    pub(crate) obstacles: Obstacles,
    pub(crate) streets: Arc<Streets>,
    pub(crate) outlines: Outlines,
    pub(crate) zones: Zones,
}

impl Ground {
    pub(crate) fn build(city: &City) -> Self {
        let ((graph, obstacles), streets) = rayon::join(
            || rayon::join(|| Graph::build(city), || Obstacles::build(city)),
            || Streets::build(city),
        );
        Self::of_parts(city, graph, obstacles, Arc::new(streets))
    }

    /// The ground of another edition of the same city. It shares streets and obstacles as far as they are
    /// equal.
    pub(crate) fn variant(&self, city: &City) -> Self {
        let streets = || {
            if Streets::are_equal(&self.city, city) {
                self.streets.clone()
            } else {
                Arc::new(Streets::build(city))
            }
        };
        let obstacles =
            || self.obstacles.of_variant(&self.city, city).unwrap_or_else(|| Obstacles::build(city));
        let ((graph, obstacles), streets) =
            rayon::join(|| rayon::join(|| Graph::build(city), obstacles), streets);
        Self::of_parts(city, graph, obstacles, streets)
    }

    fn of_parts(city: &City, graph: Graph, obstacles: Obstacles, streets: Arc<Streets>) -> Self {
        Self {
            limits: city.conditions().legs,
            graph,
            obstacles,
            streets,
            outlines: Outlines::build(city),
            zones: Zones::build(city),
            city: city.clone(),
        }
    }

    #[inline]
    pub(crate) fn edge(&self, edge: EdgeId) -> &Edge {
        &self.city.edges()[edge.index()]
    }

    pub(crate) fn compound(&self, compound: CompoundId) -> &Compound {
        &self.city.compounds()[compound.index()]
    }

    /// The connected component that an edge is in.
    pub(crate) fn component(&self, edge: EdgeId) -> ComponentId {
        self.city.nodes()[self.edge(edge).from.index()].component
    }

    /// Whether an edge is in a connected component shorter than `island_metres`: no legs lead to it.
    pub(crate) fn is_on_island(&self, edge: EdgeId) -> bool {
        let component = self.component(edge);
        let metres = || f64::from(self.city.component_metres()[component.index()]);
        !component.is_largest() && metres() < self.limits.island_metres
    }

    /// The smallest compound whose outline contains a place.
    pub(crate) fn compound_at(&self, point: Point) -> Option<CompoundId> {
        self.outlines.smallest_at(&self.city, point, |_| true)
    }

    /// The home compounds of a place: the smallest whose outline contains it, and the smallest closed one.
    pub(crate) fn homes_at(&self, point: Point) -> Vec<CompoundId> {
        let is_closed = |compound: &Compound| compound.closed == 1;
        let mut homes: Vec<CompoundId> = self.compound_at(point).into_iter().collect();
        if homes.first().is_some_and(|home| !is_closed(self.compound(*home))) {
            homes.extend(self.outlines.smallest_at(&self.city, point, is_closed));
        }
        homes
    }

    /// The home compounds of a compound's residents: itself and, if it is open, the smallest larger closed
    /// one around it, whose ways lead out.
    pub(crate) fn homes_of_residents(&self, compound: CompoundId) -> Vec<CompoundId> {
        let row = self.compound(compound);
        let is_around =
            |other: &Compound| other.closed == 1 && other.area_square_metres > row.area_square_metres;
        let around =
            if row.closed == 1 { None } else { self.outlines.smallest_at(&self.city, row.point, is_around) };
        std::iter::once(compound).chain(around).collect()
    }

    /// The open gates of a compound; all gates if none is open, because residents must be able to leave.
    pub(crate) fn open_gates(&self, compound: CompoundId) -> impl Iterator<Item = GateId> {
        let gates = self.compound(compound).gates;
        let gates = (gates.start..gates.start + gates.len).map(GateId);
        let all = !gates.clone().any(|gate| !self.city.gate_is_shut(gate));
        gates.filter(move |gate| all || !self.city.gate_is_shut(*gate))
    }

    /// The highest speed at a pace, in metres per second. With slopes it is the speed down a slope of 1 in
    /// 20, where Tobler's function is greatest, computed with the smallest factor that is stored for it.
    pub(crate) fn fastest(&self, pace: &Pace) -> f64 {
        let one = f64::from(Slope::ONE);
        let least = (one / (3.5f64 * 0.05).exp()).floor();
        let downhill = if self.city.slopes().is_empty() { 1.0 } else { one / least };
        pace.speed.value() * downhill
    }
}
