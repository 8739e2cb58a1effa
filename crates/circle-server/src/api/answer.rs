//! Bytes of a media type, and files to save.

use super::parameters::RequestParameters;
use crate::middleware::etag::prefers_csv;
use crate::middleware::problem::Problem;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use circle_export::FileFormat;

pub(crate) const JSON: &str = "application/json";
/// Media type of JSON Schema.
pub(crate) const SCHEMA: &str = "application/schema+json";
pub(crate) const GEOJSON: &str = "application/geo+json";
pub(crate) const TILE: &str = "application/vnd.mapbox-vector-tile";
pub(crate) const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.1";

/// Bytes of a media type.
pub(crate) fn typed(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body.into()).into_response()
}

/// The format of a table where the parameter `format` is not given: CSV where `Accept` prefers it.
pub(super) fn default_format(headers: &HeaderMap) -> FileFormat {
    if prefers_csv(headers) { FileFormat::Csv } else { FileFormat::Geojson }
}

/// A table in a format. CSV to save begins with a byte-order mark, by which spreadsheets detect UTF-8; programs that ask
/// for CSV get none.
///
/// # Errors
/// When `download` is no switch.
pub(super) fn table(
    bytes: Bytes,
    format: FileFormat,
    parameters: &RequestParameters,
) -> Result<Response, Problem> {
    let is_saved = parameters.values().switch("download", false)?;
    let bytes = if format == FileFormat::Csv && is_saved {
        [b"\xef\xbb\xbf".as_slice(), &bytes].concat().into()
    } else {
        bytes
    };
    Ok(typed(format.media_type(), bytes))
}

/// Whether a client accepts answers that are compressed by gzip (RFC 9110, 12.5.3).
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|codings| codings.to_str().ok());
    accepted.flat_map(|codings| codings.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().trim_start_matches(['q', 'Q', '=']);
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse().is_ok_and(|weight: f32| weight > 0.0)
    })
}

/// An answer whose bytes are compressed by gzip.
pub(super) fn gzipped(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    answer
}

/// An answer that browsers save under `name` where `download` asks for it.
///
/// # Errors
/// When `download` is no switch.
pub(super) fn as_download(
    mut answer: Response,
    parameters: &RequestParameters,
    name: &str,
) -> Result<Response, Problem> {
    if parameters.values().switch("download", false)?
        && let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
    {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_accepted_if_it_is_named_with_a_weight() {
        let accepts = |codings: &'static str| {
            accepts_gzip(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(codings),
            )]))
        };
        for codings in ["gzip", "br, GZIP;q=0.5", "deflate,gzip ; q=1"] {
            assert!(accepts(codings), "{codings}");
        }
        for codings in ["", "br", "gzip;q=0", "x-gzip", "gzip;q=x"] {
            assert!(!accepts(codings), "{codings}");
        }
    }
}
