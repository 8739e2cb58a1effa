//! `/api/corrections/effect`: what field corrections would change, before they are sent.

use super::answer::{JSON, typed};
use super::body::JsonBody;
use super::parameters::RequestParameters;
use super::schemas::corrections::{CorrectionsEffect, FieldCorrections};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::CorrectionsQuestion;

/// The lines of compounds whose verdict or nearest walk changes, and the corrections that cannot be applied. Nothing is
/// kept.
#[utoipa::path(
    post,
    path = "/api/corrections/effect",
    operation_id = "correctionsEffect",
    tag = "Coverage",
    summary = "更正 What corrections would change in the verdicts",
    request_body(content = FieldCorrections, content_type = "application/json"),
    responses((status = 200, description = "Done", body = CorrectionsEffect, content_type = "application/json")),
)]
pub(crate) async fn effect(
    Pinned(state): Pinned,
    parameters: RequestParameters,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let question = parameters.question(|_| CorrectionsQuestion::parse(state.choices(), &body))?;
    Ok(typed(JSON, state.study.effect_of_corrections(question).await?))
}
