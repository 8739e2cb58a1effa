//! Areas from lines: closed lines are rings, open lines are joined end to end, and holes are sorted under
//! outer rings.

use circle_model::Point;
use circle_model::city::ring_contains;
use circle_model::coordinates::Bounds;
use rustc_hash::{FxHashMap, FxHashSet};

/// An area: polygons of one outer ring and its holes. Rings repeat their first point at the end.
#[derive(Debug, Default, Clone)]
pub(crate) struct Area {
    pub(crate) polygons: Vec<Vec<Vec<Point>>>,
    /// Lines that do not close, because the extract cut them or their mapper left them open.
    pub(crate) open: Vec<Vec<Point>>,
}

impl Area {
    /// Whether a point lies inside, by the even–odd rule over all rings.
    pub(crate) fn contains(&self, point: Point) -> bool {
        self.polygons.iter().flatten().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
    }

    /// Turns outer rings counter-clockwise and holes clockwise, as the city file has them. Which side a point
    /// exactly on an edge belongs to depends on it.
    pub(crate) fn orient(&mut self) {
        for polygon in &mut self.polygons {
            for (number, ring) in polygon.iter_mut().enumerate() {
                if !is_oriented(ring, number) {
                    ring.reverse();
                }
            }
        }
    }

    /// The corners of all rings.
    pub(crate) fn corners(&self) -> impl Iterator<Item = Point> {
        self.polygons.iter().flatten().flatten().copied()
    }

    /// The bounding box; empty for an empty area.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds::of(self.corners())
    }

    /// Drops polygons that are holes of an unclosed ring: every corner of their outer ring is in `inner`.
    pub(crate) fn drop_islands(&mut self, inner: &[Point]) {
        let inner: FxHashSet<Point> = inner.iter().copied().collect();
        self.polygons.retain(|polygon| !polygon[0].iter().all(|corner| inner.contains(corner)));
    }
}

/// Whether the ring of a polygon with this number runs counter-clockwise if it is the outer one, which is the
/// first, and clockwise if it is a hole.
pub(crate) fn is_oriented(ring: &[Point], number: usize) -> bool {
    (twice_area(ring) > 0) == (number == 0)
}

/// Joins lines at their ends into rings. Lines that do not close become [`Area::open`].
pub(crate) fn assemble(lines: Vec<Vec<Point>>) -> Area {
    let (closed, open): (Vec<_>, Vec<_>) =
        lines.into_iter().filter(|line| line.len() > 1).partition(|line| line.first() == line.last());
    let (joined, open) = join(&open);
    let mut rings = closed;
    rings.extend(joined);
    rings.retain(|ring| ring.len() > 3 && twice_area(ring) != 0);
    Area { polygons: nest(rings), open }
}

/// Follows lines from end to end. If more than two meet, the first in input order is taken, so that the
/// result is deterministic.
fn join(lines: &[Vec<Point>]) -> (Vec<Vec<Point>>, Vec<Vec<Point>>) {
    let mut at_end: FxHashMap<Point, Vec<usize>> = FxHashMap::default();
    for (number, line) in lines.iter().enumerate() {
        for end in [line.first(), line.last()].into_iter().flatten() {
            at_end.entry(*end).or_default().push(number);
        }
    }
    let mut used = vec![false; lines.len()];
    let (mut rings, mut open) = (Vec::new(), Vec::new());
    for start in 0..lines.len() {
        if used[start] {
            continue;
        }
        used[start] = true;
        let mut chain = lines[start].clone();
        // Forwards first; a chain that does not close is then extended from its start.
        for _ in 0..2 {
            while chain.first() != chain.last() {
                let end = chain[chain.len() - 1];
                let Some(next) = at_end[&end].iter().copied().find(|number| !used[*number]) else { break };
                used[next] = true;
                let line = &lines[next];
                if line[0] == end {
                    chain.extend_from_slice(&line[1..]);
                } else {
                    chain.extend(line.iter().rev().skip(1));
                }
            }
            if chain.first() == chain.last() {
                break;
            }
            chain.reverse();
        }
        if chain.first() == chain.last() { rings.push(chain) } else { open.push(chain) }
    }
    (rings, open)
}

/// Sorts rings into outer rings and holes by their nesting depth: rings at odd depths are holes.
fn nest(mut rings: Vec<Vec<Point>>) -> Vec<Vec<Vec<Point>>> {
    if rings.len() == 1 {
        return vec![rings];
    }
    rings.sort_by_key(|ring| std::cmp::Reverse(twice_area(ring).unsigned_abs()));
    let holders: Vec<Vec<usize>> = (0..rings.len())
        .map(|inner| (0..inner).filter(|outer| holds(&rings[*outer], &rings[inner])).collect())
        .collect();
    let mut polygons: Vec<Vec<Vec<Point>>> = Vec::new();
    let mut polygon_of = vec![usize::MAX; rings.len()];
    for (number, ring) in rings.into_iter().enumerate() {
        let outer =
            holders[number].iter().rev().find(|outer| holders[**outer].len() + 1 == holders[number].len());
        match outer {
            Some(outer) if holders[number].len() % 2 == 1 && polygon_of[*outer] != usize::MAX => {
                polygons[polygon_of[*outer]].push(ring);
            }
            _ => {
                polygon_of[number] = polygons.len();
                polygons.push(vec![ring]);
            }
        }
    }
    polygons
}

