//! Compounds that are closed by custom, where nothing on the map says whether they are.

use crate::compounds::DraftCompound;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use circle_model::city::{ClosedByDefault, Edge, EdgeFlags, Text, middle};
use circle_model::mainland::in_mainland_china;
use circle_model::{Frame, Point, plane};
use std::collections::BTreeMap;

/// Compounds of these sizes: smaller ones are a few buildings at the street, larger ones are quarters.
const SQUARE_METRES: std::ops::RangeInclusive<f64> = 20_000.0..=400_000.0;
/// A public street runs through a compound when more than this of it lies inside …
const THROUGH_METRES: f64 = 50.0;
/// … farther from the outline than this: many an outline is drawn along the middle of the street around it.
const ALONG_METRES: f64 = 5.0;
/// Streets are looked at in pieces of this length.
const PIECE_METRES: f64 = 10.0;

/// Of the compounds of which nothing is known, those that are closed: named, of the size of a compound, and without a
/// public street.
pub(super) fn by_custom(
    draft: &Draft,
    compounds: &[DraftCompound],
    unproven: Vec<usize>,
    by_default: ClosedByDefault,
) -> Vec<usize> {
    let tables = &draft.tables;
    let is_custom = |compound: &DraftCompound| {
        let here = || match by_default {
            ClosedByDefault::Never => false,
            ClosedByDefault::Always => true,
            ClosedByDefault::China => in_mainland_china(compound.point.lon_lat()),
        };
        let sized = SQUARE_METRES.contains(&compound.square_metres);
        sized && compound.name.is_some() && !compound.area.polygons.is_empty() && here()
    };
    let mut closed = unproven;
    closed.retain(|number| is_custom(&compounds[*number]));
    let boxes = Boxes::of(closed.iter().map(|number| compounds[*number].bounds));
    // Metres of each street, by its name: it is drawn in many pieces.
    let mut inside: BTreeMap<(usize, (u32, u32)), f64> = BTreeMap::new();
    for edge in tables.edges.iter().filter(|edge| is_public_street(draft, edge)) {
        let line = &tables.points[edge.line.range()];
        let at = middle(line);
        for row in boxes.at(at) {
            let compound = &compounds[closed[row as usize]];
            if compound.contains(at) {
                let Text { start, len } = tables.features[edge.way.index()].name;
                *inside.entry((row as usize, (start, len))).or_default() += metres_within(compound, line);
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

/// A way that serves more than a compound: of class tertiary or above, or a street with a name.
fn is_public_street(draft: &Draft, edge: &Edge) -> bool {
    let class = || draft.texts.text(draft.tables.features[edge.way.index()].class);
    let is_named_street = || edge.has(EdgeFlags::ROAD) && edge.has(EdgeFlags::NAMED) && class() != "road";
    !edge.has(EdgeFlags::RESTRICTED)
        && !edge.has(EdgeFlags::TUNNEL)
        && (edge.has(EdgeFlags::MAJOR) || is_named_street())
}

/// Metres of a line inside a compound's outline that lie at some distance from it.
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
    use crate::areas::Area;
    use crate::facilities::DraftOrigin;
    use circle_model::LonLat;
    use circle_model::city::{MapFeature, OsmKind, Population, Span};
    use circle_model::coordinates::Bounds;
    use zerocopy::FromZeros;

    const HARBIN: [f64; 2] = [126.63, 45.75];
    const BALTIMORE: [f64; 2] = [-76.61, 39.29];
    /// Square metres of compounds of so many metres a side.
    const SIDE: f64 = 300.0;

    fn point(at: [f64; 2], xy: [f64; 2]) -> Point {
        Frame::at(LonLat { lon: at[0], lat: at[1] }.point()).point(xy)
    }

    /// A square with its corner at a place.
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

    /// Whether a compound is closed that one street leads through, from corner to corner of `line`.
    fn is_closed(
        compound: DraftCompound,
        street: Option<(&str, &str, EdgeFlags, [[f64; 2]; 2])>,
        by_default: ClosedByDefault,
        at: [f64; 2],
    ) -> bool {
        let mut draft = Draft::default();
        if let Some((class, name, flags, line)) = street {
            draft.tables.points.extend(line.map(|xy| point(at, xy)));
            let (class, name) = (draft.texts.add(class), draft.texts.add(name));
            draft.tables.features.push(MapFeature { class, name, ..MapFeature::new_zeroed() });
            draft.tables.edges.push(Edge { flags, line: Span { start: 0, len: 2 }, ..Edge::new_zeroed() });
        }
        !by_custom(&draft, &[compound], vec![0], by_default).is_empty()
    }

    #[test]
    fn a_named_compound_of_the_size_of_one_is_closed_in_china_alone() {
        use ClosedByDefault::{Always, China, Never};
        let closed = |at, side, name, by_default| is_closed(square(at, side, name), None, by_default, at);
        assert!(closed(HARBIN, SIDE, Some("融创小区"), China));
        assert!(!closed(BALTIMORE, SIDE, Some("Guilford"), China));
        assert!(closed(BALTIMORE, SIDE, Some("Guilford"), Always));
        assert!(!closed(HARBIN, SIDE, Some("融创小区"), Never));
        assert!(!closed(HARBIN, SIDE, None, China), "nobody has named it");
        // 1.96 ha, 2.0 ha, 40 ha and 42 ha.
        let sides = [140.0, 141.5, 632.0, 650.0];
        assert_eq!(sides.map(|side| closed(HARBIN, side, Some("x"), China)), [false, true, true, false]);
    }

    #[test]
    fn a_public_street_through_it_opens_a_compound() {
        const STREET: EdgeFlags = EdgeFlags::ROAD.union(EdgeFlags::NAMED);
        let across = [[150.0, 0.0], [150.0, 300.0]];
        let closed = |class, name, flags, line| {
            let street = Some((class, name, flags, line));
            is_closed(square(HARBIN, SIDE, Some("x")), street, ClosedByDefault::China, HARBIN)
        };
        assert!(!closed("residential", "红旗街", STREET, across));
        assert!(!closed("tertiary", "", EdgeFlags::MAJOR | EdgeFlags::ROAD, across));
        assert!(closed("residential", "", EdgeFlags::ROAD, across), "without a name it serves the compound");
        assert!(closed("service", "小区路", EdgeFlags::NAMED, across), "a drive, whatever its name");
        assert!(closed("residential", "x", STREET | EdgeFlags::RESTRICTED, across));
        // 45 and 60 m of it inside, 5 m of them beside the outline.
        assert!(closed("residential", "x", STREET, [[150.0, 0.0], [150.0, 45.0]]));
        assert!(!closed("residential", "x", STREET, [[150.0, 0.0], [150.0, 60.0]]));
        // The outline is drawn along the middle of the street.
        assert!(closed("residential", "x", STREET, [[2.0, 0.0], [2.0, 300.0]]));
    }
}
