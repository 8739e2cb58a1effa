//! `/api/boards/{key}.{svg,pdf,png}`: the board at a gate.

use super::answer::{as_download, typed};
use super::parameters::RequestParameters;
use super::schemas::query::{BoardPath, BoardQuery};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::extract::Path;
use axum::response::Response;
use circle_print::Format;
use circle_study::question::BoardQuestion;

/// The media type of a format.
pub(super) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Svg => "image/svg+xml",
        Format::Pdf => "application/pdf",
        Format::Png => "image/png",
    }
}

/// The board of a compound's gate; of its most certain gate where none is named.
#[utoipa::path(
    get,
    path = "/api/boards/{board}",
    operation_id = "board",
    tag = "Boards",
    summary = "导视图 The board at a gate, to be printed",
    params(BoardPath, BoardQuery),
    responses((status = 200, description = "Done", content(("image/svg+xml"), ("application/pdf"), ("image/png")))),
)]
pub(crate) async fn board(
    Pinned(state): Pinned,
    Path(file): Path<String>,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let question =
        parameters.question(|values| BoardQuestion::parse(state.choices(), &file, &base.0, values))?;
    let (city, gate, format) = (state.city(), question.gate, question.format);
    let compound = city.gates()[gate.index()].compound;
    let name = format!("board-{}-{}.{}", city.compound_key(compound), city.gate_key(gate), format.ending());
    let bytes = state.study.board(question).await?;
    as_download(typed(content_type(format), bytes), &parameters, &name)
}
