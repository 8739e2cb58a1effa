//! `/api/coverage`: how every compound stands in every category.

use super::answer::{accepts_gzip, as_download, default_format, gzipped, table};
use super::parameters::RequestParameters;
use super::schemas::coverage::CoverageTable;
use super::schemas::query::{FileQuery, JudgedQuery, PartQuery};
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use circle_export::{FileFormat, Statement};
use circle_study::StudyError;
use circle_study::question::{CoveragePart, CoverageQuestion};
use std::fmt::Write;

/// The header that holds the statement of a CSV answer, as JSON.
pub(crate) const STATEMENT: HeaderName = HeaderName::from_static("circle-statement");

/// A `FeatureCollection`, a feature per compound or unit, or the same as a file of another format; the long table where
/// `Accept` prefers `text/csv`.
#[utoipa::path(
    get,
    path = "/api/coverage",
    operation_id = "coverage",
    tag = "Coverage",
    summary = "覆盖 Coverage: how every compound stands in every category, or sums by unit",
    params(JudgedQuery, PartQuery, FileQuery),
    responses(
        (status = 200, description = "Done", content(
            (CoverageTable = "application/geo+json"),
            ("text/csv; charset=utf-8"),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("application/geopackage+sqlite3"),
            ("application/vnd.apache.parquet")
        ))
    ),
    extensions(("x-excludes" = json!([
        { "parameter": "by", "unless": ["compound"], "excludes": ["compound", "only"] },
        { "parameter": "format", "unless": ["geojson", "csv"], "excludes": ["compound"] },
    ]))),
)]
pub(crate) async fn coverage(
    Pinned(state): Pinned,
    headers: HeaderMap,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let (question, part) = parameters.question(|values| {
        values.expect_only(&CoveragePart::PARAMETERS)?;
        let question = CoverageQuestion::parse(state.choices(), values)?;
        let part = CoveragePart::parse(state.choices(), values, default_format(&headers))?;
        Ok((question, part))
    })?;
    let (format, name) = (part.format(), file_name(&question, part.format()));
    let of_units = matches!(part, CoveragePart::Units { .. });
    // Files to save may begin with a byte-order mark.
    let is_saved = parameters.values().switch("download", false)?;
    let mut answer = if !is_saved && part.is_compressible() && accepts_gzip(&headers) {
        let bytes = state.study.coverage_gzip(question.clone(), part).await?;
        gzipped(table(bytes, format, &parameters)?)
    } else {
        table(state.study.coverage(question.clone(), part).await?, format, &parameters)?
    };
    if format == FileFormat::Csv {
        let statement = state.study.coverage_statement(question, of_units).await?;
        answer.headers_mut().insert(STATEMENT, statement_header(&statement)?);
    }
    as_download(answer, &parameters, &name)
}

fn file_name(question: &CoverageQuestion, format: FileFormat) -> String {
    let basis = if question.evidence.as_mapped { "-as-mapped" } else { "" };
    format!("coverage-{}-{}{basis}.{}", question.rules.id, question.profile.id, format.word())
}

/// A statement as the value of a header: JSON with everything but ASCII escaped.
///
/// # Errors
/// When it cannot be written.
fn statement_header(statement: &Statement) -> Result<HeaderValue, Problem> {
    let json =
        serde_json::to_string(statement).map_err(|error| StudyError::unwritten("a statement", &error))?;
    let mut ascii = String::new();
    for char in json.chars() {
        if char.is_ascii() {
            ascii.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to memory cannot fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    Ok(HeaderValue::try_from(ascii).map_err(|error| StudyError::unwritten("a statement", &error))?)
}
