//! The search, compared with petgraph's on the same graph: random networks with zones, gates and one-way
//! ways.

use super::cases;
use crate::testing::{Town, profile};
use crate::{Cancel, NO_LIMIT, NodeIndex, Search, Seed};
use circle_model::city::{EdgeFlags, NodeFlags};
use circle_model::{Millimetres, Milliseconds};
use petgraph::algo::dijkstra;
use petgraph::visit::EdgeRef;
use proptest::prelude::*;

/// Which walkers pass a junction.
#[derive(Debug, Clone, Copy)]
enum Passed {
    Free,
    Locked,
    Shut,
}

pub(super) fn any_town() -> impl Strategy<Value = Town> {
    let flags = prop_oneof![
        8 => Just(EdgeFlags::empty()),
        1 => Just(EdgeFlags::NOT_FORWARD),
        1 => Just(EdgeFlags::NOT_BACKWARD),
        1 => Just(EdgeFlags::STEPS),
    ];
    let junction = (
        0..800i32,
        0..800i32,
        prop_oneof![6 => Just(Passed::Free), 1 => Just(Passed::Locked), 1 => Just(Passed::Shut)],
    );
    let street = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), flags, 0..4u32);
    (prop::collection::vec(junction, 1..16), prop::collection::vec(street, 1..40)).prop_map(
        |(junctions, streets)| {
            let mut town = Town::default();
            for (x, y, passed) in &junctions {
                let junction = town.junction([f64::from(*x), f64::from(*y)]);
                match passed {
                    Passed::Free => {}
                    Passed::Locked => town.junctions[junction as usize].1 |= NodeFlags::RESTRICTED,
                    Passed::Shut => town.shut.push(junction),
                }
            }
            for (from, to, flags, zone) in streets {
                let (from, to) = (from.index(junctions.len()) as u32, to.index(junctions.len()) as u32);
                town.street(from, to, flags, zone);
            }
            town
        },
    )
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn labels_equal_those_of_petgraph(town in any_town(), start in any::<prop::sample::Index>(), adult in any::<bool>()) {
        let network = town.network();
        let profile = profile(if adult { "adult" } else { "planning" });
        let weights = [network.weights(&profile), network.reversed_weights(&profile)];
        for ((graph, seeds), weights) in [(network.graph(), [0, 1]), (network.reversed(), [7, 0])].into_iter().zip(weights) {
            let nodes = [start.index(graph.len()), (start.index(graph.len()) + 5) % graph.len()].map(|node| NodeIndex(node as u32));
            let truths = nodes.map(|node| dijkstra(graph, node, None, |arc| weights.steps(arc.id()..arc.id() + 1)[0].time.0));
            let seeds: Vec<Seed> = (0..2).map(|at| Seed { node: nodes[at], time: Milliseconds(seeds[at] * 1000), length: Millimetres(0), label: at as u32 }).collect();
            Search::with(|search| -> Result<(), TestCaseError> {
                search.run(graph, &weights, &seeds, NO_LIMIT, &Cancel::never()).unwrap();
                for node in graph.nodes() {
                    let truth = (0..2).filter_map(|at| truths[at].get(&node).map(|time| time + seeds[at].time.0)).min();
                    prop_assert_eq!(search.label(node).map(|label| label.time.0), truth);
                }
                Ok(())
            })?;
        }
    }

    #[test]
    fn a_limited_search_finds_exactly_the_nodes_within_the_limit(town in any_town(), start in any::<prop::sample::Index>(), limit in 0..2_000_000u32) {
        let network = town.network();
        let weights = network.weights(&profile("adult"));
        let node = NodeIndex(start.index(network.graph().len()) as u32);
        let seed = Seed { node, time: Milliseconds(0), length: Millimetres(0), label: 0 };
        let run = |limit: Milliseconds| Search::with(|search| {
            search.run(network.graph(), &weights, &[seed], limit, &Cancel::never()).unwrap();
            network.graph().nodes().map(|node| search.time(node)).collect::<Vec<Option<Milliseconds>>>()
        });
        let limit = Milliseconds(limit);
        let all = run(NO_LIMIT);
        let within: Vec<Option<Milliseconds>> = all.iter().map(|time| time.filter(|time| *time <= limit)).collect();
        prop_assert_eq!(run(limit), within);
    }
}
