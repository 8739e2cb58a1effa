//! Which compounds are closed, and which ways lie in the zone of one (`walking.md`, "Restricted ways and closed compounds").

mod custom;

use crate::compounds::DraftCompound;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use circle_model::city::{
    CityTables, ClosedByDefault, EdgeFlags, Enclosure, Evidence, Zoned, may_be_inside, middle, zone_compounds,
};
use circle_model::grid::SegmentGrid;
use circle_model::{CompoundId, Frame, Point, ZoneId, plane};
use custom::by_custom;

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
    pub(crate) zone: ZoneId,
}

/// Judges every compound and writes the zones of edges.
///
/// `gated` says which compounds have a mapped gate that closes, `by_default` where those without evidence are closed.
pub(crate) fn assign(
    draft: &mut Draft,
    located: &Located,
    compounds: &[DraftCompound],
    gated: &[bool],
    by_default: ClosedByDefault,
) -> Vec<Closed> {
    let boxes = Boxes::new(compounds);
    let holding = |point: Point| -> Vec<CompoundId> {
        boxes.containing(compounds, point).into_iter().map(CompoundId).collect()
    };
    let inside: Vec<Vec<CompoundId>> = draft
        .tables
        .edges
        .iter()
        .map(|edge| {
            if !compounds.is_empty() && may_be_inside(edge) {
                holding(middle(&draft.tables.points[edge.line.range()]))
            } else {
                Vec::new()
            }
        })
        .collect();
    let mut fenced = walls(located, compounds);
    for (edge, holders) in draft.tables.edges.iter().zip(&inside) {
        if edge.has(EdgeFlags::RESTRICTED) {
            holders.iter().for_each(|compound| fenced[compound.index()] = true);
        }
    }
    let mut judged: Vec<(bool, Evidence)> = compounds
        .iter()
        .enumerate()
        .map(|(number, compound)| match compound.closed {
            _ if compound.area.polygons.is_empty() => (false, Evidence::Area),
            Some(closed) => (closed, Evidence::Tags),
            None if fenced[number] || gated[number] => (true, Evidence::Barriers),
            None => (false, Evidence::Area),
        })
        .collect();
    let unproven = (0..compounds.len()).filter(|number| judged[*number].1 == Evidence::Area);
    for number in by_custom(draft, compounds, unproven.collect(), by_default) {
        judged[number].0 = true;
    }
    let enclosures: Vec<Enclosure> = compounds
        .iter()
        .zip(&judged)
        .map(|(compound, (closed, _))| Enclosure {
            closed: *closed,
            square_metres: compound.square_metres,
            around: if *closed { holding(compound.point) } else { Vec::new() },
        })
        .collect();
    let CityTables { nodes, edges, zones, .. } = &mut draft.tables;
    let zones = zone_compounds(Zoned { nodes, shut: &[], edges, zones }, &enclosures, &inside);
    judged
        .into_iter()
        .zip(zones)
        .map(|((closed, evidence), zone)| Closed { closed, evidence, zone })
        .collect()
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
