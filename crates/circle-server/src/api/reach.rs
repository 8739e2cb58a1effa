//! `/api/reach`: every facility within reach of a place, a compound or one of its gates.

use super::answer::{GEOJSON, typed};
use super::parameters::RequestParameters;
use super::schemas::query::{OriginQuery, WalksQuery};
use super::schemas::reach::Reach;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::ReachQuestion;

/// A `FeatureCollection` of points, nearest first; none off the network, which `origin.status` tells.
#[utoipa::path(
    get,
    path = "/api/reach",
    operation_id = "reach",
    tag = "Walks",
    summary = "Every facility within reach, nearest first",
    params(OriginQuery, WalksQuery),
    responses((status = 200, description = "Done", body = Reach, content_type = "application/geo+json")),
    extensions(("x-exactly-one-of" = json!([["at", "compound", "gate"]]))),
)]
pub(crate) async fn reach(Pinned(state): Pinned, parameters: RequestParameters) -> Result<Response, Problem> {
    let question = parameters.question(|values| ReachQuestion::parse(state.choices(), values))?;
    Ok(typed(GEOJSON, state.study.reach(question).await?))
}
