//! Contours of the time field, by marching squares. Longer bands contain shorter ones by construction: a
//! crossing moves outwards as the band grows, and two opposite corners of a square are never joined.

use crate::cancel::{Cancel, Cancelled};
use crate::shape::field::{Field, UNREACHED};
use crate::shape::lattice::Lattice;
use circle_model::city::ring_contains;
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};

/// A polygon: its outer ring counter-clockwise, then its holes clockwise; rings are closed.
pub(crate) type Polygon = Vec<Vec<Point>>;

/// Smaller holes are filled. A hole with a reached place inside is larger: the four unreached places around
/// that place make 440 m².
pub(crate) const SMALLEST_HOLE_SQUARE_METRES: f64 = 400.0;

/// The shapes of all places within each of the field's bands, with their areas in square metres. `step` is
/// the time, in ticks, for one step of the lattice over open ground.
pub(crate) fn shapes(
    field: &Field,
    lattice: &Lattice,
    step: u32,
    cancel: &Cancel,
) -> Result<Vec<(Vec<Polygon>, f64)>, Cancelled> {
    Ok(contours(field, lattice, step, cancel)?.into_iter().map(|contour| polygons(contour.rings())).collect())
}

/// Rings as polygons, the largest first, and their area. Small holes are filled.
fn polygons(rings: Vec<Vec<Point>>) -> (Vec<Polygon>, f64) {
    let mut outers: Vec<(f64, Bounds, Polygon)> = Vec::new();
    let mut holes: Vec<Vec<Point>> = Vec::new();
    let mut total = 0.0;
    for ring in rings {
        let area = signed_square_metres(&ring);
        if area > 0.0 {
            total += area;
            outers.push((area, Bounds::of(ring.iter().copied()), vec![ring]));
        } else if -area >= SMALLEST_HOLE_SQUARE_METRES {
            total += area;
            holes.push(ring);
        }
    }
    outers.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.2[0][0].cmp(&b.2[0][0])));
    for hole in holes {
        // The smallest outer ring that contains it.
        if let Some((_, _, polygon)) = outers
            .iter_mut()
            .find(|(_, bounds, polygon)| bounds.contains(hole[0]) && ring_contains(&polygon[0], hole[0]))
        {
            polygon.push(hole);
        }
    }
    (outers.into_iter().rev().map(|(_, _, polygon)| polygon).collect(), total)
}

/// The area of a ring in square metres, positive when counter-clockwise.
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

/// The contour of one band while it is traced: where it crosses the sides of the lattice's squares, and the
/// next crossing after each, with the inside to the left.
#[derive(Default)]
struct Contour {
    points: Vec<Point>,
    next: Vec<u32>,
    /// By column, the crossing of the southern side of the square, from the row below.
    south: Vec<u32>,
    /// The crossing of the western side of the next square.
    west: u32,
}

impl Contour {
    fn cross(&mut self, point: Point) -> u32 {
        self.points.push(point);
        self.next.push(NO_LINK);
        self.points.len() as u32 - 1
    }

    /// Closed rings.
    fn rings(mut self) -> Vec<Vec<Point>> {
        let mut rings = Vec::new();
        for begin in 0..self.next.len() {
            let mut at = begin as u32;
            let mut ring = Vec::new();
            while self.next[at as usize] != NO_LINK {
                let point = self.points[at as usize];
                // Along a barrier the contour is straight for many steps: collinear points are dropped.
                if let [.., before, last] = ring.as_slice()
                    && turn(*before, *last, point) == 0
                {
                    ring.pop();
                }
                ring.push(point);
                at = std::mem::replace(&mut self.next[at as usize], NO_LINK);
            }
            if ring.len() > 2 {
                ring.push(ring[0]);
                rings.push(ring);
            }
        }
        rings
    }
}

/// Twice the signed area of a triangle; 0 if its corners are collinear.
fn turn(a: Point, b: Point, c: Point) -> i64 {
    let side = |from: Point, to: Point| {
        (i64::from(to.lon) - i64::from(from.lon), i64::from(to.lat) - i64::from(from.lat))
    };
    let (before, after) = (side(a, b), side(b, c));
    before.0 * after.1 - before.1 * after.0
}

