//! `/api/tiles/{z}/{x}/{y}`: the base map.

use crate::api::answer::{TILE, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::query::TilePath;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use circle_export::TileIndex;
use circle_study::Refusal;

/// A vector tile; 204 where there is nothing to draw. `y` may end in `.mvt` or `.pbf`.
#[utoipa::path(
    get,
    path = "/api/tiles/{z}/{x}/{y}",
    operation_id = "tile",
    tag = "Tiles",
    summary = "Vector tile of the base map",
    params(TilePath),
    responses(
        (status = 200, description = "Done", content(("application/vnd.mapbox-vector-tile"))),
        (status = 204, description = "Nothing to draw here")
    ),
)]
pub(crate) async fn tile(
    Pinned(state): Pinned,
    Path((z, x, y)): Path<(String, String, String)>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let no_tile = || {
        let (first, last) = (TileIndex::FIRST_ZOOM, TileIndex::LAST_ZOOM);
        Refusal::NotFound(format!("there is no tile {z}/{x}/{y}; zooms go from {first} to {last}"))
    };
    let row = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(&y);
    Ok(find(&state, [&z, &x, row]).await?.ok_or_else(no_tile)?)
}

/// The tile of a zoom, column and row; `None` where there can be none.
pub(super) async fn find(state: &State, place: [&str; 3]) -> Result<Option<Response>, Problem> {
    let [Some(zoom), Some(column), Some(row)] = place.map(whole) else { return Ok(None) };
    let Some(bytes) = state.study.tile(zoom, column, row).await? else { return Ok(None) };
    let answer = if bytes.is_empty() { StatusCode::NO_CONTENT.into_response() } else { typed(TILE, bytes) };
    Ok(Some(answer))
}

/// A whole number written without sign or leading zeros, so that every tile has one address.
fn whole(text: &str) -> Option<u32> {
    text.parse::<u32>().ok().filter(|number| number.to_string() == text)
}
