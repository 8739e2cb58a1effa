//! Closed compounds: no walk passes through; walks start and end in them.

use super::{departures, reach, times};
use crate::testing::{HOUR, Map, Scene, profile};
use crate::{Network, Origin, Status};
use circle_model::{CompoundId, FacilityId, GateId, Milliseconds};

/// A compound 200 m wide between two streets, its own way from gate to gate, and the street around it.
const TOWN: &str = "
        A------N-----------B
        |  1   |      2    |
        |      |           |
        |      h           |
        |      |           |
        |  4   |      3    |
        C------S-----------D
                   f";

fn closed() -> Map {
    Map::draw(20.0, TOWN).zone(1, &["NS"]).compound(1, "1234", "NS")
}

#[test]
fn closed_compounds_are_never_crossed() {
    let map = || {
        let text = "
        A--p---N-----------B
        |  1   |      2    |
        |      |           |
        |  4   |      3    |
        C--q---S-----------D";
        Map::draw(20.0, text)
    };
    map().open().assert_cost('p', 'q', 60.0 + 80.0 + 60.0);
    map().zone(1, &["NS"]).compound(1, "1234", "NS").open().assert_cost('p', 'q', 60.0 + 80.0 + 60.0);
    let text = "
        A---------------p--N--B
                    1      |     2
                           |
                    4      |     3
        C---------------q--S--D";
    Map::draw(20.0, text).open().assert_cost('p', 'q', 60.0 + 80.0 + 60.0);
    let closed = Map::draw(20.0, text).zone(1, &["NS"]).compound(1, "1234", "NS").open();
    assert_ne!(closed.status('p', 'q'), Status::Ok);
}

#[test]
fn a_place_in_the_street_outside_a_gate_is_not_inside_the_compound() {
    // 8 m off the street, 2 m off the drive, 12 m outside the outline: on the pavement.
    let map = Map::draw(20.0, TOWN).zone(1, &["NS"]).compound(1, "1234", "NS");
    let network = map.town.network();
    let places = [map.town.point([302.0, -28.0]), map.town.point([290.0, -140.0])];
    assert!(network.compound_at(places[0]).is_none());
    let walk = times(&network, &profile("planning"), &places[..1], &places[1..], HOUR)[0];
    assert!(walk.length.metres() > 350.0, "through the compound: {walk:?}");
}

#[test]
fn streets_joined_by_a_closed_compound_alone_have_no_path() {
    let map = || Map::draw(20.0, "A-----p-----B----------C------q------D");
    assert_eq!(map().open().status('p', 'q'), Status::Ok);
    assert_eq!(map().zone(1, &["BC"]).open().status('p', 'q'), Status::NoPath);
}

#[test]
fn walks_leave_and_enter_a_closed_compound() {
    let scene = closed().open();
    scene.assert_cost('h', 'A', 60.0 + 140.0);
    scene.assert_cost('h', 'D', 60.0 + 240.0);
    scene.assert_cost('h', 'B', 60.0 + 240.0);
}

#[test]
fn walks_leave_one_zone_and_enter_another_and_pass_none_between() {
    let map = |middle| {
        Map::draw(20.0, "A--------B----p----C-------q-------D----r----E--------F")
            .zone(1, &["BC"])
            .zone(middle, &["CD"])
            .zone(3, &["DE"])
            .open()
    };
    map(0).assert_cost('p', 'r', 520.0);
    map(2).assert_cost('p', 'q', 260.0);
    assert_ne!(map(2).status('p', 'r'), Status::Ok);
    assert_ne!(map(2).status('A', 'F'), Status::Ok);
    // Two ways of one compound that meet are walked from one to the other.
    Map::draw(20.0, "A----B----p----C-----q----D").zone(1, &["BC", "CD"]).open().assert_cost('p', 'q', 220.0);
}

#[test]
fn locked_gates_on_streets_are_not_passed() {
    let map = "A------p------G------q------B";
    Map::draw(20.0, map).open().assert_cost('p', 'q', 280.0);
    assert_ne!(Map::draw(20.0, map).locked_gate('G').open().status('p', 'q'), Status::Ok);
}

#[test]
fn residents_behind_a_locked_gate_pass_it() {
    let scene = Map::draw(20.0, "A------p------G----h---B").zone(1, &["BG"]).locked_gate('G').open();
    scene.assert_cost('h', 'p', 240.0);
}

