//! The job that draws the boards of a unit, one after the other, in turns with the dear searches of other clients.

use super::archive::{Archive, StoredFile};
use super::job::{Job, JobFailure, JobPart, LeftOutOfJob};
use super::queue::Jobs;
use crate::http::query::encoded;
use circle_model::City;
use circle_study::boards::{CheckedBoard, board_file_name, failed, findings_csv, left_out_csv};
use circle_study::question::{BoardBatchQuestion, BoardQuestion, LeftOutBoard};
use circle_study::{FinishedBoard, Refusal, Study, StudyError};
use std::fmt::Write;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Wait before a board is asked for again for which the server had no time.
const BUSY_WAIT: Duration = Duration::from_secs(1);
/// Longest wait for the budget of a client.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Draws the boards of a batch into an archive. A board that cannot be made does not stop the others.
///
/// # Errors
/// When the job is cancelled, no board could be made, or there is no room for the files.
pub(crate) async fn draw_boards(
    study: Arc<Study>,
    batch: BoardBatchQuestion,
    job: Arc<Job>,
    jobs: Jobs,
) -> Result<StoredFile, JobFailure> {
    let mut archive = Archive::new().map_err(|error| no_disk(&error))?;
    let (mut checked, mut left_out) = (Vec::new(), batch.left_out.clone());
    let mut marked = 0;
    for gate in &batch.gates {
        let board = tokio::select! {
            biased;
            () = job.cancelled() => return Err(JobFailure::Cancelled),
            board = drawn(&study, &job, batch.board(*gate)) => board,
        };
        match board {
            Ok(FinishedBoard { bytes, findings, is_marked }) => {
                let name = board_file_name(study.city(), *gate, batch.format);
                add(&mut archive, &jobs, &job, &name, &bytes)?;
                marked += usize::from(is_marked);
                job.add_part(JobPart { name, path: path(study.city(), &batch, *gate) });
                checked.push(CheckedBoard { gate: *gate, findings });
            }
            Err(error) => {
                let missing = failed(study.city(), *gate, &fault(&error));
                job.leave_out(left_out_of_job(study.city(), &missing));
                left_out.push(missing);
            }
        }
    }
    if checked.is_empty() {
        let first = left_out.iter().find_map(|it| it.message.clone()).unwrap_or_default();
        return Err(JobFailure::Failed(format!("no board could be made: {first}")));
    }
    if marked > 0 {
        job.remark(format!(
            "{marked} of {} boards have errors and are marked 样张: see check.csv",
            checked.len()
        ));
    }
    add(&mut archive, &jobs, &job, "check.csv", &marked_csv(findings_csv(study.city(), &checked)))?;
    let rows = marked_csv(left_out_csv(study.city(), &left_out));
    add(&mut archive, &jobs, &job, "left-out.csv", &rows)?;
    archive.finish().map_err(|error| no_disk(&error))
}

/// What a job says of a compound without a board.
pub(crate) fn left_out_of_job(city: &City, left_out: &LeftOutBoard) -> LeftOutOfJob {
    LeftOutOfJob {
        compound_id: city.compound_key(left_out.compound).into_owned(),
        name: city.text(city.compounds()[left_out.compound.index()].name).to_owned(),
        reason: left_out.reason.word(),
        message: left_out.message.clone(),
    }
}

/// A board, drawn as the client's. A job has time: it waits for a busy server, and for the budget of its client.
async fn drawn(study: &Arc<Study>, job: &Job, board: BoardQuestion) -> Result<FinishedBoard, StudyError> {
    loop {
        let wait = match job.client.asking(study.board(board.clone())).await {
            Err(StudyError::Busy) => BUSY_WAIT,
            Err(StudyError::OverBudget(wait)) => wait.clamp(BUSY_WAIT, LONGEST_WAIT),
            end => return end,
        };
        tokio::time::sleep(wait).await;
    }
}

/// Why a board could not be made. A board's own fault is told as it is.
fn fault(error: &StudyError) -> String {
    match error {
        StudyError::Refused(Refusal::Board(fault)) => fault.clone(),
        other => other.to_string(),
    }
}

/// Adds a file to the archive.
///
/// # Errors
/// When there is no room for it among the results of all jobs, or on the disk.
fn add(archive: &mut Archive, jobs: &Jobs, job: &Job, name: &str, bytes: &[u8]) -> Result<(), JobFailure> {
    if !jobs.make_room(job, bytes.len() as u64) {
        let message = "the results of all jobs take too much room; ask for fewer boards, or try again later";
        return Err(JobFailure::Failed(message.to_owned()));
    }
    archive.add(name, bytes).map_err(|error| no_disk(&error))
}

fn no_disk(error: &io::Error) -> JobFailure {
    let folder = std::env::temp_dir();
    tracing::error!(%error, folder = %folder.display(), "the result of a job could not be written");
    JobFailure::Failed("the server has no room on its disk for the result now".to_owned())
}

/// CSV with the byte-order mark by which spreadsheets detect UTF-8.
fn marked_csv(csv: Vec<u8>) -> Vec<u8> {
    [b"\xef\xbb\xbf".to_vec(), csv].concat()
}

/// The path of one board of a batch.
fn path(city: &City, batch: &BoardBatchQuestion, gate: circle_model::GateId) -> String {
    let compound = city.compound_key(city.gates()[gate.index()].compound);
    let mut path =
        format!("/api/boards/{compound}.{}?gate={}", batch.format.ending(), encoded(&city.gate_key(gate)));
    for (name, value) in batch.parameters.pairs() {
        // Writing to memory cannot fail.
        let _ = write!(path, "&{name}={}", encoded(value));
    }
    path
}
