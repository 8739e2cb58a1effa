//! Coordinates on the WGS 84 ellipsoid.

use serde::{Deserialize, Serialize};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A place in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LonLat {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// A place as stored: in 10⁻⁷ degrees, the resolution of OSM (about 1 cm).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    FromBytes,
    IntoBytes,
    Immutable,
    KnownLayout,
)]
#[repr(C)]
pub struct Point {
    /// 10⁻⁷ degrees east.
    pub lon: i32,
    /// 10⁻⁷ degrees north.
    pub lat: i32,
}

const UNITS_PER_DEGREE: f64 = 1e7;
const HALF_TURN: i64 = 1_800_000_000;

impl LonLat {
    /// `None` unless both are finite and within ±180 and ±90 degrees.
    pub fn new(lon: f64, lat: f64) -> Option<Self> {
        (lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0)
            .then_some(Self { lon, lat })
    }

    /// Converts to the stored form.
    pub fn point(self) -> Point {
        Point {
            lon: (self.lon * UNITS_PER_DEGREE).round() as i32,
            lat: (self.lat * UNITS_PER_DEGREE).round() as i32,
        }
    }
}

impl Point {
    /// Converts to degrees.
    pub fn lon_lat(self) -> LonLat {
        LonLat { lon: f64::from(self.lon) / UNITS_PER_DEGREE, lat: f64::from(self.lat) / UNITS_PER_DEGREE }
    }

    /// Distance to another place along the ellipsoid, metres; within 10⁻⁶ of the geodesic up to some
    /// kilometres.
    pub fn distance_metres(self, other: Self) -> f64 {
        let middle = f64::midpoint(f64::from(self.lat), f64::from(other.lat));
        let frame = Frame::at_latitude(middle / UNITS_PER_DEGREE);
        let dx = lon_difference(self.lon, other.lon) as f64 * frame.metres_per_lon;
        let dy = (i64::from(other.lat) - i64::from(self.lat)) as f64 * frame.metres_per_lat;
        (dx * dx + dy * dy).sqrt()
    }

    /// Bearing of another place, degrees clockwise from north, 0 to 360.
    pub fn bearing_degrees(self, other: Self) -> f64 {
        let [dx, dy] = Frame::at(self).local(other);
        dx.atan2(dy).to_degrees().rem_euclid(360.0)
    }
}

/// Length of a line along the ellipsoid, in metres: the sum of [`Point::distance_metres`], at a tenth of its
/// cost.
pub fn line_metres(line: &[Point]) -> f64 {
    let mut scale = Scale::at(f64::from(line.first().map_or(0, |point| point.lat)));
    let mut metres = 0.0;
    for pair in line.windows(2) {
        let middle = f64::midpoint(f64::from(pair[0].lat), f64::from(pair[1].lat));
        if !scale.holds(middle) {
            scale = Scale::at(middle);
        }
        let [per_lon, per_lat] = scale.metres(middle);
        let dx = lon_difference(pair[0].lon, pair[1].lon) as f64 * per_lon;
        let dy = (i64::from(pair[1].lat) - i64::from(pair[0].lat)) as f64 * per_lat;
        metres += (dx * dx + dy * dy).sqrt();
    }
    metres
}

/// Metres per 10⁻⁷ degrees within a belt of latitude: the ellipsoid's radii at its middle and their slope,
/// with an error of 10⁻⁷ at its edges. Belts are fixed on the globe, so a length does not depend on what was
/// measured before.
#[derive(Debug, Clone, Copy)]
struct Scale {
    middle: f64,
    metres: [f64; 2],
    slope: [f64; 2],
}

impl Scale {
    const HALF_BELT: f64 = 270_000.0;

