//! `/api/survey`: the gates to survey.

use super::answer::{GEOJSON, typed};
use super::parameters::RequestParameters;
use super::schemas::query::SurveyQuery;
use super::schemas::survey::GateSurvey;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::SurveyQuestion;

/// The inferred gates whose place decides verdicts of the default rule set, those that decide most people's first.
#[utoipa::path(
    get,
    path = "/api/survey",
    operation_id = "survey",
    tag = "City",
    summary = "踏勘 Gates to survey",
    params(SurveyQuery),
    responses((status = 200, description = "Done", body = GateSurvey, content_type = "application/geo+json")),
)]
pub(crate) async fn survey(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(|values| SurveyQuestion::parse(state.choices(), values))?;
    Ok(typed(GEOJSON, state.study.survey(question).await?))
}
