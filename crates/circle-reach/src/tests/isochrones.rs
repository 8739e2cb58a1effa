//! Isochrones, compared with the times they are drawn from.

use super::properties::quarter;
use super::{NEVER, cases, isochrones, times};
use crate::shape::contour::{self, SMALLEST_HOLE_SQUARE_METRES};
use crate::shape::field::{Field, UNREACHED};
use crate::testing::{Map, Town, profile};
use crate::{Form, Isochrone, Network, Origin, Status};
use circle_model::city::ring_contains;
use circle_model::{Milliseconds, Point, Profile};
use geo::Validation;
use proptest::prelude::*;

fn draw(network: &Network, profile: &Profile, origin: Point, minutes: &[u32], form: Form) -> Vec<Isochrone> {
    isochrones(network, profile, Origin::Place(origin), minutes, form).shapes
}

fn contains(shape: &Isochrone, point: Point) -> bool {
    shape.polygons.iter().flatten().filter(|ring| ring_contains(ring, point)).count() % 2 == 1
}

fn to_geo(shape: &Isochrone) -> geo::MultiPolygon {
    let ring = |ring: &Vec<Point>| {
        ring.iter().map(|at| (f64::from(at.lon), f64::from(at.lat))).collect::<geo::LineString>()
    };
    shape
        .polygons
        .iter()
        .map(|it| geo::Polygon::new(ring(&it[0]), it[1..].iter().map(ring).collect()))
        .collect()
}

fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|pair| pair[0].distance_metres(pair[1])).sum()
}

#[test]
fn a_street_is_reached_as_far_as_the_time_goes() {
    let scene = Map::draw(50.0, "A---------p---------B").open();
    let planning = profile("planning");
    for form in [Form::Discs, Form::Lines] {
        let shape = &draw(&scene.network, &planning, scene.point('p'), &[5], form)[0];
        // 333.3 m; ground beside a street's last metres is narrower than the lattice.
        for (metres, inside) in [(-335.0, false), (-318.0, true), (0.0, true), (318.0, true), (335.0, false)]
        {
            let point = scene.town.point([500.0 + metres, 0.0]);
            let found = match form {
                Form::Lines => shape
                    .lines
                    .iter()
                    .flat_map(|it| &it.line)
                    .any(|at| (at.lon <= point.lon) == (metres < 0.0)),
                _ => contains(shape, point),
            };
            assert_eq!(found, inside, "{metres} m, {form:?}");
        }
        if form == Form::Lines {
            let metres: f64 = shape.lines.iter().map(|it| length(&it.line)).sum();
            assert!((metres - 2000.0 / 3.0).abs() < 0.1, "{metres}");
        }
    }
}

const QUARTER: &str = "
        A----------B--------C-----+
        |          |        |     |
        |   1  2   |  w  x  |     |
        |   4  3   |        D--+  |
        |          |        |  |  |
        E------p---F---+    |  |  |
        |              |    |  |  |
        |  y           G----H  +--I
        |    z         |";

fn a_quarter() -> Town {
    let text = format!("{QUARTER}\n        K--------------L");
    let map = Map::draw(30.0, &text).building("1234").wall("wx").wall("yz");
    map.town
}

#[test]
fn shapes_are_the_sets_of_places_within_the_time() {
    let town = a_quarter();
    let network = town.network();
    let planning = profile("planning");
    let origin = town.point([(15.0) * 30.0, -6.0 * 30.0]);
    for minutes in [3, 5, 7] {
        let shape = &draw(&network, &planning, origin, &[minutes], Form::Discs)[0];
        let places: Vec<[f64; 2]> = (0..60i32)
            .flat_map(|x| {
                (0..34i32).map(move |y| [150.0 + f64::from(x) * 15.1, -400.0 + f64::from(y) * 15.1])
            })
            .collect();
        let within = |places: &[[f64; 2]]| -> Vec<bool> {
            let points: Vec<Point> = places.iter().map(|at| town.point(*at)).collect();
            let walks = times(&network, &planning, &[origin], &points, Milliseconds::from_minutes(minutes));
            walks.iter().map(|walk| walk.status == Status::Ok).collect()
        };
        let truth = within(&places);
        let near: Vec<Vec<bool>> = [[3.0, 0.0], [-3.0, 0.0], [0.0, 3.0], [0.0, -3.0]]
            .map(|[dx, dy]| within(&places.iter().map(|[x, y]| [x + dx, y + dy]).collect::<Vec<_>>()))
            .to_vec();
        let (mut both, mut either) = (0, 0);
        for (number, at) in places.iter().enumerate() {
            let drawn = contains(shape, town.point(*at));
            let is_at_contour = near.iter().any(|near| near[number] == drawn);
            let truth = if is_at_contour { drawn } else { truth[number] };
            both += usize::from(drawn && truth);
            either += usize::from(drawn || truth);
        }
        let share = both as f64 / either as f64;
        assert!(either > 50 && share >= 0.97, "{minutes} min: {share:.3} of {either}");
    }
}

