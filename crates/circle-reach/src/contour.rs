//! Shapes from the time field, by marching squares. Longer bands hold shorter ones by construction: a crossing
//! moves outwards as the band grows, and of two corners across a cell each keeps its own piece.

use crate::field::{Field, UNASKED};
use crate::lattice::Lattice;
use circle_model::city::ring_contains;
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};
use std::cell::RefCell;

/// A polygon: its outer ring counter-clockwise, then its holes clockwise; closed.
pub(crate) type Polygon = Vec<Vec<Point>>;

/// Holes below this are filled. A hole that holds a reached place is never as small: four unreached places make 440 m².
pub(crate) const SMALLEST_HOLE_SQUARE_METRES: f64 = 400.0;

/// The shape of all places within `limit` milliseconds, whose rim passes through `squares` and no others. `step_ms` is
/// the time for one step over open ground.
pub(crate) fn polygons(
    field: &Field,
    lattice: &Lattice,
    squares: &[u32],
    limit: u32,
    step_ms: u32,
) -> Vec<Polygon> {
    let rings = rings(field, lattice, squares, limit, step_ms);
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

thread_local! {
    /// Links by crossing, all [`NO_LINK`] between uses: following a ring takes its links out again.
    static LINKS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Where the rim crosses a side of the lattice: `4 × place`, 2 more where the side leads north instead of east, 1
/// more where `place`, the side's western or southern end, is the one inside.
type Crossing = u32;

fn rings(field: &Field, lattice: &Lattice, squares: &[u32], limit: u32, step_ms: u32) -> Vec<Vec<Point>> {
    LINKS.with_borrow_mut(|next| {
        if next.len() < 2 * field.times.len() {
            next.resize(2 * field.times.len(), NO_LINK);
        }
        let mut begins: Vec<Crossing> = Vec::new();
        let mut link = |from: Crossing, to: Crossing| {
            next[from as usize / 2] = to;
            begins.push(from);
        };
        for square in squares {
            mark_square(field, limit, field.corner_of(*square as usize), &mut link);
        }
        let mut rings = Vec::new();
        for begin in begins {
            let mut at = begin;
            let mut ring = Vec::new();
            while next[at as usize / 2] != NO_LINK {
                ring.push(place_of(field, lattice, limit, step_ms, at));
                at = std::mem::replace(&mut next[at as usize / 2], NO_LINK);
            }
            if ring.len() > 2 {
                ring.push(ring[0]);
                rings.push(ring);
            }
        }
        rings
    })
}

/// Calls `link` for every piece of the rim in a square of two steps, from crossing to crossing, the inside to its left.
fn mark_square(field: &Field, limit: u32, south_west: usize, link: &mut impl FnMut(Crossing, Crossing)) {
    let width = field.width;
    let inside = field.holds(south_west, limit);
    if inside == [inside[0]; 9] {
        return;
    }
    for (first, sw) in [(0, 0), (1, 1), (3, width), (4, width + 1)] {
        let sw = south_west + sw;
        // Corners counter-clockwise from the south-west: 1, 2, 4, 8.
        let corners = [inside[first], inside[first + 1], inside[first + 4], inside[first + 3]].map(u32::from);
        let case = corners[0] | corners[1] << 1 | corners[2] << 2 | corners[3] << 3;
        let side = |place: usize, north: u32, inside: u32| 4 * place as u32 + 2 * north + inside;
        let (south, western) = (side(sw, 0, corners[0]), side(sw, 1, corners[0]));
        let (eastern, north) = (side(sw + 1, 1, corners[1]), side(sw + width, 0, corners[3]));
        match case {
            0 | 15 => {}
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

/// Where the rim passes between two neighbours. Where times jump there is a barrier between them: the shape goes
/// on at the pace of open ground, half the way at the most. Never closer than a fiftieth of a step to a place of
/// the lattice, so that no ring touches itself.
fn place_of(field: &Field, lattice: &Lattice, limit: u32, step_ms: u32, crossing: Crossing) -> Point {
    let (place, axis, first_inside) = (crossing as usize / 4, crossing as usize / 2 % 2, crossing % 2 == 1);
    let other = place + if axis == 0 { 1 } else { field.width };
    let (near, far) = if first_inside { (place, other) } else { (other, place) };
    let (near, far) = (field.times[near], field.times[far]);
    let left = f64::from(limit.saturating_sub(near));
    let rise = far.saturating_sub(near);
    let share = if far >= UNASKED || rise > step_ms + step_ms / 4 {
        (left / f64::from(step_ms)).min(0.5)
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
    use crate::search::UNREACHED;
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
        let (wide, high) = ((width + 4) | 1, (height + 4) | 1);
        let mut framed = vec![UNREACHED; wide * high];
        for (place, time) in times.iter().enumerate() {
            framed[(place / width + 2) * wide + place % width + 2] = *time;
        }
        Field {
            corner: [100, 100],
            width: wide,
            height: high,
            times: framed,
            fine: vec![true; wide / 2 * (high / 2)],
            fine_squares: Vec::new(),
            rims: Vec::new(),
            exits: Vec::new(),
        }
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

    fn draw(field: &Field, limit: u32) -> Vec<Polygon> {
        let squares: Vec<u32> = (0..field.fine.len() as u32).collect();
        polygons(field, &lattice(), &squares, limit, 1000)
    }

    #[test]
    fn one_place_is_a_diamond_around_it() {
        let shapes = draw(&field(1, &[0]), 500);
        assert_eq!((shapes.len(), shapes[0].len(), shapes[0][0].len()), (1, 1, 5));
        assert!(signed_square_metres(&shapes[0][0]) > 0.0);
        assert!(ring_contains(&shapes[0][0], lattice().point([102, 102])));
    }

    #[test]
    fn large_holes_stay_and_small_ones_are_filled() {
        let mut times = vec![0; 81];
        times[40] = UNREACHED;
        assert_eq!(draw(&field(9, &times), 10)[0].len(), 1);
        for (x, y) in (2..7).flat_map(|x| (2..7).map(move |y| (x, y))) {
            times[y * 9 + x] = UNREACHED;
        }
        assert_eq!(draw(&field(9, &times), 10)[0].len(), 2);
    }

    fn check_nested(field: &Field, low: u32, high: u32) -> Result<(), TestCaseError> {
        let [small, large] = [low, high].map(|limit| draw(field, limit));
        prop_assert!(to_geo(&small).is_valid() && to_geo(&large).is_valid());
        let large = to_geo(&large);
        for point in small.iter().flat_map(|polygon| &polygon[0]) {
            let at = geo::Point::new(f64::from(point.lon), f64::from(point.lat));
            prop_assert!(geo::Intersects::intersects(&large, &at), "{point:?}");
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn shapes_are_valid_and_nested(times in prop::collection::vec(prop_oneof![0..20_000u32, Just(UNREACHED)], 64), low in 0..20_000u32, more in 0..10_000u32) {
            check_nested(&field(8, &times), low, low + more)?;
        }

        /// Beyond five minutes, where places follow their neighbours.
        #[test]
        fn shapes_of_places_not_asked_are_valid_and_nested(times in prop::collection::vec(prop_oneof![300_001..340_000u32, Just(UNREACHED)], 81), low in 300_001..330_000u32, more in 0..20_000u32) {
            let mut field = field(9, &times);
            field.fine.fill(false);
            check_nested(&field, low, low + more)?;
        }
    }
}
