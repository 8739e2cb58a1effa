//! Cancellation.

use crate::testing::{HOUR, Map, Scene, profile};
use crate::{Cancel, Cancelled, Form, Network, Origin, isochrones, matrix, reach, times};
use circle_model::{CompoundId, Profile};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const CROSSROADS: &str = "
    A---------p---------B
    |                   |
    |                   |
    C---------q---------D";

/// A token that is cancelled after `checks` checks.
fn after(checks: usize) -> Cancel {
    let left = AtomicUsize::new(checks);
    let one_less = |left: usize| left.checked_sub(1);
    Cancel::when(move || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_err())
}

/// Cancels at each check in turn, on one network and on the same thread.
#[test]
fn a_cancelled_isochrone_leaves_caches_and_search_consistent() {
    let map = || Map::draw(50.0, CROSSROADS).open();
    let planning = profile("planning");
    let ask = |scene: &Scene, place: char, cancel: &Cancel| {
        let origin = Origin::Place(scene.point(place));
        isochrones(&scene.network, &planning, origin, &[5, 15], Form::Discs, cancel)
    };
    let text = |scene: &Scene, place: char| format!("{:?}", ask(scene, place, &Cancel::never()).unwrap());
    let expected = ['p', 'q'].map(|place| text(&map(), place));
    let mut checks = 0;
    loop {
        // A new network each time, so that the computation of tiles is cancelled too.
        let scene = map();
        let answer = ask(&scene, 'p', &after(checks));
        assert_eq!(text(&scene, 'p'), expected[0], "after {checks} checks");
        assert_eq!(text(&scene, 'q'), expected[1], "after {checks} checks");
        if let Ok(answer) = answer {
            assert_eq!(format!("{answer:?}"), expected[0]);
            break;
        }
        checks += 1;
    }
    assert!(checks > 20, "{checks} checks");
}

#[test]
fn every_entry_point_can_be_cancelled() {
    let scene = Map::draw(20.0, "A--p--g--B").compound(0, "ABg", "g").facility("p").open();
    let (cancel, planning) = (Cancel::by(Arc::new(AtomicBool::new(true))), profile("planning"));
    let (network, origin): (&Network, Origin) = (&scene.network, Origin::Place(scene.point('p')));
    let profile: &Profile = &planning;
    assert_eq!(reach(network, profile, origin, HOUR, &cancel), Err(Cancelled));
    assert_eq!(times(network, profile, &[origin], &[scene.point('g')], HOUR, &cancel), Err(Cancelled));
    assert!(isochrones(network, profile, origin, &[5], Form::Lines, &cancel).is_err());
    assert!(isochrones(network, profile, origin, &[5], Form::Rings, &cancel).is_err());
    assert!(matrix(network, profile, &[CompoundId(0)], HOUR, &cancel).is_err());
    let to = crate::Destination::Place(scene.point('g'));
    assert!(crate::explain(network, profile, origin, to, HOUR, &cancel).is_err());
    assert!(crate::explain_walk(network, profile, origin, to, HOUR, &cancel).is_err());
    let departures = network.departures(profile, [origin], &cancel);
    assert_eq!(departures.edge_of_data(HOUR), Err(Cancelled));
}

#[test]
fn worker_threads_are_cancelled_too() {
    let scene = Map::draw(20.0, CROSSROADS).open();
    let places: Vec<_> = "ABCDpq".chars().map(|place| scene.point(place)).collect();
    // One check at the beginning, the next on a thread of the pool.
    let walks = times(&scene.network, &profile("planning"), &places, &places, HOUR, &after(1));
    assert_eq!(walks, Err(Cancelled));
}
