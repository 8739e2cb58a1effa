//! The JSON body of a question.

use crate::parameters::Parameters;
use crate::refusal::Refusal;
use serde_json::{Map, Value};

/// What a member may hold beside text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing else.
    Text,
    /// `true` or `false`.
    Switch,
    /// A list of texts or of whole numbers.
    List,
}

/// The members of a body that is an object.
///
/// # Errors
/// When it is not JSON or no object, or has a member that is not in `known`.
pub(super) fn members(body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Refusal> {
    let wrong = |message: String| Refusal::parameter("body", message);
    let value: Value =
        serde_json::from_slice(body).map_err(|error| wrong(format!("it is not JSON: {error}")))?;
    let Value::Object(members) = value else { return Err(wrong("it takes an object".to_owned())) };
    if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(unknown(name, known.iter().copied()));
    }
    Ok(members)
}

/// The members of an object as the parameters of a query.
///
/// # Errors
/// When a member is not in `known`, or holds anything else.
pub(super) fn as_parameters(
    members: &Map<String, Value>,
    known: &[(&'static str, Holds)],
) -> Result<Parameters, Refusal> {
    let mut pairs = Vec::with_capacity(members.len());
    for (name, value) in members {
        let Some((known_name, holds)) = known.iter().find(|(other, _)| other == name) else {
            return Err(unknown(name, known.iter().map(|(name, _)| *name)));
        };
        let text = match (value, holds) {
            (Value::String(text), _) => Some(text.clone()),
            (Value::Bool(so), Holds::Switch) => Some(so.to_string()),
            (Value::Array(parts), Holds::List) => {
                parts.iter().map(part).collect::<Option<Vec<_>>>().map(|it| it.join(","))
            }
            _ => None,
        };
        let text = text.ok_or_else(|| {
            let message = match holds {
                Holds::Text => "it takes text",
                Holds::Switch => "it takes true or false",
                Holds::List => "it takes a list of texts or of whole numbers",
            };
            Refusal::parameter(*known_name, message)
        })?;
        pairs.push((name.clone(), text));
    }
    Ok(Parameters::new(pairs))
}

/// A text or whole number of a list.
fn part(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Refusal {
    Refusal::UnknownParameter { name: name.to_owned(), choices: known.map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KNOWN: [(&str, Holds); 3] =
        [("size", Holds::Text), ("bleed", Holds::Switch), ("minutes", Holds::List)];

    fn read(body: &Value) -> Result<Parameters, Refusal> {
        as_parameters(body.as_object().unwrap(), &KNOWN)
    }

    #[test]
    fn members_are_read_like_the_parameters_of_a_query() {
        let natural = read(&json!({ "size": "A3", "bleed": true, "minutes": [5, 10] })).unwrap();
        let written = read(&json!({ "size": "A3", "bleed": "true", "minutes": "5,10" })).unwrap();
        let texts = |it: &Parameters| KNOWN.map(|(name, _)| it.text(name).map(str::to_owned));
        assert_eq!(texts(&natural), texts(&written));
    }

    #[test]
    fn a_refusal_names_the_member() {
        for (body, named) in [
            (json!({ "size": 3 }), "`size`"),
            (json!({ "size": null }), "`size`"),
            (json!({ "bleed": 1 }), "`bleed`"),
            (json!({ "minutes": [[5]] }), "`minutes`"),
            (json!({ "minutes": [-5] }), "`minutes`"),
            (json!({ "colour": "red" }), "`colour`"),
        ] {
            let message = read(&body).unwrap_err().to_string();
            assert!(message.contains(named), "{message}");
        }
        for body in ["", "{", "[]", "{\"a\": 1}", "\"text\"", "\u{feff}{}"] {
            assert!(members(body.as_bytes(), &["b"]).is_err(), "{body}");
        }
        assert_eq!(members(b"{\"b\": 1}", &["b"]).unwrap().len(), 1);
    }
}
