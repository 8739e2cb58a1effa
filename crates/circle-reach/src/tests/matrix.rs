//! The matrix, compared with `reach`.

use super::properties::quarter;
use super::{NEVER, cases, reach};
use crate::testing::{Estate, Map, profile};
use crate::{Origin, matrix};
use circle_model::{CompoundId, FacilityId, Milliseconds};
use proptest::prelude::*;

const LIMIT: Milliseconds = Milliseconds::from_minutes(30);

#[test]
fn compounds_without_a_usable_gate_have_no_row() {
    let text = "
        A---g-----f---B
             1  2
             4  3


             5  6
             8  7";
    let scene = Map::draw(20.0, text).compound(0, "1234", "g").compound(0, "5678", "7").facility("f").open();
    let all = [CompoundId(0), CompoundId(1)];
    let walks = matrix(&scene.network, &profile("adult"), &all, LIMIT, &NEVER).unwrap();
    assert_eq!([walks.row(all[0]).map(<[_]>::len), walks.row(all[1]).map(<[_]>::len)], [Some(1), None]);
    assert_eq!(walks.within(all[1], LIMIT), []);
    let asked_for_one = matrix(&scene.network, &profile("adult"), &all[1..], LIMIT, &NEVER).unwrap();
    assert!(asked_for_one.row(all[0]).is_none());
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn rows_equal_what_reach_finds((mut town, places) in quarter(), minutes in 0..6u32) {
        let (gates, facilities) = places.split_at(places.len() / 2);
        let outline = vec![[900.0, 900.0], [901.0, 900.0], [901.0, 901.0], [900.0, 900.0]];
        let estate = |gate: &[f64; 2]| Estate { outline: outline.clone(), zone: 0, parent: 0, gates: vec![*gate] };
        town.estates = gates.iter().map(estate).collect();
        town.facilities = facilities.iter().map(|at| vec![*at]).collect();
        let (network, adult) = (town.network(), profile("adult"));
        let compounds: Vec<CompoundId> = (0..gates.len() as u32).map(CompoundId).collect();
        let walks = matrix(&network, &adult, &compounds, LIMIT, &NEVER).unwrap();
        let smaller = Milliseconds::from_minutes(minutes);
        for compound in compounds {
            let reached = |limit| reach(&network, &adult, Origin::Compound(compound), limit);
            let all = reached(LIMIT);
            prop_assert_eq!(walks.row(compound).map(<[_]>::len), all.as_ref().map(Vec::len));
            for (pair, it) in walks.row(compound).unwrap_or_default().iter().zip(all.iter().flatten()) {
                let found = (pair.facility, pair.time, pair.length, Some(pair.gate));
                prop_assert_eq!(found, (it.facility, it.time, it.length, it.gate));
                prop_assert_eq!(walks.pair(compound, it.facility), Some(pair));
            }
            let within: Vec<FacilityId> = walks.within(compound, smaller).iter().map(|it| it.facility).collect();
            let expected: Vec<FacilityId> = reached(smaller).into_iter().flatten().map(|it| it.facility).collect();
            prop_assert_eq!(&within, &expected);
            let even: Vec<FacilityId> = (0..facilities.len() as u32).step_by(2).map(FacilityId).collect();
            let nearest = walks.nearest(compound, &even, smaller).map(|it| it.facility);
            prop_assert_eq!(nearest, expected.into_iter().find(|it| even.contains(it)));
        }
    }
}
