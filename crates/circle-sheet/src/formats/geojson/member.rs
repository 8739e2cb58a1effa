//! The members of a `GeoJSON` object that are read, in the order of the file.

use crate::build::cell::write_number;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use std::fmt;

/// A feature with a geometry of any type; members may be missing.
#[derive(Deserialize)]
#[serde(bound = "G: Deserialize<'de>")]
pub(super) struct RawFeature<G> {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) id: Option<PropertyText>,
    pub(super) geometry: Option<G>,
    pub(super) properties: Option<Properties>,
}

impl<G> Default for RawFeature<G> {
    fn default() -> Self {
        Self { kind: String::new(), id: None, geometry: None, properties: None }
    }
}

/// The member `crs` of `GeoJSON` before RFC 7946.
#[derive(Deserialize)]
pub(super) struct CrsMember {
    pub(super) properties: CrsProperties,
}

#[derive(Deserialize)]
pub(super) struct CrsProperties {
    pub(super) name: String,
}

/// Properties in the order of the file.
#[derive(Default)]
pub(super) struct Properties(pub(super) Vec<(String, PropertyText)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Properties;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("properties by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Any value as text: nested values as JSON without blanks, null as empty text.
pub(super) struct PropertyText(pub(super) String);

impl<'de> Deserialize<'de> for PropertyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;
        impl<'de> Visitor<'de> for AsText {
            type Value = PropertyText;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<PropertyText, E> {
                Ok(PropertyText(String::new()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<PropertyText, E> {
                Ok(PropertyText(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<PropertyText, E> {
                Ok(PropertyText(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<PropertyText, E> {
                Ok(PropertyText(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<PropertyText, E> {
                let mut text = String::new();
                write_number(value, &mut text);
                Ok(PropertyText(text))
            }

            fn visit_str<E>(self, value: &str) -> Result<PropertyText, E> {
                Ok(PropertyText(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<PropertyText, E> {
                Ok(PropertyText(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<PropertyText, A::Error> {
                compact(SeqAccessDeserializer::new(seq))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PropertyText, A::Error> {
                compact(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(AsText)
    }
}

fn compact<'de, D: Deserializer<'de>>(nested: D) -> Result<PropertyText, D::Error> {
    let value = serde_json::Value::deserialize(nested)?;
    serde_json::to_string(&value).map(PropertyText).map_err(de::Error::custom)
}
