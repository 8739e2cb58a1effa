//! Shapes from the time field, by marching squares. Longer bands hold shorter ones by construction: a crossing
//! moves outwards as the band grows, and of two corners across a cell each keeps its own piece.

use crate::field::Field;
use crate::lattice::Lattice;
use crate::search::UNREACHED;
use circle_model::city::ring_contains;
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};

/// A polygon: its outer ring counter-clockwise, then its holes clockwise; closed.
pub(crate) type Polygon = Vec<Vec<Point>>;

/// Holes below this are filled. A hole that holds a reached place is never as small: four unreached places make 440 m².
pub(crate) const SMALLEST_HOLE_SQUARE_METRES: f64 = 400.0;

/// The shape of all places within `limit` milliseconds. `step_ms` is the time for one step over open ground.
pub(crate) fn polygons(field: &Field, lattice: &Lattice, limit: u32, step_ms: u32) -> Vec<Polygon> {
    let rings = rings(field, lattice, limit, step_ms);
    let mut outers: Vec<(f64, Bounds, Polygon)> = Vec::new();
    let mut holes: Vec<Vec<Point>> = Vec::new();
    for ring in rings {
        let area = signed_square_metres(&ring);
        if area > 0.0 {
            outers.push((area, Bounds::of(ring.iter().copied()), vec![ring]));
        } else if -area >= SMALLEST_HOLE_SQUARE_METRES {
            holes.push(ring);
        }
    }
    outers.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.2[0][0].cmp(&b.2[0][0])));
    for hole in holes {
        // The smallest outer ring that holds it.
        if let Some((_, _, polygon)) = outers
            .iter_mut()
            .find(|(_, bounds, polygon)| bounds.contains(hole[0]) && ring_contains(&polygon[0], hole[0]))
        {
            polygon.push(hole);
        }
    }
    outers.into_iter().rev().map(|(_, _, polygon)| polygon).collect()
}

/// Square metres, above zero when counter-clockwise.
pub(crate) fn signed_square_metres(ring: &[Point]) -> f64 {
    let frame = Frame::at(Bounds::of(ring.iter().copied()).centre());
    ring.windows(2)
        .map(|pair| {
            let (a, b) = (frame.local(pair[0]), frame.local(pair[1]));
            a[0] * b[1] - b[0] * a[1]
        })
        .sum::<f64>()
        / 2.0
}

const NO_LINK: u32 = u32::MAX;

/// The part of a field that a band fills, and one place more on every side.
struct Part {
    west: usize,
    south: usize,
    width: usize,
    height: usize,
}

impl Part {
    /// `None` where no place is within the limit. The field's own rim is never reached.
    fn within(field: &Field, limit: u32) -> Option<Self> {
        let rows = || field.times.chunks_exact(field.width);
        let any = |row: &[u32]| row.iter().any(|time| *time <= limit);
        let south = rows().position(any)?;
        let north = field.height - rows().rev().position(any)?;
        let (mut west, mut east) = (field.width, 0);
        for row in rows().skip(south).take(north - south) {
            if let Some(first) = row.iter().position(|time| *time <= limit) {
                west = west.min(first);
                east = east.max(field.width - row.iter().rev().position(|time| *time <= limit).unwrap_or(0));
            }
        }
        let (west, south) = (west.saturating_sub(1), south.saturating_sub(1));
        Some(Self {
            west,
            south,
            width: (east + 1).min(field.width) - west,
            height: (north + 1).min(field.height) - south,
        })
    }

    /// A place of the part as a place of the field.
    #[inline]
    fn place(&self, field: &Field, place: usize) -> usize {
        (place / self.width + self.south) * field.width + place % self.width + self.west
    }
}

/// Crossings are numbered by the lattice side they lie on: `2 × place` to the east of it, `2 × place + 1` to the north.
fn rings(field: &Field, lattice: &Lattice, limit: u32, step_ms: u32) -> Vec<Vec<Point>> {
    let Some(part) = Part::within(field, limit) else { return Vec::new() };
    let width = part.width;
    let mut next = vec![NO_LINK; 2 * width * part.height];
    let mut begins = Vec::new();
    for y in 0..part.height - 1 {
        let row = y * width;
        let start = part.place(field, row);
        let (lower, upper) = (&field.times[start..][..width], &field.times[start + field.width..][..width]);
        let mut west = usize::from(lower[0] <= limit) | usize::from(upper[0] <= limit) << 3;
        for x in 0..width - 1 {
            let sw = row + x;
            // Corners counter-clockwise from the south-west: 1, 2, 4, 8.
            let east = usize::from(lower[x + 1] <= limit) << 1 | usize::from(upper[x + 1] <= limit) << 2;
            let case = west | east;
            west = (east >> 1 & 1) | (east >> 2 & 1) << 3;
            if case == 0 || case == 15 {
                continue;
            }
            let (south, eastern, north, western) = (2 * sw, 2 * (sw + 1) + 1, 2 * (sw + width), 2 * sw + 1);
            let mut link = |from: usize, to: usize| {
                next[from] = to as u32;
                begins.push(from as u32);
            };
            // The inside lies to the left.
            match case {
                1 => link(south, western),
                2 => link(eastern, south),
                3 => link(eastern, western),
                4 => link(north, eastern),
                5 => {
                    link(south, western);
                    link(north, eastern);
                }
                6 => link(north, south),
                7 => link(north, western),
                8 => link(western, north),
                9 => link(south, north),
                10 => {
                    link(eastern, south);
                    link(western, north);
                }
                11 => link(eastern, north),
                12 => link(western, eastern),
                13 => link(south, eastern),
                _ => link(western, south),
            }
        }
    }
    let mut rings = Vec::new();
    for begin in begins {
        let mut at = begin;
        let mut ring = Vec::new();
        while next[at as usize] != NO_LINK {
            let (place, axis) = (part.place(field, at as usize / 2), at as usize % 2);
            ring.push(crossing(field, lattice, limit, step_ms, place, axis));
            at = std::mem::replace(&mut next[at as usize], NO_LINK);
        }
        if ring.len() > 2 {
            ring.push(ring[0]);
            rings.push(ring);
        }
    }
    rings
}

