//! Obstacles that legs may not cross.

use crate::Status;
use crate::testing::Map;
use circle_model::city::{EdgeFlags, MapKind};

const TWO_STREETS: &str = "
        A----------------B

        x                y
                p


        C-------q--------D";

#[test]
fn a_lesser_way_that_ends_on_another_road_is_no_way_onto_it() {
    // Two carriageways 8 m apart, joined far away; a service way ends on the other one.
    let drawn = "
        A-------------p-------------B
        |
        C-------------D-------------E
                      |
                      |
                      F";
    let scene = Map::draw(4.0, drawn).tag(&["AB", "CD", "DE"], EdgeFlags::MAJOR).open();
    assert_eq!(scene.streets_in_reach('p'), ["AB"]);
    assert!(scene.walk('p', 'D', "planning").length.0.abs_diff(120_000) < 100);
}

#[test]
fn walls_rails_and_water_stop_legs() {
    let open = Map::draw(5.0, TWO_STREETS).open();
    assert_eq!(open.streets_in_reach('p'), ["AB", "CD"]);
    for kind in [MapKind::Barrier, MapKind::Railway, MapKind::Waterway, MapKind::Water] {
        let scene = Map::draw(5.0, TWO_STREETS).barrier(kind, "xy").open();
        assert_eq!(scene.streets_in_reach('p'), ["CD"], "{kind:?}");
        assert_eq!(scene.status('p', 'A'), Status::NoPath, "{kind:?}");
    }
}

#[test]
fn features_that_are_no_obstacles_stop_no_leg() {
    let mut map = Map::draw(5.0, TWO_STREETS).wall("xy");
    map.town.obstacles.clear();
    assert_eq!(map.open().streets_in_reach('p'), ["AB", "CD"]);
}

#[test]
fn a_way_through_a_wall_opens_it_for_walkers_on_the_way() {
    let scene = Map::draw(
        5.0,
        "
                 A
                 |
                 | p
                 |
           w     B     x
                 |
                 | q
                 |
                 C",
    )
    .wall("wx")
    .open();
    scene.assert_cost('p', 'q', 20.0 + 2.0 * 1.25f64.sqrt() * 10.0);
    scene.assert_cost('A', 'C', 40.0);
}

#[test]
fn the_street_leads_around_a_wall_that_ends() {
    let scene = Map::draw(
        5.0,
        "
             x
         p   |         q
             |

        A----y------------B",
    )
    .wall("xy")
    .open();
    let leg = 1.25f64.sqrt() * 15.0;
    scene.assert_cost('p', 'q', 2.0 * leg + 70.0);
}

#[test]
fn two_places_close_to_either_side_of_a_wall_meet_on_the_street() {
    let scene = Map::draw(
        5.0,
        "
               x
              p|q

        A------y------------B",
    )
    .wall("xy")
    .open();
    // Both legs end at the foot of the wall: a detour along the street and back would be longer.
    scene.assert_cost('p', 'q', 2.0 * 1.5 * 10.0f64.hypot(5.0));
}

#[test]
fn buildings_stop_legs_except_from_inside_them() {
    let map = "
        A---------e---------B

             k         m
                  i
             o         n
                  p

        C---------q---------D";
    let scene = Map::draw(5.0, map).building("kmno").open();
    assert_eq!(scene.streets_in_reach('p'), ["CD"]);
    assert_eq!(scene.streets_in_reach('i'), ["AB", "CD"]);
    scene.assert_cost('i', 'p', 15.0);
    let open = Map::draw(5.0, map).open();
    assert_eq!(open.streets_in_reach('p'), ["AB", "CD"]);
    assert!(!scene.legs('i').through_buildings && !scene.legs('p').through_buildings);
}

#[test]
fn a_courtyard_without_a_passage_is_left_through_its_buildings() {
    let scene = Map::draw(
        5.0,
        "
        A-------------------B
            1         2
              5     6
                 p
              8     7
            4         3
        C-------------------D",
    )
    .building("1265")
    .building("2376")
    .building("3487")
    .building("4158")
    .open();
    let legs = scene.legs('p');
    assert!(legs.through_buildings && !legs.legs.is_empty(), "{legs:?}");
    assert_eq!(scene.streets_in_reach('p'), ["AB", "CD"]);
}

