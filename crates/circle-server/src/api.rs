//! The handlers: parameters to a question, the study's answer to a response. One file per kind of answer.

pub(crate) mod board_batches;
pub(crate) mod board_settings;
pub(crate) mod boards;
pub(crate) mod changes;
pub(crate) mod corrections;
pub(crate) mod coverage;
pub(crate) mod explain;
pub(crate) mod isochrones;
pub(crate) mod jobs;
pub(crate) mod names;
pub(crate) mod ogc;
pub(crate) mod openapi;
pub(crate) mod operator;
pub(crate) mod quality;
pub(crate) mod reach;
pub(crate) mod routes;
pub(crate) mod settings;
pub(crate) mod survey;
pub(crate) mod verdicts;

mod answer;
mod asking;
mod body;
mod parameters;
pub(crate) mod schemas;
