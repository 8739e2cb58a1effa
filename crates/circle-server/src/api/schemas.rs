//! The description of answers and parameters, as types.
//!
//! What circle-export writes is mirrored here; a test parses real answers into these types (`testing`), so that
//! the description and the bytes cannot differ.

#![expect(dead_code, reason = "the types describe; only tests hold values of them")]

pub(crate) mod coverage;
pub(crate) mod explain;
pub(crate) mod features;
pub(crate) mod geojson;
pub(crate) mod isochrones;
pub(crate) mod names;
pub(crate) mod ogc;
pub(crate) mod origin;
#[cfg(feature = "testing")]
mod parse;
pub(crate) mod problem;
pub(crate) mod properties;
pub(crate) mod quality;
pub(crate) mod query;
pub(crate) mod reach;
pub(crate) mod settings;
pub(crate) mod statement;
pub(crate) mod tiles;
pub(crate) mod units;
pub(crate) mod verdicts;

#[cfg(feature = "testing")]
pub(crate) use parse::parse;
