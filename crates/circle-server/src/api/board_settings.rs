//! `/api/boards/settings`: a district's board file as the parameters of its boards. Nothing is kept.

use super::body::TextBody;
use super::jobs::unstored;
use super::parameters::RequestParameters;
use super::schemas::board_batches::BoardFileSettings;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::response::Response;
use circle_print::board_file_parameters;
use circle_study::Refusal;

/// The settings of a board file, to be passed with every board.
#[utoipa::path(
    post,
    path = "/api/boards/settings",
    operation_id = "boardSettings",
    tag = "Boards",
    summary = "A district's board file as the parameters of its boards",
    request_body(
        content = String,
        content_type = "text/plain",
        description = "TOML, at most 64 KiB; also as `application/toml`",
    ),
    responses((status = 200, description = "Done", body = BoardFileSettings, content_type = "application/json")),
)]
pub(crate) async fn settings(
    Pinned(state): Pinned,
    parameters: RequestParameters,
    TextBody(body): TextBody,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let wrong = |message: String| Refusal::parameter("body", message);
    let text = std::str::from_utf8(&body).map_err(|_| wrong("it is not text in UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = board_file_parameters(text, &state.choices().catalogue);
    let read = read.map_err(|error| wrong(error.to_string()))?;
    let parameters = read.parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    unstored(&BoardFileSettings { edition: state.edition.to_string(), parameters, left_out: read.left_out })
}
