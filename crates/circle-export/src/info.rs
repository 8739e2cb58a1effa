//! Figures of a city: the output of `circle info`.

use crate::categories::categories_of;
use circle_model::{
    Catalogue, City, PopulationFactors, Residents,
    city::{
        CensusDistrict, ClosedByDefault, GateProvenance, Input, KeyOf, NetworkSummary, OwnFile,
        PopulationFrom, Since, Skipped,
    },
};
use circle_plan::Source;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Info<'a> {
    /// Only answers of one edition can be joined.
    edition: String,
    inputs: &'a [Input],
    /// Sources of heights; empty if slopes are ignored.
    elevation: &'a [Input],
    data_date: Option<&'a str>,
    bounds: Option<[f64; 4]>,
    network: &'a NetworkSummary,
    compounds: usize,
    compounds_named: usize,
    compounds_closed: usize,
    compounds_without_outline: usize,
    gates: Map<String, Value>,
    facilities: Map<String, Value>,
    /// Share of the expected facilities that are known, by category; `null` if the expected number is not
    /// known.
    completeness: Map<String, Value>,
    units: BTreeMap<u8, usize>,
    zones: usize,
    restricted_zones_without_compound: usize,
    /// Own files with the fate of their rows.
    own: &'a [OwnFile],
    /// Number of compounds by source of their population.
    population: Map<String, Value>,
    /// The method of the estimate of populations, if any was estimated.
    population_estimate: Option<String>,
    /// Residents of compounds; none if the population of all is unknown.
    residents: Option<u64>,
    residents_low: Option<u64>,
    residents_high: Option<u64>,
    /// Districts of the census, with the estimate of their residents.
    census: &'a [CensusDistrict],
    /// Where compounds without evidence are taken as closed.
    closed_by_default: ClosedByDefault,
    buildings: usize,
    candidates: usize,
    /// The earlier edition that keys were carried on from, with counts of its keys; `null` without one.
    since: Option<&'a Since>,
    /// Number of former keys that are still answered, by collection.
    former_keys: Map<String, Value>,
    skipped: &'a Skipped,
    built_by: &'a str,
}

fn completeness(city: &City, catalogue: &Catalogue) -> Map<String, Value> {
    let sources = circle_plan::category_sources(city, catalogue);
    let share = |source: Source| source.completeness().map(|share| (share * 1000.0).round() / 1000.0);
    let entries = catalogue.categories.iter().zip(sources);
    entries.map(|(category, source)| (category.id.clone(), share(source).into())).collect()
}

/// Writes JSON with `edition`, `inputs`, `data_date`, `bounds`, `network`, `compounds` (with the numbers of
/// named and closed ones and of those without outline), `gates` by provenance, `facilities` and
/// `completeness` by category, `units` by admin level, `since` (an earlier edition and the counts of its
/// keys) and `former_keys` by collection, `skipped` by reason.
///
/// A facility counts in each of its categories. Keys are in a fixed order: words in the order of their
/// declaration, categories as in the catalogue, levels and reasons ascending.
pub fn info(city: &City, catalogue: &Catalogue) -> String {
    let meta = city.meta();
    let compounds = city.compounds();
    let zones = city.zones().get(1..).unwrap_or_default();
    let info = Info {
        edition: city.edition().to_string(),
        inputs: &meta.inputs,
        elevation: &meta.elevation,
        data_date: meta.data_date.as_deref(),
        bounds: meta.bounds,
        network: &meta.network,
        compounds: compounds.len(),
        compounds_named: compounds.iter().filter(|compound| compound.generated_name == 0).count(),
        compounds_closed: compounds.iter().filter(|compound| compound.closed != 0).count(),
        compounds_without_outline: compounds.iter().filter(|compound| compound.rings.len == 0).count(),
        gates: gates(city),
        facilities: facilities(city, catalogue),
        completeness: completeness(city, catalogue),
        units: units(city),
        zones: zones.len(),
        restricted_zones_without_compound: zones.iter().filter(|zone| zone.compound().is_none()).count(),
        own: &meta.own,
        population: population(city),
        population_estimate: population_estimate(city),
        residents: residents(city, |residents| residents.likely),
        residents_low: residents(city, |residents| residents.low),
        residents_high: residents(city, |residents| residents.high),
        census: &meta.census,
        closed_by_default: meta.closed_by_default,
        buildings: city.buildings().len(),
        candidates: city.candidates().len(),
        since: meta.since.as_ref(),
        former_keys: former_keys(city),
        skipped: &meta.skipped,
        built_by: &meta.built_by,
    };
    let mut text = crate::written::written(serde_json::to_string_pretty(&info));
    text.push('\n');
    text
}

