//! Geometries as well-known binary, and their bounding box.

use crate::typed::TableGeometry;
use circle_model::Point;

/// Type codes of OGC Simple Features.
const POINT: u32 = 1;
const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// Appends a geometry, little-endian, longitude first.
///
/// Polygons are always written as a `MultiPolygon`, so that a layer has one geometry type.
pub(crate) fn write_wkb(bytes: &mut Vec<u8>, place: &TableGeometry) {
    match place {
        TableGeometry::Point(point) => {
            write_kind(bytes, POINT);
            write_point(bytes, *point);
        }
        TableGeometry::Polygons(polygons) => {
            write_kind(bytes, MULTI_POLYGON);
            write_count(bytes, polygons.len());
            for rings in polygons.iter() {
                write_kind(bytes, POLYGON);
                write_count(bytes, rings.len());
                for ring in rings {
                    write_count(bytes, ring.len());
                    ring.iter().for_each(|&point| write_point(bytes, point));
                }
            }
        }
    }
}

fn write_kind(bytes: &mut Vec<u8>, kind: u32) {
    bytes.push(1);
    bytes.extend_from_slice(&kind.to_le_bytes());
}

fn write_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend_from_slice(&(count as u32).to_le_bytes());
}

fn write_point(bytes: &mut Vec<u8>, point: Point) {
    let place = point.lon_lat();
    bytes.extend_from_slice(&place.lon.to_le_bytes());
    bytes.extend_from_slice(&place.lat.to_le_bytes());
}

/// A bounding box. It never crosses the 180th meridian, as no city does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    south_west: Point,
    north_east: Point,
}

impl Bounds {
    /// The box around all of `places`; `None` if there is none.
    pub(crate) fn around<'a>(places: impl IntoIterator<Item = &'a TableGeometry>) -> Option<Self> {
        let mut bounds: Option<Self> = None;
        let mut add = |point: Point| {
            let bounds = bounds.get_or_insert(Self { south_west: point, north_east: point });
            bounds.south_west.lon = bounds.south_west.lon.min(point.lon);
            bounds.south_west.lat = bounds.south_west.lat.min(point.lat);
            bounds.north_east.lon = bounds.north_east.lon.max(point.lon);
            bounds.north_east.lat = bounds.north_east.lat.max(point.lat);
        };
        for place in places {
            match place {
                TableGeometry::Point(point) => add(*point),
                // Holes lie within the outer ring.
                TableGeometry::Polygons(polygons) => {
                    polygons.iter().filter_map(|rings| rings.first()).flatten().copied().for_each(&mut add);
                }
            }
        }
        bounds
    }

    /// West, south, east, north in degrees.
    pub(crate) fn degrees(self) -> [f64; 4] {
        let (from, to) = (self.south_west.lon_lat(), self.north_east.lon_lat());
        [from.lon, from.lat, to.lon, to.lat]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::tests::compounds;

    #[test]
    fn a_point_is_21_bytes() {
        let mut bytes = Vec::new();
        write_wkb(&mut bytes, &TableGeometry::Point(Point { lon: 1_266_000_000, lat: 457_500_000 }));
        assert_eq!(bytes[..5], [1, 1, 0, 0, 0]);
        assert_eq!(bytes[5..13], 126.6_f64.to_le_bytes());
        assert_eq!(bytes[13..], 45.75_f64.to_le_bytes());
    }

    #[test]
    fn polygons_keep_their_holes() {
        let table = compounds();
        let mut bytes = Vec::new();
        write_wkb(&mut bytes, table.place(0).unwrap());
        let counts = [(5, 1), (14, 2), (18, 4), (18 + 4 + 64, 4)];
        for (at, count) in counts {
            assert_eq!(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()), count);
        }
        assert_eq!(bytes.len(), 18 + 2 * (4 + 4 * 16));
    }

    #[test]
    fn bounds_contain_points_and_polygons() {
        let table = compounds();
        let bounds = Bounds::around((0..3).filter_map(|row| table.place(row))).unwrap();
        assert_eq!(
            bounds.degrees().map(|edge| (edge * 1e7).round() as i64),
            [1_259_950_000, 450_000_000, 1_260_100_000, 450_200_000]
        );
        assert_eq!(Bounds::around([]), None);
    }
}
