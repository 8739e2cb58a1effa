//! What compounds without a name are called: after the nearest street, else after the nearest place. A running number
//! would change with every compound that comes or goes.

use crate::compounds::DraftCompound;
use crate::located::Located;
use crate::streets::Streets;
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};

/// What all of them are called.
const UNNAMED: &str = "未命名小区";
/// A compound is called after a street within this distance of its outline, or of its point where it has none …
const STREET_METRES: f64 = 300.0;
/// … which mostly runs past it.
const CLOSE_METRES: f64 = 60.0;
/// A place has to be as near as this: names must not depend on what lies beyond a tile's halo.
const PLACE_METRES: f64 = 1_000.0;

/// The names of the compounds that have none, by their position; `None` for those that have one.
pub(crate) fn names(
    located: &Located,
    streets: &Streets,
    compounds: &[DraftCompound],
) -> Vec<Option<String>> {
    if compounds.iter().all(|compound| compound.name.is_some()) {
        return vec![None; compounds.len()];
    }
    let surroundings = Surroundings::new(located, streets);
    let name_of = |compound: &DraftCompound| {
        compound.name.is_none().then(|| match surroundings.nearest(compound) {
            Some(nearest) => format!("{UNNAMED}（{nearest}）"),
            None => UNNAMED.to_owned(),
        })
    };
    compounds.iter().map(name_of).collect()
}

/// Named streets and places.
struct Surroundings<'a> {
    streets: SegmentGrid,
    /// Name and OSM id of the way of every segment.
    ways: Vec<(&'a str, i64)>,
    places: SegmentGrid,
    nodes: Vec<(&'a str, i64)>,
}

impl<'a> Surroundings<'a> {
    fn new(located: &'a Located, streets: &Streets) -> Self {
        let (mut segments, mut ways) = (Vec::new(), Vec::new());
        for run in &streets.runs {
            let way = &located.scan.ways[run.way];
            let Some(name) = way.described.as_deref().and_then(|described| described.name.as_deref()) else {
                continue;
            };
            for pair in streets.vertices[run.vertices.clone()].windows(2) {
                segments.push((streets.point(pair[0]), streets.point(pair[1])));
                ways.push((name, way.id));
            }
        }
        let (mut points, mut nodes) = (Vec::new(), Vec::new());
        for node in located.scan.nodes.iter().filter(|node| node.place.is_some()) {
            if let Some(name) = node.name.as_deref() {
                points.push((node.point, node.point));
                nodes.push((name, node.id));
            }
        }
        Self {
            streets: SegmentGrid::build(segments.iter().copied(), 200.0),
            ways,
            places: SegmentGrid::build(points.iter().copied(), 500.0),
            nodes,
        }
    }

    /// The name of the nearest street, else of the nearest place.
    fn nearest(&self, compound: &DraftCompound) -> Option<&'a str> {
        // A place without an outline is a side of no length.
        let mut sides: Vec<(Point, Point)> =
            compound.rings().flat_map(|ring| ring.windows(2)).map(|side| (side[0], side[1])).collect();
        if sides.is_empty() {
            sides.push((compound.point, compound.point));
        }
        let street = nearest(&self.streets, &self.ways, &sides, CLOSE_METRES)
            .or_else(|| nearest(&self.streets, &self.ways, &sides, STREET_METRES));
        let here = [(compound.point, compound.point)];
        street.or_else(|| nearest(&self.places, &self.nodes, &here, PLACE_METRES))
    }
}

/// The name of what is nearest to any of some sides within `reach` metres. Distances are compared to the centimetre: of
/// ways that share the nearest node, the lowest id.
fn nearest<'a>(
    grid: &SegmentGrid,
    named: &[(&'a str, i64)],
    sides: &[(Point, Point)],
    reach: f64,
) -> Option<&'a str> {
    let mut best: Option<(u64, i64, &str)> = None;
    for (from, to) in sides {
        let frame = Frame::at(*from);
        let side = [[0.0, 0.0], frame.local(*to)];
        grid.visit_near(*from, *to, reach, |segment| {
            let metres = apart(side, [frame.local(segment.a), frame.local(segment.b)]);
            let (name, id) = named[segment.id as usize];
            let this = ((metres * 100.0).round() as u64, id, name);
            if metres <= reach && best.is_none_or(|best| this < best) {
                best = Some(this);
            }
            true
        });
    }
    best.map(|(.., name)| name)
}

/// Metres between two segments.
fn apart(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> f64 {
    let from = |origin: [f64; 2], it: [f64; 2]| [it[0] - origin[0], it[1] - origin[1]];
    let crossed = plane::crossing(from(a[0], a[1]), from(a[0], b[0]), from(a[0], b[1]));
    if crossed.is_some() {
        return 0.0;
    }
    let to_segment = |end: [f64; 2], it: [[f64; 2]; 2]| plane::distance(from(end, it[0]), from(end, it[1]));
    let ends = a.iter().map(|end| to_segment(*end, b)).chain(b.iter().map(|end| to_segment(*end, a)));
    ends.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;

    fn at(x: f64, y: f64) -> Point {
        Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point()).point([x, y])
    }

    /// Of streets from west to east at these metres north, with their way ids.
    fn called(streets: &[(&'static str, i64, f64)], sides: &[(Point, Point)]) -> Option<&'static str> {
        let segments: Vec<(Point, Point)> =
            streets.iter().map(|(_, _, north)| (at(-500.0, *north), at(500.0, *north))).collect();
        let named: Vec<(&'static str, i64)> = streets.iter().map(|(name, id, _)| (*name, *id)).collect();
        nearest(&SegmentGrid::build(segments.iter().copied(), 200.0), &named, sides, STREET_METRES)
    }

    #[test]
    fn the_nearest_street_within_300_metres_of_a_side_is_taken() {
        let side = [(at(0.0, 0.0), at(100.0, 0.0))];
        assert_eq!(called(&[("经纬街", 9, 40.0), ("红旗大街", 1, 60.0)], &side), Some("经纬街"));
        assert_eq!(called(&[("经纬街", 9, 290.0)], &side), Some("经纬街"));
        assert_eq!(called(&[("经纬街", 9, 310.0)], &side), None);
        // Another side is nearer to the other one.
        let sides = [side[0], (at(0.0, 50.0), at(100.0, 50.0))];
        assert_eq!(called(&[("经纬街", 9, -40.0), ("红旗大街", 1, 60.0)], &sides), Some("红旗大街"));
    }

    #[test]
    fn of_streets_as_near_as_each_other_the_lowest_way_is_taken_in_any_order() {
        let point = [(at(0.0, 0.0), at(0.0, 0.0))];
        let two = [("经纬街", 9, 40.0), ("红旗大街", 4, 40.0)];
        let reversed = [two[1], two[0]];
        assert_eq!([called(&two, &point), called(&reversed, &point)], [Some("红旗大街"); 2]);
    }

    #[test]
    fn segments_that_cross_are_not_apart() {
        assert!(apart([[0.0, 0.0], [10.0, 0.0]], [[5.0, -5.0], [5.0, 5.0]]) < 1e-9);
        assert!((apart([[0.0, 0.0], [10.0, 0.0]], [[12.0, 0.0], [20.0, 9.0]]) - 2.0).abs() < 1e-9);
        assert!((apart([[0.0, 0.0], [0.0, 0.0]], [[-5.0, 3.0], [5.0, 3.0]]) - 3.0).abs() < 1e-9);
    }
}
