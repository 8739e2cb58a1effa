//! `/api/settings`: what the page needs before it asks for anything.

use super::answer::{JSON, typed};
use super::parameters::RequestParameters;
use super::schemas::settings::Settings;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;

/// The settings, written once for each city.
///
/// # Errors
/// When they could not be written then, or a parameter is given.
#[utoipa::path(
    get,
    path = "/api/settings",
    operation_id = "settings",
    tag = "City",
    summary = "Profiles, categories, rule sets, bounds",
    responses((status = 200, description = "Done", body = Settings, content_type = "application/json")),
)]
pub(crate) async fn settings(
    Pinned(state): Pinned,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    state.settings.clone().map(|settings| typed(JSON, settings)).ok_or(Problem::Internal)
}
