//! `/api/verdicts`: what a map of the city colours.

use super::{JSON, coverage, typed};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::CoveragePart;
use axum::response::Response;

pub(super) const PARAMETERS: [&str; 5] = ["rules", "profile", "minutes", "at_time", "as_mapped"];

/// The rule set's lines by column, for all compounds.
pub(crate) async fn verdicts(Pinned(state): Pinned, parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let asked = coverage::asked(&state, &parameters)?;
    Ok(typed(JSON, state.written_coverage(asked, CoveragePart::Verdicts).await?))
}