/// The contours of all bands, in one pass over the squares between the places, row by row. Most squares have
/// places of one class alone and are skipped eight at a time.
fn contours(field: &Field, lattice: &Lattice, step: u32, cancel: &Cancel) -> Result<Vec<Contour>, Cancelled> {
    let width = field.width;
    let mut contours: Vec<Contour> = Vec::new();
    contours.resize_with(field.bands.len(), || Contour { south: vec![NO_LINK; width], ..Contour::default() });
    let eight = |place: usize| {
        let (bytes, _) = field.classes[place..].as_chunks::<8>();
        u64::from_le_bytes(bytes.first().copied().unwrap_or_default())
    };
    for row in 0..field.height - 1 {
        cancel.check()?;
        for column in (0..width - 1).step_by(8) {
            let place = row * width + column;
            // The four corners of eight squares: a byte of `changes` is zero if all four are of one class.
            let south_west = eight(place);
            let mut changes = (south_west ^ eight(place + 1))
                | (south_west ^ eight(place + width))
                | (south_west ^ eight(place + width + 1));
            while changes != 0 {
                let square = changes.trailing_zeros() as usize / 8;
                changes &= !(0xff << (8 * square));
                if column + square < width - 1 {
                    mark_square(field, lattice, step, [column + square, row], &mut contours);
                }
            }
        }
    }
    Ok(contours)
}

/// Adds the pieces of every contour in one square, from crossing to crossing.
fn mark_square(
    field: &Field,
    lattice: &Lattice,
    step: u32,
    [column, row]: [usize; 2],
    contours: &mut [Contour],
) {
    let south_west = row * field.width + column;
    // Corners counter-clockwise from the south-west.
    let places = [south_west, south_west + 1, south_west + field.width + 1, south_west + field.width];
    let classes = places.map(|place| usize::from(field.classes[place]));
    let least = classes.into_iter().min().unwrap_or(0);
    let most = classes.into_iter().max().unwrap_or(0);
    let bands = field.bands.iter().zip(contours).enumerate().take(most).skip(least);
    for (band, (limit, contour)) in bands {
        let inside = classes.map(|class| class <= band);
        let mut side = |place: usize, axis: usize, first: bool, second: bool| {
            if first == second {
                return NO_LINK;
            }
            contour.cross(place_of(field, lattice, [*limit, step], place, axis, first))
        };
        let eastern = side(places[1], 1, inside[1], inside[2]);
        let north = side(places[3], 0, inside[3], inside[2]);
        let western = std::mem::replace(&mut contour.west, eastern);
        let south = std::mem::replace(&mut contour.south[column], north);
        let mut link = |from: u32, to: u32| contour.next[from as usize] = to;
        match inside.map(u8::from) {
            [0, 0, 0, 0] | [1, 1, 1, 1] => {}
            [1, 0, 0, 0] => link(south, western),
            [0, 1, 0, 0] => link(eastern, south),
            [1, 1, 0, 0] => link(eastern, western),
            [0, 0, 1, 0] => link(north, eastern),
            [1, 0, 1, 0] => {
                link(south, western);
                link(north, eastern);
            }
            [0, 1, 1, 0] => link(north, south),
            [1, 1, 1, 0] => link(north, western),
            [0, 0, 0, 1] => link(western, north),
            [1, 0, 0, 1] => link(south, north),
            [0, 1, 0, 1] => {
                link(eastern, south);
                link(western, north);
            }
            [1, 1, 0, 1] => link(eastern, north),
            [0, 0, 1, 1] => link(western, eastern),
            [1, 0, 1, 1] => link(south, eastern),
            _ => link(western, south),
        }
    }
}

