//! Zones and gates, compared with an independent search that keeps the rule in its states, not in the graph.

use super::{cases, times};
use crate::Status;
use crate::testing::{Town, profile};
use circle_model::city::{City, EdgeFlags, NodeFlags};
use circle_model::plane::Xy;
use circle_model::{Milliseconds, ZoneId};
use proptest::prelude::*;

const BLOCK: f64 = 600.0;

/// A grid of blocks, so large that no leg leads from street to street and no component is an island.
pub(super) fn blocks(zones: u32, gates: bool) -> impl Strategy<Value = Town> {
    let flags = prop_oneof![10 => Just(EdgeFlags::empty()), 1 => Just(EdgeFlags::NOT_FORWARD), 1 => Just(EdgeFlags::NOT_BACKWARD)];
    let street = prop::option::weighted(0.8, (flags, 0..=zones));
    let gates = prop::collection::vec(prop::bool::weighted(if gates { 0.1 } else { 0.0 }), 16);
    (prop::collection::vec(street, 24), gates).prop_map(|(streets, gates)| {
        let mut town = Town::default();
        for (number, gate) in gates.into_iter().enumerate() {
            let at = [(number % 4) as f64 * BLOCK, (number / 4) as f64 * BLOCK];
            town.junctions.push((at, NodeFlags::RESTRICTED.when(gate)));
        }
        let east = (0..16).filter(|at| at % 4 < 3).map(|at| (at, at + 1));
        let north = (0..12).map(|at| (at, at + 4));
        for ((from, to), street) in east.chain(north).zip(streets) {
            if let Some((flags, zone)) = street {
                town.street(from, to, flags, zone);
            }
        }
        town
    })
}

pub(super) fn middle(town: &Town, street: usize) -> Xy {
    let line = &town.streets[street].line;
    [f64::midpoint(line[0][0], line[1][0]), f64::midpoint(line[0][1], line[1][1])]
}

/// Stage of a walk in the order of zones: 0 in the zone where it starts, 1 outside, 2 in the zone where it
/// ends.
#[derive(Clone, Copy, PartialEq)]
struct State {
    junction: u32,
    stage: u8,
    last: usize,
}

/// Least millimetres from the middle of one street to the middle of another, by exhaustive search.
fn least(city: &City, from: usize, to: usize) -> Option<u32> {
    let edges = city.edges();
    let stage_of = |edge: usize, stage: u8| match (edges[edge].zone, stage) {
        (zone, 0) if zone == edges[from].zone => Some(0),
        (ZoneId::PUBLIC, 0 | 1) => Some(1),
        (zone, _) if zone == edges[to].zone => Some(2),
        _ => None,
    };
    let half = |edge: usize| edges[edge].length_mm / 2;
    let mut known: Vec<(State, u32)> = Vec::new();
    let mut open: Vec<(State, u32)> = Vec::new();
    for (junction, against) in
        [(edges[from].to, EdgeFlags::NOT_FORWARD), (edges[from].from, EdgeFlags::NOT_BACKWARD)]
    {
        if !edges[from].has(against) {
            for stage in [stage_of(from, 0), stage_of(from, 2)].into_iter().flatten() {
                open.push((State { junction: junction.0, stage, last: from }, half(from)));
            }
        }
    }
    let mut best: Option<u32> = None;
    while let Some(next) = (0..open.len()).min_by_key(|at| open[*at].1) {
        let (state, length) = open.swap_remove(next);
        if known.iter().any(|(other, shorter)| *other == state && *shorter <= length) {
            continue;
        }
        known.push((state, length));
        for (number, edge) in edges.iter().enumerate() {
            let shut = city.nodes()[state.junction as usize].flags.contains(NodeFlags::RESTRICTED);
            let passes = !shut
                || number == state.last
                || !edge.zone.is_public()
                || !edges[state.last].zone.is_public();
            let Some(stage) = stage_of(number, state.stage).filter(|_| passes) else { continue };
            for (start, end, against) in
                [(edge.from, edge.to, EdgeFlags::NOT_FORWARD), (edge.to, edge.from, EdgeFlags::NOT_BACKWARD)]
            {
                if start.0 == state.junction && !edge.has(against) {
                    if number == to {
                        let arrived = length + half(to);
                        best = Some(best.map_or(arrived, |best| best.min(arrived)));
                    }
                    open.push((State { junction: end.0, stage, last: number }, length + edge.length_mm));
                }
            }
        }
    }
    best
}

fn walks_are_the_least_that_the_rule_allows(town: &Town) -> Result<(), TestCaseError> {
    let network = town.network();
    let streets = town.streets.len();
    let places: Vec<_> = (0..streets).map(|street| town.point(middle(town, street))).collect();
    let walks = times(&network, &profile("planning"), &places, &places, Milliseconds::from_minutes(600));
    let pairs = (0..streets).flat_map(|from| (0..streets).map(move |to| (from, to)));
    for (from, to) in pairs.filter(|(from, to)| from != to) {
        let walk = walks[from * streets + to];
        let truth = least(network.city(), from, to);
        prop_assert_eq!(
            walk.status == Status::Ok,
            truth.is_some(),
            "{} to {}: {:?} {:?}",
            from,
            to,
            walk,
            truth
        );
        if let Some(truth) = truth {
            prop_assert!(walk.length.0.abs_diff(truth) <= 40, "{from} to {to}: {walk:?}, not {truth}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn walks_keep_to_the_order_of_zones(town in blocks(3, false)) {
        walks_are_the_least_that_the_rule_allows(&town)?;
    }

    #[test]
    fn walks_keep_to_the_order_of_zones_where_gates_are_locked(town in blocks(3, true)) {
        walks_are_the_least_that_the_rule_allows(&town)?;
    }
}