    fn at(latitude: f64) -> Self {
        thread_local! {
            static LAST: std::cell::Cell<Scale> = const {
                std::cell::Cell::new(Scale { middle: f64::INFINITY, metres: [0.0; 2], slope: [0.0; 2] })
            };
        }
        let last = LAST.get();
        if last.holds(latitude) {
            return last;
        }
        let middle = (latitude / (2.0 * Self::HALF_BELT)).round() * 2.0 * Self::HALF_BELT;
        let at = |latitude: f64| {
            let frame = Frame::at_latitude(latitude / UNITS_PER_DEGREE);
            [frame.metres_per_lon, frame.metres_per_lat]
        };
        let (before, beyond) = (at(middle - Self::HALF_BELT), at(middle + Self::HALF_BELT));
        let slope = [0, 1].map(|axis| (beyond[axis] - before[axis]) / (2.0 * Self::HALF_BELT));
        let scale = Self { middle, metres: at(middle), slope };
        LAST.set(scale);
        scale
    }

    #[inline]
    fn holds(&self, latitude: f64) -> bool {
        (latitude - self.middle).abs() < Self::HALF_BELT
    }

    #[inline]
    fn metres(&self, latitude: f64) -> [f64; 2] {
        let off = latitude - self.middle;
        [self.metres[0] + self.slope[0] * off, self.metres[1] + self.slope[1] * off]
    }
}

/// `to − from`, the short way around the globe.
#[inline]
fn lon_difference(from: i32, to: i32) -> i64 {
    let difference = i64::from(to) - i64::from(from);
    if difference > HALF_TURN {
        difference - 2 * HALF_TURN
    } else if difference < -HALF_TURN {
        difference + 2 * HALF_TURN
    } else {
        difference
    }
}

/// Metres east and north of an origin: a tangent plane that is exact at its origin and has an error of 10⁻⁴
/// within some kilometres.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    origin: Point,
    /// Metres per 10⁻⁷ degrees of longitude.
    pub metres_per_lon: f64,
    /// Metres per 10⁻⁷ degrees of latitude.
    pub metres_per_lat: f64,
}

impl Frame {
    /// The frame with an origin.
    pub fn at(origin: Point) -> Self {
        Self { origin, ..Self::at_latitude(f64::from(origin.lat) / UNITS_PER_DEGREE) }
    }

    /// Radii of curvature of the WGS 84 ellipsoid at `degrees` north.
    fn at_latitude(degrees: f64) -> Self {
        const A: f64 = 6_378_137.0;
        const E2: f64 = 0.006_694_379_990_141_316;
        let (sin, cos) = degrees.to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let prime_vertical = A / w2.sqrt();
        let meridian = prime_vertical * (1.0 - E2) / w2;
        let unit = (1.0 / UNITS_PER_DEGREE).to_radians();
        Self {
            origin: Point::default(),
            metres_per_lon: prime_vertical * cos * unit,
            metres_per_lat: meridian * unit,
        }
    }

    /// Converts to metres east and north of the origin.
    #[inline]
    pub fn local(&self, point: Point) -> [f64; 2] {
        let dx = lon_difference(self.origin.lon, point.lon) as f64;
        let dy = (i64::from(point.lat) - i64::from(self.origin.lat)) as f64;
        [dx * self.metres_per_lon, dy * self.metres_per_lat]
    }

    /// Converts from metres east and north of the origin.
    pub fn point(&self, [x, y]: [f64; 2]) -> Point {
        let away = |metres: f64, metres_per_unit: f64| (metres / metres_per_unit).round() as i64;
        let lon = i64::from(self.origin.lon).saturating_add(away(x, self.metres_per_lon));
        let lat = i64::from(self.origin.lat).saturating_add(away(y, self.metres_per_lat));
        let lon = lon.saturating_add(HALF_TURN).rem_euclid(2 * HALF_TURN) - HALF_TURN;
        Point { lon: lon as i32, lat: lat.clamp(-HALF_TURN / 2, HALF_TURN / 2) as i32 }
    }
}

/// A bounding box: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Bounds {
    /// Smallest longitude.
    pub west: i32,
    /// Smallest latitude.
    pub south: i32,
    /// Largest longitude.
    pub east: i32,
    /// Largest latitude.
    pub north: i32,
}

impl Bounds {
    /// The empty box; [`Bounds::include`] extends it.
    pub const EMPTY: Self = Self { west: i32::MAX, south: i32::MAX, east: i32::MIN, north: i32::MIN };

    /// Extends the box to contain `point`.
    #[inline]
    pub fn include(&mut self, point: Point) {
        self.west = self.west.min(point.lon);
        self.east = self.east.max(point.lon);
        self.south = self.south.min(point.lat);
        self.north = self.north.max(point.lat);
    }

