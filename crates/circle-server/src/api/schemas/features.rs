//! Features of collections.

use super::geojson::{AreaGeometry, CollectionType, FeatureType, PointGeometry};
use super::ogc::Link;
use super::statement::Statement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page of features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page<F> {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: CollectionType,
    /// Number of features that match.
    #[serde(rename = "numberMatched")]
    pub(crate) number_matched: u32,
    /// Number of features of the page.
    #[serde(rename = "numberReturned")]
    pub(crate) number_returned: u32,
    /// This page, the pages beside it, and the collection.
    pub(crate) links: Vec<Link>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
    pub(crate) features: Vec<F>,
}

/// A feature with an area for its geometry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaFeature<P> {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: Option<AreaGeometry>,
    pub(crate) properties: P,
}

/// One feature with an area for its geometry, alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaItem<P> {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: Option<AreaGeometry>,
    pub(crate) properties: P,
    pub(crate) links: Vec<Link>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}

/// A feature with a point for its geometry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointFeature<P> {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: PointGeometry,
    pub(crate) properties: P,
}

/// One feature with a point for its geometry, alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PointItem<P> {
    #[serde(rename = "type")]
    #[schema(inline)]
    pub(crate) kind: FeatureType,
    /// Its key.
    pub(crate) id: String,
    pub(crate) geometry: PointGeometry,
    pub(crate) properties: P,
    pub(crate) links: Vec<Link>,
    /// The edition of this answer.
    pub(crate) edition: String,
    pub(crate) statement: Statement,
}
