//! A place that legs start at: which ways it sees, and the best legs to each.

use crate::ground::Ground;
use crate::ground::obstacles::Viewer;
use crate::ground::units::rounded;
use crate::legs::leg::{BestLegs, Leg};
use crate::legs::surroundings::{Candidate, Surroundings, is_raised, sort_by_distance};
use circle_model::plane;
use circle_model::{EdgeId, Frame, Millimetres, Point};

/// First radius that is searched for ways: enough for the legs of a place that sees a way within 16 m.
const FIRST_RADIUS_METRES: f64 = 34.0;
/// Multiples of the slide along a way that are tried if both the foot of the perpendicular and the best place
/// are hidden.
const WIDER: [f64; 2] = [2.2, 4.5];
/// Precision of the place where a corner begins to hide a way.
const CORNER_METRES: f64 = 0.05;

/// A place that legs start at.
pub(crate) struct Viewpoint<'a> {
    pub(crate) ground: &'a Ground,
    pub(crate) point: Point,
    /// The plane around the place.
    pub(crate) frame: Frame,
    /// The surroundings of an area that contains the place, if they are known.
    pub(crate) around: Option<&'a Surroundings>,
}

impl<'a> Viewpoint<'a> {
    pub(crate) fn new(ground: &'a Ground, point: Point, around: Option<&'a Surroundings>) -> Self {
        Self { ground, point, frame: Frame::at(point), around }
    }

    /// The segments that legs may lead to, by distance, and distance and edge of the nearest one that is
    /// seen. Buildings stop counting for `viewer` if they hide every way.
    ///
    /// Most places lie close to a way, so a small radius is searched before the largest.
    pub(crate) fn nearest_seen(&self, viewer: &mut Viewer) -> (Vec<Candidate>, Option<(f64, EdgeId)>) {
        let limits = &self.ground.limits;
        let seen = |near: &[Candidate], viewer: &Viewer| self.first_seen(near, limits.longest_metres, viewer);
        let near = self.ways_near(FIRST_RADIUS_METRES);
        if let Some(nearest) = seen(&near, viewer).filter(|(metres, _)| *metres <= FIRST_RADIUS_METRES) {
            let limit = limits.longest_from(nearest.0);
            let near = if limit <= FIRST_RADIUS_METRES { near } else { self.ways_near(limit) };
            return (near, Some(nearest));
        }
        let near = self.ways_near(limits.longest_metres);
        let mut nearest = seen(&near, viewer);
        if nearest.is_none() && !near.is_empty() {
            viewer.through_buildings = true;
            nearest = seen(&near, viewer);
        }
        (near, nearest)
    }

    /// Distance and edge of the nearest place, within `farthest` metres, that is seen on any of the segments.
    /// `near` is sorted by distance.
    pub(crate) fn first_seen(
        &self,
        near: &[Candidate],
        farthest: f64,
        viewer: &Viewer,
    ) -> Option<(f64, EdgeId)> {
        let Self { ground, frame, point, .. } = self;
        let mut best: Option<(f64, EdgeId)> = None;
        for it in near {
            if best.is_some_and(|(distance, _)| distance <= it.distance) {
                break;
            }
            // The foot of the perpendicular may be hidden where the way beside it is not.
            let slide = ground.limits.slide() * it.distance;
            let wider = WIDER.iter().flat_map(|wider| [-wider * slide, wider * slide]);
            let seen = [0.0, -slide, slide]
                .into_iter()
                .chain(wider)
                .map(|slid| it.place(slid))
                .filter(|q| plane::norm(*q) <= farthest)
                .find(|q| ground.obstacles.sees(&ground.city, frame, *point, frame.point(*q), viewer));
            if let Some(distance) = seen.map(plane::norm)
                && best.is_none_or(|(least, _)| distance < least)
            {
                best = Some((distance, it.edge));
            }
        }
        best
    }

