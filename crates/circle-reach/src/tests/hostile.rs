//! Places and networks that no map contains: no panic, and the correct answer if there is one.

use super::{isochrones, nearest, reach, times};
use crate::testing::{HOUR, Map, Town, profile};
use crate::{Form, Origin, Status};
use circle_model::city::EdgeFlags;
use circle_model::{LonLat, Milliseconds};
use std::time::{Duration, Instant};

fn two_way_walk(town: &Town, from: [f64; 2], to: [f64; 2], limit: Milliseconds) -> [crate::Walk; 2] {
    let points = [town.point(from), town.point(to)];
    let walks = times(&town.network(), &profile("adult"), &points, &points, limit);
    [walks[1], walks[2]]
}

#[test]
fn an_empty_city_answers_off_the_network() {
    let town = Town::default();
    let network = town.network();
    let place = town.point([0.0, 0.0]);
    let adult = profile("adult");
    assert_eq!(times(&network, &adult, &[place], &[place], HOUR)[0].status, Status::OffNetwork);
    assert_eq!(reach(&network, &adult, Origin::Place(place), HOUR), None);
    let shapes = isochrones(&network, &adult, Origin::Place(place), &[5, 15], Form::Rings);
    assert_eq!((shapes.status, shapes.shapes.len()), (Status::OffNetwork, 0));
    assert!(times::<Origin>(&network, &adult, &[], &[place], HOUR).is_empty());
}

#[test]
fn streets_of_no_length_are_walked_in_no_time() {
    let mut town = Map::draw(10.0, "A-----B").town;
    let twin = town.junction([60.0, 0.0]);
    let end = town.junction([120.0, 0.0]);
    town.street(1, twin, EdgeFlags::empty(), 0);
    town.street(twin, twin, EdgeFlags::empty(), 0);
    town.street(twin, end, EdgeFlags::empty(), 0);
    let [there, back] = two_way_walk(&town, [10.0, 0.0], [100.0, 0.0], HOUR);
    assert!(
        (there.time.seconds() - 72.0).abs() < 0.05 && there.time.0.abs_diff(back.time.0) < 3,
        "{there:?}"
    );
    for form in [Form::Discs, Form::Rings, Form::Lines] {
        let origin = Origin::Place(town.point([60.0, 0.0]));
        let shapes = isochrones(&town.network(), &profile("adult"), origin, &[0, 1, 2], form);
        assert_eq!(shapes.shapes.len(), 3);
    }
}

#[test]
fn the_pole_has_legs_and_walks() {
    let mut town = Map::draw(10.0, "A------B").town;
    // 55 m from it.
    town.origin = LonLat { lon: 0.0, lat: 89.9995 };
    let network = town.network();
    let pole = LonLat { lon: 0.0, lat: 90.0 }.point();
    assert!(!network.legs(pole).legs.is_empty());
    let walk = times(&network, &profile("adult"), &[pole], &[town.point([0.0, 0.0])], HOUR)[0];
    assert!((walk.length.metres() - 55.8).abs() < 1.0, "{walk:?}");
}

#[test]
fn walks_and_legs_cross_the_antimeridian() {
    let mut town = Map::draw(50.0, "A---------B----------C").town;
    town.origin = LonLat { lon: 179.993, lat: -16.8 };
    let [there, back] = two_way_walk(&town, [100.0, 0.0], [1000.0, 0.0], HOUR);
    assert!((there.time.seconds() - 720.0).abs() < 0.1 && there.time == back.time, "{there:?}");
    // 10 m from the street, on either side of the line.
    let metres = 0.007 / 360.0 * 40_000_000.0 * 16.8f64.to_radians().cos();
    for x in [metres - 2.0, metres + 2.0] {
        let legs = town.network().legs(town.point([x, 10.0]));
        assert!(!legs.legs.is_empty(), "{x}");
    }
}

#[test]
fn an_isochrone_across_the_antimeridian_is_no_larger_than_elsewhere() {
    let mut town = Map::draw(50.0, "A---------B----------C").town;
    town.origin = LonLat { lon: 179.993, lat: -16.8 };
    let origin = Origin::Place(town.point([500.0, 0.0]));
    let shapes = isochrones(&town.network(), &profile("adult"), origin, &[5], Form::Discs);
    assert!(shapes.shapes[0].area_square_metres < 500_000.0);
}