fn former_keys(city: &City) -> Map<String, Value> {
    let count = |of: KeyOf, gone: bool| {
        let of_collection = city.former_keys().iter().filter(|former| former.of == of.code());
        of_collection.filter(|former| former.row().is_none() == gone).count()
    };
    KeyOf::ALL
        .iter()
        .map(|of| {
            let counts = serde_json::json!({ "aliases": count(*of, false), "gone": count(*of, true) });
            (of.word().to_owned(), counts)
        })
        .collect()
}

fn gates(city: &City) -> Map<String, Value> {
    let count = |provenance: &GateProvenance| {
        city.gates().iter().filter(|gate| GateProvenance::from_code(gate.provenance) == *provenance).count()
    };
    GateProvenance::ALL
        .iter()
        .map(|provenance| (provenance.word().to_owned(), count(provenance).into()))
        .collect()
}

fn population(city: &City) -> Map<String, Value> {
    let count = |from: &PopulationFrom| {
        city.compounds().iter().filter(|compound| compound.population_from == from.code()).count()
    };
    PopulationFrom::ALL.iter().map(|from| (from.word().to_owned(), count(from).into())).collect()
}

/// The factors of the estimate as text; `None` if every population is counted or unknown.
pub fn population_estimate(city: &City) -> Option<String> {
    let estimated = city
        .compounds()
        .iter()
        .filter(|compound| compound.population_from == PopulationFrom::Estimate.code())
        .count();
    let scaled: Vec<String> = city
        .meta()
        .census
        .iter()
        .filter_map(|district| Some(format!("{} × {:.2}", district.name, district.scaled_by?)))
        .collect();
    let scaled = if scaled.is_empty() {
        String::new()
    } else {
        format!("; scaled to the census: {}", scaled.join(", "))
    };
    (estimated > 0)
        .then(|| format!("{estimated} compounds: {}{scaled}", PopulationFactors::built_in().statement()))
}

fn residents(city: &City, which: impl Fn(Residents) -> u64) -> Option<u64> {
    let known = city.compounds().iter().filter_map(|compound| compound.population.residents_range());
    known.map(which).reduce(u64::saturating_add)
}

fn facilities(city: &City, catalogue: &Catalogue) -> Map<String, Value> {
    let counts = category_counts(city, catalogue);
    catalogue
        .categories
        .iter()
        .zip(counts)
        .map(|(category, count)| (category.id.clone(), count.into()))
        .collect()
}

/// Number of facilities in each category of the catalogue, in its order.
pub fn category_counts(city: &City, catalogue: &Catalogue) -> Vec<usize> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for facility in city.facilities() {
        for category in categories_of(city, catalogue, facility) {
            *counts.entry(&category.id).or_default() += 1;
        }
    }
    catalogue
        .categories
        .iter()
        .map(|category| counts.get(category.id.as_str()).copied().unwrap_or(0))
        .collect()
}