#[test]
fn a_locked_gate_between_two_compounds_is_passed_from_one_to_the_other() {
    let scene = Map::draw(20.0, "A---B---p---G----q---C---D")
        .zone(1, &["BG"])
        .zone(2, &["CG"])
        .locked_gate('G')
        .open();
    scene.assert_cost('p', 'q', 180.0);
}

#[test]
fn walks_from_a_dead_end_behind_a_locked_gate_lead_out() {
    // Only walks that start or end behind the gate pass it: the import makes the dead end a zone.
    let scene = Map::draw(20.0, "A------p------G---d---B").zone(1, &["BG"]).locked_gate('G').open();
    assert_eq!(scene.status('d', 'p'), Status::Ok);
}

#[test]
fn legs_cross_at_most_30_metres_of_a_closed_compound() {
    let scene = Map::draw(
        5.0,
        "
        A-----------------------------B
           1                       2
                s


                  d


           4                       3
        C-----------------------------D",
    )
    .compound(1, "1234", "")
    .open();
    // s stands 5 m inside, d 20 m: both see a street through less than 30 m of the compound.
    assert!(scene.streets_in_reach('s').contains(&"AB"));
    assert!(scene.streets_in_reach('d').contains(&"AB"));
    // In a compound twice as large, d is 40 m from its outline.
    let far = Map::draw(
        10.0,
        "
        A-----------------------------B
           1                       2
                s


                  d



           4                       3
        C-----------------------------D",
    )
    .compound(1, "1234", "")
    .open();
    assert!(far.streets_in_reach('d').is_empty(), "{:?}", far.streets_in_reach('d'));
    assert!(far.streets_in_reach('s').contains(&"AB"));
}

#[test]
fn inside_a_compound_the_gates_are_reached_through_buildings() {
    let scene = Map::draw(
        20.0,
        "
        A-----------------------B
         1          g          2
                  k   m
                  o   n

                    d





         4                     3
        C-----------------------D",
    )
    .compound(1, "1234", "g")
    .building("kmno")
    .open();
    // 80 m to the gate through a building, 20 m from there to the street.
    scene.assert_cost('d', 'A', 1.5 * 80.0 + 1.25f64.sqrt() * 20.0 + 240.0);
    assert_eq!(scene.streets_in_reach('d'), ["AB"]);
}

#[test]
fn inside_a_compound_its_ways_are_reached_from_far_but_not_through_walls() {
    let map = || {
        let text = "
        A-----------B-----------C
         1   w      |          2
                    |
                    |
          d         |
                    |
                    |
                    D
         4   x                 3";
        Map::draw(20.0, text).zone(1, &["BD"]).compound(1, "1234", "")
    };
    map().open().assert_cost('d', 'D', 1.5 * 200.0f64.hypot(60.0));
    assert!(map().wall("wx").open().legs('d').legs.is_empty());
}

#[test]
fn legs_inside_a_compound_end_at_300_metres() {
    // In the middle of a compound 1,000 m wide: the gate is 290 or 310 m to the north, 20 m from the street.
    let map = |metres: f64| {
        let text = "
        A------------------------------------------------B
          1                     g                     2



                                d



          4                                           3
        C------------------------------------------------D";
        let scale = metres / 4.0;
        Map::draw(scale, text).compound(1, "1234", "g")
    };
    assert_eq!(map(290.0).open().streets_in_reach('d'), ["AB"]);
    assert!(map(310.0).open().legs('d').legs.is_empty());
    // An interior way as far away.
    let map = |metres: f64| {
        let text = "
        A-------------------B------------------------C
          1                 |                     2
            d               |
          4                 D                     3";
        Map::draw(metres / 16.0, text).zone(1, &["BD"]).compound(1, "1234", "")
    };
    assert!(map(290.0).open().streets_in_reach('d').contains(&"BD"));
    assert!(!map(310.0).open().streets_in_reach('d').contains(&"BD"));
    let longest = map(290.0).open().legs('d').legs.iter().map(|leg| leg.length.0).max();
    assert!(longest.is_some_and(|longest| longest <= 300_000), "{longest:?}");
}

