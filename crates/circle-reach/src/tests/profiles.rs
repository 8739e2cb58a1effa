//! Waits and impassable places by profile: crossings, footbridges, steps, kerbs.

use super::{isochrones, nearest, reach};
use crate::testing::{HOUR, Map, profile};
use crate::{Form, Origin, Status};
use circle_model::Milliseconds;
use circle_model::city::{EdgeEndFlags, EdgeFlags};

/// A footway across a road at B; walks along the road pass it as well.
const CROSSING: &str = "
                  E
                  |
        A----p----B----q----C
                  |
                  D";

fn crossing(what: EdgeEndFlags) -> Map {
    ["AB", "BC"].iter().fold(Map::draw(20.0, CROSSING), |map, street| {
        map.passing(street, usize::from(*street == "AB"), what)
    })
}

fn seconds_waited(map: Map, from: char, to: char, profile_id: &str) -> f64 {
    let scene = map.open();
    let walk = scene.walk(from, to, profile_id);
    assert_eq!(walk.status, Status::Ok);
    let walked = walk.length.metres() + 0.5 * (walk.from_access.metres() + walk.to_access.metres());
    walk.time.seconds() - walked / profile(profile_id).pace.speed.value()
}

#[test]
fn walks_across_wait_once_turns_wait_half_and_walks_along_do_not_wait() {
    for (what, adult, elderly) in [(EdgeEndFlags::SIGNALS, 30.0, 45.0), (EdgeEndFlags::CROSSING, 5.0, 10.0)] {
        for (from, to, share) in
            [('p', 'q', 1.0), ('A', 'C', 1.0), ('p', 'D', 0.5), ('D', 'q', 0.5), ('D', 'E', 0.0)]
        {
            for (id, wait) in [("planning", 0.0), ("adult", adult), ("elderly", elderly)] {
                let waited = seconds_waited(crossing(what), from, to, id);
                assert!((waited - share * wait).abs() < 0.05, "{id} from {from} to {to}: {waited} s");
            }
        }
    }
}

#[test]
fn walks_that_end_before_a_crossing_do_not_wait() {
    let waited = seconds_waited(crossing(EdgeEndFlags::SIGNALS), 'A', 'p', "adult");
    assert!(waited.abs() < 0.05, "{waited} s");
}

#[test]
fn a_footbridge_costs_its_extra_once() {
    let map = Map::draw(20.0, "A----B----C----D").passing("BC", 0, EdgeEndFlags::UP_TO_BRIDGE).passing(
        "BC",
        1,
        EdgeEndFlags::UP_TO_BRIDGE,
    );
    let waited = seconds_waited(map, 'A', 'D', "adult");
    assert!((waited - 45.0).abs() < 0.05, "{waited} s");
}

#[test]
fn a_wheelchair_takes_a_detour_or_has_no_path() {
    let steps = || {
        Map::draw(
            20.0,
            "
        A----p----B----C
                  |    |
                  D----E",
        )
        .tag(&["BC"], EdgeFlags::STEPS)
    };
    let round = |map: Map, id: &str| map.open().walk('p', 'C', id).length.metres().round() as u32;
    assert_eq!([round(steps(), "planning"), round(steps(), "wheelchair")], [200, 280]);
    let kerb = || steps().passing("BD", 0, EdgeEndFlags::RAISED_KERB);
    assert_eq!(kerb().open().walk('p', 'C', "wheelchair").status, Status::NoPath);
    assert_eq!(kerb().open().walk('p', 'C', "adult").status, Status::Ok);
    let stile = || steps().passing("DE", 1, EdgeEndFlags::NARROW);
    assert_eq!(stile().open().walk('p', 'C', "wheelchair").status, Status::NoPath);
}

#[test]
fn all_answers_respect_impassable_edges() {
    let scene =
        Map::draw(20.0, "A----p----B--------C---f").tag(&["BC"], EdgeFlags::STEPS).facility("f").open();
    let (place, wheelchair) = (Origin::Place(scene.point('p')), profile("wheelchair"));
    let found = |id: &str| reach(&scene.network, &profile(id), place, HOUR).unwrap().len();
    assert_eq!([found("adult"), found("wheelchair")], [1, 0]);
    let limit = Milliseconds(u32::MAX);
    assert_eq!(nearest(&scene.network, &wheelchair, place, &[0], limit), None);
    let area = |id: &str| {
        isochrones(&scene.network, &profile(id), place, &[20], Form::Discs).shapes[0].area_square_metres
    };
    let length = |id: &str| {
        let lines = &isochrones(&scene.network, &profile(id), place, &[20], Form::Lines).shapes[0].lines;
        let metres =
            lines.iter().flat_map(|it| it.line.windows(2)).map(|pair| pair[0].distance_metres(pair[1]));
        metres.sum::<f64>().round() as u32
    };
    assert_eq!([length("adult"), length("wheelchair")], [380, 200]);
    assert!(area("wheelchair") < 0.8 * area("adult"), "{} of {}", area("wheelchair"), area("adult"));
}
