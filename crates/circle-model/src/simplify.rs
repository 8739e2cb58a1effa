//! Simplification of lines (Douglas–Peucker).

use crate::plane::Xy;

/// The points of `line` that are farther than `tolerance` from the simplified line, with both ends.
pub fn simplify(line: &[Xy], tolerance: f64) -> Vec<Xy> {
    if line.len() < 3 || tolerance <= 0.0 {
        return line.to_vec();
    }
    let mut kept = vec![false; line.len()];
    let mut stretches = vec![(0, line.len() - 1)];
    kept[0] = true;
    kept[line.len() - 1] = true;
    while let Some((start, end)) = stretches.pop() {
        let mut farthest = (tolerance * tolerance, None);
        for between in start + 1..end {
            let distance = squared_distance(line[between], line[start], line[end]);
            if distance > farthest.0 {
                farthest = (distance, Some(between));
            }
        }
        if let Some(between) = farthest.1 {
            kept[between] = true;
            stretches.extend([(start, between), (between, end)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// Squared distance from `p` to the segment `a`–`b`.
fn squared_distance(p: Xy, a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length;
    let along = if length > 0.0 { along.clamp(0.0, 1.0) } else { 0.0 };
    let (x, y) = (a[0] + along * dx - p[0], a[1] + along * dy - p[1]);
    x * x + y * y
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_deviations_are_removed_and_corners_stay() {
        let line = [[0.0, 0.0], [50.0, 1.0], [100.0, 0.0], [100.0, 100.0]];
        assert_eq!(simplify(&line, 2.0), [line[0], line[2], line[3]]);
        assert_eq!(simplify(&line, 0.5), line);
    }

    #[test]
    fn a_closed_ring_stays_a_ring() {
        let ring = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0], [0.0, 0.0]];
        assert_eq!(simplify(&ring, 2.0), ring);
    }
}
