//! Closes areas that the edge of an extract has cut.

use super::areas::{Area, assemble, polygons_square_metres};
use circle_model::Point;
use circle_model::city::ring_contains;
use circle_model::coordinates::Bounds;

/// Joins open lines along the extract's box. Of the two ways to pair their ends, the one that contains fewer
/// points of `outside` is taken; on a tie, the one that contains more points of `inside`; on a further tie,
/// the smaller one.
pub(crate) fn close_along_box(area: Area, extract: Bounds, inside: &[Point], outside: &[Point]) -> Area {
    if area.open.is_empty() || extract.is_empty() {
        return area;
    }
    let bounds = area.open.iter().flatten().fold(extract, |mut bounds, point| {
        bounds.include(*point);
        bounds
    });
    let mut ends: Vec<(i64, Point)> = area
        .open
        .iter()
        .flat_map(|line| [line[0], line[line.len() - 1]])
        .map(|end| (position_on_box(&bounds, end), end))
        .collect();
    ends.sort_unstable();
    let pairing = |shift: usize| {
        let mut lines: Vec<Vec<Point>> = area.open.clone();
        lines.extend(area.polygons.iter().flatten().cloned());
        for pair in 0..ends.len() / 2 {
            let from = ends[(2 * pair + shift) % ends.len()];
            let to = ends[(2 * pair + 1 + shift) % ends.len()];
            lines.push(along_box(&bounds, from, to));
        }
        assemble(lines)
    };
    let [first, second] = [pairing(0), pairing(1)];
    let held = |area: &Area, places: &[Point]| {
        let outer = || area.polygons.iter().filter_map(|polygon| polygon.first());
        places.iter().filter(|point| outer().any(|ring| ring_contains(ring, **point))).count()
    };
    let size = |area: &Area| polygons_square_metres(&area.polygons);
    let order = held(&first, outside)
        .cmp(&held(&second, outside))
        .then_with(|| held(&second, inside).cmp(&held(&first, inside)))
        .then_with(|| size(&first).total_cmp(&size(&second)));
    let first_wins = order.is_le();
    if first_wins { first } else { second }
}

/// The position of the nearest point on the perimeter of the box, counter-clockwise from the south-west
/// corner, in 10⁻⁷ degrees.
fn position_on_box(bounds: &Bounds, point: Point) -> i64 {
    let [west, south, east, north] = [bounds.west, bounds.south, bounds.east, bounds.north].map(i64::from);
    let (x, y) = (i64::from(point.lon), i64::from(point.lat));
    let (width, height) = (east - west, north - south);
    let to_sides = [
        (y - south, x - west),
        (east - x, width + y - south),
        (north - y, width + height + east - x),
        (x - west, 2 * width + height + north - y),
    ];
    to_sides.iter().min_by_key(|(distance, _)| *distance).map_or(0, |(_, along)| *along)
}

/// The line along the box from one end to the next, counter-clockwise.
fn along_box(bounds: &Bounds, from: (i64, Point), to: (i64, Point)) -> Vec<Point> {
    let (width, height) =
        (i64::from(bounds.east) - i64::from(bounds.west), i64::from(bounds.north) - i64::from(bounds.south));
    let perimeter = 2 * (width + height);
    let corners = [
        (0, Point { lon: bounds.west, lat: bounds.south }),
        (width, Point { lon: bounds.east, lat: bounds.south }),
        (width + height, Point { lon: bounds.east, lat: bounds.north }),
        (2 * width + height, Point { lon: bounds.west, lat: bounds.north }),
    ];
    let end = if to.0 < from.0 { to.0 + perimeter } else { to.0 };
    let passed = (0..2).flat_map(|turn| corners.map(|(at, corner)| (at + turn * perimeter, corner)));
    let mut line = vec![from.1];
    line.extend(passed.filter(|(at, _)| (from.0 + 1..end).contains(at)).map(|(_, corner)| corner));
    line.push(to.1);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(i32, i32)]) -> Vec<Point> {
        points.iter().map(|(lon, lat)| Point { lon: lon * 1000, lat: lat * 1000 }).collect()
    }

    #[test]
    fn a_river_cut_at_both_banks_keeps_its_islands_as_holes() {
        let extract = Bounds { west: 0, south: 0, east: 100_000, north: 100_000 };
        let island = line(&[(50, 75), (60, 75), (60, 85), (50, 75)]);
        let banks = vec![line(&[(1, 70), (99, 70)]), line(&[(99, 90), (1, 90)]), island.clone()];
        let river = close_along_box(assemble(banks), extract, &island, &[]);
        let holds = |x: i32, y: i32| {
            let place = Point { lon: x * 1000, lat: y * 1000 };
            river.contains(place)
        };
        assert!(holds(30, 80) && !holds(58, 80) && !holds(30, 20) && !holds(30, 95));
    }

    #[test]
    fn points_of_other_units_decide_between_a_corner_and_its_complement() {
        let extract = Bounds { west: 0, south: 0, east: 100_000, north: 100_000 };
        let cut = || assemble(vec![line(&[(70, 99), (70, 70), (99, 70)])]);
        let place = |x: i32, y: i32| Point { lon: x * 1000, lat: y * 1000 };
        // A place of the unit's name lies elsewhere, but points of other units surround it.
        let corner = close_along_box(cut(), extract, &[place(20, 20)], &[place(30, 30), place(50, 10)]);
        assert!(corner.contains(place(90, 90)) && !corner.contains(place(20, 20)));
        let rest = close_along_box(cut(), extract, &[place(20, 20)], &[place(90, 90)]);
        assert!(rest.contains(place(20, 20)) && !rest.contains(place(90, 90)));
    }
}
