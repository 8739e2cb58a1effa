//! The search against petgraph's Dijkstra, on all of inner Harbin.

use crate::run::{Numbers, harbin};
use circle_model::{City, Profiles};
use circle_reach::Network;
use circle_reach::search::{Search, Seed, UNREACHED};
use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;

#[test]
fn the_search_finds_what_petgraph_finds_in_harbin() {
    let network = Network::build(&City::open(harbin()).unwrap());
    let profiles = Profiles::built_in();
    let mut random = Numbers(17);
    for (id, limit) in [("planning", 900_000), ("adult", UNREACHED - 1), ("wheelchair", UNREACHED - 1)] {
        let profile = profiles.find(id).unwrap();
        let directions = [
            (network.graph(), network.weights(profile)),
            (network.reversed(), network.reversed_weights(profile)),
        ];
        for (graph, weights) in directions {
            // Petgraph knows no arc that cannot be passed: a weight that no path adds up to.
            let weight = |position: usize| match weights.steps(position..position + 1)[0].time {
                UNREACHED => u64::from(UNREACHED),
                time => u64::from(time),
            };
            // From inside a compound, or into it, little is reached.
            let (node, truth) = std::iter::repeat_with(|| random.below(graph.len()) as u32)
                .map(|node| (node, dijkstra(graph, node, None, |arc| weight(arc.id()))))
                .find(|(_, truth)| truth.len() > 1000)
                .unwrap();
            let seed = Seed { node, time: 0, length: 0, label: 0 };
            Search::with(|search| {
                search.run(graph, &weights, &[seed], limit);
                let mut reached = 0;
                for other in 0..graph.len() as u32 {
                    let time = truth.get(&other).copied().filter(|time| *time <= u64::from(limit));
                    assert_eq!(search.label(other).map(|label| u64::from(label.time)), time, "{id}: {other}");
                    reached += usize::from(time.is_some());
                }
                assert!(reached > 10, "{id} from {node}: {reached} nodes");
            });
        }
    }
}
