//! Tasks on a whole network, without places and access legs: the same for our benchmarks and for other
//! engines.

use circle_model::{Frame, Millimetres, Milliseconds, Point, Profile, Profiles};
use circle_reach::{Cancel, Label, NO_LIMIT, Network, NodeIndex, Search, Seed, Weights};
use std::collections::HashMap;

/// Smallest count of facilities of a category that the extract covers.
const MIN_FACILITIES: usize = 50;
/// Count of searched categories.
const CATEGORIES: usize = 6;

/// One metre per second and no waits, so that milliseconds equal millimetres and answers can be compared
/// exactly.
pub(crate) fn one_metre_per_second() -> Profile {
    let profiles = Profiles::parse("[[profile]]\nid = \"metres\"\nzh = \"米\"\nspeed_mps = 1.0");
    profiles.expect("a profile").find("metres").expect("the one profile").clone()
}

fn seed(node: NodeIndex, label: u32) -> Seed {
    Seed { node, time: Milliseconds(0), length: Millimetres(0), label }
}

/// Writes the nodes within `limit` of a node and their distances to `row`; a millisecond is a millimetre.
pub(crate) fn within(
    network: &Network,
    weights: &Weights,
    node: NodeIndex,
    limit: Milliseconds,
    row: &mut Vec<(NodeIndex, Milliseconds)>,
) {
    row.clear();
    Search::with(|search| {
        search
            .run(network.graph(), weights, &[seed(node, 0)], limit, &Cancel::never())
            .expect("never cancelled");
        row.extend(search.settled().iter().map(|node| (*node, search.time(*node).unwrap_or_default())));
    });
}

/// Writes the nearest of `facilities` (by their nodes) from every node to `row`.
pub(crate) fn nearest(
    network: &Network,
    profile: &Profile,
    facilities: &[NodeIndex],
    row: &mut Vec<Option<Label>>,
) {
    let seeds: Vec<Seed> = (0..).zip(facilities).map(|(number, node)| seed(*node, number)).collect();
    row.clear();
    Search::with(|search| {
        let weights = network.reversed_weights(profile);
        search
            .run(network.reversed(), &weights, &seeds, NO_LIMIT, &Cancel::never())
            .expect("never cancelled");
        row.extend(network.graph().nodes().map(|node| search.label(node)));
    });
}

/// The nodes of the facilities of the six most frequent categories. If the extract contains only streets:
/// random nodes, as many as a city of this size has schools, shops and doctors.
pub(crate) fn facility_nodes(network: &Network) -> Vec<Vec<NodeIndex>> {
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
    if categories.len() < CATEGORIES || categories.iter().any(|(_, points)| points.len() < MIN_FACILITIES) {
        return random_nodes(network);
    }
    categories.iter().map(|(_, points)| closest_nodes(network, points)).collect()
}

fn random_nodes(network: &Network) -> Vec<Vec<NodeIndex>> {
    const SIZES: [usize; CATEGORIES] = [150, 250, 200, 60, 120, 120];
    let mut random = 41u64;
    let mut node = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        NodeIndex((random >> 33) as u32 % network.graph().len() as u32)
    };
    SIZES.map(|size| (0..size).map(|_| node()).collect()).into()
}

/// The node at the smallest straight-line distance from each place.
fn closest_nodes(network: &Network, places: &[Point]) -> Vec<NodeIndex> {
    let graph = network.graph();
    let points: Vec<Point> =
        graph.nodes().map(|node| network.city().nodes()[graph.junction(node).index()].point).collect();
    let closest = |place: &Point| {
        let frame = Frame::at(*place);
        let distance = |point: &Point| {
            let [x, y] = frame.local(*point);
            x * x + y * y
        };
        graph
            .nodes()
            .zip(&points)
            .map(|(node, point)| (distance(point), node))
            .min_by(|a, b| a.0.total_cmp(&b.0))
    };
    places.iter().filter_map(closest).map(|(_, node)| node).collect()
}
