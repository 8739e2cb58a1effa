//! `/api/explain`: a walk in full, and what bars a shorter one.

use super::answer::{GEOJSON, typed};
use super::parameters::RequestParameters;
use super::schemas::explain::Explanation;
use super::schemas::query::ExplainQuery;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::ExplainQuestion;

/// A `FeatureCollection` of the legs and ways of the walk.
#[utoipa::path(
    get,
    path = "/api/explain",
    operation_id = "explain",
    tag = "Walks",
    summary = "One walk in full: its legs, ways and waits, and what bars a shorter walk",
    params(ExplainQuery),
    responses((status = 200, description = "Done", body = Explanation, content_type = "application/geo+json")),
    extensions(("x-exactly-one-of" = json!([["from", "compound", "gate"], ["to", "facility"]]))),
)]
pub(crate) async fn explain(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(|values| ExplainQuestion::parse(state.choices(), values))?;
    Ok(typed(GEOJSON, state.study.explain(question).await?))
}
