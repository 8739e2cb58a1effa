//! Values of properties.

use circle_model::city::{KeyOf, Population, Span};
use circle_model::{City, UnitId};
use geojson::JsonValue;
use std::borrow::Cow;

/// The value of a property, borrowed from the city.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A boolean.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// A key.
    Key(Cow<'a, str>),
    /// An OSM id, written as text: GIS programs would truncate long ones to 32 bits.
    Id(i64),
    /// A list of words.
    List(Vec<Cow<'a, str>>),
    /// A list written as one text, because GIS programs have no column type for lists.
    Joined(Vec<Cow<'a, str>>),
}

/// Separates the words of [`Value::Joined`].
const BETWEEN: &str = "; ";

impl Value<'_> {
    /// Whether it passes a filter `property=text`: the text equals the written value, or, for a list, one of
    /// its words or the whole list as written.
    pub fn is(&self, text: &str) -> bool {
        match self {
            Self::Null => text.is_empty() || text == "null",
            Self::Flag(flag) => text == if *flag { "true" } else { "false" },
            Self::Whole(whole) => text.parse() == Ok(*whole),
            Self::Number(number) => text.parse() == Ok(*number),
            Self::Text(own) => text == *own,
            Self::Key(key) => text == key,
            Self::Id(id) => text.parse() == Ok(*id),
            Self::List(words) => words.iter().any(|word| word == text),
            Self::Joined(words) => words.iter().any(|word| word == text) || words.join(BETWEEN) == text,
        }
    }
}

impl Value<'_> {
    /// The value as one text; `None` if there is no value.
    pub(super) fn as_text(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::Null => return None,
            Self::List(words) | Self::Joined(words) if words.is_empty() => return None,
            Self::Flag(flag) => flag.to_string().into(),
            Self::Whole(whole) | Self::Id(whole) => whole.to_string().into(),
            Self::Number(number) => number.to_string().into(),
            Self::Text(text) => (*text).into(),
            Self::Key(key) => key.as_ref().into(),
            Self::List(words) | Self::Joined(words) => words.join(BETWEEN).into(),
        })
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<Value<'_>> for JsonValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Flag(flag) => flag.into(),
            Value::Whole(whole) => whole.into(),
            Value::Number(number) => number.into(),
            Value::Text(text) => text.into(),
            Value::Key(key) => key.into_owned().into(),
            Value::Id(id) => id.to_string().into(),
            Value::List(words) => words.iter().map(AsRef::as_ref).collect::<Vec<&str>>().into(),
            Value::Joined(words) if words.is_empty() => Self::Null,
            Value::Joined(words) => words.join(BETWEEN).into(),
        }
    }
}

/// The key of a row; no value if there is no such row.
pub(super) fn key(city: &City, of: KeyOf, row: impl Into<Option<u32>>) -> Value<'_> {
    let row = row.into().filter(|row| *row < city.count_of(of));
    row.map_or(Value::Null, |row| Value::Key(city.key_of(of, row)))
}

/// The name of a unit.
pub(super) fn unit(city: &City, unit: Option<UnitId>) -> Value<'_> {
    let row = unit.and_then(|unit| city.units().get(unit.index()));
    row.and_then(|row| city.text_or_none(row.name)).into()
}

/// The records that a thing was made from, the kept one first.
pub(super) fn sources(city: &City, origins: Span) -> Value<'static> {
    Value::Joined(
        city.origins()[origins.range()].iter().map(|origin| city.origin_label(origin).into()).collect(),
    )
}

/// File and row of an own record.
pub(super) fn source(city: &City, source: u32, row: u32) -> Value<'static> {
    match city.own_file(source) {
        "" => Value::Null,
        file => Value::Joined(vec![format!("{file}:{row}").into()]),
    }
}

/// A number of people; no value for [`Population::UNKNOWN`].
pub(super) fn count(count: u32) -> Value<'static> {
    if count == Population::UNKNOWN { Value::Null } else { Value::Whole(i64::from(count)) }
}

/// An OSM id; no value for 0.
pub(super) fn osm_id(id: i64) -> Value<'static> {
    if id == 0 { Value::Null } else { Value::Id(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_compare_values_as_written() {
        assert!(Value::Whole(6).is("6") && !Value::Whole(6).is("6.5") && !Value::Whole(6).is(""));
        assert!(Value::Number(0.7).is("0.70") && !Value::Number(0.7).is("0.71"));
        assert!(Value::Flag(true).is("true") && !Value::Flag(true).is("false"));
        assert!(Value::List(vec!["a".into(), "b".into()]).is("b") && !Value::List(vec!["a".into()]).is("c"));
        let joined = Value::Joined(vec!["a.csv:2".into(), "way/7".into()]);
        assert!(joined.is("way/7") && joined.is("a.csv:2; way/7") && !joined.is("way/"));
        assert_eq!(JsonValue::from(joined), "a.csv:2; way/7");
        assert_eq!(JsonValue::from(Value::Joined(Vec::new())), JsonValue::Null);
        assert!(Value::Text("公园").is("公园") && !Value::Text("公园").is("公"));
        assert!(Value::Id(3).is("3") && !Value::Id(3).is("x"));
        assert!(Value::Key("w3".into()).is("w3") && !Value::Key("w3".into()).is("3"));
        assert!(Value::Null.is("") && !Value::Null.is("0"));
    }
}
