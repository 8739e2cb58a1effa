//! The limit of open files of this process.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Enough for all tests that run beside each other.
pub(crate) const MANY_FILES: u64 = 8192;

/// Raises the limit to `files`, if the system allows it. Returns the limit.
pub(crate) fn allow(files: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // `None` is no limit.
    let Some(now) = current.filter(|now| *now < files) else { return current.unwrap_or(files) };
    let most = maximum.map_or(files, |maximum| maximum.min(files));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum });
    if raised.is_ok() { most } else { now }
}
