//! Whole tiles of a small city, decoded and checked.

use super::TileIndex;
use super::decode::{DecodedFeature, DecodedLayer, decode};
use circle_model::{
    City, Point,
    city::{CityTables, MapFeature, MapFeatureFlags, MapKind, Meta, Ring, RingRole, Span},
    coordinates::Bounds,
};
use zerocopy::FromZeros;

const HARBIN: Point = Point { lon: 1_266_400_000, lat: 457_500_000 };

#[derive(Default)]
struct Sketch(CityTables);

impl Sketch {
    fn text(&mut self, text: &str) -> Span {
        let start = self.0.texts.len() as u32;
        self.0.texts.extend_from_slice(text.as_bytes());
        Span { start, len: text.len() as u32 }
    }

    fn add(
        &mut self,
        kind: MapKind,
        class: &str,
        name: &str,
        flags: MapFeatureFlags,
        rings: &[(RingRole, Vec<Point>)],
    ) {
        let span = Span { start: self.0.rings.len() as u32, len: rings.len() as u32 };
        for (role, line) in rings {
            let line_span = Span { start: self.0.points.len() as u32, len: line.len() as u32 };
            self.0.points.extend_from_slice(line);
            self.0.rings.push(Ring { line: line_span, role: u32::from(role.code()) });
        }
        let (class, name) = (self.text(class), self.text(name));
        let bounds = Bounds::of(rings.iter().flat_map(|(_, line)| line.iter().copied()));
        let feature = MapFeature {
            bounds,
            name,
            class,
            rings: span,
            kind: kind.code(),
            flags,
            ..MapFeature::new_zeroed()
        };
        self.0.features.push(feature);
    }

    fn index(self) -> TileIndex {
        TileIndex::build(&City::from_tables(self.0, &Meta::default()).unwrap())
    }
}

fn offset(x: i32, y: i32) -> Point {
    Point { lon: HARBIN.lon + x, lat: HARBIN.lat + y }
}

fn square(side: i32) -> Vec<Point> {
    vec![
        offset(-side, -side),
        offset(side, -side),
        offset(side, side),
        offset(-side, side),
        offset(-side, -side),
    ]
}

fn small_city() -> TileIndex {
    let mut sketch = Sketch::default();
    let hole: Vec<Point> = square(40_000).into_iter().rev().collect();
    let island = square(20_000);
    sketch.add(
        MapKind::Green,
        "park",
        "太阳岛",
        MapFeatureFlags::empty(),
        // Clockwise outer rings and two polygons: the encoder has to correct the winding.
        &[
            (RingRole::Outer, square(4_000_000).into_iter().rev().collect()),
            (RingRole::Inner, hole),
            (RingRole::Outer, island),
        ],
    );
    sketch.add(MapKind::Building, "yes", "", MapFeatureFlags::empty(), &[(RingRole::Outer, square(1_500))]);
    sketch.add(MapKind::Building, "yes", "", MapFeatureFlags::empty(), &[(RingRole::Outer, square(2))]);
    let wave = (-500..500).map(|step| offset(step * 5_000, (step % 7) * 100)).collect();
    sketch.add(MapKind::Way, "primary", "中山路", MapFeatureFlags::TUNNEL, &[(RingRole::Line, wave)]);
    sketch.add(
        MapKind::Way,
        "footway",
        "",
        MapFeatureFlags::empty(),
        &[(RingRole::Line, vec![offset(0, 0), offset(900, 900)])],
    );
    sketch.add(MapKind::Barrier, "wall", "", MapFeatureFlags::empty(), &[(RingRole::Outer, square(3_000))]);
    sketch.add(
        MapKind::Place,
        "city",
        "哈尔滨",
        MapFeatureFlags::empty(),
        &[(RingRole::Point, vec![HARBIN])],
    );
    sketch.index()
}

fn at(z: u32, point: Point) -> (u32, u32) {
    let n = f64::from(1u32 << z);
    let place = point.lon_lat();
    let y = 0.5 - place.lat.to_radians().tan().asinh() / (2.0 * std::f64::consts::PI);
    (((place.lon + 180.0) / 360.0 * n) as u32, (y * n) as u32)
}

