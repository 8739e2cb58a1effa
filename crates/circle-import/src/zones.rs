//! Which compounds are closed, and which ways lie in the zone of one (`walking.md`, "Restricted ways and closed compounds").

use crate::compounds::DraftCompound;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use circle_model::city::{Edge, Evidence, Zone, zone_behind_locked_gates, zone_restricted_ways};
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};

/// Without evidence either way a compound is closed from this size on.
const CLOSED_FROM_SQUARE_METRES: f64 = 20_000.0;
/// A wall runs along an outline when it is this near to it …
const WALL_METRES: f64 = 10.0;
/// … for at least this length.
const WALL_LENGTH_METRES: f64 = 20.0;

/// How a compound was judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closed {
    pub(crate) closed: bool,
    pub(crate) evidence: Evidence,
    /// Row in the zones; 0 when open.
    pub(crate) zone: u32,
}

/// Judges every compound and writes the zones of edges.
///
/// `gated` says which compounds have a mapped gate that closes.
pub(crate) fn assign(
    draft: &mut Draft,
    located: &Located,
    compounds: &[DraftCompound],
    interior: &[bool],
    gated: &[bool],
) -> Vec<Closed> {
    let boxes = Boxes::new(compounds);
    let inside: Vec<Vec<u32>> = draft
        .tables
        .edges
        .iter()
        .zip(interior)
        .map(|(edge, interior)| {
            if !compounds.is_empty() && (*interior || edge.has(Edge::RESTRICTED)) {
                boxes.containing(compounds, middle(&draft.tables.points[edge.line.range()]))
            } else {
                Vec::new()
            }
        })
        .collect();
    let mut fenced = walls(located, compounds);
    for (edge, holders) in draft.tables.edges.iter().zip(&inside) {
        if edge.has(Edge::RESTRICTED) {
            holders.iter().for_each(|compound| fenced[*compound as usize] = true);
        }
    }
    draft.tables.zones.push(Zone::new(Zone::NO_COMPOUND, Zone::RESTRICTED_WAYS));
    let mut result = Vec::with_capacity(compounds.len());
    for (number, compound) in compounds.iter().enumerate() {
        let (closed, evidence) = match compound.closed {
            _ if compound.area.polygons.is_empty() => (false, Evidence::Area),
            Some(closed) => (closed, Evidence::Tags),
            None if fenced[number] || gated[number] => (true, Evidence::Barriers),
            None => (compound.square_metres >= CLOSED_FROM_SQUARE_METRES, Evidence::Area),
        };
        let zone = if closed { draft.tables.zones.len() as u32 } else { 0 };
        if closed {
            draft.tables.zones.push(Zone::new(number as u32, Zone::COMPOUND));
        }
        result.push(Closed { closed, evidence, zone });
    }
    nest(draft, compounds, &boxes, &result);
    for (edge, holders) in draft.tables.edges.iter_mut().zip(&inside) {
        let closed = holders.iter().filter(|compound| result[**compound as usize].closed);
        let smallest = closed.min_by(|a, b| {
            let size = |compound: u32| compounds[compound as usize].square_metres;
            size(**a).total_cmp(&size(**b)).then(a.cmp(b))
        });
        edge.zone = smallest.map_or(0, |compound| result[*compound as usize].zone);
    }
    zone_restricted_ways(&mut draft.tables);
    zone_behind_locked_gates(&mut draft.tables);
    result
}

/// Says of every closed compound's zone which one it lies inside: a walk that starts in it may leave both.
fn nest(draft: &mut Draft, compounds: &[DraftCompound], boxes: &Boxes, closed: &[Closed]) {
    for (number, compound) in compounds.iter().enumerate().filter(|(number, _)| closed[*number].closed) {
        let size = |other: u32| compounds[other as usize].square_metres;
        let around = boxes.containing(compounds, compound.point).into_iter().filter(|other| {
            closed[*other as usize].closed && (size(*other), *other) > (compound.square_metres, number as u32)
        });
        let parent = around.min_by(|a, b| size(*a).total_cmp(&size(*b)).then(a.cmp(b)));
        draft.tables.zones[closed[number].zone as usize].parent =
            parent.map_or(0, |parent| closed[parent as usize].zone);
    }
}

/// A point of a line that is no corner of it.
fn middle(line: &[Point]) -> Point {
    let at = (line.len() - 1) / 2;
    let (a, b) = (line[at], line[at + 1]);
    Point {
        lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
        lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
    }
}

/// Which compounds have a wall or fence along their outline.
fn walls(located: &Located, compounds: &[DraftCompound]) -> Vec<bool> {
    let mut walls: Vec<(Point, Point)> = Vec::new();
    for way in &located.scan.ways {
        if way.described.as_deref().is_some_and(|described| described.wall) {
            for run in located.runs(way) {
                walls.extend(located.points(run).windows(2).map(|pair| (pair[0], pair[1])));
            }
        }
    }
    if walls.is_empty() {
        return vec![false; compounds.len()];
    }
    let grid = SegmentGrid::build(walls.iter().copied(), 100.0);
    let along = |compound: &DraftCompound| {
        let mut length = 0.0;
        for side in compound.rings().flat_map(|ring| ring.windows(2)) {
            grid.visit_near(side[0], side[1], WALL_METRES, |wall| {
                let frame = Frame::at(wall.a);
                let near = |point: Point| {
                    let frame = Frame::at(point);
                    plane::distance(frame.local(side[0]), frame.local(side[1])) <= WALL_METRES
                };
                if near(wall.a) && near(wall.b) {
                    length += plane::norm(frame.local(wall.b));
                }
                length < WALL_LENGTH_METRES
            });
        }
        length >= WALL_LENGTH_METRES
    };
    compounds.iter().map(along).collect()
}
