//! Encodes features as a tile.

use super::layers::{Attribute, TileLayer};
use super::project::{BUFFER, EXTENT, LAST_ZOOM, TileFrame};
use crate::written::written;
use circle_model::clip::Window;
use circle_model::simplify::simplify;
use circle_model::{
    City, Point,
    city::{MapFeature, MapFeatureFlags, RingRole},
};
use mvt::{GeomData, GeomEncoder, GeomType, Tile};

/// Twice the minimum area drawn below the last zoom, in square tile units: half a pixel.
const LEAST_DOUBLED_AREA: i64 = 64;
/// Tolerance of simplification below the last zoom, in tile units: a quarter of a pixel.
const TOLERANCE: f64 = 2.0;

/// The clipping window: the tile with its buffer.
const TILE: Window = Window { low: [-BUFFER; 2], high: [EXTENT + BUFFER; 2] };

type Grid = [i32; 2];

/// Encodes the features `rows`, in that order within each layer; empty if nothing is left.
pub(super) fn tile(city: &City, frame: &TileFrame, rows: &[u32]) -> Vec<u8> {
    let mut tile = Tile::new(EXTENT as u32);
    for layer in TileLayer::ALL {
        let mut drawn = tile.create_layer(layer.name());
        for &row in rows {
            let feature = &city.features()[row as usize];
            if TileLayer::of(feature.map_kind()) != layer {
                continue;
            }
            // The encoder rejects only numbers that are not finite; clipped ones always are finite.
            let Ok(Some(geometry)) = geometry(city, frame, layer, feature) else { continue };
            let mut of_feature = drawn.into_feature(geometry);
            for attribute in layer.attributes() {
                add_attribute(&mut of_feature, city, feature, *attribute);
            }
            drawn = of_feature.into_layer();
        }
        if drawn.num_features() > 0 {
            written(tile.add_layer(drawn));
        }
    }
    written(tile.to_bytes())
}

fn add_attribute(drawn: &mut mvt::Feature, city: &City, feature: &MapFeature, attribute: Attribute) {
    let (key, text) = match attribute {
        Attribute::Class => ("class", feature.class),
        Attribute::Name => ("name", feature.name),
        Attribute::NameEn => ("name_en", feature.name_en),
        Attribute::Level => {
            if feature.layer != 0 {
                drawn.add_tag_int("level", i64::from(feature.layer));
            }
            return;
        }
        Attribute::Tunnel | Attribute::Bridge => {
            let (key, flag) = match attribute {
                Attribute::Tunnel => ("tunnel", MapFeatureFlags::TUNNEL),
                _ => ("bridge", MapFeatureFlags::BRIDGE),
            };
            if feature.has(flag) {
                drawn.add_tag_bool(key, true);
            }
            return;
        }
    };
    if let Some(text) = city.text_or_none(text) {
        drawn.add_tag_string(key, text);
    }
}

fn geometry(
    city: &City,
    frame: &TileFrame,
    layer: TileLayer,
    feature: &MapFeature,
) -> Result<Option<GeomData>, mvt::Error> {
    let rings = city.rings_of(feature.rings);
    let Some(first) = rings.iter().find_map(|ring| city.line(ring.line).first().copied()) else {
        return Ok(None);
    };
    match (layer, RingRole::from_code(rings[0].role as u8)) {
        (TileLayer::Names, _) | (_, RingRole::Point) => point(frame, label_point(city, feature, first)),
        // Closed walls and fences are drawn as lines.
        (TileLayer::Barriers | TileLayer::Ways | TileLayer::Railways | TileLayer::Waterways, _) => {
            lines(city, frame, first, feature)
        }
        // A closed line is the outline of an area, such as a lawn with a path around it; an open one has no
        // area.
        (_, RingRole::Line) if !rings.iter().all(|ring| is_closed(city.line(ring.line))) => Ok(None),
        _ => polygons(city, frame, first, feature),
    }
}

fn is_closed(line: &[Point]) -> bool {
    line.len() > 3 && line.first() == line.last()
}