fn units(city: &City) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for unit in city.units() {
        *counts.entry(unit.admin_level).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::FormerKey;
    use circle_model::city::{
        Carried, CarriedKeys, CityTables, Compound, Facility, Gate, Meta, Population, Span, Unit,
    };
    use zerocopy::FromZeros;

    #[test]
    fn figures_are_counted_and_the_keys_are_the_documented_ones() {
        let catalogue = Catalogue::built_in();
        let mut tables = CityTables::default();
        let compound = |closed, generated_name| Compound { closed, generated_name, ..Compound::new_zeroed() };
        tables.compounds = vec![compound(1, 0), compound(0, 1), compound(1, 1)];
        tables.gates = [1, 1, 3].map(|provenance| Gate { provenance, ..Gate::new_zeroed() }).to_vec();
        tables.facility_categories = vec![0, 1];
        tables.facilities = [1, 2]
            .map(|len| Facility { categories: Span { start: 0, len }, ..Facility::new_zeroed() })
            .to_vec();
        tables.units = [10, 6, 6].map(|admin_level| Unit { admin_level, ..Unit::new_zeroed() }).to_vec();
        let meta = Meta { skipped: [("no_nodes".to_owned(), 3)].into(), ..Meta::default() };
        let city = City::from_tables(tables, &meta).unwrap();
        let text = info(&city, &catalogue);
        assert!(text.ends_with("}\n"));
        let info: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(info["compounds"], 3);
        assert_eq!((&info["compounds_named"], &info["compounds_closed"]), (&1.into(), &2.into()));
        assert_eq!(info["gates"], serde_json::json!({"own": 0, "mapped": 2, "crossing": 0, "inferred": 1}));
        assert_eq!(info["facilities"][&catalogue.categories[0].id], 2);
        assert_eq!(info["facilities"][&catalogue.categories[1].id], 1);
        assert_eq!(info["units"], serde_json::json!({"6": 2, "10": 1}));
        assert_eq!(info["skipped"]["no_nodes"], 3);
        assert_eq!(info["closed_by_default"], "china");
        for key in ["inputs", "data_date", "bounds", "network"] {
            assert!(info.as_object().unwrap().contains_key(key), "{key}");
        }
        let keys: Vec<_> = info["network"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["nodes", "edges", "walkable_km", "components", "largest_component_share"]);
    }

    #[test]
    fn keys_of_earlier_editions_are_counted_by_collection() {
        let former = |of: KeyOf, row, start| FormerKey {
            of: of.code(),
            row,
            text: Span { start, len: 2 },
            ..FormerKey::new_zeroed()
        };
        let counts = Carried { kept: 1, aliased: 2, new: 3, gone: 4, reused: 5 };
        let keys = CarriedKeys { gates: counts, ..CarriedKeys::default() };
        let mut since = Since { edition: "0123456789ab".to_owned(), keys, ..Since::default() };
        for number in 0..9 {
            since.list_reused(KeyOf::Gate, &format!("x{number}.n"), ["甲小区", "乙小区"], 1_100.4);
        }
        let meta = Meta { since: Some(since), ..Meta::default() };
        let tables = CityTables {
            texts: b"w1n2n3".to_vec(),
            compounds: vec![Compound::new_zeroed()],
            former_keys: vec![
                former(KeyOf::Compound, 0, 0),
                former(KeyOf::Gate, FormerKey::GONE, 2),
                former(KeyOf::Gate, FormerKey::GONE, 4),
            ],
            ..CityTables::default()
        };
        let city = City::from_tables(tables, &meta).unwrap();
        let answer: Value = serde_json::from_str(&info(&city, &Catalogue::built_in())).unwrap();
        assert_eq!(answer["edition"], city.edition().to_string());
        assert_eq!(answer["since"]["edition"], "0123456789ab");
        let expected = serde_json::json!({ "kept": 1, "aliased": 2, "new": 3, "gone": 4, "reused": 5 });
        assert_eq!(answer["since"]["gates"], expected);
        assert_eq!(answer["since"]["reused"].as_array().unwrap().len(), 5, "the first ones");
        assert_eq!(
            answer["since"]["reused"][0],
            serde_json::json!({
                "collection": "gates",
                "key": "x0.n",
                "name_before": "甲小区",
                "name_after": "乙小区",
                "distance_metres": 1_100,
            })
        );
        assert_eq!(answer["former_keys"]["compounds"], serde_json::json!({ "aliases": 1, "gone": 0 }));
        assert_eq!(answer["former_keys"]["gates"], serde_json::json!({ "aliases": 0, "gone": 2 }));
        assert_eq!(answer["former_keys"].as_object().unwrap().len(), KeyOf::ALL.len());
        let none = City::from_tables(CityTables::default(), &Meta::default()).unwrap();
        let answer: Value = serde_json::from_str(&info(&none, &Catalogue::built_in())).unwrap();
        assert_eq!(answer["since"], Value::Null);
    }

    #[test]
    fn unknown_residents_are_null_and_not_zero() {
        let of = |populations: &[Population]| {
            let compounds = populations
                .iter()
                .map(|population| Compound { population: *population, ..Compound::new_zeroed() });
            let tables = CityTables { compounds: compounds.collect(), ..CityTables::default() };
            let city = City::from_tables(tables, &Meta::default()).unwrap();
            let info: Value = serde_json::from_str(&info(&city, &Catalogue::built_in())).unwrap();
            ["residents", "residents_low", "residents_high"].map(|key| info[key].clone())
        };
        assert_eq!(of(&[Population::NONE]), [Value::Null, Value::Null, Value::Null]);
        assert_eq!(of(&[]), [Value::Null, Value::Null, Value::Null]);
        let counted = Population { residents: 500, ..Population::NONE };
        let estimated = Population { residents: 1000, residents_low: 700, residents_high: 1400, ..counted };
        assert_eq!(of(&[counted, Population::NONE, estimated]), [1500, 1200, 1900].map(Value::from));
    }
}
