//! Crossings of segments.

use circle_model::Point;

/// Where the interior of segment `a`–`b` crosses segment `c`–`d`: the share of the length from `a`, and the
/// point.
///
/// `None` for parallel segments, and if the crossing rounds to `a` or `b`.
pub(crate) fn crossing_share(a: Point, b: Point, c: Point, d: Point) -> Option<(f64, Point)> {
    let at = |p: Point| [f64::from(p.lon) - f64::from(a.lon), f64::from(p.lat) - f64::from(a.lat)];
    let ([bx, by], [cx, cy], [dx, dy]) = (at(b), at(c), at(d));
    let denominator = bx * (dy - cy) - by * (dx - cx);
    if denominator == 0.0 {
        return None;
    }
    let share = (cx * (dy - cy) - cy * (dx - cx)) / denominator;
    let along = (cx * by - cy * bx) / denominator;
    if !(share > 0.0 && share < 1.0 && (0.0..=1.0).contains(&along)) {
        return None;
    }
    let point = Point {
        lon: (f64::from(a.lon) + share * bx).round() as i32,
        lat: (f64::from(a.lat) + share * by).round() as i32,
    };
    (point != a && point != b).then_some((share, point))
}

/// The point halfway between two points, in whole units of 10⁻⁷ degrees.
pub(crate) fn midpoint(a: Point, b: Point) -> Point {
    Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    }
}
