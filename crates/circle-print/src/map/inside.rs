//! The places in an area that are farthest from its outline, where its name is read best.

use crate::path::Xy;

/// Number of places that are tried along each side of the area's box.
const STEPS: usize = 24;

/// Places in an area with their distances from its outline, the farthest from it first. The rings, holes among
/// them, are without their closing points.
pub(super) fn innermost(rings: &[Vec<Xy>]) -> Vec<(Xy, f64)> {
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for point in rings.iter().flatten() {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    let at =
        |step: usize, axis: usize| low[axis] + (high[axis] - low[axis]) * (step as f64 + 0.5) / STEPS as f64;
    let places = (0..STEPS).flat_map(|row| (0..STEPS).map(move |column| (column, row)));
    let mut places: Vec<(Xy, f64)> = places
        .map(|(column, row)| [at(column, 0), at(row, 1)])
        .filter(|place| is_inside(rings, *place))
        .map(|place| (place, distance(rings, place)))
        .collect();
    places.sort_by(|a, b| b.1.total_cmp(&a.1));
    places
}

/// Each side of the rings.
fn sides(rings: &[Vec<Xy>]) -> impl Iterator<Item = (Xy, Xy)> {
    rings.iter().flat_map(|ring| ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)))
}

/// Whether a place is inside, by the even–odd rule.
fn is_inside(rings: &[Vec<Xy>], [x, y]: Xy) -> bool {
    let crosses =
        |(a, b): &(Xy, Xy)| (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
    sides(rings).filter(crosses).count() % 2 == 1
}

/// Distance of a place from the nearest side.
fn distance(rings: &[Vec<Xy>], place: Xy) -> f64 {
    let to = |(a, b): (Xy, Xy)| {
        let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        let square = dx * dx + dy * dy;
        let along = (place[0] - a[0]) * dx + (place[1] - a[1]) * dy;
        let share = if square > 0.0 { (along / square).clamp(0.0, 1.0) } else { 0.0 };
        let [x, y] = [place[0] - a[0] - dx * share, place[1] - a[1] - dy * share];
        x * x + y * y
    };
    sides(rings).map(to).fold(f64::MAX, f64::min).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_lies_in_the_wide_part_and_in_no_hole() {
        // A thin arm with a square at its end; the middle of its box lies outside.
        let arm = vec![[0.0, 0.0], [100.0, 0.0], [100.0, 60.0], [60.0, 60.0], [60.0, 10.0], [0.0, 10.0]];
        let (at, clear) = innermost(&[arm])[0];
        assert!((60.0..100.0).contains(&at[0]) && clear > 15.0, "{at:?} {clear}");
        let square = vec![[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]];
        let hole = vec![[20.0, 20.0], [80.0, 20.0], [80.0, 80.0], [20.0, 80.0]];
        let (at, clear) = innermost(&[square, hole])[0];
        assert!(!(20.0..80.0).contains(&at[0]) || !(20.0..80.0).contains(&at[1]), "{at:?}");
        assert!(clear < 15.0, "{clear}");
        assert!(innermost(&[]).is_empty());
    }
}
