//! The ways and obstacles near many neighbouring places, found once for all of them.

use crate::ground::Ground;
use circle_model::city::EdgeFlags;
use circle_model::coordinates::Bounds;
use circle_model::plane::{self, Xy};
use circle_model::{EdgeId, Frame, Point};

/// A street segment that legs may lead to, in the frame of the place.
pub(crate) struct Candidate {
    pub(crate) edge: EdgeId,
    /// Where it begins on its edge.
    pub(crate) offset_mm: f64,
    pub(crate) a: Xy,
    pub(crate) b: Xy,
    /// Metres from the place.
    pub(crate) distance: f64,
}

impl Candidate {
    /// The place of the segment that lies `slid` metres beyond the foot of the perpendicular.
    pub(crate) fn place(&self, slid: f64) -> Xy {
        let (dx, dy) = (self.b[0] - self.a[0], self.b[1] - self.a[1]);
        let length = (dx * dx + dy * dy).sqrt();
        if length > 0.0 {
            let share = plane::foot(self.a, self.b) + slid / length;
            plane::along(self.a, self.b, share.clamp(0.0, 1.0))
        } else {
            self.a
        }
    }
}

/// Sorts candidates by distance; ties go to the first edge and offset.
pub(crate) fn sort_by_distance(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by(|x, y| {
        let along = || x.offset_mm.total_cmp(&y.offset_mm);
        x.distance.total_cmp(&y.distance).then(x.edge.cmp(&y.edge)).then_with(along)
    });
}

/// Whether an edge is on a bridge or in a tunnel.
pub(crate) fn is_raised(ground: &Ground, edge: EdgeId) -> bool {
    let edge = ground.edge(edge);
    edge.has(EdgeFlags::BRIDGE) || edge.has(EdgeFlags::TUNNEL)
}

/// The ways and obstacles that legs from the places of an area may meet.
pub(crate) struct Surroundings {
    frame: Frame,
    ways: Vec<Listed>,
    /// No obstacle lies within the length of the longest leg.
    pub(crate) open: bool,
    /// A place of the area may lie in a compound.
    pub(crate) homes: bool,
}

/// A street segment in the frame of its [`Surroundings`].
struct Listed {
    edge: EdgeId,
    offset_mm: f64,
    a: Xy,
    b: Xy,
    raised: bool,
}

impl Surroundings {
    pub(crate) fn of(ground: &Ground, area: &Bounds) -> Self {
        let reach = ground.limits.longest_metres;
        let frame = Frame::at(area.centre());
        let mut ways = Vec::new();
        let (low, high) = area.diagonal();
        ground.streets.grid.visit_near(low, high, reach, |segment| {
            let (edge, offset) = ground.streets.segment(segment.id);
            if !ground.is_on_island(edge) {
                ways.push(Listed {
                    edge,
                    offset_mm: f64::from(offset.0),
                    a: frame.local(segment.a),
                    b: frame.local(segment.b),
                    raised: is_raised(ground, edge),
                });
            }
            true
        });
        let open = ground.obstacles.none_near(area, reach);
        Self { frame, ways, open, homes: ground.outlines.any_near(area) }
    }

    /// The segments within `reach` metres of a place, by distance.
    pub(crate) fn ways_near(&self, ground: &Ground, point: Point, reach: f64) -> Vec<Candidate> {
        let [x, y] = self.frame.local(point);
        let from_point = |corner: Xy| [corner[0] - x, corner[1] - y];
        let candidate = |way: &Listed| {
            let (a, b) = (from_point(way.a), from_point(way.b));
            let distance = plane::distance(a, b);
            let reach = if way.raised { reach.min(ground.limits.on_bridge_metres) } else { reach };
            (distance <= reach).then_some(Candidate {
                edge: way.edge,
                offset_mm: way.offset_mm,
                a,
                b,
                distance,
            })
        };
        let mut near: Vec<Candidate> = self.ways.iter().filter_map(candidate).collect();
        sort_by_distance(&mut near);
        near
    }
}
