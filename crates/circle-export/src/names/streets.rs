//! The named streets of a city: connected ways of one name, and the one nearest to a place.

use circle_model::city::MapKind;
use circle_model::coordinates::Bounds;
use circle_model::grid::SegmentGrid;
use circle_model::{City, FeatureId, Frame, Point, plane};
use rustc_hash::FxHashMap;

/// Side of a cell of the grid.
const CELL_METRES: f64 = 200.0;
/// Ways of one name are one street if an end of one is within this of the other: carriageways lie side by
/// side, and a junction may have another name.
const SAME_STREET_METRES: f64 = 60.0;
/// Segments near the end of a way that are looked at. Bad data may have any number at one place.
const MOST_NEAR: usize = 512;
/// Distances within which a street is looked for, the nearest first.
const NEAR_METRES: [f64; 3] = [60.0, 250.0, 1000.0];

/// The named streets.
#[derive(Debug, Default)]
pub(super) struct Streets {
    pub(super) all: Vec<NamedStreet>,
    grid: SegmentGrid,
    /// Position in `all` of the street of each segment of the grid.
    of_segment: Vec<u32>,
}

/// Connected ways of one name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NamedStreet {
    /// The first of its ways.
    pub(super) way: FeatureId,
    /// Its point nearest to the middle of its bounds.
    pub(super) at: Point,
    pub(super) bounds: Bounds,
}

/// A named way with its lines.
struct NamedWay<'a> {
    feature: FeatureId,
    name: &'a str,
    lines: Vec<&'a [Point]>,
}

impl Streets {
    /// Joins the named ways of a city.
    pub(super) fn of(city: &City) -> Self {
        let ways: Vec<NamedWay<'_>> = named_ways(city).collect();
        let lines = || {
            ways.iter().zip(0u32..).flat_map(|(way, number)| way.lines.iter().map(move |it| (*it, number)))
        };
        let segments = || lines().flat_map(|(line, _)| line.windows(2).map(|pair| (pair[0], pair[1])));
        let way_of: Vec<u32> = lines().flat_map(|(line, way)| line.windows(2).map(move |_| way)).collect();
        let grid = SegmentGrid::build(segments(), CELL_METRES);
        let mut first: Vec<u32> = (0..ways.len() as u32).collect();
        for (line, way) in lines() {
            for end in [line.first(), line.last()].into_iter().flatten() {
                let frame = Frame::at(*end);
                let mut left = MOST_NEAR;
                grid.visit_near(*end, *end, SAME_STREET_METRES, |segment| {
                    let other = way_of[segment.id as usize];
                    if ways[other as usize].name == ways[way as usize].name
                        && plane::distance(frame.local(segment.a), frame.local(segment.b))
                            <= SAME_STREET_METRES
                    {
                        join(&mut first, way, other);
                    }
                    left -= 1;
                    left > 0
                });
            }
        }
        let mut number_of: FxHashMap<u32, u32> = FxHashMap::default();
        let mut all: Vec<NamedStreet> = Vec::new();
        let street_of: Vec<u32> = (0..ways.len() as u32)
            .map(|way| {
                *number_of.entry(root(&mut first, way)).or_insert_with(|| {
                    let (way, at) = (ways[way as usize].feature, Point::default());
                    all.push(NamedStreet { way, at, bounds: Bounds::EMPTY });
                    all.len() as u32 - 1
                })
            })
            .collect();
        let points = || lines().flat_map(|(line, way)| line.iter().map(move |point| (*point, way)));
        for (point, way) in points() {
            all[street_of[way as usize] as usize].bounds.include(point);
        }
        let mut nearest = vec![f64::INFINITY; all.len()];
        for (point, way) in points() {
            let street = street_of[way as usize] as usize;
            let metres = point.distance_metres(all[street].bounds.centre());
            if metres < nearest[street] {
                (nearest[street], all[street].at) = (metres, point);
            }
        }
        let of_segment = way_of.into_iter().map(|way| street_of[way as usize]).collect();
        Self { all, grid, of_segment }
    }

    /// The street nearest to a place; `None` if there is none within a kilometre.
    pub(super) fn nearest(&self, place: Point) -> Option<&NamedStreet> {
        let frame = Frame::at(place);
        NEAR_METRES.into_iter().find_map(|within| {
            let mut nearest: Option<(f64, u32)> = None;
            self.grid.visit_near(place, place, within, |segment| {
                let metres = plane::distance(frame.local(segment.a), frame.local(segment.b));
                let street = self.of_segment[segment.id as usize];
                if metres <= within && nearest.is_none_or(|found| (metres, street) < found) {
                    nearest = Some((metres, street));
                }
                true
            });
            nearest.map(|(_, street)| &self.all[street as usize])
        })
    }
}

