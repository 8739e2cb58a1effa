//! The search compared with petgraph's Dijkstra, on inner Harbin.

use crate::run::{Numbers, harbin};
use circle_model::{City, Millimetres, Milliseconds, Profiles};
use circle_reach::{Cancel, NO_LIMIT, Network, NodeIndex, Search, Seed};
use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;

#[test]
fn the_search_finds_what_petgraph_finds_in_harbin() {
    let network = Network::build(&City::open(harbin()).unwrap());
    let profiles = Profiles::built_in();
    let mut random = Numbers(17);
    for (id, limit) in [("planning", Milliseconds(900_000)), ("adult", NO_LIMIT), ("wheelchair", NO_LIMIT)] {
        let profile = profiles.find(id).unwrap();
        let directions = [
            (network.graph(), network.weights(profile)),
            (network.reversed(), network.reversed_weights(profile)),
        ];
        for (graph, weights) in directions {
            // petgraph has no impassable arcs, so they get a weight above that of any path.
            let weight = |position: usize| {
                let time = weights.steps(position..position + 1)[0].time();
                time.map_or(u64::from(u32::MAX), |time| u64::from(time.0))
            };
            // A start that reaches many nodes, not one inside a closed compound.
            let (node, truth) = std::iter::repeat_with(|| NodeIndex(random.below(graph.len()) as u32))
                .map(|node| (node, dijkstra(graph, node, None, |arc| weight(arc.id()))))
                .find(|(_, truth)| truth.len() > 1000)
                .unwrap();
            let seed = Seed { node, time: Milliseconds(0), length: Millimetres(0), label: 0 };
            Search::with(|search| {
                search.run(graph, &weights, &[seed], limit, &Cancel::never()).unwrap();
                let mut reached = 0;
                for other in graph.nodes() {
                    let time = truth.get(&other).copied().filter(|time| *time <= u64::from(limit.0));
                    assert_eq!(
                        search.label(other).map(|label| u64::from(label.time.0)),
                        time,
                        "{id}: {other:?}"
                    );
                    reached += usize::from(time.is_some());
                }
                assert!(reached > 10, "{id} from {node:?}: {reached} nodes");
            });
        }
    }
}
