//! Compares real answers with their schemas, for tests of other crates.

use crate::api::schemas;
use serde_json::Value;

/// Checks that the JSON answer of a path of the API conforms to its schema: it has all members and no others,
/// with values of the described types.
///
/// # Errors
/// If the answer differs from the schema, with the first difference; if no schema describes the path.
pub fn check_answer(path: &str, body: &[u8]) -> Result<(), String> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let parsed = schemas::parse(path, body)?;
    differ(&answer, &parsed, "").map_or(Ok(()), Err)
}

/// The first difference between an answer and the members that its type parses. Numbers are compared by
/// value: 5 = 5.0.
fn differ(answer: &Value, parsed: &Value, at: &str) -> Option<String> {
    match (answer, parsed) {
        (Value::Object(one), Value::Object(other)) => {
            let missing = other.keys().find(|name| !one.contains_key(*name));
            let unknown = one.keys().find(|name| !other.contains_key(*name));
            if let Some(name) = missing.or(unknown) {
                return Some(format!("{at}/{name} is not in both"));
            }
            one.iter().find_map(|(name, value)| differ(value, &other[name], &format!("{at}/{name}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(place, (a, b))| differ(a, b, &format!("{at}/{place}")))
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => None,
        _ => (answer != parsed).then(|| format!("{at}: {answer} is not {parsed}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_member_is_a_difference() {
        let path = "/api/conformance";
        assert_eq!(check_answer(path, br#"{"conformsTo":["a"]}"#), Ok(()));
        assert!(check_answer(path, br#"{"conformsTo":["a"],"more":1}"#).is_err());
        assert!(check_answer(path, b"{}").is_err());
        let name = r#"{"edition":"1","compounds":[{"id":"w1","name":"a","name_en":null,"pinyin":"a"}]}"#;
        assert_eq!(check_answer("/api/names", name.as_bytes()), Ok(()));
        let without = name.replace(r#""name_en":null,"#, "");
        assert!(
            check_answer("/api/names", without.as_bytes()).is_err(),
            "a member is required even if its value may be null"
        );
    }
}
