//! Outlines of own files: closed, without repeated corners, cut where they cross themselves.

use crate::areas::{Area, assemble, twice_area};
use circle_model::coordinates::Bounds;
use circle_model::grid::SegmentGrid;
use circle_model::{LonLat, Point};
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};

/// Polygons of a file as an area on the globe; `None` where a corner has no place there.
pub(super) fn project(
    polygons: &[Vec<Vec<[f64; 2]>>],
    wgs84: &impl Fn([f64; 2]) -> Option<Point>,
) -> Option<Area> {
    let mut area = Area::default();
    for polygon in polygons {
        let mut rings = Vec::with_capacity(polygon.len());
        for ring in polygon {
            let mut corners = ring.iter().map(|corner| wgs84(*corner)).collect::<Option<Vec<Point>>>()?;
            corners.dedup();
            if corners.len() > 1 && corners.first() != corners.last() {
                corners.push(corners[0]);
            }
            if corners.len() > 3 {
                rings.push(corners);
            }
        }
        if !rings.is_empty() {
            area.polygons.push(rings);
        }
    }
    Some(area)
}

/// The same area with polygons that are valid, and a place where it crossed itself.
pub(super) fn mend(area: Area) -> (Area, Option<Point>) {
    let Some(at) = area.polygons.iter().find_map(|polygon| crossing(polygon)) else {
        // A bow-tie has no area, yet does cross itself; what is left without one is a line.
        let polygons = area.polygons.into_iter().filter(|polygon| twice_area(&polygon[0]) != 0).collect();
        return (Area { polygons, open: Vec::new() }, None);
    };
    let coordinate = |point: &Point| {
        let place = point.lon_lat();
        Coord { x: place.lon, y: place.lat }
    };
    let ring = |ring: &Vec<Point>| LineString(ring.iter().map(coordinate).collect());
    let polygons = area
        .polygons
        .iter()
        .map(|polygon| Polygon::new(ring(&polygon[0]), polygon[1..].iter().map(ring).collect()));
    // By the even–odd rule a lap that overlaps another one is a hole; so every polygon is resolved by itself.
    let whole = polygons
        .fold(MultiPolygon::new(Vec::new()), |whole, polygon| whole.union(&MultiPolygon::new(vec![polygon])));
    let back = |ring: &LineString| -> Vec<Point> {
        ring.0.iter().filter_map(|corner| LonLat::new(corner.x, corner.y)).map(LonLat::point).collect()
    };
    let rings = whole.iter().flat_map(|polygon| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(back).collect::<Vec<_>>()
    });
    (assemble(rings.collect()), Some(at))
}

/// Where sides of a polygon cross: not where they only touch.
fn crossing(polygon: &[Vec<Point>]) -> Option<Point> {
    let sides: Vec<(Point, Point)> =
        polygon.iter().flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    if sides.len() < 4 {
        return None;
    }
    let grid = SegmentGrid::build(sides.iter().copied(), 50.0);
    sides.iter().enumerate().find_map(|(number, (a, b))| {
        let mut found = None;
        grid.visit(&Bounds::of([*a, *b]), |side| {
            if side.id as usize > number {
                found = cross(*a, *b, side.a, side.b);
            }
            found.is_none()
        });
        found
    })
}

/// Where two sides cross within both, strictly.
fn cross(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let turn = |p: Point, q: Point, r: Point| {
        let (px, py) = (i128::from(p.lon), i128::from(p.lat));
        (i128::from(q.lon) - px) * (i128::from(r.lat) - py)
            - (i128::from(q.lat) - py) * (i128::from(r.lon) - px)
    };
    let (c_side, d_side) = (turn(a, b, c), turn(a, b, d));
    let (a_side, b_side) = (turn(c, d, a), turn(c, d, b));
    let opposite = |one: i128, other: i128| (one > 0 && other < 0) || (one < 0 && other > 0);
    if !opposite(c_side, d_side) || !opposite(a_side, b_side) {
        return None;
    }
    let share = c_side as f64 / (c_side - d_side) as f64;
    let along =
        |from: i32, to: i32| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as i32;
    Some(Point { lon: along(c.lon, d.lon), lat: along(c.lat, d.lat) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::areas::polygons_square_metres;

    fn area(corners: &[[f64; 2]]) -> Area {
        let wgs84 =
            |[lon, lat]: [f64; 2]| LonLat::new(126.0 + lon / 1000.0, 45.0 + lat / 1000.0).map(LonLat::point);
        project(&[vec![corners.to_vec()]], &wgs84).unwrap()
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles() {
        let (mended, at) = mend(area(&[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]]));
        let at = at.unwrap().lon_lat();
        assert!((at.lon - 126.001).abs() < 1e-6 && (at.lat - 45.001).abs() < 1e-6, "{at:?}");
        assert_eq!(mended.polygons.len(), 2);
        let square = area(&[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
        let (half, whole) =
            (polygons_square_metres(&mended.polygons), polygons_square_metres(&square.polygons));
        assert!((half / whole - 0.5).abs() < 1e-3, "{half} {whole}");
    }

    #[test]
    fn plain_outlines_stay_and_lines_are_no_area() {
        let (square, at) = mend(area(&[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]));
        assert_eq!((square.polygons[0][0].len(), at), (5, None));
        let (line, at) = mend(area(&[[0.0, 0.0], [2.0, 0.0], [1.0, 0.0]]));
        assert!(line.polygons.is_empty() && at.is_none());
    }

    #[test]
    fn corners_off_the_globe_are_no_outline() {
        let nowhere = |_: [f64; 2]| None;
        assert!(project(&[vec![vec![[0.0, 0.0]; 4]]], &nowhere).is_none());
    }
}
