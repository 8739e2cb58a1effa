//! Legs inside a large compound, compared with an exhaustive search over it.

use super::cases;
use crate::ground::obstacles::Viewer;
use crate::legs::interior::{GateLegs, add_gate_legs, add_interior_legs};
use crate::legs::leg::{BestLegs, Leg};
use crate::legs::viewpoint::Viewpoint;
use crate::network::Network;
use crate::testing::{Estate, Street, Town};
use circle_model::city::{EdgeEndFlags, EdgeFlags, MapKind};
use circle_model::plane::{self, Xy};
use circle_model::{CompoundId, GateId, Millimetres, Point, ZoneId};
use proptest::prelude::*;

const SIDE: f64 = 1_200.0;
/// The longest leg inside a compound.
const LONGEST: f64 = 300.0;

fn place() -> impl Strategy<Value = Xy> {
    [1.0..SIDE - 1.0, 1.0..SIDE - 1.0]
}

/// A short line: as walls, some of them hide a part of the horizon and many hide all of it.
fn line() -> impl Strategy<Value = [Xy; 2]> {
    (place(), 0.0..std::f64::consts::TAU, 5.0..250.0f64)
        .prop_map(|(at, turn, length)| [at, [at[0] + length * turn.cos(), at[1] + length * turn.sin()]])
}

prop_compose! {
    /// A compound with ways and walls inside, and a street around it.
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

fn sorted(found: BestLegs) -> Vec<Leg> {
    let mut legs = found.0;
    legs.sort_unstable_by_key(|leg| (leg.edge, leg.end, leg.offset));
    legs
}

fn by_exhaustive_search(network: &Network, p: Point) -> [Vec<Leg>; 2] {
    let ground = &network.ground;
    let at = Viewpoint::new(ground, p, None);
    let home = CompoundId(0);
    let mut interior = BestLegs::default();
    let viewer = Viewer::inside(home);
    let mut ways = at.ways_near(10.0 * SIDE);
    ways.retain(|it| ground.edge(it.edge).zone == ZoneId(1));
    if let Some((nearest, _)) = at.first_seen(&ways, LONGEST, &viewer) {
        let limit = (1.5 * nearest + 10.0).min(LONGEST);
        for it in ways.iter().take_while(|it| it.distance <= limit) {
            at.add_legs(it, limit, &viewer, &mut interior);
        }
    }
    let mut through_gates = BestLegs::default();
    let viewer = Viewer { beyond_metres: 15.5, ..viewer };
    for (id, gate) in (0..).map(GateId).zip(network.city().gates()) {
        let metres = plane::norm(at.frame.local(gate.point));
        let sees = || ground.obstacles.sees(network.city(), &at.frame, p, gate.point, &viewer);
        if metres <= LONGEST && gate.point != p && sees() {
            let to_gate = Millimetres((metres * 1000.0).round() as u32);
            for leg in &network.of_gate(id).legs {
                let leg = Leg { length: leg.length + to_gate, ..*leg };
                if through_gates.is_improved_by(ground, leg) {
                    through_gates.add(ground, leg);
                }
            }
        }
    }
    [interior, through_gates].map(sorted)
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn the_horizon_hides_no_way_or_gate_that_is_seen(
        town in compound(), places in prop::collection::vec(place(), 12),
    ) {
        let network = town.network();
        let gates = town.estates[0].gates.iter().copied();
        for at in places.into_iter().chain(gates.take(4)) {
            let p = town.point(at);
            let (at, home) = (Viewpoint::new(&network.ground, p, None), CompoundId(0));
            let [mut interior, mut through_gates] = [BestLegs::default(), BestLegs::default()];
            add_interior_legs(&at, home, &mut interior);
            add_gate_legs(&at, &network, home, &mut through_gates);
            let expected = by_exhaustive_search(&network, p);
            prop_assert_eq!([interior, through_gates].map(sorted), expected);
        }
    }
}
