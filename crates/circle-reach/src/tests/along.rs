//! Walks along streets: parts of edges, one-way streets, steps, and unconnected streets.

use super::times;
use crate::Status;
use crate::testing::{HOUR, Map, profile};
use circle_model::Milliseconds;
use circle_model::city::EdgeFlags;

#[test]
fn streets_are_left_and_entered_anywhere_along_them() {
    let scene = Map::draw(
        10.0,
        "
        A--p------q--B----r--C
                             |
                             s
                             |
                             D",
    )
    .open();
    scene.assert_cost('p', 'q', 70.0);
    scene.assert_cost('p', 'r', 150.0);
    scene.assert_cost('q', 's', 30.0 + 80.0 + 20.0);
    scene.assert_cost('A', 'D', 130.0 + 80.0 + 40.0);
    scene.assert_cost('A', 'p', 30.0);
    scene.assert_cost('p', 'p', 0.0);
}

#[test]
fn the_shorter_way_round_a_block_is_taken_from_the_middle_of_an_edge() {
    let scene = Map::draw(
        10.0,
        "
        A---p-----------B
        |               |
        |               |
        |               |
        C-----------q---D",
    )
    .open();
    scene.assert_cost('p', 'q', 120.0 + 40.0 + 40.0);
    scene.assert_cost('p', 'C', 80.0);
}

#[test]
fn a_loop_is_walked_by_its_shorter_side() {
    let scene = Map::draw(
        10.0,
        "
        A-p--------+
        |          |
        B-q--------+",
    )
    .open();
    scene.assert_cost('p', 'q', 60.0);
}

#[test]
fn walked_lengths_are_true_and_legs_are_counted_once() {
    let scene = Map::draw(
        10.0,
        "
            p

        A---------------B---q--C",
    )
    .open();
    let walk = scene.walk('p', 'q', "adult");
    let leg = 20.0 * f64::sqrt(1.8);
    assert!((walk.from_access.metres() - leg).abs() < 0.03 && walk.to_access.metres() < 0.03, "{walk:?}");
    let slid = 20.0 * f64::sqrt(0.8);
    assert!((walk.length.metres() - (leg + 160.0 - slid)).abs() < 0.05, "{walk:?}");
}

#[test]
fn one_way_steps_are_walked_one_way() {
    let scene = Map::draw(
        10.0,
        "
        A---p-----q---B
        |             |
        C-------------D",
    )
    .tag(&["AB"], EdgeFlags::NOT_BACKWARD)
    .open();
    scene.assert_cost_one_way('p', 'q', 60.0);
    scene.assert_cost_one_way('A', 'B', 140.0);
    scene.assert_cost_one_way('B', 'A', 180.0);
    scene.assert_cost_one_way('q', 'p', 40.0 + 180.0 + 40.0);
}

#[test]
fn a_way_closed_forward_is_walked_backward() {
    let scene = Map::draw(
        10.0,
        "
        A---p-----q---B
        |             |
        C-------------D",
    )
    .tag(&["AB"], EdgeFlags::NOT_FORWARD)
    .open();
    scene.assert_cost_one_way('q', 'p', 60.0);
    scene.assert_cost_one_way('p', 'q', 260.0);
}

#[test]
fn whole_and_partial_steps_take_the_factor_of_the_profile() {
    let scene = Map::draw(10.0, "A--p--B----q----C---D").tag(&["BC"], EdgeFlags::STEPS).open();
    for (from, to, flat, steps) in [('p', 'D', 70.0, 100.0), ('q', 'D', 40.0, 50.0), ('p', 'q', 30.0, 50.0)] {
        for (id, factor) in [("planning", 1.0), ("adult", 3.0)] {
            let walk = scene.walk(from, to, id);
            let seconds = (flat + factor * steps) / profile(id).pace.speed.value();
            assert!((walk.time.seconds() - seconds).abs() < 0.05, "{from}{to} {id}: {walk:?}, not {seconds}");
            assert!((walk.length.metres() - flat - steps).abs() < 0.05, "{walk:?}");
        }
    }
}

#[test]
fn steps_are_avoided_where_that_is_quicker() {
    let scene = Map::draw(
        10.0,
        "
        A----B------C----D
             |      |
             +------+",
    )
    .tag(&["BC"], EdgeFlags::STEPS)
    .open();
    let seconds = |id| scene.walk('A', 'D', id).time.seconds() * profile(id).pace.speed.value();
    assert!((seconds("planning") - 170.0).abs() < 0.05 && (seconds("adult") - 210.0).abs() < 0.05);
}

#[test]
fn no_path_and_beyond_the_limit_are_distinguished() {
    let scene = Map::draw(
        100.0,
        "
        A--------B


        C--------D


                      p",
    )
    .open();
    assert_eq!(scene.status('A', 'C'), Status::NoPath);
    assert_eq!(scene.status('p', 'A'), Status::OffNetwork);
    assert_eq!(scene.status('A', 'p'), Status::OffNetwork);
    let (a, b) = (scene.point('A'), scene.point('B'));
    let exact = scene.walk('A', 'B', "planning").time;
    let within = |limit| times(&scene.network, &profile("planning"), &[a], &[b], limit)[0];
    assert_eq!(within(exact).status, Status::Ok);
    let beyond = within(exact - Milliseconds(1));
    assert_eq!((beyond.status, beyond.time.0, beyond.length.0), (Status::Beyond, 0, 0));
}

#[test]
fn a_place_with_a_one_way_street_out_has_no_path_back() {
    let scene = Map::draw(100.0, "A---p-----B--------C-----D").tag(&["AB"], EdgeFlags::NOT_BACKWARD).open();
    assert_eq!(scene.status('p', 'D'), Status::Ok);
    assert_eq!(scene.status('D', 'p'), Status::NoPath);
}

#[test]
fn rows_of_times_are_origins() {
    let scene = Map::draw(10.0, "A----B----------C").open();
    let at = |names: &str| names.chars().map(|name| scene.point(name)).collect::<Vec<_>>();
    let walks = times(&scene.network, &profile("planning"), &at("AB"), &at("ABC"), HOUR);
    let metres: Vec<f64> = walks.iter().map(|walk| (walk.length.metres() / 10.0).round() * 10.0).collect();
    assert_eq!(metres, [0.0, 50.0, 160.0, 50.0, 0.0, 110.0]);
}
