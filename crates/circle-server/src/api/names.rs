//! `/api/names`: the compounds' names as they are searched for.

use super::{JSON, typed};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::response::Response;

/// Every named compound with the pinyin of its name.
pub(crate) async fn names(Pinned(state): Pinned, parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    Ok(typed(JSON, state.search(State::names).await?))
}
