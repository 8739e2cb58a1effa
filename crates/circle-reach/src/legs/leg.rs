//! Legs, and the choice of the best ones.

use crate::ground::Ground;
use circle_model::{EdgeId, Millimetres};

/// A straight leg to a place on an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// The edge.
    pub edge: EdgeId,
    /// Where on it, from its `from` end.
    pub offset: Millimetres,
    /// Length of the leg.
    pub length: Millimetres,
    /// The end of the edge that the leg is best for going on to: 0 for `from`, 1 for `to`.
    pub end: u8,
    /// The edge is public or of a zone that the place is in.
    pub own: bool,
}

/// All legs of a place.
#[derive(Debug, Clone, Default)]
pub struct Legs {
    /// At most two for an edge.
    pub legs: Vec<Leg>,
    /// Longest leg that the place may have, in metres; 0 off the network.
    pub limit_metres: f64,
    /// Buildings hide every way, so they were not counted as obstacles.
    pub through_buildings: bool,
    /// The place is within 5 m of a way of class tertiary or above.
    pub on_major: bool,
}

/// The best leg so far for each edge and end.
#[derive(Default)]
pub(crate) struct BestLegs(pub(crate) Vec<Leg>);

impl BestLegs {
    /// Weighted millimetres from the place to the edge's end: the leg times its factor, then the edge.
    fn cost(ground: &Ground, leg: &Leg) -> f64 {
        let length = ground.edge(leg.edge).length_mm;
        let rest = if leg.end == 0 { leg.offset.0 } else { length - leg.offset.0 };
        f64::from(leg.length.0) * ground.limits.off_network_factor + f64::from(rest)
    }

    /// Whether a leg is better than the known one for its edge and end.
    pub(crate) fn is_improved_by(&self, ground: &Ground, leg: Leg) -> bool {
        let same = self.0.iter().find(|other| other.edge == leg.edge && other.end == leg.end);
        same.is_none_or(|other| Self::cost(ground, &leg) < Self::cost(ground, other))
    }

    /// Adds a leg, which must be an improvement ([`BestLegs::is_improved_by`]).
    pub(crate) fn add(&mut self, ground: &Ground, leg: Leg) {
        debug_assert!(self.is_improved_by(ground, leg));
        match self.0.iter_mut().find(|other| other.edge == leg.edge && other.end == leg.end) {
            Some(other) => *other = leg,
            None => self.0.push(leg),
        }
    }
}
