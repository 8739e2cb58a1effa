//! Geometry in metres around an origin ([`Frame`](crate::Frame)).

/// A position in metres east and north of a frame's origin.
pub type Xy = [f64; 2];

/// The position on the segment `a`–`b` nearest to the origin, as a share of the way from `a` to `b`.
#[inline]
pub fn foot(a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    if length2 > 0.0 { (-(a[0] * dx + a[1] * dy) / length2).clamp(0.0, 1.0) } else { 0.0 }
}

/// The position at a share of the way from `a` to `b`.
#[inline]
pub fn along(a: Xy, b: Xy, share: f64) -> Xy {
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

/// Distance from the origin, metres.
#[inline]
pub fn norm(p: Xy) -> f64 {
    (p[0] * p[0] + p[1] * p[1]).sqrt()
}

/// Distance from the origin to the segment, metres.
#[inline]
pub fn distance(a: Xy, b: Xy) -> f64 {
    norm(along(a, b, foot(a, b)))
}

/// Share of the way from the origin to `q` where it crosses segment `a`–`b`; touching an end of the segment
/// counts.
#[inline]
pub fn crossing(q: Xy, a: Xy, b: Xy) -> Option<f64> {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let denominator = q[0] * dy - q[1] * dx;
    if denominator == 0.0 {
        return None;
    }
    let share = (a[0] * dy - a[1] * dx) / denominator;
    let on_segment = (a[0] * q[1] - a[1] * q[0]) / denominator;
    ((0.0..=1.0).contains(&share) && (0.0..=1.0).contains(&on_segment)).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foot_and_crossing_of_a_wall_10_m_north() {
        let (a, b) = ([-5.0, 10.0], [15.0, 10.0]);
        assert!((foot(a, b) - 0.25).abs() < 1e-12);
        assert!((distance(a, b) - 10.0).abs() < 1e-12);
        assert!((crossing([0.0, 20.0], a, b).unwrap() - 0.5).abs() < 1e-12);
        assert!(crossing([0.0, 9.0], a, b).is_none() && crossing([-20.0, 20.0], a, b).is_none());
        assert!((distance([3.0, 4.0], [3.0, 4.0]) - 5.0).abs() < 1e-12);
    }
}
