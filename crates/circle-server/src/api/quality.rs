//! `/api/quality`: what of the data is missing or doubtful.

use super::{formats, typed};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use axum::http::HeaderMap;
use axum::response::Response;

pub(super) const PARAMETERS: [&str; 2] = ["format", "download"];

/// The findings as features, or as the table of `circle check`.
pub(crate) async fn quality(
    Pinned(state): Pinned,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let format = formats::asked(&parameters, &headers)?;
    let bytes = state.search(move |state| state.quality(format)).await??;
    let bytes = super::marked(bytes.into(), format, &parameters)?;
    super::offered(typed(format.media_type(), bytes), &parameters, &format!("quality.{}", format.word()))
}
