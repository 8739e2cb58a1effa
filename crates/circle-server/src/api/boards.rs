//! `/api/boards/{key}.{svg,pdf,png}`: the board at a gate; `.json` checks whether it can be printed.

use super::answer::{JSON, as_download, typed};
use super::parameters::RequestParameters;
use super::schemas::board_check::BoardCheck;
use super::schemas::query::{BoardPath, BoardQuery};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use circle_print::Format;
use circle_study::FinishedBoard;
use circle_study::question::{BoardCheckQuestion, BoardQuestion};

/// The header of a board that is marked 样张 because of errors: their kinds.
pub(crate) const SAMPLE: HeaderName = HeaderName::from_static("circle-board-sample");

/// The media type of a format.
pub(super) const fn content_type(format: Format) -> &'static str {
    match format {
        Format::Svg => "image/svg+xml",
        Format::Pdf => "application/pdf",
        Format::Png => "image/png",
    }
}

/// The board of a compound's gate; of its most certain gate where none is named. One with errors is marked 样张, and the
/// header `circle-board-sample` names their kinds.
#[utoipa::path(
    get,
    path = "/api/boards/{board}",
    operation_id = "board",
    tag = "Boards",
    summary = "导视图 The board at a gate, to be printed",
    params(BoardPath, BoardQuery),
    responses((status = 200, description = "Done", content(
        ("image/svg+xml"),
        ("application/pdf"),
        ("image/png"),
        (BoardCheck = "application/json")
    ))),
)]
pub(crate) async fn board(
    Pinned(state): Pinned,
    Path(file): Path<String>,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    if file.ends_with(BoardCheckQuestion::ENDING) {
        let question = parameters
            .question(|values| BoardCheckQuestion::parse(state.choices(), &file, &base.0, values))?;
        let name = format!("board-check-{}.json", state.city().gate_key(question.gate));
        let bytes = state.study.board_check(question).await?;
        return as_download(typed(JSON, bytes), &parameters, &name);
    }
    let question =
        parameters.question(|values| BoardQuestion::parse(state.choices(), &file, &base.0, values))?;
    let (city, gate, format) = (state.city(), question.gate, question.format);
    let compound = city.gates()[gate.index()].compound;
    let name = format!("board-{}-{}.{}", city.compound_key(compound), city.gate_key(gate), format.ending());
    let board = state.study.board(question).await?;
    let mut answer = typed(content_type(format), board.bytes.clone());
    if let Some(kinds) = sample(&board) {
        answer.headers_mut().insert(SAMPLE, kinds);
    }
    as_download(answer, &parameters, &name)
}

/// The kinds of errors of a board that is marked because of them.
fn sample(board: &FinishedBoard) -> Option<HeaderValue> {
    let mut kinds: Vec<&str> = board.errors().map(|finding| finding.kind_word()).collect();
    kinds.dedup();
    if board.is_marked { HeaderValue::try_from(kinds.join(", ")).ok() } else { None }
}
