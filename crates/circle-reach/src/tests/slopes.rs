//! Slopes by Tobler's function, on maps whose times follow from arithmetic.

use super::{isochrones, nearest, reach};
use crate::testing::{HOUR, Map, profile};
use crate::{Form, Origin, Status};
use circle_model::Milliseconds;

/// 200 m that rise 20 m eastwards, then 100 m level, with a facility at the end.
fn hill() -> Map {
    let mut map = Map::draw(10.0, "A---------p---------B----q----C").facility("C");
    map.town.rises = vec![20.0, 0.0];
    map
}

/// Time up a slope of 1 in 10 as a multiple of the time on the flat: exp(3.5 · 0.1). Downhill the multiple is
/// 1: Tobler's function is symmetric about a slope of −0.05.
const UP: f64 = 1.419_067_5;

#[test]
fn uphill_takes_longer_and_one_in_ten_downhill_takes_as_long_as_on_the_flat() {
    let scene = hill().open();
    for (from, to, cost) in [
        ('A', 'B', 200.0 * UP),
        ('B', 'A', 200.0),
        ('A', 'p', 100.0 * UP),
        ('p', 'B', 100.0 * UP),
        ('p', 'A', 100.0),
        ('p', 'q', 100.0 * UP + 50.0),
        ('q', 'p', 150.0),
    ] {
        scene.assert_cost_one_way(from, to, cost);
    }
}

#[test]
fn all_answers_respect_slopes() {
    let scene = hill().open();
    let planning = profile("planning");
    let seconds = (100.0 * UP + 100.0) * 0.9;
    let place = Origin::Place(scene.point('p'));
    let reached = reach(&scene.network, &planning, place, HOUR).unwrap()[0];
    assert!((reached.time.seconds() - seconds).abs() < 0.1, "{reached:?}");
    let afar = nearest(&scene.network, &planning, place, &[0], HOUR).unwrap();
    assert_eq!(afar.time, reached.time);
    let lines = &isochrones(&scene.network, &planning, place, &[60], Form::Lines).shapes[0].lines;
    let latest = lines.iter().flat_map(|it| &it.times).max().unwrap();
    assert!((latest.seconds() - seconds).abs() < 0.1, "{lines:?}");
    // The shape ends where the time does: 60 s up the hill are 47 m, down it 67 m.
    let shape = &isochrones(&scene.network, &planning, place, &[1], Form::Discs).shapes[0];
    let lons = || shape.polygons.iter().flatten().flatten().map(|point| point.lon);
    let metres = |lon: i32| f64::from(lon - scene.point('p').lon) * 0.0077_85;
    let [west, east] = [metres(lons().min().unwrap()), metres(lons().max().unwrap())];
    assert!((-68.0..-60.0).contains(&west) && (40.0..48.0).contains(&east), "{west} {east}");
}

#[test]
fn a_wheelchair_passes_one_in_thirteen_and_not_one_in_ten() {
    let walk = |rise: f64| {
        let mut map = hill();
        map.town.rises[0] = rise;
        map.open().walk('p', 'q', "wheelchair").status
    };
    assert_eq!([walk(15.0), walk(20.0), walk(-20.0)], [Status::Ok, Status::NoPath, Status::NoPath]);
    assert_eq!(hill().open().walk('p', 'q', "elderly").status, Status::Ok);
    let scene = hill().open();
    let place = Origin::Place(scene.point('p'));
    assert!(
        reach(&scene.network, &profile("wheelchair"), place, Milliseconds(1_000_000)).unwrap().is_empty()
    );
}
