//! `/api/names`: the compounds' names as they are searched for; `/api/search`: what has a name.

use super::answer::{JSON, typed};
use super::parameters::RequestParameters;
use super::schemas::names::{NameSearch, Names};
use super::schemas::query::SearchQuery;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_study::question::NamesQuestion;

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

/// Compounds, units, streets and facilities whose name, pinyin or initials have a text, the best match first.
#[utoipa::path(
    get,
    path = "/api/search",
    operation_id = "search",
    tag = "City",
    summary = "Search by name, pinyin or initials",
    params(SearchQuery),
    responses((status = 200, description = "Done", body = NameSearch, content_type = "application/json")),
)]
pub(crate) async fn search(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(NamesQuestion::parse)?;
    Ok(typed(JSON, state.study.search_names(question).await?))
}
