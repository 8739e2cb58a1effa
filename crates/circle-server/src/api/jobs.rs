//! `/api/jobs`: long work that goes on, and its results.

use super::answer::{JSON, typed};
use super::asking::Asking;
use super::parameters::RequestParameters;
use super::schemas::jobs::{Job, JobPart, JobStatusWord, Jobs, LeftOutCompound};
use super::schemas::query::JobPath;
use crate::http::base::Base;
use crate::http::query::encoded;
use crate::jobs::{self, Download, JobState, JobStatus};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use circle_export::download_name;
use circle_study::{Refusal, StudyError};
use serde::Serialize;
use std::time::SystemTime;

/// Media type of results.
pub(crate) const ZIP: &str = "application/zip";

/// The jobs of the client, the newest first.
#[utoipa::path(
    get,
    path = "/api/jobs",
    operation_id = "jobs",
    tag = "Jobs",
    summary = "任务 The jobs of this address, the newest first",
    responses((status = 200, description = "Done", body = Jobs, content_type = "application/json")),
)]
pub(crate) async fn jobs(
    Pinned(state): Pinned,
    Asking(client): Asking,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let jobs = state.jobs.of(client).iter().map(|job| described(job, &base)).collect();
    unstored(&Jobs { edition: state.edition.to_string(), jobs })
}

/// A job, for whoever knows its id.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}",
    operation_id = "job",
    tag = "Jobs",
    summary = "任务 How far a job is",
    params(JobPath),
    responses((status = 200, description = "Done", body = Job, content_type = "application/json")),
)]
pub(crate) async fn job(
    Pinned(state): Pinned,
    Path(id): Path<String>,
    base: Base,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let job = state.jobs.find(&id).ok_or_else(|| no_job(&id))?;
    unstored(&described(&job, &base))
}

/// Cancels a job; removes one that has ended.
#[utoipa::path(
    delete,
    path = "/api/jobs/{id}",
    operation_id = "cancelJob",
    tag = "Jobs",
    summary = "Cancel a job, or remove one that has ended",
    params(JobPath),
    responses((status = 204, description = "Done")),
)]
pub(crate) async fn cancel(
    Pinned(state): Pinned,
    Path(id): Path<String>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    if state.jobs.cancel(&id) { Ok(StatusCode::NO_CONTENT.into_response()) } else { Err(no_job(&id)) }
}

/// The ZIP file of a job that is done.
#[utoipa::path(
    get,
    path = "/api/jobs/{id}/result",
    operation_id = "jobResult",
    tag = "Jobs",
    summary = "The files of a job that is done, as ZIP",
    params(JobPath),
    responses((status = 200, description = "Done", content(("application/zip")))),
)]
pub(crate) async fn result(
    Pinned(state): Pinned,
    Path(id): Path<String>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let JobState { status, result, .. } = state.jobs.find(&id).ok_or_else(|| no_job(&id))?.state();
    let file = result
        .ok_or_else(|| Refusal::NotFound(format!("the job `{id}` has no result: it is {}", status.word())))?;
    let name = download_name(state.city(), &["导视图"], "zip");
    let (length, body) = (file.length, Body::new(Download::new(file)));
    let mut answer = typed(ZIP, body);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = format!("attachment; filename=\"boards.zip\"; filename*=UTF-8''{}", encoded(&name));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(answer)
}

fn no_job(id: &str) -> Problem {
    let id: String = id.chars().take(40).collect();
    Refusal::NotFound(format!("there is no job `{id}`, or no longer: only the latest ones are kept")).into()
}

/// JSON that changes without a new edition.
///
/// # Errors
/// When it cannot be written.
pub(super) fn unstored(body: &impl Serialize) -> Result<Response, Problem> {
    let json = serde_json::to_vec(body).map_err(|error| StudyError::unwritten("a job", &error))?;
    let mut answer = typed(JSON, json);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// A job as it is answered.
pub(super) fn described(job: &jobs::Job, base: &Base) -> Job {
    let JobState { status, done, message, parts, left_out, result } = job.state();
    let part = |part: jobs::JobPart| JobPart { name: part.name, href: base.href(&part.path) };
    let left_out = left_out.into_iter().map(|it| LeftOutCompound {
        compound_id: it.compound_id,
        name: it.name,
        reason: it.reason.to_owned(),
        message: it.message,
    });
    Job {
        edition: job.edition.clone(),
        id: job.id.clone(),
        kind: job.kind.to_owned(),
        status: word(status),
        done: done as u64,
        total: job.total as u64,
        started: written(job.started),
        message,
        result: result.map(|_| base.href(&format!("/api/jobs/{}/result", job.id))),
        parts: parts.into_iter().map(part).collect(),
        left_out: left_out.collect(),
    }
}

const fn word(status: JobStatus) -> JobStatusWord {
    match status {
        JobStatus::Queued => JobStatusWord::Queued,
        JobStatus::Running => JobStatusWord::Running,
        JobStatus::Done => JobStatusWord::Done,
        JobStatus::Failed => JobStatusWord::Failed,
        JobStatus::Cancelled => JobStatusWord::Cancelled,
    }
}

/// A time as in RFC 3339, to the second.
fn written(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let second = i64::try_from(since).ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
    second.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn times_are_written_to_the_second() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_796_083_200_900);
        assert_eq!(written(time), "2026-12-01T00:00:00Z");
    }
}