#[test]
fn a_courtyard_behind_a_wall_is_off_the_network() {
    let scene = Map::draw(
        5.0,
        "
        A-------------------B
            1         2
                 p
            4         3
        C-------------------D",
    )
    .wall("12341")
    .open();
    assert!(scene.legs('p').legs.is_empty());
    assert_eq!(scene.status('p', 'A'), Status::OffNetwork);
}

#[test]
fn a_short_wall_before_a_street_hides_its_foot_but_not_the_street() {
    // 10 m to a street that is visible except for 4 m of it; the leg slides to 8.9 m from the foot.
    for nodes in [1, 40] {
        let mut town = Map::draw(20.0, "A----------B").town;
        town.obstacles.push((MapKind::Barrier, vec![[98.0, 8.0], [102.0, 8.0]]));
        town.streets[0].line =
            (0..=nodes).map(|at| [f64::from(at) * 220.0 / f64::from(nodes), 0.0]).collect();
        let found = town.network().legs(town.point([100.0, 10.0]));
        assert!(!found.legs.is_empty(), "drawn with {nodes} segments, the place is off the network");
        assert!(!found.through_buildings);
    }
}

#[test]
fn legs_do_not_cross_large_ways() {
    let map = "
        A----------------B


                p


        C-------q--------D
        E-------r--------F";
    let small = Map::draw(5.0, map).open();
    assert_eq!(small.streets_in_reach('p'), ["AB", "CD", "EF"]);
    let large = Map::draw(5.0, map).tag(&["CD"], EdgeFlags::MAJOR).open();
    assert_eq!(large.streets_in_reach('p'), ["AB", "CD"]);
    let bridge = Map::draw(5.0, map).tag(&["CD"], EdgeFlags::MAJOR | EdgeFlags::BRIDGE).open();
    assert_eq!(bridge.streets_in_reach('p'), ["AB", "EF"]);
}

#[test]
fn no_leg_leads_from_one_large_way_to_another() {
    let map = "
        A-------p--------B
                s
                q

        C-------r--------D";
    let scene = |flags| Map::draw(2.0, map).tag(&["AB", "CD"], flags).open();
    // A straight walk connects small streets 8 m apart, but not dual carriageways.
    scene(EdgeFlags::empty()).assert_cost('p', 'r', 12.0);
    let large = scene(EdgeFlags::MAJOR);
    assert_eq!(large.status('p', 'r'), Status::NoPath);
    assert_eq!(large.streets_in_reach('s'), ["AB"]);
    assert!(large.legs('s').on_major);
    // 4 m from either: on both.
    assert_eq!(large.streets_in_reach('q'), ["AB", "CD"]);
}

#[test]
fn legs_lead_from_a_large_way_to_a_small_one() {
    let scene = Map::draw(
        2.0,
        "
        A-------p--------B


        C-------r--------D",
    )
    .tag(&["AB"], EdgeFlags::MAJOR)
    .open();
    assert_eq!(scene.streets_in_reach('p'), ["AB", "CD"]);
    scene.assert_cost('p', 'r', 9.0);
}

#[test]
fn a_place_within_five_metres_of_a_large_way_is_on_it() {
    let mut town = Map::draw(10.0, "A---------B").tag(&["AB"], EdgeFlags::MAJOR).town;
    let ends = [town.junction([0.0, 13.0]), town.junction([100.0, 13.0])];
    town.street(ends[0], ends[1], EdgeFlags::MAJOR, 0);
    for (metres, streets) in [(4.5, 1), (5.5, 2)] {
        let mut edges: Vec<u32> =
            town.network().legs(town.point([50.0, metres])).legs.iter().map(|leg| leg.edge.0).collect();
        edges.dedup();
        assert_eq!(edges.len(), streets, "{metres} m");
    }
}
