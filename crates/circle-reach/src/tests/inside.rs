//! Legs inside a large compound, held against a look at everything in it.

use super::cases;
use super::town::{Estate, Street, Town};
use crate::Network;
use crate::access::{Found, Leg};
use crate::obstacles::Viewer;
use circle_model::city::{EdgeEndFlags, EdgeFlags, MapKind};
use circle_model::plane::{self, Xy};
use circle_model::{CompoundId, Frame, Point, ZoneId};
use proptest::prelude::*;

const SIDE: f64 = 1_200.0;
/// "Up to 300 m long".
const LONGEST: f64 = 300.0;

fn place() -> impl Strategy<Value = Xy> {
    [1.0..SIDE - 1.0, 1.0..SIDE - 1.0]
}

/// Short, so that some hide much and many hide all.
fn line() -> impl Strategy<Value = [Xy; 2]> {
    (place(), 0.0..std::f64::consts::TAU, 5.0..250.0f64)
        .prop_map(|(at, turn, length)| [at, [at[0] + length * turn.cos(), at[1] + length * turn.sin()]])
}

prop_compose! {
    /// A compound with ways and walls inside, and a street round it.
    fn compound()(
        ways in prop::collection::vec((line(), prop::bool::weighted(0.2)), 1..40),
        walls in prop::collection::vec(line(), 0..80),
        gates in prop::collection::vec((0usize..4, 0.0..SIDE), 0..40),
    ) -> Town {
        let square = |by: f64| {
            let (low, high) = (-by, SIDE + by);
            [[low, low], [high, low], [high, high], [low, high]]
        };
        let outline = square(0.0);
        let gate = |(side, at): (usize, f64)| {
            plane::along(outline[side], outline[(side + 1) % 4], at / SIDE)
        };
        let mut town = Town::default();
        let corners = square(8.0).map(|at| town.junction(at));
        (0..4).for_each(|side| town.street(corners[side], corners[(side + 1) % 4], EdgeFlags::empty(), 0));
        for ([from, to], major) in ways {
            let corner = [from[0], to[1]];
            let (start, end) = (town.junction(from), town.junction(to));
            let flags = EdgeFlags::MAJOR.when(major);
            let zone = u32::from(!major);
            town.streets.push(Street { from: start, to: end, line: vec![from, corner, to], flags, ends: [EdgeEndFlags::empty(); 2], zone });
        }
        town.obstacles = walls.into_iter().map(|ends| (MapKind::Barrier, ends.to_vec())).collect();
        town.estates = vec![Estate {
            outline: outline.into_iter().chain([outline[0]]).collect(),
            zone: 1,
            parent: 0,
            gates: gates.into_iter().map(gate).collect(),
        }];
        town
    }
}

fn sorted(found: Found) -> Vec<Leg> {
    let mut legs = found.legs;
    legs.sort_unstable_by_key(|leg| (leg.edge, leg.end, leg.offset_mm));
    legs
}

fn by_looking_at_everything(network: &Network, p: Point) -> [Vec<Leg>; 2] {
    let (frame, home) = (Frame::at(p), CompoundId(0));
    let mut interior = Found::default();
    let viewer = Viewer::inside(home);
    let mut ways = network.ways_among(p, &frame, None, 10.0 * SIDE);
    ways.retain(|it| network.city().edges()[it.edge as usize].zone == ZoneId(1));
    if let Some((nearest, _)) = network.first_seen(p, &frame, &ways, LONGEST, &viewer) {
        let limit = (1.5 * nearest + 10.0).min(LONGEST);
        for it in ways.iter().take_while(|it| it.distance <= limit) {
            network.add_legs(p, &frame, it, limit, &viewer, &mut interior);
        }
    }
    let mut through_gates = Found::default();
    let viewer = Viewer { beyond_metres: 15.5, ..viewer };
    for (number, gate) in network.city().gates().iter().enumerate() {
        let near = plane::norm(frame.local(gate.point)) <= LONGEST;
        if near && gate.point != p && network.obstacles.sees(network.city(), &frame, p, gate.point, &viewer) {
            let to_gate = (plane::norm(frame.local(gate.point)) * 1000.0).round() as u32;
            for leg in &network.gate_legs(number).legs {
                let leg = Leg { length_mm: leg.length_mm + to_gate, ..*leg };
                if through_gates.improves(network, leg) {
                    through_gates.add(network, leg);
                }
            }
        }
    }
    [interior, through_gates].map(sorted)
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn what_is_not_looked_at_is_not_seen(
        town in compound(), places in prop::collection::vec(place(), 12),
    ) {
        let network = town.network();
        let gates = town.estates[0].gates.iter().copied();
        for at in places.into_iter().chain(gates.take(4)) {
            let p = town.point(at);
            let (frame, home) = (Frame::at(p), CompoundId(0));
            let [mut interior, mut through_gates] = [Found::default(), Found::default()];
            network.add_interior_legs(p, &frame, None, home, &mut interior);
            network.add_gate_legs(p, &frame, home, &mut through_gates);
            let expected = by_looking_at_everything(&network, p);
            prop_assert_eq!([interior, through_gates].map(sorted), expected);
        }
    }
}
