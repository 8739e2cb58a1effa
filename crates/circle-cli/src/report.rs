//! Summaries that commands print.

pub(crate) mod audit;
pub(crate) mod build;
pub(crate) mod classify;
