//! Weights: times and lengths of a graph's arcs under a pace.

use crate::ground::graph::{Graph, GraphArc};
use crate::ground::numbering::NodeIndex;
use crate::ground::units::{IMPASSABLE, packed, rounded};
use circle_model::city::{Edge, EdgeEndFlags, EdgeFlags};
use circle_model::{City, EdgeId, Millimetres, Milliseconds, Pace};

/// Times and lengths of a graph's arcs under a pace, each rounded once, in the order of the arcs.
#[derive(Debug)]
pub struct Weights(Vec<Step>);

/// An arc as a search sees it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The node that it leads to.
    pub to: NodeIndex,
    /// [`IMPASSABLE`] where it cannot be passed.
    pub(crate) time: Milliseconds,
    /// Its length.
    pub length: Millimetres,
}

impl Step {
    /// Its walking time; `None` where the pace cannot pass it.
    #[inline]
    pub fn time(&self) -> Option<Milliseconds> {
        (self.time != IMPASSABLE).then_some(self.time)
    }

    /// Time and length as one number.
    #[inline]
    pub(crate) const fn packed(&self) -> u64 {
        packed(self.time, self.length)
    }
}

impl Weights {
    pub(crate) fn new(city: &City, graph: &Graph, pace: &Pace) -> Self {
        let step = |arc: &GraphArc| {
            let Some(id) = arc.edge() else {
                return Step { to: arc.to, time: Milliseconds(0), length: Millimetres(0) };
            };
            let edge = &city.edges()[id.index()];
            let length = Millimetres(edge.length_mm);
            let ends = [0, 1].map(|end| edge_end_time(edge, end, pace));
            let time = edge_time(city, id, arc.against, length, pace) + (ends[0] + ends[1]);
            Step { to: arc.to, time, length }
        };
        Self(graph.arcs().iter().map(step).collect())
    }

    /// The steps at positions of arcs ([`Graph::row`]).
    #[inline]
    pub fn steps(&self, positions: std::ops::Range<usize>) -> &[Step] {
        &self.0[positions]
    }
}

/// Time for a part of an edge, walked along or `against` its direction, without the waits at its ends;
/// [`IMPASSABLE`] where the pace cannot pass it.
#[inline]
pub(crate) fn edge_time(
    city: &City,
    edge: EdgeId,
    against: bool,
    length: Millimetres,
    pace: &Pace,
) -> Milliseconds {
    let factor = time_factor(city, edge, against, pace);
    if factor.is_infinite() {
        return IMPASSABLE;
    }
    Milliseconds(rounded(f64::from(length.0) * factor / pace.speed.value()))
}

/// The time on an edge as a multiple of the time on the flat; infinite where it cannot be passed. Steps take
/// the profile's factor, whatever their slope.
#[inline]
fn time_factor(city: &City, edge: EdgeId, against: bool, pace: &Pace) -> f64 {
    if city.edges()[edge.index()].has(EdgeFlags::STEPS) {
        return pace.stairs_factor;
    }
    let slope = city.slope(edge);
    if slope.steepest() > pace.max_grade { f64::INFINITY } else { slope.time_factor(against) }
}

/// Wait at one end of an edge (0 for `from`, 1 for `to`): half of the wait there, the other half is the next
/// edge's.
#[inline]
pub(crate) fn edge_end_time(edge: &Edge, end: usize, pace: &Pace) -> Milliseconds {
    passing_time(edge.end(end), pace)
}

/// Half of the wait for the barriers and crossings in `passed`; [`IMPASSABLE`] where the pace cannot pass.
#[inline]
pub(crate) fn passing_time(passed: EdgeEndFlags, pace: &Pace) -> Milliseconds {
    if passed.is_empty() {
        return Milliseconds(0);
    }
    if passed.intersects(pace.impassable) {
        return IMPASSABLE;
    }
    let crossing = if passed.contains(EdgeEndFlags::SIGNALS) {
        pace.signal.0
    } else if passed.contains(EdgeEndFlags::CROSSING) {
        pace.unsignalised.0
    } else {
        0
    };
    let bridge = if passed.contains(EdgeEndFlags::UP_TO_BRIDGE) { pace.footbridge_extra.0 } else { 0 };
    let gate = if passed.contains(EdgeEndFlags::GATE) { pace.gate.0 } else { 0 };
    let lift = if passed.contains(EdgeEndFlags::LIFT) { pace.lift.0 } else { 0 };
    Milliseconds(crossing / 2 + bridge / 2 + gate / 2 + lift / 2)
}
