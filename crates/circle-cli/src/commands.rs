//! One file per command: arguments in, questions to circle-study, files out.

pub(crate) mod audit;
pub(crate) mod board;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod classify;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod coverage;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod info;
pub(crate) mod isochrone;
pub(crate) mod openapi;
pub(crate) mod serve;
pub(crate) mod times;
