//! A walker: a profile on a ground. Times of legs and stretches, and the last steps of walks.

use crate::cancel::{Cancel, Cancelled};
use crate::ground::Ground;
use crate::ground::numbering::NodeIndex;
use crate::ground::obstacles::Viewer;
use crate::ground::units::{IMPASSABLE, rounded};
use crate::ground::weights::{Weights, edge_end_time, edge_time};
use crate::legs::ends::{arrivals, departures};
use crate::legs::leg::{Leg, Legs};
use crate::walk::search::{Search, Seed};
use crate::walk::starts::{Start, StartIndex};
use circle_model::city::EdgeFlags;
use circle_model::{Frame, Millimetres, Milliseconds, Point, Profile};

/// A profile that walks on a ground.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walker<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) profile: &'a Profile,
    /// Ends long computations early.
    pub(crate) cancel: &'a Cancel,
}

/// A walk to a place. Walks compare by time, then length, then start, then legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival {
    pub(crate) time: Milliseconds,
    pub(crate) length: Millimetres,
    pub(crate) start: StartIndex,
    pub(crate) from_access: Millimetres,
    pub(crate) to_access: Millimetres,
}

/// Where a straight walk ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StraightEnd {
    pub(crate) point: Point,
    /// Longest leg that the place may have, in metres.
    pub(crate) limit_metres: f64,
    /// The place is on a way of class tertiary or above.
    pub(crate) on_major: bool,
}

impl StraightEnd {
    pub(crate) fn of(point: Point, legs: &Legs) -> Self {
        Self { point, limit_metres: legs.limit_metres, on_major: legs.on_major }
    }
}

/// The label of the seed for a leg of a start, both by position.
const fn seed_label(start: StartIndex, leg: u32) -> u32 {
    start.0 << LEG_BITS | leg
}

/// Bits of a seed's label for the position of the leg.
const LEG_BITS: u32 = 16;

/// The positions of start and leg in a seed's label.
#[inline]
pub(crate) const fn start_and_leg(label: u32) -> (StartIndex, usize) {
    (StartIndex(label >> LEG_BITS), (label & ((1 << LEG_BITS) - 1)) as usize)
}

