//! The facilities that a board may list, with what they are called on it.

use crate::fonts::without_emoji;
use crate::names::{clean_name, is_latin_only, is_military};
use crate::settings::Settings;
use circle_model::mainland::in_mainland_china;
use circle_model::{Catalogue, Category, City, FacilityId, Milliseconds};
use circle_reach::Reached;
use std::collections::HashSet;

/// A facility that may be listed.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) reached: Reached,
    /// Row of the catalogue.
    pub(super) category: usize,
    /// Row of the requirement that it meets.
    pub(super) requirement: usize,
    /// Row of the band that its walk falls into.
    pub(super) band: usize,
    pub(super) name: Name,
}

/// What a facility is called on a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// Its own name, cleaned.
    Own(String),
    /// That of the nearest street, with a word for what it is: 河洛街公园.
    Street(String),
    /// Its kind only, because the map has no other name.
    Kind,
    /// Its kind only, because its name on the map has no Chinese character.
    Latin(String),
}

/// The facilities within the bands that may be listed, the nearest first.
pub(super) fn candidates(
    city: &City,
    catalogue: &Catalogue,
    settings: &Settings,
    reached: &[Reached],
) -> Vec<Candidate> {
    let naming = Naming::of(catalogue);
    let candidate = |it: &Reached| {
        let categories = categories_of(city, it.facility);
        let (category, requirement) = categories.iter().find_map(|category| {
            let category = usize::from(*category);
            let requires = |row: &usize| settings.requirements[*row].categories.contains(&category);
            Some((category, (0..settings.requirements.len()).find(requires)?))
        })?;
        let band = settings.minutes.iter().position(|band| it.time <= Milliseconds::from_minutes(*band))?;
        let name = naming.name(city, it)?;
        Some(Candidate { reached: *it, category, requirement, band, name })
    };
    reached.iter().filter_map(candidate).collect()
}

/// Rows of the catalogue of a facility's categories, the main one first.
pub(super) fn categories_of(city: &City, facility: FacilityId) -> &[u8] {
    &city.facility_categories()[city.facilities()[facility.index()].categories.range()]
}

/// The name of a kind without the remark in brackets: 图书馆 for 图书馆(书屋).
pub(super) fn kind_name(zh: &str) -> &str {
    zh.split(['(', '（']).next().unwrap_or(zh)
}

/// What is no name of its own: 公园, 停车场, 学校.
struct Naming<'a> {
    kinds: HashSet<&'a str>,
}

impl<'a> Naming<'a> {
    fn of(catalogue: &'a Catalogue) -> Self {
        let words =
            |category: &'a Category| [category.zh.as_str(), kind_name(&category.zh), category.short.as_str()];
        Self { kinds: catalogue.categories.iter().flat_map(words).collect() }
    }

    /// What a facility is called; `None` if public maps must not show it.
    fn name(&self, city: &City, reached: &Reached) -> Option<Name> {
        let facility = &city.facilities()[reached.facility.index()];
        let name = clean_name(&without_emoji(city.text(facility.name)));
        if is_military(&name) {
            return None;
        }
        Some(if name.is_empty() || self.kinds.contains(name.as_str()) {
            Name::Kind
        } else if is_latin_only(&name) && in_mainland_china(facility.point.lon_lat()) {
            Name::Latin(name)
        } else {
            Name::Own(name)
        })
    }
}
