//! A path for each collection: each has properties of its own, by which its items can be filtered.

use circle_export::{Collection, Property};
use serde_json::{Map, Value, json};

/// The variable in the paths of the handlers.
const VARIABLE: &str = "{collection}";

/// Replaces the paths with a variable collection by those of every collection.
pub(super) fn expand(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let mut expanded = Map::new();
    for (path, item) in std::mem::take(paths) {
        if !path.contains(VARIABLE) {
            expanded.insert(path, item);
            continue;
        }
        for collection in Collection::ALL {
            let mut item = item.clone();
            of_collection(&path, &mut item["get"], collection);
            expanded.insert(path.replace(VARIABLE, collection.id()), item);
        }
    }
    *paths = expanded;
}

fn of_collection(path: &str, operation: &mut Value, collection: Collection) {
    let (id, title) = (collection.id(), collection.title());
    let name = operation["operationId"].as_str().unwrap_or_default();
    operation["operationId"] = format!("{id}.{name}").into();
    let summary = operation["summary"].as_str().unwrap_or_default();
    operation["summary"] = format!("{title}: {summary}").into();
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.retain(|parameter| parameter["name"] != "collection");
        if path.ends_with("/items") {
            parameters.extend(collection.schema().iter().map(filter));
        }
    }
    let (shape, properties) =
        (if collection.is_of_areas() { "Area" } else { "Point" }, properties(collection));
    let body = match path.rsplit('/').next() {
        Some("items") => format!("Page_{shape}Feature_{properties}"),
        Some("{id}") => format!("{shape}Item_{properties}"),
        _ => return,
    };
    operation["responses"]["200"]["content"]["application/geo+json"]["schema"] =
        json!({ "$ref": format!("#/components/schemas/{body}") });
}

/// The type of the properties of a collection.
pub(super) const fn properties(collection: Collection) -> &'static str {
    match collection {
        Collection::Compounds | Collection::CompoundPoints => "CompoundProperties",
        Collection::Gates => "GateProperties",
        Collection::Facilities => "FacilityProperties",
        Collection::Units => "UnitProperties",
        Collection::Buildings => "BuildingProperties",
        Collection::Candidates | Collection::CandidatePoints => "CandidateProperties",
        Collection::AccessPoints => "AccessPointProperties",
    }
}

/// The parameter that filters by a property.
fn filter(property: &Property) -> Value {
    let Property { name, title, .. } = property;
    let is_category = *name == "category" || *name == "categories";
    let schema = if is_category {
        json!({ "$ref": "#/components/schemas/CategoryId" })
    } else {
        json!({ "type": "string" })
    };
    json!({
        "name": name,
        "in": "query",
        "description": format!("{title}: only features whose `{name}` is this"),
        "required": false,
        "schema": schema,
    })
}
