//! Members of answers: those that may be `null` are always there, and some have names that depend on the question.

use crate::api::schemas::coverage::COUNTS;
use serde_json::{Value, json};

/// Completes the schemas of answers.
pub(super) fn complete(document: &mut Value) {
    let schemas = &mut document["components"]["schemas"];
    schemas["CoverageEntry"]["patternProperties"] = json!({ COUNTS: { "type": "integer", "minimum": 0 } });
    close(schemas);
}

/// Closes every object with members: an answer writes `null` for what it does not know, so that a member that may be
/// absent is never `null`, and it has no other members. utoipa says neither of optional members and of variants.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => members.values_mut().for_each(close),
        Value::Array(items) => return items.iter_mut().for_each(close),
        _ => return,
    }
    if schema["type"] != "object" {
        return;
    }
    let Some(members) = schema["properties"].as_object() else { return };
    let nullable: Vec<Value> = members
        .iter()
        .filter(|(_, member)| is_nullable(member))
        .map(|(name, _)| name.as_str().into())
        .collect();
    schema["additionalProperties"] = false.into();
    match schema["required"].as_array_mut() {
        Some(required) => required.extend(nullable),
        None => schema["required"] = nullable.into(),
    }
}

fn is_nullable(schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let has_null =
        |list: &Value| list.as_array().is_some_and(|all| all.iter().any(|one| is_null(&one["type"])));
    let kinds = schema["type"].as_array();
    kinds.is_some_and(|kinds| kinds.iter().any(is_null))
        || has_null(&schema["oneOf"])
        || has_null(&schema["anyOf"])
}
