//! `/api/before`: the earlier city; `/api/changes`: what changed on a line since.

use super::answer::{JSON, typed};
use super::parameters::RequestParameters;
use super::schemas::changes::{EarlierCity, LineChanges};
use super::schemas::query::{ChangesQuery, JudgedQuery};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::ChangesQuestion;

/// The earlier city that the served one is compared with; 404 without one.
#[utoipa::path(
    get,
    path = "/api/before",
    operation_id = "before",
    tag = "Changes",
    summary = "前期 The earlier city",
    responses((status = 200, description = "Done", body = EarlierCity, content_type = "application/json")),
)]
pub(crate) async fn before(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    Ok(typed(JSON, state.study.earlier_city()?))
}

/// The compounds whose verdict or walk on a line changed since the earlier city, with the cause.
#[utoipa::path(
    get,
    path = "/api/changes",
    operation_id = "changes",
    tag = "Changes",
    summary = "变化 What changed on a line since the earlier city",
    params(ChangesQuery, JudgedQuery),
    responses((status = 200, description = "Done", body = LineChanges, content_type = "application/json")),
)]
pub(crate) async fn changes(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(|values| ChangesQuestion::parse(state.choices(), values))?;
    Ok(typed(JSON, state.study.changes(question).await?))
}
