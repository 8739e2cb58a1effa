//! Writes coordinates straight from stored points: whole numbers in, decimal text out.
//!
//! A large isochrone has thousands of them and must not take a millisecond, so no floats are formatted.

use circle_model::Point;
use circle_reach::ReachedLine;

const HALF_TURN: i64 = 1_800_000_000;
const FULL_TURN: i64 = 2 * HALF_TURN;

/// Writes `GeoJSON` positions, longitude first, up to 7 decimals, trailing zeros trimmed.
///
/// A shape that crosses the antimeridian goes on beyond ±180° instead of jumping round the globe:
/// longitudes are those nearest to the shape's first point.
pub(crate) struct CoordinateWriter<'a> {
    out: &'a mut Vec<u8>,
    first_lon: Option<i64>,
}

impl<'a> CoordinateWriter<'a> {
    pub(crate) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, first_lon: None }
    }

    /// `[[[lon,lat],…],…]` for a list of polygons, each a list of rings.
    pub(crate) fn polygons(&mut self, polygons: &[Vec<Vec<Point>>]) {
        self.list(polygons, |writer, rings| writer.list(rings, |writer, ring| writer.line(ring)));
    }

    /// `[[lon,lat],…]` for each of several lines or rings.
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
        self.out.push(b'[');
        write_degrees(self.out, lon);
        self.out.push(b',');
        write_degrees(self.out, i64::from(point.lat));
        self.out.push(b']');
    }
}

/// Writes 10⁻⁷ degrees as degrees.
fn write_degrees(out: &mut Vec<u8>, value: i64) {
    const DECIMALS: usize = 7;
    let mut digits = [b'0'; 20];
    let mut rest = value.unsigned_abs();
    let mut start = digits.len();
    // At least the seven decimals and one digit before them.
    while rest > 0 || start > digits.len() - DECIMALS - 1 {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let mut end = digits.len();
    let point = end - DECIMALS;
    while end > point && digits[end - 1] == b'0' {
        end -= 1;
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..point]);
    if end > point {
        out.push(b'.');
        out.extend_from_slice(&digits[point..end]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geojson::{Geometry, GeometryValue};

    fn degrees(value: i64) -> String {
        let mut out = Vec::new();
        write_degrees(&mut out, value);
        String::from_utf8(out).unwrap()
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
    fn the_geojson_crate_reads_the_same_places() {
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
    fn shapes_go_on_beyond_the_antimeridian() {
        let mut out = Vec::new();
        let [east, west] = [1_799_000_000, -1_799_000_000].map(|lon| Point { lon, lat: 0 });
        let line = |line: Vec<Point>| ReachedLine { line, times: Vec::new() };
        CoordinateWriter::new(&mut out).lines(&[line(vec![east, west]), line(vec![west])]);
        assert_eq!(String::from_utf8(out).unwrap(), "[[[179.9,0],[180.1,0]],[[180.1,0]]]");
    }
}
