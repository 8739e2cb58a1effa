//! The contents of an explanation.

use crate::walk::times::Walk;
use circle_model::city::EdgeEndFlags;
use circle_model::{CompoundId, FeatureId, GateId, Millimetres, Milliseconds, NodeId, Point};

/// How to walk from one place to another, or why there is no walk.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The walk, as [`times`](fn@crate::times) returns it.
    pub walk: Walk,
    /// Its parts in order; empty unless the walk is `Ok`.
    pub parts: Vec<Part>,
    /// The barriers to shorter walks; empty if they were not requested.
    pub barred: Vec<Barred>,
    /// Whether buildings hide every way from the start and from the end, so that they were not counted there.
    pub through_buildings: [bool; 2],
    /// The gate that the walk leaves by, if it starts at a compound or gate and there is a walk.
    pub gate: Option<GateId>,
    /// The access point that it ends at, if it leads to a facility and there is a walk.
    pub entered_at: Option<Point>,
}

/// A part of a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The kind of ground.
    pub surface: Surface,
    /// Its line, in the direction of the walk.
    pub line: Vec<Point>,
    /// Walking time, waits included.
    pub time: Milliseconds,
    /// Length on the ground, without factors.
    pub length: Millimetres,
    /// The waits on it.
    pub waits: Vec<Wait>,
}

/// The kind of ground that a part of a walk is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Open ground, from the start to the first way or from the last way to the end.
    Leg,
    /// Open ground, from the start straight to the end.
    Straight,
    /// A way; `true` for steps.
    Way(FeatureId, bool),
}

/// A wait, and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    /// Signals, a crossing, a footbridge, a lift or a gate.
    pub what: EdgeEndFlags,
    /// How long it takes.
    pub time: Milliseconds,
    /// Where it is.
    pub at: Point,
}

/// A barrier to a shorter walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Barred {
    /// The barrier.
    pub by: Barrier,
    /// Where the shorter walk meets it.
    pub at: Point,
    /// Time of the shorter walk.
    pub time: Milliseconds,
}

/// A barrier to walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    /// A closed compound that the walk would pass through.
    ClosedCompound(CompoundId),
    /// A way that is closed to the public.
    RestrictedWay(FeatureId),
    /// A locked gate: its junction.
    LockedGate(NodeId),
    /// A wall or fence.
    Wall(FeatureId),
}
