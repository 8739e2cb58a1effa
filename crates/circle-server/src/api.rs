//! The handlers: parameters to a question, the study's answer to a response. One file per kind of answer.

pub(crate) mod boards;
pub(crate) mod coverage;
pub(crate) mod explain;
pub(crate) mod isochrones;
pub(crate) mod names;
pub(crate) mod ogc;
pub(crate) mod openapi;
pub(crate) mod operator;
pub(crate) mod quality;
pub(crate) mod reach;
pub(crate) mod routes;
pub(crate) mod settings;
pub(crate) mod verdicts;

mod answer;
mod parameters;
pub(crate) mod schemas;
