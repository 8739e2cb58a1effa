//! Where walks start: a place, a gate, or the gates of a compound.

use crate::ground::Ground;
use crate::legs::access::legs_at;
use crate::legs::interior::GateLegs;
use crate::legs::leg::Legs;
use circle_model::{City, CompoundId, FacilityId, GateId, Point};
use std::borrow::Cow;

/// Where a walk starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Any place on the map.
    Place(Point),
    /// All gates of a compound; the walk from the nearest counts.
    Compound(CompoundId),
    /// One gate of a compound, as its residents leave by it.
    Gate(GateId),
}

impl From<Point> for Origin {
    fn from(place: Point) -> Self {
        Self::Place(place)
    }
}

impl Origin {
    /// Whether a facility serves walkers from here. A facility that serves one closed compound alone serves
    /// only origins in that compound.
    pub(crate) fn is_served_by(self, city: &City, facility: FacilityId) -> bool {
        match self {
            Self::Place(point) => city.serves_at(facility, point),
            Self::Compound(compound) => city.serves(facility, compound),
            Self::Gate(gate) => city.serves(facility, city.gates()[gate.index()].compound),
        }
    }
}

/// One place that a walk starts at: a place of the map, or one gate.
#[derive(Debug, Clone)]
pub(crate) struct Start<'a> {
    pub(crate) point: Point,
    pub(crate) legs: Cow<'a, Legs>,
    pub(crate) gate: Option<GateId>,
}

/// The position of a start in a list of starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(transparent)]
pub(crate) struct StartIndex(pub(crate) u32);

impl StartIndex {
    /// The position as an index.
    #[inline]
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The places where walks from an origin start; empty if it is off the network.
pub(crate) fn starts<'a>(ground: &Ground, gate_legs: &'a dyn GateLegs, origin: Origin) -> Vec<Start<'a>> {
    let start_at = |gate: GateId| Start {
        point: ground.city.gates()[gate.index()].point,
        legs: Cow::Borrowed(gate_legs.of_gate(gate)),
        gate: Some(gate),
    };
    let mut starts: Vec<Start<'a>> = match origin {
        Origin::Place(point) => {
            vec![Start { point, legs: Cow::Owned(legs_at(ground, gate_legs, point)), gate: None }]
        }
        Origin::Gate(gate) => vec![start_at(gate)],
        Origin::Compound(compound) => ground.open_gates(compound).map(start_at).collect(),
    };
    starts.retain(|start| !start.legs.legs.is_empty());
    starts
}

/// Whether buildings hide every way from all of the starts, so that they were not counted as obstacles.
pub(crate) fn are_through_buildings(starts: &[Start<'_>]) -> bool {
    !starts.is_empty() && starts.iter().all(|start| start.legs.through_buildings)
}
