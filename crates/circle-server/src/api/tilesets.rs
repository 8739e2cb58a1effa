//! `/api/tiles`: the base map as OGC API Tiles has it, one tileset in the scheme of every web map.

use super::collections::CRS84;
use super::tile_matrix_sets::{CRS, ID, PATH as SCHEME, SCHEMES, URI};
use super::{JSON, TILE, tiles, typed};
use crate::api::settings::bounds;
use crate::links::Base;
use crate::parameters::{Parameters, whole};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::extract::Path;
use axum::response::Response;
use circle_export::{Statement, TileIndex};
use serde_json::{Value, json};

/// The relation of a dataset to its vector tilesets.
pub(super) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// The relation of a tileset to its tiling scheme.
const SCHEME_OF: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const PATH: &str = "/api/tiles/WebMercatorQuad";
const TITLE: &str = "底图 Base map";

/// All tilesets.
pub(crate) async fn tilesets(base: Base, parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let tileset = json!({
        "title": TITLE,
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": URI,
        "links": [
            base.link("self", JSON, PATH, TITLE),
            base.link(SCHEME_OF, JSON, SCHEME, ID),
        ],
    });
    let document = json!({
        "links": [
            base.link("self", JSON, "/api/tiles", "This document"),
            base.link(SCHEMES, JSON, "/api/tileMatrixSets", "Tiling schemes"),
        ],
        "tilesets": [tileset],
    });
    Ok(typed(JSON, document.to_string()))
}

/// The tileset of the base map.
pub(crate) async fn tileset(
    Pinned(state): Pinned,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let zooms = TileIndex::FIRST_ZOOM..=TileIndex::LAST_ZOOM;
    let limits =
        state.search(move |state| zooms.filter_map(|z| limits(state, z)).collect::<Vec<_>>()).await?;
    let [west, south, east, north] = bounds(state.city());
    let layer = |(id, dimension): (&str, u8)| json!({ "id": id, "dataType": "vector", "geometryDimension": dimension });
    let mut item = base.link("item", TILE, "", "Tiles, Mapbox Vector Tiles 2.1");
    item["href"] = format!("{}{PATH}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", base.0).into();
    item["templated"] = true.into();
    let document = json!({
        "title": TITLE,
        "attribution": Statement::ATTRIBUTION,
        "edition": state.edition.to_string(),
        "dataType": "vector",
        "crs": CRS,
        "tileMatrixSetURI": URI,
        "tileMatrixSetLimits": limits,
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": CRS84,
        },
        "layers": TileIndex::layers().map(layer).collect::<Vec<_>>(),
        "links": [
            base.link("self", JSON, PATH, TITLE),
            item,
            base.link(SCHEME_OF, JSON, SCHEME, ID),
        ],
    });
    Ok(typed(JSON, document.to_string()))
}

/// Where zoom `z` has tiles.
fn limits(state: &State, z: u32) -> Option<Value> {
    let [columns, rows] = state.tiles().limits(z)?;
    Some(json!({
        "tileMatrix": z.to_string(),
        "minTileRow": rows.start(),
        "maxTileRow": rows.end(),
        "minTileCol": columns.start(),
        "maxTileCol": columns.end(),
    }))
}

/// A tile by matrix, row and column, in this order; 204 where there is nothing to draw.
pub(crate) async fn tile(
    Pinned(state): Pinned,
    Path((matrix, row, column)): Path<(String, String, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let no_tile = || {
        let (first, last) = (TileIndex::FIRST_ZOOM, TileIndex::LAST_ZOOM);
        Problem::NotFound(format!(
            "there is no tile in row {row} and column {column} of tile matrix {matrix}; matrices go from {first} to {last}"
        ))
    };
    let [Some(zoom), Some(y), Some(x)] = [&matrix, &row, &column].map(|text| whole(text)) else {
        return Err(no_tile());
    };
    tiles::send(&state, (zoom, x, y)).await?.ok_or_else(no_tile)
}
