//! Compounds that are closed by custom, if the map has no evidence.

use crate::compounds::DraftCompound;
use crate::geometry::Boxes;
use crate::network::{BaseMap, DraftEdge, Network};
use circle_model::city::{ClosedByDefault, EdgeFlags, middle};
use circle_model::mainland::in_mainland_china;
use circle_model::{Frame, Point, plane};
use std::collections::BTreeMap;

/// Sizes of compounds. Smaller areas are a few buildings at the street, larger ones are quarters.
const SQUARE_METRES: std::ops::RangeInclusive<f64> = 20_000.0..=400_000.0;
/// A public street runs through a compound if more than this length of it lies inside …
const THROUGH_METRES: f64 = 50.0;
/// … farther than this from the outline, because many outlines follow the middle of the street around them.
const ALONG_METRES: f64 = 5.0;
/// Streets are sampled in pieces of this length.
const PIECE_METRES: f64 = 10.0;

/// The `unproven` compounds that are closed by custom: named, of the size of a compound, and without a public
/// street through them.
pub(super) fn closed_by_custom(
    network: &Network,
    map: &BaseMap<'_>,
    compounds: &[DraftCompound],
    unproven: Vec<usize>,
    by_default: ClosedByDefault,
) -> Vec<usize> {
    let is_custom = |compound: &DraftCompound| {
        let here = || match by_default {
            ClosedByDefault::Never => false,
            ClosedByDefault::Always => true,
            ClosedByDefault::China => in_mainland_china(compound.point.lon_lat()),
        };
        let sized = SQUARE_METRES.contains(&compound.square_metres);
        sized && compound.name.is_some() && compound.has_outline() && here()
    };
    let mut closed = unproven;
    closed.retain(|number| is_custom(&compounds[*number]));
    let boxes = Boxes::new(closed.iter().map(|number| compounds[*number].bounds));
    // Metres of each street by name, because a street is drawn in many pieces.
    let mut inside: BTreeMap<(usize, &str), f64> = BTreeMap::new();
    for edge in network.edges.iter().filter(|edge| is_public_street(map, edge)) {
        let line = network.line(map, edge);
        let at = middle(line);
        for row in boxes.at(at) {
            let compound = &compounds[closed[row as usize]];
            if compound.contains(at) {
                let name = map.features[edge.way.index()].name.unwrap_or_default();
                *inside.entry((row as usize, name)).or_default() += metres_within(compound, line);
            }
        }
    }
    let mut crossed = vec![false; closed.len()];
    for ((row, _), metres) in inside {
        crossed[row] |= metres > THROUGH_METRES;
    }
    let mut crossed = crossed.into_iter();
    closed.retain(|_| !crossed.next().unwrap_or(false));
    closed
}

/// Whether a way serves more than a compound: it is of class tertiary or above, or a street with a name.
fn is_public_street(map: &BaseMap<'_>, edge: &DraftEdge) -> bool {
    let class = || map.features[edge.way.index()].style.class;
    let is_named_street = || edge.has(EdgeFlags::ROAD) && edge.has(EdgeFlags::NAMED) && class() != "road";
    !edge.has(EdgeFlags::RESTRICTED)
        && !edge.has(EdgeFlags::TUNNEL)
        && (edge.has(EdgeFlags::MAJOR) || is_named_street())
}

/// Metres of a line inside a compound and at some distance from its outline.
fn metres_within(compound: &DraftCompound, line: &[Point]) -> f64 {
    let mut metres = 0.0;
    for side in line.windows(2) {
        let frame = Frame::at(side[0]);
        let end = frame.local(side[1]);
        let length = plane::norm(end);
        let pieces = (length / PIECE_METRES).ceil().clamp(1.0, 10_000.0);
        for piece in 0..pieces as u32 {
            let at = frame.point(plane::along([0.0, 0.0], end, (f64::from(piece) + 0.5) / pieces));
            if compound.contains(at) && !is_near_outline(compound, at) {
                metres += length / pieces;
            }
        }
        if metres > THROUGH_METRES {
            break;
        }
    }
    metres
}

