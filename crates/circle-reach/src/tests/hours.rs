//! Gates that are shut at the city's time of day, and limits of legs that differ from the defaults.

use super::{reach, times};
use crate::testing::{HOUR, Map, profile};
use crate::{Network, Origin, Status};
use circle_model::city::Shut;
use circle_model::{CompoundId, LegLimits};

/// A compound with a gate at G and another far away at H.
const GATED: &str = "
        A---------B---------C
                  |         |
                  G         |
                  |         |
                  D---E---F-H";

#[test]
fn shut_gates_are_closed_to_residents_too() {
    let map = || Map::draw(20.0, GATED).zone(1, &["DG", "DE", "EF", "FH"]);
    assert!(map().locked_gate('G').open().walk('A', 'E', "planning").length.0.abs_diff(360_000) < 100);
    let shut = map().shut_gate('G').open();
    assert!(shut.walk('A', 'E', "planning").length.0.abs_diff(600_000) < 100);
    assert!(shut.walk('E', 'A', "planning").length.0.abs_diff(600_000) < 100);
    let both = map().shut_gate('G').shut_gate('H').open();
    assert_eq!([both.status('A', 'E'), both.status('D', 'F')], [Status::NoPath, Status::Ok]);
}

#[test]
fn a_compound_is_left_by_its_open_gates_or_by_all_if_none_is_open() {
    let drawn = || {
        Map::draw(
            20.0,
            "
        A---------g---------B
        |  a             b
        C---------h---------D",
        )
        .facility("g")
    };
    let compound = |shut: [bool; 2]| {
        let scene = drawn().compound(0, "ab", "gh").open();
        let shut = Shut { gates: shut.to_vec(), ..Shut::default() };
        let city = scene.network.city().with_shut(shut);
        let found =
            reach(&Network::build(&city), &profile("planning"), Origin::Compound(CompoundId(0)), HOUR);
        found.unwrap().first().map(|reached| (reached.gate.unwrap().0, reached.time.0 == 0))
    };
    assert_eq!(compound([false, false]), Some((0, true)));
    assert_eq!(compound([true, true]), Some((0, true)));
    assert_eq!(compound([true, false]), Some((1, false)));
}

#[test]
fn closed_facilities_are_not_reached() {
    let scene = Map::draw(20.0, "A----p----B").facility("B").facility("A").open();
    let shut = Shut { facilities: vec![true], ..Shut::default() };
    let city = scene.network.city().with_shut(shut);
    let place = Origin::Place(scene.point('p'));
    let found = reach(&Network::build(&city), &profile("planning"), place, HOUR).unwrap();
    assert_eq!(found.iter().map(|reached| reached.facility.0).collect::<Vec<_>>(), [1]);
}

#[test]
fn limits_of_legs_are_parameters() {
    let scene = Map::draw(
        10.0,
        "
        A---------B---------C


        p
        ",
    )
    .open();
    let walk = |limits: &str| {
        let city = scene.network.city().with_legs(LegLimits::parse(limits).unwrap());
        let [from, to] = ['p', 'C'].map(|place| [scene.point(place)]);
        let walk = times(&Network::build(&city), &profile("planning"), &from, &to, HOUR)[0];
        (walk.status, (walk.time.seconds() / 0.9 * 10.0).round() / 10.0)
    };
    // 30 m off the street, the best leg goes 26.8 m along: the way costs 200 + 30 · √(1.5² − 1).
    let cost = |factor: f64| ((200.0 + 30.0 * (factor * factor - 1.0f64).sqrt()) * 10.0).round() / 10.0;
    assert_eq!(walk(""), (Status::Ok, cost(1.5)));
    assert_eq!(walk("off_network_factor = 2"), (Status::Ok, cost(2.0)));
    assert_eq!(walk("longest_metres = 25").0, Status::OffNetwork);
    // The leg may not be longer than the distance: it leads straight to the street.
    assert_eq!(walk("nearest_factor = 1\nnearest_extra_metres = 0"), (Status::Ok, 245.0));
}
