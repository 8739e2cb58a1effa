//! Projection from degrees to tile units, in Web Mercator.

use circle_model::{Point, coordinates::Bounds};
use std::f64::consts::PI;
use std::ops::RangeInclusive;

/// Tile units along one side.
pub(super) const EXTENT: f64 = 4096.0;
/// Width of the buffer around a tile, in tile units, so that lines do not end at the seam.
pub(super) const BUFFER: f64 = 64.0;
/// The largest zoom with tiles; clients enlarge these further.
pub(super) const LAST_ZOOM: u32 = 15;

const UNITS_PER_DEGREE: f64 = 1e7;
const HALF_TURN: f64 = 180.0 * UNITS_PER_DEGREE;
const FULL_TURN: f64 = 2.0 * HALF_TURN;
/// The latitude at which the square of Web Mercator ends, degrees.
const LAST_LATITUDE: f64 = 85.051_128_779_806_59;

/// The position of a tile in the world.
#[derive(Debug, Clone, Copy)]
pub(super) struct TileFrame {
    pub(super) z: u32,
    x: u32,
    y: u32,
}

impl TileFrame {
    pub(super) const fn new(z: u32, x: u32, y: u32) -> Self {
        Self { z, x, y }
    }

    /// The boxes that contain what tile and buffer show: two at the antimeridian.
    pub(super) fn boxes(&self) -> Vec<Bounds> {
        let margin = BUFFER / EXTENT;
        let [west, east] =
            [f64::from(self.x) - margin, f64::from(self.x) + 1.0 + margin].map(|x| self.lon(x));
        let [north, south] =
            [f64::from(self.y) - margin, f64::from(self.y) + 1.0 + margin].map(|y| self.lat(y));
        let bounds = |west: f64, east: f64| Bounds {
            west: west.max(-HALF_TURN).floor() as i32,
            south: south.floor() as i32,
            east: east.min(HALF_TURN).ceil() as i32,
            north: north.ceil() as i32,
        };
        let mut boxes = vec![bounds(west, east)];
        if west < -HALF_TURN {
            boxes.push(bounds(west + FULL_TURN, HALF_TURN));
        }
        if east > HALF_TURN {
            boxes.push(bounds(-HALF_TURN, east - FULL_TURN));
        }
        boxes
    }

    /// Projects a line to tile units, y downwards. Longitudes are taken nearest to the line's first point,
    /// and that one nearest to the tile, so that no line jumps at the antimeridian.
    pub(super) fn project(&self, first: Point, line: &[Point]) -> Vec<[f64; 2]> {
        let first = nearest_turn(f64::from(first.lon), self.lon(f64::from(self.x) + 0.5));
        let scale = f64::from(1u32 << self.z);
        let to_tile = |point: &Point| {
            let lon = nearest_turn(f64::from(point.lon), first);
            let [world_x, world_y] = world(lon, f64::from(point.lat));
            [(world_x * scale - f64::from(self.x)) * EXTENT, (world_y * scale - f64::from(self.y)) * EXTENT]
        };
        line.iter().map(to_tile).collect()
    }

    /// Longitude of column `x` of this zoom, in 10⁻⁷ degrees.
    fn lon(&self, x: f64) -> f64 {
        (x / f64::from(1u32 << self.z) - 0.5) * FULL_TURN
    }

    /// Latitude of row `y` of this zoom, in 10⁻⁷ degrees.
    fn lat(&self, y: f64) -> f64 {
        let world_y = y / f64::from(1u32 << self.z);
        ((0.5 - world_y) * 2.0 * PI).sinh().atan().to_degrees() * UNITS_PER_DEGREE
    }
}

/// Converts a point in 10⁻⁷ degrees to shares of the world's width from the west and of its height from the
/// north.
fn world(lon: f64, lat: f64) -> [f64; 2] {
    let lat = (lat / UNITS_PER_DEGREE).clamp(-LAST_LATITUDE, LAST_LATITUDE);
    [lon / FULL_TURN + 0.5, 0.5 - lat.to_radians().tan().asinh() / (2.0 * PI)]
}

/// The columns and rows of the tiles that, with their buffers, intersect a box in 10⁻⁷ degrees.
pub(super) fn limits(z: u32, low: [f64; 2], high: [f64; 2]) -> [RangeInclusive<u32>; 2] {
    let (scale, margin) = (f64::from(1u32 << z), BUFFER / EXTENT);
    let [west, south] = world(low[0], low[1]).map(|place| place * scale);
    let [east, north] = world(high[0], high[1]).map(|place| place * scale);
    let last = (1u32 << z) - 1;
    let tile = |place: f64| (place.max(0.0) as u32).min(last);
    // Buffers beyond the antimeridian show the columns of the other side.
    let columns = if west < margin || east > scale - margin {
        0..=last
    } else {
        tile(west - margin)..=tile(east + margin)
    };
    [columns, tile(north - margin)..=tile(south + margin)]
}

/// Adds whole turns to `lon` until it is within half a turn of `reference`.
fn nearest_turn(lon: f64, reference: f64) -> f64 {
    if lon - reference > HALF_TURN {
        lon - FULL_TURN
    } else if lon - reference < -HALF_TURN {
        lon + FULL_TURN
    } else {
        lon
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harbin_is_projected_as_by_the_slippy_map_formula() {
        // 126.64° E, 45.75° N at zoom 12, by OSM's slippy map formula: column 3488.8818, row 1461.2858.
        let point = Point { lon: 1_266_400_000, lat: 457_500_000 };
        let [[x, y]] = TileFrame::new(12, 3488, 1461).project(point, &[point])[..] else {
            panic!("one point")
        };
        assert!((x / EXTENT - 0.8818).abs() < 1e-3, "{x}");
        assert!((y / EXTENT - 0.2858).abs() < 1e-3, "{y}");
    }

    #[test]
    fn boxes_and_projection_agree() {
        let frame = TileFrame::new(10, 872, 365);
        let [bounds] = frame.boxes()[..] else { panic!("one box") };
        let corners =
            [Point { lon: bounds.west, lat: bounds.north }, Point { lon: bounds.east, lat: bounds.south }];
        let [[west, north], [east, south]] = frame.project(corners[0], &corners)[..] else {
            panic!("two corners")
        };
        for (found, expected) in
            [(west, -BUFFER), (north, -BUFFER), (east, EXTENT + BUFFER), (south, EXTENT + BUFFER)]
        {
            assert!((found - expected).abs() < 0.01, "{found} {expected}");
        }
    }

    #[test]
    fn tiles_at_the_antimeridian_have_boxes_on_both_sides() {
        assert_eq!(TileFrame::new(8, 0, 100).boxes().len(), 2);
        assert_eq!(TileFrame::new(8, 255, 100).boxes().len(), 2);
        let east = Point { lon: 1_799_999_000, lat: 0 };
        let [[x, _]] = TileFrame::new(8, 0, 128).project(east, &[east])[..] else { panic!("one point") };
        assert!((-1.0..0.0).contains(&x), "{x}");
    }
}
