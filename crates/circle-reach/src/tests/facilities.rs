//! `reach`, `times`, `explain` and `Departures` agree.

use super::properties::quarter;
use super::{cases, departures, explain, reach, times};
use crate::testing::{Estate, profile};
use crate::{Destination, Origin, Reached, Status};
use circle_model::{CompoundId, FacilityId, Milliseconds, Point};
use proptest::prelude::*;

const LIMIT: Milliseconds = Milliseconds::from_minutes(30);

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn reach_is_the_least_of_times((mut town, places) in quarter(), split in 1..4usize) {
        let (origin, targets) = places.split_first().unwrap();
        town.facilities = targets.chunks(split).map(<[_]>::to_vec).collect();
        let network = town.network();
        let profile = profile("adult");
        let origin = town.point(*origin);
        let found = reach(&network, &profile, Origin::Place(origin), LIMIT);
        let mut truth: Vec<(Milliseconds, FacilityId)> = Vec::new();
        for (number, points) in (0u32..).zip(&town.facilities) {
            let points: Vec<Point> = points.iter().map(|at| town.point(*at)).collect();
            let walks = times(&network, &profile, &[origin], &points, LIMIT);
            let least = walks.iter().filter(|walk| walk.status == Status::Ok).map(|walk| walk.time).min();
            truth.extend(least.map(|time| (time, FacilityId(number))));
        }
        truth.sort();
        match found {
            None => prop_assert!(truth.is_empty()),
            Some(found) => {
                let mut found: Vec<_> = found.iter().map(|it| (it.time, it.facility)).collect();
                prop_assert!(found.is_sorted_by_key(|it| it.0));
                found.sort();
                prop_assert_eq!(found, truth);
            }
        }
    }

    #[test]
    fn a_compound_reaches_what_its_best_gate_reaches((mut town, places) in quarter(), gates in 1..4usize) {
        let gates = gates.min(places.len() - 1);
        town.facilities = places[gates..].iter().map(|at| vec![*at]).collect();
        town.estates.push(Estate { outline: vec![[900.0, 900.0], [901.0, 900.0], [901.0, 901.0], [900.0, 900.0]], zone: 0, parent: 0, gates: places[..gates].to_vec() });
        let network = town.network();
        let profile = profile("planning");
        let found = reach(&network, &profile, Origin::Compound(CompoundId(0)), LIMIT).unwrap_or_default();
        let points = |places: &[[f64; 2]]| places.iter().map(|at| town.point(*at)).collect::<Vec<_>>();
        let walks = times(&network, &profile, &points(&places[..gates]), &points(&places[gates..]), LIMIT);
        for facility in 0..places.len() - gates {
            let column = (0..gates).map(|gate| (walks[gate * (places.len() - gates) + facility], gate));
            let best = column.filter(|(walk, _)| walk.status == Status::Ok).min_by_key(|(walk, gate)| (walk.time, walk.length, *gate));
            let reached = found.iter().find(|it| it.facility.index() == facility);
            prop_assert_eq!(reached.map(|it| (it.time, it.gate.map(circle_model::GateId::index))), best.map(|(walk, gate)| (walk.time, Some(gate))));
            let to = Destination::Facility(FacilityId(facility as u32));
            let explained = explain(&network, &profile, Origin::Compound(CompoundId(0)), to, LIMIT);
            let walk = explained.walk;
            prop_assert_eq!(reached.map(|it| (it.time, it.length)), (walk.status == Status::Ok).then_some((walk.time, walk.length)));
            prop_assert_eq!(reached.map(|it| (it.gate, Some(it.entered_at))), (walk.status == Status::Ok).then_some((explained.gate, explained.entered_at)));
            let parts = explained.parts.iter();
            prop_assert_eq!(parts.clone().map(|part| part.time.0).sum::<u32>().abs_diff(walk.time.0) <= 2 * explained.parts.len() as u32 + 2, true);
            // Legs of less than a millimetre are not drawn, so parts meet to the centimetre of a stored
            // place.
            let apart = |one: &Point, next: &Point| (one.lon - next.lon).abs().max((one.lat - next.lat).abs());
            let gaps = parts.clone().zip(parts.skip(1)).map(|(one, next)| apart(one.line.last().unwrap(), &next.line[0]));
            let widest = gaps.max().unwrap_or(0);
            prop_assert!(widest <= 1, "{widest} of 10\u{207b}\u{2077} degrees apart");
        }
    }

    #[test]
    fn searching_backwards_finds_what_searching_forwards_finds((mut town, places) in quarter()) {
        let (origins, targets) = places.split_at(places.len() / 2);
        town.facilities = targets.iter().map(|at| vec![*at]).collect();
        let network = town.network();
        let profile = profile("adult");
        let all: Vec<FacilityId> = (0..targets.len() as u32).map(FacilityId).collect();
        let origins = origins.iter().map(|at| Origin::Place(town.point(*at)));
        let departures = departures(&network, &profile, origins.clone());
        let which: Vec<usize> = (0..origins.len()).collect();
        let found = |facilities: &[FacilityId]| departures.nearest(facilities, &which, Milliseconds(0), LIMIT).unwrap();
        let (of_all, alone): (_, Vec<_>) = (found(&all), all.iter().map(|facility| found(&[*facility])).collect());
        for (number, origin) in origins.enumerate() {
            let forwards = reach(&network, &profile, origin, LIMIT).unwrap_or_default();
            let walk = |it: &Reached| (it.time, it.length, it.facility);
            prop_assert_eq!(of_all[number].as_ref().map(walk), forwards.first().map(walk));
            for (facility, alone) in all.iter().zip(&alone) {
                let forwards = forwards.iter().find(|it| it.facility == *facility);
                prop_assert_eq!(alone[number].as_ref().map(walk), forwards.map(walk));
            }
        }
    }
}
