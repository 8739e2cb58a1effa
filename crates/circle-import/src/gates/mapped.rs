//! Gate nodes of the map.

use super::outlines::OutlineSides;
use crate::compounds::DraftCompound;
use crate::keys;
use crate::own::osm_of;
use crate::scan::{Located, TaggedNode, Vertex, Way};
use circle_model::city::{MapKind, NodeFlags, OsmKind};
use circle_model::{Frame, plane};
use std::collections::HashSet;

/// A gate node belongs to an outline within this distance.
const MAPPED_METRES: f64 = 15.0;
/// The door of a building is a gate only if it stands on the outline, within this distance.
const DOOR_METRES: f64 = 2.0;
/// A node belongs to several outlines whose distances differ by at most this.
const SHARED_METRES: f64 = 1.0;

/// The gate nodes of every compound.
#[derive(Debug)]
pub(crate) struct MappedGates<'a> {
    pub(super) of: Vec<Vec<&'a TaggedNode>>,
    /// Pairs of node and compound whose gate has the compound in its key.
    shared: HashSet<(i64, usize)>,
}

impl<'a> MappedGates<'a> {
    /// Assigns gate, entrance and barrier nodes within 15 m of an outline to the nearest one, or to all that
    /// share it.
    pub(crate) fn find(located: &'a Located, compounds: &[DraftCompound]) -> Self {
        let sides = OutlineSides::of(compounds);
        let doors = doors(located);
        let mut of = vec![Vec::new(); compounds.len()];
        let mut shared = HashSet::new();
        for node in &located.scan.nodes {
            let Some(passage) = node.passage.filter(|passage| passage.flags.contains(NodeFlags::GATE)) else {
                continue;
            };
            let door = passage.entrance && doors.contains(&node.id);
            let reach = if door { DOOR_METRES } else { MAPPED_METRES };
            let owners = owners(node, &sides, reach);
            if owners.len() > 1 {
                let owners = owners.iter().map(|owner| *owner as usize);
                let on_map = |owner: &usize| osm_of(&compounds[*owner].origins).0 != OsmKind::None;
                // Compounds of own files alone do not change the keys of the map's compounds.
                let mut of_map = owners.clone().filter(on_map);
                let alone = of_map.next().filter(|_| of_map.next().is_none());
                shared.extend(owners.filter(|owner| Some(*owner) != alone).map(|owner| (node.id, owner)));
            }
            owners.into_iter().for_each(|owner| of[owner as usize].push(node));
        }
        Self { of, shared }
    }

    /// The key of a gate node of a compound.
    pub(super) fn key(&self, node: i64, compound: usize, compound_key: &str) -> String {
        keys::of_gate_node(node, self.shared.contains(&(node, compound)).then_some(compound_key))
    }

    /// By compound, whether one of its gates is evidence that the compound is closed.
    pub(crate) fn closes(&self) -> Vec<bool> {
        let closes = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.closes);
        self.of.iter().map(|nodes| nodes.iter().any(closes)).collect()
    }
}

/// The compounds with the nearest outline within `reach` metres, ascending.
fn owners(node: &TaggedNode, sides: &OutlineSides, reach: f64) -> Vec<u32> {
    let frame = Frame::at(node.point);
    let mut near: Vec<(f64, u32)> = Vec::new();
    sides.grid.visit_near(node.point, node.point, reach, |side| {
        let distance = plane::distance(frame.local(side.a), frame.local(side.b));
        if distance <= reach {
            near.push((distance, sides.owner[side.id as usize]));
        }
        true
    });
    let least = near.iter().map(|(distance, _)| *distance).fold(f64::INFINITY, f64::min);
    let nearest = near.iter().filter(|(distance, _)| *distance <= least + SHARED_METRES);
    let mut owners: Vec<u32> = nearest.map(|(_, owner)| *owner).collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// Ids of the entrances that are corners of a building.
fn doors(located: &Located) -> HashSet<i64> {
    let scan = &located.scan;
    let is_entrance = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.entrance);
    let entrances: HashSet<Vertex> = scan
        .nodes
        .iter()
        .filter(is_entrance)
        .filter_map(|node| scan.node_ids.binary_search(&node.id).ok())
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
    corners
        .filter(|vertex| entrances.contains(vertex))
        .map(|vertex| scan.node_ids[*vertex as usize])
        .collect()
}
