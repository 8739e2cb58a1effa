//! What a table is sent as.

use crate::etag::wants_csv;
use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::http::HeaderMap;
use circle_export::FileFormat;

/// The format that `format` names, else CSV where `Accept` likes that best, else `GeoJSON`.
///
/// # Errors
/// When there is no such format.
pub(super) fn asked(parameters: &Parameters, headers: &HeaderMap) -> Result<FileFormat, Problem> {
    match parameters.text("format") {
        Some(_) => parameters.word("format", &FileFormat::ALL.map(|format| (format.word(), format))),
        None if wants_csv(headers) => Ok(FileFormat::Csv),
        None => Ok(FileFormat::Geojson),
    }
}
