//! `/api/settings`: what the page needs to know before it asks for anything.

use super::{JSON, coverage, typed};
use crate::parameters::BANDS;
use crate::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_export::{Collection, Statement, category_counts};
use circle_model::{Catalogue, City, Profiles, RuleSet, coordinates::Bounds};
use circle_plan::{Level, Source};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Settings<'a> {
    version: &'static str,
    /// What every answer of the same city says (`circle-edition`).
    edition: String,
    /// What every title says; `null` of a city without a label.
    label: Option<&'a str>,
    data_date: Option<&'a str>,
    bounds: [f64; 4],
    bands: [u32; 3],
    default_profile: &'static str,
    default_rules: Option<&'a str>,
    profiles: Vec<Profile<'a>>,
    groups: Vec<Group<'a>>,
    categories: Vec<Category<'a>>,
    rule_sets: &'a [RuleSet],
    /// Levels that the city has anything of, the smallest first.
    levels: Vec<LevelOf>,
    counts: BTreeMap<&'static str, usize>,
    attribution: &'static str,
    statement: String,
}

#[derive(Serialize)]
struct Profile<'a> {
    id: &'a str,
    zh: &'a str,
    en: &'a str,
    speed_kmh: f64,
    /// `null` where steps cannot be passed.
    stairs_factor: Option<f64>,
    signal_seconds: f64,
    unsignalised_seconds: f64,
    footbridge_extra_seconds: f64,
}

#[derive(Serialize)]
struct Group<'a> {
    id: &'a str,
    zh: &'a str,
    color: &'a str,
}

#[derive(Serialize)]
struct LevelOf {
    id: &'static str,
    zh: &'static str,
    units: usize,
}

#[derive(Serialize)]
struct Category<'a> {
    id: &'a str,
    zh: &'a str,
    short: &'a str,
    en: &'a str,
    group: &'a str,
    icon: &'a str,
    board: bool,
    facilities: usize,
    /// Share of the facilities that are expected in the city and known; `null` where nobody knows.
    completeness: Option<f64>,
}

/// The settings as made when the server started.
///
/// # Errors
/// When they could not be written then.
pub(crate) async fn settings(Pinned(state): Pinned) -> Result<Response, Problem> {
    state.settings.clone().map(|settings| typed(JSON, settings)).ok_or(Problem::Internal)
}

/// The settings of a city as JSON.
///
/// # Errors
/// When they cannot be written.
pub(crate) fn document(
    city: &City,
    catalogue: &Catalogue,
    profiles: &Profiles,
    rule_sets: &[RuleSet],
    sources: &[Source],
) -> serde_json::Result<Vec<u8>> {
    let profile = |profile: &'_ circle_model::Profile| {
        (profile.pace.speed.kilometres_per_hour() * 100.0).round() / 100.0
    };
    let categories = catalogue.categories.iter().zip(category_counts(city, catalogue)).zip(sources);
    let settings = Settings {
        version: env!("CARGO_PKG_VERSION"),
        edition: city.edition().to_string(),
        label: city.meta().label(),
        data_date: city.meta().data_date.as_deref(),
        bounds: bounds(city),
        bands: BANDS,
        default_profile: Profiles::DEFAULT,
        default_rules: rule_sets.first().map(|rules| rules.id.as_str()),
        profiles: profiles
            .iter()
            .map(|each| Profile {
                id: &each.id,
                zh: &each.zh,
                en: &each.en,
                speed_kmh: profile(each),
                stairs_factor: Some(each.pace.stairs_factor).filter(|factor| factor.is_finite()),
                signal_seconds: each.pace.signal.seconds(),
                unsignalised_seconds: each.pace.unsignalised.seconds(),
                footbridge_extra_seconds: each.pace.footbridge_extra.seconds(),
            })
            .collect(),
        groups: catalogue
            .groups
            .iter()
            .map(|group| Group { id: &group.id, zh: &group.zh, color: &group.color })
            .collect(),
        categories: categories
            .map(|((category, facilities), source)| Category {
                id: &category.id,
                zh: &category.zh,
                short: &category.short,
                en: &category.en,
                group: &category.group,
                icon: &category.icon,
                board: category.board,
                facilities,
                completeness: source.completeness().map(|share| (share * 1000.0).round() / 1000.0),
            })
            .collect(),
        rule_sets,
        levels: coverage::levels(city)
            .map(|(id, level)| LevelOf {
                id,
                zh: level.map_or("小区", Level::zh),
                units: level.map_or(city.compounds().len(), |level| level.groups(city).len()),
            })
            .collect(),
        counts: Collection::ALL.map(|collection| (collection.id(), count(city, collection))).into(),
        attribution: Statement::ATTRIBUTION,
        statement: Statement::of(city).to_string(),
    };
    serde_json::to_vec(&settings)
}

/// How many there are, those known as a point only included; these are counted under their own name too.
fn count(city: &City, collection: Collection) -> usize {
    match collection {
        Collection::Compounds => city.compounds().len(),
        Collection::Candidates => city.candidates().len(),
        _ => collection.len(city),
    }
}

/// The extract's box, else the one around the network, else the globe.
pub(crate) fn bounds(city: &City) -> [f64; 4] {
    let network = Bounds::of(city.nodes().iter().map(|node| node.point));
    let around = if network.is_empty() { [-180.0, -90.0, 180.0, 90.0] } else { network.degrees() };
    city.meta().bounds.unwrap_or(around)
}
