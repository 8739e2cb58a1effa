//! `/api/names`: the compounds' names as they are searched for.

use super::answer::{JSON, typed};
use super::parameters::RequestParameters;
use super::schemas::names::Names;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;

/// Every named compound with the pinyin of its name.
#[utoipa::path(
    get,
    path = "/api/names",
    operation_id = "names",
    tag = "City",
    summary = "Names of compounds with their pinyin",
    responses((status = 200, description = "Done", body = Names, content_type = "application/json")),
)]
pub(crate) async fn names(Pinned(state): Pinned, parameters: RequestParameters) -> Result<Response, Problem> {
    parameters.expect_none()?;
    Ok(typed(JSON, state.study.names().await?))
}
