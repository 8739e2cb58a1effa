//! Properties that hold for every town.

use super::zones::{blocks, middle};
use super::{cases, times};
use crate::testing::{Town, profile};
use crate::{Status, Walk};
use circle_model::city::{EdgeFlags, MapKind, NodeFlags};
use circle_model::{Milliseconds, Point};
use proptest::prelude::*;

const FAR: Milliseconds = Milliseconds::from_minutes(600);

/// Streets with places, walls and buildings among them.
pub(super) fn quarter() -> impl Strategy<Value = (Town, Vec<[f64; 2]>)> {
    let at = || [0..400i32, 0..400i32].prop_map(|at| at.map(f64::from));
    let junctions = prop::collection::vec(at(), 4..10);
    let streets = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 4..14);
    let walls = prop::collection::vec((at(), at()), 0..4);
    let houses = prop::collection::vec((at(), 5..40i32), 0..6);
    let places = prop::collection::vec(at(), 2..7);
    let town = (junctions, streets, walls, houses, places, any::<bool>());
    town.prop_map(|(junctions, streets, walls, houses, places, islands)| {
        let mut town = Town { islands, ..Town::default() };
        let count = junctions.len();
        town.junctions.extend(junctions.into_iter().map(|at| (at, NodeFlags::empty())));
        for (from, to) in streets.iter().map(|(from, to)| (from.index(count), to.index(count))) {
            if from != to {
                town.street(from as u32, to as u32, EdgeFlags::empty(), 0);
            }
        }
        town.obstacles.extend(walls.into_iter().map(|(a, b)| (MapKind::Barrier, vec![a, b])));
        for ([x, y], size) in houses {
            let [east, north] = [x + f64::from(size), y + f64::from(size)];
            town.obstacles
                .push((MapKind::Building, vec![[x, y], [east, y], [east, north], [x, north], [x, y]]));
        }
        (town, places)
    })
}

