//! Lines across pedestrian areas.

use super::base_map::BaseMap;
use super::draft::DraftEdge;
use super::streets::Streets;
use crate::geometry::{Area, crossing_share, midpoint};
use crate::scan::{Located, Vertex, Walk};
use circle_model::city::{EdgeFlags, Span, ring_contains};
use circle_model::units::Millimetres;
use circle_model::{NodeId, Point};
use rustc_hash::FxHashMap;

/// Limit of entries of an area. An area with more is walked along its outline only.
const MOST_ENTRIES: usize = 64;

/// The edges across pedestrian areas.
#[derive(Debug, Default)]
pub(super) struct PlazaEdges {
    pub(super) edges: Vec<DraftEdge>,
    /// Their lines, which follow the points of the base map.
    pub(super) points: Vec<Point>,
    /// Count of areas with too many entries.
    pub(super) crowded: u64,
}

/// Straight lines across pedestrian areas, from entry to entry if they stay inside. `node_of` is the node of
/// each vertex.
pub(super) fn cross_plazas(
    located: &Located,
    streets: &Streets,
    map: &BaseMap<'_>,
    node_of: &[Option<NodeId>],
) -> PlazaEdges {
    let mut found = PlazaEdges::default();
    let first_point = map.shapes.points.len() as u32;
    let of_ways = located.scan.ways.iter().filter_map(|way| {
        let walk = way.described.as_deref().filter(|described| described.plaza)?.walk?;
        Some((vec![way.id], walk, located.way_area(way)))
    });
    let of_relations =
        located.scan.relations.iter().filter(|relation| relation.described.plaza).filter_map(|relation| {
            let ids = relation.members.iter().map(|(id, _)| *id).collect();
            Some((ids, relation.described.walk?, located.relation_area(relation).0))
        });
    let plazas: Vec<(Vec<i64>, Walk, Area)> = of_ways.chain(of_relations).collect();
    let mut runs_of: FxHashMap<i64, Vec<usize>> =
        plazas.iter().flat_map(|(ids, ..)| ids).map(|id| (*id, Vec::new())).collect();
    for (number, run) in streets.runs.iter().enumerate() {
        if let Some(runs) = runs_of.get_mut(&located.scan.ways[run.way].id) {
            runs.push(number);
        }
    }
    for (ids, walk, area) in plazas {
        let runs: Vec<usize> = ids.iter().filter_map(|id| runs_of.get(id)).flatten().copied().collect();
        let Some(way) = runs.first().map(|run| map.run_features[*run]) else { continue };
        let mut entries: Vec<(Vertex, NodeId)> = runs
            .iter()
            .flat_map(|run| &streets.vertices[streets.runs[*run].vertices.clone()])
            .filter_map(|vertex| Some((*vertex, node_of[*vertex as usize]?)))
            .collect();
        entries.sort_unstable();
        entries.dedup();
        if entries.len() > MOST_ENTRIES {
            found.crowded += 1;
            continue;
        }
        for (number, (from, from_node)) in entries.iter().enumerate() {
            for (to, to_node) in &entries[number + 1..] {
                let ends = [streets.point(*from), streets.point(*to)];
                if ends[0] == ends[1] || !stays_inside(&area, ends[0], ends[1]) {
                    continue;
                }
                let line = Span { start: first_point + found.points.len() as u32, len: 2 };
                found.points.extend(ends);
                found.edges.push(DraftEdge {
                    from: *from_node,
                    to: *to_node,
                    length: Millimetres::from_metres(ends[0].distance_metres(ends[1])),
                    way,
                    flags: walk.flags | EdgeFlags::AREA | EdgeFlags::INTERIOR.when(walk.interior),
                    line,
                });
            }
        }
    }
    found
}

fn stays_inside(area: &Area, a: Point, b: Point) -> bool {
    let middle = midpoint(a, b);
    let rings = || area.polygons.iter().flatten();
    let inside = rings().filter(|ring| ring_contains(ring, middle)).count() % 2 == 1;
    // A side of the area can cross the line only if its corners lie on different sides of the line.
    let [bx, by] = [f64::from(b.lon) - f64::from(a.lon), f64::from(b.lat) - f64::from(a.lat)];
    let side_of =
        |p: Point| bx * (f64::from(p.lat) - f64::from(a.lat)) - by * (f64::from(p.lon) - f64::from(a.lon));
    inside
        && rings().all(|ring| {
            let mut last = side_of(ring[0]);
            ring.windows(2).all(|side| {
                let before = std::mem::replace(&mut last, side_of(side[1]));
                let apart = before * last > 0.0;
                let touches = || [a, b].iter().any(|end| *end == side[0] || *end == side[1]);
                apart || touches() || crossing_share(a, b, side[0], side[1]).is_none()
            })
        })
}
