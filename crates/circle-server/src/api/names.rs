//! `/api/names`: the compounds' names as they are searched for.

use super::{JSON, typed};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::state::State;
use axum::extract::State as Shared;
use axum::response::Response;
use std::sync::Arc;

/// Every named compound with the pinyin of its name.
pub(crate) async fn names(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&[])?;
    Ok(typed(JSON, state.search(State::names).await?))
}
