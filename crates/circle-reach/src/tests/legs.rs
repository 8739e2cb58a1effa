//! Access legs over open ground: where they lead, their limits and their costs.

use crate::Status;
use crate::testing::Map;
use circle_model::city::EdgeFlags;

/// Cost of a leg at height h that continues along the street, beyond the cost from its foot: √1.25 h.
fn slid(height: f64) -> f64 {
    1.25f64.sqrt() * height
}

#[test]
fn the_foot_slides_as_far_as_that_shortens_the_walk() {
    let scene = Map::draw(
        10.0,
        "
                  p



        A----------------------q--B







                  r",
    )
    .open();
    let leg = scene.legs('p').legs[0];
    assert!((leg.length.metres() - 40.0 * 1.8f64.sqrt()).abs() < 0.02, "{leg:?}");
    scene.assert_cost('p', 'q', 130.0 + slid(40.0));
    scene.assert_cost('p', 'A', 100.0 + slid(40.0));
    // At 80 m the longest leg, 100 m, ends 60 m from the foot.
    scene.assert_cost('r', 'q', 150.0 + 130.0 - 60.0);
}

#[test]
fn the_foot_slides_no_farther_than_the_street_s_end() {
    let scene = Map::draw(
        10.0,
        "
                p



        A--------B
                 |
                 |
                 |
                 C------q--D",
    )
    .open();
    scene.assert_cost('p', 'q', 1.5 * 40.0f64.hypot(10.0) + 40.0 + 70.0);
}

#[test]
fn legs_are_no_longer_than_one_and_a_half_times_the_nearest_way_and_ten_metres() {
    let street = |from, to| format!("{from}------------------------------{to}");
    let down = |metres| "\n".repeat(metres);
    let (north, near, far) = (street('A', 'B'), street('C', 'D'), street('E', 'F'));
    let map = format!("{north}{}         p{}{near}{}{far}", down(11), down(26), down(1));
    let scene = Map::draw(1.0, &map).open();
    // Streets at 11 m, 26 m and 27 m; the longest leg is 26.5 m.
    let legs = scene.legs('p');
    assert!((legs.limit_metres - 26.5).abs() < 0.02, "{}", legs.limit_metres);
    assert_eq!(scene.streets_in_reach('p'), ["AB", "CD"]);
    assert!(legs.legs.iter().all(|leg| f64::from(leg.length.0) <= legs.limit_metres * 1000.0 + 1.0));
}

#[test]
fn a_block_may_be_left_on_either_side() {
    let scene = Map::draw(
        5.0,
        "
        A--------------B



                p





        C--------------D",
    )
    .open();
    // 20 m to one street, 30 m to the other, 40 m at the most: 26.5 m beyond the foot.
    assert_eq!(scene.streets_in_reach('p'), ["AB", "CD"]);
    scene.assert_cost('p', 'D', 1.5 * 40.0 + 35.0 - 700.0f64.sqrt());
}

#[test]
fn no_leg_is_longer_than_a_hundred_metres() {
    let town = Map::draw(10.0, "A--------------------------B").town;
    for (height, seen) in [(99.9, true), (100.2, false)] {
        let found = town.network().legs(town.point([100.0, height]));
        assert_eq!(!found.legs.is_empty(), seen, "{height}: {found:?}");
        assert!(found.limit_metres <= 100.0);
    }
}

#[test]
fn places_on_a_street_have_legs_to_that_street_alone() {
    let scene = Map::draw(
        4.0,
        "
        A-------p-------B


        C-------q-------D",
    )
    .open();
    // 12 m are more than a leg from a street may be, 10 m.
    assert_eq!(scene.streets_in_reach('p'), ["AB"]);
    assert_eq!(scene.status('p', 'q'), Status::NoPath);
}

#[test]
fn a_straight_walk_connects_two_places_in_sight_of_each_other() {
    let scene = Map::draw(
        5.0,
        "
               q
           p



        A----------------B",
    )
    .open();
    scene.assert_cost('p', 'q', 1.5 * 20.0f64.hypot(5.0));
    let walk = scene.walk('p', 'q', "planning");
    assert!((walk.length.metres() - 20.0f64.hypot(5.0)).abs() < 0.02, "{walk:?}");
    assert_eq!(walk.from_access.0 + walk.to_access.0, walk.length.0);
}

#[test]
fn the_longer_of_two_limits_counts_between_two_places() {
    let scene = Map::draw(
        10.0,
        "
        A---------------B
             q


             p
        ",
    )
    .open();
    // From p, 40 m off, legs may be 70 m long; from q, 10 m off, 25 m.
    scene.assert_cost('p', 'q', 45.0);
}

#[test]
fn bridges_and_tunnels_are_reached_from_places_on_them_alone() {
    let scene = Map::draw(
        5.0,
        "
        A-------b-------B
                p


        C-------g-------D",
    )
    .tag(&["AB"], EdgeFlags::BRIDGE)
    .open();
    assert_eq!(scene.streets_in_reach('p'), ["CD"]);
    assert_eq!(scene.streets_in_reach('b'), ["AB"]);
    for (metres, streets) in [(0.4, 1), (0.6, 0)] {
        let town = Map::draw(50.0, "A---B").tag(&["AB"], EdgeFlags::TUNNEL).town;
        let found = town.network().legs(town.point([100.0, metres])).legs;
        assert_eq!(usize::from(!found.is_empty()), streets, "{metres} m");
    }
}

#[test]
fn islands_under_half_a_kilometre_are_not_reached() {
    for (characters, reached) in [(48, false), (52, true)] {
        let island = format!("C{}D", "-".repeat(characters - 1));
        let main = format!("A{}B", "-".repeat(99));
        let mut map = Map::draw(10.0, &format!("{main}\n\n\n  p\n\n{island}"));
        map.town.islands = true;
        let scene = map.open();
        assert_eq!(scene.streets_in_reach('p').contains(&"CD"), reached, "{characters}0 m");
        assert!(scene.streets_in_reach('p').contains(&"AB"));
    }
}
