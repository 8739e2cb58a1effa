//! One job: what it is, and how far it is.

use super::archive::StoredFile;
use circle_study::Client;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use tokio::sync::watch;

/// A job.
#[derive(Debug)]
pub(crate) struct Job {
    /// Its id, which is all that one needs to read and cancel it.
    pub(crate) id: String,
    /// The kind of work.
    pub(crate) kind: &'static str,
    pub(crate) client: Client,
    /// The edition that it works on.
    pub(crate) edition: String,
    pub(crate) started: SystemTime,
    /// Number of its parts.
    pub(crate) total: usize,
    state: Mutex<JobState>,
    is_cancelled: watch::Sender<bool>,
    /// Bytes of its results on the disk.
    bytes: AtomicU64,
}

/// How far a job is.
#[derive(Debug, Clone, Default)]
pub(crate) struct JobState {
    pub(crate) status: JobStatus,
    /// Parts that are made or were left out.
    pub(crate) done: usize,
    /// What one should know of it.
    pub(crate) message: Option<String>,
    pub(crate) parts: Vec<JobPart>,
    pub(crate) left_out: Vec<LeftOutOfJob>,
    pub(crate) result: Option<Arc<StoredFile>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum JobStatus {
    /// It waits for the client's job before.
    #[default]
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobStatus {
    /// The word in JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more happens to it.
    pub(crate) const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// A finished part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JobPart {
    /// The name of its file.
    pub(crate) name: String,
    /// The path of the same, made again.
    pub(crate) path: String,
}

/// A thing that has no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftOutOfJob {
    pub(crate) compound_id: String,
    pub(crate) name: String,
    /// The word of the reason.
    pub(crate) reason: &'static str,
    /// The fault of a part that could not be made.
    pub(crate) message: Option<String>,
}

/// Why a job has no result.
#[derive(Debug)]
pub(crate) enum JobFailure {
    /// The client cancelled it.
    Cancelled,
    /// What went wrong.
    Failed(String),
}

impl Job {
    /// A job that waits for its turn.
    pub(crate) fn new(
        id: String,
        kind: &'static str,
        client: Client,
        edition: String,
        total: usize,
        left_out: Vec<LeftOutOfJob>,
    ) -> Self {
        Self {
            id,
            kind,
            client,
            edition,
            started: SystemTime::now(),
            total,
            state: Mutex::new(JobState { left_out, ..JobState::default() }),
            is_cancelled: watch::Sender::new(false),
            bytes: AtomicU64::new(0),
        }
    }

    /// How far it is now.
    pub(crate) fn state(&self) -> JobState {
        self.lock().clone()
    }

    pub(super) fn status(&self) -> JobStatus {
        self.lock().status
    }

    pub(super) fn run(&self) {
        self.lock().status = JobStatus::Running;
    }

    /// Adds a finished part.
    pub(super) fn add_part(&self, part: JobPart) {
        let mut state = self.lock();
        state.done += 1;
        state.parts.push(part);
    }

    /// Counts a part that could not be made.
    pub(super) fn leave_out(&self, left_out: LeftOutOfJob) {
        let mut state = self.lock();
        state.done += 1;
        state.left_out.push(left_out);
    }

    pub(super) fn remark(&self, message: String) {
        self.lock().message = Some(message);
    }

    /// Cancels it: its work ends at the next part.
    pub(super) fn cancel(&self) {
        self.lock().status = JobStatus::Cancelled;
        self.is_cancelled.send_replace(true);
    }

    /// Returns once the job is cancelled.
    pub(super) async fn cancelled(&self) {
        let mut is_cancelled = self.is_cancelled.subscribe();
        // The sender lives as long as the job.
        let _ = is_cancelled.wait_for(|is_cancelled| *is_cancelled).await;
    }

    /// Ends it. A cancelled job stays cancelled.
    pub(super) fn end(&self, end: Result<StoredFile, JobFailure>) {
        let mut state = self.lock();
        match end {
            Ok(result) if state.status != JobStatus::Cancelled => {
                state.status = JobStatus::Done;
                state.result = Some(Arc::new(result));
                return;
            }
            Err(JobFailure::Failed(message)) if state.status != JobStatus::Cancelled => {
                (state.status, state.message) = (JobStatus::Failed, Some(message));
            }
            Ok(_) | Err(_) => state.status = JobStatus::Cancelled,
        }
        // Its file is gone.
        self.bytes.store(0, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn add_bytes(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Nothing panics under the lock, so a poisoned lock is sound.
    fn lock(&self) -> MutexGuard<'_, JobState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