#[test]
fn a_band_does_not_depend_on_the_other_bands_of_the_request() {
    let town = a_quarter();
    let network = town.network();
    let origin = town.point([450.0, -180.0]);
    let adult = profile("adult");
    let together = draw(&network, &adult, origin, &[3, 5, 8], Form::Discs);
    for shape in together {
        let alone = &draw(&network, &adult, origin, &[shape.minutes], Form::Discs)[0];
        assert_eq!(
            (alone.area_square_metres.round(), alone.polygons == shape.polygons),
            (shape.area_square_metres.round(), true),
            "{} min",
            shape.minutes
        );
    }
}

#[test]
fn a_hole_around_a_reached_place_is_never_filled() {
    let network = Town::default().network();
    let (width, unreached) = (9, [31, 39, 41, 49]);
    let mut times = vec![0; width * width];
    for (place, time) in times.iter_mut().enumerate() {
        let (x, y) = (place % width, place / width);
        if unreached.contains(&place) || x == 0 || y == 0 || x == width - 1 || y == width - 1 {
            *time = UNREACHED;
        }
    }
    // The smallest hole that can contain a place is larger than any hole that is filled, wherever its contour
    // runs.
    for limit in [10, 500, 5000] {
        let classes = times.iter().map(|time| u8::from(*time > limit)).chain([1; 8]).collect();
        let (times, bands, exits) = (times.clone(), vec![limit], Vec::new());
        let field = Field { corner: [100, 100], width, height: width, bands, times, classes, exits };
        let (shapes, _) = contour::shapes(&field, &network.lattice, 1000, &NEVER).unwrap().remove(0);
        let sizes: Vec<usize> = shapes.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1], "{SMALLEST_HOLE_SQUARE_METRES} square metres");
        let shape = Isochrone {
            minutes: 1,
            from_minutes: 0,
            polygons: shapes,
            lines: Vec::new(),
            area_square_metres: 0.0,
        };
        assert!(to_geo(&shape).is_valid());
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn bands_are_nested_and_valid_and_do_not_depend_on_threads((town, places) in quarter()) {
        let network = town.network();
        let adult = profile("adult");
        let origin = town.point(places[0]);
        let run = |threads: usize, network: &Network| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| draw(network, &adult, origin, &[1, 2, 4], Form::Discs))
        };
        let shapes = run(1, &network);
        prop_assert_eq!(&shapes, &run(4, &town.network()));
        for shape in &shapes {
            prop_assert!(to_geo(shape).is_valid(), "{} min: {:?}", shape.minutes, geo::Validation::check_validation(&to_geo(shape)));
        }
        let mut apart: Vec<Isochrone> = [1, 2, 4].iter().flat_map(|band| draw(&network, &adult, origin, &[*band], Form::Discs)).collect();
        apart.extend(shapes);
        for (small, large) in apart.iter().flat_map(|small| apart.iter().map(move |large| (small, large))) {
            if small.minutes < large.minutes {
                for point in small.polygons.iter().flat_map(|polygon| &polygon[0]) {
                    let at = geo::Point::new(f64::from(point.lon), f64::from(point.lat));
                    prop_assert!(geo::Intersects::intersects(&to_geo(large), &at), "{} in {}", small.minutes, large.minutes);
                }
            }
        }
    }

    #[test]
    fn a_faster_walker_reaches_no_less((town, places) in quarter(), faster in 1.0..1.6f64) {
        let network = town.network();
        let [slow, mut fast] = [profile("planning"), profile("planning")];
        fast.id = "fast".into();
        fast.pace.speed = circle_model::MetresPerSecond::new(slow.pace.speed.value() * faster).unwrap();
        let [small, large] = [slow, fast].map(|profile| draw(&network, &profile, town.point(places[0]), &[3], Form::Discs).pop());
        let (Some(small), Some(large)) = (small, large) else { return Ok(()) };
        let large = to_geo(&large);
        for point in small.polygons.iter().flat_map(|polygon| &polygon[0]) {
            let at = geo::Point::new(f64::from(point.lon), f64::from(point.lat));
            // Times are whole milliseconds, places whole centimetres.
            let near = [(0, 0), (-2, 0), (2, 0), (0, -2), (0, 2)].map(|(x, y)| geo::Point::new(at.x() + f64::from(x), at.y() + f64::from(y)));
            prop_assert!(near.iter().any(|at| geo::Intersects::intersects(&large, at)), "{point:?}");
        }
    }

    #[test]
    fn rings_partition_the_disc((town, places) in quarter()) {
        let network = town.network();
        let adult = profile("adult");
        let origin = town.point(places[0]);
        let discs = draw(&network, &adult, origin, &[2, 4], Form::Discs);
        let rings = draw(&network, &adult, origin, &[2, 4], Form::Rings);
        prop_assert_eq!(discs.len(), rings.len());
        if let [_, disc] = discs.as_slice() {
            let parts: f64 = rings.iter().map(|ring| ring.area_square_metres).sum();
            prop_assert!((parts - disc.area_square_metres).abs() <= 1.0 + 1e-4 * parts, "{parts} {}", disc.area_square_metres);
            for ring in &rings {
                prop_assert!(to_geo(ring).is_valid(), "{:?}", to_geo(ring).check_validation());
            }
        }
    }
}
