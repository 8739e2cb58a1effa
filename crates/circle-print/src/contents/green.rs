//! Parks without a name: called after the nearest street, one for each band.

use super::candidates::{Candidate, Name};
use crate::names::{clean_name, is_street_sign};
use circle_model::city::{MapFeature, MapKind, Span};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Catalogue, City, Frame, Point, plane};
use std::collections::HashSet;

/// Distance from the end of the walk within which a street gives its name.
const STREET_METRES: f64 = 150.0;

/// Names parks without a name after their streets. Of each band, the nearest one that gets a name of its own stays;
/// the others, which a reader could not tell apart, are left out.
pub(super) fn name_by_street(
    city: &City,
    catalogue: &Catalogue,
    mut candidates: Vec<Candidate>,
) -> Vec<Candidate> {
    let mut bands: HashSet<usize> = HashSet::new();
    let mut names: HashSet<String> = HashSet::new();
    candidates.retain_mut(|it| {
        let word = &catalogue.categories[it.category].by_street;
        if word.is_empty() || it.name != Name::Kind {
            return true;
        }
        if bands.contains(&it.band) {
            return false;
        }
        let Some(street) = nearest_street(city, it.reached.entered_at) else { return false };
        let name = format!("{street}{word}");
        let is_new = names.insert(name.clone());
        if is_new {
            bands.insert(it.band);
            it.name = Name::Street(name);
        }
        is_new
    });
    candidates
}

/// The name of the street nearest to a place.
fn nearest_street(city: &City, place: Point) -> Option<String> {
    let around = widened(&Bounds::of([place]), STREET_METRES);
    let frame = Frame::at(place);
    let metres = |lines: Span| {
        let lines = city.rings_of(lines).iter().flat_map(|ring| city.line(ring.line).windows(2));
        let distances = lines.map(|pair| plane::distance(frame.local(pair[0]), frame.local(pair[1])));
        distances.fold(f64::INFINITY, f64::min)
    };
    let is_near_way = |it: &&MapFeature| it.map_kind() == MapKind::Way && it.bounds.intersects(&around);
    let ways = city.features().iter().filter(is_near_way);
    let streets = ways.filter_map(|way| {
        let name = clean_name(city.text_or_none(way.name)?);
        let metres = metres(way.rings);
        (metres <= STREET_METRES && is_street_sign(&name)).then_some((metres, name))
    });
    let nearest = streets.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    nearest.map(|(_, name)| name)
}
