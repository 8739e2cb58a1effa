//! Answers of OGC API Common and Features beside the features themselves.

use super::statement::Statement;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    /// Its relation.
    pub(crate) rel: String,
    /// Media type of what it leads to.
    pub(crate) r#type: String,
    pub(crate) href: String,
    pub(crate) title: String,
    /// Whether `href` holds variables in braces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) templated: Option<bool>,
}

/// The landing page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Landing {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) attribution: String,
    pub(crate) edition: String,
    pub(crate) links: Vec<Link>,
    pub(crate) statement: Statement,
}

/// The conformance classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conformance {
    #[serde(rename = "conformsTo")]
    pub(crate) conforms_to: Vec<String>,
}

/// All collections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Collections {
    pub(crate) edition: String,
    pub(crate) links: Vec<Link>,
    pub(crate) collections: Vec<Collection>,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Collection {
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(rename = "itemType")]
    pub(crate) item_type: String,
    #[serde(rename = "numberOfItems")]
    pub(crate) number_of_items: u32,
    pub(crate) extent: Extent,
    pub(crate) crs: Vec<String>,
    #[serde(rename = "storageCrs")]
    pub(crate) storage_crs: String,
    pub(crate) links: Vec<Link>,
}

/// Where a collection is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extent {
    pub(crate) spatial: SpatialExtent,
}

/// West, south, east, north.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpatialExtent {
    pub(crate) bbox: Vec<(f64, f64, f64, f64)>,
    pub(crate) crs: String,
}

/// A JSON Schema of a collection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JsonSchema {
    /// The dialect.
    #[serde(rename = "$schema")]
    pub(crate) dialect: String,
    pub(crate) title: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What the members are.
    pub(crate) properties: BTreeMap<String, Value>,
    /// The address of this schema.
    #[serde(rename = "$id")]
    pub(crate) id: String,
}