    /// The bounding box of `points`.
    pub fn of(points: impl IntoIterator<Item = Point>) -> Self {
        let mut bounds = Self::EMPTY;
        points.into_iter().for_each(|point| bounds.include(point));
        bounds
    }

    /// Whether the box is empty.
    pub fn is_empty(&self) -> bool {
        self.west > self.east
    }

    /// Whether `point` is inside or on the edge.
    pub fn contains(&self, point: Point) -> bool {
        (self.west..=self.east).contains(&point.lon) && (self.south..=self.north).contains(&point.lat)
    }

    /// Whether the boxes share a point.
    pub fn intersects(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// The centre.
    pub fn centre(&self) -> Point {
        Point {
            lon: i64::midpoint(i64::from(self.west), i64::from(self.east)) as i32,
            lat: i64::midpoint(i64::from(self.south), i64::from(self.north)) as i32,
        }
    }

    /// The south-west and north-east corners. As a segment, they represent the box in a
    /// [`SegmentGrid`](crate::grid::SegmentGrid).
    pub fn diagonal(&self) -> (Point, Point) {
        (Point { lon: self.west, lat: self.south }, Point { lon: self.east, lat: self.north })
    }

    /// `[west, south, east, north]` in degrees.
    pub fn degrees(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north].map(|value| f64::from(value) / UNITS_PER_DEGREE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Geodesic};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_agree_with_the_geodesic(lon in -180.0..180.0f64, lat in -80.0..80.0f64, dx in -0.02..0.02f64, dy in -0.02..0.02f64) {
            let a = LonLat { lon, lat };
            let b = LonLat { lon: (lon + dx + 540.0).rem_euclid(360.0) - 180.0, lat: lat + dy };
            let (a, b) = (a.point(), b.point());
            let truth = Geodesic.distance(
                geo::Point::new(a.lon_lat().lon, a.lon_lat().lat),
                geo::Point::new(b.lon_lat().lon, b.lon_lat().lat),
            );
            prop_assert!((a.distance_metres(b) - truth).abs() <= 1e-4 * truth + 1e-6, "{} {truth}", a.distance_metres(b));
        }

        #[test]
        fn lines_are_as_long_as_their_parts(lat in -80.0..80.0f64, steps in prop::collection::vec((-0.01..0.01f64, -0.01..0.01f64), 1..40)) {
            let mut at = LonLat { lon: 126.0, lat };
            let mut line = vec![at.point()];
            for (dx, dy) in steps {
                at = LonLat { lon: at.lon + dx, lat: (at.lat + dy).clamp(-85.0, 85.0) };
                line.push(at.point());
            }
            let parts: f64 = line.windows(2).map(|pair| pair[0].distance_metres(pair[1])).sum();
            prop_assert!((line_metres(&line) - parts).abs() <= 1e-6 * parts + 1e-6);
        }

        #[test]
        fn frames_go_there_and_back(lon in -179.0..179.0f64, lat in -80.0..80.0f64, x in -2000.0..2000.0f64, y in -2000.0..2000.0f64) {
            let frame = Frame::at(LonLat { lon, lat }.point());
            let [bx, by] = frame.local(frame.point([x, y]));
            prop_assert!((bx - x).abs() < 0.02 && (by - y).abs() < 0.02);
        }
    }

    #[test]
    fn east_is_ninety_degrees() {
        let a = LonLat { lon: 126.6, lat: 45.7 }.point();
        let b = LonLat { lon: 126.61, lat: 45.7 }.point();
        assert!((a.bearing_degrees(b) - 90.0).abs() < 0.1);
    }

    #[test]
    fn the_antimeridian_is_no_barrier() {
        let a = LonLat { lon: 179.9999, lat: -17.0 }.point();
        let b = LonLat { lon: -179.9999, lat: -17.0 }.point();
        assert!(a.distance_metres(b) < 30.0);
    }

    #[test]
    fn places_off_the_globe_are_refused() {
        assert!(LonLat::new(181.0, 0.0).is_none() && LonLat::new(0.0, f64::NAN).is_none());
    }
}
