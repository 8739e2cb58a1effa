//! `/api/board-batches`: the boards of a unit, as a job.

use super::asking::Asking;
use super::body::JsonBody;
use super::jobs::{described, unstored};
use super::parameters::RequestParameters;
use super::schemas::board_batches::BoardBatch;
use super::schemas::jobs;
use crate::http::base::Base;
use crate::jobs::{Job, draw_boards, left_out_of_job, new_id};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use circle_study::StudyError;
use circle_study::question::BoardBatchQuestion;
use std::sync::Arc;

/// The kind of these jobs.
pub(crate) const BOARD_BATCH: &str = "board_batch";

/// Starts to draw the boards of a unit, or of some compounds. One job of an address runs at a time.
#[utoipa::path(
    post,
    path = "/api/board-batches",
    operation_id = "boardBatch",
    tag = "Boards",
    summary = "导视图 The boards of a 社区, a 街道 or some compounds, as a job",
    request_body(content = BoardBatch, content_type = "application/json"),
    responses((
        status = 202,
        description = "The job; its address is in `Location`",
        body = jobs::Job,
        content_type = "application/json",
    )),
)]
pub(crate) async fn start(
    Pinned(state): Pinned,
    Asking(client): Asking,
    base: Base,
    parameters: RequestParameters,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let batch = parameters.question(|_| BoardBatchQuestion::parse(state.choices(), &base.0, &body))?;
    let left_out = batch.left_out.iter().map(|it| left_out_of_job(state.city(), it)).collect();
    let id = new_id().map_err(|error| StudyError::unwritten("the id of a job", &error))?;
    let (edition, total) = (state.edition.to_string(), batch.gates.len());
    let job = Arc::new(Job::new(id, BOARD_BATCH, client, edition, total, left_out));
    let work = draw_boards(state.study.clone(), batch, job.clone(), state.jobs.clone());
    state.jobs.start(job.clone(), work)?;
    let mut answer = unstored(&described(&job, &base))?;
    *answer.status_mut() = StatusCode::ACCEPTED;
    if let Ok(address) = HeaderValue::try_from(format!("/api/jobs/{}", job.id)) {
        answer.headers_mut().insert(header::LOCATION, address);
    }
    Ok(answer)
}
