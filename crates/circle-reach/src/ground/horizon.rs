//! The horizon of a place: the directions in which an obstacle hides everything farther away.

use circle_model::plane::{self, Xy};
use std::f64::consts::PI;

/// Safety margin, slightly above the length that legs may touch an obstacle with at either end
/// (`TOUCH_METRES`). Obstacles closer than this to the origin are ignored, and so are the last metres before
/// the horizon's distance.
const MARGIN_METRES: f64 = 0.1;

/// The directions from the origin of a frame in which an obstacle stops every leg longer than `metres`.
#[derive(Debug)]
pub(crate) struct Horizon {
    metres: f64,
    /// Disjoint intervals of angles between −π and π, ascending.
    hidden: Vec<(f64, f64)>,
}

impl Horizon {
    /// The horizon of obstacles (`stops`), as far as they lie within `metres` of the origin.
    pub(crate) fn new(metres: f64, stops: impl Iterator<Item = (Xy, Xy)>) -> Self {
        let mut spans = Vec::new();
        for (a, b) in stops.filter_map(|(a, b)| clipped(a, b, metres - MARGIN_METRES)) {
            let (from, to) = (angle(a), angle(b));
            let (from, to) = (from.min(to), from.max(to));
            if to - from <= PI {
                spans.push((from, to));
            } else {
                spans.extend([(-PI, from), (to, PI)]);
            }
        }
        spans.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
        let mut hidden: Vec<(f64, f64)> = Vec::new();
        for (from, to) in spans {
            match hidden.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => hidden.push((from, to)),
            }
        }
        Self { metres, hidden }
    }

    /// Whether obstacles hide every direction.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.hidden[..], [(from, to)] if from <= -PI && to >= PI)
    }

    /// Whether the obstacles hide all of a segment. `spared`: obstacles in the last `spared` metres of a leg
    /// do not count.
    pub(crate) fn hides(&self, a: Xy, b: Xy, spared: f64) -> bool {
        if plane::distance(a, b) <= self.metres + spared {
            return false;
        }
        let (from, to) = (angle(a), angle(b));
        let (from, to) = (from.min(to), from.max(to));
        if to - from <= PI { self.covers(from, to) } else { self.covers(-PI, from) && self.covers(to, PI) }
    }

    fn covers(&self, from: f64, to: f64) -> bool {
        let after = self.hidden.partition_point(|span| span.0 <= from);
        after > 0 && self.hidden[after - 1].1 >= to
    }
}

fn angle(p: Xy) -> f64 {
    p[1].atan2(p[0])
}

/// The part of a segment within `metres` of the origin; `None` if there is none, or the origin lies on the
/// segment.
fn clipped(a: Xy, b: Xy, metres: f64) -> Option<(Xy, Xy)> {
    let nearest = plane::distance(a, b);
    if nearest <= MARGIN_METRES || nearest >= metres {
        return None;
    }
    if plane::norm(a) <= metres && plane::norm(b) <= metres {
        return Some((a, b));
    }
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let foot = -(a[0] * dx + a[1] * dy) / length2;
    let height = (a[0] * dy - a[1] * dx).powi(2) / length2;
    let half = ((metres * metres - height).max(0.0) / length2).sqrt();
    let end = |share: f64, whole: Xy| {
        if plane::norm(whole) <= metres { whole } else { plane::along(a, b, share.clamp(0.0, 1.0)) }
    };
    Some((end(foot - half, a), end(foot + half, b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Xy; 5] = [[-50.0, -40.0], [50.0, -40.0], [50.0, 40.0], [-50.0, 40.0], [-50.0, -40.0]];

    fn sides(corners: &[Xy]) -> impl Iterator<Item = (Xy, Xy)> {
        corners.windows(2).map(|pair| (pair[0], pair[1]))
    }

    #[test]
    fn four_walls_hide_every_direction_and_three_hide_what_lies_behind_them() {
        assert!(Horizon::new(100.0, sides(&SQUARE)).is_closed());
        assert!(!Horizon::new(60.0, sides(&SQUARE)).is_closed(), "the corners are 64 m away");
        let three = Horizon::new(100.0, sides(&SQUARE[..4]));
        assert!(!three.is_closed());
        assert!(three.hides([300.0, -30.0], [300.0, 30.0], 0.0));
        assert!(three.hides([30.0, 300.0], [300.0, 30.0], 0.0), "behind two of them");
        assert!(!three.hides([-300.0, 1.0], [-300.0, -1.0], 0.0), "across ±π");
        assert!(!three.hides([-30.0, 300.0], [-300.0, 30.0], 0.0), "only one end is hidden");
        let west = Horizon::new(100.0, sides(&SQUARE[3..]));
        assert!(west.hides([-300.0, 1.0], [-300.0, -1.0], 0.0));
        assert!(!west.hides([300.0, 1.0], [300.0, -1.0], 0.0));
    }

    #[test]
    fn segments_within_the_distance_are_not_hidden() {
        let walls = Horizon::new(100.0, sides(&SQUARE));
        assert!(!walls.hides([90.0, 0.0], [90.0, 5.0], 0.0), "obstacles count as 100 m away");
        assert!(!walls.hides([110.0, 0.0], [110.0, 5.0], 15.0), "a gate 15 m beyond a wall");
        assert!(walls.hides([120.0, 0.0], [120.0, 5.0], 15.0));
    }

    #[test]
    fn a_long_wall_hides_only_where_it_is_crossed_within_the_distance() {
        let wall = Horizon::new(50.0, std::iter::once(([-1e5, 30.0], [1e5, 30.0])));
        assert!(wall.hides([39.0, 60.0], [-39.0, 60.0], 0.0));
        assert!(!wall.hides([90.0, 60.0], [100.0, 60.0], 0.0), "crossed 54 m away");
        let through_here = Horizon::new(50.0, std::iter::once(([-20.0, 0.05], [20.0, 0.05])));
        assert!(!through_here.hides([0.0, 70.0], [1.0, 70.0], 0.0));
    }
}
