//! Converts stored rings to polygons and to `GeoJSON` geometries.

use circle_model::{
    City, Point,
    city::{RingRole, Span},
};
use geojson::{Geometry, GeometryValue, Position};

/// The geometry of a record: its polygons, else its point.
pub(crate) fn shape_or_point(city: &City, rings: Span, point: Point) -> Geometry {
    polygon_geometry(&polygons(city, rings))
        .unwrap_or_else(|| Geometry::new(GeometryValue::new_point(position(point))))
}

/// Polygons as one geometry; `None` if there is none.
pub(crate) fn polygon_geometry(polygons: &[Vec<Vec<Point>>]) -> Option<Geometry> {
    let positions = |ring: &Vec<Point>| ring.iter().copied().map(position).collect();
    let mut polygons: Vec<Vec<Vec<Position>>> =
        polygons.iter().map(|rings| rings.iter().map(positions).collect()).collect();
    let value = match polygons.len() {
        0 => return None,
        1 => GeometryValue::Polygon { coordinates: polygons.remove(0) },
        _ => GeometryValue::MultiPolygon { coordinates: polygons },
    };
    Some(Geometry::new(value))
}

/// Polygons as a `MultiPolygon`, whatever their number; `None` if there is none.
pub(crate) fn multi_polygon(polygons: &[Vec<Vec<Point>>]) -> Option<Geometry> {
    let mut geometry = polygon_geometry(polygons)?;
    if let GeometryValue::Polygon { coordinates } = geometry.value {
        geometry.value = GeometryValue::MultiPolygon { coordinates: vec![coordinates] };
    }
    Some(geometry)
}

/// Whether [`polygons`] returns any.
pub(crate) fn has_polygons(city: &City, rings: Span) -> bool {
    city.rings_of(rings).iter().any(|ring| is_outer(ring.role) && city.line(ring.line).len() >= 4)
}

fn is_outer(role: u32) -> bool {
    role == u32::from(RingRole::Outer.code())
}

/// A point's position, longitude first.
pub(crate) fn position(point: Point) -> Position {
    let place = point.lon_lat();
    Position::from([place.lon, place.lat])
}

/// Polygons with outer rings counter-clockwise and holes clockwise (RFC 7946).
pub(crate) fn polygons(city: &City, rings: Span) -> Vec<Vec<Vec<Point>>> {
    let mut polygons: Vec<Vec<Vec<Point>>> = Vec::new();
    for ring in city.rings_of(rings) {
        let outer = is_outer(ring.role);
        let inner = ring.role == u32::from(RingRole::Inner.code());
        let line = city.line(ring.line);
        if line.len() < 4 || !(outer || inner) {
            continue;
        }
        let turned = (doubled_area(line) > 0) != outer;
        let line = if turned { line.iter().rev().copied().collect() } else { line.to_vec() };
        match polygons.last_mut() {
            Some(polygon) if inner => polygon.push(line),
            _ if outer => polygons.push(vec![line]),
            _ => {}
        }
    }
    polygons
}

/// Twice the signed area of a ring; positive if it is counter-clockwise.
fn doubled_area(ring: &[Point]) -> i128 {
    let cross = |a: Point, b: Point| {
        i128::from(i64::from(a.lon) * i64::from(b.lat)) - i128::from(i64::from(b.lon) * i64::from(a.lat))
    };
    ring.windows(2).map(|pair| cross(pair[0], pair[1])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Meta, Ring};

    #[test]
    fn outer_rings_are_counter_clockwise_and_holes_clockwise() {
        let at = |lon, lat| Point { lon, lat };
        let clockwise = [at(0, 0), at(0, 90), at(90, 90), at(90, 0), at(0, 0)];
        let hole = [at(10, 10), at(20, 10), at(20, 20), at(10, 10)];
        let points: Vec<Point> = clockwise.into_iter().chain(hole).collect();
        let rings = vec![
            Ring { line: Span { start: 0, len: 5 }, role: u32::from(RingRole::Outer.code()) },
            Ring { line: Span { start: 5, len: 4 }, role: u32::from(RingRole::Inner.code()) },
        ];
        let city = City::from_tables(CityTables { points, rings, ..CityTables::default() }, &Meta::default())
            .unwrap();
        let geometry = shape_or_point(&city, Span { start: 0, len: 2 }, at(1, 1));
        let GeometryValue::Polygon { coordinates } = geometry.value else { panic!("not a polygon") };
        assert_eq!(coordinates[0][1].as_slice(), [90.0 / 1e7, 0.0]);
        assert_eq!(coordinates[1][1].as_slice(), [20.0 / 1e7, 20.0 / 1e7]);
        let of = |rings| multi_polygon(&polygons(&city, rings));
        let outline = Span { start: 0, len: 2 };
        let GeometryValue::MultiPolygon { coordinates: several } = of(outline).unwrap().value else {
            panic!("not a multipolygon")
        };
        assert_eq!(several, [coordinates]);
        assert!(of(Span::default()).is_none());
        let hole_alone = Span { start: 1, len: 1 };
        assert_eq!([outline, hole_alone].map(|rings| has_polygons(&city, rings)), [true, false]);
        let point = shape_or_point(&city, Span::default(), at(1, 1));
        assert_eq!(point.value.type_name(), "Point");
    }
}