/// Times of neighbours that differ by more than this, in milliseconds, have a barrier between them.
pub(crate) fn jump(step_ms: u32) -> u32 {
    step_ms + step_ms / 4
}

/// Where the field passes the limit between two neighbours. Where it jumps there is a barrier between them:
/// the shape goes on at the pace of open ground, half the way at the most. Never closer than a fiftieth of a
/// step to a place of the lattice, so that no ring touches itself.
fn crossing(field: &Field, lattice: &Lattice, limit: u32, step_ms: u32, place: usize, axis: usize) -> Point {
    let other = place + if axis == 0 { 1 } else { field.width };
    let (a, b) = (field.times[place], field.times[other]);
    let (near, far) = (a.min(b), a.max(b));
    let left = f64::from(limit - near);
    let rise = far.saturating_sub(near);
    let share = if far == UNREACHED || rise > jump(step_ms) {
        (left / f64::from(step_ms)).min(0.5)
    } else {
        left / f64::from(rise)
    };
    let share = share.clamp(0.02, 0.98);
    let cell =
        [field.corner[0] + (place % field.width) as i32, field.corner[1] + (place / field.width) as i32];
    lattice.between(cell, axis, if a <= b { share } else { 1.0 - share })
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::City;
    use circle_model::city::{CityTables, Meta};
    use geo::Validation;
    use proptest::prelude::*;

    fn lattice() -> Lattice {
        Lattice::new(&City::from_tables(CityTables::default(), &Meta::default()).unwrap())
    }

    fn field(width: usize, times: &[u32]) -> Field {
        // A rim of unreached places, as the engine leaves one.
        let height = times.len() / width;
        let mut framed = vec![UNREACHED; (width + 2) * (height + 2)];
        for (place, time) in times.iter().enumerate() {
            framed[(place / width + 1) * (width + 2) + place % width + 1] = *time;
        }
        Field { corner: [100, 100], width: width + 2, height: height + 2, times: framed }
    }

    fn to_geo(polygons: &[Polygon]) -> geo::MultiPolygon {
        let ring = |ring: &Vec<Point>| {
            ring.iter().map(|p| (f64::from(p.lon), f64::from(p.lat))).collect::<geo::LineString>()
        };
        polygons
            .iter()
            .map(|polygon| geo::Polygon::new(ring(&polygon[0]), polygon[1..].iter().map(ring).collect()))
            .collect()
    }

    #[test]
    fn one_place_is_a_diamond_around_it() {
        let shapes = polygons(&field(1, &[0]), &lattice(), 500, 1000);
        assert_eq!((shapes.len(), shapes[0].len(), shapes[0][0].len()), (1, 1, 5));
        assert!(signed_square_metres(&shapes[0][0]) > 0.0);
        assert!(ring_contains(&shapes[0][0], lattice().point([101, 101])));
    }

    #[test]
    fn large_holes_stay_and_small_ones_are_filled() {
        let mut times = vec![0; 81];
        times[40] = UNREACHED;
        assert_eq!(polygons(&field(9, &times), &lattice(), 10, 1000)[0].len(), 1);
        for (x, y) in (2..7).flat_map(|x| (2..7).map(move |y| (x, y))) {
            times[y * 9 + x] = UNREACHED;
        }
        assert_eq!(polygons(&field(9, &times), &lattice(), 10, 1000)[0].len(), 2);
    }

    proptest! {
        #[test]
        fn shapes_are_valid_and_nested(times in prop::collection::vec(prop_oneof![0..20_000u32, Just(UNREACHED)], 64), low in 0..20_000u32, more in 0..10_000u32) {
            let field = field(8, &times);
            let [small, large] = [low, low + more].map(|limit| polygons(&field, &lattice(), limit, 1000));
            prop_assert!(to_geo(&small).is_valid() && to_geo(&large).is_valid());
            let large = to_geo(&large);
            for polygon in &small {
                for point in &polygon[0] {
                    let at = geo::Point::new(f64::from(point.lon), f64::from(point.lat));
                    prop_assert!(geo::Intersects::intersects(&large, &at), "{point:?}");
                }
            }
        }
    }
}
