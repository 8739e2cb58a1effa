//! `/api/tiles/{z}/{x}/{y}`: the base map.

use super::{TILE, typed};
use crate::parameters::{Parameters, whole};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use circle_export::TileIndex;
use std::sync::Arc;

/// A vector tile; 204 where there is nothing to draw. `y` may end in `.mvt` or `.pbf`.
pub(crate) async fn tile(
    Pinned(state): Pinned,
    Path((z, x, y)): Path<(String, String, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    let no_tile = || {
        let (first, last) = (TileIndex::FIRST_ZOOM, TileIndex::LAST_ZOOM);
        Problem::NotFound(format!("there is no tile {z}/{x}/{y}; zooms go from {first} to {last}"))
    };
    let row = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(&y);
    let [zoom, column, row] = [&z, &x, row].map(whole);
    let (Some(zoom), Some(column), Some(row)) = (zoom, column, row) else { return Err(no_tile()) };
    send(&state, (zoom, column, row)).await?.ok_or_else(no_tile)
}

/// Zoom, column, row.
pub(crate) type Tile = (u32, u32, u32);

/// The answer with a tile, made unless it is kept; `None` where there can be no tile.
pub(super) async fn send(state: &Arc<State>, place: Tile) -> Result<Option<Response>, Problem> {
    let key = (state.edition, place);
    let bytes = if let Some(kept) = state.tile_cache.find(&key) {
        kept
    } else {
        let (zoom, column, row) = place;
        let made = state.search(move |state| state.tiles().tile(zoom, column, row)).await?;
        let Some(made) = made.map(Bytes::from) else { return Ok(None) };
        state.tile_cache.keep(key, made.clone());
        made
    };
    let answer = if bytes.is_empty() { StatusCode::NO_CONTENT.into_response() } else { typed(TILE, bytes) };
    Ok(Some(answer))
}
