//! `/api/isochrones`: the shapes reached from a place, a compound or one of its gates.

use super::answer::{GEOJSON, typed};
use super::parameters::RequestParameters;
use super::schemas::isochrones::Isochrones;
use super::schemas::query::{FormQuery, OriginQuery, WalksQuery};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::IsochronesQuestion;

/// A `FeatureCollection`, a feature per band; none off the network, which `origin.status` tells.
#[utoipa::path(
    get,
    path = "/api/isochrones",
    operation_id = "isochrones",
    tag = "Walks",
    summary = "等时圈 Isochrones: the shapes reached within each band",
    params(OriginQuery, WalksQuery, FormQuery),
    responses((status = 200, description = "Done", body = Isochrones, content_type = "application/geo+json")),
    extensions(("x-exactly-one-of" = json!([["at", "compound", "gate"]]))),
)]
pub(crate) async fn isochrones(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(|values| IsochronesQuestion::parse(state.choices(), values))?;
    Ok(typed(GEOJSON, state.study.isochrones(question).await?))
}