/// The named ways with a line, in the order of the base map.
fn named_ways(city: &City) -> impl Iterator<Item = NamedWay<'_>> {
    let ways = (0u32..).zip(city.features()).filter(|(_, feature)| feature.map_kind() == MapKind::Way);
    ways.filter_map(|(row, feature)| {
        let name = city.text_or_none(feature.name)?;
        let lines = city.rings_of(feature.rings).iter().map(|ring| city.line(ring.line));
        let lines: Vec<&[Point]> = lines.filter(|line| line.len() > 1).collect();
        (!lines.is_empty()).then_some(NamedWay { feature: FeatureId(row), name, lines })
    })
}

/// The first way of the set of a way.
fn root(first: &mut [u32], mut way: u32) -> u32 {
    while first[way as usize] != way {
        first[way as usize] = first[first[way as usize] as usize];
        way = first[way as usize];
    }
    way
}

/// Joins the sets of two ways.
fn join(first: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root(first, one), root(first, other));
    first[one.max(other) as usize] = one.min(other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, MapFeature, Meta, OsmKind, Ring, RingRole, Span};
    use zerocopy::FromZeros;

    /// A city of ways, each with a name and two ends, in metres.
    fn city(ways: &[(&str, [[f64; 2]; 2])]) -> City {
        let frame = Frame::at(Point { lon: 1_266_400_000, lat: 457_500_000 });
        let mut tables = CityTables::default();
        for (number, (name, ends)) in (0u32..).zip(ways) {
            let text = Span { start: tables.texts.len() as u32, len: name.len() as u32 };
            tables.texts.extend_from_slice(name.as_bytes());
            let line = Span { start: tables.points.len() as u32, len: 2 };
            tables.points.extend(ends.map(|end| frame.point(end)));
            tables.rings.push(Ring { line, role: u32::from(RingRole::Line.code()) });
            tables.features.push(MapFeature {
                osm_id: i64::from(number) + 1,
                osm_kind: OsmKind::Way.code(),
                kind: MapKind::Way.code(),
                name: text,
                rings: Span { start: number, len: 1 },
                bounds: Bounds::of(ends.map(|end| frame.point(end))),
                ..MapFeature::new_zeroed()
            });
        }
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    #[test]
    fn ways_of_one_name_are_one_street_where_they_meet() {
        let city = city(&[
            ("中山路", [[0.0, 0.0], [500.0, 0.0]]),
            ("学府路", [[0.0, 0.0], [0.0, 900.0]]),
            // The other carriageway, then a stretch behind a junction.
            ("中山路", [[500.0, 30.0], [0.0, 30.0]]),
            ("中山路", [[540.0, 0.0], [1000.0, 0.0]]),
            // Another street of that name.
            ("中山路", [[5000.0, 0.0], [6000.0, 0.0]]),
        ]);
        let streets = Streets::of(&city);
        let ways: Vec<FeatureId> = streets.all.iter().map(|street| street.way).collect();
        assert_eq!(ways, [FeatureId(0), FeatureId(1), FeatureId(4)]);
        let longest = streets.all[0].bounds;
        assert_eq!(
            longest,
            Bounds::of([0, 2, 3].into_iter().flat_map(|row: usize| {
                let bounds = city.features()[row].bounds;
                [bounds.diagonal().0, bounds.diagonal().1]
            }))
        );
        assert!(longest.contains(streets.all[0].at));
    }

    #[test]
    fn the_nearest_street_is_found_within_a_kilometre() {
        let city =
            city(&[("中山路", [[0.0, 0.0], [500.0, 0.0]]), ("学府路", [[0.0, 300.0], [500.0, 300.0]])]);
        let streets = Streets::of(&city);
        let frame = Frame::at(Point { lon: 1_266_400_000, lat: 457_500_000 });
        let nearest = |place| streets.nearest(frame.point(place)).map(|street| street.way.0);
        assert_eq!(nearest([250.0, 20.0]), Some(0));
        assert_eq!(nearest([250.0, 180.0]), Some(1));
        assert_eq!(nearest([250.0, 1200.0]), Some(1));
        assert_eq!(nearest([250.0, 1400.0]), None);
        assert!(Streets::default().nearest(Point::default()).is_none());
    }
}
