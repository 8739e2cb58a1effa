//! Long work that clients start and come back for.
//!
//! Jobs are kept in memory, beside the served city: a job ends on the city that it began with. Their results are
//! unnamed temporary files, which vanish with the job or the process.

mod archive;
mod boards;
mod download;
mod id;
mod job;
mod queue;

pub(crate) use boards::{draw_boards, left_out_of_job};
pub(crate) use download::Download;
pub(crate) use id::new_id;
pub(crate) use job::{Job, JobPart, JobState, JobStatus};
pub(crate) use queue::{Full, Jobs};