    /// The segments within `reach` metres that legs may lead to, by distance.
    pub(crate) fn ways_near(&self, reach: f64) -> Vec<Candidate> {
        match self.around {
            // Surroundings contain the ways up to the longest leg.
            Some(around) if reach <= self.ground.limits.longest_metres => {
                around.ways_near(self.ground, self.point, reach)
            }
            _ => self.ways_of_ground(reach),
        }
    }

    fn ways_of_ground(&self, reach: f64) -> Vec<Candidate> {
        let streets = &self.ground.streets;
        let mut near = Vec::new();
        streets.grid.visit_near(self.point, self.point, reach, |segment| {
            let (a, b) = (self.frame.local(segment.a), self.frame.local(segment.b));
            let distance = plane::distance(a, b);
            if distance > reach {
                return true;
            }
            let (edge, offset) = streets.segment(segment.id);
            if self.may_lead_to(edge, distance) {
                near.push(Candidate { edge, offset_mm: f64::from(offset.0), a, b, distance });
            }
            true
        });
        sort_by_distance(&mut near);
        near
    }

    /// Legs lead to a bridge or tunnel only from places on it, and never to small islands.
    fn may_lead_to(&self, edge: EdgeId, distance: f64) -> bool {
        let ground = self.ground;
        (!is_raised(ground, edge) || distance <= ground.limits.on_bridge_metres) && !ground.is_on_island(edge)
    }

    /// Adds the best legs to one segment, one for each end of its edge. A leg slides along the edge as far as
    /// that shortens the walk.
    pub(crate) fn add_legs(&self, it: &Candidate, limit: f64, viewer: &Viewer, best_legs: &mut BestLegs) {
        let Self { ground, frame, point, .. } = self;
        let (dx, dy) = (it.b[0] - it.a[0], it.b[1] - it.a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        let (foot, height) = if length > 0.0 {
            let foot = -(it.a[0] * dx + it.a[1] * dy) / length;
            (foot, ((it.a[0] * dy - it.a[1] * dx) / length).abs())
        } else {
            (0.0, plane::norm(it.a))
        };
        let most = (limit * limit - height * height).max(0.0).sqrt();
        for end in [0u8, 1] {
            let slide = ground.limits.slide() * height;
            let slid = foot + if end == 0 { -slide } else { slide };
            let [best, near] =
                [slid.clamp(foot - most, foot + most).clamp(0.0, length), foot.clamp(0.0, length)];
            let leg = |at: f64| {
                let q = if length > 0.0 { plane::along(it.a, it.b, at / length) } else { it.a };
                let offset_mm = rounded(it.offset_mm + at * 1000.0);
                let leg = Leg {
                    edge: it.edge,
                    offset: Millimetres(offset_mm.min(ground.edge(it.edge).length_mm)),
                    length: Millimetres(rounded(plane::norm(q) * 1000.0)),
                    end,
                    own: true,
                };
                (leg, q)
            };
            if !best_legs.is_improved_by(ground, leg(best).0) {
                continue;
            }
            let mut add = |at: f64| {
                let (leg, q) = leg(at);
                let sees = ground.obstacles.sees(&ground.city, frame, *point, frame.point(q), viewer);
                if sees && best_legs.is_improved_by(ground, leg) {
                    best_legs.add(ground, leg);
                }
                sees
            };
            if add(best) {
                continue;
            }
            // The best place is hidden: bisect towards it from the foot or, past a corner, from beyond.
            let beyond =
                WIDER.iter().map(|wider| (foot + (slid - foot) * wider).clamp(foot - most, foot + most));
            let Some(shown) =
                std::iter::once(near).chain(beyond.map(|at| at.clamp(0.0, length))).find(|at| add(*at))
            else {
                continue;
            };
            let (mut shown, mut hidden) = (shown, best);
            while (shown - hidden).abs() > CORNER_METRES {
                let middle = f64::midpoint(shown, hidden);
                if add(middle) { shown = middle } else { hidden = middle }
            }
        }
    }
}
