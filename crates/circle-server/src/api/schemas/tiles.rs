//! Answers of OGC API Tiles.

use super::geojson::Position;
use super::ogc::Link;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All tilesets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileSets {
    pub(crate) links: Vec<Link>,
    pub(crate) tilesets: Vec<TileSetItem>,
}

/// A tileset in brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileSetItem {
    pub(crate) title: String,
    #[serde(rename = "dataType")]
    pub(crate) data_type: String,
    pub(crate) crs: String,
    #[serde(rename = "tileMatrixSetURI")]
    pub(crate) tile_matrix_set_uri: String,
    pub(crate) links: Vec<Link>,
}

/// A tileset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileSet {
    pub(crate) title: String,
    pub(crate) attribution: String,
    pub(crate) edition: String,
    #[serde(rename = "dataType")]
    pub(crate) data_type: String,
    pub(crate) crs: String,
    #[serde(rename = "tileMatrixSetURI")]
    pub(crate) tile_matrix_set_uri: String,
    /// Rows and columns with tiles.
    #[serde(rename = "tileMatrixSetLimits")]
    pub(crate) tile_matrix_set_limits: Vec<TileLimits>,
    #[serde(rename = "boundingBox")]
    pub(crate) bounding_box: BoundingBox,
    pub(crate) layers: Vec<TileLayer>,
    pub(crate) links: Vec<Link>,
}

/// The rows and columns of a matrix with tiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileLimits {
    #[serde(rename = "tileMatrix")]
    pub(crate) tile_matrix: String,
    #[serde(rename = "minTileRow")]
    pub(crate) min_tile_row: u32,
    #[serde(rename = "maxTileRow")]
    pub(crate) max_tile_row: u32,
    #[serde(rename = "minTileCol")]
    pub(crate) min_tile_col: u32,
    #[serde(rename = "maxTileCol")]
    pub(crate) max_tile_col: u32,
}

/// A box by two corners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoundingBox {
    #[serde(rename = "lowerLeft")]
    pub(crate) lower_left: Position,
    #[serde(rename = "upperRight")]
    pub(crate) upper_right: Position,
    pub(crate) crs: String,
}

/// A layer of the tiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileLayer {
    pub(crate) id: String,
    #[serde(rename = "dataType")]
    pub(crate) data_type: String,
    /// 0 points, 1 lines, 2 areas.
    #[serde(rename = "geometryDimension")]
    pub(crate) geometry_dimension: u8,
}

/// All tiling schemes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileMatrixSets {
    pub(crate) links: Vec<Link>,
    #[serde(rename = "tileMatrixSets")]
    pub(crate) tile_matrix_sets: Vec<TileMatrixSetItem>,
}

/// A tiling scheme in brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileMatrixSetItem {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) uri: String,
    pub(crate) crs: String,
    pub(crate) links: Vec<Link>,
}

/// A tiling scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileMatrixSet {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) uri: String,
    pub(crate) crs: String,
    #[serde(rename = "orderedAxes")]
    pub(crate) ordered_axes: Vec<String>,
    #[serde(rename = "wellKnownScaleSet")]
    pub(crate) well_known_scale_set: String,
    #[serde(rename = "tileMatrices")]
    pub(crate) tile_matrices: Vec<TileMatrix>,
}

/// One zoom of a tiling scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TileMatrix {
    pub(crate) id: String,
    #[serde(rename = "scaleDenominator")]
    pub(crate) scale_denominator: f64,
    /// Metres of a pixel.
    #[serde(rename = "cellSize")]
    pub(crate) cell_size: f64,
    #[serde(rename = "cornerOfOrigin")]
    pub(crate) corner_of_origin: String,
    /// Metres.
    #[serde(rename = "pointOfOrigin")]
    pub(crate) point_of_origin: [f64; 2],
    /// Pixels.
    #[serde(rename = "tileWidth")]
    pub(crate) tile_width: u32,
    /// Pixels.
    #[serde(rename = "tileHeight")]
    pub(crate) tile_height: u32,
    /// Tiles.
    #[serde(rename = "matrixWidth")]
    pub(crate) matrix_width: u32,
    /// Tiles.
    #[serde(rename = "matrixHeight")]
    pub(crate) matrix_height: u32,
}
