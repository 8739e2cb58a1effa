//! Repairs outlines of own files: closes rings, drops repeated corners, and cuts polygons that cross
//! themselves.

use super::areas::{Area, assemble, twice_area};
use super::boxes::Boxes;
use circle_model::coordinates::Bounds;
use circle_model::{LonLat, Point};
use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon};

/// Projects the polygons of a file to WGS 84; `None` if a corner is not on the globe.
pub(crate) fn project_outline(
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

/// Makes the polygons of an area valid. Returns also a point where the area crossed itself.
///
/// # Errors
/// If it crosses itself too often, or has too many corners to be checked.
pub(crate) fn mend_outline(area: Area) -> Result<(Area, Option<Point>), String> {
    let sides: usize = area.polygons.iter().flatten().map(Vec::len).sum();
    if sides > MOST_SIDES || area.polygons.iter().map(Vec::len).sum::<usize>() > MOST_RINGS {
        return Err(format!(
            "its outline has more than {MOST_SIDES} corners or {MOST_RINGS} rings; simplify it"
        ));
    }
    let mut budget = MOST_COMPARED;
    let mut first = None;
    let (mut valid, mut crossed) = (Vec::new(), Vec::new());
    for polygon in area.polygons {
        match crossings(&polygon, &mut budget)? {
            // A bow tie has no signed area but crosses itself; a polygon without area and without crossing is
            // a line.
            None if twice_area(&polygon[0]) != 0 => valid.push(polygon),
            None => {}
            Some(at) => {
                first = first.or(Some(at));
                crossed.push(polygon);
            }
        }
    }
    if crossed.is_empty() {
        return Ok((Area { polygons: valid, open: Vec::new() }, None));
    }
    let coordinate = |point: &Point| {
        let place = point.lon_lat();
        Coord { x: place.lon, y: place.lat }
    };
    let ring = |ring: &Vec<Point>| LineString(ring.iter().map(coordinate).collect());
    let back = |ring: &LineString| -> Vec<Point> {
        ring.0.iter().filter_map(|corner| LonLat::new(corner.x, corner.y)).map(LonLat::point).collect()
    };
    // By the even–odd rule, one polygon at a time: all at once takes time quadratic in their count.
    for polygon in &crossed {
        let outline = Polygon::new(ring(&polygon[0]), polygon[1..].iter().map(ring).collect());
        let parts = MultiPolygon::new(Vec::new()).union(&MultiPolygon::new(vec![outline]));
        let rings = parts.iter().flat_map(|part| {
            std::iter::once(part.exterior()).chain(part.interiors()).map(back).collect::<Vec<_>>()
        });
        valid.extend(assemble(rings.collect()).polygons);
    }
    Ok((Area { polygons: valid, open: Vec::new() }, first))
}

/// Limit of corners of an outline; a coastline has fewer.
const MOST_SIDES: usize = 200_000;
/// Limit of rings of an outline.
const MOST_RINGS: usize = 5_000;
/// Limit of pairs of sides that are compared.
const MOST_COMPARED: usize = 10_000_000;
/// Limit of crossings of a polygon that are repaired.
const MOST_CROSSINGS: usize = 200;

/// The first crossing of sides of a polygon. Sides that only touch do not cross.
fn crossings(polygon: &[Vec<Point>], budget: &mut usize) -> Result<Option<Point>, String> {
    let sides: Vec<(Point, Point)> =
        polygon.iter().flat_map(|ring| ring.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    if sides.len() < 4 {
        return Ok(None);
    }
    let bounds = |(a, b): &(Point, Point)| Bounds::of([*a, *b]);
    let boxes = Boxes::new(sides.iter().map(bounds));
    let (mut first, mut count) = (None, 0);
    for (number, side) in sides.iter().enumerate() {
        let meeting = boxes.some_meeting(&bounds(side), *budget);
        *budget -= meeting.len();
        for other in meeting.into_iter().map(|other| other as usize).filter(|other| *other > number) {
            if let Some(at) = cross(side.0, side.1, sides[other].0, sides[other].1) {
                first = first.or(Some(at));
                count += 1;
            }
        }
        if count > MOST_CROSSINGS {
            return Err(format!(
                "its outline crosses itself more than {MOST_CROSSINGS} times; draw it again"
            ));
        }
        if *budget == 0 {
            return Err("its outline is too complex to check; simplify it".to_owned());
        }
    }
    Ok(first)
}

/// Where two sides cross, strictly inside both.
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
    use crate::geometry::polygons_square_metres;

    fn area(corners: &[[f64; 2]]) -> Area {
        let wgs84 =
            |[lon, lat]: [f64; 2]| LonLat::new(126.0 + lon / 1000.0, 45.0 + lat / 1000.0).map(LonLat::point);
        project_outline(&[vec![corners.to_vec()]], &wgs84).unwrap()
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles() {
        let (mended, at) = mend_outline(area(&[[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]])).unwrap();
        let at = at.unwrap().lon_lat();
        assert!((at.lon - 126.001).abs() < 1e-6 && (at.lat - 45.001).abs() < 1e-6, "{at:?}");
        assert_eq!(mended.polygons.len(), 2);
        let square = area(&[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
        let (half, whole) =
            (polygons_square_metres(&mended.polygons), polygons_square_metres(&square.polygons));
        assert!((half / whole - 0.5).abs() < 1e-3, "{half} {whole}");
    }

    #[test]
    fn valid_outlines_are_unchanged_and_lines_have_no_area() {
        let (square, at) =
            mend_outline(area(&[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]])).unwrap();
        assert_eq!((square.polygons[0][0].len(), at), (5, None));
        let (line, at) = mend_outline(area(&[[0.0, 0.0], [2.0, 0.0], [1.0, 0.0]])).unwrap();
        assert!(line.polygons.is_empty() && at.is_none());
    }

    #[test]
    fn outlines_with_too_many_crossings_are_rejected() {
        let corner = |step: u32| {
            let turn = f64::from(step * 200 % 401) / 401.0 * std::f64::consts::TAU;
            [turn.cos(), turn.sin()]
        };
        let star: Vec<[f64; 2]> = (0..401).map(corner).collect();
        assert!(mend_outline(area(&star)).unwrap_err().contains("more than 200 times"));
    }

    #[test]
    fn outlines_with_corners_off_the_globe_are_rejected() {
        let nowhere = |_: [f64; 2]| None;
        assert!(project_outline(&[vec![vec![[0.0, 0.0]; 4]]], &nowhere).is_none());
    }
}
