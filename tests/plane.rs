//! Points and polygons of `GeoJSON` in degrees, in an area small enough to be treated as a plane.

use serde_json::Value;

pub(crate) type Place = [f64; 2];
pub(crate) type Ring = Vec<Place>;
/// Polygons, each with its outer ring first, then its holes.
pub(crate) type Shape = Vec<Vec<Ring>>;

/// Reads a `MultiPolygon`.
pub(crate) fn shape(geometry: &Value) -> Shape {
    assert_eq!(geometry["type"], "MultiPolygon");
    serde_json::from_value(geometry["coordinates"].clone()).unwrap()
}

/// Whether a place lies within, by the even-odd rule.
pub(crate) fn contains(shape: &Shape, [x, y]: Place) -> bool {
    let crossings = shape.iter().flatten().flat_map(|ring| ring.windows(2)).filter(|pair| {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
    });
    crossings.count() % 2 == 1
}

/// Twice the area of a ring in square degrees, positive counter-clockwise.
pub(crate) fn doubled_area(ring: &Ring) -> f64 {
    let [x0, y0] = ring[0];
    ring.windows(2).map(|p| (p[0][0] - x0) * (p[1][1] - y0) - (p[1][0] - x0) * (p[0][1] - y0)).sum()
}

/// Area of a shape in square metres.
pub(crate) fn square_metres(shape: &Shape) -> f64 {
    let [east, north] = metres_per_degree(shape[0][0][0][1]);
    shape.iter().flatten().map(doubled_area).sum::<f64>() / 2.0 * east * north
}

/// Metres from a place to the nearest edge of a shape.
pub(crate) fn metres_to_edge(shape: &Shape, place: Place) -> f64 {
    let [east, north] = metres_per_degree(place[1]);
    let local = |p: Place| [(p[0] - place[0]) * east, (p[1] - place[1]) * north];
    let distance = |pair: &[Place]| {
        let ([ax, ay], [bx, by]) = (local(pair[0]), local(pair[1]));
        let (dx, dy) = (bx - ax, by - ay);
        let along = -(ax * dx + ay * dy) / (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
        let along = along.clamp(0.0, 1.0);
        (ax + along * dx).hypot(ay + along * dy)
    };
    shape.iter().flatten().flat_map(|ring| ring.windows(2)).map(distance).fold(f64::INFINITY, f64::min)
}

/// Metres per degree of longitude and of latitude (WGS 84, series expansion of the meridian arc).
pub(crate) fn metres_per_degree(lat: f64) -> [f64; 2] {
    let lat = lat.to_radians();
    [
        111_412.84 * lat.cos() - 93.5 * (3.0 * lat).cos(),
        111_132.92 - 559.82 * (2.0 * lat).cos() + 1.175 * (4.0 * lat).cos(),
    ]
}
