//! Variants: networks of other editions of a city.

use super::{cases, reach, times};
use crate::ground::what_if::WhatIf;
use crate::testing::{HOUR, Map, profile};
use crate::{Network, Origin};
use circle_model::city::{Gate, Shut};
use circle_model::{City, CompoundId, LegLimits};
use proptest::prelude::*;
use std::sync::Arc;

/// Two compounds, one of them closed, and a wall.
const TOWN: &str = "
        A------N-----------B-------E
        |  1   |      2    |
        |      |           |   w
        |      h           |
        |      |           |   x
        |  4   |      3    |
        C------S-----------D-------F
             5   6
             8   7";

fn town() -> Map {
    let map = Map::draw(20.0, TOWN).zone(1, &["NS"]).compound(1, "1234", "NS").compound(0, "5678", "SD");
    map.wall("wx").facility("E").facility("h").facility("F")
}

/// The ways to change a city.
fn variants_of(city: &City) -> Vec<(&'static str, City)> {
    let limits = LegLimits { longest_metres: 60.0, ..LegLimits::default() };
    let shut = Shut { gates: vec![true], facilities: vec![true], ..Shut::default() };
    vec![
        ("limits", city.with_legs(limits)),
        ("shut", city.with_shut(shut)),
        ("closed", city.with_compounds_closed()),
        ("gates", city.with_gates(|gate: &Gate| gate.point != city.gates()[0].point)),
        ("nothing", city.clone()),
    ]
}

fn answers(network: &Network) -> String {
    let adult = profile("adult");
    let compounds = (0..network.city().compounds().len() as u32).map(CompoundId);
    let reached = compounds.map(|compound| reach(network, &adult, Origin::Compound(compound), HOUR));
    let reached: Vec<_> = reached.collect();
    let places: Vec<_> = network.city().facilities().iter().map(|facility| facility.point).collect();
    format!("{reached:?} {:?}", times(network, &adult, &places, &places, HOUR))
}

#[test]
fn a_variant_answers_like_a_new_network() {
    let network = town().open().network;
    network.prepare_facilities();
    for (what, city) in variants_of(network.city()) {
        let variant = network.variant(&city);
        assert_eq!(answers(&variant), answers(&Network::build(&city)), "{what}");
        // Variants of a variant too.
        for (then, city) in variants_of(variant.city()) {
            assert_eq!(answers(&variant.variant(&city)), answers(&Network::build(&city)), "{what}, {then}");
        }
        let open = variant.with_compounds_open();
        assert_eq!(answers(&open), answers(&Network::build(open.city())), "{what}, open");
        for (then, city) in variants_of(open.city()) {
            assert_eq!(
                answers(&open.variant(&city)),
                answers(&Network::build(&city)),
                "{what}, open, {then}"
            );
        }
    }
}

#[test]
fn the_variants_of_what_ifs_are_built_once() {
    let network = town().open().network;
    let variants = WhatIf::ALL.map(|what_if| network.what_if(what_if));
    // Other variants do not evict them.
    for metres in 20..30 {
        let limits = LegLimits { longest_metres: f64::from(metres), ..LegLimits::default() };
        let other = network.variant(&network.city().with_legs(limits));
        assert_ne!(other.city().edition(), network.city().edition());
    }
    for (variant, what_if) in variants.iter().zip(WhatIf::ALL) {
        assert!(Arc::ptr_eq(variant, &network.what_if(what_if)), "{what_if:?}");
    }
}

#[test]
fn threads_that_ask_for_a_what_if_at_once_share_it() {
    let network = town().open().network;
    let variants: Vec<Arc<Network>> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| network.with_compounds_open());
        let threads: Vec<_> = (0..4).map(|_| ask()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(variants.iter().all(|variant| Arc::ptr_eq(variant, &variants[0])));
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn variants_of_random_towns_answer_like_new_networks(mut town in super::graph_search::any_town()) {
        town.facilities = town.junctions.iter().take(4).map(|(at, _)| vec![[at[0] + 3.0, at[1]]]).collect();
        let network = town.network();
        for (what, city) in variants_of_town(network.city()) {
            prop_assert_eq!(answers(&network.variant(&city)), answers(&Network::build(&city)), "{}", what);
        }
        let open = network.with_compounds_open();
        prop_assert_eq!(answers(&open), answers(&Network::build(open.city())));
    }
}

/// As [`variants_of`], for a town without compounds.
fn variants_of_town(city: &City) -> Vec<(&'static str, City)> {
    let limits = LegLimits { longest_metres: 60.0, ..LegLimits::default() };
    let shut = Shut { nodes: vec![true], ..Shut::default() };
    vec![("limits", city.with_legs(limits)), ("shut", city.with_shut(shut))]
}
