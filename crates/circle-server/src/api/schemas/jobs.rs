//! Jobs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The jobs of the client, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Jobs {
    /// The edition that is served.
    pub(crate) edition: String,
    pub(crate) jobs: Vec<Job>,
}

/// Long work, and how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    /// The edition that it works on, which may be an earlier one.
    pub(crate) edition: String,
    /// Who knows it may read and cancel the job.
    pub(crate) id: String,
    /// `board_batch`
    pub(crate) kind: String,
    pub(crate) status: JobStatusWord,
    /// Parts that are made, or could not be made.
    pub(crate) done: u64,
    /// All parts.
    pub(crate) total: u64,
    /// When it was asked for, RFC 3339.
    pub(crate) started: String,
    /// What one should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) message: Option<String>,
    /// Address of its ZIP file, once it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) result: Option<String>,
    /// The parts that are made.
    pub(crate) parts: Vec<JobPart>,
    /// The compounds that have no part, or whose part could not be made.
    pub(crate) left_out: Vec<LeftOutCompound>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobStatusWord {
    /// It waits for the job before of the same address.
    Queued,
    /// It is under way.
    Running,
    /// Its result is there.
    Done,
    /// It has no result; `message` says why.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// A part of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobPart {
    /// Name of the file in the result.
    pub(crate) name: String,
    /// Address of the same, made again.
    pub(crate) href: String,
}

/// A compound without a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOutCompound {
    /// Its key.
    pub(crate) compound_id: String,
    pub(crate) name: String,
    /// `unnamed`, `no_gate`, `inferred_only`, `locked`, or `failed` for a board that could not be made.
    pub(crate) reason: String,
    /// What went wrong, where it failed.
    pub(crate) message: Option<String>,
}
