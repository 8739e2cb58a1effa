//! One file per kind of answer.

pub(crate) mod boards;
pub(crate) mod collections;
pub(crate) mod coverage;
pub(crate) mod explain;
mod formats;
pub(crate) mod isochrones;
pub(crate) mod items;
pub(crate) mod landing;
pub(crate) mod names;
pub(crate) mod openapi;
pub(crate) mod quality;
pub(crate) mod reach;
pub(crate) mod settings;
mod start;
pub(crate) mod tile_matrix_sets;
pub(crate) mod tiles;
pub(crate) mod tilesets;
pub(crate) mod verdicts;

use crate::parameters::Parameters;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use circle_export::FileFormat;

pub(crate) const JSON: &str = "application/json";
/// Media type of JSON Schema.
pub(crate) const SCHEMA: &str = "application/schema+json";
pub(crate) const GEOJSON: &str = "application/geo+json";
pub(crate) const TILE: &str = "application/vnd.mapbox-vector-tile";
pub(crate) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.1";

/// Bytes of a kind.
pub(crate) fn typed(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body.into()).into_response()
}

/// What switches take.
const SWITCH: [(&str, bool); 4] = [("false", false), ("true", true), ("1", true), ("0", false)];

/// CSV that is downloaded begins with a byte-order mark, by which spreadsheets know UTF-8; programs that ask for CSV get
/// none.
///
/// # Errors
/// When `download` is no switch.
fn marked(bytes: Bytes, format: FileFormat, parameters: &Parameters) -> Result<Bytes, Problem> {
    let is_saved = parameters.text("download").is_some() && parameters.word("download", &SWITCH)?;
    if format == FileFormat::Csv && is_saved {
        return Ok([b"\xef\xbb\xbf".as_slice(), &bytes].concat().into());
    }
    Ok(bytes)
}

/// An answer that browsers save under `name` where `download` asks for it.
///
/// # Errors
/// When `download` is no switch.
fn offered(mut answer: Response, parameters: &Parameters, name: &str) -> Result<Response, Problem> {
    if parameters.text("download").is_some() && parameters.word("download", &SWITCH)? {
        let offered = format!("attachment; filename=\"{name}\"");
        if let Ok(offered) = HeaderValue::try_from(offered) {
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, offered);
        }
    }
    Ok(answer)
}
