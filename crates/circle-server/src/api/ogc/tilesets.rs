//! `/api/tiles`: the base map in terms of OGC API Tiles, one tileset in the scheme of web maps.

use super::collections::CRS84;
use super::tile_matrix_sets::{CRS, ID, PATH as SCHEME, SCHEMES, URI};
use super::tiles::find;
use crate::api::answer::{JSON, TILE, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::query::MatrixTilePath;
use crate::api::schemas::tiles::{TileSet, TileSets};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use crate::settings::bounds;
use axum::extract::Path;
use axum::response::Response;
use circle_export::{Statement, TileIndex};
use circle_study::{Lane, Refusal, Study};
use serde_json::{Value, json};

/// The relation of a dataset to its vector tilesets.
pub(super) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// The relation of a tileset to its tiling scheme.
const SCHEME_OF: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
const PATH: &str = "/api/tiles/WebMercatorQuad";
const TITLE: &str = "底图 Base map";

/// All tilesets.
#[utoipa::path(
    get,
    path = "/api/tiles",
    operation_id = "tilesets",
    tag = "Tiles",
    summary = "All tilesets",
    responses((status = 200, description = "Done", body = TileSets, content_type = "application/json")),
)]
pub(crate) async fn tilesets(base: Base, parameters: RequestParameters) -> Result<Response, Problem> {
    parameters.expect_none()?;
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
#[utoipa::path(
    get,
    path = "/api/tiles/WebMercatorQuad",
    operation_id = "tileset",
    tag = "Tiles",
    summary = "Tileset of the base map",
    responses((status = 200, description = "Done", body = TileSet, content_type = "application/json")),
)]
pub(crate) async fn tileset(
    Pinned(state): Pinned,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let zooms = TileIndex::FIRST_ZOOM..=TileIndex::LAST_ZOOM;
    let limits = state
        .study
        .search(Lane::Cheap, |study, _| Ok(zooms.filter_map(|z| limits(study, z)).collect::<Vec<_>>()))
        .await?;
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

/// The columns and rows of zoom `z` that have tiles.
fn limits(study: &Study, z: u32) -> Option<Value> {
    let [columns, rows] = study.tile_index().limits(z)?;
    Some(json!({
        "tileMatrix": z.to_string(),
        "minTileRow": rows.start(),
        "maxTileRow": rows.end(),
        "minTileCol": columns.start(),
        "maxTileCol": columns.end(),
    }))
}

/// A tile by matrix, row and column, in this order; 204 where there is nothing to draw.
#[utoipa::path(
    get,
    path = "/api/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}",
    operation_id = "tileset.tile",
    tag = "Tiles",
    summary = "Vector tile of the base map",
    params(MatrixTilePath),
    responses(
        (status = 200, description = "Done", content(("application/vnd.mapbox-vector-tile"))),
        (status = 204, description = "Nothing to draw here")
    ),
)]
pub(crate) async fn tile(
    Pinned(state): Pinned,
    Path((matrix, row, column)): Path<(String, String, String)>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let no_tile = || {
        let (first, last) = (TileIndex::FIRST_ZOOM, TileIndex::LAST_ZOOM);
        Refusal::NotFound(format!(
            "there is no tile in row {row} and column {column} of tile matrix {matrix}; matrices go from {first} to {last}"
        ))
    };
    Ok(find(&state, [&matrix, &column, &row]).await?.ok_or_else(no_tile)?)
}
