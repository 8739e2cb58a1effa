//! Work over a whole network, without places and their legs: the same for our benches and for other engines.

use circle_model::{Frame, Point, Profile, Profiles};
use circle_reach::Network;
use circle_reach::graph::Weights;
use circle_reach::search::{Label, Search, Seed};
use std::collections::HashMap;

/// A category of fewer facilities is one that the extract lacks.
const FEW: usize = 50;
/// Categories that are looked for.
const CATEGORIES: usize = 6;

/// One metre a second and no waits, so that milliseconds are millimetres and answers can be compared to the last one.
pub(crate) fn metre_a_second() -> Profile {
    let profiles = Profiles::parse("[[profile]]\nid = \"metres\"\nzh = \"米\"\nspeed_mps = 1.0");
    profiles.expect("a profile").find("metres").expect("the one profile").clone()
}

fn seed(node: u32, label: u32) -> Seed {
    Seed { node, time: 0, length: 0, label }
}

/// Nodes within `limit` millimetres of a node and how far they are, put into `row`.
pub(crate) fn within(network: &Network, weights: &Weights, node: u32, limit: u32, row: &mut Vec<(u32, u32)>) {
    row.clear();
    Search::with(|search| {
        search.run(network.graph(), weights, &[seed(node, 0)], limit);
        row.extend(search.settled().iter().map(|node| (*node, search.time(*node))));
    });
}

/// The nearest of `facilities`, given by their nodes, from every node, put into `row`.
pub(crate) fn nearest(
    network: &Network,
    profile: &Profile,
    facilities: &[u32],
    row: &mut Vec<Option<Label>>,
) {
    let seeds: Vec<Seed> = (0..).zip(facilities).map(|(number, node)| seed(*node, number)).collect();
    row.clear();
    Search::with(|search| {
        search.run(network.reversed(), &network.reversed_weights(profile), &seeds, u32::MAX - 1);
        row.extend((0..network.graph().len() as u32).map(|node| search.label(node)));
    });
}

/// The nodes of the facilities of the six categories that the city has most of; where the extract is of streets
/// only, random nodes, as many as a city of that size has schools, shops, doctors.
pub(crate) fn facility_nodes(network: &Network) -> Vec<Vec<u32>> {
    let city = network.city();
    let mut categories: HashMap<u8, Vec<Point>> = HashMap::new();
    for facility in city.facilities() {
        for category in &city.facility_categories()[facility.categories.range()] {
            categories.entry(*category).or_default().push(facility.point);
        }
    }
    let mut categories: Vec<(u8, Vec<Point>)> = categories.into_iter().collect();
    categories.sort_by_key(|(category, points)| (std::cmp::Reverse(points.len()), *category));
    categories.truncate(CATEGORIES);
    if categories.len() < CATEGORIES || categories.iter().any(|(_, points)| points.len() < FEW) {
        return random_nodes(network);
    }
    categories.iter().map(|(_, points)| closest_nodes(network, points)).collect()
}

fn random_nodes(network: &Network) -> Vec<Vec<u32>> {
    const SIZES: [usize; CATEGORIES] = [150, 250, 200, 60, 120, 120];
    let mut random = 41u64;
    let mut node = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as u32 % network.graph().len() as u32
    };
    SIZES.map(|size| (0..size).map(|_| node()).collect()).into()
}

/// The node closest to each place, as the crow flies.
fn closest_nodes(network: &Network, places: &[Point]) -> Vec<u32> {
    let graph = network.graph();
    let points: Vec<Point> = (0..graph.len() as u32)
        .map(|node| network.city().nodes()[graph.junction(node) as usize].point)
        .collect();
    let closest = |place: &Point| {
        let frame = Frame::at(*place);
        let away = |point: &Point| {
            let [x, y] = frame.local(*point);
            x * x + y * y
        };
        (0u32..).zip(&points).map(|(node, point)| (away(point), node)).min_by(|a, b| a.0.total_cmp(&b.0))
    };
    places.iter().filter_map(closest).map(|(_, node)| node).collect()
}
