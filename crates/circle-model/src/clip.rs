//! Cuts lines and rings at the rim of a window.

use crate::plane::Xy;

/// A rectangle with level sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its least x and y.
    pub low: Xy,
    /// Its greatest x and y.
    pub high: Xy,
}

impl Window {
    /// The parts of a line inside the window (Liang–Barsky, segment by segment).
    pub fn line(&self, line: &[Xy]) -> Vec<Vec<Xy>> {
        let mut parts: Vec<Vec<Xy>> = Vec::new();
        let mut open = false;
        for pair in line.windows(2) {
            let Some((enters, leaves)) = self.inside(pair[0], pair[1]) else {
                open = false;
                continue;
            };
            match parts.last_mut() {
                Some(part) if open && enters <= 0.0 => part.push(between(pair[0], pair[1], leaves)),
                _ => parts.push(vec![between(pair[0], pair[1], enters), between(pair[0], pair[1], leaves)]),
            }
            open = leaves >= 1.0;
        }
        parts
    }

    /// A closed ring cut to the window (Sutherland–Hodgman), without its closing point. Where the ring leaves and comes
    /// back, it runs along the rim; nothing is drawn beyond it.
    pub fn ring(&self, ring: &[Xy]) -> Vec<Xy> {
        let mut points = ring[..ring.len().saturating_sub(1)].to_vec();
        for axis in [0, 1] {
            for (limit, sign) in [(self.low[axis], 1.0), (self.high[axis], -1.0)] {
                let depth = |point: &Xy| (point[axis] - limit) * sign;
                if points.iter().all(|point| depth(point) >= 0.0) {
                    continue;
                }
                let mut cut = Vec::with_capacity(points.len() + 4);
                let mut from = points.last().copied();
                for to in points {
                    if let Some(from) = from {
                        let (before, after) = (depth(&from), depth(&to));
                        if (before >= 0.0) != (after >= 0.0) {
                            let mut at = between(from, to, before / (before - after));
                            at[axis] = limit;
                            cut.push(at);
                        }
                    }
                    if depth(&to) >= 0.0 {
                        cut.push(to);
                    }
                    from = Some(to);
                }
                points = cut;
            }
        }
        points
    }

    /// Whether a place is inside.
    pub fn holds(&self, place: Xy) -> bool {
        [0, 1].iter().all(|axis| (self.low[*axis]..=self.high[*axis]).contains(&place[*axis]))
    }

    /// Where the segment is inside, as shares of its length.
    fn inside(&self, a: Xy, b: Xy) -> Option<(f64, f64)> {
        let (mut enters, mut leaves) = (0.0f64, 1.0f64);
        for axis in 0..2 {
            let run = b[axis] - a[axis];
            for (distance, run) in [(self.low[axis] - a[axis], run), (a[axis] - self.high[axis], -run)] {
                // Inside this side wherever share × run ≥ distance.
                if run > 0.0 {
                    enters = enters.max(distance / run);
                } else if run < 0.0 {
                    leaves = leaves.min(distance / run);
                } else if distance > 0.0 {
                    return None;
                }
            }
        }
        (enters < leaves).then_some((enters, leaves))
    }
}

fn between(a: Xy, b: Xy, share: f64) -> Xy {
    if share <= 0.0 {
        a
    } else if share >= 1.0 {
        b
    } else {
        crate::plane::along(a, b, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOW: f64 = -64.0;
    const HIGH: f64 = 4160.0;
    const WINDOW: Window = Window { low: [LOW; 2], high: [HIGH; 2] };

    #[test]
    fn a_line_that_leaves_twice_has_two_parts() {
        let parts = WINDOW.line(&[[0.0, 0.0], [0.0, 9000.0], [2000.0, 9000.0], [2000.0, 0.0], [3000.0, 0.0]]);
        assert_eq!(
            parts,
            [vec![[0.0, 0.0], [0.0, HIGH]], vec![[2000.0, HIGH], [2000.0, 0.0], [3000.0, 0.0]]]
        );
        assert!(WINDOW.line(&[[-500.0, 0.0], [-500.0, 4000.0]]).is_empty());
    }

    #[test]
    fn a_line_straight_across_is_cut_at_both_sides() {
        assert_eq!(WINDOW.line(&[[-9000.0, 100.0], [9000.0, 100.0]]), [vec![[LOW, 100.0], [HIGH, 100.0]]]);
    }

    #[test]
    fn a_ring_around_the_tile_becomes_the_tile() {
        let around = [[-9e3, -9e3], [9e3, -9e3], [9e3, 9e3], [-9e3, 9e3], [-9e3, -9e3]];
        let mut corners = WINDOW.ring(&around);
        corners.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert_eq!(corners, [[LOW, LOW], [LOW, HIGH], [HIGH, LOW], [HIGH, HIGH]]);
    }

    #[test]
    fn rings_outside_vanish_and_inside_stay() {
        let square = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0], [0.0, 0.0]];
        assert_eq!(WINDOW.ring(&square), square[..4]);
        let far: Vec<Xy> = square.iter().map(|[x, y]| [x + 1e5, *y]).collect();
        assert!(WINDOW.ring(&far).is_empty());
    }
}
