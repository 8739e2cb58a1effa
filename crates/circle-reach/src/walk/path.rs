//! The path of the best walk from an origin to a destination: the edges that it takes.

use crate::cancel::Cancelled;
use crate::ground::numbering::NodeIndex;
use crate::ground::weights::Weights;
use crate::legs::ends::{arrivals, departures};
use crate::legs::leg::Leg;
use crate::walk::backwards::Backwards;
use crate::walk::ends::End;
use crate::walk::search::Search;
use crate::walk::starts::{Start, StartIndex};
use crate::walk::walker::{Arrival, StraightEnd, Walker, start_and_leg};
use circle_model::{EdgeId, GateId, Milliseconds, Point};
use std::collections::BTreeSet;

/// The best walk and its path.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) arrival: Arrival,
    /// Where it starts.
    pub(crate) from: Point,
    /// The gate that it starts at.
    pub(crate) gate: Option<GateId>,
    /// Where it ends.
    pub(crate) to: Point,
    pub(crate) way: Way,
}

/// The edges of a walk.
#[derive(Debug)]
pub(crate) enum Way {
    /// No edge: the walk is straight.
    Straight,
    /// The one edge that both legs lead to.
    OneEdge { first: Leg, last: Leg },
    /// From the first leg to an end of its edge, along whole edges, and from an end of the last leg's edge to
    /// that leg.
    Edges {
        first: Leg,
        /// In the order of the walk; `true` if walked against the direction of the edge.
        edges: Vec<(EdgeId, bool)>,
        last: Leg,
    },
}

/// The last step of a walk.
enum LastStep {
    /// From a node, along the leg's edge.
    FromNode(NodeIndex, Leg),
    /// Along the one edge that both legs lead to.
    OnEdge(Leg, Leg),
    Straight,
}

/// The best walk to any end that has legs; `None` if there is none. Walks over junctions are searched up to
/// `limit`, which the last leg may exceed; walks along one edge and straight walks have no limit.
pub(crate) fn path(
    walker: Walker<'_>,
    weights: &Weights,
    backwards: &Backwards<'_>,
    starts: &[Start<'_>],
    ends: &[End<'_>],
    limit: Milliseconds,
) -> Result<Option<Path>, Cancelled> {
    Search::with(|search| {
        walker.search(search, weights, starts, limit)?;
        let mut best: Option<(Arrival, LastStep, Point)> = None;
        for end in ends.iter().filter(|end| !end.legs.legs.is_empty()) {
            let mut offer = |arrival: Option<Arrival>, step: LastStep| {
                if let Some(arrival) = arrival
                    && best.as_ref().is_none_or(|(known, ..)| arrival < *known)
                {
                    best = Some((arrival, step, end.point));
                }
            };
            for leg in &end.legs.legs {
                for node in arrivals(walker.ground, leg).into_iter().flatten() {
                    offer(walker.arrive_from(search, starts, leg, node), LastStep::FromNode(node, *leg));
                }
                for (number, start) in (0u32..).map(StartIndex).zip(starts) {
                    for first in start.legs.legs.iter().filter(|first| first.edge == leg.edge) {
                        let along = walker.arrive_on_edge(number, first, leg);
                        offer(along, LastStep::OnEdge(*first, *leg));
                    }
                }
            }
            for (number, start) in (0u32..).map(StartIndex).zip(starts) {
                let straight = walker.arrive_straight(number, start, StraightEnd::of(end.point, &end.legs));
                offer(straight, LastStep::Straight);
            }
        }
        let Some((arrival, step, to)) = best else { return Ok(None) };
        let start = &starts[arrival.start.index()];
        let way = match step {
            LastStep::Straight => Way::Straight,
            LastStep::OnEdge(first, last) => Way::OneEdge { first, last },
            LastStep::FromNode(node, last) => {
                let (first, edges) = trace(walker, backwards, search, start, node);
                Way::Edges { first, edges, last }
            }
        };
        Ok(Some(Path { arrival, from: start.point, gate: start.gate, to, way }))
    })
}

/// Follows a walk back from a node to the leg that it began with.
fn trace(
    walker: Walker<'_>,
    backwards: &Backwards<'_>,
    search: &Search,
    start: &Start<'_>,
    mut node: NodeIndex,
) -> (Leg, Vec<(EdgeId, bool)>) {
    let Backwards { graph, weights } = backwards;
    let first = search.label(node).map_or(0, |label| start_and_leg(label.seed).1);
    let first = start.legs.legs[first];
    let (along, time) = walker.onward(&first);
    let begins = (walker.leg_time(first.length) + time, first.length + along);
    let mut edges = Vec::new();
    let mut seen = BTreeSet::from([node]);
    while let Some(label) = search.label(node) {
        let at_start = departures(walker.ground, &first).into_iter().flatten().any(|begin| begin == node);
        if at_start && (label.time, label.length) == begins {
            break;
        }
        let before = graph.row(node).zip(weights.steps(graph.row(node))).find(|(_, step)| {
            !seen.contains(&step.to)
                && search.label(step.to).is_some_and(|before| {
                    before.seed == label.seed
                        && before.time + step.time == label.time
                        && before.length + step.length == label.length
                })
        });
        let Some(arc) = before.map(|(position, _)| graph.arc(position)) else { break };
        edges.extend(arc.edge().map(|edge| (edge, arc.against)));
        seen.insert(arc.to);
        node = arc.to;
    }
    edges.reverse();
    (first, edges)
}