fn is_near_outline(compound: &DraftCompound, at: Point) -> bool {
    let frame = Frame::at(at);
    let near = |pair: &[Point]| plane::distance(frame.local(pair[0]), frame.local(pair[1])) <= ALONG_METRES;
    compound.rings().any(|ring| ring.windows(2).any(near))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Area;
    use crate::network::{DraftFeature, Style};
    use crate::own::DraftOrigin;
    use circle_model::city::{MapFeatureFlags, MapKind, OsmKind, Population, Span};
    use circle_model::coordinates::Bounds;
    use circle_model::units::Millimetres;
    use circle_model::{FeatureId, LonLat, NodeId};

    const HARBIN: [f64; 2] = [126.63, 45.75];
    const BALTIMORE: [f64; 2] = [-76.61, 39.29];
    /// Metres of a side of a compound of usual size.
    const SIDE: f64 = 300.0;

    fn point(at: [f64; 2], xy: [f64; 2]) -> Point {
        Frame::at(LonLat { lon: at[0], lat: at[1] }.point()).point(xy)
    }

    /// A square with its south-western corner at a place.
    fn square(at: [f64; 2], side: f64, name: Option<&str>) -> DraftCompound {
        let ring: Vec<Point> =
            [[0.0, 0.0], [side, 0.0], [side, side], [0.0, side], [0.0, 0.0]].map(|xy| point(at, xy)).to_vec();
        let middle = point(at, [side / 2.0, side / 2.0]);
        DraftCompound {
            origins: vec![DraftOrigin::mapped(OsmKind::Way, 1, middle, name)],
            name: name.map(Into::into),
            name_en: None,
            bounds: Bounds::of(ring.iter().copied()),
            area: Area { polygons: vec![vec![ring]], ..Area::default() },
            point: middle,
            square_metres: side * side,
            closed: None,
            population: Population::NONE,
        }
    }

    /// Whether a compound is closed if one street leads through it: class, name, flags, and ends in metres.
    fn is_closed(
        compound: DraftCompound,
        street: Option<(&str, &str, EdgeFlags, [[f64; 2]; 2])>,
        by_default: ClosedByDefault,
        at: [f64; 2],
    ) -> bool {
        let (mut map, mut network) = (BaseMap::default(), Network::default());
        if let Some((class, name, flags, ends)) = street {
            let line = map.shapes.add_line(ends.map(|xy| point(at, xy)));
            map.features.push(DraftFeature {
                osm_id: 1,
                osm_kind: OsmKind::Way,
                name: Some(name).filter(|name| !name.is_empty()),
                name_en: None,
                style: Style { kind: MapKind::Way, class, flags: MapFeatureFlags::empty(), layer: 0 },
                bounds: Bounds::EMPTY,
                rings: Span::default(),
                square_metres: 0.0,
            });
            network.edges.push(DraftEdge {
                from: NodeId(0),
                to: NodeId(0),
                length: Millimetres(0),
                way: FeatureId(0),
                flags,
                line,
            });
        }
        !closed_by_custom(&network, &map, &[compound], vec![0], by_default).is_empty()
    }

    #[test]
    fn a_named_compound_of_usual_size_is_closed_only_in_china() {
        use ClosedByDefault::{Always, China, Never};
        let closed = |at, side, name, by_default| is_closed(square(at, side, name), None, by_default, at);
        assert!(closed(HARBIN, SIDE, Some("融创小区"), China));
        assert!(!closed(BALTIMORE, SIDE, Some("Guilford"), China));
        assert!(closed(BALTIMORE, SIDE, Some("Guilford"), Always));
        assert!(!closed(HARBIN, SIDE, Some("融创小区"), Never));
        assert!(!closed(HARBIN, SIDE, None, China), "without a name");
        // 1.96 ha, 2.0 ha, 40 ha and 42 ha.
        let sides = [140.0, 141.5, 632.0, 650.0];
        assert_eq!(sides.map(|side| closed(HARBIN, side, Some("x"), China)), [false, true, true, false]);
    }

    #[test]
    fn a_compound_with_a_public_street_through_it_is_open() {
        const STREET: EdgeFlags = EdgeFlags::ROAD.union(EdgeFlags::NAMED);
        let across = [[150.0, 0.0], [150.0, 300.0]];
        let closed = |class, name, flags, line| {
            let street = Some((class, name, flags, line));
            is_closed(square(HARBIN, SIDE, Some("x")), street, ClosedByDefault::China, HARBIN)
        };
        assert!(!closed("residential", "红旗街", STREET, across));
        assert!(!closed("tertiary", "", EdgeFlags::MAJOR | EdgeFlags::ROAD, across));
        assert!(
            closed("residential", "", EdgeFlags::ROAD, across),
            "a street without a name serves the compound"
        );
        assert!(closed("service", "小区路", EdgeFlags::NAMED, across), "a drive with a name is no street");
        assert!(closed("residential", "x", STREET | EdgeFlags::RESTRICTED, across));
        // 45 and 60 m of it inside, 5 m of them beside the outline.
        assert!(closed("residential", "x", STREET, [[150.0, 0.0], [150.0, 45.0]]));
        assert!(!closed("residential", "x", STREET, [[150.0, 0.0], [150.0, 60.0]]));
        // The outline follows the middle of the street.
        assert!(closed("residential", "x", STREET, [[2.0, 0.0], [2.0, 300.0]]));
    }
}