/// Position of a name: the feature's point, else the centre of its box.
fn label_point(city: &City, feature: &MapFeature, first: Point) -> Point {
    let is_point = |role: u32| role == u32::from(RingRole::Point.code());
    if city.rings_of(feature.rings).iter().any(|ring| is_point(ring.role)) {
        first
    } else {
        feature.bounds.centre()
    }
}

fn point(frame: &TileFrame, point: Point) -> Result<Option<GeomData>, mvt::Error> {
    let at = frame.project(point, &[point])[0];
    if !TILE.holds(at) {
        return Ok(None);
    }
    let [x, y] = round(at);
    GeomEncoder::new(GeomType::Point).point(x, y)?.encode().map(Some)
}

fn lines(
    city: &City,
    frame: &TileFrame,
    first: Point,
    feature: &MapFeature,
) -> Result<Option<GeomData>, mvt::Error> {
    let mut encoder = GeomEncoder::new(GeomType::Linestring);
    let mut drawn = false;
    for ring in city.rings_of(feature.rings) {
        let projected = simplify(&frame.project(first, city.line(ring.line)), tolerance(frame));
        for part in TILE.line(&projected) {
            let part = on_grid(&part);
            if part.len() < 2 {
                continue;
            }
            for [x, y] in part {
                encoder.add_point(x, y)?;
            }
            encoder.complete_geom()?;
            drawn = true;
        }
    }
    encode(encoder, drawn)
}

fn polygons(
    city: &City,
    frame: &TileFrame,
    first: Point,
    feature: &MapFeature,
) -> Result<Option<GeomData>, mvt::Error> {
    let mut encoder = GeomEncoder::new(GeomType::Polygon);
    let mut last: Option<Grid> = None;
    let mut outer_drawn = false;
    for ring in city.rings_of(feature.rings) {
        let is_inner = ring.role == u32::from(RingRole::Inner.code());
        if is_inner && !outer_drawn {
            continue;
        }
        let projected = simplify(&frame.project(first, city.line(ring.line)), tolerance(frame));
        let mut points = on_grid(&TILE.ring(&projected));
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let area = doubled_area(&points);
        let drawn = points.len() >= 3 && area.abs() >= least_doubled_area(frame);
        outer_drawn = if is_inner { outer_drawn } else { drawn };
        if !drawn {
            continue;
        }
        // In MVT (y downwards) an outer ring has a positive area, a hole a negative one.
        if (area < 0) != is_inner {
            points.reverse();
        }
        // The encoder would join a ring that starts where the last one ended.
        if Some(points[0]) == last {
            points.rotate_left(1);
        }
        for [x, y] in &points {
            encoder.add_point(*x, *y)?;
        }
        encoder.complete_geom()?;
        last = points.last().copied();
    }
    encode(encoder, last.is_some())
}

fn encode(encoder: GeomEncoder<i32>, drawn: bool) -> Result<Option<GeomData>, mvt::Error> {
    if drawn { encoder.encode().map(Some) } else { Ok(None) }
}

fn tolerance(frame: &TileFrame) -> f64 {
    if frame.z < LAST_ZOOM { TOLERANCE } else { 0.0 }
}

fn least_doubled_area(frame: &TileFrame) -> i64 {
    if frame.z < LAST_ZOOM { LEAST_DOUBLED_AREA } else { 1 }
}

fn round([x, y]: [f64; 2]) -> Grid {
    [x.round() as i32, y.round() as i32]
}

/// Rounds to whole tile units and removes repeated points.
fn on_grid(line: &[[f64; 2]]) -> Vec<Grid> {
    let mut points: Vec<Grid> = line.iter().copied().map(round).collect();
    points.dedup();
    points
}

/// Twice the signed area of a ring without its closing point.
fn doubled_area(ring: &[Grid]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross =
        |(a, b): (&Grid, &Grid)| i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]);
    ring.iter().zip(next).map(cross).sum()
}
