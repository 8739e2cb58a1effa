//! The first request may come from any thread, also from within parallel work.

use super::reach;
use crate::testing::{HOUR, Map, Town, profile};
use crate::{Network, Origin};
use circle_model::Profile;
use rayon::prelude::*;
use std::sync::mpsc;
use std::time::Duration;

fn finishes(what: &str, work: impl FnOnce() + Send + 'static) {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    assert!(wait.recv_timeout(Duration::from_secs(30)).is_ok(), "{what}: no answer in 30 s");
}

fn town() -> Town {
    let mut town = Map::draw(10.0, "A-----------------------------------------------------B").town;
    town.facilities = (0..500).map(|at| vec![[f64::from(at), 3.0]]).collect();
    town
}

fn nearest(network: &Network, profile: &Profile, facility: u32) {
    let origin = Origin::Place(network.city().facilities()[0].point);
    super::nearest(network, profile, origin, &[facility], HOUR);
}

#[test]
fn parallel_first_searches_do_not_deadlock() {
    finishes("nearest in parallel", || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
        for _ in 0..3000 {
            let network = town().network();
            let profile = profile("planning");
            pool.install(|| {
                (0..56u32).into_par_iter().for_each(|facility| {
                    nearest(&network, &profile, facility);
                });
            });
        }
    });
}

#[test]
fn a_search_from_outside_the_pool_does_not_deadlock_with_parallel_work() {
    finishes("reach beside coverage", || {
        for _ in 0..300 {
            let town = town();
            let (network, profile) = (town.network(), profile("planning"));
            let origin = Origin::Place(town.point([10.0, 0.0]));
            std::thread::scope(|scope| {
                scope.spawn(|| reach(&network, &profile, origin, HOUR).unwrap());
                scope.spawn(|| {
                    (0..64u32).into_par_iter().for_each(|facility| {
                        nearest(&network, &profile, facility);
                    });
                });
            });
        }
    });
}
