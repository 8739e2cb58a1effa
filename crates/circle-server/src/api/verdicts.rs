//! `/api/verdicts`: the verdicts that a map of the city colours.

use super::answer::{JSON, accepts_gzip, gzipped, typed};
use super::parameters::RequestParameters;
use super::schemas::query::JudgedQuery;
use super::schemas::verdicts::Verdicts;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::http::HeaderMap;
use axum::response::Response;
use circle_study::question::{CoveragePart, CoverageQuestion};

/// The rule set's lines by column, for all compounds.
#[utoipa::path(
    get,
    path = "/api/verdicts",
    operation_id = "verdicts",
    tag = "Coverage",
    summary = "Verdicts of all compounds on the rule set's lines, by column",
    params(JudgedQuery),
    responses((status = 200, description = "Done", body = Verdicts, content_type = "application/json")),
)]
pub(crate) async fn verdicts(
    Pinned(state): Pinned,
    headers: HeaderMap,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question = parameters.question(|values| {
        values.expect_only(&CoverageQuestion::PARAMETERS)?;
        CoverageQuestion::parse(state.choices(), values)
    })?;
    let part = CoveragePart::Verdicts;
    Ok(if accepts_gzip(&headers) {
        gzipped(typed(JSON, state.study.coverage_gzip(question, part).await?))
    } else {
        typed(JSON, state.study.coverage(question, part).await?)
    })
}
