//! The graph nodes that join legs and the network.

use crate::ground::Ground;
use crate::ground::components::MainStreets;
use crate::ground::numbering::NodeIndex;
use crate::legs::leg::{Leg, Legs};
use circle_model::ComponentId;
use circle_model::city::EdgeFlags;

/// The nodes from which a walk arrives at a leg: those at the leg's end of the edge, if the edge may be
/// walked from there. In a zone that the place is not in, only walks that started in the zone arrive.
pub(crate) fn arrivals(ground: &Ground, leg: &Leg) -> [Option<NodeIndex>; 2] {
    let end = usize::from(leg.end);
    let against = if end == 0 { EdgeFlags::NOT_FORWARD } else { EdgeFlags::NOT_BACKWARD };
    if ground.edge(leg.edge).has(against) {
        return [None; 2];
    }
    let (entering, leaving) = (ground.graph.entering(leg.edge)[end], ground.graph.leaving(leg.edge)[end]);
    [Some(leaving), (leg.own && entering != leaving).then_some(entering)]
}

/// The nodes to which a walk departs from a leg. In a zone that the place is not in, only walks that end in
/// the zone depart.
pub(crate) fn departures(ground: &Ground, leg: &Leg) -> [Option<NodeIndex>; 2] {
    let end = usize::from(leg.end);
    let against = if end == 0 { EdgeFlags::NOT_BACKWARD } else { EdgeFlags::NOT_FORWARD };
    if ground.edge(leg.edge).has(against) {
        return [None; 2];
    }
    let (entering, leaving) = (ground.graph.entering(leg.edge)[end], ground.graph.leaving(leg.edge)[end]);
    [Some(entering), (leg.own && entering != leaving).then_some(leaving)]
}

/// Whether a walk that starts with any of the legs can reach the main streets.
pub(crate) fn lead_to_main_streets(ground: &Ground, legs: &Legs, main: &MainStreets) -> bool {
    let mut nodes = legs.legs.iter().flat_map(|leg| departures(ground, leg)).flatten();
    nodes.any(|node| main.are_reached_from(node))
}

/// Whether a walk from the main streets can end with any of the legs.
pub(crate) fn are_reached_from_main_streets(ground: &Ground, legs: &Legs, main: &MainStreets) -> bool {
    let mut nodes = legs.legs.iter().flat_map(|leg| arrivals(ground, leg)).flatten();
    nodes.any(|node| main.lead_to(node))
}

/// The connected components that legs lead to, ascending, each once.
pub(crate) fn components<'a>(ground: &Ground, legs: impl Iterator<Item = &'a Legs>) -> Vec<ComponentId> {
    let edges = legs.flat_map(|legs| &legs.legs).map(|leg| leg.edge);
    let mut components: Vec<ComponentId> = edges.map(|edge| ground.component(edge)).collect();
    components.sort_unstable();
    components.dedup();
    components
}
