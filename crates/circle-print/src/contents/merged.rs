//! One place, one row: entrances, parts and doubles of a place are folded into the nearest of them.

use super::candidates::{Candidate, Name};
use crate::names::site_of;
use circle_model::{Catalogue, Category, City};

/// Distance within which places of one name are one.
const SAME_PLACE_METRES: f64 = 300.0;
/// The group of stops, stations and car parks: they bear the names of the places that they serve.
const TRANSPORT: &str = "xing";

/// Keeps the nearest row of every place. The candidates are in the order of their walks.
pub(super) fn one_row_each(city: &City, catalogue: &Catalogue, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !kept.iter().any(|nearer| are_one(city, catalogue, nearer, &candidate)) {
            kept.push(candidate);
        }
    }
    kept
}

fn are_one(city: &City, catalogue: &Catalogue, a: &Candidate, b: &Candidate) -> bool {
    let (Name::Own(name), Name::Own(other)) = (&a.name, &b.name) else { return false };
    let [of_a, of_b] = [a, b].map(|it| &catalogue.categories[it.category]);
    let is_one_kind = a.category == b.category;
    if name != other {
        return is_one_kind && site_of(name) == site_of(other) && are_near(city, a, b);
    }
    // The parts of a long park lie far apart, and a board says of each park how near it is.
    if is_one_kind && of_a.open_ground {
        return true;
    }
    let is_transport = |category: &Category| category.group == TRANSPORT;
    (is_one_kind || !(is_transport(of_a) || is_transport(of_b))) && are_near(city, a, b)
}

fn are_near(city: &City, a: &Candidate, b: &Candidate) -> bool {
    let [middle, other] = [a, b].map(|it| city.facilities()[it.reached.facility.index()].point);
    middle.distance_metres(other) <= SAME_PLACE_METRES
        || a.reached.entered_at.distance_metres(b.reached.entered_at) <= SAME_PLACE_METRES
}