fn all_walks(town: &Town, places: &[[f64; 2]], profile_id: &str) -> Vec<Walk> {
    let points: Vec<Point> = places.iter().map(|at| town.point(*at)).collect();
    times(&town.network(), &profile(profile_id), &points, &points, FAR)
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn there_and_back_take_equally_long((town, places) in quarter()) {
        let walks = all_walks(&town, &places, "adult");
        for (a, b) in (0..places.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let [there, back] = [walks[a * places.len() + b], walks[b * places.len() + a]];
            prop_assert_eq!(there.status, back.status);
            // A leg between two places is measured in the frame of the one it starts from.
            prop_assert!(there.time.0.abs_diff(back.time.0) <= 3, "{there:?} {back:?}");
        }
    }

    #[test]
    fn searching_backwards_from_few_equals_searching_forwards((town, places) in quarter(), uphill in prop::collection::vec(-30.0..30.0f64, 14)) {
        let mut town = town;
        town.rises = uphill[..town.streets.len()].to_vec();
        let points: Vec<Point> = places.iter().map(|at| town.point(*at)).collect();
        let (network, adult) = (town.network(), profile("adult"));
        // One place at a time is searched for forwards, all of them to one backwards.
        let (last, limit) = ([points[points.len() - 1]], Milliseconds::from_minutes(6));
        let together = times(&network, &adult, &points, &last, limit);
        for (from, together) in points.iter().zip(together) {
            let alone = times(&network, &adult, &[*from], &last, limit)[0];
            prop_assert_eq!((alone.status, alone.time, alone.length), (together.status, together.time, together.length));
        }
    }

    #[test]
    fn walks_through_zones_take_equally_long_there_and_back(town in blocks(2, true)) {
        let two_way: Vec<usize> = (0..town.streets.len()).collect();
        let mut town = town;
        town.streets.iter_mut().for_each(|street| street.flags = EdgeFlags::empty());
        let places: Vec<_> = two_way.iter().map(|street| middle(&town, *street)).collect();
        let walks = all_walks(&town, &places, "planning");
        for (a, b) in (0..places.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            prop_assert_eq!(walks[a * places.len() + b].time, walks[b * places.len() + a].time);
        }
    }

    #[test]
    fn times_obey_the_triangle_inequality(town in blocks(0, false)) {
        let places: Vec<_> = (0..town.streets.len()).map(|street| middle(&town, street)).collect();
        let walks = all_walks(&town, &places, "adult");
        let time = |a: usize, b: usize| {
            let walk = walks[a * places.len() + b];
            (walk.status == Status::Ok).then_some(u64::from(walk.time.0))
        };
        for (a, b, c) in (0..places.len()).flat_map(|a| (0..places.len()).flat_map(move |b| (0..8).map(move |c| (a, b, c)))) {
            let Some((first, second)) = time(a, c % places.len()).zip(time(c % places.len(), b)) else { continue };
            // Edges are rounded in parts where a place lies on them.
            prop_assert!(time(a, b).is_some_and(|direct| direct <= first + second + 20), "{a} {b} by {c}");
        }
    }

    #[test]
    fn times_do_not_depend_on_how_many_nodes_a_way_was_drawn_with(parts in 2..40usize, (height, along) in (0..600i32, 0..3000i32)) {
        let walk = |nodes: usize| {
            let mut town = Town::default();
            let (west, east) = (town.junction([0.0, 0.0]), town.junction([300.0, 0.0]));
            town.street(west, east, EdgeFlags::empty(), 0);
            let north = town.junction([300.0, 200.0]);
            town.street(east, north, EdgeFlags::empty(), 0);
            town.streets[0].line = (0..=nodes).map(|at| [300.0 * at as f64 / nodes as f64, 0.0]).collect();
            let place = town.point([f64::from(along) / 10.0, -f64::from(height) / 10.0]);
            times(&town.network(), &profile("planning"), &[place], &[town.point([300.0, 150.0])], FAR)[0]
        };
        let (whole, split) = (walk(1), walk(parts));
        prop_assert_eq!(whole.status, split.status);
        // Places and lines are rounded to centimetres.
        prop_assert!(whole.time.0.abs_diff(split.time.0) <= 10, "{whole:?} {split:?}");
    }

    #[test]
    fn junctions_on_a_way_change_a_millisecond_each(cuts in prop::collection::btree_set(1..30u32, 1..8), (from, to) in (0..300u32, 0..300u32)) {
        let walk = |cuts: &[u32]| {
            let mut town = Town::default();
            let mut last = town.junction([0.0, 0.0]);
            for cut in cuts.iter().chain([&30]) {
                let next = town.junction([f64::from(*cut) * 10.0, 0.0]);
                town.street(last, next, EdgeFlags::empty(), 0);
                last = next;
            }
            let places = [from, to].map(|at| town.point([f64::from(at), 0.0]));
            times(&town.network(), &profile("adult"), &places[..1], &places[1..], FAR)[0]
        };
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let (whole, split) = (walk(&[]), walk(&cuts));
        prop_assert_eq!(whole.status, split.status);
        prop_assert!(whole.time.0.abs_diff(split.time.0) <= 2 * (cuts.len() as u32 + 1), "{whole:?} {split:?}");
    }

    #[test]
    fn another_way_never_lengthens_a_time((town, places) in quarter(), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        // `walking.md` promises this for scenarios, which keep the legs of the base. On a changed map the
        // legs may change, so the places of this test are on streets.
        let before = all_walks(&town, &places, "adult");
        let mut more = town.clone();
        let (from, to) = (from.index(town.junctions.len()) as u32, to.index(town.junctions.len()) as u32);
        prop_assume!(from != to);
        more.street(from, to, EdgeFlags::empty(), 0);
        let on_street = |at: &[f64; 2]| town.network().legs(town.point(*at)).limit_metres < 10.1;
        let after = all_walks(&more, &places, "adult");
        for (pair, (before, after)) in before.iter().zip(&after).enumerate() {
            let ends = [pair / places.len(), pair % places.len()];
            if before.status == Status::Ok && ends.iter().all(|end| on_street(&places[*end])) {
                prop_assert!(after.status == Status::Ok && after.time.0 <= before.time.0 + 2);
            }
        }
    }

    #[test]
    fn times_do_not_depend_on_the_number_of_threads((town, places) in quarter()) {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| all_walks(&town, &places, "adult"))
        };
        prop_assert_eq!(run(1), run(4));
    }
}