impl Walker<'_> {
    /// Searches from all starts; [`start_and_leg`] reads the label of a seed. `weights` are those of the
    /// ground's graph.
    pub(crate) fn search(
        &self,
        search: &mut Search,
        weights: &Weights,
        starts: &[Start<'_>],
        limit: Milliseconds,
    ) -> Result<(), Cancelled> {
        let mut seeds = Vec::new();
        for (start, legs) in (0u32..).map(StartIndex).zip(starts) {
            for (number, leg) in (0u32..).zip(&legs.legs.legs).take(1 << LEG_BITS) {
                let (along, time) = self.onward(leg);
                for node in departures(self.ground, leg).into_iter().flatten() {
                    seeds.push(Seed {
                        node,
                        time: self.leg_time(leg.length) + time,
                        length: leg.length + along,
                        label: seed_label(start, number),
                    });
                }
            }
        }
        search.run(&self.ground.graph, weights, &seeds, limit, self.cancel)
    }

    /// Length and time from a leg's place on its edge to the end that it is best for, with the wait there;
    /// [`IMPASSABLE`] where the profile cannot pass.
    #[inline]
    pub(crate) fn onward(&self, leg: &Leg) -> (Millimetres, Milliseconds) {
        self.along(leg, leg.end == 0)
    }

    /// As [`Walker::onward`], in the other direction: from that end to the leg's place.
    #[inline]
    pub(crate) fn inward(&self, leg: &Leg) -> (Millimetres, Milliseconds) {
        self.along(leg, leg.end == 1)
    }

    #[inline]
    fn along(&self, leg: &Leg, against: bool) -> (Millimetres, Milliseconds) {
        let edge = self.ground.edge(leg.edge);
        let along = if leg.end == 0 { leg.offset.0 } else { edge.length_mm - leg.offset.0 };
        let along = Millimetres(along);
        let end = edge_end_time(edge, usize::from(leg.end), &self.profile.pace);
        let time = edge_time(&self.ground.city, leg.edge, against, along, &self.profile.pace);
        (along, time + end)
    }

    /// Time for a leg over open ground, at the profile's speed and the ground's factor.
    #[inline]
    pub(crate) fn leg_time(&self, length: Millimetres) -> Milliseconds {
        let milliseconds = f64::from(length.0) * self.ground.limits.off_network_factor;
        Milliseconds(rounded(milliseconds / self.profile.pace.speed.value()))
    }

    /// The highest speed anywhere on the ground, in metres a second.
    pub(crate) fn fastest(&self) -> f64 {
        self.ground.fastest(&self.profile.pace)
    }

    /// The best walk to a place by its legs, after [`Walker::search`].
    pub(crate) fn arrive(&self, search: &Search, starts: &[Start<'_>], legs: &Legs) -> Option<Arrival> {
        let mut best: Option<Arrival> = None;
        for leg in &legs.legs {
            for node in arrivals(self.ground, leg).into_iter().flatten() {
                best = earlier(best, self.arrive_from(search, starts, leg, node));
            }
        }
        best
    }

    /// The walk that arrives at a leg from one node, after [`Walker::search`].
    #[inline]
    pub(crate) fn arrive_from(
        &self,
        search: &Search,
        starts: &[Start<'_>],
        leg: &Leg,
        node: NodeIndex,
    ) -> Option<Arrival> {
        let label = search.label(node)?;
        let (along, time) = self.inward(leg);
        let (start, first) = start_and_leg(label.seed);
        let time = label.time + time + self.leg_time(leg.length);
        (time != IMPASSABLE).then(|| Arrival {
            time,
            length: label.length + along + leg.length,
            start,
            from_access: starts[start.index()].legs.legs[first].length,
            to_access: leg.length,
        })
    }

    /// The walk along the one edge that two places both have a leg to; `None` if the legs lead to different
    /// edges or the edge may not be walked that way.
    pub(crate) fn arrive_on_edge(&self, start: StartIndex, from: &Leg, to: &Leg) -> Option<Arrival> {
        let edge = self.ground.edge(from.edge);
        // A walk between two places outside of a zone does not use the zone's ways.
        if from.edge != to.edge || !(from.own || to.own) {
            return None;
        }
        let against = to.offset < from.offset;
        let forbids = if against { EdgeFlags::NOT_BACKWARD } else { EdgeFlags::NOT_FORWARD };
        if edge.has(forbids) && to.offset != from.offset {
            return None;
        }
        let along = Millimetres(to.offset.0.abs_diff(from.offset.0));
        let time = edge_time(&self.ground.city, from.edge, against, along, &self.profile.pace)
            + self.leg_time(from.length)
            + self.leg_time(to.length);
        (time != IMPASSABLE).then(|| Arrival {
            time,
            length: from.length + along + to.length,
            start,
            from_access: from.length,
            to_access: to.length,
        })
    }

    /// The straight walk between two places that see each other within the longer of their limits. `number`
    /// is the position of the start.
    pub(crate) fn arrive_straight(
        &self,
        number: StartIndex,
        start: &Start<'_>,
        end: StraightEnd,
    ) -> Option<Arrival> {
        let (ground, to) = (self.ground, end.point);
        if start.point == to {
            let (time, none) = (Milliseconds(0), Millimetres(0));
            return Some(Arrival { time, length: none, start: number, from_access: none, to_access: none });
        }
        if start.legs.on_major && end.on_major {
            return None;
        }
        let limit = start.legs.limit_metres.max(end.limit_metres);
        let frame = Frame::at(start.point);
        let [x, y] = frame.local(to);
        let metres = x.hypot(y);
        if metres > limit {
            return None;
        }
        let mut buildings = ground.obstacles.buildings_at(&ground.city, start.point);
        buildings.extend(ground.obstacles.buildings_at(&ground.city, to));
        let viewer = Viewer { buildings, ..Viewer::default() };
        if !ground.obstacles.sees(&ground.city, &frame, start.point, to, &viewer) {
            return None;
        }
        let length = Millimetres((metres * 1000.0).round() as u32);
        Some(Arrival {
            time: self.leg_time(length),
            length,
            start: number,
            from_access: length,
            to_access: Millimetres(0),
        })
    }
}

/// The better of two walks.
#[inline]
pub(crate) fn earlier(a: Option<Arrival>, b: Option<Arrival>) -> Option<Arrival> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