/// Whether `inner` lies inside `outer`, decided by its first point that is not a corner of `outer`.
fn holds(outer: &[Point], inner: &[Point]) -> bool {
    inner.iter().find(|point| !outer.contains(point)).is_some_and(|point| ring_contains(outer, *point))
}

/// Twice the signed area in squared 10⁻⁷ degrees; positive for counter-clockwise rings.
pub(crate) fn twice_area(ring: &[Point]) -> i128 {
    ring.windows(2)
        .map(|pair| {
            i128::from(pair[0].lon) * i128::from(pair[1].lat)
                - i128::from(pair[1].lon) * i128::from(pair[0].lat)
        })
        .sum()
}

/// Square metres on the ellipsoid's tangent plane. The relative error is below 10⁻³ for areas of the size of
/// a city.
fn square_metres(ring: &[Point]) -> f64 {
    let bounds = Bounds::of(ring.iter().copied());
    let frame = circle_model::Frame::at(bounds.centre());
    let local: Vec<[f64; 2]> = ring.iter().map(|point| frame.local(*point)).collect();
    local.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum::<f64>().abs() / 2.0
}

/// Square metres of polygons without their holes.
pub(crate) fn polygons_square_metres(polygons: &[Vec<Vec<Point>>]) -> f64 {
    polygons
        .iter()
        .flat_map(|polygon| polygon.iter().enumerate())
        .map(|(number, ring)| if number == 0 { square_metres(ring) } else { -square_metres(ring) })
        .sum()
}

/// A label point inside the largest polygon: the middle of the widest inner stretch of one of five horizontal
/// lines.
pub(crate) fn label_point(polygons: &[Vec<Vec<Point>>]) -> Option<Point> {
    let polygon = polygons.iter().max_by_key(|polygon| twice_area(&polygon[0]).unsigned_abs())?;
    let bounds = Bounds::of(polygon[0].iter().copied());
    let rows = [0.5, 0.37, 0.63, 0.21, 0.79];
    let candidate = |share: f64| {
        let lat =
            f64::from(bounds.south) + share * (f64::from(bounds.north) - f64::from(bounds.south)) + 0.37;
        let mut crossings: Vec<f64> = polygon
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter_map(|pair| {
                let (a, b) = (pair[0], pair[1]);
                let (low, high) = (f64::from(a.lat), f64::from(b.lat));
                ((low > lat) != (high > lat)).then(|| {
                    f64::from(a.lon) + (lat - low) / (high - low) * (f64::from(b.lon) - f64::from(a.lon))
                })
            })
            .collect();
        crossings.sort_by(f64::total_cmp);
        let widest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
        Some((
            widest[1] - widest[0],
            Point { lon: f64::midpoint(widest[0], widest[1]) as i32, lat: lat as i32 },
        ))
    };
    rows.into_iter()
        .filter_map(candidate)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, point)| point)
        .or(polygon[0].first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(i32, i32)]) -> Vec<Point> {
        points.iter().map(|(lon, lat)| Point { lon: lon * 1000, lat: lat * 1000 }).collect()
    }

    #[test]
    fn lines_of_any_direction_are_joined_into_one_ring() {
        let area =
            assemble(vec![line(&[(0, 0), (9, 0)]), line(&[(9, 9), (9, 0)]), line(&[(9, 9), (0, 9), (0, 0)])]);
        assert_eq!((area.polygons.len(), area.polygons[0].len(), area.open.len()), (1, 1, 0));
        assert_eq!(twice_area(&area.polygons[0][0]).unsigned_abs(), 2 * 81_000_000);
    }

    #[test]
    fn holes_belong_to_their_outer_ring_and_islands_in_holes_are_polygons() {
        let square = |a: i32, b: i32| line(&[(a, a), (b, a), (b, b), (a, b), (a, a)]);
        let area = assemble(vec![square(0, 100), square(10, 90), square(20, 80), square(200, 300)]);
        let sizes: Vec<usize> = area.polygons.iter().map(Vec::len).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 4);
        assert_eq!(area.polygons.len(), 3);
        assert!(sizes.contains(&2));
    }

    #[test]
    fn lines_that_do_not_close_stay_open() {
        let area = assemble(vec![line(&[(0, 0), (9, 0)]), line(&[(9, 9), (9, 0)])]);
        assert_eq!((area.polygons.len(), area.open.len()), (0, 1));
    }

    #[test]
    fn the_label_point_of_a_horseshoe_lies_inside() {
        let horseshoe =
            line(&[(0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30), (0, 0)]);
        let label = label_point(&[vec![horseshoe.clone()]]).unwrap();
        assert!(ring_contains(&horseshoe, label));
    }
}
