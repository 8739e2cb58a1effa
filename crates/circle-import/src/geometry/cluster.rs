//! Clusters of points: of points close to each other, the first represents all.

use circle_model::{Frame, Point};

/// Keeps the first of all points that lie within `metres` of each other.
pub(crate) fn cluster(points: impl IntoIterator<Item = Point>, metres: f64) -> Vec<Point> {
    cluster_by(points, metres, |point| *point)
}

/// As [`cluster`], of items that have a point.
pub(crate) fn cluster_by<T>(
    items: impl IntoIterator<Item = T>,
    metres: f64,
    point_of: impl Fn(&T) -> Point,
) -> Vec<T> {
    let mut items = items.into_iter().peekable();
    let Some(first) = items.peek() else { return Vec::new() };
    let frame = Frame::at(point_of(first));
    let mut first_items: Vec<(T, [f64; 2])> = Vec::new();
    for item in items {
        let [x, y] = frame.local(point_of(&item));
        let near = |other: &[f64; 2]| (other[0] - x).powi(2) + (other[1] - y).powi(2) < metres * metres;
        if !first_items.iter().any(|(_, other)| near(other)) {
            first_items.push((item, [x, y]));
        }
    }
    first_items.into_iter().map(|(item, _)| item).collect()
}
