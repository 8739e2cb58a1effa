//! Writes the coordinates of stored points as decimal text, without floating-point numbers.
//!
//! A large isochrone has thousands of them and must be written in under a millisecond.

use circle_model::Point;
use circle_reach::ReachedLine;

const HALF_TURN: i64 = 1_800_000_000;
const FULL_TURN: i64 = 2 * HALF_TURN;

/// Writes `GeoJSON` positions, longitude first, with up to 7 decimals and without trailing zeros.
///
/// A shape that crosses the antimeridian continues beyond ±180°: its longitudes are those nearest to its
/// first point.
pub(crate) struct CoordinateWriter<'a> {
    out: &'a mut Vec<u8>,
    first_lon: Option<i64>,
}

impl<'a> CoordinateWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first_lon: None }
    }

    /// Writes `[[[lon,lat],…],…]` for a list of polygons, each a list of rings.
    pub(crate) fn polygons(&mut self, polygons: &[Vec<Vec<Point>>]) {
        self.list(polygons, |writer, rings| writer.list(rings, |writer, ring| writer.line(ring)));
    }

    /// Writes `[[lon,lat],…]` for each of several lines or rings.
    pub(crate) fn lines(&mut self, lines: &[ReachedLine]) {
        self.list(lines, |writer, line| writer.line(&line.line));
    }

    fn line(&mut self, line: &[Point]) {
        self.list(line, |writer, point| writer.position(*point));
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(self, item);
        }
        self.out.push(b']');
    }

    fn position(&mut self, point: Point) {
        let mut lon = i64::from(point.lon);
        let first = *self.first_lon.get_or_insert(lon);
        if lon - first > HALF_TURN {
            lon -= FULL_TURN;
        } else if lon - first < -HALF_TURN {
            lon += FULL_TURN;
        }
        // At most 26 characters: [-179.1234567,-89.1234567]
        let mut text = [0; 32];
        text[0] = b'[';
        let mut end = write_degrees(&mut text, 1, lon);
        text[end] = b',';
        end = write_degrees(&mut text, end + 1, i64::from(point.lat));
        text[end] = b']';
        self.out.extend_from_slice(&text[..=end]);
    }
}

/// The digits of 0 to 99: writing two digits at a time halves the divisions.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// Writes 10⁻⁷ degrees as degrees from a position on, without trailing zeros, and returns the position of the
/// end. Longitudes beyond the antimeridian are below 541 degrees.
fn write_degrees(text: &mut [u8; 32], mut at: usize, value: i64) -> usize {
    const SCALE: u64 = 10_000_000;
    if value < 0 {
        text[at] = b'-';
        at += 1;
    }
    let (whole, decimals) = (value.unsigned_abs() / SCALE, (value.unsigned_abs() % SCALE) as u32);
    let whole = (whole % 1000) as usize;
    if whole >= 100 {
        text[at] = b'0' + (whole / 100) as u8;
        at += 1;
    }
    if whole >= 10 {
        text[at..at + 2].copy_from_slice(&PAIRS[whole % 100]);
        at += 2;
    } else {
        text[at] = b'0' + whole as u8;
        at += 1;
    }
    if decimals == 0 {
        return at;
    }
    text[at] = b'.';
    let (upper, lower) = (decimals / 1000, decimals % 1000);
    text[at + 1..at + 3].copy_from_slice(&PAIRS[(upper / 100) as usize]);
    text[at + 3..at + 5].copy_from_slice(&PAIRS[(upper % 100) as usize]);
    text[at + 5..at + 7].copy_from_slice(&PAIRS[(lower / 10) as usize]);
    text[at + 7] = b'0' + (lower % 10) as u8;
    at += 8;
    while text[at - 1] == b'0' {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use geojson::{Geometry, GeometryValue};

    fn degrees(value: i64) -> String {
        let mut text = [0; 32];
        let end = write_degrees(&mut text, 0, value);
        String::from_utf8(text[..end].to_vec()).unwrap()
    }

    #[test]
    fn degrees_are_exact_and_short() {
        for (value, text) in [
            (0, "0"),
            (1, "0.0000001"),
            (-1, "-0.0000001"),
            (5_000_000, "0.5"),
            (1_266_400_000, "126.64"),
            (-1_800_000_000, "-180"),
            (1_234_567_891, "123.4567891"),
            (3_599_999_999, "359.9999999"),
        ] {
            assert_eq!(degrees(value), text);
        }
    }

    #[test]
    fn the_geojson_crate_parses_the_same_positions() {
        let mut lon = 17i32;
        let points: Vec<Point> = (0..2000)
            .map(|_| {
                lon = lon.wrapping_mul(1_103_515_245).wrapping_add(12_345);
                Point { lon: 1_266_000_000 + lon % 1_000_000, lat: lon % 900_000_000 }
            })
            .collect();
        let mut text = br#"{"type":"MultiPolygon","coordinates":"#.to_vec();
        CoordinateWriter::new(&mut text).polygons(&[vec![points.clone()]]);
        text.push(b'}');
        let geometry: Geometry = String::from_utf8(text).unwrap().parse().unwrap();
        let GeometryValue::MultiPolygon { coordinates } = geometry.value else {
            panic!("not a multipolygon")
        };
        assert_eq!(coordinates[0][0].len(), points.len());
        for (position, point) in coordinates[0][0].iter().zip(&points) {
            assert_eq!(position.as_slice(), [point.lon_lat().lon, point.lon_lat().lat]);
        }
    }

    #[test]
    fn shapes_continue_beyond_the_antimeridian() {
        let mut out = Vec::new();
        let [east, west] = [1_799_000_000, -1_799_000_000].map(|lon| Point { lon, lat: 0 });
        let line = |line: Vec<Point>| ReachedLine { line, times: Vec::new() };
        CoordinateWriter::new(&mut out).lines(&[line(vec![east, west]), line(vec![west])]);
        assert_eq!(String::from_utf8(out).unwrap(), "[[[179.9,0],[180.1,0]],[[180.1,0]]]");
    }
}
