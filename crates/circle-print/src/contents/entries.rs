//! The rows of a board.

use super::candidates::{Candidate, Name, candidates, kind_name};
use super::entry::{Entry, Walk};
use super::green::name_by_street;
use super::merged::one_row_each;
use crate::fonts::without_emoji;
use crate::names::english_tail;
use crate::settings::Settings;
use circle_model::city::Gate;
use circle_model::{Catalogue, City, Point};
use circle_reach::Reached;

/// The places within the bands, the nearest first, each with its walk.
pub(crate) fn entries(
    city: &City,
    catalogue: &Catalogue,
    settings: &Settings,
    gate: &Gate,
    reached: &[Reached],
) -> Vec<(Entry, Reached)> {
    let named = name_by_street(city, catalogue, candidates(city, catalogue, settings, reached));
    let places = one_row_each(city, catalogue, named);
    places.into_iter().map(|place| entry(city, catalogue, gate, place)).collect()
}

/// A facility is marked at its entrance if that is farther than this from its centre, metres.
const LARGE_METRES: f64 = 45.0;

/// Where a place is marked: where the walk ends if it is large, else at its centre.
pub(super) fn marked_at(city: &City, reached: &Reached) -> Point {
    let centre = city.facilities()[reached.facility.index()].point;
    if centre.distance_metres(reached.entered_at) > LARGE_METRES { reached.entered_at } else { centre }
}

fn entry(city: &City, catalogue: &Catalogue, gate: &Gate, place: Candidate) -> (Entry, Reached) {
    let Candidate { reached, category, requirement, band, name } = place;
    let facility = &city.facilities()[reached.facility.index()];
    let category = &catalogue.categories[category];
    let at = marked_at(city, &reached);
    let has_name = matches!(name, Name::Own(_) | Name::Street(_));
    let is_latin = matches!(name, Name::Latin(_));
    let name_en = match &name {
        Name::Own(_) => {
            let given = city.text_or_none(facility.name_en).map(without_emoji);
            given.or_else(|| english_tail(city.text(facility.name)).map(without_emoji))
        }
        Name::Latin(name) => Some(name.clone()).filter(|name| name.chars().any(char::is_alphabetic)),
        Name::Street(_) | Name::Kind => None,
    };
    let kind = kind_name(&category.zh);
    let name = match name {
        Name::Own(name) | Name::Street(name) => name,
        Name::Kind | Name::Latin(_) => kind.to_owned(),
    };
    let entry = Entry {
        key: city.facility_key(reached.facility).into_owned(),
        name,
        named: has_name,
        latin: is_latin,
        name_en: name_en.filter(|name| !name.is_empty()),
        // Beside a row that is called by its kind, the kind would stand twice.
        kind: if has_name { category.short.clone() } else { kind.to_owned() },
        kind_en: category.en.clone(),
        group: catalogue.groups.iter().position(|group| group.id == category.group).unwrap_or(0),
        icon: category.icon.clone(),
        requirement,
        band,
        walk: Walk::of(&reached),
        waits: false,
        at,
        bearing_degrees: gate.point.bearing_degrees(at),
    };
    (entry, reached)
}
