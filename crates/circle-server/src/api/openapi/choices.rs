//! The lists that depend on the loaded city.

use crate::settings::bounds;
use circle_model::{Catalogue, City, Profiles, RuleSet};
use circle_print::NOT_SHOWN;
use circle_study::Choices;
use circle_study::question::{LEVELS, levels_of};
use serde_json::{Value, json};

/// Parameters that are places, and where their examples are between the south-west (0) and the north-east (1) of the city.
const EXAMPLES: [(&str, f64); 3] = [("at", 0.5), ("from", 0.45), ("to", 0.55)];

/// Lists the profiles, rule sets, categories and levels that exist, and the bounds of the city.
pub(super) fn fill_in(document: &mut Value, choices: Option<&Choices>) {
    let built_in;
    let (profiles, rule_sets, catalogue) = if let Some(choices) = choices {
        (&choices.profiles, &choices.rule_sets, &choices.catalogue)
    } else {
        built_in = (Profiles::built_in(), RuleSet::built_in(), Catalogue::built_in());
        (&built_in.0, &built_in.1, &built_in.2)
    };
    let levels: Vec<&str> = match choices {
        Some(choices) => levels_of(&choices.city).map(|(word, _)| word).collect(),
        None => LEVELS.iter().map(|(word, _)| *word).collect(),
    };
    let profiles: Vec<&str> = profiles.iter().map(|profile| profile.id.as_str()).collect();
    let rule_sets: Vec<&str> = rule_sets.iter().map(|rules| rules.id.as_str()).collect();
    let categories: Vec<&str> = catalogue.categories.iter().map(|category| category.id.as_str()).collect();
    let on_boards: Vec<&str> = categories.iter().copied().filter(|id| !NOT_SHOWN.contains(id)).collect();
    let schemas = &mut document["components"]["schemas"];
    schemas["ProfileId"]["enum"] = json!(profiles);
    schemas["ProfileId"]["default"] = json!(Profiles::DEFAULT);
    schemas["RuleSetId"]["enum"] = json!(rule_sets);
    schemas["RuleSetId"]["default"] = json!(rule_sets.first());
    schemas["CategoryId"]["enum"] = json!(categories);
    schemas["BoardCategoryId"]["enum"] = json!(on_boards);
    schemas["LevelId"]["enum"] = json!(levels);
    schemas["LevelId"]["default"] = json!("compound");
    if let Some(choices) = choices {
        within(document, &choices.city);
    }
}

/// The bounds of places in the city, and examples of places.
fn within(document: &mut Value, city: &City) {
    if let Some([west, south, east, north]) = city.near_bounds() {
        let between = |least: f64, most: f64| json!({ "type": "number", "minimum": least, "maximum": most });
        document["components"]["schemas"]["PlaceInCity"]["prefixItems"] =
            json!([between(west, east), between(south, north)]);
    }
    let [west, south, east, north] = bounds(city);
    for operation in super::layers::operations(document) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            if let Some((_, share)) = EXAMPLES.iter().find(|(place, _)| *place == name) {
                parameter["example"] = json!([west + share * (east - west), south + share * (north - south)]);
            }
        }
    }
}