fn layers(index: &TileIndex, z: u32) -> Vec<DecodedLayer> {
    let (x, y) = at(z, HARBIN);
    decode(&index.tile(z, x, y).unwrap())
}

fn layer<'a>(layers: &'a [DecodedLayer], name: &str) -> Option<&'a DecodedLayer> {
    layers.iter().find(|layer| layer.name == name)
}

fn doubled_area(ring: &[[i64; 2]]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

fn parts(layers: &[DecodedLayer]) -> impl Iterator<Item = (&DecodedFeature, &Vec<[i64; 2]>)> {
    layers
        .iter()
        .flat_map(|layer| &layer.features)
        .flat_map(|feature| feature.parts.iter().map(move |part| (feature, part)))
}

#[test]
fn every_tile_decodes_and_stays_within_its_buffer() {
    let index = small_city();
    let mut tiles = 0;
    for z in TileIndex::FIRST_ZOOM..=TileIndex::LAST_ZOOM {
        let (x, y) = at(z, HARBIN);
        for (x, y) in [(x, y), (x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)] {
            let layers = decode(&index.tile(z, x, y).unwrap());
            for layer in &layers {
                assert_eq!((layer.version, layer.extent), (2, 4096));
                assert!(!layer.features.is_empty());
            }
            for (feature, part) in parts(&layers) {
                tiles += 1;
                assert!(part.len() >= feature.kind as usize, "{feature:?}");
                assert!(
                    part.iter().flatten().all(|value| (-64..=4160).contains(value)),
                    "{z}/{x}/{y} {part:?}"
                );
            }
        }
    }
    assert!(tiles > 40, "{tiles}");
}

#[test]
fn outer_rings_are_positive_and_holes_negative() {
    let layers = layers(&small_city(), 13);
    let park = &layer(&layers, "green").unwrap().features[0];
    let signs: Vec<i64> = park.parts.iter().map(|ring| doubled_area(ring).signum()).collect();
    assert_eq!(signs, [1, -1, 1]);
}

#[test]
fn attributes_are_strings() {
    let layers = layers(&small_city(), 15);
    let tags = |name: &str| layer(&layers, name).unwrap().features[0].tags.clone();
    assert_eq!(tags("names")["name"], "哈尔滨");
    assert_eq!(tags("green")["class"], "park");
    assert_eq!((&*tags("ways")["class"], &*tags("ways")["tunnel"]), ("primary", "true"));
    assert!(!tags("ways").contains_key("bridge") && !tags("ways").contains_key("name_en"));
    assert_eq!(layer(&layers, "barriers").unwrap().features[0].kind, 2);
}

#[test]
fn detail_increases_with_zoom() {
    let index = small_city();
    let count = |z, name: &str| layer(&layers(&index, z), name).map_or(0, |layer| layer.features.len());
    assert_eq!((count(12, "buildings"), count(13, "buildings")), (0, 1));
    assert_eq!(count(15, "buildings"), 1, "a building of 4 cm² is not drawn");
    assert_eq!((count(8, "ways"), count(9, "ways"), count(13, "ways")), (0, 1, 2));
    assert_eq!((count(14, "barriers"), count(15, "barriers")), (0, 1));
    let points = |z| layer(&layers(&index, z), "ways").unwrap().features[0].parts[0].len();
    assert!(points(9) < points(15), "{} {}", points(9), points(15));
}

#[test]
fn the_same_tile_has_the_same_bytes() {
    let (x, y) = at(14, HARBIN);
    let tile = small_city().tile(14, x, y);
    assert_eq!(tile, small_city().tile(14, x, y));
    assert!(tile.is_some_and(|bytes| !bytes.is_empty()));
}

#[test]
fn tiles_out_of_range_do_not_exist_and_empty_ones_have_no_bytes() {
    let index = small_city();
    assert_eq!(index.tile(7, 0, 0), None);
    assert_eq!(index.tile(16, 0, 0), None);
    assert_eq!(index.tile(8, 256, 0), None);
    assert_eq!(index.tile(8, 0, u32::MAX), None);
    assert_eq!(index.tile(8, 0, 0), Some(Vec::new()));
}

#[test]
fn a_park_across_the_antimeridian_is_drawn_on_both_sides_only() {
    let mut sketch = Sketch::default();
    let point = |lon, lat| Point { lon, lat };
    let ring = vec![
        point(1_799_000_000, -170_000_000),
        point(-1_799_000_000, -170_000_000),
        point(-1_799_000_000, -171_000_000),
        point(1_799_000_000, -171_000_000),
        point(1_799_000_000, -170_000_000),
    ];
    sketch.add(MapKind::Green, "park", "Taveuni", MapFeatureFlags::empty(), &[(RingRole::Outer, ring)]);
    let index = sketch.index();
    let (_, y) = at(10, point(0, -170_500_000));
    for x in [0, 1023] {
        let layers = decode(&index.tile(10, x, y).unwrap());
        assert_eq!(layers[0].features.len(), 1, "{x}");
    }
    assert_eq!(index.tile(10, 512, y), Some(Vec::new()));
    for z in TileIndex::FIRST_ZOOM..=TileIndex::LAST_ZOOM {
        for x in [0, (1 << z) - 1] {
            let (_, y) = at(z, point(0, -170_500_000));
            assert!(index.tile(z, x, y).is_some());
        }
    }
}

#[test]
fn the_limits_are_tight() {
    let mut sketch = Sketch::default();
    // One corner lies within the buffer of the adjacent tile.
    let edge = (873.0 / 1024.0 * 360.0 - 180.0) * 1e7 - 2000.0;
    let corner = Point { lon: edge as i32, lat: HARBIN.lat };
    let line = vec![HARBIN, corner];
    sketch.add(MapKind::Way, "trunk", "", MapFeatureFlags::empty(), &[(RingRole::Line, line)]);
    let index = sketch.index();
    for z in TileIndex::FIRST_ZOOM..=TileIndex::LAST_ZOOM {
        let [columns, rows] = index.limits(z).unwrap();
        let drawn = |x: u32, y: u32| !index.tile(z, x, y).unwrap().is_empty();
        let (west, east, north, south) = (*columns.start(), *columns.end(), *rows.start(), *rows.end());
        for y in north - 2..=south + 2 {
            assert!(!drawn(west - 1, y) && !drawn(east + 1, y), "zoom {z}, row {y}");
        }
        for x in west - 2..=east + 2 {
            assert!(!drawn(x, north - 1) && !drawn(x, south + 1), "zoom {z}, column {x}");
        }
        assert!(rows.clone().any(|y| drawn(west, y)) && rows.clone().any(|y| drawn(east, y)), "zoom {z}");
        assert!(columns.clone().any(|x| drawn(x, north)) && columns.clone().any(|x| drawn(x, south)));
    }
    assert_eq!(index.limits(10).unwrap()[0], 872..=873, "the buffer counts");
    assert_eq!(Sketch::default().index().limits(10), None);
}

#[test]
fn a_closed_line_of_grass_is_an_area_and_an_open_one_is_not_drawn() {
    let mut sketch = Sketch::default();
    sketch.add(
        MapKind::Green,
        "garden",
        "closed",
        MapFeatureFlags::empty(),
        &[(RingRole::Line, square(2000))],
    );
    sketch.add(
        MapKind::Green,
        "garden",
        "open",
        MapFeatureFlags::empty(),
        &[(RingRole::Line, square(2000)[..4].to_vec())],
    );
    let index = sketch.index();
    let [columns, rows] = index.limits(14).unwrap();
    let layers = decode(&index.tile(14, *columns.start(), *rows.start()).unwrap());
    let kinds: Vec<_> = layers[0].features.iter().map(|feature| feature.kind).collect();
    assert_eq!(kinds, [3], "polygons alone");
}
