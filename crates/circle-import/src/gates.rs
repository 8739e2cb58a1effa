//! Gates 小区出入口, in the order of `walking.md`: mapped ones, crossings of the outline, else inferred.

use crate::compounds::DraftCompound;
use crate::located::Located;
use crate::scan::{TaggedNode, Vertex, Way};
use crate::shapes::Draft;
use crate::sides::{StreetGrid, cluster};
use crate::streets::Streets;
use crate::tags::Lock;
use circle_model::city::{Gate, GateProvenance, MapKind, Node, Span};
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};
use std::collections::HashSet;

/// A gate node belongs to an outline within this distance.
const MAPPED_METRES: f64 = 15.0;
/// The door of a building is no gate unless it stands on the outline.
const DOOR_METRES: f64 = 2.0;
/// Crossings nearer than this to each other are one gate.
const CLUSTER_METRES: f64 = 20.0;
/// A compound that is only a point is entered from a way within this distance.
const POINT_METRES: f64 = 300.0;

/// The gate nodes of every compound.
#[derive(Debug)]
pub(crate) struct Mapped<'a> {
    of: Vec<Vec<&'a TaggedNode>>,
}

impl<'a> Mapped<'a> {
    /// Gate, entrance and barrier nodes within 15 m of an outline go to the nearest one (to all that share it).
    pub(crate) fn find(located: &'a Located, compounds: &[DraftCompound]) -> Self {
        let mut owner: Vec<u32> = Vec::new();
        let mut sides: Vec<(Point, Point)> = Vec::new();
        for (number, compound) in (0u32..).zip(compounds) {
            for side in compound.rings().flat_map(|ring| ring.windows(2)) {
                sides.push((side[0], side[1]));
                owner.push(number);
            }
        }
        let grid = SegmentGrid::build(sides.iter().copied(), 100.0);
        let doors = doors(located);
        let mut of = vec![Vec::new(); compounds.len()];
        for node in &located.scan.nodes {
            let Some(passage) = node.passage.filter(|passage| passage.flags & Node::GATE != 0) else {
                continue;
            };
            let door = passage.entrance && doors.contains(&node.id);
            let reach = if door { DOOR_METRES } else { MAPPED_METRES };
            let frame = Frame::at(node.point);
            let mut near: Vec<(f64, u32)> = Vec::new();
            grid.visit_near(node.point, node.point, reach, |side| {
                let distance = plane::distance(frame.local(side.a), frame.local(side.b));
                if distance <= reach {
                    near.push((distance, owner[side.id as usize]));
                }
                true
            });
            let least = near.iter().map(|(distance, _)| *distance).fold(f64::INFINITY, f64::min);
            let mut owners: Vec<u32> = near
                .iter()
                .filter(|(distance, _)| *distance <= least + 1.0)
                .map(|(_, owner)| *owner)
                .collect();
            owners.sort_unstable();
            owners.dedup();
            owners.into_iter().for_each(|owner| of[owner as usize].push(node));
        }
        Self { of }
    }

    /// Which compounds have a gate that speaks for a closed one.
    pub(crate) fn closes(&self) -> Vec<bool> {
        let closes = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.closes);
        self.of.iter().map(|nodes| nodes.iter().any(closes)).collect()
    }
}

/// Ids of the entrances that are corners of a building.
fn doors(located: &Located) -> HashSet<i64> {
    let scan = &located.scan;
    let is_entrance = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.entrance);
    let entrances: HashSet<Vertex> = scan
        .nodes
        .iter()
        .filter(is_entrance)
        .filter_map(|node| scan.wanted.binary_search(&node.id).ok())
        .map(|at| at as Vertex)
        .collect();
    if entrances.is_empty() {
        return HashSet::new();
    }
    let is_building = |way: &&Way| {
        way.described
            .as_deref()
            .and_then(|described| described.feature.as_ref())
            .is_some_and(|feature| feature.kind == MapKind::Building)
    };
    let corners = scan.ways.iter().filter(is_building).flat_map(|way| &scan.vertices[way.refs.clone()]);
    corners.filter(|vertex| entrances.contains(vertex)).map(|vertex| scan.wanted[*vertex as usize]).collect()
}

/// Writes the gates of every compound; the result holds their rows.
pub(crate) fn write(
    draft: &mut Draft,
    compounds: &[DraftCompound],
    mapped: &Mapped<'_>,
    streets: &Streets,
    grid: &StreetGrid<'_>,
) -> Vec<Span> {
    let mut crossings = streets.crossings.iter().peekable();
    let mut spans = Vec::with_capacity(compounds.len());
    for (number, compound) in compounds.iter().enumerate() {
        let start = draft.tables.gates.len() as u32;
        let mut crossed = Vec::new();
        while let Some((_, vertex)) = crossings.next_if(|(owner, _)| *owner == number) {
            crossed.push(streets.point(*vertex));
        }
        for node in &mapped.of[number] {
            let name = draft.texts.add_some(node.name.as_deref());
            let locked = u8::from(
                node.passage.is_some_and(|passage| matches!(passage.lock, Lock::Alone | Lock::Besides)),
            );
            draft.tables.gates.push(Gate {
                osm_id: node.id,
                point: node.point,
                name,
                compound: number as u32,
                provenance: GateProvenance::Mapped.code(),
                locked,
                shut: 0,
                spare: 0,
            });
        }
        if draft.tables.gates.len() as u32 == start {
            let (places, provenance) = derived(compound, crossed, grid);
            for point in places {
                draft.tables.gates.push(Gate {
                    osm_id: 0,
                    point,
                    name: Span::default(),
                    compound: number as u32,
                    provenance: provenance.code(),
                    locked: 0,
                    shut: 0,
                    spare: 0,
                });
            }
        }
        spans.push(Span { start, len: draft.tables.gates.len() as u32 - start });
    }
    spans
}

fn derived(
    compound: &DraftCompound,
    crossed: Vec<Point>,
    grid: &StreetGrid<'_>,
) -> (Vec<Point>, GateProvenance) {
    if !crossed.is_empty() {
        return (cluster(crossed, CLUSTER_METRES), GateProvenance::Crossing);
    }
    let places = if compound.area.polygons.is_empty() {
        grid.nearest(compound.point, POINT_METRES).map(|(_, point)| point).into_iter().collect()
    } else {
        cluster(grid.sides(compound.rings(), compound.bounds.centre()), CLUSTER_METRES)
    };
    (places, GateProvenance::Inferred)
}
