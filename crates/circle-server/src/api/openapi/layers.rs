//! What the layers before the handlers add to every path of the API: the edition, cached answers and errors.

use crate::api::schemas::query::EditionQuery;
use serde_json::{Map, Value, json};
use utoipa::IntoParams;
use utoipa::openapi::path::ParameterIn;

/// Names of parameters that hold keys.
const KEYS: [&str; 5] = ["id", "board", "compound", "gate", "facility"];

/// All operations of a document.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    paths.filter_map(|path| path.get_mut("get"))
}

/// Adds the parameter and the header for the edition, and the answers that no handler gives.
pub(super) fn add(document: &mut Value) {
    let edition = EditionQuery::into_params(|| Some(ParameterIn::Query));
    let edition: Vec<Value> = edition.iter().filter_map(|it| serde_json::to_value(it).ok()).collect();
    let paths = document["paths"].as_object_mut();
    for (path, item) in paths.into_iter().flatten() {
        let operation = &mut item["get"];
        let responses = &mut operation["responses"];
        responses["304"] = json!({ "description": "The client already has this answer" });
        responses["4XX"] = json!({ "$ref": "#/components/responses/Problem" });
        responses["5XX"] = json!({ "$ref": "#/components/responses/Problem" });
        if path == "/api" || path.starts_with("/api/") {
            of_an_edition(path, operation, &edition);
        }
    }
    document["components"]["headers"] = json!({
        "Edition": {
            "description": "The edition of the city",
            "required": true,
            "schema": { "type": "string", "pattern": "^[0-9a-f]{12}$" },
        },
    });
    document["components"]["responses"] = responses();
}

/// What holds for a path of the API, and for one that takes keys.
fn of_an_edition(path: &str, operation: &mut Value, edition: &[Value]) {
    let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let is_key = |parameter: &Value| KEYS.iter().any(|name| parameter["name"] == *name);
    // The filters of items hold keys too.
    let takes_keys = parameters.iter().any(is_key) || path.ends_with("/items");
    parameters.extend_from_slice(edition);
    operation["parameters"] = parameters.into();
    let responses = &mut operation["responses"];
    for status in ["200", "204"] {
        if responses[status].is_object() {
            responses[status]["headers"] =
                json!({ "circle-edition": { "$ref": "#/components/headers/Edition" } });
        }
    }
    responses["409"] = json!({ "$ref": "#/components/responses/Replaced" });
    if takes_keys {
        responses["308"] = json!({ "$ref": "#/components/responses/Moved" });
        responses["410"] = json!({ "$ref": "#/components/responses/Gone" });
    }
}

fn responses() -> Value {
    let problem = |description: &str, body: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
        json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
    };
    json!({
        "Problem": problem("What is wrong, and what exists", "Problem"),
        "Gone": problem("The thing of this key no longer exists; `nearest` is the nearest of its kind", "GoneProblem"),
        "Replaced": problem("Another edition is served; `first` is where to begin again", "ReplacedProblem"),
        "Moved": {
            "description": "The key is a former one; the same address with the present key is in `Location`",
            "headers": { "Location": { "required": true, "schema": { "type": "string", "format": "uri-reference" } } },
        },
    })
}