#[test]
fn a_compound_starts_at_its_nearest_gate() {
    let scene = Map::draw(20.0, TOWN).zone(1, &["NS"]).compound(1, "1234", "NS").facility("D").open();
    let origin = Origin::Compound(CompoundId(0));
    let found = reach(&scene.network, &profile("planning"), origin, HOUR).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].gate, Some(GateId(1)));
    assert!((found[0].length.metres() - 240.0).abs() < 0.05, "{found:?}");
}

#[test]
fn a_leg_to_a_private_drive_does_not_open_a_way_through() {
    // On the street, 6 m from where the drive begins: legs lead to both.
    let map = Map::draw(20.0, "A----N----B\n     |\n     |\n     |\nC----S----D").zone(1, &["NS"]);
    let network = map.town.network();
    let places = [map.town.point([94.0, 0.0]), map.town.point([94.0, -80.0])];
    assert!(network.legs(places[0]).legs.iter().any(|leg| !leg.own));
    let walk = times(&network, &profile("planning"), &places[..1], &places[1..], HOUR)[0];
    assert_ne!(walk.status, Status::Ok, "{walk:?}");
}

#[test]
fn facilities_of_one_compound_are_reached_from_inside_it_alone() {
    let map = Map::draw(
        20.0,
        "
        w  x
        z  y
        A--e---B---------C--p---E
               |
         1     g       2
               |
            d  f  56
               i  87
               |
               D

         4             3",
    );
    // Facility 0 is in estate 0, 1 on the street. Estate 1 lies outside; 2 within estate 0, through which its
    // residents walk out.
    let mut map = map
        .zone(1, &["BD"])
        .compound(1, "1234", "g")
        .compound(0, "wxyz", "e")
        .compound(0, "5678", "i")
        .facility("f")
        .facility("p");
    map.town.only_for = vec![1, 0];
    let scene = map.open();
    let profile = profile("planning");
    let compound = |number| Origin::Compound(CompoundId(number));
    let origins = [
        (compound(0), vec![0, 1]),
        (compound(1), vec![1]),
        (compound(2), vec![0, 1]),
        (Origin::Gate(GateId(0)), vec![0, 1]),
        (Origin::Gate(GateId(1)), vec![1]),
        (Origin::Place(scene.point('d')), vec![0, 1]),
        (Origin::Place(scene.point('e')), vec![1]),
    ];
    let all = [FacilityId(0), FacilityId(1)];
    let which: Vec<usize> = (0..origins.len()).collect();
    let reached = |network: &Network, origin| -> Vec<u32> {
        reach(network, &profile, origin, HOUR).unwrap().iter().map(|it| it.facility.0).collect()
    };
    let departures = departures(&scene.network, &profile, origins.iter().map(|(origin, _)| *origin));
    let nearest = departures.nearest(&all, &which, Milliseconds(0), HOUR).unwrap();
    for ((origin, expected), nearest) in origins.iter().zip(nearest) {
        assert_eq!(reached(&scene.network, *origin), *expected, "{origin:?}");
        assert_eq!(nearest.map(|it| it.facility.0), expected.first().copied(), "{origin:?}");
    }
    // With the compounds open it serves everybody.
    assert_eq!(reached(&scene.network.with_compounds_open(), compound(1)).len(), 2);
}

#[test]
fn opening_compounds_does_not_change_legs_far_from_them() {
    // Beside the compound, inside it, at its drive from outside, and 400 m away.
    let text = format!("{TOWN}\n\n\n\n\n\n\n\n\n\n\n\n        E------------------F\n          g\n");
    let map = || {
        let map = Map::draw(20.0, &text).zone(1, &["NS"]).compound(1, "1234", "NS");
        map.facility("f").facility("h").facility("N").facility("g").open()
    };
    let legs = |scene: &Scene| -> Vec<String> {
        let open = scene.network.with_compounds_open();
        open.entrances().all_legs().iter().map(|legs| format!("{legs:?}")).collect()
    };
    let (known, unknown) = (map(), map());
    known.network.prepare_facilities();
    assert_eq!(legs(&known), legs(&unknown));
    let closed = known.network.entrances().all_legs();
    assert!(legs(&known)[1] != format!("{:?}", closed[1]), "a place inside has other legs");
    assert!(legs(&known)[3] == format!("{:?}", closed[3]) && !closed[3].legs.is_empty());
}
