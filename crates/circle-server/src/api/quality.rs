//! `/api/quality`: what of the data is missing or doubtful.

use super::{CSV, GEOJSON, typed};
use crate::etag::wants_csv;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::state::State;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

const PARAMETERS: [&str; 2] = ["format", "download"];
pub(super) const FORMATS: [(&str, bool); 2] = [("geojson", false), ("csv", true)];

/// The findings as features, or as the table of `circle check`.
pub(crate) async fn quality(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let csv = match parameters.text("format") {
        Some(_) => parameters.word("format", &FORMATS)?,
        None => wants_csv(&headers),
    };
    let bytes = state.search(move |state| state.quality(csv)).await?;
    let answer = typed(if csv { CSV } else { GEOJSON }, bytes);
    super::offered(answer, &parameters, &format!("quality.{}", if csv { "csv" } else { "geojson" }))
}
