//! Names of compounds without a name: after the nearest street, else after the nearest place. A running
//! number would change whenever a compound is added or removed.

use super::draft::DraftCompound;
use crate::network::Streets;
use crate::scan::Located;
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};

/// The prefix of all generated names.
const UNNAMED: &str = "未命名小区";
/// A compound is named after a street within this distance of its outline, or of its point if it has none.
const STREET_METRES: f64 = 300.0;
/// First search radius: most compounds lie beside a street.
const CLOSE_METRES: f64 = 60.0;
/// Search radius for places. Names must not depend on anything beyond the halo of a tile.
const PLACE_METRES: f64 = 1_000.0;

/// Generated names by position; `None` for compounds that have a name.
pub(crate) fn generated_names(
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
        // A compound without an outline is a segment of length 0.
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

/// The name of the segment nearest to any of `sides` within `reach` metres. Distances are compared in
/// centimetres. Ties go to the lowest id, for example of ways that share the nearest node.
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
            let metres = metres_between(side, [frame.local(segment.a), frame.local(segment.b)]);
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

/// Metres between two segments in the plane.
fn metres_between(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) -> f64 {
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

    /// The nearest of `streets`, which run from west to east at these metres north, with their way ids.
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
        // Another side is nearer to the other street.
        let sides = [side[0], (at(0.0, 50.0), at(100.0, 50.0))];
        assert_eq!(called(&[("经纬街", 9, -40.0), ("红旗大街", 1, 60.0)], &sides), Some("红旗大街"));
    }

    #[test]
    fn the_lowest_way_of_equally_near_streets_is_taken_in_any_order() {
        let point = [(at(0.0, 0.0), at(0.0, 0.0))];
        let two = [("经纬街", 9, 40.0), ("红旗大街", 4, 40.0)];
        let reversed = [two[1], two[0]];
        assert_eq!([called(&two, &point), called(&reversed, &point)], [Some("红旗大街"); 2]);
    }

    #[test]
    fn segments_that_cross_have_distance_zero() {
        assert!(metres_between([[0.0, 0.0], [10.0, 0.0]], [[5.0, -5.0], [5.0, 5.0]]) < 1e-9);
        assert!((metres_between([[0.0, 0.0], [10.0, 0.0]], [[12.0, 0.0], [20.0, 9.0]]) - 2.0).abs() < 1e-9);
        assert!((metres_between([[0.0, 0.0], [0.0, 0.0]], [[-5.0, 3.0], [5.0, 3.0]]) - 3.0).abs() < 1e-9);
    }
}