/// Where the contour of a limit passes between two neighbours: `place` and the next one east (axis 0) or
/// north (axis 1). Where their times differ by more than a step and a quarter there is a barrier between
/// them: the shape goes on at the pace of open ground, up to half the way. The contour stays a fiftieth of a
/// step away from places of the lattice, so that no ring touches itself.
fn place_of(
    field: &Field,
    lattice: &Lattice,
    [limit, step]: [u32; 2],
    place: usize,
    axis: usize,
    first_inside: bool,
) -> Point {
    let other = place + if axis == 0 { 1 } else { field.width };
    let (near, far) = if first_inside { (place, other) } else { (other, place) };
    let (near, far) = (field.times[near], field.times[far]);
    let left = f64::from(limit.saturating_sub(near));
    let rise = far.saturating_sub(near);
    let share = if far == UNREACHED || rise > step + step / 4 {
        (left / f64::from(step)).min(0.5)
    } else {
        left / f64::from(rise.max(1))
    };
    let share = share.clamp(0.02, 0.98);
    let (row, column) = (place as u32 / field.width as u32, place as u32 % field.width as u32);
    let cell = [field.corner[0] + column as i32, field.corner[1] + row as i32];
    lattice.between(cell, axis, if first_inside { share } else { 1.0 - share })
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

    /// A field with a margin of unreached places, as the engine makes it.
    fn field(width: usize, times: &[u32], bands: &[u32]) -> Field {
        let (wide, high) = (width + 2, times.len() / width + 2);
        let mut field = Field {
            corner: [100, 100],
            width: wide,
            height: high,
            bands: bands.to_vec(),
            times: vec![UNREACHED; wide * high],
            classes: vec![bands.len() as u8; wide * high + 8],
            exits: Vec::new(),
        };
        for (place, time) in times.iter().enumerate() {
            field.set((place / width + 1) * wide + place % width + 1, *time);
        }
        field
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

    fn draw(width: usize, times: &[u32], limit: u32) -> Vec<Polygon> {
        shapes(&field(width, times, &[limit]), &lattice(), 1000, &Cancel::never()).unwrap().remove(0).0
    }

    #[test]
    fn one_reached_place_gives_a_diamond() {
        let shapes = draw(1, &[0], 500);
        assert_eq!((shapes.len(), shapes[0].len(), shapes[0][0].len()), (1, 1, 5));
        assert!(signed_square_metres(&shapes[0][0]) > 0.0);
        assert!(ring_contains(&shapes[0][0], lattice().point([101, 101])));
    }

    #[test]
    fn large_holes_stay_and_small_holes_are_filled() {
        let mut times = vec![0; 81];
        times[40] = UNREACHED;
        assert_eq!(draw(9, &times, 10)[0].len(), 1);
        for (x, y) in (2..7).flat_map(|x| (2..7).map(move |y| (x, y))) {
            times[y * 9 + x] = UNREACHED;
        }
        assert_eq!(draw(9, &times, 10)[0].len(), 2);
    }

    proptest! {
        #[test]
        fn shapes_are_valid_nested_and_equal_when_requested_separately(times in prop::collection::vec(prop_oneof![0..20_000u32, Just(UNREACHED)], 64), low in 0..20_000u32, more in 1..10_000u32) {
            let drawn = shapes(&field(8, &times, &[low, low + more]), &lattice(), 1000, &Cancel::never()).unwrap();
            let [(small, _), (large, area)] = drawn.as_slice() else { panic!("two bands") };
            prop_assert_eq!(small, &draw(8, &times, low));
            prop_assert_eq!(large, &draw(8, &times, low + more));
            prop_assert!(to_geo(small).is_valid() && to_geo(large).is_valid());
            let rings: f64 = large.iter().flatten().map(|ring| signed_square_metres(ring)).sum();
            prop_assert!((rings - area).abs() < 1e-6 * area.max(1.0));
            let large = to_geo(large);
            for point in small.iter().flat_map(|polygon| &polygon[0]) {
                let at = geo::Point::new(f64::from(point.lon), f64::from(point.lat));
                prop_assert!(geo::Intersects::intersects(&large, &at), "{point:?}");
            }
        }
    }
}
