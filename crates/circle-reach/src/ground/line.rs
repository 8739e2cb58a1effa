//! Places and parts of a line, by their distance from its beginning.

use circle_model::{Frame, Millimetres, Point, plane};

/// The place on a line at a distance from its beginning.
pub(crate) fn place_on(line: &[Point], offset: Millimetres) -> Point {
    part_of(line, Millimetres(0), offset).last().copied().or(line.first().copied()).unwrap_or_default()
}

/// The part of a line between two offsets, walked from the first to the second.
pub(crate) fn part_of(line: &[Point], from: Millimetres, to: Millimetres) -> Vec<Point> {
    let (low, high) = (from.min(to).metres(), from.max(to).metres());
    let mut part: Vec<Point> = Vec::new();
    let mut walked = 0.0;
    for pair in line.windows(2) {
        let frame = Frame::at(pair[0]);
        let end = frame.local(pair[1]);
        let length = plane::norm(end);
        let at = |metres: f64| {
            let share = if length > 0.0 { ((metres - walked) / length).clamp(0.0, 1.0) } else { 0.0 };
            if share >= 1.0 { pair[1] } else { frame.point(plane::along([0.0, 0.0], end, share)) }
        };
        if walked + length >= low && walked <= high {
            part.extend([at(low.max(walked)), at(high.min(walked + length))]);
        }
        walked += length;
    }
    part.dedup();
    if part.is_empty() {
        part.extend(line.last());
    }
    if from > to {
        part.reverse();
    }
    part
}
