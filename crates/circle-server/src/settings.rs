//! The document of `/api/settings`, which the page loads before anything else.

use circle_export::{Collection, Statement, category_counts};
use circle_model::bands::BANDS;
use circle_model::{City, Profile, Profiles, RuleSet, coordinates::Bounds};
use circle_plan::Level;
use circle_study::question::levels_of;
use circle_study::{Choices, Study};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct SettingsDocument<'a> {
    version: &'static str,
    /// Equal to the header `circle-edition` of answers about the same city.
    edition: String,
    /// Part of every title; `null` for a city without a label.
    label: Option<&'a str>,
    data_date: Option<&'a str>,
    bounds: [f64; 4],
    bands: [u32; 3],
    default_profile: &'static str,
    default_rules: Option<&'a str>,
    profiles: Vec<ProfileOffer<'a>>,
    groups: Vec<GroupOffer<'a>>,
    categories: Vec<CategoryOffer<'a>>,
    rule_sets: &'a [RuleSet],
    /// Levels at which the city has units, the smallest first.
    levels: Vec<LevelOffer>,
    counts: BTreeMap<&'static str, usize>,
    attribution: &'static str,
    statement: String,
}

#[derive(Serialize)]
struct ProfileOffer<'a> {
    id: &'a str,
    zh: &'a str,
    en: &'a str,
    speed_kmh: f64,
    /// `null` if the profile cannot use steps.
    stairs_factor: Option<f64>,
    signal_seconds: f64,
    unsignalised_seconds: f64,
    footbridge_extra_seconds: f64,
}

#[derive(Serialize)]
struct GroupOffer<'a> {
    id: &'a str,
    zh: &'a str,
    color: &'a str,
}

#[derive(Serialize)]
struct LevelOffer {
    id: &'static str,
    zh: &'static str,
    units: usize,
}

#[derive(Serialize)]
struct CategoryOffer<'a> {
    id: &'a str,
    zh: &'a str,
    short: &'a str,
    en: &'a str,
    group: &'a str,
    icon: &'a str,
    board: bool,
    facilities: usize,
    /// Known ÷ expected facilities; `null` if the expected number is unknown.
    completeness: Option<f64>,
}

/// The settings of a study as JSON.
///
/// # Errors
/// When serialization fails.
pub(crate) fn document(study: &Study) -> serde_json::Result<Vec<u8>> {
    let Choices { city, catalogue, profiles, rule_sets, .. } = study.choices();
    let categories = catalogue.categories.iter().zip(category_counts(city, catalogue)).zip(study.sources());
    let document = SettingsDocument {
        version: env!("CARGO_PKG_VERSION"),
        edition: study.edition_at(None).to_string(),
        label: city.meta().label(),
        data_date: city.meta().data_date.as_deref(),
        bounds: bounds(city),
        bands: BANDS,
        default_profile: Profiles::DEFAULT,
        default_rules: rule_sets.first().map(|rules| rules.id.as_str()),
        profiles: profiles.iter().map(profile_offer).collect(),
        groups: catalogue
            .groups
            .iter()
            .map(|group| GroupOffer { id: &group.id, zh: &group.zh, color: &group.color })
            .collect(),
        categories: categories
            .map(|((category, facilities), source)| CategoryOffer {
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
        levels: levels_of(city)
            .map(|(id, level)| LevelOffer {
                id,
                zh: level.map_or("小区", Level::zh),
                units: level.map_or(city.compounds().len(), |level| level.groups(city).len()),
            })
            .collect(),
        counts: Collection::ALL.map(|collection| (collection.id(), count(city, collection))).into(),
        attribution: Statement::ATTRIBUTION,
        statement: Statement::of(city).to_string(),
    };
    serde_json::to_vec(&document)
}

fn profile_offer(profile: &Profile) -> ProfileOffer<'_> {
    let pace = &profile.pace;
    ProfileOffer {
        id: &profile.id,
        zh: &profile.zh,
        en: &profile.en,
        speed_kmh: (pace.speed.kilometres_per_hour() * 100.0).round() / 100.0,
        stairs_factor: Some(pace.stairs_factor).filter(|factor| factor.is_finite()),
        signal_seconds: pace.signal.seconds(),
        unsignalised_seconds: pace.unsignalised.seconds(),
        footbridge_extra_seconds: pace.footbridge_extra.seconds(),
    }
}

/// The number of records of a collection. Compounds and candidate spaces known as a point are counted twice:
/// among all compounds or spaces, and in the collection of points.
fn count(city: &City, collection: Collection) -> usize {
    match collection {
        Collection::Compounds => city.compounds().len(),
        Collection::Candidates => city.candidates().len(),
        _ => collection.len(city),
    }
}

/// Bounding box of the extract, else of the network, else of the globe: west, south, east, north in degrees.
pub(crate) fn bounds(city: &City) -> [f64; 4] {
    let network = Bounds::of(city.nodes().iter().map(|node| node.point));
    let around = if network.is_empty() { [-180.0, -90.0, 180.0, 90.0] } else { network.degrees() };
    city.meta().bounds.unwrap_or(around)
}