#[test]
fn lengths_beyond_32_bits_do_not_overflow() {
    for kilometres in [1000.0, 4200.0, 5000.0] {
        let mut town = Town::default();
        let ends = [town.junction([0.0, 0.0]), town.junction([kilometres * 1000.0, 0.0])];
        town.street(ends[0], ends[1], EdgeFlags::empty(), 0);
        let turn = town.junction([0.0, kilometres * 500.0]);
        town.street(ends[0], turn, EdgeFlags::empty(), 0);
        let far = Milliseconds(u32::MAX);
        let [there, back] = two_way_walk(&town, [60.0, 40.0], [40.0, kilometres * 500.0], far);
        assert_eq!(there.status, back.status, "{there:?} {back:?}");
        two_way_walk(&town, [60.0, 40.0], [kilometres * 1000.0, 0.0], far);
    }
}

const FOREVER: Milliseconds = Milliseconds(u32::MAX);

#[test]
fn lengths_beyond_32_bits_do_not_overflow_backwards() {
    let mut town = Town::default();
    let ends = [town.junction([0.0, 0.0]), town.junction([5_000_000.0, 0.0])];
    town.street(ends[0], ends[1], EdgeFlags::empty(), 0);
    town.facilities = vec![vec![[5_000_000.0, 0.0]]];
    let (network, adult) = (town.network(), profile("adult"));
    nearest(&network, &adult, Origin::Place(town.point([60.0, 40.0])), &[0], FOREVER);
}

#[test]
fn times_saturate_and_do_not_wrap() {
    let mut town = Town::default();
    let mut last = town.junction([0.0, 0.0]);
    for at in 1..8 {
        let next = town.junction([f64::from(at) * 250_000.0, 0.0]);
        town.street(last, next, EdgeFlags::empty(), 0);
        last = next;
    }
    town.facilities = vec![vec![[1_750_000.0, 5.0]]];
    let network = town.network();
    let mut slow = profile("adult");
    slow.pace.speed = circle_model::MetresPerSecond::new(0.2).unwrap();
    let found = nearest(&network, &slow, Origin::Place(town.point([50.0, 5.0])), &[0], FOREVER);
    // 1,750 km at 0.2 m/s are 101 days, more than 32 bits of milliseconds.
    assert!(found.is_none_or(|it| it.time.0 > u32::MAX / 2), "{found:?}");
}

#[test]
fn a_place_with_more_than_256_legs_uses_all_of_them() {
    let mut town = Town::default();
    for street in 0..250 {
        let y = 30.0 + f64::from(street) * 0.09;
        let ends = [town.junction([0.0, y]), town.junction([600.0, y])];
        town.street(ends[0], ends[1], EdgeFlags::empty(), 0);
    }
    // Streets of their own, so that only the leg to the street itself leads there.
    let to = [500.0, 30.0 + 249.0 * 0.09 + 9.0];
    let turn = town.junction([600.0, to[1]]);
    town.street(249 * 2 + 1, turn, EdgeFlags::empty(), 0);
    let [there, back] = two_way_walk(&town, [100.0, 0.0], [600.0, to[1] - 3.0], HOUR);
    assert_eq!((there.status, there.time), (back.status, back.time));
}

#[test]
fn a_long_diagonal_street_fills_only_the_tiles_along_it() {
    let mut town = Town::default();
    let ends = [town.junction([0.0, 0.0]), town.junction([8_000.0, 8_000.0])];
    town.street(ends[0], ends[1], EdgeFlags::empty(), 0);
    let network = town.network();
    let adult = profile("adult");
    let began = Instant::now();
    let shapes = isochrones(&network, &adult, Origin::Place(town.point([0.0, 0.0])), &[5], Form::Discs);
    assert!(shapes.shapes[0].area_square_metres > 10_000.0);
    // 375 m of street: about ten tiles of the lattice, not the 650 of the bounding box.
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}
